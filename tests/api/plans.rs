//! The cost of a page does not depend on the size of the table, of the owner's rows, or on the position of the page.
//! Checked with the query plans of both backends, for every list, filter and order of the API.

mod data;
mod explain;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::{Value, json};

use self::data::{fill, words};
use self::explain::{Page, Watched};
use crate::app::App;
use crate::cluster::TestDatabase;
use crate::lists::{List, all};
use crate::site::{Choices, Site, on_both_with};
use backoffice::models::ListRequest;
use databases::catalog::{self, Catalog, ColumnKind};
use databases::connection::AnyConnection;

/// Requested rows.
const LIMIT: i64 = 20;
/// Maximum number of rows read for them: some rows of other owners are read where one column is selective enough, and
/// an incremental sort reads some rows ahead.
const MOST: usize = 80;
/// Maximum number of rows read where PostgreSQL scans the primary key, because it expects to find enough matching
/// rows early.
const MOST_BY_KEY: usize = 600;

/// A list with its owner column, other filters, and order.
struct Offer {
    list: List,
    owner: Option<&'static str>,
    filters: Vec<&'static str>,
    sort: &'static str,
}

impl Offer {
    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.owner.into_iter().chain(self.filters.iter().copied())
    }

    fn request(&self, catalog: &Catalog, is_usual: bool, descending: bool) -> ListRequest {
        let table = &catalog.tables[self.list.table];
        let value = |name: &'static str| {
            let column = table.columns.iter().find(|column| column.name == name).expect("a column");
            let place = if is_usual || Some(name) == self.owner { 0 } else { 1 };
            let text = match &column.kind {
                ColumnKind::BigInt => (place + 1).to_string(),
                ColumnKind::Uuid => format!("00000000-0000-4000-8000-{:012}", place + 1),
                kind => words(kind)[place].trim_matches('\'').to_owned(),
            };
            (name, text)
        };
        let filters = self.columns().map(value).collect();
        ListRequest { filters, sort: self.sort, descending, after: None, limit: LIMIT + 1 }
    }
}

/// All combinations that the API accepts.
fn offers() -> Vec<Offer> {
    let description = serde_json::to_value(backoffice::server::describe_api()).expect("JSON");
    let addresses: Vec<String> = description["paths"].as_object().expect("paths").keys().cloned().collect();
    let (offers, _) = on_both_with(&Choices::default(), |site| {
        if site.backend != "sqlite" {
            return Vec::new();
        }
        let owner = site.register("Acme", "ada@example.org");
        let token = owner.token.as_str();
        let mut offers = Vec::new();
        for list in all() {
            for address in &addresses {
                if address.rsplit('/').next() != Some(list.path) || address.ends_with("{id}") {
                    continue;
                }
                offers.extend(offers_at(site, token, &description["paths"][address], list, address));
            }
        }
        offers
    });
    offers
}

fn offers_at(site: &Site, token: &str, item: &Value, list: List, address: &str) -> Vec<Offer> {
    let parameters = item["get"]["parameters"].as_array().expect("parameters");
    let names: Vec<&str> = parameters.iter().filter_map(|each| each["name"].as_str()).collect();
    let taken: Vec<&'static str> = list.filters.iter().copied().filter(|each| names.contains(each)).collect();
    let missing =
        list.filters.iter().copied().find(|each| !taken.contains(each) && *each != "organization_id");
    let owner = match address.contains("{parent_id}") {
        true if address.starts_with("/api/organizations/") => Some("organization_id"),
        true => missing,
        false => list.filters.iter().copied().find(|each| ["organization_id", "user_id"].contains(each)),
    };
    let mut sets: Vec<Vec<&'static str>> = vec![Vec::new()];
    for filter in taken.iter().copied().filter(|filter| Some(*filter) != owner) {
        let more: Vec<_> = sets.iter().map(|set| [set.as_slice(), &[filter]].concat()).collect();
        sets.extend(more);
    }
    let mut offers = Vec::new();
    for filters in sets {
        for sort in list.sorts.iter().copied() {
            let example = |name: &str| {
                let parameter = parameters.iter().find(|each| each["name"] == name).expect("a filter");
                example(&parameter["schema"])
            };
            let query: String = filters.iter().map(|name| format!("&{name}={}", example(name))).collect();
            let path = address.replace("{parent_id}", "1");
            let answer = site.ask("GET", &format!("{path}?sort={sort}{query}"), Some(token), &Value::Null);
            // Lists below a missing parent are 404; lists of staff are 403 for others.
            assert!([200, 400, 403, 404].contains(&answer.status), "{path} {query}: {}", answer.body);
            if answer.status != 400 {
                offers.push(Offer { list, owner, filters: filters.clone(), sort });
            }
        }
    }
    assert!(!offers.is_empty(), "{address}");
    offers
}

/// An example value of a filter.
fn example(schema: &Value) -> String {
    let first = &schema["enum"][0];
    let text = match (schema["type"].as_str(), schema["format"].as_str()) {
        _ if !first.is_null() => first.clone(),
        (Some("boolean"), _) => json!("true"),
        (Some("integer"), _) => json!("1"),
        (_, Some("uuid")) => json!("00000000-0000-4000-8000-000000000001"),
        _ => json!("2026-01"),
    };
    text.as_str().expect("a text").to_owned()
}

/// The first page, and one far behind it.
fn pages(site: &mut Watched, offer: &Offer, mut request: ListRequest) -> Vec<Page> {
    let first = site.page(&offer.list, &request);
    request.after = first.end.clone();
    for _ in 0..5 {
        let far = ListRequest { limit: 300, ..request.clone() };
        let (_, end) = (offer.list.page)(&mut site.connection, &far);
        request.after = end.or(request.after);
    }
    match request.after {
        None => vec![first],
        Some(_) => vec![first, site.page(&offer.list, &request)],
    }
}

