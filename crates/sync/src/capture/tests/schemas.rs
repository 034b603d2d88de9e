//! Random schemas.

use databases::name::quote_name;

use super::random::Random;

/// A table for which statements are generated.
pub(super) struct Table {
    pub(super) name: String,
    /// Columns that can be assigned, and those that can only be compared.
    pub(super) columns: Vec<String>,
    pub(super) generated: Vec<String>,
    /// A name of the rowid that no column has.
    pub(super) rowid: Option<&'static str>,
}

const TABLES: [&str; 9] = ["x", "NEW", "t\"q", "a b", "sélect", "order", "seq", "[k1]", "old"];
const COLUMNS: [&str; 15] = [
    "a", "k1", "seq", "t", "OLD", "NEW", "rowid", "oid", "_rowid_", "x", "c\"1", "what", "ö", "c'", "select",
];
const LITERALS: [&str; 5] = ["1", "'a'", "x'61'", "2.5", "'B'"];
const POLICIES: [&str; 6] = ["", "", "", " ON CONFLICT REPLACE", " ON CONFLICT IGNORE", " ON CONFLICT FAIL"];

/// Statements that create a random schema, and its tables. Some of the statements may be refused.
pub(super) fn schema(random: &mut Random) -> (Vec<String>, Vec<Table>) {
    let names = random.some(&TABLES, 3);
    let (mut statements, mut tables) = (Vec::new(), Vec::<Table>::new());
    for name in names {
        let parent = tables.last().map(|table: &Table| table.name.clone());
        tables.push(table(random, name, parent.as_deref(), &mut statements));
    }
    for number in 0..random.below(3) {
        statements.push(trigger(random, number, &tables));
    }
    (statements, tables)
}

fn table(random: &mut Random, name: &str, parent: Option<&str>, statements: &mut Vec<String>) -> Table {
    let mut columns: Vec<String> = random.some(&COLUMNS, 5).iter().map(|name| (*name).to_owned()).collect();
    let generated: Vec<String> = if columns.len() > 2 && random.percent(35) {
        columns.split_off(columns.len() - 1)
    } else {
        Vec::new()
    };
    let is_strict = random.percent(15);
    let mut parts: Vec<String> = Vec::new();
    let kind = random.below(6);
    for (place, column) in columns.iter().enumerate() {
        parts.push(definition(random, column, is_strict, if place == 0 { kind } else { 9 }));
    }
    if let (Some(parent), true) = (parent, random.percent(50)) {
        let actions = ["CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION"];
        let (delete, update) = (random.word(&actions), random.word(&actions));
        let deferred = random.word(&["", " DEFERRABLE INITIALLY DEFERRED"]);
        let column = parts.last_mut().expect("a column");
        let parent = quote_name(parent);
        column.push_str(&format!(" REFERENCES {parent} ON DELETE {delete} ON UPDATE {update}{deferred}"));
    }
    for column in &generated {
        let expression = expression(random, &columns);
        let kind = if is_strict { "ANY" } else { random.word(&["", "TEXT", "INTEGER"]) };
        let (stored, unique) = (random.word(&["", "STORED"]), random.word(&["", "UNIQUE"]));
        parts.push(format!("{} {kind} AS ({expression}) {stored} {unique}", quote_name(column)));
    }
    let key = random.some(&columns, 2);
    let is_without_rowid = kind == 4 || kind == 5 && random.percent(50);
    if kind >= 4 {
        let terms: Vec<String> = key.iter().map(|column| term(random, column)).collect();
        parts.push(format!("PRIMARY KEY ({}){}", terms.join(", "), random.word(&POLICIES)));
    }
    if random.percent(30) {
        let terms: Vec<String> = random.some(&columns, 2).iter().map(|column| quote_name(column)).collect();
        parts.push(format!("UNIQUE ({}){}", terms.join(", "), random.word(&POLICIES)));
    }
    let mut options = Vec::new();
    options.extend(is_strict.then_some("STRICT"));
    options.extend(is_without_rowid.then_some("WITHOUT ROWID"));
    statements.push(format!(
        "CREATE TABLE {} ({}) {}",
        quote_name(name),
        parts.join(", "),
        options.join(", ")
    ));
    for number in 0..random.below(3) {
        statements.push(index(random, name, number, &columns, &generated));
    }
    let is_free =
        |rowid: &&str| !columns.iter().chain(&generated).any(|column| column.eq_ignore_ascii_case(rowid));
    let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(is_free).filter(|_| !is_without_rowid);
    Table { name: name.to_owned(), columns, generated, rowid }
}

