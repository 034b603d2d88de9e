//! Files that are built to mislead, to overflow or to run forever.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::super::limits::{MAX_DEPTH, outline};
use super::super::{Encoding, SchemaError, parse, read};
use super::{database, read_sql, rule_ids, schema};

/// A database whose bytes are changed without SQLite.
fn changed(sql: &str, changes: &[(&[u8], &[u8])]) -> SqliteConnection {
    let mut bytes = database(sql).serialize_database_to_buffer().to_vec();
    for (from, to) in changes {
        assert_eq!(from.len(), to.len());
        let places: Vec<usize> = bytes
            .windows(from.len())
            .enumerate()
            .filter(|(_, window)| window == from)
            .map(|(place, _)| place)
            .collect();
        assert!(!places.is_empty());
        for place in places {
            bytes[place..place + to.len()].copy_from_slice(to);
        }
    }
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.deserialize_readonly_database_from_buffer(bytes.leak()).unwrap();
    connection
}

#[test]
fn names_are_read_unchanged() {
    for name in
        ["", " ", "\"", "''", "`", "]", "[a]", "a\nb", "a;--", "/*", "\\", "é\u{301}", "\u{feff}", "select"]
    {
        let quoted = name.replace('"', "\"\"");
        let schema = schema(&format!(
            "CREATE TABLE \"{quoted}\" (\"{quoted}\" TEXT, CONSTRAINT \"{quoted}\" CHECK (\"{quoted}\" > 1));
             CREATE INDEX \"i{quoted}\" ON \"{quoted}\" (\"{quoted}\")"
        ));
        let table = &schema.tables[0];
        assert_eq!((table.name.as_str(), table.columns[0].name.as_str()), (name, name));
        assert_eq!(table.checks[0].name.as_deref(), Some(name));
        assert_eq!(table.indexes.len(), 1);
    }
}

#[test]
fn a_name_of_a_megabyte_is_read() {
    let name = "x".repeat(1_000_000);
    let schema = schema(&format!("CREATE TABLE \"{name}\" (a, \"{name}\" CHECK (a))"));
    assert_eq!(schema.tables[0].columns[1].name, name);
    assert_eq!(schema.tables[0].checks.len(), 1);
}

#[test]
fn utf_16_files_are_read_and_lone_surrogates_are_not_repaired() {
    for (pragma, encoding, from, to) in [
        ("UTF-16le", Encoding::Utf16Le, &b"q\0q\0"[..], &b"\0\xd8q\0"[..]),
        ("UTF-16be", Encoding::Utf16Be, b"\0q\0q", b"\xd8\0\0q"),
    ] {
        let sql =
            format!("PRAGMA encoding = '{pragma}'; CREATE TABLE \"té\u{1f600}\" (\"ü\" TEXT DEFAULT 'ö')");
        let schema = schema(&sql);
        assert_eq!(schema.encoding, encoding);
        assert_eq!(schema.tables[0].name, "té\u{1f600}");
        assert_eq!(schema.tables[0].columns[0].name, "ü");
        assert_eq!(schema.tables[0].columns[0].default.as_ref().unwrap().to_string(), "'ö'");
        let (schema, findings) =
            read(&mut changed(&format!("{sql}; CREATE TABLE tqq (a)"), &[(from, to)])).unwrap();
        assert_eq!(schema.tables.len(), 1);
        assert_eq!(rule_ids(&findings), ["schema/not-text"]);
    }
}

#[test]
fn names_that_are_no_text_leave_out_their_table_and_nothing_else() {
    let sql = "CREATE TABLE badxxble (a); CREATE TABLE t (badxxolumn); CREATE TABLE good (a)";
    let (schema, findings) = read(&mut changed(sql, &[(b"badxxble", b"bad\xff\xfeble")])).unwrap();
    assert_eq!(schema.tables.len(), 2);
    assert_eq!(rule_ids(&findings), ["schema/not-text"]);
    let (schema, findings) = read(&mut changed(sql, &[(b"badxxolumn", b"bad\xff\xfeolumn")])).unwrap();
    assert_eq!(schema.tables.len(), 2);
    assert_eq!(rule_ids(&findings), ["schema/unreadable"]);
}

