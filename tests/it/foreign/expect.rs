//! Compares a target with the expected result of a case, through its catalog and its rows, not through the program's
//! report.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Deserialize;

use super::case::{Expected, ExpectedTable, ExpectedValues, ForeignKey};
use super::found::Found;

/// A table in the catalog.
#[derive(Deserialize)]
struct Table {
    columns: Vec<Column>,
    primary_key: Vec<String>,
    unique: Vec<Vec<String>>,
    foreign_keys: Vec<ForeignKey>,
    foreign_key_texts: Vec<String>,
    indexes: usize,
    checks: usize,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    r#type: String,
    not_null: bool,
    is_identity: bool,
    is_generated: bool,
    default: Option<String>,
}

/// All properties of every table of the schema, without the program's own tables.
const TABLES: &str = "
    SELECT coalesce(jsonb_object_agg(c.relname, jsonb_build_object(
        'columns', coalesce((SELECT jsonb_agg(jsonb_build_object(
                'name', attname, 'type', format_type(atttypid, atttypmod), 'not_null', attnotnull,
                'is_identity', attidentity <> '', 'is_generated', attgenerated <> '',
                'default', CASE WHEN attgenerated = '' THEN pg_get_expr(adbin, adrelid) END) ORDER BY attnum)
            FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
            WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped), '[]'),
        'primary_key', coalesce((SELECT pg_temp.names(conrelid, conkey) FROM pg_constraint
            WHERE conrelid = c.oid AND contype = 'p'), '[]'),
        'unique', coalesce((SELECT jsonb_agg(pg_temp.names(indrelid, indkey::int2[])) FROM pg_index
            WHERE indrelid = c.oid AND indisunique AND indisvalid AND NOT indisprimary
              AND indpred IS NULL AND indexprs IS NULL), '[]'),
        'foreign_keys', coalesce((SELECT jsonb_agg(jsonb_build_array(pg_temp.names(conrelid, conkey), parent.relname,
                pg_temp.names(confrelid, confkey)))
            FROM pg_constraint JOIN pg_class parent ON parent.oid = confrelid
            WHERE conrelid = c.oid AND contype = 'f'), '[]'),
        'foreign_key_texts', coalesce((SELECT jsonb_agg(pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE conrelid = c.oid AND contype = 'f'), '[]'),
        'indexes', (SELECT count(*) FROM pg_index WHERE indrelid = c.oid
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))),
        'checks', (SELECT count(*) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c'))), '{}')::text AS line
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname NOT LIKE '\\_\\_backoffice\\_%'";

/// The names of columns by their numbers, in this order.
const NAMES: &str = "
    CREATE FUNCTION pg_temp.names(oid, int2[]) RETURNS jsonb LANGUAGE sql AS $$
        SELECT jsonb_agg(attname ORDER BY n) FROM unnest($2) WITH ORDINALITY u(a, n)
        JOIN pg_attribute ON (attrelid, attnum) = ($1, a) $$";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// One text.
pub(super) fn ask(target: &mut PgConnection, query: &str) -> Result<String, String> {
    let found: QueryResult<Line> = diesel::sql_query(query).get_result(target);
    found.map(|found| found.line).map_err(|error| format!("{query}: {error}"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// All differences.
pub(super) fn differences(expected: &Expected, found: &Found, target: &mut PgConnection) -> Vec<String> {
    let mut wrong = report_differences(expected, found);
    match in_target(expected, target) {
        Ok(found) => wrong.extend(found),
        Err(error) => wrong.push(error),
    }
    if !wrong.is_empty() && ![0, 40].contains(&found.ended.code) {
        wrong.extend(found.ended.stderr.lines().rev().take(6).map(|line| format!("| {line}")));
    }
    wrong
}

/// Differences in exit code, rejects and findings.
fn report_differences(expected: &Expected, found: &Found) -> Vec<String> {
    let mut wrong = Vec::new();
    let code = found.ended.code;
    if expected.exit.map_or(code != 0 && code != 40, |exit| exit != code) {
        wrong.push(format!("exit {code}, not {:?}; {:?}", expected.exit, found.report.error));
    }
    if (code == 0) == found.names_a_loss() {
        wrong.push(format!("exit {code} is not what the findings say"));
    }
    if expected.rejects.is_some_and(|rejects| rejects != found.rejected()) {
        wrong.push(format!("{} rows rejected, not {:?}", found.rejected(), expected.rejects));
    }
    for rule in &expected.rules {
        let is_met = |area: &str| found.findings().iter().any(|finding| finding.rule.starts_with(area));
        if !rule.split('|').any(is_met) {
            wrong.push(format!("no finding of {rule}"));
        }
    }
    wrong
}

/// Differences in the target.
fn in_target(expected: &Expected, target: &mut PgConnection) -> Result<Vec<String>, String> {
    let prepare = format!("SET TIME ZONE 'UTC'; {NAMES}");
    target.batch_execute(&prepare).map_err(|error| error.to_string())?;
    let text = ask(target, TABLES)?;
    let tables: BTreeMap<String, Table> =
        serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?;
    let mut wrong = Vec::new();
    for (name, expected) in &expected.tables {
        match tables.get(name) {
            Some(table) => wrong.extend(table_differences(name, expected, table, target)?),
            None => wrong.push(format!("no table {name}; there are {:?}", tables.keys())),
        }
    }
    for (name, expected) in &expected.values {
        if let Some(table) = tables.get(name) {
            wrong.extend(value_differences(name, expected, table, target));
        }
    }
    wrong.extend(
        expected
            .absent
            .iter()
            .filter(|name| tables.contains_key(*name))
            .map(|name| format!("table {name} is there")),
    );
    if expected.total_tables.is_some_and(|total| total != tables.len()) {
        wrong.push(format!("{} tables, not {:?}: {:?}", tables.len(), expected.total_tables, tables.keys()));
    }
    if let Some(total) = expected.total_rows {
        let counts = tables.keys().map(|name| count(target, name)).collect::<Result<Vec<_>, _>>()?;
        let found: i64 = counts.iter().sum();
        if found != total {
            wrong.push(format!("{found} rows in all, not {total}"));
        }
    }
    if let Some(views) = &expected.views {
        wrong.extend(view_differences(views, target)?);
    }
    wrong.extend(tried(expected, target));
    Ok(wrong)
}

fn count(target: &mut PgConnection, name: &str) -> Result<i64, String> {
    let count = ask(target, &format!("SELECT count(*)::text AS line FROM public.{}", quoted(name)))?;
    count.parse().map_err(|_no_number| count)
}

fn table_differences(
    name: &str,
    expected: &ExpectedTable,
    table: &Table,
    target: &mut PgConnection,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let mut compare =
        |what: &str, is_so: bool, found: &dyn std::fmt::Debug, expected: &dyn std::fmt::Debug| {
            if !is_so {
                wrong.push(format!("{name}: {what} {found:?}, not {expected:?}"));
            }
        };
    let column = |name: &str| table.columns.iter().find(|column| column.name == *name);
    for (name, expected) in &expected.columns {
        let found = column(name).map(|column| &column.r#type);
        compare(&format!("column {name}"), found == Some(expected), &found, expected);
    }
    for name in &expected.not_null {
        let is_so = column(name).is_some_and(|column| column.not_null);
        compare(&format!("column {name} NOT NULL"), is_so, &is_so, &true);
    }
    if let Some(expected) = &expected.primary_key {
        compare("primary key", *expected == table.primary_key, &table.primary_key, expected);
    }
    if let Some(expected) = &expected.unique {
        let is_so = match expected.is_empty() {
            true => table.unique.is_empty(),
            false => expected.iter().all(|columns| table.unique.contains(columns)),
        };
        compare("unique", is_so, &table.unique, expected);
    }
    if let Some(expected) = &expected.foreign_keys {
        let (mut found, mut expected) = (table.foreign_keys.clone(), expected.clone());
        found.sort();
        expected.sort();
        compare("foreign keys", found == expected, &found, &expected);
    }
    for text in &expected.foreign_key_texts {
        compare("foreign keys", table.foreign_key_texts.contains(text), &table.foreign_key_texts, text);
    }
    if let Some(expected) = &expected.indexes {
        compare("indexes", *expected == table.indexes, &table.indexes, expected);
    }
    if let Some(expected) = &expected.checks {
        compare("checks", *expected == table.checks, &table.checks, expected);
    }
    if let Some(expected) = &expected.generated {
        let generated = table.columns.iter().filter(|column| column.is_generated);
        let generated: Vec<&String> = generated.map(|column| &column.name).collect();
        compare("generated", generated.iter().copied().eq(expected), &generated, expected);
    }
    if let Some(expected) = &expected.rows {
        let found = count(target, name)?;
        compare("rows", found == *expected, &found, expected);
    }
    if let Some(expected) = &expected.identity {
        let mut found = BTreeMap::new();
        for column in table.columns.iter().filter(|column| column.is_identity) {
            let table = format!("public.{}", quoted(name));
            let sequence = format!("{}, {}", literal(&table), literal(&column.name));
            let next =
                ask(target, &format!("SELECT nextval(pg_get_serial_sequence({sequence}))::text AS line"))?;
            found.insert(column.name.clone(), next.parse::<i64>().map_err(|_no_number| next)?);
        }
        compare("identity", found == *expected, &found, expected);
    }
    for (name, expected) in &expected.defaults {
        let found = column(name);
        let default =
            found.and_then(|column| column.default.as_ref().map(|default| (default, &column.r#type)));
        let found = match default {
            Some((default, to)) => {
                let query = format!("SELECT coalesce((({default})::{to})::text, '(NULL)') AS line");
                Some(ask(target, &query)?).filter(|text| text != "(NULL)")
            }
            None => None,
        };
        let is_so = if expected.as_deref() == Some("*") { found.is_some() } else { found == *expected };
        compare(&format!("default of {name}"), is_so, &found, expected);
    }
    Ok(wrong)
}

fn value_differences(
    name: &str,
    expected: &ExpectedValues,
    table: &Table,
    target: &mut PgConnection,
) -> Option<String> {
    let columns: Vec<String> =
        table.columns.iter().map(|column| format!("{}::text", quoted(&column.name))).collect();
    let rows = format!(
        "SELECT coalesce(jsonb_agg(to_jsonb(ARRAY[{}]) ORDER BY {} NULLS LAST), '[]')::text AS line FROM public.{}",
        columns.join(", "),
        quoted(&expected.order),
        quoted(name)
    );
    let text = match ask(target, &rows) {
        Ok(text) => text,
        Err(error) => return Some(error),
    };
    let found: Vec<Vec<Option<String>>> = serde_json::from_str(&text).expect("rows as they were asked for");
    let differ = found.iter().zip(&expected.rows).find(|(found, expected)| found != expected);
    if found.len() != expected.rows.len() {
        return Some(format!("{name}: rows {found:?}, not {:?}", expected.rows));
    }
    differ.map(|(found, expected)| format!("{name}: row {found:?}, not {expected:?}"))
}

fn view_differences(
    views: &BTreeMap<String, i64>,
    target: &mut PgConnection,
) -> Result<Option<String>, String> {
    let query =
        "SELECT coalesce(jsonb_agg(viewname), '[]')::text AS line FROM pg_views WHERE schemaname = 'public'";
    let names: Vec<String> = serde_json::from_str(&ask(target, query)?).expect("names");
    let mut found = BTreeMap::new();
    for name in names {
        let rows = count(target, &name)?;
        found.insert(name, rows);
    }
    Ok((found != *views).then(|| format!("views {found:?}, not {views:?}")))
}

/// Statements that must fail because of a constraint, and those that must succeed.
fn tried(expected: &Expected, target: &mut PgConnection) -> Vec<String> {
    let attempt = |target: &mut PgConnection, sql: &str| {
        let body = format!(
            "DO $try$ BEGIN {sql}; RAISE EXCEPTION 'accepted'; EXCEPTION WHEN integrity_constraint_violation THEN \
             RAISE EXCEPTION 'refused'; END $try$"
        );
        target.batch_execute(&body).map_or_else(|error| error.to_string(), |()| "nothing".to_owned())
    };
    let refused = expected.refuses.iter().map(|sql| (sql, "refused"));
    let all = refused.chain(expected.accepts.iter().map(|sql| (sql, "accepted")));
    all.filter_map(|(sql, must)| {
        let outcome = attempt(target, sql);
        (outcome != must).then(|| format!("{sql}: {outcome}, not {must}"))
    })
    .collect()
}
