//! Random databases: schema and rows.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::declared::{CHECKS, DEFAULTS, GENERATED, NAMES, STRICT_TYPES, TYPES};
use super::flavours::flavours;

/// A value of any storage class.
#[derive(Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    /// Text that is not UTF-8.
    Broken(Vec<u8>),
    Blob(Vec<u8>),
}

/// As SQL, which is shown if a property fails.
impl std::fmt::Debug for Value {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.sql())
    }
}

impl Value {
    pub(super) fn sql(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        match self {
            Self::Null => "NULL".to_owned(),
            // The parser reads 9223372036854775808 as a REAL before it sees the sign.
            Self::Integer(i64::MIN) => "(-9223372036854775807 - 1)".to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) if number.is_infinite() => {
                if *number > 0.0 { "9e999" } else { "-9e999" }.to_owned()
            }
            Self::Real(number) => format!("{number:e}")
                .replace('e', if number.fract() == 0.0 { ".0e" } else { "e" })
                .replace("..", "."),
            Self::Text(text) => format!("CAST(x'{}' AS TEXT)", hex(text.as_bytes())),
            Self::Broken(bytes) => format!("CAST(x'{}' AS TEXT)", hex(bytes)),
            Self::Blob(bytes) => format!("x'{}'", hex(bytes)),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) declared: &'static str,
    not_null: bool,
    pub(super) unique: bool,
    collation: &'static str,
    default: Option<&'static str>,
    check: Option<&'static str>,
    generated: Option<&'static str>,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
enum Key {
    None,
    Rowid { autoincrement: bool },
    Columns { which: Vec<Index>, without_rowid: bool },
}

#[derive(Clone, Debug)]
struct ForeignKey {
    columns: Vec<Index>,
    parent: Index,
    /// To the parent's primary key, implicit or explicit, or to any columns.
    to: u8,
    parent_columns: Vec<Index>,
    actions: &'static str,
    has_orphans: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    key: Key,
    is_strict: bool,
    unique: Option<Vec<Index>>,
    foreign_keys: Vec<ForeignKey>,
    index: Option<(&'static str, &'static str, Vec<Index>)>,
    row_count: usize,
    ignores_checks: bool,
}

/// A database, as the statements that create it.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) tables: Vec<Table>,
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    (any::<Index>(), 0_u8..4, 0_u8..3).prop_flat_map(|(flavour, odd, nulls)| {
        let flavours = flavours();
        let main = flavours[flavour.index(flavours.len())].clone();
        let any = prop::strategy::Union::new(flavours);
        let value = prop_oneof![
            20 => main,
            u32::from(odd == 0) + u32::from(odd == 0) => any,
            1 + u32::from(nulls == 0) * 4 => Just(Value::Null),
        ];
        prop::collection::vec(value, 1..12)
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(NAMES).prop_map(str::to_owned),
        2 => "[a-z]{1,6}",
        1 => any::<String>().prop_map(|name| name.replace('\0', "").chars().take(80).collect()),
    ]
}

fn rarely<T: std::fmt::Debug + Clone + 'static>(
    one_in: u32,
    list: &'static [T],
) -> impl Strategy<Value = Option<T>> {
    prop_oneof![one_in - 1 => Just(None), 1 => select(list).prop_map(Some)]
}

fn column() -> impl Strategy<Value = Column> {
    let flags = (prop::bool::weighted(0.2), prop::bool::weighted(0.12));
    let collation = prop_oneof![8 => Just(""), 2 => Just(" COLLATE NOCASE"), 1 => Just(" COLLATE RTRIM"), 1 => Just(" COLLATE BINARY")];
    (
        name(),
        select(TYPES),
        flags,
        collation,
        rarely(4, DEFAULTS),
        rarely(7, CHECKS),
        rarely(14, GENERATED),
        values(),
    )
        .prop_map(
            |(name, declared, (not_null, unique), collation, default, check, generated, values)| Column {
                name,
                declared,
                not_null,
                unique,
                collation,
                default,
                check,
                generated,
                values,
            },
        )
}

fn indexes() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 1..3)
}

