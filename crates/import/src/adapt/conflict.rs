//! Translates ON CONFLICT of INSERT.

use sqlite3_parser::ast::{DistinctNames, Expr, ResolveType, Upsert, UpsertDo};

use super::changed_table::ChangedTable;
use super::options::AdaptOptions;
use super::repeated::{Repeated, repeated};
use super::rows::NewRows;
use super::several::several;
use super::write::set_list;
use crate::translate::{Query, RelationColumn, Translator, UniqueKey, Untranslatable, quote_name, unquoted};

/// What the clause depends on.
pub(super) struct Conflict<'a> {
    pub(super) translator: &'a Translator<'a>,
    pub(super) query: &'a Query<'a>,
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
        rows: &NewRows<'_>,
    ) -> Result<String, Untranslatable> {
        match (or_conflict, upsert) {
            (None | Some(ResolveType::Abort), None) => Ok(String::new()),
            (None | Some(ResolveType::Abort), Some(upsert)) => self.on_conflict(upsert, rows),
            (Some(ResolveType::Ignore), None) => Ok(self.ignore(rows)),
            (Some(ResolveType::Replace), None) => self.replace(rows),
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

    /// OR IGNORE. A key that the database generates conflicts with no row; if it does in PostgreSQL, because its sequence is
    /// behind, the error is shown.
    fn ignore(&self, rows: &NewRows<'_>) -> String {
        let others = self.target.facts().and_then(|facts| {
            let rowid = facts.rowid.as_deref().filter(|rowid| !rows.gives(rowid))?;
            let is_rowid = |key: &&UniqueKey| {
                matches!(key.columns.as_deref(), Some([column]) if column.eq_ignore_ascii_case(rowid))
            };
            Some(facts.unique.iter().filter(|key| !is_rowid(key)).collect::<Vec<_>>())
        });
        let names = |columns: &[String]| -> Option<Vec<String>> {
            columns.iter().map(|name| self.target.column(name).ok().map(|(name, _)| name)).collect()
        };
        match others.as_deref() {
            Some([]) => String::new(),
            Some([UniqueKey { columns: Some(columns) }]) if names(columns).is_some() => {
                format!(" ON CONFLICT ({}) DO NOTHING", names(columns).unwrap_or_default().join(", "))
            }
            _ => " ON CONFLICT DO NOTHING".to_owned(),
        }
    }

    /// Refuses rows of which two have one key.
    pub(super) fn each_key_once(&self, rows: &NewRows<'_>, key: &[String]) -> Result<(), Untranslatable> {
        let refused = |why| {
            let what = "INSERT with ON CONFLICT DO UPDATE or OR REPLACE, of which two rows may have one key";
            Err(Untranslatable::construct(what, why))
        };
        match repeated(rows, self.target, key) {
            Repeated::Never => Ok(()),
            Repeated::Always => refused("PostgreSQL does not change a row twice; insert the last one only"),
            Repeated::ByQuery if self.target.known.is_some() => {
                refused("PostgreSQL does not change a row twice; group the query by the key")
            }
            Repeated::Perhaps | Repeated::ByQuery => {
                self.query.notes.add("two new rows with one key are an error in PostgreSQL");
                Ok(())
            }
        }
    }

    /// The new rows without those that SQLite ignores because of a constraint other than a key.
    pub(super) fn without_refused(&self, rows: &NewRows<'_>) -> Result<String, Untranslatable> {
        let Some(columns) = self.target.columns() else {
            self.query.notes.add(
                "INSERT OR IGNORE: a row that violates NOT NULL or CHECK is an error in PostgreSQL, and ignored in SQLite",
            );
            return Ok(rows.sql());
        };
        if self.target.facts().is_some_and(|facts| facts.has_checks) {
            self.query.notes.add(
                "INSERT OR IGNORE: a row that violates a CHECK constraint is an error in PostgreSQL, and ignored in SQLite",
            );
        }
        let given = |column: &RelationColumn| {
            rows.columns.iter().position(|given| given.is_some_and(|given| given.source == column.source))
        };
        let mut tests = Vec::new();
        for column in columns.iter().filter(|column| column.not_null && !self.target.is_rowid(column)) {
            match given(column) {
                Some(at) if rows.may_be_null.get(at) == Some(&false) => {}
                Some(_) => tests.push(format!("\"new\".{} IS NOT NULL", quote_name(&column.target))),
                None if column.has_default || column.is_generated => {}
                None => {
                    return Err(Untranslatable::construct(
                        format!("INSERT OR IGNORE without the NOT NULL column `{}`", column.source),
                        "SQLite ignores every row",
                    ));
                }
            }
        }
        if tests.is_empty() {
            return Ok(rows.sql());
        }
        let Some(query) = rows.typed_query() else {
            return Err(Untranslatable::construct(
                "INSERT OR IGNORE with a NULL for the rowid and a NOT NULL column",
                "leave the rowid out",
            ));
        };
        Ok(format!("SELECT * FROM ({query}) AS \"new\"{} WHERE {}", rows.list(), tests.join(" AND ")))
    }

    fn replace(&self, rows: &NewRows<'_>) -> Result<String, Untranslatable> {
        let Some(facts) = self.target.facts() else { return self.replace_named() };
        let key = match (&self.options.conflict_target, facts.unique.as_slice()) {
            (Some(key), _) => key.clone(),
            (None, [UniqueKey { columns: Some(columns) }]) => columns.clone(),
            (None, _) => {
                return Err(Untranslatable::construct(
                    "INSERT OR REPLACE into this table",
                    "its key is not known",
                ));
            }
        };
        self.each_key_once(rows, &key)?;
        // `excluded` has the defaults of the columns that the statement does not list.
        let all = self.target.columns().into_iter().flatten().filter(|column| !column.is_generated);
        let names: Vec<String> = all.map(|column| column.source.clone()).collect();
        self.update_from_excluded(&key, &names)
    }

    /// The same for a table that is not known.
    fn replace_named(&self) -> Result<String, Untranslatable> {
        let (Some(key), Some(named)) = (&self.options.conflict_target, self.columns) else {
            return Err(Untranslatable::construct(
                "INSERT OR REPLACE",
                "give the tables by --source, or the key that identifies the replaced row by --conflict, and list the columns",
            ));
        };
        self.query.notes.add(
            "INSERT OR REPLACE: columns that are not listed keep their values, where SQLite sets them to their defaults; rows \
             that conflict by another key are an error; with --source both are translated",
        );
        let names: Vec<String> = named.iter().map(|name| unquoted(&name.0)).collect();
        self.update_from_excluded(key, &names)
    }

    fn update_from_excluded(&self, key: &[String], names: &[String]) -> Result<String, Untranslatable> {
        let key_columns: Result<Vec<String>, Untranslatable> =
            key.iter().map(|name| self.target.column(name).map(|(name, _)| name)).collect();
        let key_columns = key_columns?.join(", ");
        let mut sets = Vec::new();
        for name in names {
            if !key.iter().any(|key| key.eq_ignore_ascii_case(name)) {
                let (column, _) = self.target.column(name)?;
                sets.push(format!("{column} = excluded.{column}"));
            }
        }
        Ok(if sets.is_empty() {
            format!(" ON CONFLICT ({key_columns}) DO NOTHING")
        } else {
            format!(" ON CONFLICT ({key_columns}) DO UPDATE SET {}", sets.join(", "))
        })
    }

    /// Whether PostgreSQL has a key of exactly these columns; `true` if the keys are not known.
    fn has_key(&self, names: &[String]) -> bool {
        let Some(facts) = self.target.facts() else { return true };
        let is_in =
            |names: &[String], name: &String| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        let is_same = |columns: &Vec<String>| {
            columns.len() == names.len() && columns.iter().all(|column| is_in(names, column))
        };
        facts.unique.iter().filter_map(|key| key.columns.as_ref()).any(is_same)
    }

    fn on_conflict(&self, upsert: &Upsert, rows: &NewRows<'_>) -> Result<String, Untranslatable> {
        if upsert.next.is_some() {
            return several(self, upsert, rows);
        }
        let mut sql = " ON CONFLICT".to_owned();
        if let Some(index) = &upsert.index {
            let mut columns = Vec::new();
            let mut names = Vec::new();
            for term in &index.targets {
                let Expr::Id(id) = &term.expr else {
                    return Err(Untranslatable::construct(
                        "ON CONFLICT with an expression",
                        "only columns are supported",
                    ));
                };
                let name = unquoted(&id.0);
                let (column, known) = self.target.column(&name)?;
                columns.push(column);
                names.push(known.map_or(name, |known| known.source.clone()));
            }
            if index.where_clause.is_none() && !self.has_key(&names) {
                return Err(Untranslatable::construct(
                    "ON CONFLICT with these columns",
                    "the key has another collation, a condition or an expression in PostgreSQL",
                ));
            }
            if matches!(upsert.do_clause, UpsertDo::Set { .. }) {
                self.each_key_once(rows, &names)?;
            }
            sql.push_str(&format!(" ({})", columns.join(", ")));
            if let Some(condition) = &index.where_clause {
                let condition = self.translator.translate(condition)?;
                sql.push_str(&format!(" WHERE {}", self.translator.truth(&condition)?.sql));
            }
        }
        match &upsert.do_clause {
            UpsertDo::Nothing => sql.push_str(" DO NOTHING"),
            UpsertDo::Set { .. } if upsert.index.is_none() && self.only_key().is_some() => {
                let key = self.only_key().unwrap_or_default();
                self.each_key_once(rows, &key)?;
                let mut columns = Vec::new();
                for name in &key {
                    columns.push(self.target.column(name)?.0);
                }
                sql.push_str(&format!(" ({})", columns.join(", ")));
                self.push_update(&mut sql, &upsert.do_clause)?;
            }
            UpsertDo::Set { .. } if upsert.index.is_none() => {
                return Err(Untranslatable::construct(
                    "DO UPDATE without columns",
                    "PostgreSQL requires the columns of the key",
                ));
            }
            UpsertDo::Set { .. } => self.push_update(&mut sql, &upsert.do_clause)?,
        }
        Ok(sql)
    }

    pub(super) fn is_rowid(&self, name: &str) -> bool {
        let rowid = self.target.facts().and_then(|facts| facts.rowid.as_deref());
        rowid.is_some_and(|rowid| rowid.eq_ignore_ascii_case(name))
    }

    /// The key of a table that has one.
    fn only_key(&self) -> Option<Vec<String>> {
        match self.target.facts()?.unique.as_slice() {
            [UniqueKey { columns: Some(columns) }] => Some(columns.clone()),
            _ => None,
        }
    }

    fn push_update(&self, sql: &mut String, update: &UpsertDo) -> Result<(), Untranslatable> {
        let UpsertDo::Set { sets, where_clause } = update else { return Ok(()) };
        sql.push_str(&format!(" DO UPDATE SET {}", set_list(self.translator, self.target, sets)?));
        if let Some(condition) = where_clause {
            let condition = self.translator.translate(condition)?;
            sql.push_str(&format!(" WHERE {}", self.translator.truth(&condition)?.sql));
        }
        Ok(())
    }
}
