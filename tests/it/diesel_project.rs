//! A generated Diesel project compiles for all names and types of a database.

use std::path::PathBuf;
use std::process::Command;

use import::conversion::{
    ColumnConversion, Conversion, OnIncompatible, Statement, StatementKind, TableConversion,
};
use import::diesel_project::{Backend, ProjectOptions, files};
use import::schema::{Action, Affinity, Column, ForeignKey, KeyColumn, PrimaryKey, Schema, SqliteTable};
use import::types::{DateForm, InstantForm, TargetType, UuidForm};

const TYPES: [TargetType; 28] = [
    TargetType::SmallInt,
    TargetType::Integer,
    TargetType::BigInt,
    TargetType::Real,
    TargetType::Double,
    TargetType::Numeric { precision: 10, scale: 2 },
    TargetType::AnyNumeric,
    TargetType::Boolean,
    TargetType::Text,
    TargetType::Varchar(20),
    TargetType::Char(3),
    TargetType::Citext,
    TargetType::Bytea,
    TargetType::Uuid(UuidForm::Hyphenated),
    TargetType::Uuid(UuidForm::Bytes),
    TargetType::Date(DateForm::Iso),
    TargetType::Date(DateForm::Midnight),
    TargetType::Date(DateForm::Milliseconds),
    TargetType::Time,
    TargetType::Timestamp(InstantForm::Iso),
    TargetType::Timestamp(InstantForm::Seconds),
    TargetType::Timestamp(InstantForm::JulianDay),
    TargetType::TimestampTz(InstantForm::Iso),
    TargetType::TimestampTz(InstantForm::IsoUtc),
    TargetType::TimestampTz(InstantForm::Milliseconds),
    TargetType::Json,
    TargetType::Jsonb,
    TargetType::DoubleArray,
];

const NAMES: [&str; 62] = [
    "type",
    "Type",
    "TYPE",
    "self",
    "Self",
    "super",
    "crate",
    "_",
    "__",
    "r#fn",
    "fn",
    "async",
    "gen",
    "union",
    "table",
    "columns",
    "all_columns",
    "star",
    "dsl",
    "SqlType",
    "BoxedQuery",
    "diesel",
    "std",
    "core",
    "bool",
    "i32",
    "str",
    "String",
    "Option",
    "Vec",
    "Some",
    "None",
    "Result",
    "Iterator",
    "Debug",
    "Clone",
    "out",
    "pass",
    "conn",
    "id",
    "Größe",
    "名前",
    "\u{202e}desrever",
    "a\"b",
    "a'b",
    "a\\b",
    "a\nb",
    "*/ } fn main() {",
    "// x",
    "1st",
    "1",
    "",
    " ",
    "a b",
    "a-b",
    "a_b",
    "a_b_2",
    "$x",
    "#[x]",
    "\u{0}",
    "text",
    "Queryable",
];

fn column(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        declared_type: String::new(),
        affinity: Affinity::Blob,
        not_null: false,
        default: None,
        collation: "BINARY".to_owned(),
        generated: None,
    }
}

