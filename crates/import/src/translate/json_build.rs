//! JSON that a statement builds or changes, and `json_each`. Results are `jsonb`: the same documents, in PostgreSQL's format.

use sqlite3_parser::ast::Expr;

use super::convert::described;
use super::error::Untranslatable;
use super::in_sqlite;
use super::json;
use super::query::{FromItem, QueryNames, SourceColumn};
use super::quoting::{quote_name, quote_text};
use super::translator::Translator;
use super::typed::{Family, Level, Typed};

/// A value as a `jsonb`, as SQLite embeds it.
fn value(typed: &Typed) -> Result<String, Untranslatable> {
    let sql = match typed.family {
        Family::Text => format!("to_jsonb({})", typed.cast("text")),
        Family::Boolean => format!("to_jsonb({})", typed.cast("integer")),
        Family::JsonScalar => json::document_of(typed),
        // Without json() SQLite embeds the text of a column.
        Family::Jsonb if !typed.is_column() => typed.sql.clone(),
        Family::Null => return Ok("'null'::jsonb".to_owned()),
        family if family.is_number() => format!("to_jsonb({})", typed.sql),
        _ => match in_sqlite::stored_text(typed) {
            Some(text) => format!("to_jsonb({})", text.sql),
            None => {
                return Err(Untranslatable::construct(
                    format!("{} in JSON", described(typed.family)),
                    "SQLite embeds its text",
                ));
            }
        },
    };
    Ok(format!("coalesce({sql}, 'null')"))
}

/// A function that returns JSON; `None` if it is none of these.
pub(super) fn function(
    translator: &Translator<'_>,
    name: &str,
    operands: &[Typed],
) -> Option<Result<Typed, Untranslatable>> {
    if !translator.names.may_assume() {
        return None;
    }
    let built = match (name, operands) {
        ("json", [document]) => json::extracted(document, &[], false, name),
        ("json_array", _) => all(operands).map(|values| call("jsonb_build_array", &values)),
        ("json_object", _) if operands.len().is_multiple_of(2) => object(operands),
        ("json_set" | "json_insert" | "json_replace", [document, path, new]) => {
            changed(name, document, path, new)
        }
        ("json_remove", [document, path]) => removed(document, path),
        _ => return None,
    };
    translator.names.note("JSON is jsonb in PostgreSQL, whose text has spaces and another order of keys");
    Some(built)
}

fn call(name: &str, values: &[String]) -> Typed {
    Typed::atom(format!("{name}({})", values.join(", ")), Family::Jsonb)
}

fn all(operands: &[Typed]) -> Result<Vec<String>, Untranslatable> {
    operands.iter().map(value).collect()
}

fn object(operands: &[Typed]) -> Result<Typed, Untranslatable> {
    let mut values = Vec::new();
    for (at, operand) in operands.iter().enumerate() {
        match (at % 2, operand.family) {
            (0, Family::Text) => values.push(operand.cast("text")),
            (0, _) => return Err(Untranslatable::function("json_object", "its labels must be text")),
            _ => values.push(value(operand)?),
        }
    }
    Ok(call("jsonb_build_object", &values))
}

/// The key of a path of one key: PostgreSQL does not create what is missing before the last one.
fn key(name: &str, path: &Typed) -> Result<String, Untranslatable> {
    match path.text_value().map(json::keys).transpose()?.as_deref() {
        Some([key]) => Ok(quote_text(key)),
        _ => Err(Untranslatable::function(name, "only a literal path of one key is supported")),
    }
}

fn changed(name: &str, document: &Typed, path: &Typed, new: &Typed) -> Result<Typed, Untranslatable> {
    let (key, new) = (key(name, path)?, value(new)?);
    let document = json::extracted(document, &[], false, name)?;
    let sql = document.at(Level::Atom);
    let creates = name != "json_replace";
    let set = format!("jsonb_set({sql}, ARRAY[{key}], {new}, {creates})");
    Ok(Typed::atom(
        match name {
            "json_insert" => format!("CASE WHEN {sql} -> {key} IS NOT NULL THEN {sql} ELSE {set} END"),
            _ => set,
        },
        Family::Jsonb,
    ))
}

