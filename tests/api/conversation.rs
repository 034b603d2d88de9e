//! Scenarios of a back office, step by step, with the same responses on both backends.

/// The audit trail.
mod audit;
/// Documents and their review.
mod documents;
/// Limits and forms of fields: lengths, URLs, e-mail addresses, blank numbers.
mod fields;
/// Money: bills, payments, usage, investments.
mod money;
/// Pagination: every row exactly once, in every order.
mod pages;
/// Projects: milestones and matching.
mod projects;
/// Common features of requests: conditional requests, idempotency keys, problems.
mod requests;
/// Secrets are never returned.
mod secrets;
/// Tasks, recurring patterns and notifications.
mod tasks;

use serde_json::Value;

use crate::site::{Answer, Person, Site, normal, on_both};

/// A step: method, path and body, with its status and response.
type Step = (String, u16, Value);

/// A sequence of requests of one organization to one backend.
struct Talk<'a> {
    site: &'a Site,
    owner: Person,
    steps: Vec<Step>,
}

impl Talk<'_> {
    /// Sends a request as the owner, and expects this status.
    #[track_caller]
    fn ask(&mut self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let owner = self.owner.clone();
        self.ask_as(&owner, status, method, path, body)
    }

    #[track_caller]
    fn ask_as(&mut self, person: &Person, status: u16, method: &str, path: &str, body: Value) -> Value {
        self.ask_with(Some(person), status, method, path, &[], &body).body
    }

    /// Sends a request as the owner with these headers.
    #[track_caller]
    fn with(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let owner = self.owner.clone();
        self.ask_with(Some(&owner), status, method, path, headers, &body)
    }

    #[track_caller]
    fn ask_with(
        &mut self,
        person: Option<&Person>,
        status: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let token = person.map(|person| person.token.as_str());
        let answer = self.site.ask_with(method, path, token, headers, body);
        let asked = format!("{method} {path} {body}");
        assert_eq!(answer.status, status, "{} {asked}: {}", self.site.backend, answer.body);
        self.steps.push((asked, answer.status, normal(&answer.body)));
        answer
    }

    /// Creates a row and returns its key.
    #[track_caller]
    fn create(&mut self, path: &str, body: Value) -> String {
        key(&self.ask(201, "POST", path, body))
    }

    /// The rows of a list.
    #[track_caller]
    fn list(&mut self, path: &str) -> Vec<Value> {
        items(self.ask(200, "GET", path, Value::Null))
    }
}

fn items(page: Value) -> Vec<Value> {
    page["items"].as_array().expect("items").clone()
}

/// A key as it is in paths.
fn key(row: &Value) -> String {
    match &row["id"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A key as it is in bodies, where it is a number.
fn number(key: &str) -> i64 {
    key.parse().expect("a number")
}

/// The fields of a problem: pointer and code.
fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().expect("errors");
    errors
        .iter()
        .map(|e| (e["pointer"].as_str().expect("where"), e["code"].as_str().expect("what")))
        .collect()
}

/// Runs a scenario on both backends, and compares every response.
fn alike(talk: impl Fn(&mut Talk<'_>)) {
    let (sqlite, postgres) = on_both(|site| {
        let owner = site.register("Acme", "Ada@Example.org");
        let mut held = Talk { site, owner, steps: Vec::new() };
        talk(&mut held);
        held.steps
    });
    assert_eq!(sqlite.len(), postgres.len());
    for (left, right) in sqlite.iter().zip(&postgres) {
        assert_eq!((left.1, &left.2), (right.1, &right.2), "{}", left.0);
    }
}