#[test]
fn a_statement_that_is_not_understood_leaves_what_pragmas_tell() {
    // SQLite treats a byte order mark as whitespace.
    let (schema, findings) = read_sql(
        "CREATE TABLE p (k TEXT PRIMARY KEY);
         CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER DEFAULT 7 \u{feff}CHECK (a > 0), \
         b TEXT NOT NULL REFERENCES p, c AS (a + 1), UNIQUE (a, b)); CREATE INDEX i ON t (b DESC)",
    );
    let table = &schema.tables[1];
    assert_eq!(rule_ids(&findings), ["schema/not-parsed"]);
    assert!(findings[0].text.contains("CHECK") && findings[0].text.contains("generated"));
    assert!(table.primary_key.as_ref().unwrap().is_autoincrement);
    assert_eq!(table.columns[1].default.as_ref().unwrap().to_string(), "7");
    assert!(table.columns[2].not_null);
    assert!(table.columns[3].generated.is_none());
    assert_eq!((table.uniques.len(), table.indexes.len(), table.checks.len()), (1, 1, 0));
    assert_eq!(table.foreign_keys[0].parent_columns, ["k"]);
}

#[test]
fn an_unparsed_strict_table_without_rowid_is_still_known_as_such() {
    let (schema, findings) =
        read_sql("CREATE TABLE t (a TEXT \u{feff}CHECK (a > 0), PRIMARY KEY (a)) WITHOUT ROWID, STRICT");
    assert_eq!(rule_ids(&findings), ["schema/not-parsed"]);
    assert!(schema.tables[0].strict && schema.tables[0].without_rowid);
}

#[test]
fn an_index_whose_expression_is_not_understood_is_skipped() {
    let (schema, findings) = read_sql(&format!(
        "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a) WHERE {}1",
        "(".repeat(300) + "1" + &")".repeat(300) + "+"
    ));
    assert!(schema.tables[0].indexes.is_empty());
    assert_eq!(rule_ids(&findings), ["schema/index-not-read"]);
}

