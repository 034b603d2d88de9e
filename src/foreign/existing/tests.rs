use super::*;
use crate::foreign::conversion::Misfit;
use crate::foreign::finding::Finding;
use crate::foreign::schema::{Affinity, Column, Generated, Schema, Table};
use crate::foreign::types::{DateForm, InstantForm, TargetType, UuidForm};

fn source(name: &str, columns: &[&str]) -> Table {
    let columns = columns.iter().map(|name| Column {
        name: (*name).to_owned(),
        declared_type: String::new(),
        affinity: Affinity::Blob,
        not_null: false,
        default: None,
        collation: "BINARY".to_owned(),
        generated: None,
    });
    Table {
        name: name.to_owned(),
        columns: columns.collect(),
        primary_key: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        without_rowid: false,
        strict: false,
        rowid: Some("rowid"),
        sequence: None,
    }
}

fn schema(tables: Vec<Table>) -> Schema {
    Schema { tables, ..Schema::default() }
}

fn existing_column(name: &str, type_name: &str, type_oid: u32, typmod: i32) -> ExistingColumn {
    ExistingColumn {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        type_oid,
        typmod,
        base_name: type_name.to_owned(),
        is_domain: false,
        not_null: false,
        has_default: false,
        is_identity: false,
        has_sequence: false,
        is_generated: false,
        labels: Vec::new(),
    }
}

fn text(name: &str) -> ExistingColumn {
    existing_column(name, "text", 25, -1)
}

fn existing(name: &str, columns: Vec<ExistingColumn>) -> ExistingTable {
    ExistingTable {
        schema: "public".to_owned(),
        name: name.to_owned(),
        kind: TableKind::Table,
        is_empty: true,
        columns,
    }
}

/// What was matched, as `source>target(column>column ...)`, and the rules that were found, with where.
fn matched(sources: Vec<Table>, targets: &[ExistingTable], decisions: &MatchDecisions) -> (String, String) {
    let (matches, findings) = match_tables(&schema(sources), targets, decisions);
    let tables = matches.tables.iter().map(|table| {
        let columns = table.columns.iter().map(|column| format!("{}>{}", column.source, column.target));
        format!("{}>{}({})", table.source, table.target, columns.collect::<Vec<_>>().join(" "))
    });
    (tables.collect::<Vec<_>>().join("; "), rules(&findings))
}

fn rules(findings: &[Finding]) -> String {
    let of = |finding: &Finding| {
        let place = [finding.table.as_deref(), finding.object.as_deref()];
        format!("{} {}", finding.rule.id, place.into_iter().flatten().collect::<Vec<_>>().join("."))
    };
    findings.iter().map(of).collect::<Vec<_>>().join("; ")
}

/// The candidates of a single column in an application's tables.
fn candidates_of(
    column: ExistingColumn,
    application: &[&str],
    decisions: &MatchDecisions,
) -> Option<ColumnMatch> {
    let mut sources = vec![source("t", &["c"])];
    let mut targets = vec![existing("t", vec![column])];
    for name in application {
        sources.push(source(name, &["id"]));
        targets.push(existing(name, vec![text("id")]));
    }
    let (matches, _) = match_tables(&schema(sources), &targets, decisions);
    matches.tables.into_iter().next().and_then(|table| table.columns.into_iter().next())
}

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

    let into = TableDecision { target: Some("django_migrations".to_owned()), ..TableDecision::default() };
    let decisions = MatchDecisions { tables: [("t".to_owned(), into)].into(), assume_utc: None };
    let (tables, findings) = matched(sources, &targets, &decisions);
    assert_eq!(tables, "");
    assert_eq!(findings, "target/migration-table django_migrations; target/missing-table t");
}

#[test]
fn only_tables_are_filled() {
    for kind in [TableKind::View, TableKind::MaterializedView, TableKind::Foreign] {
        let target = ExistingTable { kind, ..existing("t", vec![text("a")]) };
        let (tables, findings) = matched(vec![source("t", &["a"])], &[target], &MatchDecisions::default());
        assert_eq!((tables.as_str(), findings.as_str()), ("", "target/missing-table t"));
    }
    let target = ExistingTable { kind: TableKind::Partitioned, ..existing("t", vec![text("a")]) };
    let (tables, _) = matched(vec![source("t", &["a"])], &[target], &MatchDecisions::default());
    assert_eq!(tables, "t>t(a>a)");
}

