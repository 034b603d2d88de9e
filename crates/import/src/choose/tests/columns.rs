use super::{column, rules};

/// Declared type, values, chosen type, rules of the findings.
type Case = (&'static str, &'static str, &'static str, &'static str);

fn hold(cases: &[Case]) {
    for (declared, values, expected, expected_rules) in cases {
        let (chosen, findings) = column(declared, values, "");
        assert_eq!(
            (chosen.as_str(), rules(&findings).as_str()),
            (*expected, *expected_rules),
            "{declared}: {values}\n{findings:#?}"
        );
    }
}

const UUID: &str = "'0190163d-8694-739b-aea5-966c26f8ad91'";

#[test]
fn integers() {
    hold(&[
        ("INTEGER", "", "integer", ""),
        ("INTEGER", "NULL", "integer", ""),
        ("INTEGER", "1|-2147483648|2147483647", "integer", ""),
        ("INTEGER", "2147483648", "bigint", "type/integer-to-bigint"),
        ("INT", "-2147483649|NULL", "bigint", "type/integer-to-bigint"),
        ("int(11)", "5", "integer", ""),
        ("MEDIUMINT", "5", "integer", ""),
        ("SMALLINT", "70000", "integer", ""),
        ("TINYINT", "1|0", "integer", ""),
        ("TINYINT(1)", "1|0", "boolean", ""),
        ("TINYINT(1)", "", "boolean", ""),
        ("TINYINT(1)", "1|2", "integer", "type/not-boolean"),
        ("TINYINT(1)", "3000000000", "bigint", "type/not-boolean"),
        ("BIGINT", "1", "bigint", ""),
        ("INT8", "", "bigint", ""),
        ("UNSIGNED BIG INT", "9223372036854775807", "bigint", ""),
        ("BIGINT UNSIGNED", "18446744073709551615", "double precision", "type/real-in-integer"),
        ("INTEGER", "1.0", "integer", ""),
        ("INTEGER", "1|1.5", "double precision", "type/real-in-integer"),
        ("INTEGER", "9e999|1", "double precision", "type/real-in-integer"),
        ("INTEGER", "9007199254740993|1.5", "numeric", "type/to-numeric"),
        ("INTEGER", "9007199254740992|1.5", "double precision", "type/real-in-integer"),
        ("INTEGER", "1152921504606846976|1.5", "double precision", "type/real-in-integer"),
        ("INTEGER", "9007199254740993|9e999", "text", "type/text-in-number"),
        ("INTEGER", "'12'|' 7 '", "integer", ""),
        ("INTEGER", "1|'abc'", "text", "type/text-in-number"),
        ("INTEGER", "1|''", "text", "type/text-in-number text/empty-in-typed"),
        ("INTEGER", "x'00'|1", "integer", "type/blob-rejected"),
        ("INTEGER", "x'00'|'a'|1", "text", "type/text-in-number type/blob-rejected"),
        ("INTEGER", "x'00'|NULL", "bytea", "type/blob-in-typed"),
        ("INTEGER", "1|CAST(x'6100' AS TEXT)", "integer", "text/nul"),
        ("INTEGER", "1|CAST(x'ff' AS TEXT)", "integer", "text/not-utf8"),
        ("INTEGER", "1|'a'|char(0)", "text", "type/text-in-number text/nul"),
    ]);
}

