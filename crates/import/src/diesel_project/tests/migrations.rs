use sqlite3_parser::ast::Literal;

use super::*;
use crate::schema::{Check, Generated, Index, IndexOn, IndexTerm, Trigger, Unique, View};
use crate::types::{DateForm, InstantForm, UuidForm};

#[test]
fn sqlite_objects_are_recreated_and_reverted_with_rows() {
    // (tables, rows, created objects)
    let mut checked = with_rowid(table("checked", vec![integer("id"), text("a"), text("b")], &["id"]));
    checked.checks.push(Check {
        name: Some("a b".to_owned()),
        column: None,
        expression: expression("a IN ('x', \"b\") OR a IS NULL"),
    });
    checked.columns[1].default = Some(expression("'x' || 1"));
    checked.columns[2].collation = "NOCASE".to_owned();
    checked.uniques.push(Unique { name: None, columns: key_columns(&["b"]) });
    checked.indexes.push(Index {
        name: "by a".to_owned(),
        is_unique: true,
        terms: vec![
            IndexTerm {
                on: IndexOn::Expression(expression("lower(a)")),
                collation: "BINARY".to_owned(),
                is_descending: true,
            },
            IndexTerm {
                on: IndexOn::Column("b".to_owned()),
                collation: "RTRIM".to_owned(),
                is_descending: false,
            },
        ],
        predicate: Some(expression("a NOT NULL")),
    });
    let mut generated = table("generated", vec![integer("id"), integer("twice")], &["id"]);
    generated.columns[1].generated = Some(Generated { expression: expression("id * 2"), is_stored: true });
    let mut strict = table("strict", vec![text("id"), column("b", "BLOB", Affinity::Blob)], &["id"]);
    strict.strict = true;
    strict.without_rowid = true;
    let mut itself = with_rowid(table("itself", vec![integer("id"), integer("parent")], &["id"]));
    itself.foreign_keys.push(reference(&["parent"], "itself", &["id"], Action::Restrict));
    let mut left = with_rowid(table("left", vec![integer("id"), integer("right")], &["id"]));
    left.foreign_keys.push(reference(&["right"], "RIGHT", &["id"], Action::Restrict));
    let mut right = with_rowid(table("right", vec![integer("id"), integer("left")], &["id"]));
    right.foreign_keys.push(reference(&["left"], "left", &["id"], Action::Cascade));
    let cases: [(Vec<SqliteTable>, &str, &[&str]); 5] = [
        (vec![checked], "INSERT INTO checked VALUES (1, 'x', 'B')", &["checked", "by a"]),
        (vec![generated], "INSERT INTO generated (id) VALUES (1)", &["generated"]),
        (vec![strict], "INSERT INTO strict VALUES ('1', x'00')", &["strict"]),
        (vec![itself], "INSERT INTO itself VALUES (1, 1), (2, 1)", &["itself"]),
        (
            vec![left, right],
            "INSERT INTO \"left\" VALUES (1, NULL); INSERT INTO \"right\" VALUES (1, 1); UPDATE \"left\" SET \"right\" = 1",
            &["left", "right"],
        ),
    ];
    for (tables, rows, made) in cases {
        assert_eq!(run(&project(tables), rows), made);
    }
}

#[test]
fn a_key_is_the_rowid_exactly_where_it_was() {
    let descending = |is_rowid| {
        let mut table = table("t", vec![integer("id")], &["id"]);
        if let Some(key) = &mut table.primary_key {
            (key.is_rowid, key.is_autoincrement) = (is_rowid, is_rowid);
            key.name = Some("p k".to_owned());
        }
        table
    };
    for (is_rowid, definition) in [
        (true, "CONSTRAINT \"p k\" PRIMARY KEY AUTOINCREMENT NOT NULL"),
        (false, "CONSTRAINT \"p k\" PRIMARY KEY DESC NOT NULL"),
    ] {
        let project = project(vec![descending(is_rowid)]);
        assert!(project.sqlite_up().contains(definition), "{}", project.sqlite_up());
        let mut connection = SqliteConnection::establish(":memory:").expect("a database");
        connection.batch_execute(project.sqlite_up()).expect("the tables");
        connection.batch_execute("INSERT INTO t (rowid, id) VALUES (7, 8)").expect("a row");
        let found = sql_query("SELECT CAST(rowid AS TEXT) AS name FROM t")
            .load::<Made>(&mut connection)
            .expect("a row");
        assert_eq!(found[0].name, if is_rowid { "8" } else { "7" });
    }
}

