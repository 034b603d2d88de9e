//! Aggregates and window functions, and the order of rows: in SQLite NULL is the lowest value, and text is ordered by
//! bytes.

use sqlite3_parser::ast::{
    Expr, FrameBound, FrameClause, FrameExclude, FrameMode, FunctionTail, Over, Window,
};

use super::convert::{self, number};
use super::error::Untranslatable;
use super::function::Call;
use super::json;
use super::json_build;
use super::order::{distinct_by_bytes, distinguished, inner_order, order_terms, ordered};
use super::quoting::{quote_name, unquoted};
use super::translator::Translator;
use super::typed::{Collating, Detail, Family, Typed};

/// Whether a call is an aggregate.
pub(super) fn is_aggregate_call(name: &str, argument_count: usize) -> bool {
    match name {
        "count" | "sum" | "avg" | "total" | "group_concat" | "string_agg" => true,
        "json_group_array" | "json_group_object" => true,
        "min" | "max" => argument_count == 1,
        _ => false,
    }
}

/// Whether an expression is an aggregate, not a window function.
pub(super) fn is_aggregate(expression: &Expr) -> bool {
    match expression {
        Expr::FunctionCall { name, args, filter_over, .. } => {
            let count = args.as_deref().unwrap_or_default().len();
            filter_over.as_ref().is_none_or(|tail| tail.over_clause.is_none())
                && is_aggregate_call(&unquoted(&name.0).to_ascii_lowercase(), count)
        }
        Expr::FunctionCallStar { filter_over, .. } => {
            filter_over.as_ref().is_none_or(|tail| tail.over_clause.is_none())
        }
        Expr::Parenthesized(inner) => matches!(inner.as_slice(), [one] if is_aggregate(one)),
        _ => false,
    }
}

/// `count(*)`.
pub(super) fn star(
    translator: &Translator<'_>,
    name: &str,
    tail: Option<&FunctionTail>,
) -> Result<Typed, Untranslatable> {
    if !name.eq_ignore_ascii_case("count") {
        return Err(Untranslatable::function(name, "only count supports `*`"));
    }
    outside_query(translator, name)?;
    Ok(Typed::atom(format!("count(*){}", self::tail(translator, tail)?), Family::Integer))
}

fn outside_query(translator: &Translator<'_>, name: &str) -> Result<(), Untranslatable> {
    if translator.in_query {
        Ok(())
    } else {
        Err(Untranslatable::function(name, "an aggregate is only allowed in a query"))
    }
}

/// An aggregate or window function.
pub(super) fn call(translator: &Translator<'_>, call: &Call<'_>) -> Result<Typed, Untranslatable> {
    let name = call.name.as_str();
    outside_query(translator, name)?;
    let order = call.order.map(|order| inner_order(translator, order)).transpose()?.unwrap_or_default();
    let arguments = translator.translate_all(call.arguments)?;
    let tail = tail(translator, call.tail)?;
    let distinct = if call.is_distinct { "DISTINCT " } else { "" };
    if !is_aggregate_call(name, arguments.len()) {
        let is_window =
            call.tail.is_some_and(|tail| tail.over_clause.is_some() && tail.filter_clause.is_none());
        if !is_window || call.is_distinct {
            return Err(Untranslatable::function(name, "it is not a supported aggregate"));
        }
        return window_function(translator, name, arguments, &tail);
    }
    if matches!(name, "json_group_array" | "json_group_object") {
        if call.is_distinct {
            return Err(Untranslatable::function(name, "DISTINCT is not supported"));
        }
        return json_build::aggregate(translator, name, &arguments, &order, &tail);
    }
    let is_text = matches!(name, "group_concat" | "string_agg");
    let [value] = arguments.as_slice() else {
        return concatenation(translator, call, &arguments, &order, &tail);
    };
    if is_text {
        return concatenation(translator, call, &arguments, &order, &tail);
    }
    if call.is_distinct && name == "count" && matches!(value.detail, Detail::Json(_)) {
        let json = json::document_of(value);
        return Ok(Typed::atom(format!("count(DISTINCT {json}){tail}"), Family::Integer));
    }
    let told_apart = if call.is_distinct { distinguished(value)? } else { value.clone() };
    // The order of the values has no effect on these.
    match name {
        "count" => Ok(Typed::atom(format!("count({distinct}{}){tail}", told_apart.sql), Family::Integer)),
        "sum" | "avg" | "total" => {
            if !value.family.is_integer() {
                translator.names.adds_fractions();
            }
            sum(name, value, distinct, &tail)
        }
        // PostgreSQL before version 18 has neither for UUIDs and bytea; their text has the same order.
        "min" | "max" if matches!(value.family, Family::Uuid(_)) => {
            let text = format!("{} COLLATE \"C\"", value.cast("text"));
            Ok(Typed::atom(format!("({name}({distinct}{text}){tail})::uuid"), value.family))
        }
        "min" | "max" if value.family == Family::Bytea => {
            let digits = format!("encode({}, 'hex') COLLATE \"C\"", value.sql);
            Ok(Typed::atom(format!("decode({name}({distinct}{digits}){tail}, 'hex')"), Family::Bytea))
        }
        "min" | "max" => {
            let collated = [super::Collation::NoCase, super::Collation::Rtrim]
                .map(|collation| [Collating::Column(collation), Collating::Explicit(collation)]);
            if matches!(value.family, Family::Text | Family::Unknown)
                && collated.as_flattened().contains(&value.collating)
            {
                return Err(Untranslatable::function(
                    name,
                    "of values that are equal under a collation, SQLite returns one unchanged",
                ));
            }
            let value = ordered(value)?;
            let result = Typed::atom(format!("{name}({distinct}{}){tail}", value.sql), value.family);
            Ok(result.with_detail_of(&value))
        }
        _ => Err(Untranslatable::function(name, "it is not a supported aggregate")),
    }
}

