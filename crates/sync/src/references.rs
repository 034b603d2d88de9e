//! What in the target would act on rows that are replaced.

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use transfer::target::Target;

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

/// Foreign keys of tables that are not followed to tables that are.
const REFERENCES: &str = "SELECT format('the foreign key %s of %s refers to %s, which is followed, and %2$s is not',
            f.conname, f.conrelid::regclass, f.confrelid::regclass) AS words
    FROM pg_catalog.pg_constraint f
    WHERE f.contype = 'f' AND f.conparentid = 0
      AND f.confrelid = ANY (SELECT to_regclass(t) FROM unnest($1) t)
      AND f.conrelid <> ALL (SELECT to_regclass(t) FROM unnest($1) t WHERE to_regclass(t) IS NOT NULL) ORDER BY 1";

/// Triggers that are not the system's, on tables that are followed.
const TRIGGERS: &str = "SELECT format('the trigger %s acts on each row of %s', t.tgname, t.tgrelid::regclass) AS words
    FROM pg_catalog.pg_trigger t
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
      AND t.tgrelid = ANY (SELECT to_regclass(t) FROM unnest($1) t) ORDER BY 1";

/// Foreign keys of other tables, as sentences.
///
/// # Errors
/// When the target fails.
pub(crate) fn of_others(target: &mut Target, names: &[&str]) -> QueryResult<Vec<String>> {
    ask(target, REFERENCES, names)
}

/// Triggers, as sentences.
///
/// # Errors
/// When the target fails.
pub(crate) fn triggers(target: &mut Target, names: &[&str]) -> QueryResult<Vec<String>> {
    ask(target, TRIGGERS, names)
}

fn ask(target: &mut Target, query: &str, names: &[&str]) -> QueryResult<Vec<String>> {
    let names: Vec<String> = names.iter().map(|name| target.full_name(name)).collect();
    let rows: Vec<Words> = diesel::sql_query(query).bind::<Array<Text>, _>(names).load(target.postgres())?;
    Ok(rows.into_iter().map(|row| row.words).collect())
}
