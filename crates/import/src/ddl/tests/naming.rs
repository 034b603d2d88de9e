use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

#[test]
fn a_key_named_as_its_table_gets_another_name() {
    let made = make("CREATE TABLE t (a INTEGER, CONSTRAINT t UNIQUE (a))");
    let key = made.statements.iter().find(|one| one.kind == StatementKind::Key).expect("there is a key");
    assert!(key.name.starts_with("t_") && key.name.len() == 10, "{}", key.name);
    assert_eq!(made.rules(), ["name/constraint-changed"]);
}

#[test]
fn comments_document_changed_names() {
    let made = make("CREATE TABLE __backoffice_x (ctid TEXT, \"it's\" TEXT)");
    let table = &made.statements[0].table;
    assert_eq!(
        made.of(StatementKind::Comment)[0],
        format!("COMMENT ON TABLE \"public\".\"{table}\" IS 'Name in SQLite: __backoffice_x'")
    );
    assert!(made.of(StatementKind::Comment)[1].ends_with("IS 'Name in SQLite: ctid'"));
    assert_eq!(made.of(StatementKind::Comment).len(), 2);
    assert_eq!(made.rules(), ["name/reserved-table", "name/reserved-column"]);
}

#[test]
fn a_name_that_the_user_chose_is_no_finding() {
    let made = make_with("CREATE TABLE t (a INTEGER)", &DdlOptions::default(), |_, conversion| {
        conversion.tables[0].target = "u".to_owned();
    });
    assert_eq!(made.of(StatementKind::Comment), ["COMMENT ON TABLE \"public\".\"u\" IS 'Name in SQLite: t'"]);
    assert!(made.findings.is_empty());
}

#[test]
fn a_constraint_of_one_name_is_in_two_tables() {
    let made = make(
        "CREATE TABLE t (a INTEGER, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE u (a INTEGER, CONSTRAINT positive CHECK (a > 0))",
    );
    assert!(made.rules().is_empty());
    assert!(made.of(StatementKind::Check).iter().all(|sql| sql.contains(" \"positive\" ")));
}

fn any_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "t",
        "u",
        "t_pkey",
        "t_a_key",
        "t_a_key1",
        "t_id_seq",
        "t_check",
        "t_a_fkey",
        "a_very_long_name_that_has_more_\
         than_sixty_three_bytes_in_it_and_ends_here",
        "u_a_key",
        "t_a_not_null",
    ])
}

/// A table with this name, with an identity column, keys, checks and foreign keys with these names.
fn any_table() -> impl Strategy<Value = String> {
    let constraint = (prop::option::of(any_name()), 0..3_usize).prop_map(|(name, kind)| {
        let named = name.map(|name| format!("CONSTRAINT {name} ")).unwrap_or_default();
        let body = ["UNIQUE (a, id)", "CHECK (a > 0)", "FOREIGN KEY (a) REFERENCES t"];
        let body =
            if kind == 0 { format!("UNIQUE (a{})", ", id, b".repeat(kind)) } else { body[kind].to_owned() };
        format!(", {named}{body}")
    });
    prop::collection::vec(constraint, 0..5).prop_map(|constraints| {
        format!(
            "(id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b TEXT UNIQUE COLLATE NOCASE{})",
            constraints.concat()
        )
    })
}

/// Up to five names, each once, in any order: that of a hash set would not be repeated by the seed.
fn any_names() -> impl Strategy<Value = Vec<&'static str>> {
    let names = prop::collection::btree_set(any_name(), 1..6);
    names.prop_map(|names| names.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn no_two_objects_of_a_namespace_have_one_name(
        names in any_names(),
        bodies in prop::collection::vec(any_table(), 6),
    ) {
        let sql: Vec<String> =
            names.iter().zip(&bodies).map(|(name, body)| format!("CREATE TABLE {name} {body}")).collect();
        let made = make(&sql.join(";\n"));
        let again = make(&sql.join(";\n"));
        prop_assert_eq!(&made.statements, &again.statements);
        let mut relations = HashSet::new();
        let mut constraints = HashSet::new();
        for one in &made.statements {
            prop_assert!(one.name.len() <= 63);
            let is_relation = matches!(one.kind, StatementKind::Table | StatementKind::Key | StatementKind::Index);
            prop_assert!(!is_relation || relations.insert(one.name.clone()), "{} twice", one.name);
            if let Some((_, named)) = one.sql.split_once("SEQUENCE NAME \"public\".\"") {
                let name = named.split('"').next().unwrap_or_default().to_owned();
                prop_assert!(relations.insert(name));
            } else if one.sql.contains("IDENTITY (START") {
                let name = format!("{}_id_seq", one.table);
                prop_assert!(relations.insert(name));
            }
            let is_constraint =
                matches!(one.kind, StatementKind::Key | StatementKind::Check | StatementKind::ForeignKey);
            let named = (one.table.clone(), one.name.clone());
            prop_assert!(!is_constraint || constraints.insert(named), "{} twice", one.name);
        }
    }
}
