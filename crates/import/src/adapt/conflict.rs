//! Translates ON CONFLICT of INSERT.

use sqlite3_parser::ast::{DistinctNames, Expr, ResolveType, Upsert, UpsertDo};

use super::changed_table::ChangedTable;
use super::options::AdaptOptions;
use super::write::set_list;
use crate::translate::{Translator, Untranslatable, unquoted};

/// What the clause depends on.
pub(super) struct Conflict<'a> {
    pub(super) translator: &'a Translator<'a>,
    pub(super) options: &'a AdaptOptions<'a>,
    pub(super) target: &'a ChangedTable,
    /// The columns that INSERT names.
    pub(super) columns: Option<&'a DistinctNames>,
}

impl Conflict<'_> {
    /// The clause, from OR IGNORE, OR REPLACE and SQLite's own ON CONFLICT.
    pub(super) fn clause(
        &self,
        or_conflict: Option<ResolveType>,
        upsert: Option<&Upsert>,
    ) -> Result<String, Untranslatable> {
        match (or_conflict, upsert) {
            (None | Some(ResolveType::Abort), None) => Ok(String::new()),
            (None | Some(ResolveType::Abort), Some(upsert)) => self.on_conflict(upsert),
            (Some(ResolveType::Ignore), None) => Ok(" ON CONFLICT DO NOTHING".to_owned()),
            (Some(ResolveType::Replace), None) => self.replace(),
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

    fn replace(&self) -> Result<String, Untranslatable> {
        let (Some(key), Some(named)) = (&self.options.conflict_target, self.columns) else {
            return Err(Untranslatable::construct(
                "INSERT OR REPLACE",
                "set the key that identifies the replaced row (`conflict_target`), and list the columns",
            ));
        };
        let key_columns: Result<Vec<String>, Untranslatable> =
            key.iter().map(|name| self.target.column(name).map(|(name, _)| name)).collect();
        let key_columns = key_columns?.join(", ");
        let mut sets = Vec::new();
        for name in named.iter().map(|name| unquoted(&name.0)) {
            if !key.iter().any(|key| key.eq_ignore_ascii_case(&name)) {
                let (column, _) = self.target.column(&name)?;
                sets.push(format!("{column} = excluded.{column}"));
            }
        }
        Ok(if sets.is_empty() {
            format!(" ON CONFLICT ({key_columns}) DO NOTHING")
        } else {
            format!(" ON CONFLICT ({key_columns}) DO UPDATE SET {}", sets.join(", "))
        })
    }

    fn on_conflict(&self, upsert: &Upsert) -> Result<String, Untranslatable> {
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
                columns.push(self.target.column(&unquoted(&id.0))?.0);
            }
            sql.push_str(&format!(" ({})", columns.join(", ")));
            if let Some(condition) = &index.where_clause {
                let condition = self.translator.translate(condition)?;
                sql.push_str(&format!(" WHERE {}", self.translator.truth(&condition)?.sql));
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
                sql.push_str(&format!(" DO UPDATE SET {}", set_list(self.translator, self.target, sets)?));
                if let Some(condition) = where_clause {
                    let condition = self.translator.translate(condition)?;
                    sql.push_str(&format!(" WHERE {}", self.translator.truth(&condition)?.sql));
                }
            }
        }
        Ok(sql)
    }
}
