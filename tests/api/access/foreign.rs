//! Another organization's rows are not there: for nobody, on no route.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ROLES;
use super::drafts::{change, order};
use super::organization::{Organization, text};
use super::routes::{Kind, Route, all};
use super::table::{action_letter, letter};
use crate::site::{Person, Site, on_both};

/// One row of each resource, by its name.
fn one_of_each(organization: &Organization<'_>, routes: &[Route]) -> BTreeMap<String, Value> {
    let mut ids = BTreeMap::new();
    for route in routes {
        if let Kind::One { thing } = route.kind()
            && !ids.contains_key(thing)
        {
            ids.insert(thing.to_owned(), organization.make(thing, organization.owner()));
        }
    }
    assert_eq!(ids.len(), 29, "{ids:?}");
    ids
}

/// Everybody who is not of an organization.
fn strangers<'a>(other: &'a Organization<'_>, staff: &'a Person) -> Vec<(&'static str, &'a Person)> {
    [("staff", staff)].into_iter().chain(ROLES.map(|role| (role, other.person(role)))).collect()
}

fn asked(site: &Site, who: &Person, route: &Route, id: &Value, body: &Value) -> (String, u16) {
    let address = route.address.replace("{id}", &text(id)).replace("{parent_id}", &text(id));
    let answer = site.ask(&route.method, &address, Some(&who.token), body);
    (format!("{} {} {}", who.email, route.method, route.address), answer.status)
}

#[test]
fn what_is_another_organizations_is_not_there() {
    let (sqlite, postgres) = on_both(|site| {
        let staff = site.staff("staff@example.org");
        let (acme, other) =
            (Organization::open(site, "acme", &staff), Organization::open(site, "other", &staff));
        let routes = all();
        let ids = one_of_each(&acme, &routes);
        let before = acme.look(&routes);
        let mut answers = Vec::new();
        for (standing, who) in strangers(&other, &staff) {
            for route in &routes {
                let verb = match route.method.as_str() {
                    "GET" => 'R',
                    "PATCH" => 'U',
                    "DELETE" => 'D',
                    _ => 'C',
                };
                let (id, right, body) = match route.kind() {
                    Kind::One { thing } => {
                        // Staff do to organizations, and to what is nobody's, what the table says.
                        if letter(thing, verb, standing) != '-' && ["staff"].contains(&standing) {
                            continue;
                        }
                        let body = if verb == 'U' { change(thing) } else { Value::Null };
                        (&ids[thing], letter(thing, verb, standing), body)
                    }
                    Kind::Under { parent, thing } if verb == 'C' => {
                        let mut body = other.draft(thing, other.owner()).body;
                        body.as_object_mut().expect("an object").remove(&super::lists::column(parent));
                        (&ids[parent], letter(thing, 'C', standing), body)
                    }
                    Kind::Under { parent, thing } => {
                        (&ids[parent], letter(thing, 'R', standing), Value::Null)
                    }
                    Kind::Action { thing, action } => {
                        (&ids[thing], action_letter(thing, action, standing), order(action))
                    }
                    Kind::All { .. } | Kind::Other => continue,
                };
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
fn no_list_shows_what_is_another_organizations() {
    let (sqlite, postgres) = on_both(|site| {
        let staff = site.staff("staff@example.org");
        let (acme, other) =
            (Organization::open(site, "acme", &staff), Organization::open(site, "other", &staff));
        let routes = all();
        let ids = one_of_each(&acme, &routes);
        let ours = one_of_each(&other, &routes);
        let mut answers = Vec::new();
        for (standing, who) in strangers(&other, &staff) {
            for route in routes.iter().filter(|route| route.method == "GET") {
                let Kind::All { thing } = route.kind() else { continue };
                // Those from outside list documents by their batches only.
                let is_nested = thing == "documents" && ["client", "freelancer"].contains(&standing);
                let may_list = letter(thing, 'L', standing) != '-' && !is_nested;
                let plain = format!("{}?limit=200&sort=-id", route.address);
                let list = site.ask("GET", &plain, Some(&who.token), &Value::Null);
                assert_eq!(list.status, if may_list { 200 } else { 403 }, "{standing} {plain} {}", list.body);
                let items = list.body["items"].as_array().cloned().unwrap_or_default();
                let is_platform = ["organizations", "contact-submissions"].contains(&thing);
                if standing == "owner" && may_list {
                    assert!(items.iter().any(|item| item["id"] == ours[thing]), "{plain} shows ours");
                }
                for item in items.iter().filter(|_| !(standing == "staff" && is_platform)) {
                    assert_ne!(item["id"], ids[thing], "{standing} {plain} on {}", site.backend);
                    let organization = &item["organization_id"];
                    assert!(organization.is_null() || *organization == other.id, "{standing} {plain} {item}");
                }
                answers.push((format!("{standing} {plain}"), list.status));
                // Filtered by what is another's, it shows nothing, or says that there is no such thing.
                for filter in route.filters.iter().filter(|name| name.ends_with("_id")) {
                    let Some(foreign) = super::references::row_of(filter) else { continue };
                    let address = format!("{plain}&{filter}={}", text(&ids[foreign]));
                    let list = site.ask("GET", &address, Some(&who.token), &Value::Null);
                    let count = list.body["items"].as_array().map_or(0, Vec::len);
                    assert!([200, 403, 404].contains(&list.status), "{standing} {address} {}", list.body);
                    assert_eq!(count, 0, "{standing} {address} on {}: {}", site.backend, list.body);
                    answers.push((format!("{standing} {} by {filter}", route.address), list.status));
                }
            }
        }
        answers
    });
    assert!(sqlite.len() > 150, "{}", sqlite.len());
    assert_eq!(sqlite, postgres);
}