fn table() -> impl Strategy<Value = Table> {
    let key = prop_oneof![
        2 => Just(Key::None),
        3 => any::<bool>().prop_map(|autoincrement| Key::Rowid { autoincrement }),
        3 => (indexes(), any::<bool>()).prop_map(|(which, without_rowid)| Key::Columns { which, without_rowid }),
    ];
    let actions = select(
        &[
            "",
            " ON DELETE CASCADE",
            " ON DELETE SET NULL ON UPDATE CASCADE",
            " ON UPDATE SET DEFAULT",
            " ON DELETE RESTRICT",
            " DEFERRABLE INITIALLY DEFERRED",
        ][..],
    );
    let foreign_key = (indexes(), any::<Index>(), 0_u8..4, indexes(), actions, prop::bool::weighted(0.25))
        .prop_map(|(columns, parent, to, parent_columns, actions, has_orphans)| ForeignKey {
            columns,
            parent,
            to,
            parent_columns,
            actions,
            has_orphans,
        });
    let index = (
        select(&["", "UNIQUE "][..]),
        select(&["", " WHERE {} IS NOT NULL", " WHERE {} > 1", " WHERE {} = 'a'"][..]),
        indexes(),
    );
    let flags = (prop::bool::weighted(0.15), prop::bool::weighted(0.3));
    (
        name(),
        prop::collection::vec(column(), 1..8),
        key,
        flags,
        prop::option::weighted(0.2, indexes()),
        prop::collection::vec(foreign_key, 0..3),
        prop::option::weighted(0.3, index),
        0_usize..14,
    )
        .prop_map(
            |(name, columns, key, (is_strict, ignores_checks), unique, foreign_keys, index, row_count)| {
                Table {
                    name,
                    columns,
                    key,
                    is_strict,
                    unique,
                    foreign_keys,
                    index,
                    row_count,
                    ignores_checks,
                }
            },
        )
}

pub(super) fn database() -> impl Strategy<Value = Database> {
    prop::collection::vec(table(), 1..5).prop_map(|mut tables| {
        let mut taken = Vec::new();
        for table in &mut tables {
            // SQLite reserves these.
            if table.name.to_ascii_lowercase().starts_with("sqlite_") {
                table.name.insert(0, 'x');
            }
            make_free(&mut table.name, &mut taken);
            let mut of_table = Vec::new();
            for column in &mut table.columns {
                make_free(&mut column.name, &mut of_table);
            }
        }
        Database { tables }
    })
}

