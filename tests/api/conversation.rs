//! Conversations: what a back office does, step by step, with the same answers on both backends.

use serde_json::{Value, json};

use crate::site::{Person, Site, normal, on_both};

/// A step: its method and path, and what came back.
type Step = (String, u16, Value);

struct Talk<'a> {
    site: &'a Site,
    person: Person,
    steps: Vec<Step>,
}

impl<'a> Talk<'a> {
    fn begin(site: &'a Site) -> Self {
        Self { site, person: site.register("Acme", "Ada@Example.org"), steps: Vec::new() }
    }

    fn ask(&mut self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.site.ask(method, path, Some(&self.person.token), &body);
        self.steps.push((format!("{method} {path} {body}"), answer.status, normal(&answer.body)));
        answer.body
    }
}

fn key(value: &Value) -> String {
    match &value["id"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The same on both, and these statuses.
fn assert_alike((sqlite, postgres): (Vec<Step>, Vec<Step>), statuses: &[u16]) {
    for (left, right) in sqlite.iter().zip(&postgres) {
        assert_eq!(left.1, right.1, "{}: {} {}", left.0, left.2, right.2);
        assert_eq!(left.2, right.2, "{}", left.0);
    }
    let found: Vec<u16> = sqlite.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(found, statuses, "{sqlite:#?}");
}

#[test]
fn a_bill_from_draft_to_paid() {
    let answers = on_both(|site| {
        let mut talk = Talk::begin(site);
        let customer =
            key(&talk.ask("POST", "/api/customers", json!({"name": "Bob", "credit_limit": "100"})));
        let customer_number: i64 = customer.parse().expect("a number");
        let bill = json!({"bill_number": "B-1", "customer_id": customer_number, "discount_amount": "1"});
        let bill = format!("/api/bills/{}", key(&talk.ask("POST", "/api/bills", bill)));
        let item = json!({"description": "work", "quantity": "1.5", "unit_price": "10.01", "tax_rate": "19"});
        talk.ask("POST", &format!("{bill}/bill-items"), item);
        talk.ask("GET", &bill, Value::Null);
        let more = json!({"items": [{"description": "more", "quantity": "2", "unit_price": "5"}]});
        let issued = talk.ask("POST", &format!("{bill}/issue"), more);
        assert_eq!(issued["total_amount"], "26.87", "15.02 + 2.85 tax + 10 - 1 discount");
        talk.ask("PATCH", &bill, json!({"discount_amount": "0"}));
        talk.ask("POST", &format!("{bill}/pay"), json!({"amount": "26.88", "method": "cash"}));
        talk.ask("POST", &format!("{bill}/pay"), json!({"amount": "20", "method": "cash"}));
        let owed = talk.ask("GET", &format!("/api/customers/{customer}"), Value::Null);
        assert_eq!(owed["current_balance"], "6.87");
        let paid = talk.ask("POST", &format!("{bill}/pay"), json!({"amount": "6.87", "method": "card"}));
        assert_eq!(paid["status"], "paid");
        talk.ask("POST", &format!("{bill}/void"), Value::Null);
        talk.ask("GET", &format!("{bill}/payments"), Value::Null);
        talk.ask("GET", "/api/activities?limit=200", Value::Null);
        talk.steps
    });
    assert_alike(answers, &[201, 201, 201, 200, 200, 409, 409, 200, 200, 200, 409, 200, 200]);
}
