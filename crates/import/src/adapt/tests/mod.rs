use super::*;
use crate::translate::LikeAs;

mod known;
mod properties;

fn adapted(sql: &str) -> (String, Vec<String>) {
    let adapted = adapt(sql).expect(sql);
    let parameters = adapted.parameters.into_iter();
    (
        adapted.sql,
        parameters.map(|parameter| parameter.name.unwrap_or(parameter.number.to_string())).collect(),
    )
}

fn refusal(sql: &str) -> String {
    match adapt(sql) {
        Err(AdaptError::Untranslatable(error)) => error.to_string(),
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn placeholders_are_numbered_as_sqlite_numbers_them() {
    for (sql, expected, parameters) in [
        ("SELECT ?, ?", "SELECT $1, $2", vec!["1", "2"]),
        ("SELECT :a, :b, :a", "SELECT $1, $2, $1", vec![":a", ":b"]),
        ("SELECT ?5, ?", "SELECT $1, $2", vec!["5", "6"]),
        ("SELECT ?2, ?1, ?2", "SELECT $1, $2, $1", vec!["2", "1"]),
        ("SELECT :a, ?1, ?", "SELECT $1, $1, $2", vec![":a", "2"]),
        ("SELECT @a, $b, :a", "SELECT $1, $2, $3", vec!["@a", "$b", ":a"]),
        ("SELECT '?', \"a?\", ? FROM t -- ?\n", "SELECT '?', \"a?\", $1 FROM t -- ?\n", vec!["1"]),
        ("SELECT a FROM t WHERE b=1 AND?=c", "SELECT a FROM t WHERE b=1 AND $1=c", vec!["1"]),
    ] {
        let (sql_out, got) = adapted(sql);
        assert_eq!(
            (sql_out.as_str(), got),
            (expected, parameters.into_iter().map(str::to_owned).collect()),
            "{sql}"
        );
    }
}

#[test]
fn casts_and_escapes_make_a_statement_postgresqls_own() {
    let (sql, parameters) = adapted("SELECT :a::text, data ?? 'k', x -> ? FROM t");
    assert_eq!(sql, "SELECT $1::text, data ? 'k', x -> $2 FROM t");
    assert_eq!(parameters, [":a", "2"]);
}

#[test]
fn what_both_say_in_the_same_way_stays_to_the_byte() {
    for sql in [
        "select  id,name /* c */ from users as u\n where a<>1 and (b is null or c > 1.5) -- end",
        "SELECT count(*) FROM a INNER JOIN b ON a.id = b.a_id GROUP BY a.x",
        "UPDATE t SET a = a + 1 WHERE id = 1 RETURNING id",
        "DELETE FROM t WHERE id IN (1, 2)",
        "INSERT INTO t (a, b) VALUES (1, 'x') ON CONFLICT (a) DO UPDATE SET b = excluded.b",
        "COMMIT",
    ] {
        assert_eq!(adapted(sql).0, sql);
    }
}

#[test]
fn what_sqlite_says_in_its_own_way_is_translated() {
    for (sql, expected) in [
        ("INSERT OR IGNORE INTO t (a) VALUES (?)", "INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING"),
        ("SELECT a FROM t LIMIT 5, 10", "SELECT a FROM t LIMIT 10 OFFSET 5"),
        ("SELECT a FROM t LIMIT -1", "SELECT a FROM t"),
        ("SELECT a FROM t ORDER BY a DESC", "SELECT a FROM t ORDER BY a DESC NULLS LAST"),
        ("SELECT ifnull(a, 0) FROM t WHERE b == 1", "SELECT coalesce(a, 0) FROM t WHERE b = 1"),
        ("SELECT [a b], `c`, user FROM Users", "SELECT \"a b\", c, \"user\" FROM \"Users\""),
        ("BEGIN IMMEDIATE", "BEGIN"),
        ("SELECT /* /* */ a FROM t", "SELECT a FROM t"),
        (
            "SELECT a FROM t WHERE n LIKE 'Ab%'",
            "SELECT a FROM t WHERE lower(n::text COLLATE \"C\") LIKE 'ab%' ESCAPE ''",
        ),
    ] {
        assert_eq!(adapted(sql).0, expected, "{sql}");
    }
}

#[test]
fn replace_wants_to_know_its_key() {
    let sql = "REPLACE INTO t (id, a, b) VALUES (?, ?, ?)";
    assert!(refusal(sql).starts_with("INSERT OR REPLACE"));
    let options = AdaptOptions { conflict_target: Some(vec!["id".to_owned()]), ..AdaptOptions::default() };
    assert_eq!(
        adapt_with(sql, &options).expect("adapted").sql,
        "INSERT INTO t (id, a, b) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b"
    );
}

#[test]
fn like_becomes_ilike_with_the_option() {
    let options = AdaptOptions { like: LikeAs::Ilike, ..AdaptOptions::default() };
    let sql = adapt_with("SELECT a FROM t WHERE n LIKE ?", &options).expect("adapted").sql;
    assert_eq!(sql, "SELECT a FROM t WHERE n::text ILIKE $1::text ESCAPE ''");
}

#[test]
fn constructs_without_an_equivalent_are_named_in_the_error() {
    for (sql, name) in [
        ("PRAGMA foreign_keys = ON", "PRAGMA foreign_keys"),
        ("ATTACH 'x' AS y", "ATTACH"),
        ("VACUUM", "VACUUM"),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "AUTOINCREMENT"),
        ("SELECT last_insert_rowid()", "last_insert_rowid"),
        ("SELECT a FROM t WHERE a MATCH 'x'", "MATCH"),
        ("SELECT rowid FROM t", "rowid"),
        ("SELECT a / b FROM t", "/"),
        ("SELECT typeof(a) FROM t", "typeof"),
        ("UPDATE OR IGNORE t SET a = 1", "UPDATE OR"),
        ("SELECT frobnicate(a) FROM t", "frobnicate"),
        ("SELECT a FROM t WHERE b", "condition"),
    ] {
        assert!(refusal(sql).contains(name), "{sql}: {}", refusal(sql));
    }
}

#[test]
fn several_statements_are_adapted_one_by_one() {
    assert!(matches!(adapt("SELECT ?; SELECT ?"), Err(AdaptError::Several { count: 2 })));
    let all = adapt_each("SELECT ?; ; SELECT ? -- end", &AdaptOptions::default()).expect("adapted");
    assert_eq!(
        all.iter().map(|one| one.sql.as_str()).collect::<Vec<_>>(),
        ["SELECT $1", " SELECT $1 -- end"]
    );
}

#[test]
fn an_open_quote_and_a_number_out_of_range_are_named() {
    for (sql, at) in [("SELECT 'abc", 7), ("SELECT ?0", 7), ("SELECT ?40000", 7)] {
        assert!(matches!(
            adapt(sql),
            Err(AdaptError::Placeholders(
                PlaceholderError::Unclosed { at: found } | PlaceholderError::Number { at: found }
            )) if found == at
        ));
    }
}

#[test]
fn bombs_are_refused_on_a_small_stack() {
    let work = || {
        for (open, close) in [
            ("(", ")"),
            ("(SELECT ", ")"),
            ("NOT ", ""),
            ("-", ""),
            ("CASE ", ""),
            ("CASE END WHEN ", ""),
            ("1+", ""),
            ("a ISNULL ISNULL AND ", ""),
            ("abs(", ")"),
            ("CASE WHEN 1 THEN ", " END"),
        ] {
            for count in [100, 400, 900, 20_000] {
                let sql = format!("SELECT {}1{}", open.repeat(count), close.repeat(count));
                let adapted = adapt(&sql);
                assert!(count < 20_000 || adapted.is_err(), "{open}");
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread");
    thread.join().expect("no overflow");
}

#[test]
fn nul_is_refused_where_the_parser_would_panic() {
    for sql in ["INSERT INTO t ([\0]) VALUES (1)", "INSERT INTO t (\"a\0b\") VALUES (1)", "SELECT 1 -- \0"] {
        assert!(refusal(sql).contains("NUL"), "{sql:?}");
    }
}

#[test]
fn a_limit_inside_of_a_limit_is_refused() {
    for sql in [
        "SELECT a FROM t LIMIT (SELECT b FROM u LIMIT 1, 2), 3",
        "SELECT a FROM t LIMIT 3, (SELECT b FROM u LIMIT 1, 2)",
        "LIMIT,LIMIT,FOM?D,0)",
    ] {
        refusal(sql);
    }
    assert_eq!(
        adapted("SELECT (SELECT b FROM u LIMIT 1, 2) FROM t LIMIT 3, 4").0,
        "SELECT (SELECT b FROM u LIMIT 2 OFFSET 1) FROM t LIMIT 4 OFFSET 3"
    );
}
