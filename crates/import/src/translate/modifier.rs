//! Modifiers of date and time functions.

use super::error::Untranslatable;
use super::typed::Typed;

/// An instant with a modifier applied.
pub(super) fn modified(name: &str, moment: &Typed, word: &str) -> Result<Typed, Untranslatable> {
    let refused = |why| Err(Untranslatable::function(name, why));
    let sql = &moment.sql;
    let done = |sql: String| Ok(Typed::atom(sql, moment.family));
    match word {
        "localtime" | "utc" => return refused("'localtime' and 'utc' depend on the machine's time zone"),
        "start of day" | "start of month" | "start of year" => {
            let unit = word.rsplit(' ').next().unwrap_or_default();
            return done(format!("date_trunc('{unit}', {sql})"));
        }
        _ => {}
    }
    if let Some(day) = word.strip_prefix("weekday ") {
        return match day.trim() {
            day @ ("0" | "1" | "2" | "3" | "4" | "5" | "6") => done(format!(
                "({sql} + ({day} - extract(dow FROM {sql})::integer + 7) % 7 * INTERVAL '1 day')"
            )),
            _ => refused("a weekday is a number from 0 to 6"),
        };
    }
    let Some((count, unit)) = word.split_once(' ') else { return refused("a modifier is not supported") };
    let digits = count.strip_prefix(['+', '-']).unwrap_or(count);
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return refused("a modifier is not supported");
    }
    let sign = if count.starts_with('-') { "-" } else { "+" };
    let unit = unit.trim();
    match unit.strip_suffix('s').unwrap_or(unit) {
        unit @ ("second" | "minute" | "hour" | "day") => {
            done(format!("({sql} {sign} INTERVAL '{digits} {unit}')"))
        }
        // 31 January plus a month is 2 or 3 March in SQLite; in PostgreSQL it is the last day of February.
        unit @ ("month" | "year") => done(format!(
            "(date_trunc('month', {sql}) {sign} INTERVAL '{digits} {unit}' + ({sql} - date_trunc('month', {sql})))"
        )),
        _ => refused("a modifier is not supported"),
    }
}
