//! Authentication: sign-in, sessions, invitations and roles.

mod create_admin;
mod emails;
mod ends;
mod invitations;
mod limits;
mod passwords;
mod people;
mod sessions;

use serde_json::{Value, json};

use crate::site::{Answer, Site, normal};

/// Requests and responses, compared between the backends.
struct Talk<'a> {
    site: &'a Site,
    steps: Vec<(String, u16, Value)>,
}

impl<'a> Talk<'a> {
    fn new(site: &'a Site) -> Self {
        Self { site, steps: Vec::new() }
    }

    /// Sends a request and expects this status.
    #[track_caller]
    fn ask(&mut self, status: u16, token: Option<&str>, method: &str, path: &str, body: Value) -> Answer {
        let answer = self.site.ask(method, path, token, &body);
        let name = if path.starts_with("/api/auth") { path } else { "a row" };
        let label = format!("{method} {name}");
        assert_eq!(answer.status, status, "{} {method} {path} {body}: {}", self.site.backend, answer.body);
        self.steps.push((label, answer.status, normal(&answer.body)));
        answer
    }

    #[track_caller]
    fn post(&mut self, status: u16, token: Option<&str>, path: &str, body: Value) -> Answer {
        self.ask(status, token, "POST", path, body)
    }

    #[track_caller]
    fn login(&mut self, status: u16, email: &str, password: &str) -> Answer {
        self.post(status, None, "/api/auth/login", json!({"email": email, "password": password}))
    }

    #[track_caller]
    fn refresh(&mut self, status: u16, token: &str) -> Answer {
        self.post(status, None, "/api/auth/refresh", json!({"refresh_token": token}))
    }

    #[track_caller]
    fn me(&mut self, status: u16, token: &str) -> Answer {
        self.ask(status, Some(token), "GET", "/api/auth/me", Value::Null)
    }
}

/// A string member of a JSON response.
fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("{name} in {}", answer.body)).to_owned()
}

/// The same responses on both backends.
#[track_caller]
fn assert_same<T: PartialEq + std::fmt::Debug>((sqlite, postgres): (T, T)) {
    assert_eq!(sqlite, postgres);
}
