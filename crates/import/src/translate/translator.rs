//! Walks the tree of an expression. It checks the depth before it descends, and the length of the result, because
//! some translations repeat an operand.

use std::cell::Cell;

use sqlite3_parser::ast::{Expr, Operator, Select, UnaryOperator};

use super::error::Untranslatable;
use super::quoting::unquoted;
use super::resolver::NameResolver;
use super::typed::{Collating, Detail, Family, Level, LiteralValue, Typed};
use super::{
    Collation, aggregate, arithmetic, cast, comparison, convert, function, json, like, literal, parameter,
};

/// The maximum depth of an expression: each level takes stack.
pub(crate) const DEEPEST: usize = 100;
/// The maximum length of a translation.
pub(crate) const LONGEST: usize = 4 << 20;

/// The translation of LIKE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LikeAs {
    /// `lower(x COLLATE "C") LIKE ...`: equivalent for every text, but no ordinary index is used.
    #[default]
    Exact,
    /// ILIKE: non-ASCII letters are equal in both cases too.
    Ilike,
}

/// Translates expressions for one use.
pub(crate) struct Translator<'a> {
    pub(super) names: &'a dyn NameResolver,
    pub(super) immutable: bool,
    pub(super) like: LikeAs,
    /// Whether aggregates and window functions are allowed.
    pub(super) in_query: bool,
    /// Window names are known to be defined.
    depth: Cell<usize>,
}

impl<'a> Translator<'a> {
    pub(super) fn for_table(names: &'a dyn NameResolver, immutable: bool) -> Self {
        Self { names, immutable, like: LikeAs::Exact, in_query: false, depth: Cell::new(0) }
    }

    pub(crate) fn for_query(names: &'a dyn NameResolver, like: LikeAs, depth: usize) -> Self {
        Self { names, immutable: false, like, in_query: true, depth: Cell::new(depth) }
    }

    pub(super) fn depth(&self) -> usize {
        self.depth.get()
    }

