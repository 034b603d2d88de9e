//! Money: bills, payments, usage and investments.

use serde_json::{Value, json};

use super::{alike, key, number};

#[test]
fn a_bill_from_draft_to_paid() {
    alike(|talk| {
        let customer = talk.create("/api/customers", json!({"name": "Bob", "credit_limit": "100"}));
        let bill = json!({"bill_number": "B-1", "customer_id": number(&customer), "discount_amount": "1"});
        let bill = format!("/api/bills/{}", talk.create("/api/bills", bill));
        let item = json!({"description": "work", "quantity": "1.5", "unit_price": "10.01", "tax_rate": "19"});
        talk.create(&format!("{bill}/bill-items"), item);
        talk.ask(200, "GET", &bill, Value::Null);
        let pay = |amount: &str| json!({"amount": amount, "method": "cash"});
        talk.ask(409, "POST", &format!("{bill}/pay"), pay("1"));
        let more = json!({"items": [{"description": "more", "quantity": "2", "unit_price": "5"}]});
        let issued = talk.ask(200, "POST", &format!("{bill}/issue"), more);
        assert_eq!(issued["total_amount"], "26.87", "15.02 + 2.85 tax + 10 - 1 discount");
        talk.ask(409, "PATCH", &bill, json!({"discount_amount": "0"}));
        talk.ask(409, "POST", &format!("{bill}/pay"), pay("26.88"));
        talk.ask(200, "POST", &format!("{bill}/pay"), pay("20"));
        let owed = talk.ask(200, "GET", &format!("/api/customers/{customer}"), Value::Null);
        assert_eq!(owed["current_balance"], "6.87");
        let paid = talk.ask(200, "POST", &format!("{bill}/pay"), pay("6.87"));
        assert_eq!((&paid["status"], &paid["paid_amount"]), (&json!("paid"), &json!("26.87")));
        talk.ask(409, "POST", &format!("{bill}/void"), Value::Null);
        talk.ask(409, "DELETE", &bill, Value::Null);
        assert_eq!(talk.list(&format!("{bill}/payments")).len(), 2);
        talk.list("/api/activities?limit=200");
    });
}

#[test]
fn items_determine_the_total_and_a_void_bill_is_not_owed() {
    alike(|talk| {
        let customer = talk.create("/api/customers", json!({"name": "Bob"}));
        let product = talk.create("/api/products", json!({"code": "P", "name": "Piece", "price": "3.33"}));
        talk.ask(409, "POST", "/api/products", json!({"code": "P", "name": "Other", "price": "1"}));
        let bill = talk.create("/api/bills", json!({"bill_number": "B", "customer_id": number(&customer)}));
        let bill = format!("/api/bills/{bill}");
        talk.ask(409, "POST", &format!("{bill}/issue"), Value::Null);
        let item = json!({"description": "x", "quantity": "3", "unit_price": "3.33", "product_id": number(&product)});
        let item = format!("/api/bill-items/{}", talk.create(&format!("{bill}/bill-items"), item));
        let total = |row: Value| row["total_amount"].clone();
        assert_eq!(total(talk.ask(200, "GET", &bill, Value::Null)), "9.99");
        talk.ask(200, "PATCH", &item, json!({"quantity": "0.5"}));
        assert_eq!(total(talk.ask(200, "GET", &bill, Value::Null)), "1.67", "half up");
        talk.ask(200, "POST", &format!("{bill}/issue"), json!({"due_date": "2026-03-01"}));
        talk.ask(409, "PATCH", &item, json!({"quantity": "1"}));
        talk.ask(409, "DELETE", &item, Value::Null);
        assert_eq!(talk.ask(200, "POST", &format!("{bill}/void"), Value::Null)["status"], "void");
        let customer = talk.ask(200, "GET", &format!("/api/customers/{customer}"), Value::Null);
        assert_eq!(customer["current_balance"], "0.00");
    });
}

