//! The order of lists: by bytes on both backends, for any collation of the database.

use std::collections::BTreeSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use serde_json::{Value, json};

use crate::app::App;
use crate::cluster::TestDatabase;
use crate::site::{Choices, Person, Site, on_both_of};

const NAMES: [&str; 12] = ["a", "B", "\u{e4}", "Z", "_", "10", "9", "b", "A", "a b", "a-b", "\u{1f600}"];

/// The names in the order of pages with three rows.
fn listed(site: &Site, person: &Person, sort: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut path = format!("/api/customers?limit=3&sort={sort}");
    loop {
        let page = site.expect(200, person, "GET", &path, &Value::Null);
        let items = page["items"].as_array().expect("items");
        names.extend(items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()));
        let Some(cursor) = page["next"].as_str() else { return names };
        path = format!("/api/customers?limit=3&sort={sort}&cursor={cursor}");
    }
}

#[test]
fn text_is_sorted_by_bytes_on_a_database_with_a_language_collation() {
    let target = TestDatabase::create_for_people();
    let usual =
        diesel::select(sql::<Bool>("'a' < 'B' AND '_' < '9'")).get_result::<bool>(&mut target.connect());
    let choices = Choices::default();
    let (sqlite, postgres) = on_both_of(&target, &choices, |site| {
        let person = site.register("Acme", "ada@example.org");
        for name in NAMES {
            site.expect(201, &person, "POST", "/api/customers", &json!({"name": name, "credit_limit": "0"}));
        }
        (listed(site, &person, "name"), listed(site, &person, "-name"))
    });
    let mut by_bytes = NAMES.map(str::to_owned).to_vec();
    by_bytes.sort_unstable();
    assert_eq!(sqlite.0, by_bytes);
    assert_eq!(postgres.0, by_bytes, "the database's own order is another: {usual:?}");
    by_bytes.reverse();
    assert_eq!(sqlite.1, by_bytes);
    assert_eq!(postgres.1, by_bytes);
}

#[test]
fn every_sort_column_of_text_has_the_collation_c() {
    let target = TestDatabase::create();
    App::new().expect(0, &["db", "setup", "--database-url", target.url()]);
    let found = sql::<Text>(
        "SELECT table_name || '.' || column_name FROM information_schema.columns \
         WHERE table_schema = current_schema() AND collation_name = 'C' AND table_name NOT LIKE '\\_\\_%'",
    );
    let found: Vec<String> = found.load(&mut target.connect()).expect("columns");
    let found: BTreeSet<String> = found.into_iter().collect();
    let orders = crate::lists::all().into_iter().flat_map(|list| {
        let sorts = list.sorts.iter().filter(move |sort| list.is_text(sort));
        sorts.map(move |sort| format!("{}.{sort}", list.table)).collect::<Vec<_>>()
    });
    assert_eq!(found, orders.collect());
}
