//! The application on both backends: both get the same requests at the same time of day, and their responses are
//! compared.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_128;

use super::symbols::Symbols;
use crate::app::App;
use crate::cluster::TestDatabase;
use crate::site::{self, Answer, Choices, PASSWORD, Person, Site};
use backoffice::server::{NewAdmin, add_admin};
use databases::open::{Access, Purpose, open};
use databases::url::DatabaseUrl;
use transfer::values::Instant;

const STAFF: &str = "staff@example.org";

/// A request to both.
#[derive(Clone, Default)]
pub(super) struct Ask {
    pub(super) method: String,
    /// With symbols for values that differ.
    pub(super) address: String,
    /// The access tokens of the caller.
    pub(super) tokens: Option<[String; 2]>,
    /// Header values per side.
    pub(super) headers: Vec<(&'static str, [String; 2])>,
    /// With symbols for values that differ.
    pub(super) body: Option<String>,
    pub(super) cursors: Option<[String; 2]>,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Tokens are long and not informative.
        let Self { method, address, headers, body, tokens, .. } = self;
        let who = if tokens.is_some() { "somebody" } else { "nobody" };
        write!(f, "{method} {address} by {who}, with {headers:?}: {}", body.as_deref().unwrap_or_default())
    }
}

/// The response of both.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    /// With symbols for values that differ.
    pub(super) body: Value,
    pub(super) tags: Option<[String; 2]>,
    pub(super) cursors: Option<[String; 2]>,
}

pub(super) struct Pair {
    sites: [Site; 2],
    symbols: Symbols,
    sqlite: SqliteConnection,
    postgres: PgConnection,
    sequences: Vec<Sequence>,
    _folder: App,
    _target: TestDatabase,
}

#[derive(QueryableByName)]
struct Sequence {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    sequence: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

impl Pair {
    pub(super) fn new() -> Self {
        let folder = App::new();
        let target = TestDatabase::create();
        let path = folder.path("backoffice.db").to_str().expect("UTF-8").to_owned();
        site::start_clock();
        let choices = Choices { attempts: 100_000, ..Choices::default() };
        let sites = [path.as_str(), target.url()].map(|url| {
            folder.expect(0, &["db", "setup", "--database-url", url]);
            let address = DatabaseUrl::parse(url).expect("URL");
            let mut connection = open(&address, Access::Write, Purpose::Serve).expect("open");
            let name = ("Sta".to_owned(), "Ff".to_owned());
            let staff = NewAdmin { email: STAFF.into(), password: PASSWORD.into(), name, organization: None };
            add_admin(&mut connection, &staff, Instant::now()).expect("staff");
            Site::new(url, &choices)
        });
        let mut postgres = target.connect();
        let identities =
            "SELECT table_name::text AS table, pg_get_serial_sequence(table_name, 'id') AS sequence
                          FROM information_schema.columns
                          WHERE table_schema = 'public' AND column_name = 'id'
                            AND pg_get_serial_sequence(table_name, 'id') IS NOT NULL";
        let sequences = diesel::sql_query(identities).load(&mut postgres).expect("sequences");
        let sqlite = SqliteConnection::establish(&path).expect("SQLite");
        Self {
            sites,
            symbols: Symbols::default(),
            sqlite,
            postgres,
            sequences,
            _folder: folder,
            _target: target,
        }
    }

    /// Adds a user on both sides.
    pub(super) fn add(&mut self, make: impl Fn(usize, &Site) -> Person) -> [Person; 2] {
        let people = [make(0, &self.sites[0]), make(1, &self.sites[1])];
        self.symbols.learn([&people[0].id, &people[1].id]);
        people
    }

    /// The symbol of a user's key.
    pub(super) fn name_of(&self, people: &[Person; 2]) -> String {
        self.symbols.named(0, &people[0].id)
    }

    /// Staff users, signed in.
    pub(super) fn staff(&self) -> [String; 2] {
        let body = json!({"email": STAFF, "password": PASSWORD});
        [0, 1].map(|side| {
            let answer = self.sites[side].ask("POST", "/api/auth/login", None, &body);
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.body["access_token"].as_str().expect("a token").to_owned()
        })
    }

