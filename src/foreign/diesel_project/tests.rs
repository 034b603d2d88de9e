use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
use fallible_iterator::FallibleIterator as _;
use proptest::prelude::*;
use sqlite3_parser::ast::{Cmd, Expr, Literal, OneSelect, ResultColumn, Stmt};
use sqlite3_parser::lexer::sql::Parser;

use super::*;
use crate::foreign::conversion::{ColumnConversion, Misfit, StatementKind, TableConversion};
use crate::foreign::schema::{
    Action, Affinity, Check, Column, ForeignKey, Generated, Index, IndexOn, IndexTerm, KeyColumn, PrimaryKey,
    Table, Trigger, Unique, View,
};
use crate::foreign::types::{DateForm, InstantForm, TargetType, UuidForm};

fn expression(sql: &str) -> Expr {
    let sql = format!("SELECT {sql}");
    let mut parser = Parser::new(sql.as_bytes());
    let Some(Cmd::Stmt(Stmt::Select(select))) = parser.next().expect("SQL") else { panic!("no SELECT") };
    let OneSelect::Select { columns, .. } = select.body.select else { panic!("no SELECT") };
    match columns.into_iter().next() {
        Some(ResultColumn::Expr(expression, _)) => expression,
        _ => panic!("no expression"),
    }
}

fn column(name: &str, declared_type: &str, affinity: Affinity) -> Column {
    Column {
        name: name.to_owned(),
        declared_type: declared_type.to_owned(),
        affinity,
        not_null: false,
        default: None,
        collation: "BINARY".to_owned(),
        generated: None,
    }
}

fn integer(name: &str) -> Column {
    column(name, "INTEGER", Affinity::Integer)
}

fn text(name: &str) -> Column {
    column(name, "TEXT", Affinity::Text)
}

fn key_columns(names: &[&str]) -> Vec<KeyColumn> {
    let key = |name: &&str| KeyColumn {
        name: (*name).to_owned(),
        collation: "BINARY".to_owned(),
        is_descending: false,
    };
    names.iter().map(key).collect()
}