    /// An expression.
    pub(crate) fn translate(&self, expression: &Expr) -> Result<Typed, Untranslatable> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(Untranslatable::TooDeep { limit: DEEPEST });
        }
        self.depth.set(depth + 1);
        let result = self.dispatch(expression);
        self.depth.set(depth);
        let typed = result?;
        if typed.sql.len() > LONGEST {
            return Err(Untranslatable::TooLong { limit: LONGEST });
        }
        Ok(typed)
    }

    /// Records an assumption.
    pub(crate) fn note(&self, text: &str) {
        self.names.note(text);
    }

    /// Notes the type of a placeholder beside a value whose type differs from that in SQLite.
    pub(crate) fn note_placeholder(&self, placeholder: &Typed, beside: Family) {
        let name = match beside {
            Family::Boolean | Family::Words => "boolean",
            Family::Date(_) => "date",
            Family::Timestamp(_) => "timestamp",
            Family::TimestampTz(_) => "timestamp with time zone",
            Family::Uuid(_) => "uuid",
            Family::Jsonb | Family::Json => "JSON",
            _ => return,
        };
        if placeholder.family == Family::Parameter {
            self.names.note(&format!("{} takes a value of type {name}", placeholder.sql));
        }
    }

    /// All of them, in order.
    pub(super) fn translate_all(&self, expressions: &[Expr]) -> Result<Vec<Typed>, Untranslatable> {
        let mut all = Vec::new();
        let mut length = 0;
        for expression in expressions {
            let typed = self.translate(expression)?;
            length += typed.sql.len();
            if length > LONGEST {
                return Err(Untranslatable::TooLong { limit: LONGEST });
            }
            all.push(typed);
        }
        Ok(all)
    }

    fn dispatch(&self, expression: &Expr) -> Result<Typed, Untranslatable> {
        match expression {
            Expr::Literal(value) => literal::literal(self, value),
            Expr::Id(id) => self.identifier(&id.0),
            Expr::Name(name) => self.identifier(&name.0),
            Expr::Qualified(table, name) => self.column(Some(&unquoted(&table.0)), &unquoted(&name.0)),
            Expr::DoublyQualified(database, table, name)
                if unquoted(&database.0).eq_ignore_ascii_case("main") =>
            {
                self.column(Some(&unquoted(&table.0)), &unquoted(&name.0))
            }
            Expr::DoublyQualified(..) => Err(Untranslatable::construct(
                "a column named with its database",
                "PostgreSQL does not support attached databases",
            )),
            Expr::Parenthesized(inner) => self.parenthesized(inner),
            Expr::Unary(operator, operand) => self.unary(*operator, operand),
            Expr::Binary(left, operator, right) => self.binary(expression, left, *operator, right),
            Expr::Between { lhs, not, start, end } => comparison::between(self, lhs, *not, start, end),
            Expr::InList { lhs, not, rhs } => {
                comparison::in_list(self, lhs, *not, rhs.as_deref().unwrap_or_default())
            }
            Expr::InSelect { lhs, not, rhs } => comparison::in_select(self, lhs, *not, rhs),
            Expr::InTable { .. } => {
                Err(Untranslatable::construct("IN with a table's name", "PostgreSQL requires a query there"))
            }
            Expr::IsNull(operand) => self.null_test(expression, operand, "IS NULL"),
            Expr::NotNull(operand) => self.null_test(expression, operand, "IS NOT NULL"),
            Expr::Like { lhs, not, op, rhs, escape } => {
                like::like(self, lhs, *not, *op, rhs, escape.as_deref())
            }
            Expr::Case { base, when_then_pairs, else_expr } => {
                convert::case(self, base.as_deref(), when_then_pairs, else_expr.as_deref())
            }
            Expr::Cast { expr, type_name } => cast::cast(self, expr, type_name.as_ref()),
            Expr::Collate(operand, name) => self.collate(operand, name),
            Expr::Exists(select) => {
                let (sql, _) = self.names.subquery(select, self.depth())?;
                Ok(Typed::truth(format!("EXISTS ({sql})"), Level::Atom))
            }
            Expr::Subquery(select) => self.scalar_subquery(select),
            Expr::FunctionCall { name, distinctness, args, order_by, filter_over } => {
                let call = function::Call {
                    name: unquoted(&name.0).to_ascii_lowercase(),
                    is_distinct: matches!(distinctness, Some(sqlite3_parser::ast::Distinctness::Distinct)),
                    arguments: args.as_deref().unwrap_or_default(),
                    order: order_by.as_ref(),
                    tail: filter_over.as_ref(),
                };
                function::call(self, &call)
            }
            Expr::FunctionCallStar { name, filter_over } => {
                aggregate::star(self, &unquoted(&name.0), filter_over.as_ref())
            }
            Expr::Variable(token) => self.names.parameter(token),
            Expr::Raise(..) => Err(Untranslatable::construct("RAISE", "it is allowed in triggers only")),
        }
    }

    fn identifier(&self, token: &str) -> Result<Typed, Untranslatable> {
        let name = unquoted(token);
        if let Some(column) = self.names.column(None, &name)? {
            return Ok(column);
        }
        // In double quotes too, these are a column if SQLite has it.
        let is_rowid = ["rowid", "_rowid_", "oid"].iter().any(|rowid| name.eq_ignore_ascii_case(rowid));
        if let Some(withheld) = self.names.withheld(None, &name) {
            return Err(Untranslatable::withheld(&name, withheld));
        }
        if is_rowid {
            return Err(Untranslatable::unknown_column(&name));
        }
        if token.eq_ignore_ascii_case("true") {
            return Ok(Typed::truth("TRUE", Level::Atom));
        }
        if token.eq_ignore_ascii_case("false") {
            return Ok(Typed::truth("FALSE", Level::Atom));
        }
        if token.starts_with('"') && self.names.is_closed() {
            return literal::text(&name);
        }
        Err(Untranslatable::unknown_column(&name))
    }

    fn column(&self, table: Option<&str>, name: &str) -> Result<Typed, Untranslatable> {
        self.names.column(table, name)?.ok_or_else(|| match self.names.withheld(table, name) {
            Some(withheld) => Untranslatable::withheld(name, withheld),
            None => Untranslatable::unknown_column(name),
        })
    }

    fn parenthesized(&self, inner: &[Expr]) -> Result<Typed, Untranslatable> {
        match inner {
            [one] => {
                let typed = self.translate(one)?;
                let sql = format!("({})", typed.sql);
                Ok(Typed { sql, level: Level::Atom, ..typed })
            }
            _ => Err(Untranslatable::construct(
                "a row value here",
                "it is supported only where rows are compared",
            )),
        }
    }

    fn null_test(&self, whole: &Expr, operand: &Expr, test: &str) -> Result<Typed, Untranslatable> {
        if let Some(test) = parameter::null_test(self, whole, &[])? {
            return Ok(test);
        }
        let operand = self.translate(operand)?;
        Ok(Typed::truth(format!("{} {test}", operand.above(Level::Is)), Level::Is))
    }

    fn collate(&self, operand: &Expr, name: &str) -> Result<Typed, Untranslatable> {
        let collation = Collation::named(&unquoted(name)).ok_or_else(|| {
            Untranslatable::construct(
                format!("the collation `{}`", super::shortened(name)),
                "the application defines it",
            )
        })?;
        let typed = self.translate(operand)?;
        // The innermost, which is the leftmost, applies.
        let collating = match typed.collating {
            Collating::Explicit(first) => Collating::Explicit(first),
            Collating::None | Collating::Column(_) => Collating::Explicit(collation),
        };
        Ok(Typed { collating, ..typed })
    }

    fn scalar_subquery(&self, select: &Select) -> Result<Typed, Untranslatable> {
        // SQLite uses the first of several rows; PostgreSQL raises an error.
        let (sql, columns) = self.names.subquery(select, self.depth())?;
        let [column] = columns.as_slice() else {
            return Err(Untranslatable::construct(
                "a subquery of several columns",
                "a row value is not supported",
            ));
        };
        let limited =
            if select.limit.is_some() || is_one_row(select) { sql } else { format!("{sql} LIMIT 1") };
        let value =
            Typed { nature: column.nature_of_result(), ..Typed::atom(format!("({limited})"), column.family) };
        Ok(value.with_detail_of(column))
    }

    fn unary(&self, operator: UnaryOperator, operand: &Expr) -> Result<Typed, Untranslatable> {
        let typed = self.translate(operand)?;
        match operator {
            UnaryOperator::Not => {
                let truth = self.truth(&typed)?;
                Ok(Typed::truth(format!("NOT {}", truth.at(Level::Not)), Level::Not))
            }
            UnaryOperator::Positive => Ok(typed.without_affinity()),
            UnaryOperator::Negative => arithmetic::negative(&typed),
            UnaryOperator::BitwiseNot => arithmetic::bitwise_not(&typed),
        }
    }

    fn binary(
        &self,
        whole: &Expr,
        left: &Expr,
        operator: Operator,
        right: &Expr,
    ) -> Result<Typed, Untranslatable> {
        match operator {
            Operator::And | Operator::Or | Operator::Concat => self.chain(whole, operator),
            Operator::ArrowRight | Operator::ArrowRightShift => json::arrow(self, left, operator, right),
            Operator::Equals
            | Operator::NotEquals
            | Operator::Greater
            | Operator::GreaterEquals
            | Operator::Less
            | Operator::LessEquals
            | Operator::Is
            | Operator::IsNot => match parameter::null_test(self, whole, &[])? {
                Some(test) => Ok(test),
                None => comparison::compare(self, left, operator, right),
            },
            Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Modulus
            | Operator::BitwiseAnd
            | Operator::BitwiseOr
            | Operator::LeftShift
            | Operator::RightShift => {
                let (left, right) = (self.translate(left)?, self.translate(right)?);
                arithmetic::binary(&left, operator, &right)
            }
        }
    }

    /// AND, OR and || of many operands nest to the left: a loop follows them.
    fn chain(&self, whole: &Expr, operator: Operator) -> Result<Typed, Untranslatable> {
        let mut operands = Vec::new();
        let mut rest = whole;
        while let Expr::Binary(left, its, right) = rest
            && *its == operator
        {
            operands.push(right.as_ref());
            rest = left;
        }
        operands.push(rest);
        let mut parts = Vec::new();
        for operand in operands.iter().rev() {
            if let (Operator::And | Operator::Or, Some(test)) =
                (operator, parameter::null_test(self, operand, &operands)?)
            {
                parts.push(test.at(if operator == Operator::And { Level::And } else { Level::Or }));
                continue;
            }
            let typed = self.translate(operand)?;
            parts.push(match operator {
                Operator::And => self.truth(&typed)?.at(Level::And),
                Operator::Or => self.truth(&typed)?.at(Level::Or),
                _ => convert::text(self, &typed)?.above(Level::Other),
            });
        }
        Ok(match operator {
            Operator::And => Typed::truth(parts.join(" AND "), Level::And),
            Operator::Or => Typed::truth(parts.join(" OR "), Level::Or),
            _ => Typed::new(parts.join(" || "), Family::Text, Level::Other),
        })
    }

    /// The value as a condition of WHERE, CHECK, AND and CASE.
    pub(crate) fn truth(&self, typed: &Typed) -> Result<Typed, Untranslatable> {
        match (typed.family, typed.value()) {
            (Family::JsonScalar, _) if matches!(typed.detail, Detail::Json(_)) => {
                self.truth(&convert::number(typed)?)
            }
            (Family::Boolean, _) => Ok(typed.clone()),
            (Family::Null, _) => Ok(Typed::truth("NULL::boolean", Level::Atom)),
            (_, Some(LiteralValue::Integer(value))) => {
                Ok(Typed::truth(if *value == 0 { "FALSE" } else { "TRUE" }, Level::Atom))
            }
            (family, _) if family.is_number() => {
                Ok(Typed::truth(format!("{} <> 0", typed.above(Level::Comparison)), Level::Comparison))
            }
            (Family::Unknown | Family::Parameter, _) => Err(Untranslatable::construct(
                "a value of unknown type as a condition",
                "compare it with what it should be, as in `x <> 0`",
            )),
            _ => Err(Untranslatable::construct(
                "a value that is no number as a condition",
                "SQLite converts the longest numeric prefix of the text",
            )),
        }
    }
}

/// An aggregate without GROUP BY returns one row.
fn is_one_row(select: &Select) -> bool {
    use sqlite3_parser::ast::{OneSelect, ResultColumn};
    let OneSelect::Select { columns, group_by: None, .. } = &select.body.select else { return false };
    select.body.compounds.is_none()
        && columns
            .iter()
            .all(|column| matches!(column, ResultColumn::Expr(expression, _) if aggregate::is_aggregate(expression)))
}
