//! JSON: paths into `jsonb` columns. SQLite returns a value of the type in the document: comparisons and conversions
//! decide by the type of each value, and a result is text.

use sqlite3_parser::ast::{Expr, Literal, Operator};

use super::super::types::TargetType;
use super::super::values::{SourceValue, check};
use super::error::Untranslatable;
use super::pair::{ComparisonKind, is_plain_word};
use super::prefix;
use super::quoting::{quote_text, unquoted};
use super::translator::Translator;
use super::typed::{Detail, Family, Level, Typed};
use super::{literal, tree};

/// `document -> path` and `document ->> path`.
pub(super) fn arrow(
    translator: &Translator<'_>,
    left: &Expr,
    operator: Operator,
    right: &Expr,
) -> Result<Typed, Untranslatable> {
    let document = translator.translate(left)?;
    let path = translator.translate(right)?;
    let steps = match (path.text_value(), path.integer_value()) {
        (Some(text), _) if text.starts_with('$') => steps(text)?,
        (Some(text), _) => vec![JsonPathStep::Key(text.to_owned())],
        (None, Some(index)) => vec![JsonPathStep::Index(index)],
        (None, None) => return Err(Untranslatable::operator("->", "only a literal path is supported")),
    };
    extracted(&document, &steps, operator == Operator::ArrowRightShift, "->")
}

/// `json_extract(document, path)`.
pub(super) fn extract(operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let [document, path] = operands else {
        return Err(Untranslatable::function("json_extract", "it is supported with one path"));
    };
    let path = path
        .text_value()
        .ok_or_else(|| Untranslatable::function("json_extract", "only a literal path is supported"))?;
    extracted(document, &steps(path)?, true, "json_extract")
}

/// The operands of a function that reads a document, or what is at a path in it.
fn document_and_path<'t>(
    operands: &'t [Typed],
    function: &'static str,
) -> Result<(&'t Typed, Vec<JsonPathStep>), Untranslatable> {
    let refused = |why| Untranslatable::function(function, why);
    match operands {
        [document] => Ok((document, Vec::new())),
        [document, path] => {
            let path = path.text_value().ok_or_else(|| refused("only a literal path is supported"))?;
            Ok((document, steps(path)?))
        }
        _ => Err(refused("it requires one or two arguments")),
    }
}

/// `json_array_length(document)` and `json_array_length(document, path)`: 0 if it is not an array.
pub(super) fn array_length(operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let (document, path) = document_and_path(operands, "json_array_length")?;
    let array = extracted(document, &path, false, "json_array_length")?;
    let (sql, tested) = (&array.sql, array.above(Level::Comparison));
    Ok(Typed::atom(
        format!(
            "CASE WHEN jsonb_typeof({sql}) = 'array' THEN jsonb_array_length({sql}) \
             WHEN {tested} IS NOT NULL THEN 0 END"
        ),
        Family::SmallInteger,
    ))
}

/// `json_valid(x)`: a column of type json or jsonb holds only valid JSON.
pub(super) fn valid(operand: &Typed) -> Result<Typed, Untranslatable> {
    match operand.family {
        Family::Json | Family::Jsonb => Ok(Typed::truth(
            format!("({} IS NOT NULL OR NULL)", operand.above(Level::Comparison)),
            Level::Atom,
        )),
        _ => Err(Untranslatable::function(
            "json_valid",
            "for a column that is not json or jsonb it is only supported in a CHECK",
        )),
    }
}

/// `json_array()`, `json_object()` and `json('...')`: their text is a literal.
pub(super) fn constant(expression: &Expr) -> Option<Typed> {
    let (name, arguments) = tree::called(expression)?;
    let text = match (name.as_str(), arguments) {
        ("json_array", []) => "[]".to_owned(),
        ("json_object", []) => "{}".to_owned(),
        ("json", [Expr::Literal(Literal::String(token))]) => {
            let text = unquoted(token);
            // SQLite removes whitespace.
            let is_minimal = !text.contains(|c: char| c.is_ascii_whitespace());
            let is_json = check(SourceValue::Text(&text), TargetType::Json).is_ok();
            (is_minimal && is_json).then_some(text)?
        }
        _ => return None,
    };
    literal::text(&text).ok()
}

/// A step of a path.
pub(super) enum JsonPathStep {
    Key(String),
    Index(i64),
}