fn table(name: &str, columns: Vec<Column>, key: &[&str]) -> Table {
    Table {
        name: name.to_owned(),
        columns,
        primary_key: (!key.is_empty()).then(|| PrimaryKey {
            name: None,
            columns: key_columns(key),
            is_rowid: false,
            is_autoincrement: false,
        }),
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

fn with_rowid(mut table: Table) -> Table {
    if let Some(key) = &mut table.primary_key {
        key.is_rowid = true;
    }
    table
}

fn reference(columns: &[&str], parent: &str, parent_columns: &[&str], on_delete: Action) -> ForeignKey {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    ForeignKey {
        name: None,
        columns: owned(columns),
        parent_table: parent.to_owned(),
        parent_columns: owned(parent_columns),
        on_delete,
        on_update: Action::NoAction,
        is_deferred: false,
        problem: None,
    }
}

/// The conversion that renames nothing, with types as declared.
fn convert(tables: &[Table]) -> Conversion {
    let of_column = |column: &Column| ColumnConversion {
        source: column.name.clone(),
        target: column.name.clone(),
        target_type: match column.affinity {
            Affinity::Integer => TargetType::Integer,
            Affinity::Blob | Affinity::Any => TargetType::Bytea,
            Affinity::Real => TargetType::Double,
            Affinity::Numeric => TargetType::Boolean,
            Affinity::Text => TargetType::Text,
        },
        not_null: column.not_null,
        is_generated: column.generated.is_some(),
        identity: None,
        misfit: Misfit::Reject,
    };
    let of_table = |table: &Table| TableConversion {
        source: table.name.clone(),
        target: table.name.clone(),
        columns: table.columns.iter().map(of_column).collect(),
        row_count: 0,
        size_bytes: 0,
    };
    Conversion { schema: "public".to_owned(), tables: tables.iter().map(of_table).collect() }
}

fn statement(kind: StatementKind, name: &str, sql: &str) -> Statement {
    Statement { kind, table: name.to_owned(), name: name.to_owned(), sql: sql.to_owned() }
}

fn statements(conversion: &Conversion) -> Vec<Statement> {
    let made = |table: &TableConversion| {
        statement(StatementKind::Table, &table.target, "CREATE TABLE t (PRIMARY KEY (x))")
    };
    conversion.tables.iter().map(made).collect()
}

fn options(backend: Backend) -> ProjectOptions {
    ProjectOptions { name: "legacy".to_owned(), stamp: "20250106090000".to_owned(), backend }
}

struct Project(Vec<(String, String)>);

impl Project {
    fn of(schema: &Schema, conversion: &Conversion) -> Self {
        Self(files(schema, conversion, &statements(conversion), &options(Backend::Both)).expect("a project"))
    }

    fn file(&self, end: &str) -> &str {
        let found = self.0.iter().find(|(path, _)| path.ends_with(end));
        found.map(|(_, content)| content.as_str()).expect("the file")
    }

    fn sqlite_up(&self) -> &str {
        self.file("sqlite/20250106090000_legacy/up.sql")
    }

    fn sqlite_down(&self) -> &str {
        self.file("sqlite/20250106090000_legacy/down.sql")
    }
}

fn project(tables: Vec<Table>) -> Project {
    let conversion = convert(&tables);
    Project::of(&Schema { tables, ..Schema::default() }, &conversion)
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names_in(connection: &mut SqliteConnection) -> Vec<String> {
    let made = sql_query("SELECT name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
    made.load::<Made>(connection).expect("a schema").into_iter().map(|made| made.name).collect()
}

/// Runs the migration as Diesel does, with rows put in between, and reverts it; what it had made.
fn run(project: &Project, rows: &str) -> Vec<String> {
    let mut connection = SqliteConnection::establish(":memory:").expect("a database");
    connection.batch_execute("PRAGMA foreign_keys = ON").expect("foreign keys");
    connection.transaction(|c| c.batch_execute(project.sqlite_up())).unwrap_or_else(|error| {
        panic!("{error}\n{}", project.sqlite_up());
    });
    let made = names_in(&mut connection);
    connection.batch_execute(rows).expect("rows");
    connection.transaction(|c| c.batch_execute(project.sqlite_down())).expect("the way back");
    assert_eq!(names_in(&mut connection), Vec::<String>::new());
    made
}

#[test]
fn a_table_is_written_for_both_databases_and_for_diesel() {
    let mut table = with_rowid(table(
        "Customer",
        vec![integer("CustomerId"), text("type"), text("Added")],
        &["CustomerId"],
    ));
    table.columns[1].not_null = true;
    let schema = Schema { tables: vec![table], ..Schema::default() };
    let mut conversion = convert(&schema.tables);
    conversion.tables[0].columns[2].target_type = TargetType::Timestamp(InstantForm::Iso);
    let project = Project::of(&schema, &conversion);
    assert!(project.sqlite_up().ends_with(
        r#"CREATE TABLE "Customer" (
    "CustomerId" INTEGER PRIMARY KEY NOT NULL,
    "type" TEXT NOT NULL,
    "Added" TEXT
);

"#
    ));
    assert_eq!(
        project.file("schema.rs"),
        r#"//! The tables, once for PostgreSQL and SQLite.

diesel::table! {
    #[sql_name = "Customer"]
    customer (customer_id) {
        #[sql_name = "CustomerId"]
        customer_id -> Integer,
        #[sql_name = "type"]
        type_ -> Text,
        #[sql_name = "Added"]
        added -> Nullable<Timestamp>,
    }
}
"#
    );
    assert!(project.file("models.rs").ends_with(
        "
/// A row of `customer`.
#[derive(Clone, Debug, PartialEq, diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::Identifiable)]
#[diesel(table_name = crate::schema::customer)]
#[diesel(primary_key(customer_id))]
#[diesel(check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub struct Customer {
    pub customer_id: i32,
    pub type_: String,
    pub added: Option<chrono::NaiveDateTime>,
}
"
    ));
    assert_eq!(run(&project, ""), ["Customer"]);
}

#[test]
fn paths_are_made_of_the_options_alone() {
    let project = project(vec![table("../../etc/passwd", vec![integer("id")], &["id"])]);
    let paths: Vec<&str> = project.0.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "Cargo.toml",
            "diesel.toml",
            "README.md",
            "src/lib.rs",
            "src/schema.rs",
            "src/models.rs",
            "migrations/postgres/20250106090000_legacy/up.sql",
            "migrations/postgres/20250106090000_legacy/down.sql",
            "migrations/sqlite/20250106090000_legacy/up.sql",
            "migrations/sqlite/20250106090000_legacy/down.sql",
        ]
    );
    let schema = Schema { tables: vec![table("t", vec![integer("id")], &["id"])], ..Schema::default() };
    let conversion = convert(&schema.tables);
    for (name, stamp) in [
        ("..", "1"),
        ("", "1"),
        ("1a", "1"),
        ("a/b", "1"),
        ("A", "1"),
        ("a", ""),
        ("a", "../1"),
        ("a", "-1"),
        ("a", "1_2"),
    ] {
        let options =
            ProjectOptions { name: name.to_owned(), stamp: stamp.to_owned(), backend: Backend::Both };
        let refused = files(&schema, &conversion, &[], &options);
        assert!(matches!(refused, Err(ProjectError::Name(_) | ProjectError::Stamp(_))), "{name} {stamp}");
    }
}

