use super::*;

fn numbered(sequence: Option<i64>, rows: &str, decisions: &str) -> (ColumnConversion, String) {
    let mut numbered = keyed(table("t", &[("id", "INTEGER")]), "id", true);
    numbered.sequence = sequence;
    let (conversion, findings) = chosen(vec![numbered], rows, decisions);
    (conversion.tables[0].columns[0].clone(), rules(&findings))
}

#[test]
fn numbering_continues_after_all_numbers_given_out() {
    for (sequence, rows, expected, identity, expected_rules) in [
        (None, "", "integer", Some(1), ""),
        (None, "INSERT INTO t VALUES (-7)", "integer", Some(1), ""),
        (None, "INSERT INTO t VALUES (7), (3)", "integer", Some(8), ""),
        (Some(100), "INSERT INTO t VALUES (7)", "integer", Some(101), ""),
        (Some(5), "INSERT INTO t VALUES (7)", "integer", Some(8), ""),
        (Some(2_147_483_646), "", "integer", Some(2_147_483_647), ""),
        (Some(2_147_483_647), "", "bigint", Some(2_147_483_648), "type/integer-to-bigint"),
        (None, "INSERT INTO t VALUES (3000000000)", "bigint", Some(3_000_000_001), "type/integer-to-bigint"),
        (Some(i64::MAX), "", "integer", None, "identity/no-number-left"),
        (
            None,
            "INSERT INTO t VALUES (9223372036854775807)",
            "bigint",
            None,
            "type/integer-to-bigint identity/no-number-left",
        ),
    ] {
        let (column, found) = numbered(sequence, rows, "");
        assert_eq!(
            (word(&column).as_str(), column.identity, found.as_str()),
            (expected, identity, expected_rules)
        );
        assert!(column.not_null);
    }
}

#[test]
fn null_is_refused_only_where_none_is_found() {
    let mut declared =
        keyed(table("t", &[("k", "TEXT"), ("a", "INT"), ("b", "INT"), ("c", "INT")]), "k", false);
    declared.columns[1].not_null = true;
    declared.columns[2].not_null = true;
    let rows = "INSERT INTO t VALUES ('x', 1, NULL, NULL), ('y', 1, 1, 1)";
    let (conversion, findings) = chosen(vec![declared.clone()], rows, "");
    let not_null: Vec<bool> = conversion.tables[0].columns.iter().map(|column| column.not_null).collect();
    assert_eq!(not_null, [true, true, false, false]);
    assert_eq!(rules(&findings), "null/in-not-null");
    assert_eq!(
        (findings[0].count, findings[0].first_keys.as_slice()),
        (Some(1), ["1".to_owned()].as_slice())
    );
    let (conversion, findings) = chosen(vec![declared], "INSERT INTO t VALUES (NULL, 1, 1, 1)", "");
    assert!(!conversion.tables[0].columns[0].not_null);
    assert_eq!(rules(&findings), "null/in-primary-key");
}

/// A parent with a column `id` and a child with a column `p` that references it.
fn pair(parent: &str, child: &str, rows: &str) -> (Vec<String>, String) {
    let tables = vec![
        table("parent", &[("id", parent)]),
        referring(table("child", &[("p", child)]), "P", "Parent", "ID"),
    ];
    let (conversion, findings) = chosen(tables, rows, "");
    (words(&conversion), rules(&findings))
}

#[test]
fn referencing_and_referenced_columns_get_one_type() {
    for (parent, child, rows, expected, expected_rules) in [
        ("INT", "INT", "", "integer", ""),
        ("INT", "BIGINT", "", "bigint", "key/joined-type"),
        ("BIGINT", "INT", "", "bigint", "key/joined-type"),
        (
            "INT",
            "INT",
            "INSERT INTO child VALUES (3000000000)",
            "bigint",
            "type/integer-to-bigint key/joined-type",
        ),
        ("VARCHAR(5)", "VARCHAR(9)", "", "varchar(9)", "key/joined-type"),
        (
            "TEXT",
            "VARCHAR(9)",
            "INSERT INTO child VALUES ('a'); INSERT INTO parent VALUES ('a')",
            "text",
            "key/joined-type",
        ),
        ("INT", "TEXT", "INSERT INTO parent VALUES (1)", "integer", "key/joined-type"),
        (
            "INT",
            "TEXT",
            "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)",
            "text",
            "key/joined-type",
        ),
        (
            "INT",
            "DECIMAL(4,1)",
            "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)",
            "numeric",
            "key/joined-type key/joined-type",
        ),
        (
            "UUID",
            "TEXT",
            "INSERT INTO child VALUES ('x'); INSERT INTO parent VALUES ('0190163d-8694-739b-aea5-966c26f8ad91')",
            "text",
            "key/joined-type",
        ),
    ] {
        let (found, found_rules) = pair(parent, child, rows);
        assert_eq!(found, [expected, expected], "{parent}, {child}, {rows}");
        assert_eq!(found_rules, expected_rules, "{parent}, {child}, {rows}");
    }
}

