//! The audit trail: each change of a row creates one activity; a rejected request creates none.

use serde_json::{Value, json};

use super::{Talk, alike, key, number};

/// Sends a request, and expects exactly these activities, in order: kind and key.
#[track_caller]
fn writes(
    talk: &mut Talk<'_>,
    status: u16,
    ask: (&str, &str, Value),
    expected: &[(&str, Option<&str>)],
) -> Value {
    let before = trail(talk);
    let (method, path, body) = ask;
    let told = talk.ask(status, method, path, body);
    let me = talk.owner.id.clone();
    let after = trail(talk);
    let new = &after[before.len()..];
    assert_eq!(after[..before.len()], before, "what is written stays");
    let kinds: Vec<&str> = new.iter().filter_map(|activity| activity["kind"].as_str()).collect();
    let wanted: Vec<&str> = expected.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, wanted, "{method} {path}");
    for (activity, (kind, entity)) in new.iter().zip(expected) {
        let (thing, done) = kind.split_once('.').expect("a kind");
        assert_eq!((&activity["user_id"], &activity["entity_type"]), (&json!(me), &json!(thing)));
        let of = activity["entity_id"].as_str().expect("a key");
        assert_eq!(activity["title"], format!("{} {of} {done}", thing.replace('_', " ")));
        assert!(entity.is_none_or(|entity| entity == of), "{kind}: {of}");
    }
    told
}

fn trail(talk: &mut Talk<'_>) -> Vec<Value> {
    talk.list("/api/activities?sort=id&limit=200")
}

#[test]
fn each_change_creates_one_activity_and_a_rejected_one_none() {
    alike(|talk| {
        let new = json!({"name": "Bob", "phone": "1"});
        let made = writes(talk, 201, ("POST", "/api/customers", new), &[("customer.created", None)]);
        let id = key(&made);
        assert_eq!(
            trail(talk).pop().map(|last| last["metadata"].clone()),
            Some(json!({"fields": ["name", "phone"], "values": {
                "credit_limit": {"old": null, "new": "0.00"}, "current_balance": {"old": null, "new": "0.00"},
                "is_active": {"old": null, "new": true},
            }}))
        );
        let customer = format!("/api/customers/{id}");
        let phone = json!({"phone": null});
        writes(talk, 200, ("PATCH", &customer, phone), &[("customer.changed", Some(&id))]);
        for (status, method, path, body) in [
            (200, "PATCH", customer.as_str(), json!({})),
            (422, "PATCH", &customer, json!({"phone": "x".repeat(51)})),
            (422, "POST", "/api/customers", json!({})),
            (400, "POST", "/api/customers", Value::Null),
            (404, "DELETE", "/api/customers/0", Value::Null),
            (405, "PUT", &customer, json!({})),
            (200, "GET", &customer, Value::Null),
            (422, "POST", "/api/bills", json!({"bill_number": "B", "customer_id": 0})),
        ] {
            writes(talk, status, (method, path, body), &[]);
        }
        writes(talk, 204, ("DELETE", &customer, Value::Null), &[("customer.deleted", Some(&id))]);
        writes(talk, 404, ("DELETE", &customer, Value::Null), &[]);
    });
}

#[test]
fn an_action_that_changes_several_rows_records_each() {
    alike(|talk| {
        let customer = talk.create("/api/customers", json!({"name": "Bob"}));
        let owed = ("customer.changed", Some(customer.as_str()));
        let bill = talk.create("/api/bills", json!({"bill_number": "B", "customer_id": number(&customer)}));
        let address = format!("/api/bills/{bill}");
        let changed = ("bill.changed", Some(bill.as_str()));
        let item = json!({"description": "x", "quantity": "1", "unit_price": "10"});
        let made = format!("{address}/bill-items");
        writes(talk, 201, ("POST", &made, item.clone()), &[changed, ("bill_item.created", None)]);
        let issued = ("bill.issued", Some(bill.as_str()));
        let issue = (&*format!("{address}/issue"), json!({"items": [item]}));
        let expected = [("bill_item.created", None), changed, owed, issued];
        writes(talk, 200, ("POST", issue.0, issue.1), &expected);
        writes(talk, 409, ("POST", &format!("{address}/issue"), Value::Null), &[]);
        let pay = format!("{address}/pay");
        let amount = |amount: &str| json!({"amount": amount, "method": "cash"});
        writes(talk, 409, ("POST", &pay, amount("20.01")), &[]);
        let paid = [owed, ("payment.created", None), ("bill.paid", Some(bill.as_str()))];
        writes(talk, 200, ("POST", &pay, amount("20")), &paid);
    });
}

#[test]
fn actions_are_recorded_by_name() {
    alike(|talk| {
        let task = talk.create("/api/tasks", json!({"title": "x"}));
        let complete = format!("/api/tasks/{task}/complete");
        writes(talk, 200, ("POST", &complete, Value::Null), &[("task.completed", Some(&task))]);
        writes(talk, 200, ("POST", &complete, Value::Null), &[]);

        let document = json!({"filename": "a", "file_path": "/a", "category": "x"});
        let document = talk.create("/api/documents", document);
        let approve = format!("/api/documents/{document}/approve");
        writes(talk, 200, ("POST", &approve, Value::Null), &[("document.approved", Some(&document))]);
        writes(talk, 409, ("POST", &approve, Value::Null), &[]);

        let pattern = json!({"title": "x", "frequency": "daily", "start_date": "2026-01-30"});
        let pattern = talk.create("/api/recurring-patterns", pattern);
        let generate = format!("/api/recurring-patterns/{pattern}/generate");
        let made = ("task.created", None);
        let expected = [made, made, ("recurring_pattern.generated", Some(pattern.as_str()))];
        writes(talk, 200, ("POST", &generate, Value::Null), &expected);
    });
}

