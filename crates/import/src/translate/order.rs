//! The order and equality of rows: in SQLite NULL is the lowest value, and text is ordered by bytes.

use sqlite3_parser::ast::{FunctionCallOrder, NullsOrder, SortOrder, SortedColumn};

use super::Collation;
use super::comparison::collated;
use super::convert::described;
use super::error::Untranslatable;
use super::instants::several_formats;
use super::json;
use super::translator::Translator;
use super::typed::{Collating, Detail, Family, Level, Typed};

/// ORDER BY inside of an aggregate.
pub(super) fn inner_order(
    translator: &Translator<'_>,
    order: &FunctionCallOrder,
) -> Result<String, Untranslatable> {
    let FunctionCallOrder::SortList(terms) = order;
    Ok(format!(" ORDER BY {}", order_terms(translator, terms)?.join(", ")))
}

/// DISTINCT keeps one of several equal values; with a collation it may be another one in PostgreSQL.
pub(super) fn distinct_by_bytes(value: &Typed) -> Result<(), Untranslatable> {
    distinguished(value)?;
    if is_collated(value) {
        return Err(one_of_equal());
    }
    Ok(())
}

/// Whether equal values may differ in their bytes.
pub(super) fn is_collated(value: &Typed) -> bool {
    let (Collating::Column(collation) | Collating::Explicit(collation)) = value.collating else {
        return false;
    };
    collation != Collation::Binary && value.family != Family::Bytea
}

/// Whether a value has no collation other than BINARY.
pub(crate) fn is_by_bytes(value: &Typed) -> bool {
    !is_collated(value)
}

/// Of values that are equal under a collation one is returned.
pub(super) fn one_of_equal() -> Untranslatable {
    Untranslatable::construct(
        "a value that is distinct or grouped under a collation",
        "of the equal values SQLite returns an arbitrary one unchanged",
    )
}

/// An expression that PostgreSQL tells apart as SQLite does: by which it groups, or counts distinct values.
pub(super) fn distinguished(value: &Typed) -> Result<Typed, Untranslatable> {
    if matches!(value.detail, Detail::Several) {
        return Err(several_formats());
    }
    if matches!(value.family, Family::Json | Family::Opaque | Family::JsonScalar | Family::Jsonb) {
        return Err(Untranslatable::construct(
            format!("DISTINCT or GROUP BY of {}", described(value.family)),
            "it is compared differently",
        ));
    }
    if is_collated(value) { collated(value, value.collating) } else { Ok(value.clone()) }
}

/// An expression that PostgreSQL sorts in SQLite's order.
pub(super) fn ordered(value: &Typed) -> Result<Typed, Untranslatable> {
    if matches!(value.detail, Detail::Several) {
        return Err(several_formats());
    }
    match value.family {
        Family::Unknown | Family::Parameter => match value.collating {
            Collating::Explicit(Collation::Binary) => Ok(Typed::new(
                format!("{} COLLATE \"C\"", value.above(Level::Collate)),
                Family::Text,
                Level::Collate,
            )),
            collating => collated(value, collating),
        },
        Family::Text => {
            let folded = collated(value, value.collating)?;
            if folded.sql.starts_with("lower(") {
                return Ok(folded);
            }
            let sql = format!("{} COLLATE \"C\"", folded.above(Level::Collate));
            Ok(Typed::new(sql, Family::Text, Level::Collate))
        }
        Family::Mixed
        | Family::Json
        | Family::Jsonb
        | Family::JsonScalar
        | Family::Opaque
        | Family::Words => Err(Untranslatable::construct(
            format!("the order of {}", described(value.family)),
            "SQLite orders by storage class, numbers before text",
        )),
        Family::Boolean => Ok(Typed::atom(value.cast("integer"), Family::SmallInteger)),
        _ => Ok(value.clone()),
    }
}

/// The expressions that PostgreSQL sorts in SQLite's order: several, where the order depends on the type of each value.
pub(super) fn order_keys(value: &Typed) -> Result<Vec<Typed>, Untranslatable> {
    if value.family == Family::JsonScalar && matches!(value.detail, Detail::Json(_)) {
        return Ok(json::order_keys(value));
    }
    Ok(vec![ordered(value)?])
}

/// A term of ORDER BY and GROUP BY that has one value. PostgreSQL would take a number for the position of a result, and
/// rejects other literals.
pub(super) const CONSTANT: &str = "NULL::integer";

/// Whether PostgreSQL would read a value as a literal.
pub(super) fn is_constant(value: &Typed) -> bool {
    value.value().is_some() || value.sql.parse::<f64>().is_ok()
}

/// A term of ORDER BY for this value.
pub(super) fn ordered_by(value: &Typed, term: &SortedColumn) -> Result<String, Untranslatable> {
    if is_constant(value) {
        return Ok(order_term(CONSTANT, term));
    }
    let keys = order_keys(value)?;
    Ok(keys.iter().map(|key| order_term(&key.sql, term)).collect::<Vec<_>>().join(", "))
}

/// The terms of an ORDER BY.
pub(super) fn order_terms(
    translator: &Translator<'_>,
    terms: &[SortedColumn],
) -> Result<Vec<String>, Untranslatable> {
    let mut all = Vec::new();
    for term in terms {
        let value = translator.translate(&term.expr)?;
        all.push(ordered_by(&value, term)?);
    }
    Ok(all)
}

/// One term: NULL is the lowest value.
pub(super) fn order_term(sql: &str, term: &SortedColumn) -> String {
    let is_descending = term.order == Some(SortOrder::Desc);
    let nulls_first = match term.nulls {
        Some(NullsOrder::First) => true,
        Some(NullsOrder::Last) => false,
        None => !is_descending,
    };
    let direction = if is_descending { " DESC" } else { "" };
    format!("{sql}{direction} NULLS {}", if nulls_first { "FIRST" } else { "LAST" })
}