#[test]
fn a_completed_payment_is_applied_to_its_bill() {
    alike(|talk| {
        let bill = talk.create("/api/bills", json!({"bill_number": "B"}));
        let item = json!({"items": [{"description": "x", "quantity": "1", "unit_price": "10"}]});
        talk.ask(200, "POST", &format!("/api/bills/{bill}/issue"), item);
        let new = json!({"bill_id": number(&bill), "kind": "payment", "method": "card", "amount": "10"});
        let payment = format!("/api/payments/{}", talk.create("/api/payments", new));
        let status = |row: Value| row["status"].clone();
        assert_eq!(status(talk.ask(200, "GET", &format!("/api/bills/{bill}"), Value::Null)), "open");
        let done = talk.ask(200, "PATCH", &payment, json!({"status": "completed"}));
        assert!(done["processed_at"].is_string(), "{done}");
        assert_eq!(status(talk.ask(200, "GET", &format!("/api/bills/{bill}"), Value::Null)), "paid");
        talk.ask(409, "PATCH", &payment, json!({"status": "failed"}));
        talk.ask(409, "DELETE", &payment, Value::Null);
        talk.ask(422, "POST", "/api/payments", json!({"kind": "payment", "method": "card", "amount": "1"}));
    });
}

#[test]
fn usage_is_summed_by_period_and_charged_by_the_subscription() {
    alike(|talk| {
        let summary = "/api/usage-logs/summary?billing_period=2026-01";
        for (action, count) in [("extract", 60), ("upload", 5), ("extract", 40)] {
            let log = json!({"action_type": action, "document_count": count});
            assert_eq!(talk.ask(201, "POST", "/api/usage-logs", log)["billing_period"], "2026-01");
        }
        assert_eq!(talk.ask(200, "GET", summary, Value::Null)["charge"], Value::Null);
        let plan = json!({"plan_type": "business", "price_per_document": "0.0125", "monthly_base_fee": "49",
            "monthly_document_limit": 100, "overage_price_per_document": "0.0333"});
        let staff = talk.site.staff("staff@example.org");
        let organization = talk.ask(200, "GET", "/api/auth/me", Value::Null)["organization"]["id"].clone();
        let subscriptions = format!("/api/organizations/{organization}/subscriptions");
        talk.ask(403, "POST", &subscriptions, plan.clone());
        let mut with_organization = plan.clone();
        with_organization["organization_id"] = organization;
        talk.ask(403, "POST", "/api/subscriptions", with_organization);
        let plan = talk.ask_as(&staff, 201, "POST", &subscriptions, plan.clone());
        let told = talk.ask(200, "GET", summary, Value::Null);
        assert_eq!((&told["document_count"], &told["charge"]["total"]), (&json!(105), &json!("50.42")));
        assert_eq!(told["actions"].as_array().map(Vec::len), Some(2), "{told}");
        let address = format!("/api/subscriptions/{}", key(&plan));
        talk.ask(403, "PATCH", &address, json!({"monthly_base_fee": "0"}));
        talk.ask_as(&staff, 200, "PATCH", &address, json!({"monthly_document_limit": null}));
        assert_eq!(talk.list("/api/subscriptions").len(), 1);
        let told = talk.ask(200, "GET", summary, Value::Null);
        assert_eq!((&told["charge"]["overage"], &told["charge"]["total"]), (&json!(0), &json!("50.31")));
        let nothing = talk.ask(200, "GET", "/api/usage-logs/summary?billing_period=2025-12", Value::Null);
        assert_eq!(nothing["charge"]["total"], "49.00");
        for wrong in ["", "?billing_period=2026-13", "?billing_period=2026-01&x=1"] {
            talk.ask(400, "GET", &format!("/api/usage-logs/summary{wrong}"), Value::Null);
        }
        let second = json!({"plan_type": "trial", "price_per_document": "0", "monthly_base_fee": "0",
            "overage_price_per_document": "0"});
        talk.ask_as(&staff, 409, "POST", &subscriptions, second.clone());
        talk.ask_as(&staff, 404, "POST", "/api/organizations/0/subscriptions", second);
    });
}

#[test]
fn the_latest_valuation_sets_the_current_value() {
    alike(|talk| {
        let me = talk.owner.id.clone();
        let new = json!({"user_id": me, "amount": "1000", "invested_on": "2026-01-01"});
        let investment = format!("/api/investments/{}", talk.create("/api/investments", new));
        let valuations = format!("{investment}/investment-valuations");
        let worth = |row: Value| row["current_value"].clone();
        assert_eq!(worth(talk.ask(200, "GET", &investment, Value::Null)), Value::Null);
        let late = talk.create(&valuations, json!({"valued_on": "2026-03-01", "value": "1200"}));
        let early = talk.create(&valuations, json!({"valued_on": "2026-02-01", "value": "1100"}));
        assert_eq!(worth(talk.ask(200, "GET", &investment, Value::Null)), "1200.00");
        talk.ask(200, "PATCH", &format!("/api/investment-valuations/{late}"), json!({"value": "0"}));
        assert_eq!(worth(talk.ask(200, "GET", &investment, Value::Null)), "0.00");
        talk.ask(204, "DELETE", &format!("/api/investment-valuations/{late}"), Value::Null);
        assert_eq!(worth(talk.ask(200, "GET", &investment, Value::Null)), "1100.00");
        talk.ask(204, "DELETE", &format!("/api/investment-valuations/{early}"), Value::Null);
        assert_eq!(worth(talk.ask(200, "GET", &investment, Value::Null)), Value::Null);
    });
}

