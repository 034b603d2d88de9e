//! The registry against the live catalog.

use backoffice::copy::expected_catalog;
use backoffice::registry::TABLES;

#[test]
fn every_table_is_registered_once_with_its_columns() {
    let catalog = expected_catalog().expect("catalog");
    let mut registered: Vec<&str> = TABLES.iter().map(|table| table.name()).collect();
    registered.sort_unstable();
    let live: Vec<&str> = catalog.tables.keys().map(String::as_str).collect();
    assert_eq!(registered, live);
    assert_eq!(live.len(), 31);
    for table in TABLES {
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
fn parents_stand_before_their_children() {
    let catalog = expected_catalog().expect("catalog");
    let place = |name: &str| TABLES.iter().position(|table| table.name() == name).expect("registered");
    for table in TABLES {
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
fn every_foreign_key_leads_an_index() {
    let catalog = expected_catalog().expect("catalog");
    for (name, table) in &catalog.tables {
        for key in &table.foreign_keys {
            let leads = |index: &backoffice::db::catalog::Index| {
                index.predicate.is_none()
                    && index.columns.first().map(|(column, _)| column) == key.columns.first()
            };
            assert!(table.indexes.iter().any(leads), "{name} ({}) has no index", key.columns.join(", "));
        }
    }
}

#[test]
fn the_indexes_asked_for_by_name_are_there() {
    let catalog = expected_catalog().expect("catalog");
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
