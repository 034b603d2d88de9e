use proptest::prelude::*;

use super::*;
use crate::types::{InstantForm, UuidForm};

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
        r#"//! The tables, for PostgreSQL and SQLite.

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
fn paths_consist_of_options_only() {
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
fn unsupported_tables_are_skipped_with_a_comment() {
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
        schema.contains("// Table \"no\\u{a}key\" is skipped: it has no primary key, which Diesel requires."),
        "{schema}"
    );
    assert!(schema.contains("// Table \"wide\" is skipped: it has more than 128 columns"), "{schema}");
    assert!(schema.contains("128 columns and requires Diesel's feature `128-column-tables`"), "{schema}");
    assert!(schema.contains("17 columns and requires Diesel's feature `32-column-tables`"), "{schema}");
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
        models.contains("/// For PostgreSQL only:\n/// - `u`: Diesel supports Uuid on PostgreSQL only."),
        "{models}"
    );
    assert!(models.contains("check_for_backend(diesel::pg::Pg))"), "{models}");
}

#[test]
fn tables_are_joined_by_the_one_foreign_key_between_them() {
    let parent = || table("parent", vec![integer("id"), integer("other")], &["id"]);
    let child = |keys: Vec<ForeignKey>| {
        let columns = vec![integer("id"), integer("a"), integer("b"), text("c")];
        SqliteTable { foreign_keys: keys, ..table("child", columns, &["id"]) }
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
    let mut given = names::UsedIdentifiers::default();
    let names =
        ["a", "a", "a_2", "a", "type_", "type_"].map(|name| given.give(name.to_owned(), names::Style::Snake));
    assert_eq!(names, ["a", "a_2", "a_2_2", "a_3", "type_", "type_2"]);
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn any_name_is_an_identifier_a_literal_and_a_quoted_name(
        table_name in "\\PC{1,30}|[a-z\"'\\\\\n\r\t\u{202e}]{1,30}",
        columns in proptest::collection::vec("\\PC{1,20}|[A-Za-z_ \"'\\]\n]{1,4}", 1..12),
    ) {
        let mut seen = std::collections::HashSet::new();
        let columns: Vec<String> = columns.into_iter().filter(|name| seen.insert(name.to_ascii_lowercase())).collect();
        // SQLite reserves names with this prefix.
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
        // One line for each column: no name added lines to the file.
        prop_assert_eq!(schema.lines().filter(|line| line.contains(" -> ") && !line.contains("sql_name")).count(), columns.len());
    }
}