/// A customer, an issued bill of this total in this currency, and their addresses.
fn issued(talk: &mut super::Talk<'_>, currency: &str, total: &str) -> (String, String) {
    let customer = talk.create("/api/customers", json!({"name": "Bob"}));
    let new = json!({"bill_number": format!("{currency} {total} {customer}"), "customer_id": number(&customer),
        "currency": currency});
    let bill = format!("/api/bills/{}", talk.create("/api/bills", new));
    let items = json!({"items": [{"description": "x", "quantity": "1", "unit_price": total}]});
    talk.ask(200, "POST", &format!("{bill}/issue"), items);
    (format!("/api/customers/{customer}"), bill)
}

/// Expects this status, paid amount and balance.
fn expect_state(
    talk: &mut super::Talk<'_>,
    (customer, bill): &(String, String),
    expected: (&str, &str, &str),
) {
    let row = talk.ask(200, "GET", bill, Value::Null);
    let owed = talk.ask(200, "GET", customer, Value::Null);
    let state = (row["status"].as_str(), row["paid_amount"].as_str(), owed["current_balance"].as_str());
    assert_eq!(state, (Some(expected.0), Some(expected.1), Some(expected.2)), "{row} {owed}");
}

#[test]
fn what_is_paid_is_taken_back_by_refunds_and_voids() {
    alike(|talk| {
        let rows = issued(talk, "EUR", "10");
        let bill = rows.1.clone();
        let amount = |amount: &str| json!({"amount": amount, "method": "cash"});
        talk.ask(409, "POST", &format!("{bill}/refund"), amount("0.01"));
        talk.ask(200, "POST", &format!("{bill}/pay"), amount("10"));
        expect_state(talk, &rows, ("paid", "10.00", "0.00"));
        talk.ask(409, "POST", &format!("{bill}/refund"), amount("10.01"));
        let told = talk.ask(200, "POST", &format!("{bill}/refund"), amount("4"));
        assert_eq!((&told["status"], &told["paid_amount"]), (&json!("open"), &json!("6.00")));
        expect_state(talk, &rows, ("open", "6.00", "4.00"));
        talk.ask(409, "POST", &format!("{bill}/void"), Value::Null);

        let payments = talk.list(&format!("{bill}/payments?sort=id"));
        let states: Vec<_> =
            payments.iter().map(|row| (&row["kind"], &row["status"], &row["currency"])).collect();
        let (completed, eur) = (json!("completed"), json!("EUR"));
        assert_eq!(states, [(&json!("payment"), &completed, &eur), (&json!("refund"), &completed, &eur)]);
        let [payment, refund] = &payments[..] else { panic!("two payments") };
        let void = |row: &Value| format!("/api/payments/{}/void", key(row));
        // Less than nothing would be paid.
        talk.ask(409, "POST", &void(payment), Value::Null);
        assert_eq!(talk.ask(200, "POST", &void(refund), Value::Null)["status"], "void");
        expect_state(talk, &rows, ("paid", "10.00", "0.00"));
        talk.ask(409, "POST", &void(refund), Value::Null);
        talk.ask(200, "POST", &void(payment), Value::Null);
        expect_state(talk, &rows, ("open", "0.00", "10.00"));
        talk.ask(200, "POST", &format!("{bill}/void"), Value::Null);
        expect_state(talk, &rows, ("void", "0.00", "0.00"));
        for wrong in ["pay", "refund", "void", "issue"] {
            let body = if ["pay", "refund"].contains(&wrong) { amount("1") } else { Value::Null };
            talk.ask(409, "POST", &format!("{bill}/{wrong}"), body);
        }
    });
}

