//! The registry against the live catalog.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::app::memory;
use backoffice::migrations::MIGRATIONS;
use backoffice::registry::{application, tables};
use databases::connection::AnyConnection;
use databases::migrations::{ChangedPolicy, apply};

#[test]
fn every_table_is_registered_once_with_its_columns() {
    let catalog = application().catalog().expect("catalog");
    let all = tables();
    let mut registered: Vec<&str> = all.iter().map(|table| table.name()).collect();
    registered.sort_unstable();
    let live: Vec<&str> = catalog.tables.keys().map(String::as_str).collect();
    assert_eq!(registered, live);
    assert!(!live.is_empty());
    for table in tables() {
        let mut own: Vec<&str> = table.columns().to_vec();
        assert_eq!(own.first(), Some(&"id"));
        own.sort_unstable();
        let mut live: Vec<&str> =
            catalog.tables[table.name()].columns.iter().map(|column| column.name.as_str()).collect();
        live.sort_unstable();
        assert_eq!(own, live, "{}", table.name());
    }
}

#[test]
fn parents_precede_their_children() {
    let catalog = application().catalog().expect("catalog");
    let place = |name: &str| tables().iter().position(|table| table.name() == name).expect("registered");
    for table in tables() {
        for key in &catalog.tables[table.name()].foreign_keys {
            let parent = key.parent_table.as_str();
            assert!(
                parent == table.name() || place(parent) < place(table.name()),
                "{} stands before its parent {parent}",
                table.name()
            );
        }
    }
}

#[test]
fn every_foreign_key_is_the_prefix_of_an_index() {
    let catalog = application().catalog().expect("catalog");
    for (name, table) in &catalog.tables {
        for key in &table.foreign_keys {
            let leads = |index: &databases::catalog::CatalogIndex| {
                index.predicate.is_none()
                    && index.columns.first().map(|(column, _)| column) == key.columns.first()
            };
            assert!(table.indexes.iter().any(leads), "{name} ({}) has no index", key.columns.join(", "));
        }
    }
}

#[test]
fn required_indexes_exist() {
    let catalog = application().catalog().expect("catalog");
    let names: Vec<&str> = catalog
        .tables
        .values()
        .flat_map(|table| table.indexes.iter().map(|index| index.name.as_str()))
        .collect();
    for wanted in [
        "idx_organizations_active",
        "idx_batches_processing",
        "idx_docs_pending_review",
        "idx_docs_ready_upload",
        "idx_usage_unbilled",
        "idx_users_org_email",
        "idx_batches_user_recent",
        "idx_docs_org_status_date",
        "idx_usage_billing",
        "idx_corrections_learning",
        "idx_applicants_organization",
        "idx_projects_organization",
        "idx_users_email",
        "idx_activities_created",
        "idx_tasks_user_id",
        "idx_tasks_completed",
        "idx_recurring_user_id",
    ] {
        assert!(names.contains(&wanted), "{wanted}");
    }
}

/// The columns by which rows are listed: those with a fixed value; then the order is that of keys.
const LISTS: &[(&str, &str)] = &[
    ("users", "organization_id"),
    ("users", "organization_id, role"),
    ("organization_settings", "organization_id"),
    ("usage_logs", "organization_id"),
    ("usage_logs", "organization_id, billing_period"),
    ("notifications", "user_id"),
    ("notifications", "user_id, status"),
    ("activities", "organization_id"),
    ("activities", "organization_id, entity_type, entity_id"),
    ("activities", "user_id"),
    ("report_runs", "organization_id"),
    ("report_runs", "user_id"),
    ("batches", "organization_id"),
    ("batches", "organization_id, status"),
    ("batches", "user_id"),
    ("document_metadata", "organization_id"),
    ("document_metadata", "organization_id, status"),
    ("document_metadata", "batch_id"),
    ("field_corrections", "document_id"),
    ("field_corrections", "organization_id"),
    ("connector_configs", "user_id"),
    ("field_mappings", "connector_config_id"),
    ("recurring_patterns", "user_id"),
    ("tasks", "user_id"),
    ("tasks", "user_id, completed"),
    ("tasks", "parent_task_id"),
    ("tasks", "recurring_pattern_id"),
    ("customers", "organization_id"),
    ("customers", "organization_id, name"),
    ("products", "organization_id"),
    ("products", "organization_id, category"),
    ("bills", "organization_id"),
    ("bills", "organization_id, status"),
    ("bills", "customer_id"),
    ("bill_items", "bill_id"),
    ("projects", "organization_id"),
    ("projects", "organization_id, status"),
    ("projects", "client_user_id"),
    ("projects", "freelancer_user_id"),
    ("milestones", "project_id"),
    ("payments", "organization_id"),
    ("payments", "organization_id, status"),
    ("payments", "bill_id"),
    ("payments", "milestone_id"),
    ("payments", "payer_user_id"),
    ("payments", "payee_user_id"),
    ("applicants", "organization_id"),
    ("applicants", "organization_id, status"),
    ("matches", "organization_id"),
    ("matches", "applicant_id"),
    ("matches", "project_id"),
    ("investments", "organization_id"),
    ("investments", "user_id"),
    ("investments", "project_id"),
    ("investment_valuations", "investment_id"),
];

#[test]
fn every_list_has_an_index() {
    let catalog = application().catalog().expect("catalog");
    for (table, columns) in LISTS {
        let wanted = format!("{columns}, id");
        let is_wanted = |index: &databases::catalog::CatalogIndex| {
            let own: Vec<&str> = index.columns.iter().map(|(column, _)| column.as_str()).collect();
            own.join(", ") == wanted
                && index.predicate.is_none()
                && index.columns.iter().all(|(_, down)| !down)
        };
        let found = catalog.tables[*table].indexes.iter().filter(|index| is_wanted(index)).count();
        assert_eq!(found, 1, "{table} ({wanted})");
    }
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[test]
fn sqlite_reads_every_list_from_its_index_without_a_sort() {
    let mut connection = AnyConnection::Sqlite(memory());
    apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {}).expect("apply");
    let AnyConnection::Sqlite(mut connection) = connection else { unreachable!("made above") };
    for (table, columns) in LISTS {
        let equal: Vec<String> = columns.split(", ").map(|column| format!("{column} = ?")).collect();
        let query = format!(
            "EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {} AND id > ? ORDER BY id LIMIT 10",
            equal.join(" AND ")
        );
        let plan: Vec<Detail> = diesel::sql_query(&query).load(&mut connection).expect("plan");
        let plan: Vec<String> = plan.into_iter().map(|row| row.detail).collect();
        let searched = format!("({} AND id>?)", equal.join(" AND ").replace(" = ", "="));
        let is_search = plan.len() == 1 && plan[0].contains("USING INDEX") && plan[0].ends_with(&searched);
        assert!(is_search, "{query}: {plan:?}");
    }
}