fn make_free(name: &mut String, taken: &mut Vec<String>) {
    while taken.contains(&name.to_ascii_lowercase()) {
        name.push('+');
    }
    taken.push(name.to_ascii_lowercase());
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Table {
    fn key_columns(&self) -> Vec<usize> {
        match &self.key {
            Key::None => Vec::new(),
            Key::Rowid { .. } => vec![0],
            Key::Columns { which, .. } => self.places(which),
        }
    }

    fn places(&self, which: &[Index]) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        for index in which {
            let place = index.index(self.columns.len());
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    fn names(&self, places: &[usize]) -> String {
        places.iter().map(|place| quoted(&self.columns[*place].name)).collect::<Vec<_>>().join(", ")
    }

    fn is_generated(&self, place: usize) -> bool {
        place > 0 && self.columns[place].generated.is_some() && !self.key_columns().contains(&place)
    }

    fn rows(&self) -> Vec<Vec<Value>> {
        let row = |number: usize| {
            let value = |column: &Column| column.values[number % column.values.len()].clone();
            self.columns.iter().map(value).collect()
        };
        (0..self.row_count).map(row).collect()
    }

    fn definition(&self, database: &Database) -> String {
        let mut parts = Vec::new();
        for (place, column) in self.columns.iter().enumerate() {
            let name = quoted(&column.name);
            let declared = match (&self.key, self.is_strict) {
                (Key::Rowid { .. }, _) if place == 0 => "INTEGER",
                (_, true) if !STRICT_TYPES.contains(&column.declared) => {
                    STRICT_TYPES[column.declared.len() % STRICT_TYPES.len()]
                }
                _ => column.declared,
            };
            let mut part = format!("{name} {declared}");
            match &self.key {
                Key::Rowid { autoincrement } if place == 0 => {
                    part += if *autoincrement { " PRIMARY KEY AUTOINCREMENT" } else { " PRIMARY KEY" };
                }
                _ => {}
            }
            if self.is_generated(place) {
                let expression =
                    column.generated.unwrap_or_default().replace("{}", &quoted(&self.columns[0].name));
                part += &format!(" GENERATED ALWAYS AS ({expression}) STORED");
                parts.push(part);
                continue;
            }
            if column.not_null {
                part += " NOT NULL";
            }
            if column.unique {
                part += " UNIQUE";
            }
            part += column.collation;
            if let Some(default) = column.default {
                part += &format!(" DEFAULT {default}");
            }
            if let Some(check) = column.check {
                part += &format!(" CHECK ({})", check.replace("{}", &name));
            }
            parts.push(part);
        }
        let mut options = Vec::new();
        if let Key::Columns { without_rowid, .. } = &self.key {
            parts.push(format!("PRIMARY KEY ({})", self.names(&self.key_columns())));
            if *without_rowid {
                options.push("WITHOUT ROWID");
            }
        }
        if self.is_strict {
            options.push("STRICT");
        }
        if let Some(unique) = &self.unique {
            parts.push(format!("UNIQUE ({})", self.names(&self.places(unique))));
        }
        for key in &self.foreign_keys {
            let (columns, parent, parent_columns) = self.resolve(key, database);
            let to = if key.to == 0 && !parent.key_columns().is_empty() {
                String::new()
            } else {
                format!(" ({})", parent.names(&parent_columns))
            };
            parts.push(format!(
                "FOREIGN KEY ({}) REFERENCES {}{to}{}",
                self.names(&columns),
                quoted(&parent.name),
                key.actions
            ));
        }
        format!("CREATE TABLE {} ({}) {}", quoted(&self.name), parts.join(", "), options.join(", "))
    }

    /// The columns of a foreign key, the referenced table and its columns.
    fn resolve<'a>(&self, key: &ForeignKey, database: &'a Database) -> (Vec<usize>, &'a Table, Vec<usize>) {
        let parent = &database.tables[key.parent.index(database.tables.len())];
        let mut parent_columns = match key.to {
            3 => parent.places(&key.parent_columns),
            _ => parent.key_columns(),
        };
        if let (2, Some(place)) = (key.to, parent.columns.iter().position(|column| column.unique)) {
            parent_columns = vec![place];
        }
        if parent_columns.is_empty() {
            parent_columns = parent.places(&key.parent_columns);
        }
        let mut columns = self.places(&key.columns);
        for place in 0..self.columns.len() {
            if columns.len() < parent_columns.len() && !columns.contains(&place) {
                columns.push(place);
            }
        }
        columns.truncate(parent_columns.len());
        parent_columns.truncate(columns.len());
        (columns, parent, parent_columns)
    }
}

impl Database {
    /// The statements that create it. Those that SQLite rejects, for instance for a row that violates a constraint,
    /// have no effect.
    pub(super) fn statements(&self) -> Vec<String> {
        let mut all: Vec<String> = self.tables.iter().map(|table| table.definition(self)).collect();
        let mut rows: Vec<Vec<Vec<Value>>> = self.tables.iter().map(Table::rows).collect();
        for (index, table) in self.tables.iter().enumerate() {
            for key in table.foreign_keys.iter().filter(|key| !key.has_orphans) {
                let (columns, _, parent_columns) = table.resolve(key, self);
                let parents = rows[key.parent.index(self.tables.len())].clone();
                for (number, row) in rows[index].iter_mut().enumerate() {
                    for (column, parent_column) in columns.iter().zip(&parent_columns) {
                        row[*column] = match parents.len() {
                            0 => Value::Null,
                            count => parents[number % count][*parent_column].clone(),
                        };
                    }
                }
            }
        }
        for (table, rows) in self.tables.iter().zip(rows) {
            all.push(format!("PRAGMA ignore_check_constraints = {}", table.ignores_checks));
            let places: Vec<usize> =
                (0..table.columns.len()).filter(|place| !table.is_generated(*place)).collect();
            for row in rows {
                let values: Vec<String> = places.iter().map(|place| row[*place].sql()).collect();
                all.push(format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    quoted(&table.name),
                    table.names(&places),
                    values.join(", ")
                ));
            }
        }
        for (number, table) in self.tables.iter().enumerate() {
            if let Some((unique, condition, columns)) = &table.index {
                let places = table.places(columns);
                let condition = condition.replace("{}", &quoted(&table.columns[0].name));
                let names = table.names(&places);
                all.push(format!(
                    "CREATE {unique}INDEX \"i {number}\" ON {} ({names}){condition}",
                    quoted(&table.name)
                ));
            }
        }
        all
    }
}
