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
const TRIGGERS: &str =
    "SELECT format('the trigger %s acts on each row of %s', t.tgname, t.tgrelid::regclass) AS words
    FROM pg_catalog.pg_trigger t
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
      AND t.tgrelid = ANY (SELECT to_regclass(t) FROM unnest($1) t) ORDER BY 1";

/// Columns of the target that do not have the type for which values are encoded. The binary form of one type may be that of
/// another value of a second one.
const OTHER_TYPES: &str = "SELECT format('the column %s of %s is %s in the target, and not %s',
            w.name, w.full_name, coalesce(pg_catalog.format_type(a.atttypid, a.atttypmod), 'missing'), w.type) AS words
    FROM unnest($1, $2, $3) AS w (full_name, name, type)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = to_regclass(w.full_name) AND a.attname = w.name
        AND NOT a.attisdropped
    WHERE a.atttypid IS DISTINCT FROM to_regtype(w.type)
        -- What has labels, is a domain, or ignores case is encoded as text.
        AND NOT (w.type = 'text' AND pg_catalog.format_type(a.atttypid, NULL) IN ('citext', 'public.citext'))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid AND t.typtype IN ('e', 'd'))
    ORDER BY 1";

/// A column of the target: its table, its name, and the type for which its values are encoded, as SQL.
pub(crate) type ExpectedColumn = (String, String, String);

/// Columns of another type, as sentences.
///
/// # Errors
/// When the target fails.
pub(crate) fn other_types(target: &mut Target, columns: &[ExpectedColumn]) -> QueryResult<Vec<String>> {
    let tables: Vec<String> = columns.iter().map(|(table, ..)| target.full_name(table)).collect();
    let names: Vec<&str> = columns.iter().map(|(_, name, _)| name.as_str()).collect();
    let types: Vec<&str> = columns.iter().map(|(.., of)| of.as_str()).collect();
    target.search_extensions_too()?;
    let query = diesel::sql_query(OTHER_TYPES).bind::<Array<Text>, _>(tables);
    let query = query.bind::<Array<Text>, _>(names).bind::<Array<Text>, _>(types);
    let rows: Vec<Words> = query.load(target.postgres())?;
    target.restore_search_path()?;
    Ok(rows.into_iter().map(|row| row.words).collect())
}

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
