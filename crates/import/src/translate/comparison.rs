//! Comparisons: =, <, IS, BETWEEN, IN. This module decides on collation, affinity and literals (SQLite manual,
//! "Datatypes In SQLite", sections 4.2 and 7.1), and `pair` decides whether two families can be compared.

use sqlite3_parser::ast::{Expr, OneSelect, Operator, Select, SelectBody};

use super::convert::number;
use super::error::Untranslatable;
use super::instants::day_bound;
use super::pair::{self, ComparisonKind};
use super::translator::Translator;
use super::tree::unparenthesized;
use super::typed::{Collating, Detail, Family, Level, Typed};
use super::{Collation, literal};

/// `left operator right`.
pub(super) fn compare(
    translator: &Translator<'_>,
    left: &Expr,
    operator: Operator,
    right: &Expr,
) -> Result<Typed, Untranslatable> {
    if let (Expr::Parenthesized(lefts), Expr::Parenthesized(rights)) = (left, right)
        && (lefts.len() > 1 || rights.len() > 1)
    {
        return rows(translator, lefts, operator, rights);
    }
    if let Some(word) = truth_word(translator, operator, right)? {
        let truth = translator.translate(left)?;
        let truth = translator.truth(&truth)?;
        return Ok(Typed::truth(format!("{} {word}", truth.above(Level::Comparison)), Level::Is));
    }
    let (left, right) = (translator.translate(left)?, translator.translate(right)?);
    translator.note_placeholder(&left, right.family);
    translator.note_placeholder(&right, left.family);
    compared(&left, operator, &right)
}

/// `IS TRUE` tests the truth of any value, and `= TRUE` compares with 1.
fn truth_word(
    translator: &Translator<'_>,
    operator: Operator,
    right: &Expr,
) -> Result<Option<&'static str>, Untranslatable> {
    let Expr::Id(id) = right else { return Ok(None) };
    let is_true = id.0.eq_ignore_ascii_case("true");
    if !is_true && !id.0.eq_ignore_ascii_case("false") {
        return Ok(None);
    }
    if translator
        .names
        .column(None, &id.0)?
        .is_some_and(|column| translator.names.is_closed() || column.family != Family::Unknown)
    {
        return Ok(None);
    }
    Ok(match (operator, is_true) {
        (Operator::Is, true) => Some("IS TRUE"),
        (Operator::Is, false) => Some("IS FALSE"),
        (Operator::IsNot, true) => Some("IS NOT TRUE"),
        (Operator::IsNot, false) => Some("IS NOT FALSE"),
        _ => None,
    })
}

/// Both sides, translated.
pub(super) fn compared(left: &Typed, operator: Operator, right: &Typed) -> Result<Typed, Untranslatable> {
    let sign = sign(operator)?;
    if matches!(operator, Operator::Is | Operator::IsNot) {
        let negation = if operator == Operator::Is { "" } else { " NOT" };
        for (one, other) in [(left, right), (right, left)] {
            if other.family == Family::Null {
                return Ok(Typed::truth(
                    format!("{} IS{negation} NULL", one.above(Level::Comparison)),
                    Level::Is,
                ));
            }
        }
    }
    let (left, sign, right) = parts(left, sign, right)?;
    let level = if sign.starts_with("IS") { Level::Is } else { Level::Comparison };
    let sql = format!("{} {sign} {}", left.above(Level::Comparison), right.above(Level::Comparison));
    Ok(Typed::truth(sql, level))
}

/// Equality, as in CASE with an operand and in NULLIF.
pub(super) fn equal(left: &Typed, right: &Typed) -> Result<Typed, Untranslatable> {
    compared(left, Operator::Equals, right)
}

fn sign(operator: Operator) -> Result<&'static str, Untranslatable> {
    Ok(match operator {
        Operator::Equals => "=",
        Operator::NotEquals => "<>",
        Operator::Less => "<",
        Operator::LessEquals => "<=",
        Operator::Greater => ">",
        Operator::GreaterEquals => ">=",
        Operator::Is => "IS NOT DISTINCT FROM",
        Operator::IsNot => "IS DISTINCT FROM",
        _ => return Err(Untranslatable::construct("this operator", "it is not a comparison operator")),
    })
}

