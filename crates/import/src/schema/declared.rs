//! Parts of a table that only its statement contains: checks, collations, generation expressions, defaults, names of
//! constraints, and which foreign keys are deferred.

use sqlite3_parser::ast::{
    ColumnConstraint, ColumnDefinition, CreateTableBody, DeferSubclause, Expr, InitDeferredPred, Literal,
    Name, NamedTableConstraint, SortedColumn, Stmt, TabFlags, TableConstraint,
};

use super::model::Check;
use super::parse::{Refusal, column_of, name, statement, unquoted};

/// A table from its statement.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub columns: Vec<DeclaredColumn>,
    pub primary_key_name: Option<String>,
    pub is_autoincrement: bool,
    pub uniques: Vec<DeclaredUnique>,
    pub checks: Vec<Check>,
    pub foreign_keys: Vec<DeclaredForeignKey>,
    pub is_strict: bool,
    /// The constraints with an ON CONFLICT clause other than ABORT, each once.
    pub conflict_clauses: Vec<&'static str>,
}

/// A column from the statement.
#[derive(Debug)]
pub(super) struct DeclaredColumn {
    pub name: String,
    pub collation: Option<String>,
    pub default: Option<Expr>,
    pub generated: Option<Expr>,
}

/// A UNIQUE constraint from the statement.
#[derive(Debug)]
pub(super) struct DeclaredUnique {
    pub name: Option<String>,
    pub columns: Vec<String>,
}

/// Parts of a foreign key that PRAGMAs do not report.
#[derive(Debug)]
pub(super) struct DeclaredForeignKey {
    pub name: Option<String>,
    pub column_count: usize,
    pub is_deferred: bool,
}

/// Parses CREATE TABLE.
pub(super) fn table(sql: &str) -> Result<Declared, Refusal> {
    let Stmt::CreateTable { body, .. } = statement(sql)? else {
        return Err(Refusal::NotUnderstood("it is not a CREATE TABLE statement".to_owned()));
    };
    let CreateTableBody::ColumnsAndConstraints { columns, constraints, flags } = body else {
        return Err(Refusal::NotUnderstood("it has no column list".to_owned()));
    };
    let mut declared = Declared { is_strict: flags.contains(TabFlags::Strict), ..Declared::default() };
    for (_, column) in columns {
        declared.add_column(column);
    }
    for constraint in constraints.unwrap_or_default() {
        declared.add_constraint(constraint);
    }
    Ok(declared)
}

impl Declared {
    fn add_column(&mut self, definition: ColumnDefinition) {
        let mut column = DeclaredColumn {
            name: name(&definition.col_name),
            collation: None,
            default: None,
            generated: None,
        };
        for constraint in definition.constraints {
            let constraint_name = own(constraint.name.as_ref());
            match constraint.constraint {
                ColumnConstraint::PrimaryKey { conflict_clause, auto_increment, .. } => {
                    self.primary_key_name = constraint_name;
                    self.is_autoincrement |= auto_increment;
                    self.note_conflict("PRIMARY KEY", conflict_clause.as_ref());
                }
                ColumnConstraint::NotNull { conflict_clause, .. } => {
                    self.note_conflict("NOT NULL", conflict_clause.as_ref());
                }
                ColumnConstraint::Unique(conflict_clause) => {
                    self.note_conflict("UNIQUE", conflict_clause.as_ref());
                    let columns = vec![column.name.clone()];
                    self.uniques.push(DeclaredUnique { name: constraint_name, columns });
                }
                ColumnConstraint::Check(expression) => self.checks.push(Check {
                    name: constraint_name,
                    column: Some(column.name.clone()),
                    expression,
                }),
                ColumnConstraint::Default(expression) => column.default = Some(default(expression)),
                ColumnConstraint::Collate { collation_name } => {
                    column.collation = Some(name(&collation_name))
                }
                ColumnConstraint::ForeignKey { defer_clause, .. } => {
                    self.foreign_keys.push(DeclaredForeignKey {
                        name: constraint_name,
                        column_count: 1,
                        is_deferred: is_deferred(defer_clause.as_ref()),
                    });
                }
                // It follows REFERENCES as a separate constraint and applies to the foreign key before it.
                ColumnConstraint::Defer(clause) => {
                    if let Some(key) = self.foreign_keys.last_mut() {
                        key.is_deferred = is_deferred(Some(&clause));
                    }
                }
                ColumnConstraint::Generated { expr, .. } => column.generated = Some(expr),
            }
        }
        self.columns.push(column);
    }

    fn add_constraint(&mut self, constraint: NamedTableConstraint) {
        let constraint_name = own(constraint.name.as_ref());
        match constraint.constraint {
            TableConstraint::PrimaryKey { auto_increment, conflict_clause, .. } => {
                self.primary_key_name = constraint_name;
                self.is_autoincrement |= auto_increment;
                self.note_conflict("PRIMARY KEY", conflict_clause.as_ref());
            }
            TableConstraint::Unique { columns, conflict_clause } => {
                self.note_conflict("UNIQUE", conflict_clause.as_ref());
                let columns = column_names(&columns);
                self.uniques.push(DeclaredUnique { name: constraint_name, columns });
            }
            TableConstraint::Check(expression, conflict_clause) => {
                self.note_conflict("CHECK", conflict_clause.as_ref());
                self.checks.push(Check { name: constraint_name, column: None, expression });
            }
            TableConstraint::ForeignKey { columns, defer_clause, .. } => {
                self.foreign_keys.push(DeclaredForeignKey {
                    name: constraint_name,
                    column_count: columns.len(),
                    is_deferred: is_deferred(defer_clause.as_ref()),
                });
            }
        }
    }

    fn note_conflict(&mut self, what: &'static str, clause: Option<&sqlite3_parser::ast::ResolveType>) {
        let is_default = clause.is_none_or(|clause| *clause == sqlite3_parser::ast::ResolveType::Abort);
        if !is_default && !self.conflict_clauses.contains(&what) {
            self.conflict_clauses.push(what);
        }
    }
}

fn own(constraint_name: Option<&Name>) -> Option<String> {
    constraint_name.map(name)
}

fn column_names(columns: &[SortedColumn]) -> Vec<String> {
    columns.iter().filter_map(|column| column_of(&column.expr)).collect()
}

/// `DEFAULT word` means the text `word`, except for TRUE and FALSE (SQLite's grammar, `ccons ::= DEFAULT id`).
pub(super) fn default(expression: Expr) -> Expr {
    match expression {
        Expr::Id(id) if !id.0.eq_ignore_ascii_case("true") && !id.0.eq_ignore_ascii_case("false") => {
            let text = unquoted(&id.0).replace('\'', "''");
            Expr::Literal(Literal::String(format!("'{text}'").into()))
        }
        other => other,
    }
}

fn is_deferred(clause: Option<&DeferSubclause>) -> bool {
    clause.is_some_and(|clause| {
        clause.deferrable && clause.init_deferred == Some(InitDeferredPred::InitiallyDeferred)
    })
}
