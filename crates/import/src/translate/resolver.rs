//! What an expression needs to know of the names around it.

use sqlite3_parser::ast::Select;

use super::error::Untranslatable;
use super::scope::{Scope, Withheld, column_expression};
use super::typed::Typed;

/// Resolves names and subqueries for an expression.
pub(crate) trait NameResolver {
    /// A column; `None` if there is none with that name.
    fn column(&self, table: Option<&str>, name: &str) -> Result<Option<Typed>, Untranslatable>;

    /// Why a column that exists cannot be used.
    fn withheld(&self, _table: Option<&str>, _name: &str) -> Option<Withheld> {
        None
    }

    /// Whether an unqualified name is that of a result of the query, and of no column.
    fn is_result(&self, _name: &str) -> bool {
        false
    }

    /// A subquery of this expression, with its columns.
    fn subquery(&self, select: &Select, depth: usize) -> Result<(String, Vec<Typed>), Untranslatable>;

    /// The SQL for a placeholder.
    fn parameter(&self, token: &str) -> Result<Typed, Untranslatable>;

    /// Whether a placeholder occurs once in the statement.
    fn is_used_once(&self, _token: &str) -> bool {
        false
    }

    /// Whether every column is known, so that an unknown name in double quotes is text (SQLite manual, "Quirks",
    /// section 8).
    fn is_closed(&self) -> bool;

    /// Whether a translation may be reported with an assumption: that of a statement, and not that of an object which is
    /// created.
    fn may_assume(&self) -> bool {
        false
    }

    /// The columns of tables whose primary key is grouped by: each has one value in a group.
    fn determined(&self, _grouped: &[String]) -> Vec<String> {
        Vec::new()
    }

    /// Records an assumption.
    fn note(&self, _text: &str) {}

    /// Records that numbers with a fraction are added up.
    fn adds_fractions(&self) {}

    /// Records that a value is random.
    fn is_random(&self) {}
}

/// The columns of one table.
pub(super) struct TableNames<'a> {
    pub(super) scope: &'a dyn Scope,
}

impl NameResolver for TableNames<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Result<Option<Typed>, Untranslatable> {
        let found = self.scope.column(table, name);
        Ok(found.map(|(target, target_type, collation)| {
            let affinity = self.scope.affinity(table, name);
            column_expression("", &target, target_type, Some(collation), affinity)
        }))
    }

    fn withheld(&self, table: Option<&str>, name: &str) -> Option<Withheld> {
        self.scope.withheld(table, name)
    }

    fn subquery(&self, _select: &Select, _depth: usize) -> Result<(String, Vec<Typed>), Untranslatable> {
        Err(Untranslatable::construct("a subquery", "it is only allowed in a query"))
    }

    fn parameter(&self, _token: &str) -> Result<Typed, Untranslatable> {
        Err(Untranslatable::construct("a placeholder", "it is only allowed in a statement"))
    }

    fn is_closed(&self) -> bool {
        true
    }
}