#[test]
fn a_conversion_that_is_not_of_the_schema_is_refused() {
    let schema = Schema { tables: vec![table("t", vec![integer("id")], &["id"])], ..Schema::default() };
    let refused = |change: &dyn Fn(&mut Conversion)| {
        let mut conversion = convert(&schema.tables);
        change(&mut conversion);
        files(&schema, &conversion, &[], &options(Backend::Both)).expect_err("an error")
    };
    assert_eq!(refused(&|c| c.tables.clear()), ProjectError::NoTables);
    assert_eq!(refused(&|c| c.tables[0].source.push('x')), ProjectError::UnknownTable("tx".to_owned()));
    let unknown = ProjectError::UnknownColumn { table: "t".to_owned(), column: "idx".to_owned() };
    assert_eq!(refused(&|c| c.tables[0].columns[0].source.push('x')), unknown);
    let twice = |c: &mut Conversion| {
        let mut second = c.tables[0].clone();
        second.target = "T".to_owned();
        c.tables.push(second);
    };
    assert_eq!(refused(&twice), ProjectError::SameName("T".to_owned()));
}

#[test]
fn what_sqlite_knows_is_made_again_and_reverted_with_rows_in_it() {
    // (tables, rows, what is made)
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
    let cases: [(Vec<Table>, &str, &[&str]); 5] = [
        (vec![checked], "INSERT INTO checked (id, b) VALUES (1, 'B')", &["checked", "by a"]),
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
        }
        table
    };
    for (is_rowid, definition) in
        [(true, "PRIMARY KEY AUTOINCREMENT NOT NULL"), (false, "PRIMARY KEY DESC NOT NULL")]
    {
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
        ("-1", "DEFAULT (- 1)"),
        ("NULL", "DEFAULT (NULL)"),
        ("CURRENT_TIMESTAMP", "DEFAULT (CURRENT_TIMESTAMP)"),
        ("x'00ff'", "DEFAULT (X'00ff')"),
        ("'it''s'", "DEFAULT ('it''s')"),
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
fn what_cannot_be_said_is_left_out_with_a_comment() {
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
        project.sqlite_up().lines().filter(|line| line.starts_with("-- Left out")).collect();
    assert_eq!(
        notes,
        [
            "-- Left out: the collation of \"a\", which SQLite does not have by itself.",
            "-- Left out: a CHECK that is nested too deep, or holds a subquery.",
            "-- Left out: a CHECK that is nested too deep, or holds a subquery.",
            "-- Left out: a foreign key to \"no\\u{a}such\", which cannot hold.",
            "-- Left out: a foreign key to \"t\", which cannot hold.",
            "-- Left out: index \"t\".",
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
fn only_views_that_postgresql_has_are_made_and_only_where_they_are_one_statement() {
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
    let notes = project.sqlite_up().lines().filter(|line| line.starts_with("-- Left out")).count();
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
    ];
    assert_eq!(
        postgres_migration::down("s", &statements),
        r#"-- Drops what up.sql made, with the rows in it.
DROP VIEW "s"."w";
DROP VIEW "s"."v";
DROP TABLE
    "s"."b",
    "s"."a""";
DROP EXTENSION "citext";
-- The schema stays: it may have been there before, and hold what others made.
"#
    );
    let up = postgres_migration::up(&statements);
    assert!(up.contains("CREATE EXTENSION citext;\nCREATE TABLE \"s\".\"a\"\"\" (x int);\n"), "{up}");
}

#[test]
fn tables_that_diesel_cannot_have_are_told_of() {
    let wide = |name: &str, count: usize| {
        table(name, (0..count).map(|index| integer(&format!("c{index}"))).collect(), &["c0"])
    };
    let project = project(vec![
        table("no\nkey", vec![integer("a")], &[]),
        wide("wide", 129),
        wide("most", 128),
        wide("few", 17),
    ]);
    let schema = project.file("schema.rs");
    assert!(
        schema.contains("// Table \"no\\u{a}key\" is not here: it has no primary key, and Diesel needs one."),
        "{schema}"
    );
    assert!(schema.contains("// Table \"wide\" is not here: it has more than 128 columns"), "{schema}");
    assert!(schema.contains("128 columns: Diesel's feature `128-column-tables` is needed"), "{schema}");
    assert!(schema.contains("17 columns: Diesel's feature `32-column-tables` is needed"), "{schema}");
    assert!(project.file("Cargo.toml").contains("\"128-column-tables\""));
}

#[test]
fn a_key_that_postgresql_does_not_have_is_none() {
    let schema = Schema { tables: vec![table("t", vec![text("id")], &["id"])], ..Schema::default() };
    let conversion = convert(&schema.tables);
    for (sql, has_key) in [
        ("CREATE TABLE t (id text NOT NULL)", false),
        ("CREATE TABLE t (\"PRIMARY KEY\" text DEFAULT 'a\" PRIMARY KEY')", false),
        ("CREATE TABLE t (id text DEFAULT '\"', primary\nkey(id))", true),
    ] {
        let statements = [statement(StatementKind::Table, "t", sql)];
        let files = files(&schema, &conversion, &statements, &options(Backend::Both)).expect("a project");
        assert_eq!(Project(files).file("schema.rs").contains("table!"), has_key, "{sql}");
    }
}

#[test]
fn a_table_with_a_type_that_only_postgresql_has_says_why() {
    let schema =
        Schema { tables: vec![table("t", vec![integer("id"), text("u")], &["id"])], ..Schema::default() };
    let mut conversion = convert(&schema.tables);
    conversion.tables[0].columns[1].target_type = TargetType::Uuid(UuidForm::Simple);
    let project = Project::of(&schema, &conversion);
    let models = project.file("models.rs");
    assert!(
        models.contains("/// For PostgreSQL alone:\n/// - `u`: Diesel has Uuid for PostgreSQL alone."),
        "{models}"
    );
    assert!(models.contains("check_for_backend(diesel::pg::Pg))"), "{models}");
}

#[test]
fn tables_are_joined_by_the_one_foreign_key_between_them() {
    let parent = || table("parent", vec![integer("id"), integer("other")], &["id"]);
    let child = |keys: Vec<ForeignKey>| {
        let columns = vec![integer("id"), integer("a"), integer("b"), text("c")];
        Table { foreign_keys: keys, ..table("child", columns, &["id"]) }
    };
    let key = |column: &str| reference(&[column], "PARENT", &["id"], Action::NoAction);
    let cases = [
        (vec![key("a")], Some("diesel::joinable!(child -> parent (a));")),
        (vec![key("a"), key("b")], None),
        // Diesel compares equal types only.
        (vec![key("c")], None),
        (vec![reference(&["a"], "parent", &["other"], Action::NoAction)], None),
        (vec![reference(&["a"], "child", &["id"], Action::NoAction)], None),
    ];
    for (keys, expected) in cases {
        let project = project(vec![parent(), child(keys)]);
        let found = project.file("schema.rs").lines().find(|line| line.contains("joinable!"));
        assert_eq!(found, expected);
    }
}

#[test]
fn identifiers_are_rust_s_own_and_unlike_each_other() {
    let cases = [
        ("CustomerId", "customer_id", "CustomerId"),
        ("HTMLPage2Go", "html_page2_go", "HtmlPage2Go"),
        ("a b-c", "a_b_c", "ABC"),
        ("type", "type_", "Type"),
        ("option", "option", "OptionRow"),
        ("1st", "_1st", "Table1st"),
        ("", "column", "Table"),
        ("名前", "column", "Table"),
        ("columns", "columns_", "Columns"),
        ("a\"; b", "a_b", "AB"),
    ];
    for (name, snake, pascal) in cases {
        assert_eq!(
            (names::snake(name, "column").as_str(), names::pascal(name, "Table").as_str()),
            (snake, pascal)
        );
    }
    let mut given = names::Given::default();
    let names =
        ["a", "a", "a_2", "a", "type_", "type_"].map(|name| given.give(name.to_owned(), names::Style::Snake));
    assert_eq!(names, ["a", "a_2", "a_2_2", "a_3", "type_", "type_2"]);
}

proptest! {
    #[test]
    fn any_name_is_an_identifier_a_literal_and_a_quoted_name(
        table_name in "\\PC{1,30}|[a-z\"'\\\\\n\r\t\u{202e}]{1,30}",
        columns in proptest::collection::vec("\\PC{1,20}|[A-Za-z_ \"'\\]\n]{1,4}", 1..12),
    ) {
        let mut seen = std::collections::HashSet::new();
        let columns: Vec<String> = columns.into_iter().filter(|name| seen.insert(name.to_ascii_lowercase())).collect();
        // SQLite keeps names that begin so to itself.
        prop_assume!(!table_name.to_ascii_lowercase().starts_with("sqlite_"));
        let key = [columns[0].as_str()];
        let tables = vec![table(&table_name, columns.iter().map(|name| text(name)).collect(), &key)];
        let project = project(tables);
        prop_assert_eq!(run(&project, ""), vec![table_name]);
        let schema = project.file("schema.rs");
        for line in schema.lines() {
            prop_assert!(!line.contains('\u{202e}'), "direction changed");
            if let Some((field, _)) = line.trim().split_once(" -> ").filter(|_| !line.contains("sql_name")) {
                let is_identifier = field.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
                prop_assert!(is_identifier && !field.starts_with(|c: char| c.is_ascii_digit()), "{}", field);
            }
        }
        // One line for each column: no name has put more into the file.
        prop_assert_eq!(schema.lines().filter(|line| line.contains(" -> ") && !line.contains("sql_name")).count(), columns.len());
    }
}
