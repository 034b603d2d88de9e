//! Conversations: what a back office does, step by step, with the same answers on both backends.

/// The trail that changes leave.
mod audit;
/// Documents and their review.
mod documents;
/// Money: bills, payments, usage, investments.
mod money;
/// Pages: every row once, in every order.
mod pages;
/// Projects: milestones and matching.
mod projects;
/// What requests have in common: conditions, keys that come again, problems.
mod requests;
/// What is never told.
mod secrets;
/// Tasks, patterns and notifications.
mod tasks;

use serde_json::Value;

use crate::site::{Answer, Person, Site, normal, on_both};

/// A step: its method, path and body, and what came back.
type Step = (String, u16, Value);

/// What one organization says to one backend.
struct Talk<'a> {
    site: &'a Site,
    owner: Person,
    steps: Vec<Step>,
}

impl Talk<'_> {
    /// Asks as the owner, and expects this status.
    #[track_caller]
    fn ask(&mut self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let owner = self.owner.clone();
        self.ask_as(&owner, status, method, path, body)
    }

    #[track_caller]
    fn ask_as(&mut self, person: &Person, status: u16, method: &str, path: &str, body: Value) -> Value {
        self.ask_with(Some(person), status, method, path, &[], &body).body
    }

    /// Asks as the owner with these headers.
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

    /// Creates something, and gives its key.
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

/// A key as it stands in addresses.
fn key(row: &Value) -> String {
    match &row["id"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A key as it stands in bodies, where it is a number.
fn number(key: &str) -> i64 {
    key.parse().expect("a number")
}

/// What a problem says of fields: where and what.
fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().expect("errors");
    errors
        .iter()
        .map(|e| (e["pointer"].as_str().expect("where"), e["code"].as_str().expect("what")))
        .collect()
}

/// Holds a conversation on both backends, and compares every answer.
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
