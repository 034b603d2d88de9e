use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;

use proptest::strategy::Strategy;

use super::*;

#[test]
fn names_match_exactly_then_by_letter_case_then_by_what_postgresql_keeps() {
    let long = "é".repeat(40);
    let kept = "é".repeat(31);
    let none = MatchDecisions::default();
    let cases: [(&[&str], &[&str], &str, &str); 7] = [
        (&["users"], &["users"], "users>users(a>a)", ""),
        (&["Users"], &["users"], "Users>users(a>a)", ""),
        (&["users"], &["Users", "users"], "users>users(a>a)", ""),
        (&["USERS"], &["Users", "users"], "", "target/ambiguous-name USERS; target/missing-table USERS"),
        (&[&long], &[&kept], "LONG>KEPT(a>a)", ""),
        (&["Ä"], &["ä"], "", "target/missing-table Ä"),
        (&["a", "b"], &["b"], "b>b(a>a)", "target/missing-table a"),
    ];
    for (sources, targets, tables, findings) in cases {
        let sources = sources.iter().map(|name| source(name, &["a"])).collect();
        let targets: Vec<_> = targets.iter().map(|name| existing(name, vec![text("a")])).collect();
        let (found_tables, found) = matched(sources, &targets, &none);
        let expected = tables.replace("LONG", &long).replace("KEPT", &kept);
        assert_eq!((found_tables.as_str(), found.as_str()), (expected.as_str(), findings));
    }
}

#[test]
fn two_names_that_postgresql_cuts_to_the_same_are_matched_with_none() {
    let first = format!("{}1", "x".repeat(63));
    let second = format!("{}2", "x".repeat(63));
    let sources = vec![source(&first, &["a"]), source(&second, &["a"])];
    let targets = [existing(&"x".repeat(63), vec![text("a")])];
    let (tables, findings) = matched(sources, &targets, &MatchDecisions::default());
    assert_eq!(tables, "");
    assert_eq!(findings.matches("target/ambiguous-name").count(), 2, "{findings}");
    assert_eq!(findings.matches("target/missing-table").count(), 2, "{findings}");
}

#[test]
fn columns_match_by_the_same_rules_and_what_is_left_over_is_named() {
    let required = ExistingColumn { not_null: true, ..text("extra") };
    let cases = [
        (vec![text("A")], "t>t(a>A)", "target/missing-column t.b"),
        (vec![text("a"), text("b"), text("extra")], "t>t(a>a b>b)", "target/extra-column t.extra"),
        (vec![text("a"), text("b"), required.clone()], "", "target/required-column t.extra"),
        (
            vec![text("a"), text("b"), ExistingColumn { has_default: true, ..required.clone() }],
            "t>t(a>a b>b)",
            "target/extra-column t.extra",
        ),
        (
            vec![text("a"), text("b"), ExistingColumn { is_identity: true, ..required.clone() }],
            "t>t(a>a b>b)",
            "target/extra-column t.extra",
        ),
        (vec![text("a"), text("b"), ExistingColumn { is_generated: true, ..required }], "t>t(a>a b>b)", ""),
        (
            vec![text("c")],
            "",
            "target/missing-column t.a; target/missing-column t.b; target/extra-column t.c",
        ),
    ];
    for (columns, tables, findings) in cases {
        let found =
            matched(vec![source("t", &["a", "b"])], &[existing("t", columns)], &MatchDecisions::default());
        assert_eq!((found.0.as_str(), found.1.as_str()), (tables, findings));
    }
}

#[test]
fn the_table_of_a_migration_tool_is_never_copied_nor_copied_into() {
    let sources = vec![source("django_migrations", &["id"]), source("t", &["id"])];
    let targets = [existing("django_migrations", vec![text("id")]), existing("t", vec![text("id")])];
    let (tables, findings) = matched(sources.clone(), &targets, &MatchDecisions::default());
    assert_eq!(
        (tables.as_str(), findings.as_str()),
        ("t>t(id>id)", "target/migration-table django_migrations")
    );

    let into =
        TableMatchDecision { target: Some("django_migrations".to_owned()), ..TableMatchDecision::default() };
    let decisions = MatchDecisions { tables: [("t".to_owned(), into)].into(), ..MatchDecisions::default() };
    let (tables, findings) = matched(sources, &targets, &decisions);
    assert_eq!(tables, "");
    assert_eq!(findings, "target/migration-table django_migrations; target/missing-table t");
}