#[test]
fn a_pending_refund_moves_money_when_it_is_completed() {
    alike(|talk| {
        let rows = issued(talk, "USD", "10");
        let bill = rows.1.clone();
        talk.ask(200, "POST", &format!("{bill}/pay"), json!({"amount": "6", "method": "cash"}));
        let payments = format!("{bill}/payments");
        let new = |kind: &str, amount: &str| json!({"kind": kind, "method": "card", "amount": amount});
        let refund = format!("/api/payments/{}", talk.create(&payments, new("refund", "5")));
        let larger = format!("/api/payments/{}", talk.create(&payments, new("refund", "2")));
        let fee = format!("/api/payments/{}", talk.create(&payments, new("fee", "1")));
        expect_state(talk, &rows, ("open", "6.00", "4.00"));
        talk.ask(422, "PATCH", &refund, json!({"status": "void"}));
        talk.ask(200, "PATCH", &refund, json!({"status": "completed"}));
        talk.ask(409, "PATCH", &larger, json!({"status": "completed"}));
        talk.ask(200, "PATCH", &fee, json!({"status": "completed"}));
        expect_state(talk, &rows, ("open", "1.00", "9.00"));
        talk.ask(200, "POST", &format!("{larger}/void"), Value::Null);
        talk.ask(409, "PATCH", &larger, json!({"status": "completed"}));
        expect_state(talk, &rows, ("open", "1.00", "9.00"));
    });
}

#[test]
fn money_is_in_the_currency_of_its_bill() {
    alike(|talk| {
        for (code, why) in [
            ("usd", "ISO 4217"),
            ("AAA", "ISO 4217"),
            ("", "ISO 4217"),
            ("KWD", "3 decimal places"),
            ("XAU", "not the code of a currency"),
        ] {
            let told = talk.ask(422, "POST", "/api/bills", json!({"bill_number": "B", "currency": code}));
            let detail = told["errors"][0]["detail"].as_str().expect("a detail");
            assert!(detail.contains(why), "{code}: {detail}");
        }
        let (customer, bill) = issued(talk, "EUR", "10");
        let payment = |currency: &str| json!({"kind": "payment", "method": "card", "amount": "1", "currency": currency});
        let payments = format!("{bill}/payments");
        let told = talk.ask(422, "POST", &payments, payment("USD"));
        assert_eq!(super::faults(&told), [("/currency", "other_currency")]);
        talk.ask(201, "POST", &payments, payment("EUR"));
        let told =
            talk.ask(201, "POST", &payments, json!({"kind": "payment", "method": "card", "amount": "1"}));
        assert_eq!(told["currency"], "EUR", "of the bill");

        // A customer owes in one currency.
        let other =
            json!({"bill_number": "B-2", "customer_id": number(&customer["/api/customers/".len()..])});
        let told = talk.ask(409, "POST", "/api/bills", other.clone());
        assert_eq!(told["code"], "other_currency");
        let free = talk.create("/api/bills", json!({"bill_number": "B-2"}));
        let free = format!("/api/bills/{free}");
        let to_customer = json!({"customer_id": other["customer_id"]});
        talk.ask(409, "PATCH", &free, to_customer.clone());
        talk.ask(200, "PATCH", &free, json!({"currency": "EUR"}));
        talk.ask(200, "PATCH", &free, to_customer);
        talk.ask(409, "PATCH", &free, json!({"currency": "USD"}));
    });
}

#[test]
fn what_is_issued_or_approved_keeps_its_currency_product_and_batch() {
    alike(|talk| {
        let product = talk.create("/api/products", json!({"code": "P", "name": "p", "price": "1"}));
        let bill = talk.create("/api/bills", json!({"bill_number": "B"}));
        let bill = format!("/api/bills/{bill}");
        talk.ask(200, "PATCH", &bill, json!({"currency": "JPY"}));
        talk.ask(200, "PATCH", &bill, json!({"currency": "USD"}));
        let item = json!({"description": "x", "quantity": "1.5", "unit_price": "333", "product_id": number(&product)});
        talk.create(&format!("{bill}/bill-items"), item);
        // The price of an item would be no amount in the other currency.
        talk.ask(409, "PATCH", &bill, json!({"currency": "JPY"}));
        talk.ask(200, "POST", &format!("{bill}/issue"), json!({}));
        talk.ask(409, "DELETE", &format!("/api/products/{product}"), Value::Null);

        let batch = talk.create("/api/batches", json!({"total_files": 1}));
        let document = json!({"batch_id": batch, "filename": "f", "file_path": "p", "category": "c"});
        let document = talk.create("/api/documents", document);
        talk.ask(200, "POST", &format!("/api/documents/{document}/approve"), json!({}));
        talk.ask(409, "DELETE", &format!("/api/batches/{batch}"), Value::Null);
    });
}