#[test]
fn bytes_and_text_get_no_common_type() {
    let rows = "INSERT INTO parent VALUES (x'00'); INSERT INTO child VALUES ('a')";
    assert_eq!(pair("BLOB", "TEXT", rows), (vec!["bytea".into(), "text".into()], String::new()));
    let rows = "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (x'00')";
    assert_eq!(pair("INT", "BLOB", rows), (vec!["integer".into(), "bytea".into()], String::new()));
    // A declaration without values has no say.
    let rows = "INSERT INTO parent VALUES ('a')";
    assert_eq!(pair("TEXT", "BLOB", rows), (vec!["text".into(), "text".into()], "key/joined-type".into()));
}

#[test]
fn a_wider_key_names_the_column_that_forces_it() {
    let tables = vec![
        table("parent", &[("id", "INT")]),
        referring(table("child", &[("p", "INT")]), "p", "parent", "id"),
    ];
    let rows = "INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1), (2), ('none')";
    let (_, findings) = chosen(tables.clone(), rows, "");
    let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    assert!(texts.iter().any(|text| text.ends_with(": the values of child.p have that type")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("1 of 3 rows forces text; ")), "{texts:?}");
    let (conversion, _) = chosen(tables, rows, "incompatible = 'reject'");
    assert_eq!(words(&conversion), ["integer", "integer"]);
}

#[test]
fn what_numbers_its_rows_stays_an_integer() {
    let tables = |child| {
        vec![
            keyed(table("parent", &[("id", "INTEGER")]), "id", true),
            referring(table("child", &[("p", child)]), "p", "parent", "id"),
        ]
    };
    let (conversion, findings) = chosen(tables("TEXT"), "INSERT INTO child VALUES ('x')", "");
    assert_eq!((words(&conversion).join(" ").as_str(), rules(&findings).as_str()), ("integer text", ""));
    let (conversion, findings) = chosen(tables("TEXT"), "", "");
    assert_eq!(words(&conversion), ["integer", "integer"]);
    assert_eq!(rules(&findings), "key/joined-type");
    let (conversion, _) = chosen(tables("DECIMAL(4,2)"), "INSERT INTO parent VALUES (1)", "");
    assert_eq!(words(&conversion), ["integer", "integer"]);
    let (conversion, _) = chosen(tables("BIGINT"), "INSERT INTO child VALUES (1)", "");
    assert_eq!(words(&conversion), ["bigint", "bigint"]);
}

#[test]
fn types_pass_along_chains_and_around_cycles() {
    let tables = vec![
        referring(table("a", &[("x", "INT")]), "x", "b", "x"),
        referring(table("b", &[("x", "INT")]), "x", "c", "x"),
        referring(table("c", &[("x", "BIGINT")]), "x", "a", "x"),
        referring(referring(table("d", &[("x", "INT"), ("y", "INT")]), "x", "a", "x"), "y", "d", "x"),
        table("e", &[("x", "INT")]),
    ];
    let (conversion, findings) = chosen(tables, "", "");
    assert_eq!(words(&conversion), ["bigint", "bigint", "bigint", "bigint", "bigint", "integer"]);
    assert_eq!(findings.len(), 4);
}

#[test]
fn a_long_chain_is_no_burden() {
    let name = |number: usize| format!("t{number}");
    let mut tables: Vec<SqliteTable> = (0..3000)
        .map(|number| referring(table(&name(number), &[("x", "INT")]), "x", &name(number + 1), "x"))
        .collect();
    tables.push(table("t3000", &[("x", "BIGINT")]));
    let schema = Schema { tables, ..Schema::default() };
    let (conversion, findings) = choose(&schema, &[], &Decisions::default());
    assert!(words(&conversion).iter().all(|word| word == "bigint"));
    assert_eq!(findings.len(), 3000);
}

#[test]
fn decided_types_are_not_changed_for_a_key() {
    let tables = || {
        vec![
            table("parent", &[("id", "INT")]),
            referring(table("child", &[("p", "INT")]), "p", "parent", "id"),
        ]
    };
    let both = |decisions, rows| words(&chosen(tables(), rows, decisions).0).join(" ");
    let used = "INSERT INTO child VALUES (1)";
    assert_eq!(both("tables.parent.columns.id.type = 'bigint'", used), "bigint bigint");
    assert_eq!(both("tables.parent.columns.id.type = 'text'", used), "text text");
    assert_eq!(both("tables.parent.columns.id.type = 'smallint'", used), "smallint integer");
    assert_eq!(both("tables.parent.columns.id.type = 'smallint'", ""), "smallint smallint");
}

#[test]
fn declared_integers_are_not_widened_for_a_key() {
    let tables = vec![
        table("parent", &[("id", "BIGINT")]),
        referring(table("child", &[("p", "INT")]), "p", "parent", "id"),
    ];
    let (conversion, findings) = chosen(tables, "", "integers = 'declared'");
    assert_eq!((words(&conversion).join(" ").as_str(), findings.len()), ("bigint integer", 0));
}