#[test]
fn a_table_with_the_shape_of_a_history_is_copied_only_by_its_name() {
    let columns = ["id", "name", "applied_at"];
    let sources = || vec![source("app_migrations", &columns), source("t", &["id"])];
    let history = existing("app_migrations", columns.iter().map(|name| text(name)).collect());
    let targets = [history, existing("t", vec![text("id")])];
    let (tables, findings) = matched(sources(), &targets, &MatchDecisions::default());
    assert_eq!((tables.as_str(), findings.as_str()), ("t>t(id>id)", "target/like-migrations app_migrations"));
    let only = MatchDecisions { only: vec!["app_migrations".to_owned()], ..MatchDecisions::default() };
    let (tables, findings) = matched(sources(), &targets, &only);
    assert!(tables.starts_with("app_migrations>app_migrations("), "{tables}");
    assert_eq!(findings, "decision/skipped t");
    // Where the target does not have it, it is missing there as any other table.
    let (_, findings) = matched(sources(), &targets[1..], &MatchDecisions::default());
    assert_eq!(findings, "target/missing-table app_migrations");
}

#[test]
fn text_is_utc_where_the_default_of_its_column_or_the_framework_writes_utc() {
    use InstantForm::{Iso, IsoUtc};
    let utc = |default: &str| {
        let sql = format!("CREATE TABLE t (c DATETIME DEFAULT {default})");
        let mut connection = diesel::SqliteConnection::establish(":memory:").expect("open");
        connection.batch_execute(&sql).expect("create");
        let (schema, _) = crate::schema::read(&mut connection).expect("read");
        let targets = [existing("t", vec![existing_column("c", "timestamp with time zone", 1184, -1)])];
        let (matches, _) = match_tables(&schema, &targets, &MatchDecisions::default());
        matches.tables[0].columns[0].target_types.contains(&TargetType::TimestampTz(IsoUtc))
    };
    assert!(utc("CURRENT_TIMESTAMP"));
    assert!(utc("(STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))"));
    assert!(utc("(datetime('now'))") && utc("(datetime())"));
    assert!(!utc("(datetime('now', 'localtime'))"));
    assert!(
        !utc("(datetime('now', '+9 hours'))") && !utc("(strftime('%Y-%m-%d %H:%M:%S', 'now', '+9 hours'))")
    );
    assert!(!utc("'2024-01-01 00:00:00'"));
    let of_typeorm = ["id", "timestamp", "name"];
    let sources = vec![source("t", &["c"]), source("migrations", &of_typeorm)];
    let targets = [
        existing("t", vec![existing_column("c", "timestamp with time zone", 1184, -1)]),
        existing("migrations", of_typeorm.iter().map(|name| text(name)).collect()),
    ];
    let (matches, _) = match_tables(&schema(sources), &targets, &MatchDecisions::default());
    assert_eq!(matches.tables[0].columns[0].target_types, [Iso, IsoUtc].map(TargetType::TimestampTz));
}

#[test]
fn only_tables_are_filled() {
    for (kind, expected) in [
        (TableKind::View, ("", "target/missing-table t")),
        (TableKind::MaterializedView, ("", "target/missing-table t; target/materialized-view t")),
        (TableKind::Foreign, ("", "target/missing-table t")),
        (TableKind::Partitioned, ("t>t(a>a)", "")),
    ] {
        let target = ExistingTable { kind, ..existing("t", vec![text("a")]) };
        let (tables, findings) = matched(vec![source("t", &["a"])], &[target], &MatchDecisions::default());
        assert_eq!((tables.as_str(), findings.as_str()), expected);
    }
}