#[test]
fn other_numbers() {
    hold(&[
        ("REAL", "", "double precision", ""),
        ("REAL", "1|2.5|-0.0|9e999", "double precision", ""),
        ("FLOAT", "1e300", "double precision", ""),
        ("DOUBLE PRECISION", "0.1", "double precision", ""),
        ("double", "'abc'|1", "text", "type/text-in-number"),
        ("REAL", "''", "text", "type/text-in-number text/empty-in-typed"),
        ("REAL", "x'01'", "bytea", "type/blob-in-typed"),
        ("DECIMAL(10,2)", "", "numeric(10,2)", ""),
        ("DECIMAL(10,2)", "1|12345678", "numeric(10,2)", ""),
        ("DECIMAL(10,2)", "1.25|3", "numeric(10,2)", "type/decimal-from-real"),
        ("DECIMAL(10,2)", "'1.50'", "numeric(10,2)", "type/decimal-from-real"),
        ("DECIMAL(10,2)", "1.255", "numeric", "type/decimal-too-wide type/decimal-from-real"),
        ("DECIMAL(4,2)", "100", "numeric", "type/decimal-too-wide"),
        ("DECIMAL(4,2)", "99", "numeric(4,2)", ""),
        ("DECIMAL(5)", "99999", "numeric(5,0)", ""),
        ("DECIMAL(5)", "0.5", "numeric", "type/decimal-too-wide type/decimal-from-real"),
        ("NUMERIC", "1|2.5", "numeric", "type/decimal-from-real"),
        ("MONEY", "7", "numeric", ""),
        // SQLite converts such a text to a REAL, and loses digits when it is stored.
        ("DECIMAL(30,20)", "'0.12345678901234567891'", "numeric(30,20)", "type/decimal-from-real"),
        ("DECIMAL", "'n/a'|1", "text", "type/text-in-number"),
        ("DECIMAL(10,2)", "9e999", "text", "type/text-in-number"),
        ("DECIMAL(10,2)", "x'00'|1", "numeric(10,2)", "type/blob-rejected"),
        ("BOOLEAN", "", "boolean", ""),
        ("BOOLEAN", "0|1|NULL", "boolean", ""),
        ("BOOL", "'true'|'FALSE'|1", "boolean", ""),
        ("BOOLEAN", "0|2", "integer", "type/not-boolean"),
        ("BOOLEAN", "0|-5000000000", "bigint", "type/not-boolean"),
        ("BOOLEAN", "0.5|1", "double precision", "type/real-in-integer"),
        ("BOOLEAN", "'yes'|1", "text", "type/text-in-number"),
        ("BOOLEAN", "'t'", "text", "type/text-in-number"),
        ("BOOLEAN", "''", "text", "type/text-in-number text/empty-in-typed"),
        ("BOOLEAN", "x'01'|1", "boolean", "type/blob-rejected"),
    ]);
}

#[test]
fn text_and_bytes() {
    hold(&[
        ("TEXT", "", "text", ""),
        ("TEXT", "'a'|''|NULL", "text", ""),
        ("CLOB", "'a'", "text", ""),
        ("STRING", "'a'|'007'|1.5", "text", "type/number-in-text"),
        ("TEXT", "'a'|CAST(x'620063' AS TEXT)", "text", "text/nul"),
        ("TEXT", "'a'|char(0)", "text", "text/nul"),
        ("TEXT", "'a'|CAST(x'ff61' AS TEXT)", "text", "text/not-utf8"),
        ("TEXT", "char(0)|CAST(x'ff61' AS TEXT)", "text", "text/nul text/not-utf8"),
        ("TEXT", "'a'|x'00'", "text", "type/blob-rejected"),
        ("TEXT", "char(0)|x'00'", "text", "type/blob-rejected text/nul"),
        ("TEXT", "x'00'|x''", "bytea", "type/blob-in-typed"),
        ("VARCHAR(3)", "", "varchar(3)", ""),
        ("VARCHAR(3)", "'abc'|''|'\u{e4}\u{f6}\u{1F600}'", "varchar(3)", ""),
        ("NVARCHAR(3)", "'abcd'|'x'", "text", "type/varchar-too-long"),
        ("CHAR(36)", "'ab'", "varchar(36)", ""),
        ("CHARACTER(2)", "'ab '", "text", "type/varchar-too-long"),
        ("character varying(5)", "12345", "varchar(5)", ""),
        ("VARCHAR", "'ab'", "text", ""),
        ("VARCHAR(3)", "'ab'|char(0)", "varchar(3)", "text/nul"),
        ("VARCHAR(3)", "'abcd'|char(0)", "text", "type/varchar-too-long text/nul"),
        ("VARCHAR(3)", "x'61'", "bytea", "type/blob-in-typed"),
        ("BLOB", "", "bytea", ""),
        ("BLOB", "x'00'|x''|NULL", "bytea", ""),
        ("VARBINARY(10)", "x'00'", "bytea", ""),
        ("BLOB", "'text'", "text", "type/no-blob-in-blob"),
        ("BLOB", "'text'|CAST(x'ff' AS TEXT)", "bytea!bytes", "type/no-blob-in-blob"),
        ("BLOB", "'text'|char(0)|1", "text", "type/no-blob-in-blob type/mixed-untyped text/nul"),
        ("BLOB", "1|2", "bigint", "type/no-blob-in-blob"),
        ("BLOB", "1.5|2", "double precision", "type/no-blob-in-blob"),
        ("BLOB", "x'00'|'text'|1", "bytea!bytes", "type/blob-beside-others type/number-in-blob"),
        ("", "", "text", ""),
        ("", "1|9223372036854775807", "bigint", ""),
        ("", "1|1.5", "double precision", ""),
        ("", "9007199254740993|1.5", "numeric", "type/to-numeric"),
        ("", "9007199254740993|-0.0", "text", "type/mixed-untyped"),
        ("", "'a'|'12'", "text", ""),
        ("", "'12'", "text", ""),
        ("", "'a'|1", "text", "type/mixed-untyped"),
        ("", "x'00'", "bytea", ""),
        ("", "x'00'|1", "bytea", "type/number-in-blob"),
        ("", "x'00'|1|'a'", "text", "type/mixed-untyped type/blob-rejected"),
        ("", "x'00'|'a'", "bytea!bytes", "type/blob-beside-others"),
        ("ANY", "1", "bigint", ""),
        ("BLOB SUB_TYPE TEXT", "'a'", "text", "type/unknown-name"),
        ("GEOMETRY", "x'00'", "bytea", "type/unknown-name"),
    ]);
}

