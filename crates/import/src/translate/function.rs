//! The closed list of functions. A name that is not on it is an error, even if PostgreSQL has a function with that
//! name.

use sqlite3_parser::ast::{Expr, FunctionCallOrder, FunctionTail};

use super::aggregate;
use super::comparison;
use super::convert;
use super::error::Untranslatable;
use super::translator::Translator;
use super::typed::{Family, Level, Typed};
use super::{json, json_build, moment, number, printf, text};

/// A call in the source.
pub(super) struct Call<'a> {
    pub(super) name: String,
    pub(super) is_distinct: bool,
    pub(super) arguments: &'a [Expr],
    pub(super) order: Option<&'a FunctionCallOrder>,
    pub(super) tail: Option<&'a FunctionTail>,
}

/// A function call.
pub(super) fn call(translator: &Translator<'_>, call: &Call<'_>) -> Result<Typed, Untranslatable> {
    let name = call.name.as_str();
    if aggregate::is_aggregate_call(name, call.arguments.len()) || call.tail.is_some() {
        return aggregate::call(translator, call);
    }
    if call.is_distinct || call.order.is_some() {
        return Err(Untranslatable::function(name, "DISTINCT and ORDER BY are allowed in aggregates only"));
    }
    if moment::is_function(name) {
        return moment::function(translator, name, call.arguments);
    }
    let arguments = translator.translate_all(call.arguments)?;
    if let Some(built) = json_build::function(translator, name, &arguments) {
        return built;
    }
    match (name, arguments.as_slice()) {
        ("length", [value]) => text::length(translator, value),
        ("octet_length", [value]) => text::octet_length(translator, value),
        ("lower" | "upper", [value]) => text::in_case(translator, name, value),
        ("trim" | "ltrim" | "rtrim", _) => text::trim(translator, name, &arguments),
        ("replace", _) => text::replace(translator, &arguments),
        ("instr", _) => text::instr(translator, &arguments),
        ("substr" | "substring", _) => text::substr(translator, &arguments),
        ("hex", [value]) => text::hex(translator, value),
        ("unicode", [value]) => text::unicode(translator, value),
        ("concat", [_, ..]) | ("concat_ws", [_, _, ..]) => text::concat(translator, name, &arguments),
        ("abs", [value]) => number::abs(value),
        ("sign", [value]) => number::sign(value),
        ("ceil" | "ceiling", [value]) => number::whole("ceil", value),
        ("floor", [value]) => number::whole("floor", value),
        ("round", _) => number::round(&arguments),
        ("random", []) => number::random(translator),
        ("randomblob", [count]) => text::random_bytes(translator, count),
        ("max" | "min", [_, _, ..]) => number::extreme(translator, name, arguments),
        ("coalesce", [_, _, ..]) | ("ifnull", [_, _]) => coalesce(translator, arguments),
        ("nullif", [left, right]) => nullif(left, right),
        ("iif" | "if", [_, _] | [_, _, _]) => iif(translator, arguments),
        ("likely" | "unlikely", [value]) | ("likelihood", [value, _]) => Ok(value.clone()),
        ("typeof", [value]) => type_of(value),
        ("json_valid", [value]) => json::valid(value),
        ("json_extract", _) => json::extract(&arguments),
        ("json_array_length", _) => json::array_length(&arguments),
        ("printf" | "format", [_, ..]) if translator.names.may_assume() => {
            printf::printf(translator, &arguments)
        }
        ("json_type", _) => json::type_of(&arguments),
        _ => Err(Untranslatable::function(name, refusal(name))),
    }
}

