//! Translates INSERT, UPDATE and DELETE.

use sqlite3_parser::ast::{
    DistinctNames, Expr, FromClause, InsertBody, Name, OneSelect, QualifiedName, ResolveType, ResultColumn,
    Set, Upsert, UpsertDo, With,
};

use super::Options;
use crate::translate::{
    Query, QueryNames, Source, SourceColumn, Translator, Untranslatable, column_expression, from_clause,
    open_name, placed, quote_name, result_columns, select, unquoted,
};
use crate::types::TargetType;

pub(super) struct Insert<'a> {
    pub(super) or_conflict: Option<ResolveType>,
    pub(super) table: &'a QualifiedName,
    pub(super) columns: Option<&'a DistinctNames>,
    pub(super) body: &'a InsertBody,
    pub(super) returning: Option<&'a [ResultColumn]>,
}

pub(super) fn without_with(with: Option<&With>) -> Result<(), Untranslatable> {
    match with {
        None => Ok(()),
        Some(_) => {
            Err(Untranslatable::construct("WITH before INSERT, UPDATE or DELETE", "it is not supported"))
        }
    }
}

pub(super) fn unlimited(
    word: &str,
    or_conflict: Option<ResolveType>,
    is_limited: bool,
) -> Result<(), Untranslatable> {
    if is_limited {
        return Err(Untranslatable::construct(
            format!("{word} with ORDER BY or LIMIT"),
            "PostgreSQL does not support this clause",
        ));
    }
    match or_conflict {
        None | Some(ResolveType::Abort) => Ok(()),
        Some(_) => Err(Untranslatable::construct(
            format!("{word} OR ..."),
            "PostgreSQL supports ON CONFLICT for INSERT only",
        )),
    }
}

/// The changed table.
struct Target {
    sql: String,
    /// The name that qualifies its columns.
    alias: String,
    /// Its columns by source name, with target name and type; `None` if they are not known.
    columns: Option<Vec<(String, String, TargetType)>>,
}

impl Target {
    /// Reads the table and adds its columns to the known names.
    fn new(names: &mut QueryNames<'_>, table: &QualifiedName) -> Result<Self, Untranslatable> {
        let name = unquoted(&table.name.0);
        let in_main =
            table.db_name.as_ref().is_none_or(|database| unquoted(&database.0).eq_ignore_ascii_case("main"));
        let lower = name.to_ascii_lowercase();
        if !in_main || lower.starts_with("sqlite_") || lower.starts_with("pragma_") {
            return Err(Untranslatable::unknown_table(&name));
        }
        let given = table.alias.as_ref().map(|alias| unquoted(&alias.0));
        let Some(relations) = names.query.relations else {
            let sql = match &given {
                Some(alias) => format!("{} AS {}", open_name(&name), open_name(alias)),
                None => open_name(&name),
            };
            let alias = given.unwrap_or(name);
            names.sources.push(Source { alias: alias.clone(), columns: None });
            return Ok(Self { sql, alias, columns: None });
        };
        let relation = relations.relation(&name).ok_or_else(|| Untranslatable::unknown_table(&name))?;
        let alias = given.unwrap_or(name);
        let sql = format!(
            "{}.{} AS {}",
            quote_name(relations.schema()),
            quote_name(&relation.target),
            quote_name(&alias)
        );
        let prefix = format!("{}.", quote_name(&alias));
        let source = |prefix: &str, alias: &str| Source {
            alias: alias.to_owned(),
            columns: Some(
                relation
                    .columns
                    .iter()
                    .map(|column| SourceColumn {
                        name: column.source.clone(),
                        typed: column_expression(
                            prefix,
                            &column.target,
                            column.target_type,
                            column.collation,
                            column.affinity,
                        ),
                        // An unqualified column is that of the table, never that of `excluded`.
                        is_joined: alias == "excluded",
                    })
                    .collect(),
            ),
        };
        names.sources.push(source(&prefix, &alias));
        names.sources.push(source("excluded.", "excluded"));
        let columns = relation.columns.iter();
        let columns =
            columns.map(|column| (column.source.clone(), column.target.clone(), column.target_type));
        Ok(Self { sql, alias, columns: Some(columns.collect()) })
    }

    /// The name of a column in SQL, and its type if known.
    fn column(&self, name: &str) -> Result<(String, Option<TargetType>), Untranslatable> {
        let Some(columns) = &self.columns else { return Ok((open_name(name), None)) };
        let found = columns.iter().find(|(source, ..)| source.eq_ignore_ascii_case(name));
        let (_, target, target_type) = found.ok_or_else(|| Untranslatable::unknown_column(name))?;
        Ok((quote_name(target), Some(*target_type)))
    }
}