/// The old and new value of a field in the latest activity of this kind.
fn change_of(talk: &mut Talk<'_>, kind: &str, field: &str) -> (Value, Value) {
    let all = trail(talk);
    let latest = all.iter().rfind(|activity| activity["kind"] == kind);
    let metadata = &latest.unwrap_or_else(|| panic!("no {kind} in {all:?}"))["metadata"];
    let change = &metadata["values"][field];
    assert!(change.is_object(), "{field} in {metadata}");
    (change["old"].clone(), change["new"].clone())
}

#[test]
fn changes_of_money_and_rights_record_old_and_new_values() {
    alike(|talk| {
        let staff = talk.site.staff("staff@example.org");
        let customer = talk.create("/api/customers", json!({"name": "Bob"}));
        let limit = json!({"credit_limit": "50", "phone": "secret number"});
        talk.ask(200, "PATCH", &format!("/api/customers/{customer}"), limit);
        assert_eq!(change_of(talk, "customer.changed", "credit_limit"), (json!("0.00"), json!("50.00")));

        let bill = talk.create("/api/bills", json!({"bill_number": "B", "customer_id": number(&customer)}));
        let bill = format!("/api/bills/{bill}");
        let items = json!({"items": [{"description": "x", "quantity": "1", "unit_price": "10"}]});
        talk.ask(200, "POST", &format!("{bill}/issue"), items);
        assert_eq!(change_of(talk, "bill.issued", "status"), (json!("draft"), json!("open")));
        assert_eq!(change_of(talk, "bill.issued", "total_amount"), (json!("0.00"), json!("10.00")));
        assert_eq!(change_of(talk, "customer.changed", "current_balance"), (json!("0.00"), json!("10.00")));
        talk.ask(200, "POST", &format!("{bill}/pay"), json!({"amount": "4", "method": "cash"}));
        assert_eq!(change_of(talk, "bill.paid", "paid_amount"), (json!("0.00"), json!("4.00")));
        assert_eq!(change_of(talk, "payment.created", "amount"), (Value::Null, json!("4.00")));
        talk.ask(200, "POST", &format!("{bill}/refund"), json!({"amount": "1", "method": "cash"}));
        assert_eq!(change_of(talk, "bill.refunded", "paid_amount"), (json!("4.00"), json!("3.00")));
        let refund = talk.list(&format!("{bill}/payments?sort=-id"))[0].clone();
        talk.ask(200, "POST", &format!("/api/payments/{}/void", key(&refund)), Value::Null);
        assert_eq!(change_of(talk, "payment.voided", "status"), (json!("completed"), json!("void")));

        let invitation =
            json!({"email": "m@example.org", "first_name": "M", "last_name": "N", "role": "member"});
        let invited = talk.ask(201, "POST", "/api/auth/invitations", invitation.clone());
        assert_eq!(change_of(talk, "user.invited", "role"), (Value::Null, json!("member")));
        let mut again = invitation;
        again["role"] = json!("client");
        talk.ask(201, "POST", "/api/auth/invitations", again);
        assert_eq!(change_of(talk, "user.invited", "role"), (json!("member"), json!("client")));
        let user = format!("/api/users/{}", key(&invited["user"]));
        talk.ask(200, "PATCH", &user, json!({"role": "admin"}));
        assert_eq!(change_of(talk, "user.changed", "role"), (json!("client"), json!("admin")));
        talk.ask(204, "DELETE", &user, Value::Null);
        assert_eq!(change_of(talk, "user.deleted", "role"), (json!("admin"), Value::Null));

        let organization = talk.ask(200, "GET", "/api/auth/me", Value::Null)["organization"]["id"].clone();
        let plan = json!({"plan_type": "trial", "price_per_document": "0.1", "monthly_base_fee": "1",
            "overage_price_per_document": "0.2"});
        let subscriptions = format!("/api/organizations/{organization}/subscriptions");
        let plan = talk.ask_as(&staff, 201, "POST", &subscriptions, plan);
        assert_eq!(change_of(talk, "subscription.created", "monthly_base_fee"), (Value::Null, json!("1.00")));
        let plan = format!("/api/subscriptions/{}", key(&plan));
        talk.ask_as(&staff, 200, "PATCH", &plan, json!({"price_per_document": "0.3"}));
        let price = change_of(talk, "subscription.changed", "price_per_document");
        assert_eq!(price, (json!("0.1000"), json!("0.3000")));
        talk.ask_as(
            &staff,
            200,
            "PATCH",
            &format!("/api/organizations/{organization}"),
            json!({"plan": "business"}),
        );
        assert_eq!(change_of(talk, "organization.changed", "plan"), (json!("trial"), json!("business")));

        // What people write is not recorded.
        let told = Value::from(trail(talk)).to_string();
        assert!(!told.contains("secret number"), "{told}");
    });
}