/// Why a function is not supported.
fn refusal(name: &str) -> &'static str {
    match name {
        "last_insert_rowid" => "use RETURNING",
        "changes" | "total_changes" => "use the affected row count of the driver",
        "quote" => "the syntax of literals differs in PostgreSQL",
        "printf" | "format" => "its format specifiers differ from PostgreSQL's format",
        "unhex" => "PostgreSQL raises an error where SQLite returns NULL",
        "zeroblob" => "only a default of a literal length is supported",
        "glob" | "like" | "match" | "regexp" => "use the operator",
        "sqlite_version" | "sqlite_source_id" | "sqlite_compileoption_used" => "it is specific to SQLite",
        "load_extension" => "use CREATE EXTENSION in PostgreSQL",
        _ => "it is not supported, or not with these arguments",
    }
}

fn coalesce(translator: &Translator<'_>, arguments: Vec<Typed>) -> Result<Typed, Untranslatable> {
    let (arguments, family) = convert::unified(translator, arguments)?;
    let all: Vec<&str> = arguments.iter().map(|typed| typed.sql.as_str()).collect();
    let detail = convert::common_detail(&arguments);
    Ok(Typed { detail, ..Typed::atom(format!("coalesce({})", all.join(", ")), family) })
}

fn nullif(left: &Typed, right: &Typed) -> Result<Typed, Untranslatable> {
    let test = comparison::equal(&left.clone().without_affinity(), &right.clone().without_affinity())?;
    convert::no_collation_inside(left)?;
    if left.family.is_open() || test.sql == format!("{} = {}", left.sql, right.sql) {
        return Ok(Typed::atom(format!("NULLIF({}, {})", left.sql, right.sql), left.family));
    }
    Ok(Typed::atom(format!("CASE WHEN {} THEN NULL ELSE {} END", test.sql, left.sql), left.family))
}

fn iif(translator: &Translator<'_>, mut arguments: Vec<Typed>) -> Result<Typed, Untranslatable> {
    let condition = translator.truth(&arguments.remove(0))?;
    let (results, family) = convert::unified(translator, arguments)?;
    let sql = match results.as_slice() {
        [then, otherwise] => {
            format!("CASE WHEN {} THEN {} ELSE {} END", condition.sql, then.sql, otherwise.sql)
        }
        [then] => format!("CASE WHEN {} THEN {} END", condition.sql, then.sql),
        _ => return Err(Untranslatable::function("iif", "it requires two or three arguments")),
    };
    Ok(Typed { detail: convert::common_detail(&results), ..Typed::atom(sql, family) })
}

/// `typeof(x)`, if the column's type determines it.
fn type_of(value: &Typed) -> Result<Typed, Untranslatable> {
    use super::super::types::{DateForm, InstantForm, UuidForm};
    let name = match value.family {
        Family::Boolean | Family::SmallInteger | Family::Integer => "integer",
        Family::Date(DateForm::Milliseconds) => "integer",
        Family::Timestamp(InstantForm::Seconds | InstantForm::Milliseconds | InstantForm::Microseconds) => {
            "integer"
        }
        Family::TimestampTz(InstantForm::Seconds | InstantForm::Milliseconds | InstantForm::Microseconds) => {
            "integer"
        }
        Family::Double => "real",
        Family::Timestamp(InstantForm::JulianDay) | Family::TimestampTz(InstantForm::JulianDay) => "real",
        Family::Text
        | Family::Words
        | Family::Json
        | Family::Uuid(UuidForm::Hyphenated | UuidForm::Simple) => "text",
        Family::Date(_) | Family::Timestamp(_) | Family::TimestampTz(_) => "text",
        Family::Bytea | Family::Uuid(UuidForm::Bytes) => "blob",
        Family::Null => return super::literal::text("null"),
        Family::Numeric
        | Family::Loose
        | Family::Mixed
        | Family::Jsonb
        | Family::JsonScalar
        | Family::Opaque
        | Family::Parameter
        | Family::Unknown => {
            return Err(Untranslatable::function("typeof", "the column type does not determine the result"));
        }
    };
    let sql = format!("CASE WHEN {} IS NULL THEN 'null' ELSE '{name}' END", value.above(Level::Comparison));
    Ok(Typed::atom(sql, Family::Text))
}