fn kind(sign: &str) -> ComparisonKind {
    if sign.starts_with(['<', '>']) && sign != "<>" {
        ComparisonKind::Order
    } else {
        ComparisonKind::Equality
    }
}

/// The two sides for PostgreSQL, and the operator.
fn parts(
    left: &Typed,
    sign: &'static str,
    right: &Typed,
) -> Result<(Typed, &'static str, Typed), Untranslatable> {
    for (one, other, sign) in [(left, right, sign), (right, left, mirrored(sign))] {
        if let Some((moment, bound)) = day_bound(one, other)
            && (kind(sign) == ComparisonKind::Order || one.written().is_none())
            && !matches!(one.detail, Detail::Several)
        {
            return Ok((moment, day_sign(sign)?, bound));
        }
    }
    let collating = common_collation(left, right);
    let (left, right) = pair::pair(left, right, kind(sign), collating)?;
    Ok((left, sign, right))
}

/// The text of a stored timestamp is longer than that of a date: it never equals a date, and sorts after it from
/// midnight on.
fn day_sign(sign: &'static str) -> Result<&'static str, Untranslatable> {
    match sign {
        ">" | ">=" => Ok(">="),
        "<" | "<=" => Ok("<"),
        _ => Err(Untranslatable::construct(
            "a timestamp compared with a date",
            "their text forms are never equal in SQLite; compare with a full timestamp",
        )),
    }
}

fn mirrored(sign: &'static str) -> &'static str {
    match sign {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}

/// The collation of a comparison (SQLite manual, "Datatypes In SQLite", section 7.1).
pub(super) fn common_collation(left: &Typed, right: &Typed) -> Collating {
    match (left.collating, right.collating) {
        (explicit @ Collating::Explicit(_), _) | (_, explicit @ Collating::Explicit(_)) => explicit,
        (column @ Collating::Column(_), _) | (_, column @ Collating::Column(_)) => column,
        (Collating::None, Collating::None) => Collating::None,
    }
}

/// Text for which PostgreSQL's bytewise comparison is equivalent to this collation.
pub(super) fn collated(typed: &Typed, collating: Collating) -> Result<Typed, Untranslatable> {
    let plain = Typed { collating: Collating::None, ..typed.clone() };
    let (Collating::Column(collation) | Collating::Explicit(collation)) = collating else { return Ok(plain) };
    if !matches!(typed.family, Family::Text | Family::Mixed | Family::Parameter | Family::Unknown) {
        return Ok(plain);
    }
    let cast = |typed: &Typed| {
        if typed.family == Family::Parameter { typed.cast("text") } else { typed.at(Level::Collate) }
    };
    match (collation, typed.text_value()) {
        (Collation::Binary, _) => Ok(plain),
        (Collation::NoCase, Some(text)) => literal::text(&text.to_ascii_lowercase()),
        (Collation::NoCase, None) => {
            Ok(Typed::atom(format!("lower({} COLLATE \"C\")", cast(typed)), typed.family))
        }
        (Collation::Rtrim, Some(text)) => literal::text(text.trim_end_matches(' ')),
        (Collation::Rtrim, None) => Ok(Typed::atom(format!("rtrim({}, ' ')", cast(typed)), typed.family)),
    }
}

fn rows(
    translator: &Translator<'_>,
    lefts: &[Expr],
    operator: Operator,
    rights: &[Expr],
) -> Result<Typed, Untranslatable> {
    if lefts.len() != rights.len() {
        return Err(Untranslatable::construct("rows of different lengths", "SQLite rejects them too"));
    }
    let sign = sign(operator)?;
    let (mut left_sql, mut right_sql) = (Vec::new(), Vec::new());
    for (left, right) in lefts.iter().zip(rights) {
        let (left, right) = (translator.translate(left)?, translator.translate(right)?);
        let (left, right) = pair::pair(&left, &right, kind(sign), common_collation(&left, &right))?;
        left_sql.push(left.sql);
        right_sql.push(right.sql);
    }
    let level = if sign.starts_with("IS") { Level::Is } else { Level::Comparison };
    Ok(Typed::truth(format!("({}) {sign} ({})", left_sql.join(", "), right_sql.join(", ")), level))
}

/// BETWEEN.
pub(super) fn between(
    translator: &Translator<'_>,
    operand: &Expr,
    not: bool,
    start: &Expr,
    end: &Expr,
) -> Result<Typed, Untranslatable> {
    let operand = translator.translate(operand)?;
    let (start, end) = (translator.translate(start)?, translator.translate(end)?);
    let (low, low_sign, low_bound) = parts(&operand, ">=", &start)?;
    let (high, high_sign, high_bound) = parts(&operand, "<=", &end)?;
    if low.sql == high.sql && low_sign == ">=" && high_sign == "<=" {
        let word = if not { "NOT BETWEEN" } else { "BETWEEN" };
        let [low, low_bound, high_bound] = [low, low_bound, high_bound].map(|typed| typed.above(Level::Like));
        return Ok(Typed::truth(format!("{low} {word} {low_bound} AND {high_bound}"), Level::Like));
    }
    let side = |value: Typed, sign, bound: Typed| {
        format!("{} {sign} {}", value.above(Level::Comparison), bound.above(Level::Comparison))
    };
    let both = format!("{} AND {}", side(low, low_sign, low_bound), side(high, high_sign, high_bound));
    Ok(if not { Typed::truth(format!("NOT ({both})"), Level::Not) } else { Typed::truth(both, Level::And) })
}

/// `IN (list)`: like `=` with each element, except that an element of several applies no affinity and no collation.
pub(super) fn in_list(
    translator: &Translator<'_>,
    operand: &Expr,
    not: bool,
    list: &[Expr],
) -> Result<Typed, Untranslatable> {
    // SQLite reads `IN ((SELECT ..))` as `IN (SELECT ..)`, with all rows.
    if let [element] = list
        && let Expr::Subquery(select) = unparenthesized(element)
    {
        return in_select(translator, operand, not, select);
    }
    let operand = translator.translate(operand)?;
    if list.is_empty() {
        // Even for NULL (SQLite manual, "SQL Language Expressions", section 8).
        return Ok(Typed::truth(if not { "TRUE" } else { "FALSE" }, Level::Atom));
    }
    let mut left: Option<String> = None;
    let mut elements = Vec::new();
    let list_elements = translator.translate_all(list)?;
    let is_truth = |element: &Typed| {
        matches!(element.integer_value(), Some(0 | 1))
            || matches!(element.family, Family::Boolean | Family::Null | Family::Parameter)
    };
    // A number other than 0 and 1 equals no boolean.
    let operand = match operand.family {
        Family::Boolean if !list_elements.iter().all(is_truth) => {
            Typed { nature: operand.nature.clone(), ..number(&operand)? }
        }
        _ => operand,
    };
    for element in list_elements {
        translator.note_placeholder(&element, operand.family);
        let is_number = |family: Family| family.is_number() || family == Family::Boolean;
        if element.is_column() && is_number(element.family) != is_number(operand.family) {
            return Err(Untranslatable::operator("IN", "it compares a number with text"));
        }
        let element = if element.is_column() { element } else { element.without_affinity() };
        // SQLite reads `IN (constant)` as `= constant`.
        let is_equality = matches!(list, [one] if is_constant(one));
        let collating = if is_equality { common_collation(&operand, &element) } else { operand.collating };
        let (one, element) = pair::pair(&operand, &element, ComparisonKind::Equality, collating)?;
        let one = one.above(Level::Like);
        if left.as_ref().is_some_and(|left| *left != one) {
            return Err(Untranslatable::operator("IN", "its values are of several types"));
        }
        left = Some(one);
        elements.push(element.sql);
    }
    let word = if not { "NOT IN" } else { "IN" };
    Ok(Typed::truth(format!("{} {word} ({})", left.unwrap_or_default(), elements.join(", ")), Level::Like))
}

/// Whether SQLite takes an expression for a constant before it knows any name: functions are none.
fn is_constant(expression: &Expr) -> bool {
    match expression {
        Expr::Literal(_) | Expr::Variable(_) => true,
        Expr::Collate(operand, _) | Expr::Unary(_, operand) | Expr::Cast { expr: operand, .. } => {
            is_constant(operand)
        }
        Expr::Binary(left, _, right) => is_constant(left) && is_constant(right),
        Expr::Parenthesized(inner) => inner.iter().all(is_constant),
        _ => false,
    }
}

/// `IN (SELECT ..)`, if both sides have one family: like `=` with each row.
pub(super) fn in_select(
    translator: &Translator<'_>,
    operand: &Expr,
    not: bool,
    select: &Select,
) -> Result<Typed, Untranslatable> {
    if let Expr::Parenthesized(row) = operand
        && row.len() > 1
    {
        return in_rows(translator, row, not, select);
    }
    let operand = translator.translate(operand)?;
    let (sql, columns) = translator.names.subquery(select, translator.depth())?;
    let [column] = columns.as_slice() else {
        return Err(Untranslatable::operator("IN", "the query has several columns"));
    };
    let compared = compared_columns(translator, select, &columns)?;
    let inner = column.as_result("\"list\".\"c1\"");
    let collating = compared.first().map_or(operand.collating, |column| common_collation(&operand, column));
    let (left, right) = pair::pair(&operand, &inner, ComparisonKind::Equality, collating)?;
    let word = if not { "NOT IN" } else { "IN" };
    let sql = if right.sql == inner.sql {
        sql
    } else {
        format!("SELECT {} FROM ({sql}) AS \"list\" (\"c1\")", right.sql)
    };
    Ok(Typed::truth(format!("{} {word} ({sql})", left.above(Level::Like)), Level::Like))
}

/// The columns whose collations IN applies: in a compound query those of the last SELECT.
fn compared_columns(
    translator: &Translator<'_>,
    select: &Select,
    columns: &[Typed],
) -> Result<Vec<Typed>, Untranslatable> {
    let Some(last) = select.body.compounds.iter().flatten().last() else { return Ok(columns.to_vec()) };
    let body = SelectBody { select: last.select.clone(), compounds: None };
    let last = Select { with: select.with.clone(), body, order_by: None, limit: None };
    Ok(translator.names.subquery(&last, translator.depth())?.1)
}

/// `(a, b) IN (VALUES ..)` and `(a, b) IN (SELECT ..)`.
fn in_rows(
    translator: &Translator<'_>,
    row: &[Expr],
    not: bool,
    select: &Select,
) -> Result<Typed, Untranslatable> {
    let is_plain = select.with.is_none() && select.body.compounds.is_none() && select.limit.is_none();
    if let (OneSelect::Values(values), true) = (&select.body.select, is_plain) {
        let mut tests = Vec::new();
        for value in values {
            tests.push(rows(translator, row, Operator::Equals, value)?.at(Level::Or));
        }
        let any = tests.join(" OR ");
        return Ok(if not {
            Typed::truth(format!("NOT ({any})"), Level::Not)
        } else {
            Typed::truth(any, Level::Or)
        });
    }
    let (sql, columns) = translator.names.subquery(select, translator.depth())?;
    if columns.len() != row.len() {
        return Err(Untranslatable::construct("rows of different lengths", "SQLite rejects them too"));
    }
    let (mut left, mut right, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let compared = compared_columns(translator, select, &columns)?;
    for (at, ((value, column), compared)) in row.iter().zip(&columns).zip(&compared).enumerate() {
        let value = translator.translate(value)?;
        let name = format!("\"c{}\"", at + 1);
        let inner = column.as_result(&format!("\"list\".{name}"));
        let collating = common_collation(&value, compared);
        let (value, inner) = pair::pair(&value, &inner, ComparisonKind::Equality, collating)?;
        left.push(value.sql);
        right.push(inner.sql);
        names.push(name);
    }
    let is_same = right.iter().zip(&names).all(|(sql, name)| *sql == format!("\"list\".{name}"));
    let sql = if is_same {
        sql
    } else {
        format!("SELECT {} FROM ({sql}) AS \"list\" ({})", right.join(", "), names.join(", "))
    };
    let word = if not { "NOT IN" } else { "IN" };
    Ok(Typed::truth(format!("({}) {word} ({sql})", left.join(", ")), Level::Like))
}
