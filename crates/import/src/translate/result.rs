//! The results of a SELECT or RETURNING: the list in SQL, and the names and families of its columns.

use sqlite3_parser::ast::{As, Expr, ResultColumn};

use super::error::Untranslatable;
use super::query::{OutputName, QueryNames, open_name};
use super::quoting::{quote_name, unquoted};
use super::translator::Translator;
use super::typed::{Family, Typed};

type Results = (String, Vec<(String, Typed)>, bool);

/// The list of results in SQL and by name.
pub(crate) fn result_columns(
    names: &QueryNames<'_>,
    columns: &[ResultColumn],
    depth: usize,
) -> Result<Results, Untranslatable> {
    let query = names.query;
    let is_explicit = query.names == OutputName::Explicit;
    let translator = Translator::for_query(names, query.like, depth + 1);
    let mut list = Vec::new();
    let mut results: Vec<(String, Typed)> = Vec::new();
    let mut is_known = true;
    for column in columns {
        match column {
            ResultColumn::Expr(expression, alias) => {
                let typed = translator.translate(expression)?;
                let typed = shown(typed)?;
                let alias = alias.as_ref().map(|(As::As(name) | As::Elided(name))| unquoted(&name.0));
                let sql = match &alias {
                    Some(alias) if query.relations.is_some() => {
                        format!("{} AS {}", typed.sql, quote_name(alias))
                    }
                    Some(alias) => format!("{} AS {}", typed.sql, open_name(alias)),
                    None => typed.sql.clone(),
                };
                let sql = match &alias {
                    Some(_) => sql,
                    None => under_name(names, &typed, &column_name(names, expression)),
                };
                list.push(sql);
                let name = alias.unwrap_or_else(|| column_name(names, expression));
                results.push((name, typed));
            }
            ResultColumn::Star | ResultColumn::TableStar(_) => {
                let table = match column {
                    ResultColumn::TableStar(name) => Some(unquoted(&name.0)),
                    _ => None,
                };
                let mut found = false;
                for source in &names.sources {
                    if table.as_ref().is_some_and(|table| !table.eq_ignore_ascii_case(&source.alias)) {
                        continue;
                    }
                    found = true;
                    let Some(columns) = &source.columns else {
                        is_known = false;
                        continue;
                    };
                    for column in columns.iter().filter(|column| !column.is_joined || table.is_some()) {
                        if column.name.is_empty() {
                            return Err(Untranslatable::construct(
                                "a result without a name",
                                "SQLite uses its text as the name; use AS",
                            ));
                        }
                        results.push((column.name.clone(), column.typed.clone()));
                        if is_known || is_explicit {
                            list.push(under_name(names, &column.typed, &column.name));
                        }
                    }
                }
                if !found {
                    return Err(Untranslatable::construct("`*`", "there is nothing to expand"));
                }
                if !is_known {
                    let written: Vec<String> = columns
                        .iter()
                        .map(|column| match column {
                            ResultColumn::Star => Ok("*".to_owned()),
                            ResultColumn::TableStar(name) => {
                                Ok(format!("{}.*", open_name(&unquoted(&name.0))))
                            }
                            ResultColumn::Expr(expression, alias) => {
                                let typed = shown(translator.translate(expression)?)?;
                                Ok(match alias {
                                    Some(As::As(name) | As::Elided(name)) => {
                                        format!("{} AS {}", typed.sql, open_name(&unquoted(&name.0)))
                                    }
                                    None => typed.sql,
                                })
                            }
                        })
                        .collect::<Result<_, Untranslatable>>()?;
                    return Ok((written.join(", "), Vec::new(), false));
                }
            }
        }
    }
    Ok((list.join(", "), results, is_known))
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
fn shown(typed: Typed) -> Result<Typed, Untranslatable> {
    match typed.family {
        Family::Boolean if !typed.is_column() => Ok(Typed::atom(typed.cast("integer"), Family::SmallInteger)),
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
        Expr::Name(name) | Expr::Qualified(_, name) => unquoted(&name.0),
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
