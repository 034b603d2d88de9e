//! Name resolution in a query: its sources, the names of its result columns, the outer queries, its placeholders.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use sqlite3_parser::ast::Select;

use super::error::Untranslatable;
use super::quoting::quote_name;
use super::resolver::NameResolver;
use super::scope::Relations;
use super::select::select;
use super::translator::LikeAs;
use super::typed::{Family, Level, Nature, Typed};

/// The context of a statement's translation.
pub(crate) struct Query<'a> {
    /// The tables, if they are known.
    pub(crate) relations: Option<&'a dyn Relations>,
    /// The translation of LIKE.
    pub(crate) like: LikeAs,
    /// Whether placeholders are allowed: `?1` and so on, with their numbers in the target.
    pub(crate) has_parameters: bool,
    /// The numbers of the placeholders that occur once.
    pub(crate) single_parameters: BTreeSet<usize>,
    /// What is assumed.
    pub(crate) notes: Notes,
}

/// What a translation assumes, and the columns of unknown type that it uses.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    is_approximate: Cell<bool>,
    /// Whether a value is random.
    pub(crate) has_random: Cell<bool>,
    assumed: RefCell<BTreeSet<String>>,
    unknown: RefCell<BTreeSet<String>>,
}

impl Notes {
    /// Records that a result depends on the order in which numbers with a fraction are added up.
    pub(crate) fn adds_fractions(&self) {
        self.is_approximate.set(true);
    }

    pub(crate) fn is_approximate(&self) -> bool {
        self.is_approximate.get()
    }

    pub(crate) fn add(&self, text: impl Into<String>) {
        self.assumed.borrow_mut().insert(text.into());
    }

    /// All of them, as sentences.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let unknown = self.unknown.borrow();
        let names: Vec<String> = unknown.iter().map(|name| format!("`{name}`")).collect();
        let of_types = (!names.is_empty()).then(|| {
            format!(
                "the type of {} is not known: it is assumed to be what the statement uses it as, an integer, a number or \
                 text, and text to be ordered as in SQLite; with --source it is known",
                names.join(", ")
            )
        });
        of_types.into_iter().chain(self.assumed.borrow().iter().cloned()).collect()
    }
}

/// A column of a source.
#[derive(Clone, Debug)]
pub(crate) struct SourceColumn {
    /// Its name in SQLite.
    pub(crate) name: String,
    /// The column.
    pub(crate) typed: Typed,
    /// Whether USING joined it with an earlier column.
    pub(crate) is_joined: bool,
    /// What its name stands for without the table, if USING of a RIGHT or FULL JOIN joined it.
    pub(crate) merged: Option<Typed>,
}

/// A table, view or subquery in FROM.
#[derive(Clone, Debug)]
pub(crate) struct FromItem {
    /// The name that qualifies its columns.
    pub(crate) alias: String,
    /// Its columns; `None` if they are not known.
    pub(crate) columns: Option<Vec<SourceColumn>>,
    /// The column that is its rowid.
    pub(crate) rowid: Option<String>,
    /// The columns of its primary key.
    pub(crate) key: Vec<String>,
    /// The lists of columns of which each identifies a row.
    pub(crate) unique: Vec<Vec<String>>,
    /// Whether it has further columns in SQLite.
    pub(crate) is_partial: bool,
}

impl FromItem {
    /// Something that is no table: it has no keys.
    pub(crate) fn without_keys(alias: String, columns: Option<Vec<SourceColumn>>) -> Self {
        Self { alias, columns, rowid: None, key: Vec::new(), unique: Vec::new(), is_partial: false }
    }
}

/// A common table expression.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) name: String,
    pub(crate) columns: Vec<(String, Typed)>,
    /// The positions of the columns of which each list identifies a row.
    pub(crate) unique: Vec<Vec<usize>>,
}

impl Common {
    /// The keys by the names of its columns.
    pub(crate) fn unique_names(columns: &[(String, Typed)], unique: &[Vec<usize>]) -> Vec<Vec<String>> {
        let names = |key: &Vec<usize>| -> Option<Vec<String>> {
            key.iter().map(|at| columns.get(*at).map(|(name, _)| name.clone())).collect()
        };
        unique.iter().filter_map(names).collect()
    }
}

/// The names in one SELECT, UPDATE or DELETE.
pub(crate) struct QueryNames<'a> {
    pub(crate) query: &'a Query<'a>,
    pub(crate) sources: Vec<FromItem>,
    /// The result columns with an alias.
    pub(crate) results: Vec<(String, Typed)>,
    pub(crate) commons: Vec<Common>,
    pub(crate) outer: Option<&'a QueryNames<'a>>,
    /// The table of a column of unknown type that is written without one, where PostgreSQL would not find it.
    pub(crate) own_table: Option<String>,
}

impl<'a> QueryNames<'a> {
    pub(crate) fn new(query: &'a Query<'a>, commons: Vec<Common>, outer: Option<&'a QueryNames<'a>>) -> Self {
        Self { query, sources: Vec::new(), results: Vec::new(), commons, outer, own_table: None }
    }

