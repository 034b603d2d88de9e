//! JSON: paths into `jsonb` columns. SQLite returns a value of the type in the document, so only what is equivalent
//! for every type is translated: whether it is NULL, and whether it equals a word.

use sqlite3_parser::ast::{Expr, Literal, Operator};

use super::super::types::TargetType;
use super::super::values::{SourceValue, check};
use super::error::Untranslatable;
use super::quoting::{quote_text, unquoted};
use super::translator::Translator;
use super::typed::{Family, Level, Typed};
use super::{literal, moment};

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

/// `json_array_length(document)` and `json_array_length(document, path)`: 0 if it is not an array.
pub(super) fn array_length(operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let refused = |why| Untranslatable::function("json_array_length", why);
    let (document, path) = match operands {
        [document] => (document, Vec::new()),
        [document, path] => {
            let path = path.text_value().ok_or_else(|| refused("only a literal path is supported"))?;
            (document, steps(path)?)
        }
        _ => return Err(refused("it requires one or two arguments")),
    };
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
    let (name, arguments) = moment::called(expression)?;
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

enum JsonPathStep {
    Key(String),
    Index(i64),
}

fn extracted(
    document: &Typed,
    steps: &[JsonPathStep],
    as_value: bool,
    name: &str,
) -> Result<Typed, Untranslatable> {
    if document.family != Family::Jsonb {
        return Err(Untranslatable::function(name, "it is supported for jsonb columns only"));
    }
    let keys: Option<Vec<&str>> = steps
        .iter()
        .map(|step| match step {
            JsonPathStep::Key(key) => Some(key.as_str()),
            JsonPathStep::Index(_) => None,
        })
        .collect();
    let Some(keys) = keys else { return Ok(by_path(document, steps, as_value)) };
    let Some((last, before)) = keys.split_last() else {
        let sql = document.above(Level::Other);
        return Ok(if as_value {
            Typed::new(format!("{sql} #>> '{{}}'"), Family::JsonScalar, Level::Other)
        } else {
            document.clone()
        });
    };
    let mut sql = document.above(Level::Other);
    for key in before {
        sql.push_str(&format!(" -> {}", quote_text(key)));
    }
    let (arrow, family) = if as_value { ("->>", Family::JsonScalar) } else { ("->", Family::Jsonb) };
    sql.push_str(&format!(" {arrow} {}", quote_text(last)));
    Ok(Typed::new(sql, family, Level::Other))
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
    if as_value {
        Typed::new(format!("{sql} #>> '{{}}'"), Family::JsonScalar, Level::Other)
    } else {
        Typed::atom(sql, Family::Jsonb)
    }
}

/// `$.a."b c"[0]`. An index from the end, `[#-1]`, is a negative one.
fn steps(path: &str) -> Result<Vec<JsonPathStep>, Untranslatable> {
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
