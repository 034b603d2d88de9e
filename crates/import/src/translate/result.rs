//! The results of a SELECT or RETURNING: the list in SQL, and the names and families of its columns.

use sqlite3_parser::ast::{As, Expr, ResultColumn};

use super::super::types::TargetType;
use super::convert;
use super::error::Untranslatable;
use super::query::{QueryNames, open_name};
use super::quoting::{quote_name, unquoted};
use super::translator::Translator;
use super::typed::{Detail, Family, Level, Typed};

type Results = (String, Vec<(String, Typed)>, bool);

/// The list of results in SQL and by name.
pub(crate) fn result_columns(
    names: &QueryNames<'_>,
    columns: &[ResultColumn],
    depth: usize,
) -> Result<Results, Untranslatable> {
    let translator = Translator::for_query(names, names.query.like, depth + 1);
    let mut list =
        ResultList { names, sql: Vec::new(), results: Vec::new(), is_known: true, is_inner: depth > 0 };
    for column in columns {
        match column {
            ResultColumn::Expr(expression, alias) => {
                list.push_expression(&translator, expression, alias.as_ref())?;
            }
            ResultColumn::Star => list.push_columns_of(None)?,
            ResultColumn::TableStar(table) => list.push_columns_of(Some(&unquoted(&table.0)))?,
        }
        // Only a star has unknown columns, and it is then kept as it is.
        if !list.is_known {
            return Ok((unexpanded(&translator, columns)?, Vec::new(), false));
        }
    }
    Ok((list.sql.join(", "), list.results, true))
}

/// The results read so far.
struct ResultList<'a> {
    names: &'a QueryNames<'a>,
    sql: Vec<String>,
    results: Vec<(String, Typed)>,
    /// Whether the columns of every source of a star are known.
    is_known: bool,
    /// Whether they are those of a subquery.
    is_inner: bool,
}

/// A result of a subquery is compared with columns of the collation of the database, and would be in conflict with one.
fn with_default_collation(typed: Typed) -> Typed {
    if typed.family != Family::Text || !typed.sql.contains("COLLATE \"C\"") {
        return typed;
    }
    let sql = format!("({}) COLLATE \"default\"", typed.sql);
    Typed { sql, level: Level::Collate, ..typed }
}

impl ResultList<'_> {
    fn push_expression(
        &mut self,
        translator: &Translator<'_>,
        expression: &Expr,
        alias: Option<&As>,
    ) -> Result<(), Untranslatable> {
        let value = translator.translate(expression)?;
        let typed = shown(translator, value.clone())?;
        let typed = if self.is_inner { with_default_collation(typed) } else { typed };
        let (name, sql) = match alias {
            Some(As::As(name) | As::Elided(name)) => {
                let name = unquoted(&name.0);
                let quoted =
                    if self.names.query.relations.is_some() { quote_name(&name) } else { open_name(&name) };
                let sql = format!("{} AS {quoted}", typed.sql);
                (name, sql)
            }
            None => {
                let name = column_name(self.names, expression);
                let sql = under_name(self.names, &typed, &name);
                (name, sql)
            }
        };
        self.sql.push(sql);
        // Other clauses use what was extracted from JSON, and not its text.
        let is_json = value.family == Family::JsonScalar;
        self.results.push((name, if is_json { value } else { typed }));
        Ok(())
    }

    /// Expands `*`, or `table.*`.
    fn push_columns_of(&mut self, table: Option<&str>) -> Result<(), Untranslatable> {
        let mut found = false;
        for source in &self.names.sources {
            if table.is_some_and(|table| !table.eq_ignore_ascii_case(&source.alias)) {
                continue;
            }
            found = true;
            if source.is_partial {
                return Err(Untranslatable::construct("`*`", "a column of the source is not in the target"));
            }
            let Some(columns) = &source.columns else {
                self.is_known = false;
                continue;
            };
            for column in columns.iter().filter(|column| !column.is_joined || table.is_some()) {
                if column.name.is_empty() {
                    return Err(Untranslatable::construct(
                        "a result without a name",
                        "SQLite uses its text as the name; use AS",
                    ));
                }
                let typed = column.merged.as_ref().filter(|_| table.is_none()).unwrap_or(&column.typed);
                self.results.push((column.name.clone(), typed.clone()));
                self.sql.push(under_name(self.names, typed, &column.name));
            }
        }
        if found { Ok(()) } else { Err(Untranslatable::construct("`*`", "there is nothing to expand")) }
    }
}

