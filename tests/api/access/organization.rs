//! An organization with users of each role, which creates rows of every resource through the API.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ROLES;
use crate::site::{Person, Site};

/// An organization with its users.
pub(super) struct Organization<'a> {
    pub(super) site: &'a Site,
    pub(super) people: BTreeMap<&'static str, Person>,
    pub(super) id: Value,
    pub(super) staff: Person,
    serial: Cell<u32>,
}

impl<'a> Organization<'a> {
    pub(super) fn open(site: &'a Site, name: &'static str, staff: &Person) -> Self {
        let owner = site.register(name, &format!("owner@{name}.example"));
        let me = site.expect(200, &owner, "GET", "/api/auth/me", &Value::Null);
        let mut people = BTreeMap::new();
        for role in ROLES.into_iter().filter(|role| *role != "owner") {
            people.insert(role, site.join(&owner, role, &format!("{role}@{name}.example")));
        }
        people.insert("owner", owner);
        let (id, serial) = (me["organization"]["id"].clone(), Cell::new(0));
        Self { site, people, id, staff: staff.clone(), serial }
    }

    pub(super) fn person(&self, role: &str) -> &Person {
        &self.people[role]
    }

    pub(super) fn owner(&self) -> &Person {
        self.person("owner")
    }

    /// A number that is unique in this organization.
    pub(super) fn serial(&self) -> u32 {
        self.serial.set(self.serial.get() + 1);
        self.serial.get()
    }

    /// A new row for this user, in its initial state.
    pub(super) fn make(&self, resource: &str, about: &Person) -> Value {
        match resource {
            "organizations" => return self.id.clone(),
            "users" => return json!(about.id),
            "activities" => return self.activity_of(about),
            "contact-submissions" => {
                // The number of messages per client is limited.
                let list =
                    self.site.expect(200, &self.staff, "GET", "/api/contact-submissions", &Value::Null);
                if let Some(row) = list["items"].get(0) {
                    return row["id"].clone();
                }
                let body = self.draft(resource, about).body;
                let answer = self.site.ask("POST", "/api/contact-submissions", None, &body);
                assert_eq!(answer.status, 201, "{}", answer.body);
                return answer.body["id"].clone();
            }
            // An organization has at most one.
            "subscriptions" => {
                let list = self.site.expect(200, self.owner(), "GET", "/api/subscriptions", &Value::Null);
                if let Some(row) = list["items"].get(0) {
                    return row["id"].clone();
                }
            }
            _ => {}
        }
        let draft = self.draft(resource, about);
        let row = self.site.expect(201, &draft.maker, "POST", &draft.address, &draft.body);
        row["id"].clone()
    }

    /// A new row for this user, in a state that permits this action.
    pub(super) fn make_for(&self, resource: &str, action: &str, about: &Person) -> Value {
        let id = self.make(resource, about);
        let at = |tail: &str| format!("/api/{resource}/{}{tail}", text(&id));
        let owner =
            |method, address: String, body| self.site.expect(200, self.owner(), method, &address, &body);
        match (resource, action) {
            ("bills", "issue" | "pay" | "refund") => {
                let item = json!({"description": "work", "quantity": "1", "unit_price": "10"});
                self.site.expect(201, self.owner(), "POST", &at("/bill-items"), &item);
                if action != "issue" {
                    owner("POST", at("/issue"), json!({}));
                }
                if action == "refund" {
                    owner("POST", at("/pay"), json!({"amount": "1", "method": "cash"}));
                }
            }
            ("documents", "archive") => {
                owner("POST", at("/approve"), json!({}));
            }
            ("milestones", "approve" | "release") => {
                owner("POST", at("/submit"), json!({}));
                if action == "release" {
                    owner("POST", at("/approve"), json!({}));
                }
            }
            ("projects", "match") => {
                let body = json!({"model": "m", "embedding": [1.0, 0.0], "description_text": "d"});
                self.site.expect(201, self.owner(), "POST", &at("/project-embeddings"), &body);
            }
            _ => {}
        }
        id
    }

    /// A user who sees the row: the owner, except for rows that are private to a user or to staff.
    pub(super) fn who_sees<'b>(&'b self, resource: &str, about: &'b Person) -> &'b Person {
        match resource {
            "contact-submissions" => &self.staff,
            "connector-configs" | "field-mappings" | "notifications" => about,
            _ => self.owner(),
        }
    }

    /// All rows of the organization that its users can see, as text.
    pub(super) fn look(&self, routes: &[super::routes::Route]) -> BTreeMap<String, Value> {
        let mut seen = BTreeMap::new();
        for role in ROLES {
            for route in routes.iter().filter(|route| route.method == "GET" && !route.address.contains('{')) {
                if matches!(route.kind(), super::routes::Kind::All { .. }) {
                    let address = format!("{}?limit=200&sort=-id", route.address);
                    let answer = self.site.ask("GET", &address, Some(&self.person(role).token), &Value::Null);
                    seen.insert(format!("{role} {}", route.address), answer.body);
                }
            }
        }
        seen
    }

    fn activity_of(&self, about: &Person) -> Value {
        let address = format!("/api/activities?user_id={}&limit=1", about.id);
        let list = self.site.expect(200, self.owner(), "GET", &address, &Value::Null);
        list["items"][0]["id"].clone()
    }
}

/// A key as it is in paths.
pub(super) fn text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
