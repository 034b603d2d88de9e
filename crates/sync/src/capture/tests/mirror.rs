//! The follower as a model: a copy of the captured tables in memory that is only changed by the log.

use std::collections::BTreeMap;

use databases::name::quote_name;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params};

use crate::capture::{CHANGES, Capture, CaptureKind, CapturedTable, image_table};

/// A value by storage class and bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(u64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl Cell {
    fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number.to_bits()),
            ValueRef::Text(text) => Self::Text(text.to_vec()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(bits) => ValueRef::Real(f64::from_bits(*bits)),
            Self::Text(text) => ValueRef::Text(text),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

type Row = Vec<Cell>;
/// Rows, and how often each occurs.
type Rows = BTreeMap<Row, i64>;

/// The copy of the captured tables.
pub(super) struct Mirror {
    capture: Capture,
    pub(super) position: i64,
    /// By table number; rows of a keyed table by their keys, all others under the empty key.
    tables: BTreeMap<i64, BTreeMap<Row, Rows>>,
    pub(super) marks: usize,
}

impl Mirror {
    /// Copies the tables.
    pub(super) fn new(capture: Capture, source: &Connection) -> Self {
        let mut mirror = Self { capture, position: 0, tables: BTreeMap::new(), marks: 0 };
        source.execute_batch("BEGIN").expect("begin");
        for table in mirror.capture.followed() {
            mirror.tables.insert(table.number, whole(source, table));
        }
        mirror.position = end(source);
        source.execute_batch("COMMIT").expect("commit");
        mirror
    }

    /// Applies the log up to its end in one snapshot, and compares. Returns the difference.
    pub(super) fn apply(&mut self, source: &Connection) -> Result<(), String> {
        source.execute_batch("BEGIN").expect("begin");
        let end = end(source);
        let mut outcome = Ok(());
        for table in self.capture.followed() {
            let rows = self.tables.get_mut(&table.number).expect("a copied table");
            let marks: i64 = source
                .query_row(
                    &format!(
                        "SELECT count(*) FROM {CHANGES} WHERE t = ? AND what = 2 AND seq > ? AND seq <= ?"
                    ),
                    params![table.number, self.position, end],
                    |row| row.get(0),
                )
                .expect("the marks");
            if marks > 0 {
                self.marks += 1;
                *rows = whole(source, table);
            } else {
                outcome = outcome.and(match &table.kind {
                    CaptureKind::Keyed { .. } => keys(source, table, self.position, end, rows),
                    _ => images(source, table, self.position, end, rows),
                });
            }
            outcome = outcome.and_then(|()| compare(table, rows, &whole(source, table)));
        }
        source.execute_batch("COMMIT").expect("commit");
        let log = rows(source, &format!("SELECT * FROM {CHANGES} WHERE seq > ?"), &[&self.position]);
        self.position = end;
        outcome.map_err(|text| format!("{text}\n  log after {}: {log:?}", self.position))
    }

    /// Deletes the entries before the position.
    pub(super) fn prune(&self, source: &Connection) {
        source.execute(&format!("DELETE FROM {CHANGES} WHERE seq < ?"), [self.position]).expect("prune");
        for table in self.capture.followed().filter(|table| matches!(table.kind, CaptureKind::Images { .. }))
        {
            let images = image_table(table.number);
            source.execute(&format!("DELETE FROM {images} WHERE seq < ?"), [self.position]).expect("prune");
        }
    }
}

fn end(source: &Connection) -> i64 {
    source
        .query_row(&format!("SELECT ifnull(max(seq), 0) FROM {CHANGES}"), [], |row| row.get(0))
        .expect("the end")
}

fn rows(source: &Connection, query: &str, binds: &[&dyn ToSql]) -> Vec<Row> {
    let mut statement = source.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let width = statement.column_count();
    let rows = statement.query_map(binds, |row| {
        (0..width).map(|place| row.get_ref(place).map(Cell::of)).collect::<Result<Row, _>>()
    });
    rows.expect("a query").collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// All columns; those of the key first.
fn select(source: &Connection, table: &CapturedTable) -> (String, usize) {
    let key = match &table.kind {
        CaptureKind::Keyed { columns } => columns.clone(),
        _ => Vec::new(),
    };
    let all = rows(source, "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", &[&table.name]);
    let names = all.into_iter().map(|row| match &row[0] {
        Cell::Text(name) => String::from_utf8(name.clone()).expect("UTF-8"),
        other => panic!("a name: {other:?}"),
    });
    let list: Vec<String> = key.iter().cloned().chain(names).map(|name| quote_name(&name)).collect();
    (format!("SELECT {} FROM {}", list.join(", "), quote_name(&table.name)), key.len())
}

fn insert(into: &mut BTreeMap<Row, Rows>, mut row: Row, width: usize) {
    let rest = row.split_off(width);
    *into.entry(row).or_default().entry(rest).or_default() += 1;
}

fn whole(source: &Connection, table: &CapturedTable) -> BTreeMap<Row, Rows> {
    let (query, width) = select(source, table);
    let mut all = BTreeMap::new();
    for row in rows(source, &query, &[]) {
        insert(&mut all, row, width);
    }
    all
}

fn keys(
    source: &Connection,
    table: &CapturedTable,
    after: i64,
    end: i64,
    present: &mut BTreeMap<Row, Rows>,
) -> Result<(), String> {
    let (query, width) = select(source, table);
    let columns: Vec<String> = (1..=width).map(|place| format!("k{place}, typeof(k{place})")).collect();
    let columns = columns.join(", ");
    let changed =
        format!("SELECT DISTINCT {columns} FROM {CHANGES} WHERE t = ? AND what = 0 AND seq > ? AND seq <= ?");
    let CaptureKind::Keyed { columns } = &table.kind else { unreachable!("keyed") };
    let is_key: Vec<String> = columns
        .iter()
        .zip(1..)
        .map(|(column, place)| {
            let column = quote_name(column);
            format!("{column} = ?{place} AND {column} COLLATE BINARY = ?{place} AND typeof({column}) = typeof(?{place})")
        })
        .collect();
    let query = format!("{query} WHERE {}", is_key.join(" AND "));
    let mut found = Vec::new();
    for row in rows(source, &changed, &[&table.number, &after, &end]) {
        let key: Row = row.into_iter().step_by(2).collect();
        present.remove(&key);
        let binds: Vec<&dyn ToSql> = key.iter().map(|cell| -> &dyn ToSql { cell }).collect();
        found.extend(rows(source, &query, &binds));
    }
    for row in found {
        if present.contains_key(&row[..width]) {
            return Err(format!("`{}` has the key {:?} twice", table.name, &row[..width]));
        }
        insert(present, row, width);
    }
    Ok(())
}

fn images(
    source: &Connection,
    table: &CapturedTable,
    after: i64,
    end: i64,
    present: &mut BTreeMap<Row, Rows>,
) -> Result<(), String> {
    let query = format!(
        "SELECT i.* FROM {CHANGES} c JOIN {} i ON i.seq = c.seq \
         WHERE c.t = ? AND c.what = 1 AND c.seq > ? AND c.seq <= ?",
        image_table(table.number)
    );
    let all = present.entry(Row::new()).or_default();
    for mut row in rows(source, &query, &[&table.number, &after, &end]) {
        let image = row.split_off(2);
        let Cell::Integer(sign) = row[1] else { return Err("an image without a sign".to_owned()) };
        *all.entry(image).or_default() += sign;
    }
    all.retain(|_, count| *count != 0);
    let is_negative = all.values().any(|count| *count < 0);
    if all.is_empty() {
        present.clear();
    }
    if is_negative { Err(format!("`{}` has a negative number of rows", table.name)) } else { Ok(()) }
}

fn compare(
    table: &CapturedTable,
    have: &BTreeMap<Row, Rows>,
    want: &BTreeMap<Row, Rows>,
) -> Result<(), String> {
    if have == want {
        return Ok(());
    }
    let missing: Vec<_> = want.iter().filter(|(key, rows)| have.get(*key) != Some(*rows)).take(3).collect();
    let extra: Vec<_> = have.iter().filter(|(key, rows)| want.get(*key) != Some(*rows)).take(3).collect();
    Err(format!("`{}` differs: missing {missing:?}, extra {extra:?}", table.name))
}
