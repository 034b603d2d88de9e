//! Defaults and generated values: the value that SQLite would store, as a value of the column's type in the target.

use sqlite3_parser::ast::{Expr, Id, Name};

use super::super::schema::Affinity;
use super::super::types::{TargetType, UuidForm};
use super::Collation;
use super::error::{Untranslatable, shortened};
use super::json;
use super::present::{self, present};
use super::quoting::unquoted;
use super::resolver::TableNames;
use super::scope::Scope;
use super::stored::{StoredValue, stored, stored_in_any_form, stored_value};
use super::translator::Translator;
use super::tree::unparenthesized;
use super::typed::{Detail, Family, LiteralValue, Typed};
use super::{convert, literal, text};

/// A default for PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslatedDefault {
    /// The expression.
    pub sql: String,
    /// Whether SQLite would store the same value in another form than that of the column's values.
    pub is_other_form: bool,
}

impl TranslatedDefault {
    fn exact(sql: String) -> Self {
        Self { sql, is_other_form: false }
    }
}

/// Translates the default of a column of this type in the target, with this affinity in the source.
///
/// # Errors
/// When a part of it is not supported, or its value is not one of the type; the error names it.
pub fn default_value(
    expression: &Expr,
    scope: &dyn Scope,
    target: TargetType,
    affinity: Affinity,
) -> Result<TranslatedDefault, Untranslatable> {
    let names = TableNames { scope };
    let translator = Translator::for_table(&names, false);
    let expression = unparenthesized(expression);
    if let Some(found) = present(&translator, expression, target) {
        let (sql, is_other_form) = found?;
        return Ok(TranslatedDefault { sql, is_other_form });
    }
    let typed = evaluated(&translator, expression)?;
    let is_integer = matches!(target, TargetType::SmallInt | TargetType::Integer | TargetType::BigInt);
    if let (true, Detail::Digits(sql)) = (is_integer, &typed.detail) {
        return Ok(TranslatedDefault::exact(sql.clone()));
    }
    let Some(value) = literal_value(&typed) else {
        return computed(&typed, target).map(TranslatedDefault::exact);
    };
    match stored_in_any_form(&value, target, affinity) {
        Some(stored) => Ok(TranslatedDefault { sql: stored.sql, is_other_form: stored.is_other_form }),
        None => Err(Untranslatable::construct(
            format!("the value {}", shown(&value)),
            "PostgreSQL's type of the column has no such value",
        )),
    }
}

/// A value that a column stores by its default: the literal, or an instant in the form of the present time. `None` if
/// it is computed otherwise.
pub(crate) fn sample(expression: &Expr, affinity: Affinity) -> Option<StoredValue> {
    let expression = unparenthesized(expression);
    if let Some(value) = present::sample(expression) {
        return stored_value(&value, affinity);
    }
    let names = TableNames { scope: &NoColumns };
    let typed = evaluated(&Translator::for_table(&names, false), expression).ok()?;
    stored_value(&literal_value(&typed)?, affinity)
}

/// A default cannot refer to a column.
struct NoColumns;

impl Scope for NoColumns {
    fn column(&self, _table: Option<&str>, _name: &str) -> Option<(String, TargetType, Collation)> {
        None
    }
}

fn evaluated(translator: &Translator<'_>, expression: &Expr) -> Result<Typed, Untranslatable> {
    match expression {
        // A bare word is text (SQLite manual, "CREATE TABLE", section 3.2).
        Expr::Id(Id(word)) | Expr::Name(Name(word))
            if !word.eq_ignore_ascii_case("true") && !word.eq_ignore_ascii_case("false") =>
        {
            literal::text(&unquoted(word))
        }
        _ => match json::constant(expression).or_else(|| text::zeros(expression)) {
            Some(constant) => Ok(constant),
            None => translator.translate(expression),
        },
    }
}

