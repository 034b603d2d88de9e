//! Lists contain exactly the rows that can be read one by one.

use serde_json::{Value, json};

use super::ROLES;
use super::organization::{Organization, text};
use super::routes::{Kind, all};
use crate::site::on_both;

/// The foreign key column for a parent.
pub(super) fn column(parent: &str) -> String {
    match parent {
        "tasks" => "parent_task_id".to_owned(),
        "batches" => "batch_id".to_owned(),
        other => format!("{}_id", other.trim_end_matches('s').replace('-', "_")),
    }
}

#[test]
fn lists_contain_only_readable_rows() {
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
            // Rows of other users below a row of the caller.
            let of = |resource: &str| ids.iter().find(|(each, _)| *each == resource).expect("made").1.clone();
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
            for (resource, body) in others {
                site.expect(201, owner, "POST", &format!("/api/{resource}"), &body);
            }
            for route in all().iter().filter(|route| route.method == "GET") {
                let (addresses, resource): (Vec<String>, &str) = match route.kind() {
                    Kind::All { resource } => {
                        let filtered = |person: &str| {
                            format!("{}?limit=200&user_id={}", route.address, acme.person(person).id)
                        };
                        let mut addresses = vec![format!("{}?limit=200", route.address)];
                        if route.filters.iter().any(|name| name == "user_id") {
                            addresses.extend(ROLES.iter().map(|role| filtered(role)));
                        }
                        (addresses, resource)
                    }
                    Kind::Under { parent, resource } => {
                        let of_parent = ids.iter().filter(|(each, _)| *each == parent);
                        let address = |id: &Value| route.address.replace("{parent_id}", &text(id));
                        (of_parent.map(|(_, id)| address(id)).collect(), resource)
                    }
                    _ => continue,
                };
                for address in addresses {
                    let list = site.ask("GET", &address, Some(&caller.token), &Value::Null);
                    for item in list.body["items"].as_array().into_iter().flatten() {
                        let one = format!("/api/{resource}/{}", text(&item["id"]));
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