/// A value as it is assigned to a column.
fn value(
    translator: &Translator<'_>,
    expression: &Expr,
    target: Option<TargetType>,
) -> Result<String, Untranslatable> {
    let typed = translator.translate(expression)?;
    match (target, &expression) {
        (Some(target), _) => placed(&typed, target),
        // The type of a decimal is that of the column, if the column's type is not known.
        (None, Expr::Literal(sqlite3_parser::ast::Literal::Numeric(digits)))
            if digits.parse::<f64>().is_ok() =>
        {
            Ok(digits.to_string())
        }
        (None, _) => Ok(typed.sql),
    }
}

pub(super) fn insert(
    query: &Query<'_>,
    options: &Options<'_>,
    insert: &Insert<'_>,
) -> Result<String, Untranslatable> {
    let mut names = QueryNames::new(query, Vec::new(), None);
    let target = Target::new(&mut names, insert.table)?;
    let translator = Translator::for_query(&names, query.like, 1);
    let mut columns: Vec<(String, Option<TargetType>)> = Vec::new();
    match (insert.columns, &target.columns) {
        (Some(named), _) => {
            for name in named.iter() {
                columns.push(target.column(&unquoted(&name.0))?);
            }
        }
        // The column order is that of the source, which may differ from that of the target.
        (None, Some(known)) => {
            columns =
                known.iter().map(|(_, name, target_type)| (quote_name(name), Some(*target_type))).collect();
        }
        (None, None) => {}
    }
    let mut sql = format!("INSERT INTO {}", target.sql);
    if !columns.is_empty() {
        let list: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        sql.push_str(&format!(" ({})", list.join(", ")));
    }
    let upsert = match insert.body {
        InsertBody::DefaultValues => {
            sql = format!("INSERT INTO {} DEFAULT VALUES", target.sql);
            None
        }
        InsertBody::Select(inner, upsert) => {
            let is_plain = inner.with.is_none() && inner.order_by.is_none() && inner.limit.is_none();
            match (&inner.body.select, &inner.body.compounds) {
                (OneSelect::Values(rows), None) if is_plain => {
                    let mut all = Vec::new();
                    for row in rows {
                        let mut cells = Vec::new();
                        for (at, cell) in row.iter().enumerate() {
                            let target_type = columns.get(at).and_then(|(_, target_type)| *target_type);
                            cells.push(value(&translator, cell, target_type)?);
                        }
                        all.push(format!("({})", cells.join(", ")));
                    }
                    sql.push_str(&format!(" VALUES {}", all.join(", ")));
                }
                _ => {
                    let selected = select(query, inner, &[], None, 1)?;
                    for ((_, typed), (_, target_type)) in selected.columns.iter().zip(&columns) {
                        let (true, Some(target_type)) = (selected.is_known, target_type) else { continue };
                        if placed(typed, *target_type)? != typed.sql {
                            return Err(Untranslatable::construct(
                                "INSERT of a SELECT with other types",
                                "cast its results to the column types",
                            ));
                        }
                    }
                    sql.push(' ');
                    sql.push_str(&selected.sql);
                }
            }
            upsert.as_deref()
        }
    };
    sql.push_str(&conflict(&translator, options, insert, &target, upsert)?);
    sql.push_str(&returning(&names, insert.returning)?);
    Ok(sql)
}

/// ON CONFLICT, from OR IGNORE, OR REPLACE and SQLite's own ON CONFLICT.
fn conflict(
    translator: &Translator<'_>,
    options: &Options<'_>,
    insert: &Insert<'_>,
    target: &Target,
    upsert: Option<&Upsert>,
) -> Result<String, Untranslatable> {
    match (insert.or_conflict, upsert) {
        (None | Some(ResolveType::Abort), None) => Ok(String::new()),
        (None | Some(ResolveType::Abort), Some(upsert)) => on_conflict(translator, target, upsert),
        (Some(ResolveType::Ignore), None) => Ok(" ON CONFLICT DO NOTHING".to_owned()),
        (Some(ResolveType::Replace), None) => replace(options, insert, target),
        (Some(ResolveType::Ignore | ResolveType::Replace), Some(_)) => Err(Untranslatable::construct(
            "INSERT OR ... with ON CONFLICT",
            "PostgreSQL supports one ON CONFLICT clause",
        )),
        (Some(ResolveType::Fail | ResolveType::Rollback), _) => Err(Untranslatable::construct(
            "INSERT OR FAIL and OR ROLLBACK",
            "in PostgreSQL an error rolls back the statement, and the transaction can only continue from a savepoint",
        )),
    }
}