#[test]
fn decisions_name_targets_and_leave_out_and_are_never_answered_with_another_name() {
    let column = |target: Option<&str>, leave_out| ColumnMatchDecision {
        target: target.map(str::to_owned),
        leave_out,
        target_types: Vec::new(),
    };
    let decide =
        |target: Option<&str>, leave_out, columns: Vec<(&str, ColumnMatchDecision)>| MatchDecisions {
            tables: [(
                "t".to_owned(),
                TableMatchDecision {
                    target: target.map(str::to_owned),
                    leave_out,
                    columns: columns
                        .into_iter()
                        .map(|(name, decision)| (name.to_owned(), decision))
                        .collect(),
                },
            )]
            .into(),
            ..MatchDecisions::default()
        };
    let cases = [
        (decide(Some("u"), false, vec![]), "t>u(a>a)", "target/missing-column t.b; target/extra-column t.c"),
        (decide(Some("nowhere"), false, vec![]), "", "target/missing-table t"),
        (decide(None, true, vec![]), "", "target/missing-table t"),
        (decide(Some("u"), false, vec![("b", column(Some("c"), false))]), "t>u(a>a b>c)", ""),
        (
            decide(Some("u"), false, vec![("a", column(Some("no"), false)), ("b", column(Some("c"), false))]),
            "t>u(b>c)",
            "target/missing-column t.a; target/extra-column t.a",
        ),
        (
            decide(Some("u"), false, vec![("b", column(None, true))]),
            "t>u(a>a)",
            "target/missing-column t.b; target/extra-column t.c",
        ),
    ];
    for (decisions, tables, findings) in cases {
        let targets = [existing("t", vec![text("a"), text("b")]), existing("u", vec![text("a"), text("c")])];
        let found = matched(vec![source("t", &["a", "b"])], &targets, &decisions);
        assert_eq!((found.0.as_str(), found.1.as_str()), (tables, findings));
    }
}

#[test]
fn rows_of_the_catalog_become_tables() {
    let row = |table: &str, column: &str, labels: &str| CatalogRow {
        table_name: table.to_owned(),
        table_kind: "r".to_owned(),
        column_name: column.to_owned(),
        type_name: "text".to_owned(),
        type_oid: 25,
        typmod: -1,
        base_name: "text".to_owned(),
        is_domain: false,
        not_null: false,
        has_default: false,
        is_identity: false,
        has_sequence: false,
        is_generated: false,
        labels: labels.to_owned(),
    };
    let read = tables("s", vec![row("a", "x", "[]"), row("a", "y", r#"["l"]"#), row("b", "x", "[]")])
        .expect("tables");
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].columns.len(), read[1].columns.len()), (2, 1));
    assert_eq!(read[0].columns[1].labels, ["l"]);

    let wrong = CatalogRow { table_kind: "S".to_owned(), ..row("a", "x", "[]") };
    assert!(matches!(tables("s", vec![wrong]), Err(ExistingCatalogError::Kind { .. })));
    let wrong = CatalogRow { type_oid: -1, ..row("a", "x", "[]") };
    assert!(matches!(tables("s", vec![wrong]), Err(ExistingCatalogError::Type { .. })));
    assert!(matches!(tables("s", vec![row("a", "x", "{}")]), Err(ExistingCatalogError::Labels { .. })));
}

#[test]
fn a_decision_about_what_the_source_does_not_have_is_named() {
    let columns =
        [("A".to_owned(), ColumnMatchDecision::default()), ("a".to_owned(), ColumnMatchDecision::default())]
            .into();
    let decisions = MatchDecisions {
        tables: [
            ("T".to_owned(), TableMatchDecision::default()),
            ("t".to_owned(), TableMatchDecision { columns, ..TableMatchDecision::default() }),
        ]
        .into(),
        ..MatchDecisions::default()
    };
    let found = matched(vec![source("t", &["a"])], &[existing("t", vec![text("a")])], &decisions);
    assert_eq!(found.0, "t>t(a>a)");
    assert_eq!(found.1, "target/unused-decision T; target/unused-decision t.A");
}

/// Up to seven names, each once, in any order: that of a hash set would not be repeated by the seed.
fn distinct_names() -> impl Strategy<Value = Vec<String>> {
    let names = proptest::collection::btree_set("[abAB]{1,3}", 0..8);
    names.prop_map(|names| names.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

proptest::proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn no_name_of_the_target_is_given_twice_and_equal_names_find_each_other(
        sources in distinct_names(),
        targets in distinct_names(),
    ) {
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        let pairs = names::pairs(&sources, &targets, &[]);
        let mut seen = std::collections::HashSet::new();
        for (source, target) in sources.iter().zip(&pairs.of_source) {
            if let Some(target) = target {
                proptest::prop_assert!(seen.insert(*target));
                proptest::prop_assert!(targets[*target].eq_ignore_ascii_case(source));
            }
            if targets.contains(source) {
                proptest::prop_assert_eq!(target.map(|target| targets[target]), Some(*source));
            }
        }
    }
}
