use super::*;

fn case(declared: &str, values: &str, decision: &str, expected: &str, expected_rules: &str) {
    let decisions = format!("[tables.t.columns]\nv = {{ {decision} }}");
    let (chosen, findings) = column(declared, values, &decisions);
    assert_eq!(
        (chosen.as_str(), rules(&findings).as_str()),
        (expected, expected_rules),
        "{decision}: {values}"
    );
}

#[test]
fn decided_types_are_taken_and_misfits_named() {
    case("TEXT", "'1'", "type = 'integer'", "integer", "");
    case("TEXT", "'01'", "type = 'integer'", "integer", "type/forced-misfit");
    case("TEXT", "'t'|'No'", "type = 'boolean'", "boolean", "");
    case("TEXT", "'ab'", "type = 'character(4)'", "character(4)", "text/padded");
    case("INTEGER", "1|'a'", "type = 'integer'", "integer", "type/forced-misfit");
    case("INTEGER", "1|''", "type = 'integer', misfit = 'null'", "integer!null", "type/misfit-decided");
    case("INTEGER", "1", "type = 'bigint'", "bigint", "");
    case("TEXT", "'a'", "type = 'varchar(1)'", "varchar(1)", "");
    case("TEXT", "'ab'", "type = 'varchar(1)'", "varchar(1)", "type/forced-misfit");
    case("TEXT", "'[1, 2.5]'", "type = 'double precision[]'", "double precision[]", "");
    case("TEXT", "'{}'", "type = 'json'", "json", "");
    case("TEXT", "'a'|x'00'", "type = 'text'", "text", "type/forced-misfit");
    case("TEXT", "'a'|x'00'", "type = 'bytea'", "bytea", "type/forced-misfit");
    case("TEXT", "'a'|x'00'", "misfit = 'bytes'", "bytea!bytes", "type/misfit-decided");
    case(
        "BLOB",
        "1|'a'|x'00'",
        "misfit = 'bytes'",
        "bytea!bytes",
        "type/forced-misfit type/blob-beside-others",
    );
    case("TEXT", "'a'|char(0)", "misfit = 'remove-nul'", "text!remove-nul", "type/misfit-decided");
    case("TEXT", "'a'|char(0)", "misfit = 'null'", "text!null", "type/misfit-decided");
    case("TEXT", "'a'|x'00'", "misfit = 'null'", "text!null", "type/misfit-decided");
    case(
        "VARCHAR(1)",
        "CAST(x'61620063' AS TEXT)",
        "misfit = 'remove-nul'",
        "varchar(1)!remove-nul",
        "text/nul",
    );
    case(
        "TEXT",
        "CAST(x'6100' AS TEXT)",
        "type = 'integer', misfit = 'remove-nul'",
        "integer!remove-nul",
        "type/forced-misfit",
    );
    let (text, broken) = ("type = 'text', misfit = 'remove-nul'", "char(0)|CAST(x'ff' AS TEXT)");
    case("TEXT", broken, text, "text!remove-nul", "type/misfit-decided type/forced-misfit");
    case("TEXT", broken, "misfit = 'remove-nul'", "text!remove-nul", "type/misfit-decided text/not-utf8");
    case("TEXT", "char(0)", "type = 'citext'", "citext", "type/forced-misfit");
}