fn literal_value(typed: &Typed) -> Option<LiteralValue> {
    match typed.value() {
        None if typed.sql == "TRUE" || typed.sql == "FALSE" => {
            Some(LiteralValue::Integer(i64::from(typed.sql == "TRUE")))
        }
        value => value.cloned(),
    }
}

/// A literal as SQLite writes it.
fn shown(value: &LiteralValue) -> String {
    match value {
        LiteralValue::Integer(value) => value.to_string(),
        LiteralValue::Real(digits) => shortened(digits),
        LiteralValue::Text(text) => format!("'{}'", shortened(text)),
        LiteralValue::Blob(digits) => format!("x'{}'", shortened(digits)),
        LiteralValue::Null => "NULL".to_owned(),
    }
}

/// A value that is computed for each row.
fn computed(typed: &Typed, target: TargetType) -> Result<String, Untranslatable> {
    match (typed.family, target) {
        // PostgreSQL rejects what is no UUID, instead of storing another value.
        (Family::Text, TargetType::Uuid(UuidForm::Hyphenated | UuidForm::Simple)) => Ok(typed.cast("uuid")),
        (Family::Bytea, TargetType::Uuid(UuidForm::Bytes)) => {
            Ok(format!("encode({}, 'hex')::uuid", typed.sql))
        }
        _ => assigned(typed, target),
    }
}

/// The value that INSERT or UPDATE assigns to a column of this type.
pub(super) fn placed(typed: &Typed, target: TargetType) -> Result<String, Untranslatable> {
    match (typed.family, typed.value()) {
        (Family::Parameter | Family::Unknown, _) => Ok(typed.sql.clone()),
        (_, Some(value)) => stored(value, target, None).ok_or_else(|| {
            Untranslatable::construct(
                "a literal in a column of another type",
                "it is not a value of that type",
            )
        }),
        _ => assigned(typed, target),
    }
}

/// A computed value for a column of this type: only if PostgreSQL's assignment does not change it.
pub(super) fn assigned(typed: &Typed, target: TargetType) -> Result<String, Untranslatable> {
    let family = Family::of(target);
    let is_same = match (typed.family, target) {
        (Family::Null, _) => true,
        (Family::SmallInteger | Family::Integer, _) => {
            return match target {
                TargetType::SmallInt
                | TargetType::Integer
                | TargetType::BigInt
                | TargetType::Double
                | TargetType::AnyNumeric => Ok(typed.sql.clone()),
                TargetType::Numeric { precision, scale } if precision > scale => Ok(typed.sql.clone()),
                TargetType::Text | TargetType::Varchar(_) => Ok(typed.cast("text")),
                _ => refused(typed, target),
            };
        }
        (Family::Boolean, TargetType::SmallInt | TargetType::Integer | TargetType::BigInt) => {
            return Ok(typed.cast("integer"));
        }
        (Family::Loose | Family::Double, TargetType::Double) => true,
        (Family::Loose | Family::Double, _) => false,
        // A column has the value of the other column; a computed value would be rounded.
        (Family::Numeric, _) => typed.target == Some(target) || target == TargetType::AnyNumeric,
        (Family::Text, TargetType::Text | TargetType::Varchar(_) | TargetType::Citext) => true,
        (Family::Mixed | Family::JsonScalar | Family::Words | Family::Opaque, _) => {
            typed.target == Some(target)
        }
        (Family::Boolean | Family::Bytea | Family::Json | Family::Jsonb, _) => family == typed.family,
        (Family::Date(_) | Family::Timestamp(_) | Family::TimestampTz(_) | Family::Uuid(_), _) => {
            family == typed.family
        }
        _ => false,
    };
    if is_same { Ok(typed.sql.clone()) } else { refused(typed, target) }
}

fn refused(typed: &Typed, _target: TargetType) -> Result<String, Untranslatable> {
    Err(Untranslatable::construct(
        format!("{} in a column of another type", convert::described(typed.family)),
        "SQLite stores it unchanged, PostgreSQL would convert it",
    ))
}
