//! Looking for damage in the file.

use diesel::prelude::*;
use diesel::sql_types::Text;

use databases::name::quote_name;

#[derive(QueryableByName)]
struct Quick {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

#[derive(QueryableByName)]
struct Thorough {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Tables whose rows are found through an index: their key is no number of a row.
const BY_INDEX: &str = "SELECT m.name AS name FROM sqlite_schema m
    WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_index_list(m.name) WHERE origin = 'pk')";

/// What is wrong with the file.
///
/// Every page is read by `PRAGMA quick_check`, which takes a third of the time of `PRAGMA integrity_check` because it does
/// not look where the entries of an index point. That matters where rows are read through an index, so these tables
/// are checked thoroughly.
///
/// # Errors
/// When the check itself fails.
pub(crate) fn damage(source: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    // Not as table-valued functions: these take a number for the name of a table.
    let found: Vec<Quick> = diesel::sql_query("PRAGMA quick_check(20)").load(source)?;
    let mut damage: Vec<String> = found.into_iter().map(|row| row.quick_check).collect();
    let by_index: Vec<Name> = diesel::sql_query(BY_INDEX).load(source)?;
    for Name { name } in by_index {
        let query = format!("PRAGMA integrity_check({})", quote_name(&name));
        let found: Vec<Thorough> = diesel::sql_query(query).load(source)?;
        damage.extend(found.into_iter().map(|row| row.integrity_check));
    }
    damage.retain(|words| words != "ok");
    damage.sort();
    damage.dedup();
    Ok(damage)
}
