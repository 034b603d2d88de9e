//! What SQLite stores for a value of PostgreSQL: its text, or its number.

use super::super::types::{DateForm, InstantForm, UuidForm};
use super::error::Untranslatable;
use super::typed::{Family, Level, Typed};
use super::written::Written;

/// The text that SQLite stores for a date, an instant or a UUID, if it is known.
pub(super) fn stored_text(typed: &Typed) -> Option<Typed> {
    let in_utc = || format!("{} AT TIME ZONE 'UTC'", typed.at(Level::Atom));
    let sql = match (typed.family, typed.written()) {
        (Family::Date(DateForm::Iso), _) => Written::DATE.text(&typed.sql),
        (Family::Date(DateForm::Midnight) | Family::Timestamp(InstantForm::Iso), Some(written)) => {
            written.text(&typed.sql)
        }
        (Family::TimestampTz(InstantForm::Iso | InstantForm::IsoUtc), Some(written)) => {
            written.text(&format!("({})", in_utc()))
        }
        (Family::Uuid(UuidForm::Hyphenated), _) => typed.cast("text"),
        (Family::Uuid(UuidForm::Simple), _) => format!("replace({}, '-', '')", typed.cast("text")),
        _ => return None,
    };
    Some(Typed::atom(sql, Family::Text))
}

/// The text of a REAL, as SQLite writes it, always with a point: the shortest one that is read as the same number. Of more
/// than 15 digits the last ones differ, as they do between versions of SQLite.
pub(super) fn real_text(typed: &Typed) -> Result<Typed, Untranslatable> {
    let (value, text) = (typed.at(Level::Atom), typed.cast("text"));
    let sql = format!(
        "CASE WHEN {value} = 0 THEN '0.0' \
         WHEN abs({value}) = 'Infinity' THEN CASE WHEN {value} > 0 THEN 'Inf' ELSE '-Inf' END \
         WHEN abs({value}) >= 1e17 OR abs({value}) < 1e-4 THEN regexp_replace({text}, '^(-?\\d)e', '\\1.0e') \
         ELSE regexp_replace({text}::numeric::text, '^(-?\\d+)$', '\\1.0') END"
    );
    Ok(Typed::atom(sql, Family::Text))
}

/// The text of a number that is an INTEGER where it is whole.
pub(super) fn number_text(typed: &Typed) -> Result<Typed, Untranslatable> {
    let value = typed.at(Level::Atom);
    let real = real_text(&Typed::atom(typed.cast("double precision"), Family::Double))?;
    let sql = format!(
        "CASE WHEN {value} = trunc({value}) AND abs({value}) < 9223372036854775807 THEN trunc({value})::bigint::text ELSE {} END",
        real.sql
    );
    Ok(Typed::atom(sql, Family::Text))
}

/// The number that SQLite stores for an instant.
pub(super) fn counted(typed: &Typed, form: InstantForm) -> Option<Typed> {
    let epoch = format!("extract(epoch FROM {})", typed.sql);
    let number = match form {
        InstantForm::Seconds => Typed::atom(format!("{epoch}::bigint"), Family::Integer),
        InstantForm::Milliseconds => Typed::atom(format!("({epoch} * 1000)::bigint"), Family::Integer),
        InstantForm::Microseconds => Typed::atom(format!("({epoch} * 1000000)::bigint"), Family::Integer),
        InstantForm::JulianDay => Typed::new(
            format!("(({epoch} * 1000)::bigint + 210866760000000) / 86400000::double precision"),
            Family::Double,
            Level::Multiplicative,
        ),
        InstantForm::Iso | InstantForm::IsoUtc => return None,
    };
    // The column applies its affinity to the other operand of a comparison.
    Some(Typed { nature: typed.nature.clone(), ..number })
}
