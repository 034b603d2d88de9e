//! Projects for databases built in the tests; their SQL for SQLite is executed.

mod migrations;
mod project;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
use fallible_iterator::FallibleIterator as _;
use sqlite3_parser::ast::{Cmd, Expr, OneSelect, ResultColumn, Stmt};
use sqlite3_parser::lexer::sql::Parser;

use super::*;
use crate::conversion::{ColumnConversion, OnIncompatible, StatementKind, TableConversion};
use crate::schema::{Action, Affinity, Column, ForeignKey, KeyColumn, PrimaryKey, Schema, SqliteTable};
use crate::types::{Reading, TargetType};

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

fn table(name: &str, columns: Vec<Column>, key: &[&str]) -> SqliteTable {
    SqliteTable {
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

fn with_rowid(mut table: SqliteTable) -> SqliteTable {
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

/// The conversion without renaming, with types as declared.
fn convert(tables: &[SqliteTable]) -> Conversion {
    let of_column = |column: &Column| ColumnConversion {
        reading: Reading::default(),
        labels: Vec::new(),
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
        on_incompatible: OnIncompatible::Reject,
        is_mixed: false,
    };
    let of_table = |table: &SqliteTable| TableConversion {
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

fn project(tables: Vec<SqliteTable>) -> Project {
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

/// Applies the migration as Diesel does, inserts rows, and reverts it; returns the objects it had created.
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
