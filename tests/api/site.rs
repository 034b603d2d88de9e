//! The application on one backend, used through its router and layers without a socket.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::app;
use crate::cluster::TestDatabase;
use backoffice::config::{Algorithm, Environment};
use backoffice::server::auth::keys::SigningKeys;
use backoffice::server::auth::password::Cost;
use backoffice::server::{
    AppState, AppStateParts, NewAdmin, SignInParts, add_admin, layers, problem_response, router,
};
use databases::connection::AnyConnection;
use databases::observe::QueryLog;
use databases::open::{Access, Purpose, open};
use databases::pool::{PoolSettings, Pooler};
use databases::url::DatabaseUrl;
use transfer::values::Instant;

/// 2026-01-31T12:00:00.5Z, in microseconds.
const START: i64 = 1_769_860_800_500_000;

thread_local! {
    static CLOCK: Cell<i64> = const { Cell::new(START) };
}

pub(crate) fn now() -> Instant {
    Instant::from_micros(CLOCK.get()).expect("an instant")
}

/// Advances the clock of this test's thread.
pub(crate) fn pass(time: Duration) {
    let micros = i64::try_from(time.as_micros()).expect("not long");
    CLOCK.set(CLOCK.get() + micros);
}

/// Resets the clock of this test's thread to the start of every test.
pub(crate) fn start_clock() {
    CLOCK.set(START);
}

pub(crate) const PASSWORD: &str = "a password that nobody guesses";

/// An application on one database.
pub(crate) struct Site {
    /// `sqlite` or `postgres`.
    pub(crate) backend: &'static str,
    /// The URL of the database, as for the command line.
    pub(crate) address: String,
    url: DatabaseUrl,
    app: AppState,
    router: Router,
    runtime: tokio::runtime::Runtime,
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    /// JSON; null for an empty body.
    pub(crate) body: Value,
    /// The body as text.
    pub(crate) text: String,
}

/// A signed-in user.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
    pub(crate) refresh: String,
}

/// Options of the application under test.
pub(crate) struct Choices {
    pub(crate) pool: PoolSettings,
    pub(crate) registration: bool,
    pub(crate) attempts: u32,
    pub(crate) is_ready: bool,
    pub(crate) trust_proxy: bool,
}

impl Default for Choices {
    fn default() -> Self {
        let pool = Environment::Serverless.pool();
        // Connections are kept, because a test sends many requests.
        let pool = PoolSettings { keep_idle: true, ..pool };
        Self { pool, registration: true, attempts: 1000, is_ready: true, trust_proxy: false }
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

impl Site {
    pub(crate) fn new(url: &str, choices: &Choices) -> Self {
        Self::at(url.to_owned(), choices)
    }

    fn at(address: String, choices: &Choices) -> Self {
        let url = DatabaseUrl::parse(&address).expect("URL");
        let backend = if matches!(url, DatabaseUrl::Sqlite(_)) { "sqlite" } else { "postgres" };
        let app = AppState::new(AppStateParts {
            url: url.clone(),
            pool: choices.pool,
            pooler: Pooler::None,
            replica: None,
            query_log: QueryLog::default(),
            is_ready: choices.is_ready,
            sign_in: SignInParts {
                keys: SigningKeys::new(Algorithm::Hs256, [7; 32], [[8; 32]]).expect("keys"),
                access_lifetime: Duration::from_secs(15 * 60),
                refresh_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
                is_registration_open: choices.registration,
                attempts: NonZeroU32::new(choices.attempts).expect("not zero"),
                cost: Cost::TEST,
            },
            trust_proxy: choices.trust_proxy,
            clock: now,
        });
        let settings = layers::LayerSettings {
            metrics: app.metrics(),
            problem: problem_response,
            cors_origins: Vec::new(),
            body_limit: 1 << 20,
            timeout: Duration::from_secs(30),
            concurrency: 512,
            unsent: usize::MAX,
            unsent_of_one: usize::MAX,
            has_tls: false,
        };
        let router = layers::wrap(router(app.clone()), settings);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        Self { backend, address, url, app, router, runtime }
    }

    /// Another application on the same database: a second process, or the same one after a restart.
    pub(crate) fn beside(&self, choices: &Choices) -> Self {
        Self::at(self.address.clone(), choices)
    }

    /// Sends a request.
    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(Self::answer(self.router.clone(), request))
    }

    /// Sends requests concurrently.
    pub(crate) fn send_at_once(&self, requests: Vec<Request<Body>>) -> Vec<Answer> {
        self.runtime.block_on(async {
            let under_way: Vec<_> = requests
                .into_iter()
                .map(|request| tokio::spawn(Self::answer(self.router.clone(), request)))
                .collect();
            let mut answers = Vec::new();
            for one in under_way {
                answers.push(one.await.expect("an answer"));
            }
            answers
        })
    }

    /// The body at this path, as text.
    pub(crate) fn text(&self, path: &str) -> String {
        self.runtime.block_on(async {
            let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 26).await.expect("a body");
            String::from_utf8(bytes.to_vec()).expect("UTF-8")
        })
    }