fn replace(options: &Options<'_>, insert: &Insert<'_>, target: &Target) -> Result<String, Untranslatable> {
    let (Some(key), Some(named)) = (&options.conflict_target, insert.columns) else {
        return Err(Untranslatable::construct(
            "INSERT OR REPLACE",
            "set the key that identifies the replaced row (`conflict_target`), and list the columns",
        ));
    };
    let key_columns: Result<Vec<String>, Untranslatable> =
        key.iter().map(|name| target.column(name).map(|(name, _)| name)).collect();
    let key_columns = key_columns?.join(", ");
    let mut sets = Vec::new();
    for name in named.iter().map(|name| unquoted(&name.0)) {
        if !key.iter().any(|key| key.eq_ignore_ascii_case(&name)) {
            let (column, _) = target.column(&name)?;
            sets.push(format!("{column} = excluded.{column}"));
        }
    }
    Ok(if sets.is_empty() {
        format!(" ON CONFLICT ({key_columns}) DO NOTHING")
    } else {
        format!(" ON CONFLICT ({key_columns}) DO UPDATE SET {}", sets.join(", "))
    })
}

fn on_conflict(
    translator: &Translator<'_>,
    target: &Target,
    upsert: &Upsert,
) -> Result<String, Untranslatable> {
    if upsert.next.is_some() {
        return Err(Untranslatable::construct("several ON CONFLICT", "PostgreSQL supports one"));
    }
    let mut sql = " ON CONFLICT".to_owned();
    if let Some(index) = &upsert.index {
        let mut columns = Vec::new();
        for term in &index.targets {
            let Expr::Id(id) = &term.expr else {
                return Err(Untranslatable::construct(
                    "ON CONFLICT with an expression",
                    "only columns are supported",
                ));
            };
            columns.push(target.column(&unquoted(&id.0))?.0);
        }
        sql.push_str(&format!(" ({})", columns.join(", ")));
        if let Some(condition) = &index.where_clause {
            let condition = translator.translate(condition)?;
            sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
        }
    }
    match &upsert.do_clause {
        UpsertDo::Nothing => sql.push_str(" DO NOTHING"),
        UpsertDo::Set { .. } if upsert.index.is_none() => {
            return Err(Untranslatable::construct(
                "DO UPDATE without columns",
                "PostgreSQL requires the columns of the key",
            ));
        }
        UpsertDo::Set { sets, where_clause } => {
            sql.push_str(&format!(" DO UPDATE SET {}", set_list(translator, target, sets)?));
            if let Some(condition) = where_clause {
                let condition = translator.translate(condition)?;
                sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
            }
        }
    }
    Ok(sql)
}

fn set_list(translator: &Translator<'_>, target: &Target, sets: &[Set]) -> Result<String, Untranslatable> {
    let mut list = Vec::new();
    for set in sets {
        let columns: Vec<&Name> = set.col_names.iter().collect();
        let [column] = columns.as_slice() else {
            return Err(Untranslatable::construct("SET of a row", "set each column separately"));
        };
        let (name, target_type) = target.column(&unquoted(&column.0))?;
        list.push(format!("{name} = {}", value(translator, &set.expr, target_type)?));
    }
    Ok(list.join(", "))
}

pub(super) fn update(
    query: &Query<'_>,
    table: &QualifiedName,
    sets: &[Set],
    from: Option<&FromClause>,
    condition: Option<&Expr>,
    returned: Option<&[ResultColumn]>,
) -> Result<String, Untranslatable> {
    let mut names = QueryNames::new(query, Vec::new(), None);
    let target = Target::new(&mut names, table)?;
    names.sources.retain(|source| source.alias == target.alias);
    let from = from.map(|from| from_clause(&mut names, from, 1)).transpose()?;
    let translator = Translator::for_query(&names, query.like, 1);
    let mut sql = format!("UPDATE {} SET {}", target.sql, set_list(&translator, &target, sets)?);
    if let Some(from) = from {
        sql.push_str(&format!(" FROM {from}"));
    }
    if let Some(condition) = condition {
        let condition = translator.translate(condition)?;
        sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
    }
    sql.push_str(&returning(&names, returned)?);
    Ok(sql)
}

pub(super) fn delete(
    query: &Query<'_>,
    table: &QualifiedName,
    condition: Option<&Expr>,
    returned: Option<&[ResultColumn]>,
) -> Result<String, Untranslatable> {
    let mut names = QueryNames::new(query, Vec::new(), None);
    let target = Target::new(&mut names, table)?;
    names.sources.retain(|source| source.alias == target.alias);
    let mut sql = format!("DELETE FROM {}", target.sql);
    if let Some(condition) = condition {
        let translator = Translator::for_query(&names, query.like, 1);
        let condition = translator.translate(condition)?;
        sql.push_str(&format!(" WHERE {}", translator.truth(&condition)?.sql));
    }
    sql.push_str(&returning(&names, returned)?);
    Ok(sql)
}

fn returning(names: &QueryNames<'_>, columns: Option<&[ResultColumn]>) -> Result<String, Untranslatable> {
    let Some(columns) = columns else { return Ok(String::new()) };
    let mut own = QueryNames::new(names.query, Vec::new(), None);
    own.sources = names.sources.iter().filter(|source| source.alias != "excluded").cloned().collect();
    let (list, _, _) = result_columns(&own, columns, 1)?;
    Ok(format!(" RETURNING {list}"))
}
