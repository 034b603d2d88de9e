//! `docs/openapi.json` equals the generated description, and bodies accept what the columns of the tables accept.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use crate::app::App;
use crate::lists::all;
use crate::site::{Choices, on_both_with};
use databases::catalog::{self, CatalogColumn, CatalogTable, ColumnKind};
use databases::connection::AnyConnection;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");

/// The description served by the program; the same on both backends.
fn served() -> String {
    let (sqlite, postgres) = on_both_with(&Choices::default(), |site| site.text("/api/openapi.json"));
    assert_eq!(sqlite, postgres);
    sqlite
}

#[test]
fn the_description_in_docs_equals_that_of_the_program() {
    let written = std::fs::read_to_string(FILE).expect("docs/openapi.json is there");
    assert!(
        written == served(),
        "docs/openapi.json is not what the program gives: cargo test --test api write_the_description -- --ignored"
    );
    let document: Value = serde_json::from_str(&written).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations: usize = paths.values().filter_map(Value::as_object).map(serde_json::Map::len).sum();
    assert!(
        written.len() < 2_180 * operations,
        "{} bytes for {operations} operations: what they share belongs under components",
        written.len()
    );
}

#[test]
#[ignore = "writes docs/openapi.json"]
fn write_the_description() {
    std::fs::write(FILE, served()).expect("docs/openapi.json can be written");
}

#[test]
fn every_reference_of_the_description_resolves() {
    let document: Value = serde_json::from_str(&served()).expect("JSON");
    let mut waiting = vec![&document];
    let mut count = 0;
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                if let Some(place) = members.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(&place[1..]).is_some(), "{place}");
                    count += 1;
                }
                waiting.extend(members.values());
            }
            Value::Array(elements) => waiting.extend(elements),
            _ => {}
        }
    }
    assert!(count > 1000, "{count}");
}

/// A body, and the table of its fields.
struct Bodies {
    document: Value,
    wrong: Vec<String>,
    checked: usize,
}

impl Bodies {
    fn schema(&self, address: &str, method: &str) -> Value {
        let body =
            &self.document["paths"][address][method]["requestBody"]["content"]["application/json"]["schema"];
        match body["$ref"].as_str() {
            Some(place) => self.document.pointer(&place[1..]).expect("a schema").clone(),
            None => body.clone(),
        }
    }

    /// Compares the fields of a body with the columns of a table. Fields without a column are listed.
    fn hold(&mut self, place: &str, body: &Value, table: &CatalogTable, others: &[&str]) {
        for (name, schema) in body["properties"].as_object().into_iter().flatten() {
            if others.contains(&name.as_str()) {
                continue;
            }
            match table.columns.iter().find(|column| column.name == *name) {
                Some(column) => {
                    self.checked += 1;
                    self.wrong
                        .extend(disagreements(schema, column).map(|why| format!("{place} {name}: {why}")));
                }
                None => self.wrong.push(format!("{place} {name}: no column")),
            }
        }
    }
}

/// Differences between the values that a field and its column accept.
fn disagreements(schema: &Value, column: &CatalogColumn) -> impl Iterator<Item = String> {
    let takes_null = schema["type"].as_array().is_some_and(|types| types.contains(&"null".into()));
    let limit = match &column.kind {
        ColumnKind::Text { max_chars } => Some(("maxLength", *max_chars)),
        ColumnKind::Email => Some(("maxLength", Some(320))),
        ColumnKind::Currency => Some(("maxLength", Some(3))),
        // A quarter: a request's JSON is parsed, which takes many times its text.
        ColumnKind::Json { max_bytes } => Some(("x-max-bytes", max_bytes.map(|most| most / 4))),
        ColumnKind::Vector { max_elements } => Some(("maxItems", *max_elements)),
        _ => None,
    };
    let limit = limit.filter(|(name, most)| most.is_none() || schema[*name].as_u64() != most.map(u64::from));
    let words: Option<BTreeSet<&str>> =
        schema["enum"].as_array().map(|words| words.iter().filter_map(Value::as_str).collect());
    let expected: Option<BTreeSet<&str>> = match &column.kind {
        ColumnKind::OneOf(words) => Some(words.iter().map(String::as_str).collect()),
        _ => None,
    };
    let all = [
        (takes_null && !column.nullable).then(|| "null is taken, and cannot be written".to_owned()),
        limit.map(|(name, most)| format!("{name} {}, and the column holds {most:?}", schema[name])),
        (words != expected).then(|| format!("{words:?}, and the column holds {expected:?}")),
    ];
    all.into_iter().flatten()
}

