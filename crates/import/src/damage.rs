//! Checks the file of another application for corruption.
//!
//! `PRAGMA quick_check` reads every page. Its messages about values (NULL in a NOT NULL column, a violated CHECK) are
//! ignored: `profile` reads every value. Pages are checked before rows, because the number of messages is limited.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::schema::SqliteTable;
use databases::name::quote_name;

#[derive(QueryableByName)]
struct QuickCheckRow {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// The first corruption that SQLite reports: of the whole file, or of these tables only. SQLite compares the keys of a
/// table WITHOUT ROWID, which it cannot with a collation that the application defines.
pub(super) fn damage<'a>(
    connection: &mut SqliteConnection,
    tables: Option<impl Iterator<Item = &'a SqliteTable>>,
) -> QueryResult<Vec<String>> {
    let queries: Vec<String> = match tables {
        None => vec!["PRAGMA quick_check(20)".to_owned()],
        Some(tables) => {
            tables.map(|table| format!("PRAGMA quick_check({})", quote_name(&table.name))).collect()
        }
    };
    let mut damage = Vec::new();
    for query in queries {
        let found: Vec<QuickCheckRow> = diesel::sql_query(query).load(connection)?;
        let words = found.into_iter().map(|row| row.quick_check);
        damage.extend(words.filter(|words| words != "ok" && !is_about_values(words)));
    }
    Ok(damage)
}

/// Whether a message concerns the values of a row, or an index of a module.
fn is_about_values(words: &str) -> bool {
    let values = ["NULL value in ", "NUMERIC value in ", "TEXT value in ", "CHECK constraint failed in "];
    let modules = ["malformed inverted index", "unable to validate the inverted index"];
    values.iter().chain(&modules).any(|begin| words.starts_with(begin))
        || words.starts_with("non-") && words.contains(" value in ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_no_damage_and_pages_are() {
        for words in ["NULL value in t.a", "CHECK constraint failed in t", "non-INT value in t.a"] {
            assert!(is_about_values(words), "{words}");
        }
        for words in [
            "Tree 2 page 5: Fragmentation of 672 bytes reported as 0",
            "Page 3: never used",
            "non-unique entry in index i",
            "row 1 missing from index i",
        ] {
            assert!(!is_about_values(words), "{words}");
        }
    }
}