#[test]
fn uuids_and_json() {
    let simple = "'0190163d8694739baea5966c26f8ad91'";
    let bytes = "x'0190163d8694739baea5966c26f8ad91'";
    let case = |declared, values: &str, expected, expected_rules| {
        let (chosen, findings) = column(declared, values, "");
        assert_eq!((chosen.as_str(), rules(&findings).as_str()), (expected, expected_rules), "{values}");
    };
    case("UUID", UUID, "uuid/hyphenated", "");
    case("UNIQUEIDENTIFIER", simple, "uuid/simple", "");
    case("GUID", bytes, "uuid/bytes", "");
    case("UUID", &format!("{UUID}|NULL"), "uuid/hyphenated", "");
    case("UUID", &format!("{UUID}|{simple}"), "text", "type/not-uuid");
    case("UUID", &UUID.to_uppercase(), "text", "type/not-uuid");
    case("UUID", &format!("{UUID}|{bytes}"), "uuid/hyphenated", "type/blob-rejected");
    case("UUID", &format!("{UUID}|{bytes}|{bytes}"), "uuid/bytes", "type/incompatible-rejected");
    case("UUID", "x'00'", "bytea", "type/not-uuid type/blob-in-typed");
    case("UUID", "''", "text", "type/not-uuid text/empty-in-typed");
    hold(&[
        ("UUID", "", "uuid/hyphenated", ""),
        ("UUID", "12345", "text", "type/not-uuid"),
        ("JSON", "", "jsonb", ""),
        ("JSON", "'{\"a\": 1}'|'[]'|'null'", "jsonb", "json/as-jsonb"),
        ("JSONB", "'{\"a\":1,\"a\":2}'|'[]'", "json", "json/not-jsonb"),
        ("JSON", "'{\"a\": \"\\u0000\"}'", "json", "json/not-jsonb"),
        ("JSON", "'{a: 1}'|'[]'", "text", "json/not-json"),
        ("JSON", "''", "text", "json/not-json text/empty-in-typed"),
        ("JSON", "'12'", "jsonb", "json/as-jsonb"),
        ("JSON", "x'0b'", "bytea", "type/blob-in-typed"),
        ("JSON", "x'0b'|'[]'", "jsonb", "json/as-jsonb type/blob-rejected"),
    ]);
}

