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
            Some(json!({"fields": ["name", "phone"]}))
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
