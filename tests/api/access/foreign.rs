//! Rows of another organization are not visible: to no user and on no route.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ROLES;
use super::drafts::{change, order};
use super::organization::{Organization, text};
use super::routes::{Kind, Route, all};
use super::table::{action_letter, letter};
use crate::site::{Person, Site, on_both};

/// The key of one row of each resource, by resource name.
pub(super) fn one_of_each(organization: &Organization<'_>, routes: &[Route]) -> BTreeMap<String, Value> {
    let mut ids = BTreeMap::new();
    for route in routes {
        if let Kind::One { resource } = route.kind()
            && !ids.contains_key(resource)
        {
            ids.insert(resource.to_owned(), organization.make(resource, organization.owner()));
        }
    }
    assert_eq!(ids.len(), crate::lists::all().len(), "{ids:?}");
    ids
}

/// All users outside of an organization.
fn strangers<'a>(other: &'a Organization<'_>, staff: &'a Person) -> Vec<(&'static str, &'a Person)> {
    [("staff", staff)].into_iter().chain(ROLES.map(|role| (role, other.person(role)))).collect()
}

fn asked(site: &Site, who: &Person, route: &Route, id: &Value, body: &Value) -> (String, u16) {
    let address = route.address.replace("{id}", &text(id)).replace("{parent_id}", &text(id));
    let answer = site.ask(&route.method, &address, Some(&who.token), body);
    (format!("{} {} {}", who.email, route.method, route.address), answer.status)
}

#[test]
fn rows_of_another_organization_are_not_found() {
    let (sqlite, postgres) = on_both(|site| {
        let staff = site.staff("staff@example.org");
        let (acme, other) =
            (Organization::open(site, "acme", &staff), Organization::open(site, "other", &staff));
        let routes = all();
        let ids = one_of_each(&acme, &routes);
        let before = acme.look(&routes);
        let mut answers = Vec::new();
        for (principal, who) in strangers(&other, &staff) {
            for route in &routes {
                let verb = match route.method.as_str() {
                    "GET" => 'R',
                    "PATCH" => 'U',
                    "DELETE" => 'D',
                    _ => 'C',
                };
                let (id, right, body) = match route.kind() {
                    Kind::One { resource } => {
                        // Staff have the rights of the table on organizations and on rows without an organization.
                        if letter(resource, verb, principal) != '-' && principal == "staff" {
                            continue;
                        }
                        let body = if verb == 'U' { change(resource) } else { Value::Null };
                        (&ids[resource], letter(resource, verb, principal), body)
                    }
                    Kind::Under { parent, resource } if verb == 'C' => {
                        let mut body = other.draft(resource, other.owner()).body;
                        body.as_object_mut().expect("an object").remove(&super::lists::column(parent));
                        (&ids[parent], letter(resource, 'C', principal), body)
                    }
                    Kind::Under { parent, resource } => {
                        (&ids[parent], letter(resource, 'R', principal), Value::Null)
                    }
                    Kind::Action { resource, action } => {
                        (&ids[resource], action_letter(resource, action, principal), order(action))
                    }
                    Kind::All { .. } | Kind::Other => continue,
                };
                // Staff have the rights of the table on all organizations and their subscriptions.
                if principal == "staff" && right != '-' {
                    continue;
                }
                let (label, status) = asked(site, who, route, id, &body);
                let expected = if right == '-' { 403 } else { 404 };
                assert_eq!(status, expected, "{label} {body} on {}", site.backend);
                answers.push((label, status));
            }
        }
        assert_eq!(acme.look(&routes), before, "on {}", site.backend);
        answers
    });
    assert!(sqlite.len() > 500, "{}", sqlite.len());
    assert_eq!(sqlite, postgres);
}

#[test]
fn no_list_contains_rows_of_another_organization() {
    let (sqlite, postgres) = on_both(|site| {
        let staff = site.staff("staff@example.org");
        let (acme, other) =
            (Organization::open(site, "acme", &staff), Organization::open(site, "other", &staff));
        let routes = all();
        let ids = one_of_each(&acme, &routes);
        let ours = one_of_each(&other, &routes);
        let mut answers = Vec::new();
        for (principal, who) in strangers(&other, &staff) {
            for route in routes.iter().filter(|route| route.method == "GET") {
                let Kind::All { resource } = route.kind() else { continue };
                // Clients and freelancers list documents by batch only.
                // Staff list subscriptions by organization only.
                let is_nested = match resource {
                    "documents" => ["client", "freelancer"].contains(&principal),
                    "subscriptions" => principal == "staff",
                    _ => false,
                };
                let may_list = letter(resource, 'L', principal) != '-' && !is_nested;
                let plain = format!("{}?limit=200&sort=-id", route.address);
                let list = site.ask("GET", &plain, Some(&who.token), &Value::Null);
                assert_eq!(
                    list.status,
                    if may_list { 200 } else { 403 },
                    "{principal} {plain} {}",
                    list.body
                );
                let items = list.body["items"].as_array().cloned().unwrap_or_default();
                let is_platform = ["organizations", "contact-submissions"].contains(&resource);
                if principal == "owner" && may_list {
                    assert!(items.iter().any(|item| item["id"] == ours[resource]), "{plain} shows ours");
                }
                for item in items.iter().filter(|_| !(principal == "staff" && is_platform)) {
                    assert_ne!(item["id"], ids[resource], "{principal} {plain} on {}", site.backend);
                    let organization = &item["organization_id"];
                    assert!(
                        organization.is_null() || *organization == other.id,
                        "{principal} {plain} {item}"
                    );
                }
                answers.push((format!("{principal} {plain}"), list.status));
                // A filter by a foreign row returns an empty list, or 404.
                for filter in route.filters.iter().filter(|name| name.ends_with("_id")) {
                    let Some(foreign) = super::references::row_of(filter) else { continue };
                    let address = format!("{plain}&{filter}={}", text(&ids[foreign]));
                    let list = site.ask("GET", &address, Some(&who.token), &Value::Null);
                    let count = list.body["items"].as_array().map_or(0, Vec::len);
                    assert!([200, 403, 404].contains(&list.status), "{principal} {address} {}", list.body);
                    assert_eq!(count, 0, "{principal} {address} on {}: {}", site.backend, list.body);
                    answers.push((format!("{principal} {} by {filter}", route.address), list.status));
                }
            }
        }
        answers
    });
    assert!(sqlite.len() > 150, "{}", sqlite.len());
    assert_eq!(sqlite, postgres);
}
