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
        let plan = talk.ask(201, "POST", "/api/subscriptions", plan.clone());
        let told = talk.ask(200, "GET", summary, Value::Null);
        assert_eq!((&told["document_count"], &told["charge"]["total"]), (&json!(105), &json!("50.42")));
        assert_eq!(told["actions"].as_array().map(Vec::len), Some(2), "{told}");
        let address = format!("/api/subscriptions/{}", key(&plan));
        talk.ask(200, "PATCH", &address, json!({"monthly_document_limit": null}));
        let told = talk.ask(200, "GET", summary, Value::Null);
        assert_eq!((&told["charge"]["overage"], &told["charge"]["total"]), (&json!(0), &json!("50.31")));
        let nothing = talk.ask(200, "GET", "/api/usage-logs/summary?billing_period=2025-12", Value::Null);
        assert_eq!(nothing["charge"]["total"], "49.00");
        for wrong in ["", "?billing_period=2026-13", "?billing_period=2026-01&x=1"] {
            talk.ask(400, "GET", &format!("/api/usage-logs/summary{wrong}"), Value::Null);
        }
        let second = json!({"plan_type": "trial", "price_per_document": "0", "monthly_base_fee": "0",
            "overage_price_per_document": "0"});
        talk.ask(409, "POST", "/api/subscriptions", second);
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
