//! A random sequence of requests: earlier responses determine the possible next requests.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::catalog::Operation;
use super::dice::Dice;
use super::pair::{Ask, Pair, Told};
use super::values::{self, Keys};
use crate::site::{Person, pass};

/// Maximum number of pages that are followed.
const MOST_PAGES: usize = 100;
/// Number of resources in a sequence, without their parents: few, so that they interact.
const THEMES: usize = 3;

#[rustfmt::skip]
const ODD_KEYS: &[&str] = &[
    "0", "-1", "9223372036854775807", "9223372036854775808", "abc", "%00", "%F0%9F%A6%80", "%20", "1%2F2", "+1", "01",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479", "F47AC10B-58CC-4372-A567-0E02B2C3D479",
];

const ODD_PARAMETERS: &[&str] =
    &["", "%00", "0", "-1", "201", "x", "null", "%F0%9F%A6%80", "1.0", "99999999999999999999"];

/// Operations that reach states which single steps would not.
#[rustfmt::skip]
const CHAINS: &[&[&str]] = &[
    &["/api/customers", "/api/bills", "/api/bills/{parent_id}/bill-items", "/api/bills/{id}/issue", "/api/bills/{id}/pay",
      "/api/bills/{id}/refund", "/api/bills/{parent_id}/payments", "/api/payments/{id}/void"],
    &["/api/usage-logs", "/api/usage-logs/{id}/void"],
    &["/api/documents", "/api/documents/{id}/approve", "/api/documents/{id}/archive"],
    &["/api/organizations", "/api/organizations/{parent_id}/subscriptions", "/api/organizations/{id}/close",
      "/api/organizations/{id}/reopen"],
    &["/api/organizations", "/api/subscriptions"],
    &["/api/projects", "/api/projects/{parent_id}/milestones", "/api/milestones/{id}/submit", "/api/milestones/{id}/approve",
      "/api/milestones/{id}/release", "/api/milestones/{parent_id}/payments"],
    &["/api/projects", "/api/projects/{parent_id}/project-embeddings", "/api/applicants",
      "/api/applicants/{parent_id}/applicant-embeddings", "/api/projects/{id}/match"],
];

/// How often each operation was tried, and how often it succeeded.
pub(super) type Tally = BTreeMap<String, (u32, u32)>;

/// Known keys of resources, as JSON, with symbols for values that differ.
#[derive(Default)]
struct Known(BTreeMap<String, Vec<String>>);

impl Keys for Known {
    fn key(&self, resource: &str, dice: &mut Dice) -> Option<String> {
        let keys = self.0.get(resource)?;
        // Mostly the newest: several changes of one row reach more states than changes of many rows.
        match dice.percent(65) {
            true => keys.last().cloned(),
            false => dice.pick(keys).cloned(),
        }
    }
}

impl Known {
    fn add(&mut self, resource: &str, key: &Value) {
        let keys = self.0.entry(resource.to_owned()).or_default();
        if !key.is_null() && !keys.contains(&key.to_string()) {
            keys.push(key.to_string());
        }
    }

    fn has(&self, resource: &str) -> bool {
        self.0.contains_key(resource)
    }
}

pub(super) struct Talk<'a> {
    pair: &'a mut Pair,
    all: &'a [Operation],
    /// The operations of this sequence.
    operations: Vec<&'a Operation>,
    /// The owner, another user of the organization, and sometimes staff.
    people: Vec<[String; 2]>,
    known: Known,
    /// Earlier ETags of a row, by path.
    tags: BTreeMap<String, Vec<[String; 2]>>,
    /// Requests sent with an Idempotency-Key.
    sent: Vec<Ask>,
}