    /// Sends a request to both. Returns an error if the responses differ or are invalid.
    pub(super) fn ask(&mut self, ask: &Ask) -> Result<Told, String> {
        let answers = [0, 1].map(|side| self.sites[side].send(self.request(side, ask)));
        let tag = |side: usize| answers[side].headers.get("etag").map(String::as_str);
        self.symbols.learn([&answers[0].text, &answers[1].text]);
        let tags = tag(0).zip(tag(1)).map(|(left, right)| [left, right]);
        if let Some(tags) = tags {
            self.symbols.learn_tags(tags);
        }
        let cursors = [0, 1].map(|side| answers[side].body["next"].as_str().map(str::to_owned));
        let seen = [0, 1].map(|side| self.seen(side, &answers[side]));
        if seen[0] != seen[1] {
            return Err(format!("{ask:?}\nSQLite:     {:?}\nPostgreSQL: {:?}", seen[0], seen[1]));
        }
        for answer in &answers {
            check(answer).map_err(|why| format!("{ask:?}\n{why}: {answer:?}"))?;
        }
        let [first, _] = &answers;
        // Other errors occur before anything is inserted.
        if [403, 409].contains(&first.status) && ask.method != "GET" {
            self.take_back_keys();
        }
        let [left, right] = cursors;
        Ok(Told {
            status: first.status,
            body: serde_json::from_str(&self.symbols.named(0, &first.text)).unwrap_or_default(),
            tags: tags.map(|tags| tags.map(str::to_owned)),
            cursors: left.zip(right).map(|(left, right)| [left, right]),
        })
    }

    fn request(&self, side: usize, ask: &Ask) -> Request<Body> {
        let mut address = self.symbols.real(side, &ask.address);
        if let Some(cursors) = &ask.cursors {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(&format!("cursor={}", cursors[side]));
        }
        let mut request = Request::builder().method(ask.method.as_str()).uri(address);
        if let Some(tokens) = &ask.tokens {
            request = request.header("authorization", format!("Bearer {}", tokens[side]));
        }
        for (name, values) in &ask.headers {
            request = request.header(*name, &values[side]);
        }
        let body = ask.body.as_ref().map(|body| self.symbols.real(side, body));
        request.body(body.map_or_else(Body::empty, Body::from)).expect("a request")
    }

    /// The compared part of a response: everything except the request id, with symbols for values that differ.
    fn seen(&self, side: usize, answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        if let Some(tag) = headers.get_mut("etag") {
            *tag = self.symbols.named_tag(side, tag).to_owned();
        }
        if let Some(location) = headers.get_mut("location") {
            *location = self.symbols.named(side, location);
        }
        let mut text = self.symbols.named(side, &answer.text);
        if let Some(cursor) = answer.body["next"].as_str() {
            let told = URL_SAFE_NO_PAD.decode(cursor).expect("base64");
            let told = String::from_utf8(told).expect("UTF-8");
            text = text.replace(cursor, &self.symbols.named(side, &told));
        }
        (answer.status, headers, text)
    }

    /// PostgreSQL skips keys of rolled-back rows, SQLite reuses them. Both are correct; the sequences are realigned,
    /// so that all other values can be compared as they are.
    fn take_back_keys(&mut self) {
        let counts: Vec<Count> = diesel::sql_query("SELECT name, seq FROM sqlite_sequence")
            .load(&mut self.sqlite)
            .expect("counts");
        let of = |table: &str| counts.iter().find(|count| count.name == table).map(|count| count.seq);
        let set = |Sequence { table, sequence }: &Sequence| match of(table).filter(|last| *last > 0) {
            Some(last) => format!("setval('{sequence}', {last})"),
            None => format!("setval('{sequence}', 1, false)"),
        };
        let all: Vec<String> = self.sequences.iter().map(set).collect();
        diesel::sql_query(format!("SELECT {}", all.join(", "))).execute(&mut self.postgres).expect("set");
    }
}

/// Checks that every response must satisfy.
fn check(answer: &Answer) -> Result<(), &'static str> {
    if answer.status >= 500 {
        return Err("an error of the server");
    }
    let is_problem =
        answer.headers.get("content-type").is_some_and(|kind| kind == "application/problem+json");
    if is_problem != (answer.status >= 400) || (is_problem && answer.body["code"].as_str().is_none()) {
        return Err("a problem is told as one");
    }
    let tag = answer.headers.get("etag").filter(|_| !answer.text.is_empty());
    let of_body = format!("\"{:032x}\"", xxh3_128(answer.text.as_bytes()));
    if tag.is_some_and(|tag| *tag != of_body) {
        return Err("an ETag that is not that of the body");
    }
    if ["config_encrypted", "password_hash"]
        .iter()
        .any(|secret| answer.text.contains(&format!("\"{secret}\":")))
    {
        return Err("a secret");
    }
    Ok(())
}
