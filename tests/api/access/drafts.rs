//! Bodies that create and change a row of each resource.

use serde_json::{Value, json};

use super::organization::{Organization, text};
use crate::site::Person;

/// A row to create.
pub(super) struct Draft {
    pub(super) address: String,
    pub(super) body: Value,
    /// A user who may create a row for this user: the owner, or the user where rows always belong to their creator.
    pub(super) maker: Person,
}

impl Organization<'_> {
    /// A new row for this user, with its parents.
    pub(super) fn draft(&self, resource: &str, about: &Person) -> Draft {
        let number = self.serial();
        let under = |parent: &str| {
            let id = self.make(parent, about);
            format!("/api/{parent}/{}/{resource}", text(&id))
        };
        let plain = format!("/api/{resource}");
        let (address, body) = match resource {
            "organizations" => (plain, json!({"name": "Other"})),
            "organization-settings" => {
                (plain, json!({"connector_type": format!("c{number}"), "config_encrypted": "x"}))
            }
            "subscriptions" => (
                format!("/api/organizations/{}/subscriptions", text(&self.id)),
                json!({
                    "plan_type": "trial", "price_per_document": "0.1", "monthly_base_fee": "1",
                    "overage_price_per_document": "0.2",
                }),
            ),
            "usage-logs" => (plain, json!({"action_type": "read"})),
            "notifications" => {
                (plain, json!({"user_id": about.id, "kind": "k", "title": "t", "message": "m"}))
            }
            "contact-submissions" => {
                (plain, json!({"name": "n", "email": "n@example.org", "subject": "s", "message": "m"}))
            }
            "report-runs" => (plain, json!({"kind": "k"})),
            "batches" => (plain, json!({"total_files": 2})),
            "documents" => {
                let batch = self.make("batches", about);
                (plain, json!({"batch_id": batch, "filename": "f", "file_path": "p", "category": "c"}))
            }
            "field-corrections" => (under("documents"), json!({"field_name": "f", "corrected_value": "v"})),
            "connector-configs" => (plain, json!({"connector_type": "c", "config": {}})),
            "field-mappings" => {
                (under("connector-configs"), json!({"source_field": "a", "target_field": "b"}))
            }
            "recurring-patterns" => (
                plain,
                json!({
                    "user_id": about.id, "title": "t", "frequency": "daily", "start_date": "2026-01-30",
                }),
            ),
            "tasks" => (plain, json!({"user_id": about.id, "title": "t"})),
            "customers" => (plain, json!({"name": "n"})),
            "products" => (plain, json!({"code": format!("p{number}"), "name": "n", "price": "1"})),
            "bills" => (plain, json!({"bill_number": format!("b{number}")})),
            "bill-items" => (under("bills"), json!({"description": "d", "quantity": "1", "unit_price": "1"})),
            "payments" => {
                let (client, freelancer) = self.sides(about);
                let body = json!({
                    "payer_user_id": client, "payee_user_id": freelancer, "kind": "payment", "method": "cash",
                    "amount": "1",
                });
                (under("bills"), body)
            }
            "projects" => {
                let (client, freelancer) = self.sides(about);
                (plain, json!({"name": "n", "client_user_id": client, "freelancer_user_id": freelancer}))
            }
            "milestones" => (under("projects"), json!({"position": number, "title": "t", "amount": "5"})),
            "applicants" => (
                plain,
                json!({"first_name": "f", "last_name": "l", "email": format!("a{number}@example.org")}),
            ),
            "applicant-embeddings" => {
                (under("applicants"), json!({"model": "m", "embedding": [1.0, 0.0], "preferences_text": "p"}))
            }
            "project-embeddings" => {
                (under("projects"), json!({"model": "m", "embedding": [1.0, 0.0], "description_text": "d"}))
            }
            "matches" => {
                let (applicant, project) = (self.make("applicants", about), self.make("projects", about));
                (plain, json!({"applicant_id": applicant, "project_id": project, "similarity_score": 0.5}))
            }
            "investments" => {
                (plain, json!({"user_id": about.id, "amount": "5", "invested_on": "2026-01-01"}))
            }
            "investment-valuations" => {
                (under("investments"), json!({"valued_on": "2026-01-02", "value": "6"}))
            }
            other => panic!("how is one of {other} made?"),
        };
        let maker = match resource {
            "report-runs" | "batches" | "connector-configs" | "field-mappings" => about,
            // An organization does not set its own price.
            "subscriptions" => &self.staff,
            _ => self.owner(),
        };
        Draft { address, body, maker: maker.clone() }
    }

    /// Client and freelancer of a row for this user: the other one of the two is an admin.
    fn sides<'a>(&'a self, about: &'a Person) -> (&'a str, &'a str) {
        let other = &self.person("admin").id;
        match about.id == self.person("freelancer").id {
            true => (other, &about.id),
            false => (&about.id, other),
        }
    }
}

/// A change that every role with the right to update may make.
pub(super) fn change(resource: &str) -> Value {
    match resource {
        "organizations" | "customers" | "products" | "projects" => json!({"name": "changed"}),
        "organization-settings" | "connector-configs" => json!({"is_active": false}),
        "users" | "applicants" => json!({"first_name": "Changed"}),
        "subscriptions" => json!({"status": "active"}),
        "usage-logs" => json!({"billed": true}),
        "notifications" => json!({"status": "read"}),
        "contact-submissions" => json!({"subject": "changed"}),
        "report-runs" => json!({"status": "running"}),
        "batches" => json!({"processed_files": 1}),
        "documents" => json!({"category": "changed"}),
        "field-corrections" => json!({"corrected_value": "changed"}),
        "field-mappings" => json!({"target_field": "changed"}),
        "recurring-patterns" | "tasks" => json!({"title": "changed"}),
        "bills" => json!({"discount_amount": "0"}),
        "bill-items" | "milestones" => json!({"description": "changed"}),
        "payments" => json!({"reference": "changed"}),
        "applicant-embeddings" | "project-embeddings" => json!({"model": "changed"}),
        "matches" => json!({"status": "accepted"}),
        "investments" | "investment-valuations" => json!({"notes": "changed"}),
        other => panic!("how is one of {other} changed?"),
    }
}

/// The body of an action.
pub(super) fn order(action: &str) -> Value {
    match action {
        "pay" | "refund" => json!({"amount": "1", "method": "cash"}),
        _ => json!({}),
    }
}