impl<'a> Talk<'a> {
    /// Registers a new organization.
    pub(super) fn begin(
        pair: &'a mut Pair,
        all: &'a [Operation],
        number: usize,
        dice: &mut Dice,
    ) -> Result<Self, String> {
        // Earlier sign-in attempts expire.
        pass(Duration::from_secs(60 * 60));
        let owners =
            pair.add(|_, site| site.register(&format!("Org {number}"), &format!("o{number}@example.org")));
        let role = dice.one(&["admin", "member", "client", "freelancer"]);
        let email = format!("p{number}@example.org");
        let others = pair.add(|side, site| site.join(&owners[side], role, &email));
        let mut known = Known::default();
        for people in [&owners, &others] {
            known.add("users", &Value::from(pair.name_of(people)));
        }
        let tokens = |people: [Person; 2]| people.map(|person| person.token);
        let me = format!("/api/users/{}", pair.name_of(&owners));
        let mut people = vec![tokens(owners), tokens(others)];
        if dice.percent(30) {
            people.push(pair.staff());
        }
        let ask =
            Ask { method: "GET".into(), address: me, tokens: Some(people[0].clone()), ..Ask::default() };
        known.add("organizations", &pair.ask(&ask)?.body["organization_id"]);
        Ok(Self {
            pair,
            all,
            operations: theme(all, dice),
            people,
            known,
            tags: BTreeMap::new(),
            sent: Vec::new(),
        })
    }

    /// Sends one request and processes its response.
    pub(super) fn step(&mut self, dice: &mut Dice, tally: &mut Tally) -> Result<(), String> {
        pass(Duration::from_micros([0, 1, 999_999, 7_000_000][dice.below(4)]));
        if let Some(again) = dice.pick(&self.sent).filter(|_| dice.percent(6)).cloned() {
            self.pair.ask(&again)?;
            return Ok(());
        }
        if dice.percent(5) {
            for address in dice.one(CHAINS) {
                let mut all = self.all.iter();
                let next = all.rfind(|each| each.address == *address && each.method == "POST");
                self.take(next.expect("an operation"), true, dice, tally)?;
            }
        }
        match self.choose(dice) {
            Some(operation) => self.take(operation, false, dice, tally),
            None => Ok(()),
        }
    }

    fn take(
        &mut self,
        operation: &Operation,
        is_careful: bool,
        dice: &mut Dice,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let ask = if is_careful { self.plain(operation, dice) } else { self.ask_of(operation, dice) };
        if ask.headers.iter().any(|(name, _)| *name == "idempotency-key") {
            self.sent.push(ask.clone());
        }
        let told = self.pair.ask(&ask)?;
        let (asked, done) = tally.entry(format!("{} {}", operation.method, operation.address)).or_default();
        *asked += 1;
        *done += u32::from(told.status < 300);
        self.remember(operation, &told);
        if operation.is_list && told.status == 200 {
            self.follow(&ask, told)?;
        }
        Ok(())
    }

    /// At the end, lists all rows.
    pub(super) fn end(mut self, dice: &mut Dice) -> Result<(), String> {
        let lists: Vec<&Operation> =
            self.operations.iter().copied().filter(|each| each.is_list && each.parent.is_none()).collect();
        for operation in lists {
            let sort = operation.query.iter().find(|(name, _)| name == "sort").map(|(_, schema)| schema);
            let sorts: Vec<&str> = sort
                .iter()
                .flat_map(|sort| sort["enum"].as_array())
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let address = format!("{}?limit=9&sort={}", operation.address, dice.one(&sorts));
            let tokens = Some(self.people[0].clone());
            let ask = Ask { method: "GET".into(), address, tokens, ..Ask::default() };
            let told = self.pair.ask(&ask)?;
            self.follow(&ask, told)?;
        }
        Ok(())
    }