#[test]
fn amounts_in_yen_are_whole() {
    alike(|talk| {
        let bill = json!({"bill_number": "B", "currency": "JPY", "discount_amount": "0.5"});
        let told = talk.ask(422, "POST", "/api/bills", bill);
        assert_eq!(super::faults(&told), [("/discount_amount", "not_whole")]);
        let bill = talk.create("/api/bills", json!({"bill_number": "B", "currency": "JPY"}));
        let bill = format!("/api/bills/{bill}");
        let item = |price: &str| json!({"description": "x", "quantity": "1.5", "unit_price": price, "tax_rate": "10"});
        let told = talk.ask(422, "POST", &format!("{bill}/bill-items"), item("333.5"));
        assert_eq!(super::faults(&told), [("/unit_price", "not_whole")]);
        let told = talk.ask(422, "POST", &format!("{bill}/issue"), json!({"items": [item("0.5")]}));
        assert_eq!(super::faults(&told), [("/items/0/unit_price", "not_whole")]);
        let told = talk.ask(200, "POST", &format!("{bill}/issue"), json!({"items": [item("333")]}));
        assert_eq!(told["total_amount"], "550.00", "500 and 50 tax");
        let pay = |amount: &str| json!({"amount": amount, "method": "cash"});
        talk.ask(422, "POST", &format!("{bill}/pay"), pay("0.5"));
        talk.ask(200, "POST", &format!("{bill}/pay"), pay("550"));
        let project = json!({"name": "P", "currency": "JPY", "budget": "1.5"});
        talk.ask(422, "POST", "/api/projects", project);
        let project = talk.create("/api/projects", json!({"name": "P", "currency": "JPY"}));
        let milestones = format!("/api/projects/{project}/milestones");
        let milestone = |amount: &str| json!({"position": 1, "title": "t", "amount": amount});
        talk.ask(422, "POST", &milestones, milestone("1.5"));
        let milestone = talk.create(&milestones, milestone("100"));
        let payment = json!({"kind": "deposit", "method": "card", "amount": "1", "currency": "USD"});
        talk.ask(422, "POST", &format!("/api/milestones/{milestone}/payments"), payment.clone());
        talk.ask(200, "PATCH", &format!("/api/projects/{project}"), json!({"currency": "USD"}));
        talk.ask(201, "POST", &format!("/api/milestones/{milestone}/payments"), payment);
        talk.ask(409, "PATCH", &format!("/api/projects/{project}"), json!({"currency": "JPY"}));
        let me = talk.owner.id.clone();
        let investment =
            json!({"user_id": me, "amount": "1.5", "invested_on": "2026-01-01", "currency": "JPY"});
        talk.ask(422, "POST", "/api/investments", investment);
    });
}

#[test]
fn a_bill_above_the_credit_limit_is_not_issued() {
    alike(|talk| {
        let customer = talk.create("/api/customers", json!({"name": "Bob", "credit_limit": "15"}));
        let mut draft = |name: &str| {
            let new = json!({"bill_number": name, "customer_id": number(&customer)});
            format!("/api/bills/{}", talk.create("/api/bills", new))
        };
        let (first, second) = (draft("A"), draft("B"));
        let ten = json!({"items": [{"description": "x", "quantity": "1", "unit_price": "10"}]});
        talk.ask(200, "POST", &format!("{first}/issue"), ten.clone());
        let told = talk.ask(409, "POST", &format!("{second}/issue"), ten.clone());
        assert_eq!(told["code"], "credit_limit_exceeded");
        assert_eq!(talk.ask(200, "GET", &second, Value::Null)["status"], "draft");
        talk.ask(200, "POST", &format!("{first}/pay"), json!({"amount": "5", "method": "cash"}));
        talk.ask(200, "POST", &format!("{second}/issue"), ten.clone());
        let at = format!("/api/customers/{customer}");
        assert_eq!(talk.ask(200, "GET", &at, Value::Null)["current_balance"], "15.00", "exactly the limit");
        let third = json!({"bill_number": "C", "customer_id": number(&customer)});
        let third = format!("/api/bills/{}", talk.create("/api/bills", third));
        talk.ask(409, "POST", &format!("{third}/issue"), ten.clone());
        talk.ask(200, "PATCH", &at, json!({"credit_limit": "0"}));
        talk.ask(200, "POST", &format!("{third}/issue"), ten);
    });
}