/// The list of results with its stars as they are, because the columns of a source are not known.
fn unexpanded(translator: &Translator<'_>, columns: &[ResultColumn]) -> Result<String, Untranslatable> {
    let mut list = Vec::new();
    for column in columns {
        list.push(match column {
            ResultColumn::Star => "*".to_owned(),
            ResultColumn::TableStar(name) => format!("{}.*", open_name(&unquoted(&name.0))),
            ResultColumn::Expr(expression, alias) => {
                let typed = shown(translator, translator.translate(expression)?)?;
                match alias {
                    Some(As::As(name) | As::Elided(name)) => {
                        format!("{} AS {}", typed.sql, open_name(&unquoted(&name.0)))
                    }
                    None => typed.sql,
                }
            }
        });
    }
    Ok(list.join(", "))
}

/// A result with its source name, which may differ from that of the target's column.
fn under_name(names: &QueryNames<'_>, typed: &Typed, name: &str) -> String {
    let quoted = quote_name(name);
    let has_it = typed.sql == quoted || typed.sql.ends_with(&format!(".{quoted}"));
    if names.query.relations.is_none() || name.is_empty() || has_it {
        typed.sql.clone()
    } else {
        format!("{} AS {quoted}", typed.sql)
    }
}

/// A result with SQLite's value: a comparison is 0 or 1.
fn shown(translator: &Translator<'_>, typed: Typed) -> Result<Typed, Untranslatable> {
    match typed.family {
        Family::Boolean if !typed.is_column() => Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger)),
        Family::JsonScalar if translator.names.may_assume() && matches!(typed.detail, Detail::Json(_)) => {
            translator.names.note(
                "a value extracted from JSON is text in PostgreSQL, also if it is a number; an object or array has spaces in it",
            );
            convert::text(translator, &typed)
        }
        Family::JsonScalar => Err(Untranslatable::construct(
            "a value extracted from JSON as a result",
            "its type differs in PostgreSQL",
        )),
        _ => Ok(typed),
    }
}

fn column_name(names: &QueryNames<'_>, expression: &Expr) -> String {
    let name = match expression {
        Expr::Id(id) => unquoted(&id.0),
        Expr::Name(name) | Expr::Qualified(_, name) | Expr::DoublyQualified(_, _, name) => unquoted(&name.0),
        Expr::Parenthesized(inner) => match inner.as_slice() {
            [one] => return column_name(names, one),
            _ => return String::new(),
        },
        _ => return String::new(),
    };
    // With the spelling of the table.
    let known = names.sources.iter().flat_map(|source| source.columns.iter().flatten());
    let spelled = known.map(|column| &column.name).find(|known| known.eq_ignore_ascii_case(&name));
    spelled.cloned().unwrap_or(name)
}

/// The type of a result, as far as a column type can express it.
pub(crate) fn column_type(typed: &Typed) -> Option<TargetType> {
    match typed.family {
        // Properties beyond the type are lost in a view.
        Family::Words | Family::Mixed | Family::Loose | Family::Opaque | Family::JsonScalar => None,
        Family::Parameter | Family::Unknown | Family::Null => None,
        Family::Numeric => typed.target,
        Family::SmallInteger => Some(TargetType::Integer),
        Family::Integer => Some(TargetType::BigInt),
        Family::Double => Some(TargetType::Double),
        Family::Text => Some(TargetType::Text),
        Family::Boolean => Some(TargetType::Boolean),
        Family::Bytea => Some(TargetType::Bytea),
        Family::Date(form) => Some(TargetType::Date(form)),
        Family::Timestamp(form) => Some(TargetType::Timestamp(form)),
        Family::TimestampTz(form) => Some(TargetType::TimestampTz(form)),
        Family::Uuid(form) => Some(TargetType::Uuid(form)),
        Family::Json => Some(TargetType::Json),
        Family::Jsonb => Some(TargetType::Jsonb),
    }
}