#[test]
fn names_of_the_target_are_used_in_expressions_too() {
    let mut source = table("old", vec![integer("a"), text("b"), integer("Group")], &["a"]);
    source.checks.push(Check {
        name: None,
        column: None,
        expression: expression(
            "A > 0 AND old.\"group\" IS NOT 'a' AND a(b) AND b COLLATE NOCASE <> CAST(a AS a)",
        ),
    });
    let schema = Schema { tables: vec![source], ..Schema::default() };
    let mut conversion = convert(&schema.tables);
    conversion.tables[0].target = "new".to_owned();
    conversion.tables[0].columns[0].target = "x\"y".to_owned();
    conversion.tables[0].columns[2].target = "g".to_owned();
    let project = Project::of(&schema, &conversion);
    let expected =
        r#"CHECK ("x""y" > 0 AND "new"."g" IS NOT 'a' AND a(b) AND b COLLATE NOCASE <> CAST("x""y" AS a))"#;
    assert!(project.sqlite_up().contains(expected), "{}", project.sqlite_up());
    assert!(project.sqlite_up().contains(r#""x""y" INTEGER PRIMARY KEY DESC"#), "{}", project.sqlite_up());
}

#[test]
fn a_bare_word_as_default_is_a_string() {
    let cases = [
        ("abc", "DEFAULT 'abc'"),
        ("\"it's\"", "DEFAULT 'it''s'"),
        ("true", "DEFAULT true"),
        ("-1", "DEFAULT - 1"),
        ("NULL", "DEFAULT NULL"),
        ("(1 + 2)", "DEFAULT (1 + 2)"),
        ("lower('A')", "DEFAULT (lower('A'))"),
        ("CURRENT_TIMESTAMP", "DEFAULT CURRENT_TIMESTAMP"),
        ("x'00ff'", "DEFAULT X'00ff'"),
        ("'it''s'", "DEFAULT 'it''s'"),
    ];
    for (default, expected) in cases {
        let mut table = table("t", vec![integer("id"), column("c", "", Affinity::Blob)], &["id"]);
        table.columns[1].default = Some(expression(default));
        let project = project(vec![table]);
        assert!(project.sqlite_up().contains(&format!("\"c\" BLOB {expected}\n")), "{}", project.sqlite_up());
        run(&project, "");
    }
}

#[test]
fn unsupported_parts_are_skipped_with_a_comment() {
    let deep = (0..600).fold(Expr::Literal(Literal::Null), |inner, _| Expr::Parenthesized(vec![inner]));
    let mut table = table("t", vec![integer("id"), integer("a")], &["id"]);
    table.checks.push(Check { name: None, column: None, expression: deep });
    table.checks.push(Check { name: None, column: None, expression: expression("EXISTS (SELECT 1)") });
    table.columns[1].collation = "GERMAN\nDROP".to_owned();
    table.foreign_keys.push(reference(&["a"], "no\nsuch", &["id"], Action::NoAction));
    table.foreign_keys.push(ForeignKey {
        problem: Some("x".to_owned()),
        ..reference(&["a"], "t", &["id"], Action::NoAction)
    });
    table.indexes.push(Index { name: "t".to_owned(), is_unique: false, terms: Vec::new(), predicate: None });
    let project = project(vec![table]);
    let notes: Vec<&str> =
        project.sqlite_up().lines().filter(|line| line.starts_with("-- Skipped")).collect();
    assert_eq!(
        notes,
        [
            "-- Skipped: the collation of \"a\", which is not built into SQLite.",
            "-- Skipped: a CHECK constraint that is nested too deep or contains a subquery.",
            "-- Skipped: a CHECK constraint that is nested too deep or contains a subquery.",
            "-- Skipped: an invalid foreign key to \"no\\u{a}such\".",
            "-- Skipped: an invalid foreign key to \"t\".",
            "-- Skipped: index \"t\".",
        ]
    );
    assert_eq!(run(&project, "INSERT INTO t VALUES (1, 5)"), ["t"]);
}

#[test]
fn a_type_is_kept_where_its_values_stay_as_they_are() {
    let cases = [
        ("VARCHAR(20)", Affinity::Text, TargetType::Varchar(20), "VARCHAR(20)"),
        ("STRING", Affinity::Numeric, TargetType::Text, "TEXT"),
        ("INTEGER", Affinity::Integer, TargetType::Text, "TEXT"),
        (
            "DECIMAL(10, 2)",
            Affinity::Numeric,
            TargetType::Numeric { precision: 10, scale: 2 },
            "DECIMAL(10, 2)",
        ),
        ("UUID", Affinity::Numeric, TargetType::Uuid(UuidForm::Simple), "TEXT"),
        ("JSON", Affinity::Numeric, TargetType::Json, "TEXT"),
        ("DATETIME", Affinity::Numeric, TargetType::Timestamp(InstantForm::Iso), "DATETIME"),
        ("TEXT", Affinity::Text, TargetType::Timestamp(InstantForm::Seconds), "INTEGER"),
        ("DATE", Affinity::Numeric, TargetType::Date(DateForm::Iso), "DATE"),
        ("", Affinity::Blob, TargetType::Bytea, "BLOB"),
        ("unsigned big int", Affinity::Integer, TargetType::BigInt, "unsigned big int"),
        ("INT); DROP TABLE x; --", Affinity::Integer, TargetType::BigInt, "INTEGER"),
        ("INT PRIMARY KEY", Affinity::Integer, TargetType::BigInt, "INTEGER"),
        ("INT(1) NOT NULL", Affinity::Integer, TargetType::BigInt, "INTEGER"),
        ("INT('a')", Affinity::Integer, TargetType::BigInt, "INTEGER"),
    ];
    for (declared, affinity, target_type, expected) in cases {
        let schema = Schema {
            tables: vec![table("t", vec![text("id"), column("c", declared, affinity)], &["id"])],
            ..Schema::default()
        };
        let mut conversion = convert(&schema.tables);
        conversion.tables[0].columns[1].target_type = target_type;
        let project = Project::of(&schema, &conversion);
        assert!(
            project.sqlite_up().contains(&format!("\"c\" {expected},\n")),
            "{declared}: {}",
            project.sqlite_up()
        );
        run(&project, "");
    }
}

#[test]
fn only_views_of_postgresql_that_are_one_statement_are_created() {
    let tables = vec![table("t", vec![integer("id")], &["id"])];
    let view = |name: &str, sql: &str| View { name: name.to_owned(), sql: sql.to_owned() };
    let schema = Schema {
        views: vec![
            view("carried", "CREATE VIEW carried AS SELECT id FROM t -- all"),
            view("not_carried", "CREATE VIEW not_carried AS SELECT 1"),
            view("two", "CREATE VIEW two AS SELECT 1; DROP TABLE t"),
            view("other", "DROP TABLE t"),
        ],
        triggers: vec![Trigger { name: "a\nb".to_owned(), table: "t".to_owned(), sql: String::new() }],
        tables,
        ..Schema::default()
    };
    let conversion = convert(&schema.tables);
    let mut statements = statements(&conversion);
    for name in ["carried", "two", "other"] {
        statements.push(statement(StatementKind::View, name, "CREATE VIEW"));
    }
    let project =
        Project(files(&schema, &conversion, &statements, &options(Backend::Both)).expect("a project"));
    assert_eq!(run(&project, ""), ["t", "carried"]);
    let notes = project.sqlite_up().lines().filter(|line| line.starts_with("-- Skipped")).count();
    assert_eq!(notes, 4, "{}", project.sqlite_up());
}

#[test]
fn the_postgresql_migration_drops_in_reverse_what_it_makes() {
    let statements = [
        statement(StatementKind::Schema, "s", "CREATE SCHEMA IF NOT EXISTS \"s\""),
        statement(StatementKind::Extension, "citext", "CREATE EXTENSION citext"),
        statement(StatementKind::Table, "a\"", "CREATE TABLE \"s\".\"a\"\"\" (x int)"),
        statement(StatementKind::Table, "b", "CREATE TABLE \"s\".b (x int)"),
        statement(StatementKind::View, "v", "CREATE VIEW \"s\".v AS SELECT 1"),
        statement(StatementKind::View, "w", "CREATE VIEW \"s\".w AS SELECT * FROM \"s\".v"),
        statement(StatementKind::View, "w", "COMMENT ON VIEW \"s\".w IS 'W'"),
    ];
    assert_eq!(
        postgres_migration::down("s", &statements),
        r#"-- Drops what up.sql created, with all rows.
DROP VIEW "s"."w";
DROP VIEW "s"."v";
DROP TABLE
    "s"."b",
    "s"."a""";
DROP EXTENSION "citext";
-- The schema is kept: it may contain other objects.
"#
    );
    let up = postgres_migration::up(&statements);
    assert!(up.contains("CREATE EXTENSION citext;\nCREATE TABLE \"s\".\"a\"\"\" (x int);\n"), "{up}");
}

#[test]
fn an_expression_as_deep_as_is_allowed_fits_the_stack_of_a_thread() {
    let whole = |levels: usize| {
        (1..levels).fold(expression("id"), |inner, level| match level % 3 {
            0 => Expr::Parenthesized(vec![inner]),
            1 => Expr::IsNull(Box::new(inner)),
            _ => Expr::Case { base: None, when_then_pairs: vec![(expression("1"), inner)], else_expr: None },
        })
    };
    for (levels, is_written) in [(500, true), (501, false)] {
        let mut table = table("t", vec![integer("id")], &["id"]);
        table.checks.push(Check { name: None, column: None, expression: whole(levels) });
        let project = project(vec![table]);
        assert_eq!(project.sqlite_up().contains("CHECK ("), is_written, "{levels}");
    }
}
