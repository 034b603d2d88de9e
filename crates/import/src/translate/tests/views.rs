use super::super::view;
use super::database;
use crate::queries::SourceTables;

fn translated(sql: &str) -> Result<String, String> {
    let (schema, conversion) = database();
    view(sql, &SourceTables::new(&schema, &conversion), "v").map_err(|error| error.to_string())
}

#[test]
fn views_keep_names_order_and_nulls() {
    for (source, sql) in [
        (
            "CREATE VIEW v AS SELECT i, t AS name FROM t WHERE f ORDER BY t DESC LIMIT 2, 5",
            "CREATE VIEW \"public\".\"v\" (\"i\", \"name\") AS SELECT \"t\".\"i\", \"t\".\"t\" AS \"name\" FROM \"public\".\"t\" AS \"t\" WHERE \"t\".\"f\" ORDER BY \"t\".\"t\" COLLATE \"C\" DESC NULLS LAST LIMIT 5 OFFSET 2",
        ),
        (
            "CREATE VIEW v AS SELECT u, count(*) AS c, sum(b) s FROM t GROUP BY u HAVING count(*) > 1",
            "CREATE VIEW \"public\".\"v\" (\"u\", \"c\", \"s\") AS SELECT \"t\".\"u\", count(*) AS \"c\", CAST(sum(\"t\".\"b\") AS bigint) AS \"s\" FROM \"public\".\"t\" AS \"t\" GROUP BY \"t\".\"u\" HAVING count(*) > 1",
        ),
        (
            "CREATE VIEW v(a, b) AS SELECT x.i, y.i FROM t x LEFT JOIN t y ON x.nc = y.t",
            "CREATE VIEW \"public\".\"v\" (\"a\", \"b\") AS SELECT \"x\".\"i\", \"y\".\"i\" FROM \"public\".\"t\" AS \"x\" LEFT JOIN \"public\".\"t\" AS \"y\" ON lower(\"x\".\"nc\" COLLATE \"C\") = lower(\"y\".\"t\" COLLATE \"C\")",
        ),
    ] {
        assert_eq!(translated(source).as_deref(), Ok(sql), "{source}");
    }
}

#[test]
fn a_query_that_postgresql_would_answer_otherwise_is_refused() {
    for source in [
        "CREATE VIEW v AS SELECT i, max(b) AS m FROM t",
        "CREATE VIEW v AS SELECT i, b AS m FROM t GROUP BY i",
        "CREATE VIEW v AS SELECT nc FROM t GROUP BY nc",
        "CREATE VIEW v AS SELECT DISTINCT nc FROM t",
        "CREATE VIEW v AS SELECT i FROM t UNION SELECT u FROM t",
        "CREATE VIEW v AS SELECT count(*) FROM t",
        "CREATE VIEW v AS SELECT i, i FROM t",
        "CREATE VIEW v AS SELECT rowid FROM t",
        "CREATE VIEW v AS SELECT * FROM missing",
        "CREATE VIEW v AS SELECT name FROM sqlite_master",
        "CREATE VIEW v AS SELECT value AS x FROM json_each('[1]')",
        "CREATE TEMP VIEW v AS SELECT i FROM t",
        "SELECT 1",
        "CREATE VIEW v AS SELECT i FROM t; DROP TABLE t",
    ] {
        assert!(translated(source).is_err(), "{source}");
    }
}

#[test]
fn names_in_a_view_stay_inside_of_their_quotes() {
    let sql = translated("CREATE VIEW v AS SELECT i AS \"a\"\"; DROP TABLE x; --\" FROM t").expect("a view");
    assert!(sql.contains("(\"a\"\"; DROP TABLE x; --\")"), "{sql}");
}

#[test]
fn a_uuid_of_16_bytes_is_read_as_its_bytes() {
    let (mut schema, mut conversion) = database();
    for (column, target) in schema.tables[0].columns.iter_mut().zip(&mut conversion.tables[0].columns) {
        if column.name == "bl" {
            column.affinity = crate::schema::Affinity::Numeric;
            target.target_type = crate::types::TargetType::Uuid(crate::types::UuidForm::Bytes);
        }
    }
    let relations = SourceTables::new(&schema, &conversion);
    for (text, sql) in [
        ("hex(bl)", "coalesce(upper(encode(uuid_send(\"t\".\"bl\"), 'hex')), '')"),
        ("length(bl)", "length(uuid_send(\"t\".\"bl\"))"),
        ("substr(bl, 1, 4)", "substr(NULLIF(uuid_send(\"t\".\"bl\"), ''::bytea), 1, 4)"),
        ("max(bl)", "(max(\"t\".\"bl\"::text COLLATE \"C\"))::uuid"),
        ("bl > x'00'", "(uuid_send(\"t\".\"bl\") > '\\x00'::bytea)::integer"),
        (
            "bl = x'00112233445566778899aabbccddeeff'",
            "(\"t\".\"bl\" = '00112233445566778899aabbccddeeff'::uuid)::integer",
        ),
    ] {
        let made = view(&format!("CREATE VIEW v AS SELECT {text} AS x FROM t"), &relations, "v").expect(text);
        assert!(made.contains(&format!("SELECT {sql} AS \"x\"")), "{text}: {made}");
    }
}