fn definition(random: &mut Random, column: &str, is_strict: bool, kind: usize) -> String {
    let types: &[&str] = if is_strict {
        &["ANY", "ANY", "INTEGER", "TEXT"]
    } else {
        &["", "", "INTEGER", "TEXT", "TEXT", "REAL", "NUMERIC", "BLOB"]
    };
    let mut text = quote_name(column);
    match kind {
        0 => return text + random.word(&[" INTEGER PRIMARY KEY", " INTEGER PRIMARY KEY AUTOINCREMENT"]),
        1 => return text + " INTEGER PRIMARY KEY DESC",
        2 => text += &format!(" {} PRIMARY KEY{}", random.word(types), random.word(&POLICIES)),
        _ => text += &format!(" {}", random.word(types)),
    }
    if random.percent(30) {
        text += &format!(" COLLATE {}", random.word(&["NOCASE", "RTRIM", "BINARY"]));
    }
    if random.percent(25) {
        text += &format!(" NOT NULL{}", random.word(&POLICIES));
    }
    if random.percent(35) {
        text += &format!(" DEFAULT {}", random.word(&["1", "'a'", "(1+1)", "NULL", "abc"]));
    }
    if kind != 2 && random.percent(20) {
        text += &format!(" UNIQUE{}", random.word(&POLICIES));
    }
    text
}

fn term(random: &mut Random, column: &str) -> String {
    let collation = random.word(&["", "", " COLLATE NOCASE", " COLLATE rtrim", " COLLATE BINARY"]);
    format!("{}{collation}{}", quote_name(column), random.word(&["", "", " DESC"]))
}

fn expression(random: &mut Random, columns: &[String]) -> String {
    let (first, second) = (quote_name(random.word(columns)), quote_name(random.word(columns)));
    match random.below(8) {
        0 => format!("lower({first})"),
        1 => format!("{first} || {second}"),
        2 => format!("coalesce({first}, {second}, 7)"),
        3 => format!("CASE WHEN {first} IS NULL THEN {second} ELSE substr({first}, 1, 1) END"),
        4 => format!("typeof({first})"),
        5 => format!("({first} BETWEEN 1 AND 2) || \"no such column\""),
        6 => format!("CAST({first} AS TEXT) COLLATE NOCASE"),
        _ => format!("{first} IN (1, 'a', {second})"),
    }
}

fn index(
    random: &mut Random,
    table: &str,
    number: usize,
    columns: &[String],
    generated: &[String],
) -> String {
    let all: Vec<String> = columns.iter().chain(generated).cloned().collect();
    let mut terms: Vec<String> = random.some(&all, 2).iter().map(|column| term(random, column)).collect();
    if random.percent(30) {
        let collation = random.word(&["", " COLLATE NOCASE"]);
        terms.push(format!("({}){collation}", expression(random, columns)));
        if random.percent(50) {
            terms.remove(0);
        }
    }
    let condition = match random.below(6) {
        0 => format!(" WHERE {} IS NOT NULL", quote_name(random.word(&all))),
        1 => format!(" WHERE {} = {}", quote_name(random.word(&all)), random.word(&LITERALS)),
        2 => format!(" WHERE {}", expression(random, columns)),
        _ => String::new(),
    };
    let name = quote_name(&format!("i{number} {table}"));
    format!("CREATE UNIQUE INDEX {name} ON {} ({}){condition}", quote_name(table), terms.join(", "))
}

/// A trigger of the application. It never changes the row that BEFORE UPDATE is about, which SQLite declares undefined.
fn trigger(random: &mut Random, number: usize, tables: &[Table]) -> String {
    let (on, other) = (random.of(tables), random.of(tables));
    let event =
        random.word(&["AFTER INSERT", "AFTER UPDATE", "AFTER DELETE", "BEFORE INSERT", "BEFORE DELETE"]);
    let row = if event.ends_with("DELETE") { "OLD" } else { "NEW" };
    let source = format!("{row}.{}", quote_name(random.word(&on.columns)));
    let (table, column) = (quote_name(&other.name), quote_name(random.word(&other.columns)));
    let value = random.word(&LITERALS);
    let action = match random.below(4) {
        0 => format!("DELETE FROM {table} WHERE {column} = {source}"),
        1 => format!("UPDATE OR REPLACE {table} SET {column} = {source} WHERE {column} = {value}"),
        2 => format!("INSERT OR IGNORE INTO {table} ({column}) VALUES ({source})"),
        _ => format!("SELECT RAISE(IGNORE) WHERE {source} = {value}"),
    };
    format!("CREATE TRIGGER app{number} {event} ON {} BEGIN {action}; END", quote_name(&on.name))
}