#[test]
fn the_form_of_a_decided_type_is_found() {
    case("TEXT", "'0190163d8694739baea5966c26f8ad91'", "type = 'uuid'", "uuid/simple", "");
    case("TEXT", "'0190163D-8694-739B-AEA5-966C26F8AD91'", "type = 'uuid'", "uuid/hyphenated", "");
    case("BIGINT", "1700000000", "type = 'timestamp'", "timestamp/seconds", "time/epoch");
    case("BIGINT", "1700000000000", "type = 'timestamptz'", "timestamptz/milliseconds", "time/epoch");
    case("BIGINT", "5", "type = 'timestamp', form = 'microseconds'", "timestamp/microseconds", "time/epoch");
    case("BIGINT", "5", "form = 'milliseconds'", "timestamptz/milliseconds", "time/epoch");
    case("TEXT", "'2024-05-31'|'2024-05-31 12:00'", "type = 'timestamp'", "timestamp/iso", "");
    case("TEXT", "'2024-05-31 12:00Z'", "type = 'timestamp'", "timestamp/iso", "type/forced-misfit");
    case("TEXT", "'2024-05-31 12:00Z'", "type = 'timestamp', form = 'iso-utc'", "timestamp/iso-utc", "");
    case("TEXT", "'2024-05-31 12:00'", "form = 'iso-utc'", "timestamptz/iso-utc", "");
    case("TEXT", "'1 02:03:04'", "type = 'interval'", "interval/iso", "");
    case("BIGINT", "5", "type = 'interval', form = 'seconds'", "interval/seconds", "time/epoch");
    case("TEXT", "'2024-05-31'|'x'", "type = 'date'", "date/iso", "type/forced-misfit");
    case(
        "TEXT",
        "'2024-05-31 12:00:00'|''",
        "type = 'timestamp', misfit = 'null'",
        "timestamp/iso!null",
        "type/misfit-decided",
    );
}

#[test]
fn the_unit_of_numbers_is_certain_or_decided_and_never_that_of_most_values() {
    let undecided = "time/unit-unknown type/forced-misfit";
    for values in [
        "-131000000000|486000000000|-5000",
        "7000000000|4102444800000|1700000000000",
        "1700000000|1700000000000",
        "1700000000|-1",
        "5",
        "0",
    ] {
        case("DATETIME", values, "type = 'timestamp'", "timestamp/iso", undecided);
    }
    case("DATE", "86400000|172800000", "type = 'date'", "date/iso", undecided);
    case("DATE", "1704067200000", "type = 'date'", "date/milliseconds", "time/epoch");
    case("DATETIME", "5", "type = 'interval'", "interval/iso", undecided);
    let (_, findings) = column("DATETIME", "-5000|486000000000", "tables.t.columns.v.type = 'timestamptz'");
    assert!(
        findings[0].text.contains(
            "-5000, 486000000000 are in seconds 1969-12-31 22:36:40 UTC, 17370-09-23 00:00:00 UTC; \
             in milliseconds 1969-12-31 23:59:55 UTC, 1985-05-27 00:00:00 UTC"
        ),
        "{}",
        findings[0].text
    );
}

#[test]
fn the_choice_of_integers_is_kept() {
    let all = |declared, values, policy, expected: &str, expected_rules: &str| {
        let (chosen, findings) = column(declared, values, &format!("integers = '{policy}'"));
        assert_eq!((chosen.as_str(), rules(&findings).as_str()), (expected, expected_rules), "{declared}");
    };
    all("INTEGER", "1", "bigint", "bigint", "");
    all("SMALLINT", "3000000000", "bigint", "bigint", "");
    all("BOOLEAN", "2", "bigint", "bigint", "type/not-boolean");
    all("BOOLEAN", "1", "bigint", "boolean", "");
    all("INTEGER", "3000000000|1", "declared", "integer", "type/out-of-declared");
    all("INTEGER", "'abc'|1", "declared", "integer", "type/out-of-declared");
    all("BIGINT", "1.5", "declared", "bigint", "type/out-of-declared");
    all("BIGINT", "1", "declared", "bigint", "");
}

#[test]
fn what_is_skipped_is_reported() {
    let tables = || vec![table("a", &[("x", "INT"), ("y", "INT")]), table("b", &[("x", "INT")])];
    let decisions = "[tables.a.columns]\ny.skip = true\n[tables.b]\nskip = true";
    let (conversion, findings) = chosen(tables(), "", decisions);
    assert_eq!(words(&conversion), ["integer"]);
    assert_eq!(rules(&findings), "decision/skipped decision/skipped");
}

#[test]
fn decided_names_are_taken() {
    let decisions = "schema = 's'\n[tables.t]\nname = 'T2'\ncolumns.v.name = 'w'";
    let (conversion, _) = chosen(vec![table("t", &[("v", "INT")])], "", decisions);
    assert_eq!(conversion.schema, "s");
    assert_eq!((conversion.tables[0].target.as_str(), conversion.tables[0].source.as_str()), ("T2", "t"));
    assert_eq!(conversion.tables[0].columns[0].target, "w");
}