/// What is at this path of a document: as a `jsonb`, or as the value that SQLite returns.
pub(super) fn extracted(
    document: &Typed,
    steps: &[JsonPathStep],
    as_value: bool,
    name: &str,
) -> Result<Typed, Untranslatable> {
    let document = &match document.family {
        Family::Jsonb => document.clone(),
        Family::Text | Family::Json => Typed::atom(document.cast("jsonb"), Family::Jsonb),
        _ => return Err(Untranslatable::function(name, "its argument is neither JSON nor text")),
    };
    let keys: Option<Vec<&str>> = steps
        .iter()
        .map(|step| match step {
            JsonPathStep::Key(key) => Some(key.as_str()),
            JsonPathStep::Index(_) => None,
        })
        .collect();
    let Some(keys) = keys else { return Ok(by_path(document, steps, as_value)) };
    let Some((last, before)) = keys.split_last() else {
        return Ok(if as_value { scalar(document) } else { document.clone() });
    };
    let mut sql = document.above(Level::Other);
    for key in before {
        sql.push_str(&format!(" -> {}", quote_text(key)));
    }
    let whole = format!("{sql} -> {}", quote_text(last));
    if !as_value {
        return Ok(Typed::new(whole, Family::Jsonb, Level::Other));
    }
    let value = Typed::new(format!("{sql} ->> {}", quote_text(last)), Family::JsonScalar, Level::Other);
    Ok(Typed { detail: Detail::Json(normalized(&format!("({whole})"))), ..value })
}

/// The value in a `jsonb`, as SQLite's functions return it.
pub(super) fn scalar(json: &Typed) -> Typed {
    let sql = format!("{} #>> '{{}}'", json.above(Level::Other));
    let value = Typed::new(sql, Family::JsonScalar, Level::Other);
    Typed { detail: Detail::Json(normalized(&json.at(Level::Atom))), ..value }
}

/// A `jsonb` with SQLite's values of `true`, `false` and `null`.
fn normalized(sql: &str) -> String {
    format!(
        "CASE jsonb_typeof({sql}) WHEN 'boolean' THEN CASE WHEN {sql} = 'true' THEN '1'::jsonb ELSE '0'::jsonb END \
         WHEN 'null' THEN NULL ELSE {sql} END"
    )
}

/// The `jsonb` of an extracted value.
pub(super) fn document_of(value: &Typed) -> String {
    match &value.detail {
        Detail::Json(sql) => format!("({sql})"),
        Detail::None
        | Detail::Several
        | Detail::Whole
        | Detail::Written(_)
        | Detail::Instant(..)
        | Detail::Digits(_) => {
            format!("to_jsonb({})", value.sql)
        }
    }
}

/// What the values are ordered by: numbers before texts.
pub(super) fn order_keys(value: &Typed) -> Vec<Typed> {
    let json = document_of(value);
    let is_number = format!("jsonb_typeof({json}) = 'number'");
    vec![
        Typed::atom(
            format!("CASE WHEN {is_number} THEN 0 WHEN {json} IS NOT NULL THEN 1 END"),
            Family::SmallInteger,
        ),
        Typed::atom(format!("CASE WHEN {is_number} THEN {json}::numeric END"), Family::Numeric),
        Typed::atom(
            format!("CASE WHEN NOT {is_number} THEN ({json} #>> '{{}}') COLLATE \"C\" END"),
            Family::Text,
        ),
    ]
}

/// The text of an extracted value: numbers as SQLite writes them; an object or array in the format of PostgreSQL.
pub(super) fn as_text(value: &Typed) -> Result<Typed, Untranslatable> {
    let json = document_of(value);
    let sql = format!(
        "CASE jsonb_typeof({json}) WHEN 'number' THEN regexp_replace({json}::text, '(\\.\\d+?)0+$', '\\1') \
         ELSE {json} #>> '{{}}' END"
    );
    Ok(Typed::atom(sql, Family::Text))
}

/// The number of an extracted value; of a text, the one that it begins with.
pub(super) fn as_number(value: &Typed) -> Result<Typed, Untranslatable> {
    let json = document_of(value);
    let of_text = prefix::numeric_prefix(&format!("({json} #>> '{{}}')"));
    let sql =
        format!("CASE jsonb_typeof({json}) WHEN 'number' THEN {json}::double precision ELSE {of_text} END");
    Ok(Typed::atom(sql, Family::Loose))
}

/// Whether a comparison with this operand can be translated for every type of the extracted value.
pub(super) fn compares_with(value: &Typed, other: &Typed, kind: ComparisonKind) -> bool {
    if value.family != Family::JsonScalar || !matches!(value.detail, Detail::Json(_)) {
        return false;
    }
    match (other.family, other.text_value()) {
        (Family::Text, Some(text)) => {
            let is_word = kind == ComparisonKind::Equality && is_plain_word(text, Family::JsonScalar);
            !is_word && !text.is_empty() && !text.starts_with(['{', '['])
        }
        // The text of an object or array is another one in PostgreSQL.
        (Family::Text, None) => false,
        (family, _) => family.is_number() || family == Family::Boolean,
    }
}