fn sum(name: &str, value: &Typed, distinct: &str, tail: &str) -> Result<Typed, Untranslatable> {
    let value = number(value)?;
    if value.family.is_open() {
        return match name {
            "sum" => Ok(Typed::atom(format!("sum({distinct}{}){tail}", value.sql), Family::Unknown)),
            _ => Ok(Typed::atom(
                format!("{name}({distinct}{}){tail}", value.cast("double precision")),
                Family::Double,
            ))
            .and_then(|typed| if name == "avg" { Ok(typed) } else { total(&typed.sql) }),
        };
    }
    if name == "sum" && value.family.is_integer() {
        return Ok(Typed::atom(
            format!("CAST(sum({distinct}{}){tail} AS bigint)", value.sql),
            Family::Integer,
        ));
    }
    // SQLite keeps the digits that a sum of doubles loses; of decimals PostgreSQL has the exact sum.
    let function = if name == "avg" { "avg" } else { "sum" };
    let result = match value.family {
        Family::Double | Family::Loose => format!("{function}({distinct}{}){tail}", value.sql),
        Family::Numeric => format!("CAST({function}({distinct}{}){tail} AS double precision)", value.sql),
        _ => format!("{function}({distinct}{}){tail}", value.cast("double precision")),
    };
    match name {
        "avg" => Ok(Typed::atom(result, Family::Double)),
        "sum" => {
            let family = if value.family == Family::Double { Family::Double } else { Family::Loose };
            Ok(Typed::atom(result, family))
        }
        _ => total(&result),
    }
}

fn total(sum: &str) -> Result<Typed, Untranslatable> {
    Ok(Typed::atom(format!("coalesce({}, 0)", sum.replacen("total(", "sum(", 1)), Family::Double))
}

fn concatenation(
    translator: &Translator<'_>,
    call: &Call<'_>,
    arguments: &[Typed],
    order: &str,
    tail: &str,
) -> Result<Typed, Untranslatable> {
    let (value, separator) = match arguments {
        [value] if call.name == "group_concat" => (value, "','".to_owned()),
        [value, separator] if separator.text_value().is_some() && !call.is_distinct => {
            (value, separator.sql.clone())
        }
        _ => {
            return Err(Untranslatable::function(
                &call.name,
                "the number of its arguments, or its separator",
            ));
        }
    };
    let distinct = if call.is_distinct { "DISTINCT " } else { "" };
    if call.is_distinct {
        distinct_by_bytes(value)?;
        if !order.is_empty() {
            return Err(Untranslatable::function(&call.name, "DISTINCT with ORDER BY is not supported"));
        }
        translator.names.note(
            "group_concat(DISTINCT ...) has no defined order; PostgreSQL sorts the values, and SQLite keeps their first order",
        );
    }
    let value = convert::text(translator, value)?;
    Ok(Typed::atom(format!("string_agg({distinct}{}, {separator}{order}){tail}", value.sql), Family::Text))
}