fn on(url: &str) -> (Watched, Catalog) {
    App::new().expect(0, &["db", "setup", "--database-url", url]);
    let connection = match url.strip_prefix("postgres") {
        Some(_) => AnyConnection::Postgres(PgConnection::establish(url).expect("connect")),
        None => AnyConnection::Sqlite(SqliteConnection::establish(url).expect("connect")),
    };
    let mut watched = Watched::new(connection);
    let catalog = catalog::read(&mut watched.connection).expect("catalog");
    fill(&mut watched.connection, &all());
    (watched, catalog)
}

/// All combinations, with frequent and rare values, in both orders.
fn each_page(
    site: &mut Watched,
    catalog: &Catalog,
    mut look: impl FnMut(&Offer, &ListRequest, &Page, usize),
) {
    let mut full = 0;
    for offer in offers() {
        for (is_usual, descending) in [(true, false), (true, true), (false, false)] {
            let request = offer.request(catalog, is_usual, descending);
            for (place, page) in pages(site, &offer, request.clone()).iter().enumerate() {
                full += usize::from(page.rows > 20);
                look(&offer, &request, page, place);
            }
        }
    }
    assert!(full > 300, "{full} full pages are too few to tell");
}

#[test]
fn combinations_without_an_index_are_rejected() {
    let answers = on_both_with(&Choices::default(), |site| {
        let owner = site.register("Acme", "ada@example.org");
        let ask = |path: &str| {
            let answer = site.ask("GET", path, Some(&owner.token), &Value::Null);
            (answer.status, answer.body["detail"].as_str().map(str::to_owned))
        };
        let told = |text: &str| (400, Some(text.to_owned()));
        assert_eq!(
            ask("/api/bills?status=open&customer_id=1"),
            told("customer_id: cannot be combined with `status`")
        );
        assert_eq!(
            ask("/api/bills?status=open&sort=-bill_number"),
            told("sort: cannot be combined with `status`")
        );
        assert_eq!(ask("/api/activities?entity_id=7"), told("entity_id: requires `entity_type`"));
        [
            ask("/api/bills?status=open&sort=-id"),
            ask("/api/bills?sort=-bill_number"),
            ask("/api/activities?entity_id=7&entity_type=bill"),
            ask(&format!("/api/tasks?completed=true&user_id={}", owner.id)),
        ]
    });
    let taken = || [200; 4].map(|status| (status, None));
    assert_eq!(answers, (taken(), taken()));
}

#[test]
fn sqlite_uses_an_index_for_every_filter_and_does_not_sort() {
    let folder = App::new();
    let path = folder.path("lists.db");
    let (mut site, catalog) = on(path.to_str().expect("UTF-8"));
    let mut wrong = Vec::new();
    each_page(&mut site, &catalog, |offer, request, page, place| {
        let entered = page.equalities();
        // A foreign key implies the organization and bounds the number of rows.
        let says_enough =
            |column: &str| column.ends_with("_id") && column != "organization_id" && column != "entity_id";
        let is_known = entered.iter().any(|column| says_enough(column));
        let open: Vec<_> = offer
            .columns()
            .filter(|column| !(entered.contains(column) || is_known && Some(*column) == offer.owner))
            .collect();
        let is_nested = offer.owner.is_some_and(|owner| says_enough(owner) && owner != "user_id");
        let is_whole = offer.columns().next().is_none() && place == 0;
        let scans = page.plan.iter().any(|line| line.starts_with("SCAN")) && !is_whole;
        let sorts = page.plan.iter().any(|line| line == "USE TEMP B-TREE FOR ORDER BY");
        if scans || sorts || (!open.is_empty() && !is_nested) {
            wrong.push(format!("{} {request:?}\n  {:?} {open:?}", offer.list.path, page.plan));
        }
    });
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn postgres_reads_few_rows_more_than_a_page_at_any_position() {
    let target = TestDatabase::create();
    let (mut site, catalog) = on(target.url());
    let usual = wrong_on_postgres(&mut site, &catalog, MOST_BY_KEY);
    assert!(usual.is_empty(), "{} of them:\n{}", usual.len(), usual.join("\n"));

    // Independent of the frequency of a value, every list has an index, if the primary key is excluded.
    for list in all().iter().filter(|list| list.filters.iter().any(|filter| *filter != "id")) {
        let drop = format!("ALTER TABLE {0} DROP CONSTRAINT {0}_pkey", list.table);
        site.connection.batch_execute(&drop).expect("drop");
    }
    let bare = wrong_on_postgres(&mut site, &catalog, MOST);
    assert!(bare.is_empty(), "{} of them:\n{}", bare.len(), bare.join("\n"));
}

fn wrong_on_postgres(site: &mut Watched, catalog: &Catalog, most: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    each_page(site, catalog, |offer, request, page, place| {
        let is = |what: &str| {
            page.plan.iter().any(|line| line.trim_start().trim_start_matches("->  ").starts_with(what))
        };
        // A parent bounds the number of rows, so sorting a single row is acceptable.
        let is_nested = offer.owner.is_some_and(|owner| !["organization_id", "user_id"].contains(&owner));
        if is_nested && !offer.filters.is_empty() {
            return;
        }
        if (is("Sort  (") && page.rows > 1) || is("Seq Scan") || page.met() > most {
            let plan = page.plan.join("\n");
            wrong.push(format!("{} {request:?} page {place}, {} met\n{plan}", offer.list.path, page.met()));
        }
    });
    wrong
}