fn removed(document: &Typed, path: &Typed) -> Result<Typed, Untranslatable> {
    let key = key("json_remove", path)?;
    let document = json::extracted(document, &[], false, "json_remove")?;
    Ok(Typed::atom(format!("({} - {key})", document.above(Level::Additive)), Family::Jsonb))
}

/// `json_group_array(value)` and `json_group_object(label, value)`, without FILTER and OVER.
pub(super) fn aggregate(
    translator: &Translator<'_>,
    name: &str,
    operands: &[Typed],
    order: &str,
    tail: &str,
) -> Result<Typed, Untranslatable> {
    if !translator.names.may_assume() {
        return Err(Untranslatable::function(name, "PostgreSQL writes JSON in another format"));
    }
    translator.names.note("JSON is jsonb in PostgreSQL, whose text has spaces and another order of keys");
    let (sql, empty) = match (name, operands) {
        ("json_group_array", [one]) => (format!("jsonb_agg({}{order}){tail}", value(one)?), "'[]'"),
        ("json_group_object", [label, one]) if label.family == Family::Text => {
            (format!("jsonb_object_agg({}, {}{order}){tail}", label.cast("text"), value(one)?), "'{}'")
        }
        _ => {
            return Err(Untranslatable::function(
                name,
                "the type of its label, or the number of its arguments",
            ));
        }
    };
    Ok(Typed::atom(format!("coalesce({sql}, {empty})"), Family::Jsonb))
}

/// `json_each(document)` and `json_each(document, path)` in FROM, with the columns `key`, `value`, `type` and `atom`.
pub(super) fn each(
    names: &mut QueryNames<'_>,
    arguments: &[Expr],
    alias: String,
    depth: usize,
) -> Result<String, Untranslatable> {
    let refused = |why| Untranslatable::function("json_each", why);
    let document = {
        let translator = Translator::for_query(names, names.query.like, depth + 1);
        let operands = translator.translate_all(arguments)?;
        match operands.as_slice() {
            [document] => json::extracted(document, &[], false, "json_each")?,
            [document, path] => {
                let path = path.text_value().ok_or_else(|| refused("only a literal path is supported"))?;
                json::extracted(document, &json::steps(path)?, false, "json_each")?
            }
            _ => return Err(refused("it requires one or two arguments")),
        }
    };
    if !names.query.has_parameters {
        return Err(refused("table-valued functions are not supported"));
    }
    let json = document.at(Level::Atom);
    let quoted = quote_name(&alias);
    let column = |name: &str| Typed::atom(format!("{quoted}.{}", quote_name(name)), Family::Jsonb);
    let kind = Typed::atom(json::type_name(&column("value").sql), Family::Text);
    let columns = [
        ("key", json::scalar(&column("key"))),
        ("value", json::scalar(&column("value"))),
        ("type", kind),
        ("atom", json::scalar(&column("atom"))),
    ];
    let columns = columns
        .into_iter()
        .map(|(name, typed)| SourceColumn { name: name.to_owned(), typed, is_joined: false, merged: None })
        .collect();
    // `*` would have further columns.
    names.sources.push(FromItem { is_partial: true, ..FromItem::without_keys(alias, Some(columns)) });
    Ok(format!(
        "LATERAL (SELECT \"key\", \"value\", CASE WHEN jsonb_typeof(\"value\") NOT IN ('array', 'object') THEN \"value\" END \
         AS \"atom\" FROM (SELECT to_jsonb(\"place\" - 1), \"element\" FROM jsonb_array_elements(CASE WHEN \
         jsonb_typeof({json}) = 'array' THEN {json} ELSE '[]' END) WITH ORDINALITY AS \"array\" (\"element\", \"place\") \
         UNION ALL SELECT to_jsonb(\"label\"), \"element\" FROM jsonb_each(CASE WHEN jsonb_typeof({json}) = 'object' THEN \
         {json} ELSE '{{}}' END) AS \"object\" (\"label\", \"element\") UNION ALL SELECT NULL, {json} WHERE \
         jsonb_typeof({json}) NOT IN ('array', 'object')) AS \"element\" (\"key\", \"value\")) AS {quoted}"
    ))
}