/// An extracted value as the operand of a comparison: of numbers, a text is greater than each; of texts, a number is less
/// than each.
pub(super) fn compared(value: &Typed, other: &Typed) -> Typed {
    let json = document_of(value);
    let text = format!("({json} #>> '{{}}')");
    if other.family == Family::Text {
        let sql = format!("CASE jsonb_typeof({json}) WHEN 'number' THEN '' ELSE {text} END");
        return Typed::atom(sql, Family::Text);
    }
    let (name, above, family) = match other.family {
        Family::Double | Family::Loose if other.value().is_none() => {
            ("double precision", "'Infinity'", Family::Loose)
        }
        _ => ("numeric", prefix::ABOVE_NUMBERS, Family::Numeric),
    };
    let of_text = if other.has_affinity() {
        let text = Typed::atom(text, Family::Text);
        prefix::as_compared_number(&text, &Typed::atom("", family)).sql
    } else {
        format!("CASE WHEN {json} IS NOT NULL THEN {above}::{name} END")
    };
    Typed::atom(
        format!("CASE jsonb_typeof({json}) WHEN 'number' THEN {json}::{name} ELSE {of_text} END"),
        family,
    )
}

/// `json_type(document)` and `json_type(document, path)`, except that `integer` and `real` are told apart by the point.
pub(super) fn type_of(operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let (document, path) = document_and_path(operands, "json_type")?;
    let json = extracted(document, &path, false, "json_type")?.at(Level::Atom);
    Ok(Typed::atom(type_name(&json), Family::Text))
}

/// SQLite's name of the type of a `jsonb`.
pub(super) fn type_name(json: &str) -> String {
    format!(
        "CASE jsonb_typeof({json}) WHEN 'string' THEN 'text' WHEN 'boolean' THEN {json}::text WHEN 'number' THEN \
         CASE WHEN {json}::text LIKE '%.%' THEN 'real' ELSE 'integer' END ELSE jsonb_typeof({json}) END"
    )
}

/// The keys of a path without indexes.
pub(super) fn keys(path: &str) -> Result<Vec<String>, Untranslatable> {
    let mut keys = Vec::new();
    for step in steps(path)? {
        match step {
            JsonPathStep::Key(key) => keys.push(key),
            JsonPathStep::Index(_) => {
                return Err(Untranslatable::construct("this JSON path", "an index is not supported here"));
            }
        }
    }
    Ok(keys)
}

/// With an index: `->` would return a number itself at 0, and a strict path does not.
fn by_path(document: &Typed, steps: &[JsonPathStep], as_value: bool) -> Typed {
    let mut path = "strict $".to_owned();
    for step in steps {
        match step {
            JsonPathStep::Key(key) => path.push_str(&format!(".{}", serde_json::Value::from(key.as_str()))),
            JsonPathStep::Index(index @ 0..) => path.push_str(&format!("[{index}]")),
            JsonPathStep::Index(index) => path.push_str(&format!("[last - {}]", -index - 1)),
        }
    }
    let sql = format!("jsonb_path_query_first({}, {}, '{{}}', true)", document.sql, quote_text(&path));
    let json = Typed::atom(sql, Family::Jsonb);
    if as_value { scalar(&json) } else { json }
}

/// `$.a."b c"[0]`. An index from the end, `[#-1]`, is a negative one.
pub(super) fn steps(path: &str) -> Result<Vec<JsonPathStep>, Untranslatable> {
    let unclear = || Untranslatable::construct("this JSON path", "only `$.key` and `[index]` are supported");
    let mut rest = path.strip_prefix('$').ok_or_else(unclear)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(".\"") {
            let (key, after) = after.split_once('"').ok_or_else(unclear)?;
            if key.contains('\\') {
                return Err(unclear());
            }
            steps.push(JsonPathStep::Key(key.to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (key, after) = after.split_at(end);
            if key.is_empty() || key.contains(['"', '\\', '\0']) {
                return Err(unclear());
            }
            steps.push(JsonPathStep::Key(key.to_owned()));
            rest = after;
        } else {
            let (index, after) =
                rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(unclear)?;
            let digits = index.strip_prefix("#-").unwrap_or(index);
            if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(unclear());
            }
            let number: i64 = digits.parse().map_err(|_not_a_number| unclear())?;
            steps.push(JsonPathStep::Index(if digits.len() == index.len() { number } else { -number }));
            rest = after;
        }
    }
    Ok(steps)
}
