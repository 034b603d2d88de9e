//! No body can refer to a row of another organization, in any field.

use serde_json::{Value, json};

use super::drafts::{change, order};
use super::organization::{Organization, text};
use super::routes::{Kind, all};
use crate::site::on_both;

/// The resource that a field refers to; `None` for identifiers of external systems.
pub(super) fn row_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "user_id" | "client_user_id" | "freelancer_user_id" | "payer_user_id" | "payee_user_id" => "users",
        "parent_task_id" => "tasks",
        "recurring_pattern_id" => "recurring-patterns",
        "batch_id" => "batches",
        "document_id" => "documents",
        "connector_config_id" => "connector-configs",
        "customer_id" => "customers",
        "product_id" => "products",
        "bill_id" => "bills",
        "milestone_id" => "milestones",
        "project_id" => "projects",
        "applicant_id" => "applicants",
        "investment_id" => "investments",
        // Staff create subscriptions of any organization.
        "organization_id" => return None,
        "entity_id" | "stripe_customer_id" | "stripe_subscription_id" => return None,
        other => panic!("what does {other} refer to?"),
    })
}

#[test]
fn no_body_can_refer_to_a_row_of_another_organization() {
    let (sqlite, postgres) = on_both(|site| {
        let staff = site.staff("staff@example.org");
        let (acme, other) =
            (Organization::open(site, "acme", &staff), Organization::open(site, "other", &staff));
        let routes = all();
        let before = acme.look(&routes);
        let owner = other.owner();
        let mut answers = Vec::new();
        for route in routes.iter().filter(|route| route.method == "POST" || route.method == "PATCH") {
            for field in route.fields.iter().filter(|field| field.ends_with("_id")) {
                let name = field.rsplit('/').next().expect("a name");
                let Some(foreign) = row_of(name) else { continue };
                let foreign = acme.make(foreign, acme.owner());
                let (address, mut body) = match route.kind() {
                    Kind::All { resource } => {
                        let draft = other.draft(resource, owner);
                        (route.address.clone(), draft.body)
                    }
                    Kind::Under { parent, resource } => {
                        let mut body = other.draft(resource, owner).body;
                        body.as_object_mut().expect("an object").remove(&super::lists::column(parent));
                        let parent = text(&other.make(parent, owner));
                        (route.address.replace("{parent_id}", &parent), body)
                    }
                    Kind::One { resource } => {
                        let id = text(&other.make(resource, owner));
                        (route.address.replace("{id}", &id), change(resource))
                    }
                    Kind::Action { resource, action } => {
                        let id = text(&other.make_for(resource, action, owner));
                        (route.address.replace("{id}", &id), order(action))
                    }
                    Kind::Other => panic!("{route:?} refers to something"),
                };
                if let Some((list, _)) = field.split_once("/0/") {
                    assert_eq!(list, "items", "{route:?}");
                    body["items"] =
                        json!([{"description": "d", "quantity": "1", "unit_price": "1", name: foreign}]);
                } else {
                    // Of two fields that exclude each other, only one is sent.
                    match name {
                        "milestone_id" => body.as_object_mut().expect("an object").remove("bill_id"),
                        "bill_id" => body.as_object_mut().expect("an object").remove("milestone_id"),
                        _ => None,
                    };
                    body[name] = foreign;
                }
                let label = format!("{} {} {field}", route.method, route.address);
                let answer = site.ask(&route.method, &address, Some(&owner.token), &body);
                assert_eq!(answer.status, 422, "{label} {body} on {}: {}", site.backend, answer.body);
                let error = json!({
                    "pointer": format!("/{field}"), "code": "unknown_reference",
                    "detail": "refers to a row that does not exist",
                });
                assert_eq!(answer.body["errors"], json!([error]), "{label}");
                answers.push(label);
            }
        }
        let after = acme.look(&routes);
        // Rows created as references are new, and no user of the other organization appears in them.
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        let told = Value::from_iter(after).to_string();
        assert!(!told.contains(&owner.id), "on {}", site.backend);
        answers
    });
    assert!(sqlite.len() > 30, "{sqlite:#?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn no_row_can_be_created_below_an_invisible_parent() {
    on_both(|site| {
        let staff = site.staff("staff@example.org");
        let acme = Organization::open(site, "acme", &staff);
        let client = acme.person("client");
        let task = acme.make("tasks", acme.owner());
        let pattern = acme.make("recurring-patterns", acme.owner());
        let mine = acme.make("tasks", client);
        let mine = format!("/api/tasks/{}", text(&mine));
        for (field, id) in [("parent_task_id", task), ("recurring_pattern_id", pattern)] {
            let body = json!({"title": "t", field: id});
            for (method, address) in [("POST", "/api/tasks"), ("PATCH", mine.as_str())] {
                let answer = site.ask(method, address, Some(&client.token), &body);
                assert_eq!(answer.status, 422, "{method} {body}: {}", answer.body);
                assert_eq!(answer.body["errors"][0]["code"], "unknown_reference");
            }
        }
    });
}