    fn of_sources(&self, table: Option<&str>, name: &str) -> Result<Option<Typed>, Untranslatable> {
        let mut found: Option<&Typed> = None;
        for source in &self.sources {
            if table.is_some_and(|table| !table.eq_ignore_ascii_case(&source.alias)) {
                continue;
            }
            for column in source.columns.iter().flatten() {
                if !column.name.eq_ignore_ascii_case(name) || (column.is_joined && table.is_none()) {
                    continue;
                }
                if found.is_some() {
                    return Err(Untranslatable::construct(
                        "a column that several tables have",
                        "it is ambiguous",
                    ));
                }
                found = Some(column.merged.as_ref().filter(|_| table.is_none()).unwrap_or(&column.typed));
            }
        }
        Ok(found.cloned())
    }

    /// The rowid of a table, if it is a column.
    fn rowid(&self, table: Option<&str>) -> Result<Option<Typed>, Untranslatable> {
        let is_meant =
            |source: &&FromItem| table.is_none_or(|table| table.eq_ignore_ascii_case(&source.alias));
        let mut sources = self.sources.iter().filter(is_meant).filter(|source| source.alias != "excluded");
        match (sources.next(), sources.next()) {
            (Some(FromItem { alias, rowid: Some(rowid), .. }), None) => self.of_sources(Some(alias), rowid),
            _ => Ok(None),
        }
    }
}

impl NameResolver for QueryNames<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Result<Option<Typed>, Untranslatable> {
        let is_rowid = ["rowid", "_rowid_", "oid"].iter().any(|rowid| name.eq_ignore_ascii_case(rowid));
        if let Some(column) = self.of_sources(table, name)? {
            return Ok(Some(column));
        }
        if is_rowid && let Some(column) = self.rowid(table)? {
            return Ok(Some(column));
        }
        let result = self.results.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name));
        if let (None, Some((_, typed))) = (table, result) {
            let typed = typed.clone();
            return Ok(Some(Typed { sql: typed.at(Level::Atom), level: Level::Atom, ..typed }));
        }
        if let Some(outer) = self.outer
            && let Some(column) = outer.column(table, name)?
        {
            return Ok(Some(column));
        }
        if self.query.relations.is_some() || self.sources.iter().all(|source| source.columns.is_some()) {
            if is_rowid {
                return Err(Untranslatable::construct(format!("`{name}`"), "PostgreSQL has no rowid"));
            }
            return Ok(None);
        }
        if is_rowid {
            return Err(Untranslatable::construct(format!("`{name}`"), "PostgreSQL has no rowid"));
        }
        if table.is_none() && matches!(name.to_ascii_lowercase().as_str(), "true" | "false") {
            return Ok(None);
        }
        self.query.notes.unknown.borrow_mut().insert(super::shortened(name));
        let prefix = table.or(self.own_table.as_deref());
        let prefix = prefix.map(|table| format!("{}.", open_name(table))).unwrap_or_default();
        let sql = format!("{prefix}{}", open_name(name));
        Ok(Some(Typed { nature: Nature::Column, ..Typed::atom(sql, Family::Unknown) }))
    }

    fn is_result(&self, name: &str) -> bool {
        let is_column = !matches!(self.of_sources(None, name), Ok(None));
        !is_column && self.results.iter().any(|(alias, _)| alias.eq_ignore_ascii_case(name))
    }

    fn subquery(&self, inner: &Select, depth: usize) -> Result<(String, Vec<Typed>), Untranslatable> {
        let selected = select(self.query, inner, &self.commons, Some(self), depth + 1)?;
        Ok((selected.sql, selected.columns.into_iter().map(|(_, typed)| typed).collect()))
    }

    fn parameter(&self, token: &str) -> Result<Typed, Untranslatable> {
        let is_number = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        if self.query.has_parameters && is_number {
            return Ok(Typed::atom(format!("${token}"), Family::Parameter));
        }
        Err(Untranslatable::construct("a placeholder", "it is only allowed in a statement"))
    }

    fn is_used_once(&self, token: &str) -> bool {
        token.parse().is_ok_and(|number: usize| self.query.single_parameters.contains(&number))
    }

    fn is_closed(&self) -> bool {
        self.query.relations.is_some()
    }

    fn may_assume(&self) -> bool {
        self.query.has_parameters
    }

    fn determined(&self, grouped: &[String]) -> Vec<String> {
        let mut all = Vec::new();
        for source in &self.sources {
            let columns = source.columns.as_deref().unwrap_or_default();
            let is_grouped = |name: &String| {
                columns.iter().any(|column| {
                    column.name.eq_ignore_ascii_case(name) && grouped.contains(&column.typed.at(Level::Atom))
                })
            };
            if !source.key.is_empty() && source.key.iter().all(is_grouped) {
                all.extend(columns.iter().map(|column| column.typed.at(Level::Atom)));
            }
        }
        all
    }

    fn note(&self, text: &str) {
        self.query.notes.add(text);
    }

    fn adds_fractions(&self) {
        self.query.notes.adds_fractions();
    }

    fn is_random(&self) {
        self.query.notes.has_random.set(true);
    }
}

/// A name of an unknown table or column: unchanged, or in quotes if PostgreSQL would fold its case or reserves the
/// word.
pub(crate) fn open_name(name: &str) -> String {
    let mut bytes = name.bytes();
    let is_plain = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_plain && !RESERVED.contains(&name) { name.to_owned() } else { quote_name(name) }
}

/// Reserved words of PostgreSQL (manual, appendix C), and those that can only be names of functions or types.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];