fn window_function(
    translator: &Translator<'_>,
    name: &str,
    arguments: Vec<Typed>,
    tail: &str,
) -> Result<Typed, Untranslatable> {
    let plain = |family| Ok(Typed::atom(format!("{name}(){tail}"), family));
    match (name, arguments.as_slice()) {
        ("row_number" | "rank" | "dense_rank", []) => plain(Family::Integer),
        ("percent_rank" | "cume_dist", []) => plain(Family::Double),
        ("ntile", [buckets]) if buckets.integer_value().is_some_and(|count| count > 0) => {
            Ok(Typed::atom(format!("ntile({}){tail}", buckets.sql), Family::SmallInteger))
        }
        ("first_value" | "last_value", [value]) => {
            Ok(Typed::atom(format!("{name}({}){tail}", value.sql), value.family))
        }
        ("lag" | "lead", [value, rest @ ..]) if rest.len() <= 2 => {
            let offset = rest.first().map(Typed::integer_value);
            if offset == Some(None) {
                return Err(Untranslatable::function(name, "its offset must be a literal"));
            }
            let mut both = vec![value.clone()];
            both.extend(rest.get(1).cloned());
            let (both, family) = convert::unified(translator, both)?;
            let mut sql: Vec<String> = both.iter().map(|typed| typed.sql.clone()).collect();
            if let Some(Some(offset)) = offset {
                sql.insert(1, offset.to_string());
            }
            Ok(Typed::atom(format!("{name}({}){tail}", sql.join(", ")), family))
        }
        _ => Err(Untranslatable::function(name, "it is not a supported window function")),
    }
}

/// FILTER and OVER.
fn tail(translator: &Translator<'_>, tail: Option<&FunctionTail>) -> Result<String, Untranslatable> {
    let Some(tail) = tail else { return Ok(String::new()) };
    let mut sql = String::new();
    if let Some(filter) = &tail.filter_clause {
        let condition = translator.translate(filter)?;
        sql.push_str(&format!(" FILTER (WHERE {})", translator.truth(&condition)?.sql));
    }
    match tail.over_clause.as_deref() {
        Some(Over::Window(window)) => sql.push_str(&format!(" OVER ({})", self::window(translator, window)?)),
        Some(Over::Name(name)) => sql.push_str(&format!(" OVER {}", quote_name(&unquoted(&name.0)))),
        None => {}
    }
    Ok(sql)
}

/// The content of the parentheses after OVER, or after a window's name.
pub(super) fn window(translator: &Translator<'_>, window: &Window) -> Result<String, Untranslatable> {
    let mut parts = Vec::new();
    if let Some(base) = &window.base {
        parts.push(quote_name(&unquoted(&base.0)));
    }
    if let Some(by) = &window.partition_by {
        let all = translator.translate_all(by)?;
        let terms: Result<Vec<String>, Untranslatable> =
            all.iter().map(|typed| ordered(typed).map(|typed| typed.sql)).collect();
        parts.push(format!("PARTITION BY {}", terms?.join(", ")));
    }
    if let Some(order) = &window.order_by {
        parts.push(format!("ORDER BY {}", order_terms(translator, order)?.join(", ")));
    }
    if let Some(frame) = &window.frame_clause {
        parts.push(self::frame(translator, frame)?);
    }
    Ok(parts.join(" "))
}

fn frame(translator: &Translator<'_>, frame: &FrameClause) -> Result<String, Untranslatable> {
    let mode = match frame.mode {
        FrameMode::Groups => "GROUPS",
        FrameMode::Range => "RANGE",
        FrameMode::Rows => "ROWS",
    };
    let bound = |bound: &FrameBound| -> Result<String, Untranslatable> {
        let count = |expression: &Expr| -> Result<String, Untranslatable> {
            let typed = translator.translate(expression)?;
            match typed.integer_value() {
                Some(0..) if frame.mode != FrameMode::Range => Ok(typed.sql),
                _ => Err(Untranslatable::construct(
                    "this window frame",
                    "only ROWS and GROUPS with literal offsets are equivalent",
                )),
            }
        };
        Ok(match bound {
            FrameBound::CurrentRow => "CURRENT ROW".to_owned(),
            FrameBound::UnboundedFollowing => "UNBOUNDED FOLLOWING".to_owned(),
            FrameBound::UnboundedPreceding => "UNBOUNDED PRECEDING".to_owned(),
            FrameBound::Following(expression) => format!("{} FOLLOWING", count(expression)?),
            FrameBound::Preceding(expression) => format!("{} PRECEDING", count(expression)?),
        })
    };
    let start = bound(&frame.start)?;
    let span = match &frame.end {
        Some(end) => format!("{mode} BETWEEN {start} AND {}", bound(end)?),
        None => format!("{mode} {start}"),
    };
    Ok(match frame.exclude {
        None | Some(FrameExclude::NoOthers) => span,
        Some(FrameExclude::CurrentRow) => format!("{span} EXCLUDE CURRENT ROW"),
        Some(FrameExclude::Group) => format!("{span} EXCLUDE GROUP"),
        Some(FrameExclude::Ties) => format!("{span} EXCLUDE TIES"),
    })
}