    fn choose(&self, dice: &mut Dice) -> Option<&'a Operation> {
        let wanted = dice.below(100);
        let is_wanted = |each: &Operation| match (each.method.as_str(), wanted) {
            ("POST", 0..40) => !each.is_action,
            ("POST", 40..52) => each.is_action,
            ("PATCH", 52..70) => true,
            ("DELETE", 70..76) => true,
            ("GET", 76..88) => each.is_list,
            ("GET", 88..) => !each.is_list,
            _ => false,
        };
        let able = |each: &&&Operation| each.needs().iter().all(|need| self.known.has(need));
        let (can, cannot): (Vec<&Operation>, Vec<&Operation>) =
            self.operations.iter().copied().filter(|each| is_wanted(each)).partition(|each| able(&each));
        // Sometimes a request that must fail.
        let cannot = dice.pick(&cannot).filter(|_| dice.percent(4)).copied();
        let start =
            || self.operations.iter().copied().find(|each| each.method == "POST" && each.needs().is_empty());
        cannot.or(dice.pick(&can).copied()).or_else(start)
    }

    /// A valid request of the owner, or of staff if there are any and it is theirs.
    fn plain(&self, operation: &Operation, dice: &mut Dice) -> Ask {
        let key = operation.parent.as_ref().and_then(|parent| self.known.0.get(parent)?.last());
        let key = key.map_or("0", |key| key.trim_matches('"'));
        Ask {
            method: operation.method.clone(),
            address: operation.address.replace("{id}", key).replace("{parent_id}", key),
            tokens: Some(
                self.people[if is_for_staff(operation) { self.people.len() - 1 } else { 0 }].clone(),
            ),
            headers: vec![("content-type", ["application/json".to_owned(), "application/json".to_owned()])],
            body: operation.body.as_ref().map(|schema| values::body(schema, &self.known, false, dice)),
            ..Ask::default()
        }
    }

    fn ask_of(&self, operation: &Operation, dice: &mut Dice) -> Ask {
        let person = match dice.below(100) {
            0..60 if is_for_staff(operation) => Some(self.people.len() - 1),
            0..78 => Some(0),
            78..90 => Some(1),
            90..98 => Some(self.people.len() - 1),
            _ => None,
        };
        let address = self.address_of(operation, dice);
        let mut ask = Ask {
            method: operation.method.clone(),
            address: address.clone(),
            tokens: person.map(|person| self.people[person].clone()),
            ..Ask::default()
        };
        let same = |value: &str| [value.to_owned(), value.to_owned()];
        if let Some(schema) = operation.body.as_ref().filter(|_| !operation.is_action || dice.percent(85)) {
            let is_careless = dice.percent(15);
            let mut body = values::body(schema, &self.known, is_careless, dice);
            if dice.percent(1) {
                body.pop();
            }
            let kind = if dice.percent(1) { "text/plain" } else { "application/json" };
            ask.headers.push(("content-type", same(kind)));
            ask.body = Some(body);
        }
        if operation.method == "POST" && dice.percent(20) {
            ask.headers.push(("idempotency-key", same(&format!("key {}", dice.below(8)))));
        }
        let conditional = if operation.method == "GET" { "if-none-match" } else { "if-match" };
        let is_row = operation.address.contains("/{id}");
        if is_row && dice.percent(40) {
            let row = address.split('/').take(4).collect::<Vec<_>>().join("/");
            let tags = self.tags.get(&row).map(Vec::as_slice).unwrap_or_default();
            let tag = match dice.below(10) {
                0 => same("\"x\""),
                1 => same("*"),
                2 | 3 => dice.pick(tags).cloned().unwrap_or_else(|| same("W/\"x\"")),
                _ => tags.last().cloned().unwrap_or_else(|| same("\"x\", *")),
            };
            ask.headers.push((conditional, tag));
        }
        ask
    }

    fn address_of(&self, operation: &Operation, dice: &mut Dice) -> String {
        let mut address = operation.address.clone();
        if let Some(parent) = &operation.parent {
            let key = self.known.key(parent, dice).filter(|_| !dice.percent(5));
            let key =
                key.map_or_else(|| dice.one(ODD_KEYS).to_owned(), |key| key.trim_matches('"').to_owned());
            address = address.replace("{id}", &key).replace("{parent_id}", &key);
        }
        let mut parameters = Vec::new();
        for (name, schema) in &operation.query {
            let percent = match name.as_str() {
                "cursor" => 2,
                "limit" => 60,
                "sort" => 50,
                "billing_period" => 80,
                _ => 20,
            };
            if dice.percent(percent) {
                let odd = dice.percent(8) || name == "cursor";
                let value = match name.as_str() {
                    _ if odd => dice.one(ODD_PARAMETERS).to_owned(),
                    "limit" => dice.one(&["1", "2", "3", "200"]).to_owned(),
                    _ => {
                        let text = values::value(name, schema, &self.known, dice);
                        let text = serde_json::from_str::<String>(&text).unwrap_or(text);
                        utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
                    }
                };
                // Symbols of UUIDs are not encoded, because they are replaced.
                parameters.push(format!("{name}={}", value.replace("%2D", "-")));
            }
        }
        if dice.percent(1) {
            parameters.push("unknown=1".to_owned());
        }
        if !parameters.is_empty() {
            address = format!("{address}?{}", parameters.join("&"));
        }
        address
    }

    fn remember(&mut self, operation: &Operation, told: &Told) {
        if told.status >= 300 {
            return;
        }
        let key = &told.body["id"];
        self.known.add(&operation.resource, key);
        if let Some(tags) = &told.tags {
            let key = key.to_string();
            let row = format!("/api/{}/{}", operation.resource, key.trim_matches('"'));
            self.tags.entry(row).or_default().push(tags.clone());
        }
        // Pages have `items`; the rows created by an action are named after their resource.
        for (name, rows) in told.body.as_object().into_iter().flatten() {
            let resource = if name == "items" { &operation.resource } else { name };
            for row in
                rows.as_array().into_iter().flatten().filter(|_| operation.is_list || operation.is_action)
            {
                self.known.add(resource, &row["id"]);
            }
        }
    }

    /// Follows the next pages to the end; no row may occur twice.
    fn follow(&mut self, ask: &Ask, first: Told) -> Result<(), String> {
        let mut keys = BTreeSet::new();
        let mut page = first;
        for _ in 0..MOST_PAGES {
            for row in page.body["items"].as_array().into_iter().flatten() {
                if !keys.insert(row["id"].to_string()) {
                    return Err(format!("{ask:?}: {} comes twice", row["id"]));
                }
            }
            let Some(cursors) = page.cursors else {
                return Ok(());
            };
            page = self.pair.ask(&Ask { cursors: Some(cursors), ..ask.clone() })?;
        }
        Ok(())
    }
}

/// A few resources with their required parents.
fn theme<'a>(all: &'a [Operation], dice: &mut Dice) -> Vec<&'a Operation> {
    let mut names: Vec<&str> = all.iter().map(|operation| operation.resource.as_str()).collect();
    names.dedup();
    let mut resources: Vec<String> = (0..THEMES).map(|_| dice.one(&names).to_owned()).collect();
    let mut looked_at = 0;
    while let Some(resource) = resources.get(looked_at).cloned() {
        let creates =
            |each: &&Operation| each.resource == resource && each.method == "POST" && !each.is_action;
        let (under, top): (Vec<&Operation>, Vec<&Operation>) =
            all.iter().filter(creates).partition(|each| each.parent.is_some());
        let parent = dice.pick(&under).filter(|_| top.is_empty() || dice.percent(70)).into_iter();
        for need in parent.chain(&top).flat_map(|each| each.needs()) {
            if !resources.contains(&need) {
                resources.push(need);
            }
        }
        looked_at += 1;
    }
    all.iter().filter(|each| resources.contains(&each.resource)).collect()
}

/// Whether staff perform the operation.
fn is_for_staff(operation: &Operation) -> bool {
    ["organizations", "contact-submissions", "subscriptions"].contains(&operation.resource.as_str())
}
