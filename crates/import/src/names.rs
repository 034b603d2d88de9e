//! The names of objects in PostgreSQL.
//!
//! A name is preserved exactly, and always quoted. If PostgreSQL does not allow it, the new name is the longest
//! possible prefix of the old name, `_`, and eight hexadecimal digits: FNV-1a of the whole name. Names that need no
//! change are assigned first, so that a changed name never takes the name of another object, whatever the order. The
//! result depends on the names only: the same names give the same result on every machine.
//!
//! SQLite compares names case-insensitively, and PostgreSQL compares quoted names exactly, so this rule never makes
//! two names of one source equal. But PostgreSQL has one namespace for the tables, views, indexes, sequences and key
//! constraints of a schema (manual, "pg_class"), while SQLite keeps constraints out of its namespace.

use std::collections::{HashMap, HashSet};

use super::schema::{Schema, SqliteTable};

/// PostgreSQL manual, "Identifiers and Key Words": `NAMEDATALEN - 1`.
pub const MAX_NAME_BYTES: usize = 63;

/// Bytes of the changed part of a name: `_` and eight digits.
const MARK_BYTES: usize = 9;

/// The prefix of the program's own tables.
const OWN_PREFIX: &str = "__backoffice_";

/// The prefix of PostgreSQL's own tables. A name without a schema is looked up among these first (manual, "The System
/// Catalog Schema"): an application that queries `pg_class` would not get its own table.
const CATALOG_PREFIX: &str = "pg_";

/// PostgreSQL manual, "System Columns". PostgreSQL rejects columns with these names even if they are quoted.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Why PostgreSQL does not allow a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is empty.
    Empty,
    /// It contains NUL.
    Nul,
    /// It is longer than [`MAX_NAME_BYTES`].
    TooLong,
    /// It is that of a system column, or begins with a reserved prefix.
    Reserved,
}

/// The kind of a named object: each kind has its own reserved names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A table or a view.
    Table,
    /// A column.
    Column,
    /// An index or a constraint.
    Constraint,
}

/// Why PostgreSQL does not allow this name; `None` if it does.
#[must_use]
pub fn obstacle(name: &str, named: Named) -> Option<Obstacle> {
    let is_reserved = match named {
        Named::Table => name.starts_with(OWN_PREFIX) || name.starts_with(CATALOG_PREFIX),
        Named::Column => SYSTEM_COLUMNS.contains(&name),
        Named::Constraint => false,
    };
    if name.is_empty() {
        Some(Obstacle::Empty)
    } else if name.contains('\0') {
        Some(Obstacle::Nul)
    } else if is_reserved {
        Some(Obstacle::Reserved)
    } else if name.len() > MAX_NAME_BYTES {
        Some(Obstacle::TooLong)
    } else {
        None
    }
}

/// The names of the schema's tables and views in PostgreSQL, each with its source name: tables first, in their order,
/// then views.
#[must_use]
pub fn assign_tables(schema: &Schema) -> Vec<(String, String)> {
    let tables = schema.tables.iter().map(|table| table.name.as_str());
    beside(tables.chain(schema.views.iter().map(|view| view.name.as_str())).collect(), Named::Table)
}

/// The names of a table's columns in PostgreSQL, each with its source name, in their order.
#[must_use]
pub fn assign_columns(table: &SqliteTable) -> Vec<(String, String)> {
    beside(table.columns.iter().map(|column| column.name.as_str()).collect(), Named::Column)
}

fn beside(names: Vec<&str>, named: Named) -> Vec<(String, String)> {
    let given = Names::default().give_all(&names, named);
    names.into_iter().map(str::to_owned).zip(given).collect()
}

/// The used names of one namespace.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<String>,
    /// How often a name was requested, so that the thousandth request does not try the 999 before it.
    repeated: HashMap<String, usize>,
}

impl Names {
    /// Reserves an existing name.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Reserves a name; `false` if it is already used.
    pub fn try_take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Assigns names in order: objects that can keep their own name first, the first of equal ones before the others.
    pub fn give_all(&mut self, names: &[&str], named: Named) -> Vec<String> {
        let kept: Vec<bool> = names
            .iter()
            .map(|name| obstacle(name, named).is_none() && self.taken.insert((*name).to_owned()))
            .collect();
        names
            .iter()
            .zip(kept)
            .map(|(name, is_kept)| if is_kept { (*name).to_owned() } else { self.change(name, named) })
            .collect()
    }

    /// Returns the first free name of `base`, `base1`, `base2`..., as PostgreSQL names unnamed objects. A name that
    /// is too long is shortened by the rule for all names.
    pub fn give_numbered(&mut self, base: &str) -> String {
        loop {
            let count = self.count(base);
            let name = if count == 0 { base.to_owned() } else { format!("{base}{count}") };
            let name =
                if obstacle(&name, Named::Constraint).is_some() { changed(&name, &name) } else { name };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }

    fn change(&mut self, name: &str, named: Named) -> String {
        let mut kept = name.replace('\0', "");
        if named == Named::Table && kept.starts_with(OWN_PREFIX) {
            kept = kept.trim_start_matches('_').to_owned();
        }
        loop {
            let given = match self.count(name) {
                0 => changed(&kept, name),
                count => changed(&kept, &format!("{name}\0{count}")),
            };
            if self.taken.insert(given.clone()) {
                return given;
            }
        }
    }

    fn count(&mut self, name: &str) -> usize {
        let count = self.repeated.entry(name.to_owned()).or_default();
        *count += 1;
        *count - 1
    }
}

/// The longest possible prefix of `kept`, and the hash of `hashed`.
fn changed(kept: &str, hashed: &str) -> String {
    let mut name = String::with_capacity(MAX_NAME_BYTES);
    for character in kept.chars() {
        if name.len() + character.len_utf8() + MARK_BYTES > MAX_NAME_BYTES {
            break;
        }
        name.push(character);
    }
    format!("{name}_{:08x}", fnv1a(hashed.as_bytes()))
}

/// FNV-1a with 32 bits: part of the naming rule, so it never changes.
fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;