#[test]
fn dates_and_times() {
    hold(&[
        ("DATETIME", "", "timestamp/iso", ""),
        ("TIMESTAMP", "'2024-05-31 12:00:00'|'2024-05-31T12:00'", "timestamp/iso", ""),
        ("TIMESTAMP", "'2024-05-31 12:00:00.123456'", "timestamp/iso", ""),
        ("TIMESTAMP", "'2024-05-31 12:00:00.1234567'", "text", "time/mixed-forms"),
        (
            "DATETIME",
            "'2024-05-31 12:00:00Z'|'2024-05-31T12:00:00+02:00'",
            "timestamptz/iso",
            "time/with-offset",
        ),
        ("DATETIME", "'2024-05-31 12:00:00Z'|'2024-05-31 12:00:00'", "text", "time/mixed-forms"),
        ("DATETIME", "'2024-05-31'|'1999-01-01'", "date/iso", "time/only-dates"),
        ("DATETIME", "'2024-05-31'|'2024-05-31 12:00:00'", "text", "time/mixed-forms"),
        ("DATETIME", "'2024-05-31 12:00:00'|''", "text", "time/mixed-forms text/empty-in-typed"),
        (
            "DATETIME",
            "'2024-05-31 12:00:00'|'0000-00-00 00:00:00'",
            "text",
            "time/mixed-forms time/zero-date",
        ),
        ("DATETIME", "'2023-02-29 12:00:00'", "text", "time/mixed-forms"),
        ("DATETIME", "'now'", "text", "time/mixed-forms"),
        ("DATETIME", "1700000000|0", "timestamptz/seconds", "time/epoch"),
        ("DATETIME", "1700000000123", "timestamptz/milliseconds", "time/epoch"),
        ("DATETIME", "1700000000123456", "timestamptz/microseconds", "time/epoch"),
        ("DATETIME", "'1700000000'", "timestamptz/seconds", "time/epoch"),
        ("DATETIME", "1700000000|1700000000123", "bigint", "time/unit-unknown"),
        ("DATETIME", "1700000000|-5", "bigint", "time/unit-unknown"),
        ("DATETIME", "12345", "bigint", "time/unit-unknown"),
        ("DATETIME", "0", "bigint", "time/unit-unknown"),
        ("DATETIME", "2460461.5|2460462", "timestamp/julian", "time/epoch"),
        ("DATETIME", "2460461", "bigint", "time/unit-unknown"),
        ("DATETIME", "12.5", "double precision", "time/unit-unknown"),
        ("DATETIME", "2460461.5|1700000000", "double precision", "time/unit-unknown"),
        ("DATETIME", "1700000000.5|1700000000", "timestamptz/seconds", "time/epoch"),
        ("DATETIME", "1700000000.5|1700000000123", "double precision", "time/unit-unknown"),
        ("DATETIME", "1700000000|'2024-05-31 12:00:00'", "text", "time/mixed-forms"),
        ("DATETIME", "x'00'|1", "bigint", "time/unit-unknown type/blob-rejected"),
        ("DATETIME", "'2024-05-31 12:00:00'|char(0)", "timestamp/iso", "text/nul"),
        ("TIMESTAMPTZ", "", "timestamptz/iso", ""),
        ("TIMESTAMP WITH TIME ZONE", "'2024-05-31 12:00:00-05:30'", "timestamptz/iso", ""),
        ("TIMESTAMPTZ", "'2024-05-31 12:00:00'", "timestamp/iso", "time/no-offset"),
        ("TIMESTAMPTZ", "1700000000", "timestamptz/seconds", "time/epoch"),
        ("DATE", "", "date/iso", ""),
        ("DATE", "'2024-05-31'|NULL", "date/iso", ""),
        ("DATE", "'2024-05-31 00:00:00'|'2024-05-31T00:00:00.000'", "date/midnight", "time/midnight"),
        ("DATE", "'2024-05-31 12:00:00'", "timestamp/iso", "time/date-with-time"),
        ("DATE", "'2024-05-31 12:00:00Z'", "timestamptz/iso", "time/date-with-time"),
        ("DATE", "'2024-05-31 00:00:00'|'2024-05-31'", "text", "time/mixed-forms"),
        ("DATE", "1717113600000", "date/milliseconds", "time/epoch"),
        ("DATE", "1717113600001", "timestamptz/milliseconds", "time/epoch"),
        ("DATE", "1717113600", "timestamptz/seconds", "time/epoch"),
        ("DATE", "'2024'", "bigint", "time/unit-unknown"),
        ("DATE", "'2024'|'2024-05-31'", "text", "time/mixed-forms"),
        ("DATE", "'0000-00-00'|'2024-05-31'", "text", "time/mixed-forms time/zero-date"),
        ("DATE", "'31.05.2024'", "text", "time/mixed-forms"),
        ("TIME", "", "time", ""),
        ("TIME", "'12:00:00'|'23:59:59.999999'", "time", ""),
        ("TIME", "'12:00:00'|'24:00:00'", "text", "time/mixed-forms"),
        ("TIME", "3600", "text", "time/mixed-forms"),
    ]);
}