#[test]
fn bodies_accept_what_their_columns_accept() {
    let folder = App::new();
    folder.expect(0, &["db", "setup"]);
    let path = folder.path("backoffice.db");
    let connection = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("connect");
    let tables = catalog::read(&mut AnyConnection::Sqlite(connection)).expect("catalog").tables;
    let document = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let addresses: Vec<String> = document["paths"].as_object().expect("paths").keys().cloned().collect();
    let mut bodies = Bodies { document, wrong: Vec::new(), checked: 0 };
    for list in all() {
        for address in addresses.iter().filter(|address| address.rsplit('/').next() == Some(list.path)) {
            let body = bodies.schema(address, "post");
            bodies.hold(address, &body, &tables[list.table], &[]);
        }
        let address = format!("/api/{}/{{id}}", list.path);
        let body = bodies.schema(&address, "patch");
        bodies.hold(&address, &body, &tables[list.table], &[]);
    }
    let items = bodies.schema("/api/bills/{id}/issue", "post")["properties"]["items"]["items"].clone();
    assert!(items["properties"].is_object());
    bodies.hold("issue", &items, &tables["bill_items"], &[]);
    let pay = bodies.schema("/api/bills/{id}/pay", "post");
    bodies.hold("pay", &pay, &tables["payments"], &[]);
    for (address, others) in [
        ("/api/auth/register", ["organization_name", "password"]),
        ("/api/auth/invitations", ["", ""]),
        ("/api/contact-submissions", ["", ""]),
    ] {
        let body = bodies.schema(address, "post");
        let table = if address.ends_with("contact-submissions") { "contact_submissions" } else { "users" };
        bodies.hold(address, &body, &tables[table], &others);
    }
    let name = bodies.schema("/api/auth/register", "post")["properties"]["organization_name"].clone();
    let column =
        tables["organizations"].columns.iter().find(|column| column.name == "name").expect("a column");
    bodies.wrong.extend(disagreements(&name, column));
    assert!(bodies.wrong.is_empty(), "{}", bodies.wrong.join("\n"));
    assert!(bodies.checked > 300, "{}", bodies.checked);
}

/// The parts of a schema that accept a value of any length.
fn unlimited(place: &str, schema: &Value, found: &mut Vec<String>) {
    let is = |kind: &str| {
        schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&kind.into()))
    };
    let bounded = |names: &[&str]| names.iter().any(|name| !schema[*name].is_null());
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        unlimited(&format!("{place} {name}"), property, found);
    }
    let wrong = if is("string") {
        // A format or pattern of this API has a longest text, except that of a text without NUL.
        !bounded(&["maxLength", "enum", "format"])
            && schema["pattern"].as_str().is_none_or(|it| it.contains("u0000"))
    } else if is("array") {
        unlimited(place, &schema["items"], found);
        !bounded(&["maxItems"])
    } else {
        schema["type"].is_null() && !bounded(&["x-max-bytes", "$ref"])
    };
    if wrong {
        found.push(format!("{place}: {schema}"));
    }
}

#[test]
fn every_field_of_a_body_and_every_column_has_a_limit() {
    let document = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let (mut found, mut checked) = (Vec::new(), 0);
    for (address, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let schema = match schema["$ref"].as_str() {
                Some(place) => document.pointer(&place[1..]).expect("a schema"),
                None if schema.is_null() => continue,
                None => schema,
            };
            checked += 1;
            unlimited(&format!("{method} {address}"), schema, &mut found);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(checked > 50, "{checked}");

    let folder = App::new();
    folder.expect(0, &["db", "setup"]);
    let path = folder.path("backoffice.db");
    let connection = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("connect");
    let tables = catalog::read(&mut AnyConnection::Sqlite(connection)).expect("catalog").tables;
    for (name, table) in &tables {
        for column in &table.columns {
            let limited = match &column.kind {
                ColumnKind::Text { max_chars: limit }
                | ColumnKind::Json { max_bytes: limit }
                | ColumnKind::Vector { max_elements: limit }
                | ColumnKind::Bytes { size: limit } => limit.is_some(),
                _ => true,
            };
            assert!(limited, "{name}.{}: {}", column.name, column.kind);
        }
    }
}

#[test]
fn every_problem_code_is_documented() {
    let document =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).expect("docs/api.md");
    let description = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let codes = description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].clone();
    let codes: Vec<String> = serde_json::from_value(codes).expect("words");
    assert!(codes.len() > 15);
    for code in codes {
        assert!(document.contains(&format!("`{code}`")), "docs/api.md does not name {code}");
    }
}
