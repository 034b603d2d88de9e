//! A client over sockets. It waits for each answer, and takes every status as an answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::site::{Answer, PASSWORD};

/// No answer takes so long, or it is a bug.
const HANGS: Duration = Duration::from_secs(180);

/// A client, with a connection of its own that it keeps.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
    /// The access token of who has signed in.
    pub(crate) token: Option<String>,
}

impl Client {
    pub(crate) fn of(base: &str) -> Self {
        // The server closes a connection that is not used for 10 seconds.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(HANGS))
            .max_idle_age(Duration::from_secs(5));
        Self { agent: config.build().new_agent(), base: base.to_owned(), token: None }
    }

    /// The same person at a connection of their own, or at another server.
    pub(crate) fn again_at(&self, base: &str) -> Self {
        Self { token: self.token.clone(), ..Self::of(base) }
    }

    /// Asks; an error is one of the connection. A body that is null is none.
    pub(crate) fn try_ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = if body.is_null() {
            self.agent.run(request.body(()).expect("a request"))?
        } else {
            let request = request.header("content-type", "application/json");
            self.agent.run(request.body(body.to_string()).expect("a request"))?
        };
        let shown = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: BTreeMap<_, _> =
            response.headers().iter().map(|(name, value)| (name.to_string(), shown(value))).collect();
        let text = response.body_mut().read_to_string()?;
        // What is not JSON is text.
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        };
        Ok(Answer { status: response.status().as_u16(), headers, body, text })
    }

    pub(crate) fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        self.try_ask_with(method, path, headers, body).expect("a connection")
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask_with(method, path, &[], body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &Value::Null)
    }

    /// Asks, and expects this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.ask(method, path, body);
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        answer.body
    }

    /// Opens an organization, with this client as its owner.
    #[track_caller]
    pub(crate) fn register(&self, email: &str) -> Self {
        let body = json!({
            "organization_name": "Acme", "email": email, "password": PASSWORD,
            "first_name": "First", "last_name": "Last",
        });
        self.signed_in(&self.expect(201, "POST", "/api/auth/register", &body))
    }

    /// Somebody of this role in the organization of this client.
    #[track_caller]
    pub(crate) fn join(&self, role: &str, email: &str) -> Self {
        let body = json!({"email": email, "first_name": "First", "last_name": "Last", "role": role});
        let invited = self.expect(201, "POST", "/api/auth/invitations", &body);
        let body = json!({"invitation_token": invited["invitation_token"], "password": PASSWORD});
        self.signed_in(&self.expect(200, "POST", "/api/auth/accept", &body))
    }

    fn signed_in(&self, tokens: &Value) -> Self {
        let token = tokens["access_token"].as_str().expect("a token").to_owned();
        Self { token: Some(token), ..Self::of(&self.base) }
    }

    /// Adds a customer, and gives its key if that was acknowledged, or else the answer.
    pub(crate) fn create(&self, name: &str) -> Result<i64, Answer> {
        let answer = self.ask("POST", "/api/customers", &json!({"name": name}));
        match answer.status {
            201 => Ok(answer.body["id"].as_i64().expect("a key")),
            _ => Err(answer),
        }
    }

    /// The keys of all customers there are.
    pub(crate) fn customers(&self) -> Vec<i64> {
        let mut keys = Vec::new();
        let mut address = "/api/customers?limit=200".to_owned();
        loop {
            let page = self.expect(200, "GET", &address, &Value::Null);
            let items = page["items"].as_array().expect("a list");
            keys.extend(items.iter().map(|item| item["id"].as_i64().expect("a key")));
            let Some(next) = page["next"].as_str() else {
                return keys;
            };
            address = format!("/api/customers?limit=200&cursor={next}");
        }
    }
}