#[test]
fn a_table_with_rows_is_found_and_still_matched() {
    let target = ExistingTable { is_empty: false, ..existing("t", vec![text("a")]) };
    let (tables, findings) = matched(vec![source("t", &["a"])], &[target], &MatchDecisions::default());
    assert_eq!((tables.as_str(), findings.as_str()), ("t>t(a>a)", "target/has-rows t"));
}

#[test]
fn decisions_name_targets_and_leave_out_and_are_never_answered_with_another_name() {
    let column = |target: Option<&str>, leave_out| ColumnDecision {
        target: target.map(str::to_owned),
        leave_out,
        target_type: None,
    };
    let decide = |target: Option<&str>, leave_out, columns: Vec<(&str, ColumnDecision)>| MatchDecisions {
        tables: [(
            "t".to_owned(),
            TableDecision {
                target: target.map(str::to_owned),
                leave_out,
                columns: columns.into_iter().map(|(name, decision)| (name.to_owned(), decision)).collect(),
            },
        )]
        .into(),
        assume_utc: None,
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
fn types_come_from_the_catalog() {
    use TargetType as T;
    // (type, oid, modifier) as PostgreSQL 15 tells them, and what is tried.
    let cases = [
        ("boolean", 16, -1, vec![T::Boolean]),
        ("bytea", 17, -1, vec![T::Bytea]),
        ("bigint", 20, -1, vec![T::BigInt]),
        ("smallint", 21, -1, vec![T::SmallInt]),
        ("integer", 23, -1, vec![T::Integer]),
        ("text", 25, -1, vec![T::Text]),
        ("json", 114, -1, vec![T::Json]),
        ("real", 700, -1, vec![T::Real]),
        ("double precision", 701, -1, vec![T::Double]),
        ("double precision[]", 1022, -1, vec![T::DoubleArray]),
        ("bpchar", 1042, -1, vec![T::Text]),
        ("character(3)", 1042, 7, vec![T::Char(3)]),
        ("character varying", 1043, -1, vec![T::Text]),
        ("character varying(20)", 1043, 24, vec![T::Varchar(20)]),
        (
            "date",
            1082,
            -1,
            vec![T::Date(DateForm::Iso), T::Date(DateForm::Midnight), T::Date(DateForm::Milliseconds)],
        ),
        ("numeric", 1700, -1, vec![T::AnyNumeric]),
        ("numeric(10,2)", 1700, 655_366, vec![T::Numeric { precision: 10, scale: 2 }]),
        (
            "uuid",
            2950,
            -1,
            vec![T::Uuid(UuidForm::Hyphenated), T::Uuid(UuidForm::Simple), T::Uuid(UuidForm::Bytes)],
        ),
        ("jsonb", 3802, -1, vec![T::Jsonb]),
        ("citext", 16_389, -1, vec![T::Citext]),
    ];
    for (type_name, oid, typmod, expected) in cases {
        let column =
            candidates_of(existing_column("c", type_name, oid, typmod), &[], &MatchDecisions::default());
        assert_eq!(column.map(|column| column.target_types), Some(expected), "{type_name}");
    }
}

#[test]
fn types_that_no_value_is_written_in_stop_their_table_and_are_named() {
    let cases = [
        ("numeric(5,-2)", 1700, 329_730),
        ("numeric(2,5)", 1700, (2 << 16) + 5 + 4),
        ("inet", 869, -1),
        ("interval", 1186, -1),
        ("time with time zone", 1266, -1),
        ("text[]", 1009, -1),
        ("tsvector", 3614, -1),
        ("xml", 142, -1),
        ("money", 790, -1),
        ("\"char\"", 18, -1),
    ];
    for (type_name, oid, typmod) in cases {
        let targets = [existing("t", vec![existing_column("a", type_name, oid, typmod)])];
        let found = matched(vec![source("t", &["a"])], &targets, &MatchDecisions::default());
        assert_eq!((found.0.as_str(), found.1.as_str()), ("", "target/unsupported-type t.a"), "{type_name}");
    }
}

#[test]
fn instants_are_tried_in_the_forms_that_the_application_writes() {
    use InstantForm::{Iso, IsoUtc, JulianDay, Microseconds, Milliseconds, Seconds};
    let all = [Iso, Seconds, Milliseconds, Microseconds, JulianDay];
    let django: &[&str] = &["django_migrations"];
    let rails: &[&str] = &["schema_migrations", "ar_internal_metadata"];
    let prisma: &[&str] = &["_prisma_migrations"];
    type Case<'a> = (&'a [&'a str], Option<bool>, Vec<InstantForm>, Vec<InstantForm>);
    let cases: [Case<'_>; 7] = [
        (&[], None, all.to_vec(), all.to_vec()),
        (&[], Some(true), all.to_vec(), vec![Iso, IsoUtc, Seconds, Milliseconds, Microseconds, JulianDay]),
        (django, None, vec![Iso], vec![Iso, IsoUtc]),
        (django, Some(false), vec![Iso], vec![Iso]),
        (rails, None, vec![Iso], vec![Iso, IsoUtc]),
        (prisma, None, vec![Iso, Milliseconds], vec![Iso, Milliseconds]),
        (&["django_migrations", "_prisma_migrations"], None, all.to_vec(), all.to_vec()),
    ];
    for (application, assume_utc, timestamp, timestamptz) in cases {
        let decisions = MatchDecisions { assume_utc, ..MatchDecisions::default() };
        let found = |oid| {
            let column = existing_column("c", "timestamp", oid, -1);
            candidates_of(column, application, &decisions).map(|column| column.target_types)
        };
        assert_eq!(
            found(1114),
            Some(timestamp.into_iter().map(TargetType::Timestamp).collect()),
            "{application:?}"
        );
        assert_eq!(
            found(1184),
            Some(timestamptz.into_iter().map(TargetType::TimestampTz).collect()),
            "{application:?}"
        );
    }
}

#[test]
fn that_text_without_an_offset_is_taken_as_utc_is_told() {
    let sources = vec![source("t", &["c"]), source("django_migrations", &["id"])];
    let targets = [
        existing("t", vec![existing_column("c", "timestamp with time zone", 1184, -1)]),
        existing("django_migrations", vec![text("id")]),
    ];
    let (_, findings) = matched(sources, &targets, &MatchDecisions::default());
    assert!(findings.contains("target/assumed-utc t.c"), "{findings}");
}

#[test]
fn digits_of_a_fraction_that_the_column_keeps_are_told() {
    for (oid, typmod, digits) in
        [(1114, -1, Some(6)), (1114, 3, Some(3)), (1184, 0, Some(0)), (1083, 6, Some(6)), (25, -1, None)]
    {
        let column = candidates_of(existing_column("c", "x", oid, typmod), &[], &MatchDecisions::default());
        assert_eq!(column.expect("a match").fraction_digits, digits, "{oid} {typmod}");
    }
}

#[test]
fn an_enum_is_text_that_is_one_of_its_labels_and_a_domain_is_what_is_below_it() {
    let labels = vec!["sad".to_owned(), "it's \"ok\"".to_owned()];
    let mood = ExistingColumn { labels: labels.clone(), ..existing_column("m", "mood", 16_494, -1) };
    let short = ExistingColumn { is_domain: true, ..existing_column("s", "short", 1043, 14) };
    let targets = [existing("t", vec![mood, short])];
    let (matches, findings) =
        match_tables(&schema(vec![source("t", &["m", "s"])]), &targets, &MatchDecisions::default());
    let columns = &matches.tables[0].columns;
    assert_eq!((&columns[0].target_types, &columns[0].labels), (&vec![TargetType::Text], &labels));
    assert_eq!((&columns[1].target_types, columns[1].labels.len()), (&vec![TargetType::Varchar(10)], 0));
    assert_eq!(rules(&findings), "target/enum t.m; target/domain t.s");
}

#[test]
fn a_computed_column_is_not_sent_and_is_found_where_the_source_holds_other_values() {
    let computed = ExistingColumn { is_generated: true, ..text("b") };
    let targets = [existing("t", vec![text("a"), computed])];
    let mut table = source("t", &["a", "b"]);
    let (matches, findings) =
        match_tables(&schema(vec![table.clone()]), &targets, &MatchDecisions::default());
    assert_eq!(rules(&findings), "target/generated-column t.b");
    assert!(matches.tables[0].columns[1].is_generated);

    let expression = sqlite3_parser::ast::Expr::Literal(sqlite3_parser::ast::Literal::Null);
    table.columns[1].generated = Some(Generated { expression, is_stored: true });
    let (_, findings) = match_tables(&schema(vec![table]), &targets, &MatchDecisions::default());
    assert_eq!(rules(&findings), "");
}

#[test]
fn a_decided_form_is_the_only_one_and_has_to_be_of_the_target_s_type() {
    let decide = |target_type| {
        let column = ColumnDecision { target_type: Some(target_type), ..ColumnDecision::default() };
        let table = TableDecision { columns: [("c".to_owned(), column)].into(), ..TableDecision::default() };
        MatchDecisions { tables: [("t".to_owned(), table)].into(), assume_utc: None }
    };
    let column = || existing_column("c", "timestamp without time zone", 1114, -1);
    let seconds = TargetType::Timestamp(InstantForm::Seconds);
    let found = candidates_of(column(), &["django_migrations"], &decide(seconds)).expect("a match");
    assert_eq!(found.target_types, vec![seconds]);
    let targets = [existing("t", vec![column()])];
    let (tables, findings) = matched(vec![source("t", &["c"])], &targets, &decide(TargetType::Text));
    assert_eq!((tables.as_str(), findings.as_str()), ("", "target/type-too-narrow t.c"));
}

#[test]
fn the_conversion_has_the_tables_whose_values_fit_and_names_the_others() {
    let targets =
        [existing("t", vec![existing_column("c", "integer", 23, -1)]), existing("u", vec![text("c")])];
    let sources = schema(vec![source("t", &["c"]), source("u", &["c"])]);
    let (matches, _) = match_tables(&sources, &targets, &MatchDecisions::default());
    let measured = |misfit_count, misfit| MeasuredTable {
        row_count: 9,
        size_bytes: 90,
        columns: vec![MeasuredColumn {
            form: 0,
            misfit_count,
            first_keys: vec!["4".to_owned()],
            misfit,
            identity: Some(10),
        }],
    };
    let cases =
        [(0, None, 2, ""), (3, None, 1, "target/type-too-narrow t.c"), (3, Some(Misfit::Reject), 2, "")];
    for (count, misfit, tables, expected) in cases {
        let (of_t, of_u) = (measured(count, misfit), measured(0, None));
        let (conversion, findings) =
            to_conversion("public", &matches, |table| Some(if table.source == "t" { &of_t } else { &of_u }));
        assert_eq!((conversion.tables.len(), rules(&findings).as_str()), (tables, expected));
        if let Some(finding) = findings.first() {
            assert_eq!(
                (finding.count, finding.first_keys.as_slice()),
                (Some(3), ["4".to_owned()].as_slice())
            );
        }
        let (_, findings) = to_conversion("public", &matches, |table| (table.source == "t").then_some(&of_t));
        assert!(rules(&findings).ends_with("table/failed u"));
        let last = conversion.tables.last().expect("a table");
        assert_eq!((last.row_count, last.columns[0].identity), (9, Some(10)));
    }
}

#[test]
fn rows_of_the_catalog_become_tables() {
    let row = |table: &str, column: &str, labels: &str| CatalogRow {
        table_name: table.to_owned(),
        table_kind: "r".to_owned(),
        may_have_rows: table == "a",
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
    assert_eq!((read[0].columns.len(), read[0].is_empty, read[1].is_empty), (2, false, true));
    assert_eq!(read[0].columns[1].labels, ["l"]);
    assert_eq!(
        has_rows_query(&ExistingTable { name: "a\"b".to_owned(), ..read[0].clone() }),
        r#"SELECT EXISTS (SELECT 1 FROM "s"."a""b") AS has_rows"#
    );

    let wrong = CatalogRow { table_kind: "S".to_owned(), ..row("a", "x", "[]") };
    assert!(matches!(tables("s", vec![wrong]), Err(CatalogError::Kind { .. })));
    let wrong = CatalogRow { type_oid: -1, ..row("a", "x", "[]") };
    assert!(matches!(tables("s", vec![wrong]), Err(CatalogError::Type { .. })));
    assert!(matches!(tables("s", vec![row("a", "x", "{}")]), Err(CatalogError::Labels { .. })));
}
