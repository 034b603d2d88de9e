//! An HTTP client over TCP. It waits for each response and accepts every status.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::site::{Answer, PASSWORD};

/// A response that takes longer is a bug.
const HANGS: Duration = Duration::from_secs(180);

/// A client with a persistent connection of its own.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
    /// The access token of the signed-in user.
    pub(crate) token: Option<String>,
}

impl Client {
    pub(crate) fn of(base: &str) -> Self {
        // The server closes connections that are idle for 10 seconds.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(HANGS))
            .max_idle_age(Duration::from_secs(5));
        Self { agent: config.build().new_agent(), base: base.to_owned(), token: None }
    }

    /// The same user with another connection, or on another server.
    pub(crate) fn again_at(&self, base: &str) -> Self {
        Self { token: self.token.clone(), ..Self::of(base) }
    }

    /// Sends a request; an error is a connection error. A null body is no body.
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
        // A body that is not JSON is kept as text.
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

    /// Sends a request and expects this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.ask(method, path, body);
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        answer.body
    }

    /// Registers an organization with this client as its owner.
    #[track_caller]
    pub(crate) fn register(&self, email: &str) -> Self {
        let body = json!({
            "organization_name": "Acme", "email": email, "password": PASSWORD,
            "first_name": "First", "last_name": "Last",
        });
        self.signed_in(&self.expect(201, "POST", "/api/auth/register", &body))
    }

    /// A user with this role in the organization of this client.
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

    /// Creates a customer and returns its key if it was acknowledged, otherwise the response.
    pub(crate) fn create(&self, name: &str) -> Result<i64, Answer> {
        let answer = self.ask("POST", "/api/customers", &json!({"name": name}));
        match answer.status {
            201 => Ok(answer.body["id"].as_i64().expect("a key")),
            _ => Err(answer),
        }
    }

    /// The keys of all customers.
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