#[test]
fn findings_name_the_odd_rows() {
    let (_, findings) = column("INTEGER", "1|'a'|2|'b'|'c'|'d'|'e'|'f'", "");
    assert_eq!(findings[0].count, Some(6));
    assert_eq!(findings[0].first_keys, ["2", "4", "5", "6", "7"]);
    let (_, findings) =
        column("DATETIME", "'2024-05-31 12:00:00'|'2024-05-31 12:00:00'|'2024-05-31'|'x'|''", "");
    assert_eq!(findings[0].count, Some(3));
    assert_eq!(findings[0].first_keys, ["3", "4", "5"]);
    assert_eq!(
        findings[0].text,
        "The values are 2 dates with times (first 1), 1 dates (first 3), 1 empty strings (first 5), \
         1 other text values"
    );
}

#[test]
fn values_that_force_a_wider_type_are_a_choice_with_both_prices() {
    for (declared, values, kept, wide, text) in [
        (
            "INTEGER",
            "1|5000000000|3|'none'|NULL",
            "bigint",
            "text",
            "1 of 5 rows forces text; `--incompatible reject` keeps bigint and rejects it",
        ),
        ("DECIMAL(5,2)", "1.5|2|123456.5", "numeric(5,2)", "numeric", "1 of 3 rows forces numeric; "),
        ("BOOLEAN", "1|0|1|2", "boolean", "integer", "1 of 4 rows forces integer; "),
        ("VARCHAR(3)", "'a'|'b'|'abcd'", "varchar(3)", "text", "1 of 3 rows forces text; "),
        ("", "1|2|'a'", "bigint", "text", "1 of 3 rows forces text; "),
        ("DATE", "'2024-05-31'|'2024-06-01'|'soon'", "date/iso", "text", "1 of 3 rows forces text; "),
        ("DATETIME", "1700000000|1700000001|'soon'", "timestamptz/seconds", "text", "keeps timestamptz"),
        ("JSON", "'{}'|'[]'|'x'", "jsonb", "text", "1 of 3 rows forces text; "),
    ] {
        let (widened, findings) = column(declared, values, "");
        assert_eq!(widened, wide, "{declared}: {values}");
        assert!(findings.iter().any(|finding| finding.text.contains(text)), "{findings:#?}");
        for decisions in ["incompatible = 'reject'", "[tables.t.columns]\nv = { incompatible = 'reject' }"] {
            let (found, findings) = column(declared, values, decisions);
            assert_eq!(found, kept, "{declared}: {values}");
            let rejected = findings.iter().filter(|finding| finding.rule.id == "type/incompatible-rejected");
            assert_eq!(rejected.map(|finding| finding.count).collect::<Vec<_>>(), [Some(1)], "{findings:#?}");
        }
    }
    // A type that most values do not have is kept for a column only where its own setting says so.
    assert_eq!(column("INTEGER", "1|'a'|'b'", "incompatible = 'reject'").0, "text");
    assert_eq!(
        column("INTEGER", "1|'a'|'b'", "[tables.t.columns]\nv = { incompatible = 'reject' }").0,
        "integer"
    );
}