    async fn answer(router: Router, request: Request<Body>) -> Answer {
        let response = router.oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 26).await.expect("a body");
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Answer { status, headers, body, text }
    }

    /// Sends a request with these headers; a null body is no body.
    pub(crate) fn ask_with(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).expect("a request"))
    }

    pub(crate) fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> Answer {
        self.ask_with(method, path, token, &[], body)
    }

    /// Sends a request as this user, and expects this status.
    pub(crate) fn expect(
        &self,
        status: u16,
        person: &Person,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Value {
        let answer = self.ask(method, path, Some(&person.token), body);
        assert_eq!(answer.status, status, "{} {method} {path}: {}", self.backend, answer.body);
        answer.body
    }

    /// Registers an organization with this user as its owner.
    fn connection(&self, access: Access) -> AnyConnection {
        let url = DatabaseUrl::parse(&self.address).expect("URL");
        open(&url, access, Purpose::Serve).expect("open")
    }

    /// The number of all rows of a table.
    pub(crate) fn rows(&self, table: &str) -> i64 {
        let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {table}"));
        let counted: Count = query.get_result(&mut self.connection(Access::Read)).expect("count");
        counted.count
    }

    /// Executes statements beside the application: those for SQLite, or those for PostgreSQL.
    pub(crate) fn execute(&self, [sqlite, postgres]: [&str; 2]) {
        let sql = if self.address.contains("://") { postgres } else { sqlite };
        self.connection(Access::Write).batch_execute(sql).expect(sql);
    }

    pub(crate) fn register(&self, organization: &str, email: &str) -> Person {
        let body = json!({
            "organization_name": organization, "email": email, "password": PASSWORD,
            "first_name": "First", "last_name": "Last",
        });
        let answer = self.ask("POST", "/api/auth/register", None, &body);
        assert_eq!(answer.status, 201, "{}", answer.body);
        person(&answer.body)
    }

    /// A staff user, created directly as `app user create-admin` does.
    pub(crate) fn staff(&self, email: &str) -> Person {
        let mut connection = open(&self.url, Access::Write, Purpose::Serve).expect("open");
        let admin = NewAdmin {
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            name: ("First".to_owned(), "Last".to_owned()),
            organization: None,
        };
        add_admin(&mut connection, &admin, now()).expect("make staff");
        self.sign_in(email)
    }

    /// Signs in with the password of all test users.
    pub(crate) fn sign_in(&self, email: &str) -> Person {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = self.ask("POST", "/api/auth/login", None, &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        person(&answer.body)
    }

    /// A user with this role in the organization of `owner`.
    pub(crate) fn join(&self, owner: &Person, role: &str, email: &str) -> Person {
        let body = json!({"email": email, "first_name": "First", "last_name": "Last", "role": role});
        let invited = self.expect(201, owner, "POST", "/api/auth/invitations", &body);
        self.accept(&invited)
    }

    /// Accepts an invitation.
    pub(crate) fn accept(&self, invited: &Value) -> Person {
        let body = json!({"invitation_token": invited["invitation_token"], "password": PASSWORD});
        let answer = self.ask("POST", "/api/auth/accept", None, &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        person(&answer.body)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.app.close();
    }
}

pub(crate) fn person(tokens: &Value) -> Person {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    Person {
        id: text(&tokens["user"]["id"]),
        email: text(&tokens["user"]["email"]),
        token: text(&tokens["access_token"]),
        refresh: text(&tokens["refresh_token"]),
    }
}

/// Runs `test` with an application on each backend, and returns both results.
pub(crate) fn on_both_with<T>(choices: &Choices, test: impl Fn(&Site) -> T) -> (T, T) {
    on_both_of(&TestDatabase::create(), choices, test)
}

/// Like [`on_both_with`], on this database.
pub(crate) fn on_both_of<T>(target: &TestDatabase, choices: &Choices, test: impl Fn(&Site) -> T) -> (T, T) {
    let folder = app::App::new();
    let path = folder.path("backoffice.db");
    let sqlite = path.to_str().expect("UTF-8").to_owned();
    let of = |url: &str| {
        folder.expect(0, &["db", "setup", "--database-url", url]);
        start_clock();
        test(&Site::new(url, choices))
    };
    (of(&sqlite), of(target.url()))
}

pub(crate) fn on_both<T>(test: impl Fn(&Site) -> T) -> (T, T) {
    on_both_with(&Choices::default(), test)
}

/// Replaces values that differ between databases: keys and tokens.
pub(crate) fn normal(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let is_key = name == "id" || name.ends_with("_id");
                let value = match value {
                    Value::Number(_) if is_key => json!("a key"),
                    // The old and new value of a key, in the audit trail.
                    Value::Object(values) if is_key => {
                        let value =
                            |value: &Value| if value.is_number() { json!("a key") } else { normal(value) };
                        values.iter().map(|(name, held)| (name.clone(), value(held))).collect()
                    }
                    Value::String(_) if name == "entity_id" => json!("a key"),
                    Value::String(_) if name.ends_with("_token") => json!("a token"),
                    // "bill 7 issued", and users have UUIDs.
                    Value::String(text) if name == "title" => {
                        let is_key =
                            |word: &str| word.parse::<i64>().is_ok() || uuid::Uuid::try_parse(word).is_ok();
                        let word = |word| if is_key(word) { "key" } else { word };
                        json!(text.split(' ').map(word).collect::<Vec<_>>().join(" "))
                    }
                    other => normal(other),
                };
                (name.clone(), value)
            };
            members.iter().map(member).collect()
        }
        Value::Array(elements) => elements.iter().map(normal).collect(),
        Value::String(text) if uuid::Uuid::try_parse(text).is_ok() => json!("a UUID"),
        other => other.clone(),
    }
}
