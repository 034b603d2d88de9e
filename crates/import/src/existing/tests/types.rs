use super::*;

#[test]
fn types_come_from_the_catalog() {
    use TargetType as T;
    // (type, oid, modifier) as PostgreSQL 15 reports them, and the candidates.
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
        ("inet", 869, -1, vec![T::Inet]),
        ("cidr", 650, -1, vec![T::Cidr]),
        ("interval", 1186, -1, vec![T::Interval(IntervalForm::Iso)]),
        ("interval(3)", 1186, (0x7fff << 16) | 3, vec![T::Interval(IntervalForm::Iso)]),
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
        ("interval day to hour", 1186, (0x0408 << 16) | 0xffff),
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
    let cases: [Case<'_>; 8] = [
        (&[], None, all.to_vec(), all.to_vec()),
        (&[], Some(true), all.to_vec(), vec![Iso, IsoUtc, Seconds, Milliseconds, Microseconds, JulianDay]),
        (django, None, vec![Iso], vec![Iso, IsoUtc]),
        (django, Some(false), vec![Iso], vec![Iso]),
        (rails, None, vec![Iso], vec![Iso, IsoUtc]),
        (prisma, None, vec![IsoUtc, Milliseconds], vec![Iso, IsoUtc, Milliseconds]),
        (prisma, Some(false), vec![Iso, Milliseconds], vec![Iso, Milliseconds]),
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
fn that_text_without_an_offset_is_taken_as_utc_is_reported() {
    let sources = vec![source("t", &["c"]), source("django_migrations", &["id"])];
    let targets = [
        existing("t", vec![existing_column("c", "timestamp with time zone", 1184, -1)]),
        existing("django_migrations", vec![text("id")]),
    ];
    let (_, findings) = matched(sources, &targets, &MatchDecisions::default());
    assert!(findings.contains("target/assumed-utc t.c"), "{findings}");
}

#[test]
fn digits_of_a_fraction_that_the_column_keeps_are_reported() {
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
        let column =
            ColumnMatchDecision { target_types: vec![target_type], ..ColumnMatchDecision::default() };
        let table = TableMatchDecision {
            columns: [("c".to_owned(), column)].into(),
            ..TableMatchDecision::default()
        };
        MatchDecisions { tables: [("t".to_owned(), table)].into(), ..MatchDecisions::default() }
    };
    let column = || existing_column("c", "timestamp without time zone", 1114, -1);
    let seconds = TargetType::Timestamp(InstantForm::Seconds);
    let found = candidates_of(column(), &["django_migrations"], &decide(seconds)).expect("a match");
    assert_eq!(found.target_types, vec![seconds]);
    let targets = [existing("t", vec![column()])];
    let (tables, findings) = matched(vec![source("t", &["c"])], &targets, &decide(TargetType::Text));
    assert_eq!((tables.as_str(), findings.as_str()), ("", "target/other-type t.c"));
}