#[test]
fn documents_of_account_are_kept() {
    alike(|talk| {
        let kept = |talk: &mut super::Talk<'_>, address: &str, action: &str| {
            let told = talk.ask(409, "DELETE", address, Value::Null);
            let detail = told["detail"].as_str().expect("a detail");
            assert!(detail.contains(action), "{address}: {detail}");
            talk.ask(200, "GET", address, Value::Null);
        };
        let (customer, bill) = issued(talk, "USD", "10");
        kept(talk, &bill, "void");
        kept(talk, &customer, "is_active");
        let new = json!({"kind": "payment", "method": "card", "amount": "1"});
        let payment = format!("/api/payments/{}", talk.create(&format!("{bill}/payments"), new));
        kept(talk, &payment, "void");
        talk.ask(200, "POST", &format!("{payment}/void"), Value::Null);
        talk.ask(200, "POST", &format!("{bill}/void"), Value::Null);
        kept(talk, &payment, "void");
        kept(talk, &bill, "void");
        kept(talk, &customer, "is_active");
        let draft = talk.create("/api/bills", json!({"bill_number": "draft"}));
        talk.ask(204, "DELETE", &format!("/api/bills/{draft}"), Value::Null);

        let usage =
            format!("/api/usage-logs/{}", talk.create("/api/usage-logs", json!({"action_type": "x"})));
        let billed =
            format!("/api/usage-logs/{}", talk.create("/api/usage-logs", json!({"action_type": "y"})));
        kept(talk, &usage, "void");
        assert!(talk.ask(200, "POST", &format!("{usage}/void"), Value::Null)["voided_at"].is_string());
        talk.ask(409, "POST", &format!("{usage}/void"), Value::Null);
        talk.ask(409, "PATCH", &usage, json!({"billed": true}));
        talk.ask(200, "PATCH", &billed, json!({"billed": true}));
        talk.ask(409, "PATCH", &billed, json!({"billed": false}));
        talk.ask(409, "POST", &format!("{billed}/void"), Value::Null);
        let summary = talk.ask(200, "GET", "/api/usage-logs/summary?billing_period=2026-01", Value::Null);
        assert_eq!(summary["document_count"], 1, "without what is void");

        let new = json!({"filename": "f", "file_path": "p", "category": "c"});
        let document = format!("/api/documents/{}", talk.create("/api/documents", new));
        talk.ask(409, "POST", &format!("{document}/archive"), Value::Null);
        talk.ask(200, "POST", &format!("{document}/approve"), Value::Null);
        kept(talk, &document, "archive");
        assert!(
            talk.ask(200, "POST", &format!("{document}/archive"), Value::Null)["archived_at"].is_string()
        );
        talk.ask(409, "PATCH", &document, json!({"category": "d"}));
        kept(talk, &document, "archive");
    });
}

#[test]
fn a_void_release_can_be_released_again() {
    alike(|talk| {
        let freelancer = talk.site.join(&talk.owner, "freelancer", "free@example.org");
        let project = talk.create(
            "/api/projects",
            json!({"name": "P", "currency": "EUR", "freelancer_user_id": freelancer.id}),
        );
        let new = json!({"position": 1, "title": "t", "amount": "100"});
        let milestone = talk.create(&format!("/api/projects/{project}/milestones"), new);
        let milestone = format!("/api/milestones/{milestone}");
        for action in ["submit", "approve", "release"] {
            talk.ask(200, "POST", &format!("{milestone}/{action}"), Value::Null);
        }
        let payments = talk.list(&format!("{milestone}/payments"));
        assert_eq!(payments[0]["currency"], "EUR");
        talk.ask(200, "POST", &format!("/api/payments/{}/void", key(&payments[0])), Value::Null);
        assert_eq!(talk.ask(200, "GET", &milestone, Value::Null)["status"], "approved");
        talk.ask(200, "POST", &format!("{milestone}/release"), Value::Null);
        assert_eq!(talk.list(&format!("{milestone}/payments")).len(), 2);
    });
}
