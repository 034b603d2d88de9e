//! Lists show what can be read one by one, and nothing else.

use serde_json::{Value, json};

use super::ROLES;
use super::organization::{Organization, text};
use super::routes::{Kind, all};
use crate::site::on_both;

/// The column by which rows stand under one of these.
pub(super) fn column(parent: &str) -> String {
    match parent {
        "tasks" => "parent_task_id".to_owned(),
        "batches" => "batch_id".to_owned(),
        other => format!("{}_id", other.trim_end_matches('s').replace('-', "_")),
    }
}

#[test]
fn a_list_shows_nobody_what_they_may_not_read() {
    on_both(|site| {
        let staff = site.staff("staff@example.org");
        let acme = Organization::open(site, "acme", &staff);
        let owner = acme.owner();
        let mut tried = 0;
        let parents = ["projects", "tasks", "recurring-patterns", "batches", "milestones", "investments"];
        for role in ["client", "freelancer", "member"] {
            let caller = acme.person(role);
            let mut ids: Vec<(&str, Value)> =
                parents.iter().map(|parent| (*parent, acme.make(parent, caller))).collect();
            ids.extend(parents.iter().map(|parent| (*parent, acme.make(parent, owner))));
            // What others have under what is the caller's.
            let of = |thing: &str| ids.iter().find(|(each, _)| *each == thing).expect("made").1.clone();
            let others = [
                (
                    "investments",
                    json!({"user_id": owner.id, "project_id": of("projects"), "amount": "5",
                    "invested_on": "2026-01-01"}),
                ),
                ("tasks", json!({"user_id": owner.id, "parent_task_id": of("tasks"), "title": "t"})),
                (
                    "tasks",
                    json!({"user_id": owner.id, "recurring_pattern_id": of("recurring-patterns"),
                    "title": "t"}),
                ),
                (
                    "payments",
                    json!({"milestone_id": of("milestones"), "payer_user_id": owner.id,
                    "payee_user_id": acme.person("admin").id, "kind": "fee", "method": "cash", "amount": "1"}),
                ),
                (
                    "documents",
                    json!({"batch_id": of("batches"), "filename": "f", "file_path": "p",
                    "category": "c"}),
                ),
            ];
            for (thing, body) in others {
                site.expect(201, owner, "POST", &format!("/api/{thing}"), &body);
            }
            for route in all().iter().filter(|route| route.method == "GET") {
                let (addresses, thing): (Vec<String>, &str) = match route.kind() {
                    Kind::All { thing } => {
                        let filtered = |person: &str| {
                            format!("{}?limit=200&user_id={}", route.address, acme.person(person).id)
                        };
                        let mut addresses = vec![format!("{}?limit=200", route.address)];
                        if route.filters.iter().any(|name| name == "user_id") {
                            addresses.extend(ROLES.iter().map(|role| filtered(role)));
                        }
                        (addresses, thing)
                    }
                    Kind::Under { parent, thing } => {
                        let of_parent = ids.iter().filter(|(each, _)| *each == parent);
                        let address = |id: &Value| route.address.replace("{parent_id}", &text(id));
                        (of_parent.map(|(_, id)| address(id)).collect(), thing)
                    }
                    _ => continue,
                };
                for address in addresses {
                    let list = site.ask("GET", &address, Some(&caller.token), &Value::Null);
                    for item in list.body["items"].as_array().into_iter().flatten() {
                        let one = format!("/api/{thing}/{}", text(&item["id"]));
                        let read = site.ask("GET", &one, Some(&caller.token), &Value::Null);
                        assert_eq!(read.status, 200, "{role} finds {one} in {address}: {}", read.body);
                        tried += 1;
                    }
                }
            }
        }
        assert!(tried > 100, "lists were not empty: {tried}");
        tried
    });
}