fn table(name: &str, columns: Vec<Column>, key: &[&str]) -> SqliteTable {
    let key: Vec<KeyColumn> = key
        .iter()
        .map(|name| KeyColumn {
            name: (*name).to_owned(),
            collation: "BINARY".to_owned(),
            is_descending: false,
        })
        .collect();
    SqliteTable {
        name: name.to_owned(),
        columns,
        primary_key: (!key.is_empty()).then_some(PrimaryKey {
            name: None,
            columns: key,
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

/// The conversion with this type for each column, and PostgreSQL statements as far as they are used here.
fn convert(
    tables: &[SqliteTable],
    target_type: impl Fn(&SqliteTable, usize) -> TargetType,
) -> (Conversion, Vec<Statement>) {
    let mut statements = Vec::new();
    let conversions = tables.iter().map(|table| {
        let columns = table.columns.iter().enumerate().map(|(index, column)| ColumnConversion {
            reading: Default::default(),
            labels: Vec::new(),
            source: column.name.clone(),
            target: column.name.clone(),
            target_type: target_type(table, index),
            not_null: index % 2 == 0,
            is_generated: index == 3 && table.name == "types",
            identity: None,
            on_incompatible: OnIncompatible::Reject,
            is_mixed: false,
        });
        let key = if table.primary_key.is_some() { "PRIMARY KEY" } else { "" };
        statements.push(Statement {
            kind: StatementKind::Table,
            table: table.name.clone(),
            name: table.name.clone(),
            sql: format!("CREATE TABLE x ({key} (id))"),
        });
        TableConversion {
            source: table.name.clone(),
            target: table.name.clone(),
            columns: columns.collect(),
            row_count: 0,
            size_bytes: 0,
        }
    });
    let tables = conversions.collect();
    (Conversion { schema: "public".to_owned(), tables }, statements)
}

fn hostile() -> Vec<SqliteTable> {
    let mut tables = Vec::new();
    // Every type, each in one table so that models are independent, and all in one table.
    let names = |count: usize| (0..count).map(|index| column(&format!("c{index}"))).collect::<Vec<_>>();
    tables.push(table("types", names(TYPES.len()), &["c1"]));
    for index in 0..TYPES.len() {
        tables.push(table(&format!("key{index}"), names(1), &["c0"]));
    }
    for count in [16, 17, 32, 129] {
        tables.push(table(&format!("wide{count}"), names(count), &["c0", "c1"]));
    }
    let unlike = |name: &&str| {
        // SQLite considers these equal to other names.
        !["Type", "TYPE", "Self"].contains(name)
    };
    let names: Vec<&str> = NAMES.iter().copied().filter(unlike).collect();
    for (index, names) in names.chunks(30).enumerate() {
        let columns = names.iter().copied().map(column).collect();
        tables.push(table(&format!("names{index}"), columns, &names[..2]));
    }
    for name in &names {
        let mut hostile = table(name, vec![column("id"), column(name), column("parent")], &["id"]);
        if *name == "id" {
            hostile.columns.remove(1);
        }
        let foreign = |parent: &str, column: &str| ForeignKey {
            name: None,
            columns: vec![column.to_owned()],
            parent_table: parent.to_owned(),
            parent_columns: vec!["id".to_owned()],
            on_delete: Action::Restrict,
            on_update: Action::NoAction,
            is_deferred: false,
            problem: None,
        };
        hostile.foreign_keys.push(foreign("type", "parent"));
        hostile.foreign_keys.push(foreign("no such", "parent"));
        hostile.foreign_keys.push(foreign("key1", "id"));
        tables.push(hostile);
    }
    tables.push(table("no_key", vec![column("a")], &[]));
    tables
}

#[test]
#[ignore = "builds Diesel with every type: takes the registry, and minutes the first time"]
fn a_generated_project_compiles_with_any_names_and_types() {
    let tables = hostile();
    let (conversion, statements) = convert(&tables, |table, index| {
        let own = table.name.strip_prefix("key").and_then(|index| index.parse::<usize>().ok());
        match (table.name.as_str(), own) {
            ("types", _) => TYPES[index],
            (_, Some(own)) => TYPES[own],
            _ => TYPES[index % 3],
        }
    });
    let schema = Schema { tables, ..Schema::default() };
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("diesel_project");
    let workspace = scratch.join("workspace");
    for (name, target, backend) in [("both", "public", Backend::Both), ("one", "legacy", Backend::Postgres)] {
        let conversion = Conversion { schema: target.to_owned(), ..conversion.clone() };
        let options = ProjectOptions { name: name.to_owned(), stamp: "20250106090000".to_owned(), backend };
        for (path, content) in files(&schema, &conversion, &statements, &options).expect("a project") {
            let path = workspace.join(name).join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("make the folder");
            std::fs::write(path, content).expect("write the file");
        }
    }
    let manifest = workspace.join("Cargo.toml");
    std::fs::write(&manifest, "[workspace]\nresolver = \"3\"\nmembers = [\"both\", \"one\"]\n")
        .expect("write the manifest");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--workspace", "--manifest-path"])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(scratch.join("target"))
        .output()
        .expect("run cargo");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !errors.contains("warning"), "{errors}");
}