#[test]
fn deep_expressions_are_not_parsed_and_long_lists_are() {
    let nested = format!("CREATE TABLE t (a CHECK ({}1{}))", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(parse::statement(&nested).unwrap_err(), parse::Refusal::TooDeep);
    let chain = format!("CREATE TABLE t (a CHECK (1{}))", " + 1".repeat(900));
    let (schema, findings) = read_sql(&chain);
    assert_eq!(rule_ids(&findings), ["schema/too-deep"]);
    assert_eq!(schema.tables[0].columns.len(), 1);
    let list = format!("CREATE TABLE t (a CHECK (a IN (1{}) AND a > 0))", ", 2".repeat(20_000));
    assert_eq!(super::schema(&list).tables[0].checks.len(), 1);
    let words = format!("CREATE TABLE t (a CHECK (a = 'x'{}))", " OR a = 'y'".repeat(200));
    assert_eq!(super::schema(&words).tables[0].checks.len(), 1);
}

#[test]
fn a_statement_of_too_many_words_is_not_parsed() {
    let list = format!("CREATE TABLE t (a CHECK (a IN (1{})))", ",2".repeat(130_000));
    let (schema, findings) = read_sql(&list);
    assert_eq!(rule_ids(&findings), ["schema/too-large"]);
    assert_eq!(schema.tables.len(), 1);
    let blob = format!("CREATE TABLE t (a DEFAULT '{}')", "x".repeat(9_000_000));
    let (schema, findings) = read_sql(&blob);
    assert_eq!(rule_ids(&findings), ["schema/too-large"]);
    assert_eq!(schema.tables.len(), 1);
}

/// Every way to make a tree deep, at the maximum parsed depth.
#[test]
fn what_is_parsed_fits_on_a_small_stack() {
    let shapes = [
        ("(", "1", ")"),
        ("", "1", " + 1"),
        ("NOT ", "1", ""),
        ("- ", "1", ""),
        ("case when 1 then ", "1", " end"),
        ("f(", "1", ")"),
        ("(select ", "1", ")"),
        ("(select * from ", "t", ")"),
        ("", "1", " in (1)"),
        ("", "1", " between 1 and 1"),
        ("", "1", " collate a"),
        ("", "1", " isnull"),
        ("", "1", " or 1"),
        ("case 1 when 1 or ", "1", " then 1 end"),
        ("f() over (order by ", "1", ")"),
    ];
    let worker = std::thread::Builder::new().stack_size(1024 * 1024).spawn(move || {
        for (before, core, after) in shapes {
            let of = |levels: usize| {
                format!("CREATE TABLE t (a CHECK ({}{core}{}))", before.repeat(levels), after.repeat(levels))
            };
            let levels =
                (1..=MAX_DEPTH).rev().find(|levels| outline(&of(*levels)).unwrap().depth <= MAX_DEPTH);
            let statement = parse::statement(&of(levels.unwrap())).unwrap();
            let copy = statement.clone();
            assert_eq!(format!("{copy:?}"), format!("{statement:?}"));
            assert!(!sqlite3_parser::ast::Cmd::Stmt(copy).to_string().is_empty());
            assert!(parse::statement(&of(10_000)).is_err());
        }
    });
    worker.unwrap().join().unwrap();
}

#[test]
fn views_that_double_at_every_level_are_not_expanded() {
    let mut sql = "CREATE TABLE t (a); CREATE VIEW v0 AS SELECT * FROM t;".to_owned();
    for level in 1..60 {
        let below = level - 1;
        sql += &format!("CREATE VIEW v{level} AS SELECT x.* FROM v{below} AS x, v{below} AS y;");
    }
    let started = Instant::now();
    assert_eq!(schema(&sql).views.len(), 60);
    // Expanding them would take years.
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_table_named_as_a_function_is_refused() {
    let mut connection = database("CREATE TABLE Pragma_Table_Xinfo (a)");
    assert!(matches!(read(&mut connection), Err(SchemaError::HiddenFunction("pragma_table_xinfo"))));
}

#[test]
fn unknown_collations_and_modules_stop_nothing() {
    let sql = "CREATE TABLE t (a TEXT COLLATE rtrim, b PRIMARY KEY); CREATE TABLE u (a); \
         CREATE VIRTUAL TABLE v USING fts4(a, b)";
    let (schema, findings) = read(&mut changed(sql, &[(b"fts4", b"zzz4"), (b"rtrim", b"zzzzz")])).unwrap();
    assert_eq!(schema.tables.len(), 2 + 5);
    assert_eq!(schema.virtual_tables[0].module, "zzz4");
    assert_eq!(rule_ids(&findings), ["schema/virtual-table", "schema/unknown-collation"]);
}

#[test]
fn tables_of_sqlite_itself_are_skipped_and_names_that_resemble_them_are_not() {
    let mut connection =
        database("CREATE TABLE sqlites (a); CREATE TABLE sqliteXstat1 (a); CREATE INDEX i ON sqlites (a)");
    connection.batch_execute("INSERT INTO sqlites VALUES (1); ANALYZE").unwrap();
    let (schema, findings) = read(&mut connection).unwrap();
    assert_eq!(schema.tables.len(), 2);
    assert!(findings.is_empty());
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    let bytes: &'static [u8] = vec![b'x'; 4096].leak();
    let opened = connection.deserialize_readonly_database_from_buffer(bytes);
    assert!(opened.is_err() || read(&mut connection).is_err());
}

/// Columns that each refer to the one before this number of times.
fn chain(length: usize, times: usize, kind: &str) -> String {
    let columns = (1..=length).map(|place| {
        let before = vec![format!("c{}", place - 1); times].join(" + ");
        format!(", \"C{place}\" AS ({before}) {kind}")
    });
    format!("CREATE TABLE t (c0{})", columns.collect::<String>())
}

#[test]
fn generated_columns_that_multiply_are_refused_before_they_are_computed() {
    for (sql, is_refused) in [
        (chain(12, 2, ""), false),
        (chain(14, 2, ""), true),
        (chain(8, 3, "VIRTUAL"), false),
        (chain(10, 3, "VIRTUAL"), true),
        (chain(100, 1, ""), false),
        (chain(200, 1, ""), true),
        (chain(200, 4, "STORED"), false),
        // These are too deep to be parsed.
        (chain(13, 2, &format!("CHECK (1{})", " OR 1".repeat(300))), false),
        (chain(14, 2, &format!("CHECK (1{})", " OR 1".repeat(300))), true),
    ] {
        let (schema, findings) = read_sql(&format!("{sql}; CREATE TABLE other (a)"));
        let is_limit = rule_ids(&findings).contains(&"limit/generated-columns");
        assert_eq!((is_limit, schema.tables.len()), (is_refused, 2 - usize::from(is_refused)), "{sql}");
    }
}
