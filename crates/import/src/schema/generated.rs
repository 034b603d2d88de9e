//! Whether a table's generated columns can be computed.
//!
//! SQLite puts the expression of a VIRTUAL column wherever the column is named, that of a STORED one nowhere: of 30
//! columns that each name the one before twice, the last alone takes a billion instructions as soon as a SELECT is
//! prepared. Such a table is refused before any SELECT.

use std::collections::HashMap;

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

use super::declared::Declared;
use super::limits::MAX_COMPUTED;
use super::model::Encoding;
use super::parse::unquoted;
use super::pragmas::{self, ColumnRow};
use super::read::Unreadable;

/// In a statement that is not parsed, what virtual columns are named beyond their definitions: as often as this they
/// can multiply to some ten thousand at most.
const MAX_UNPARSED: usize = 24;

/// Refuses a table that takes more than [`MAX_COMPUTED`] columns to read a row.
pub(super) fn refuse_expanding(
    encoding: Encoding,
    rows: &[ColumnRow],
    declared: Option<&Declared>,
    sql: Option<&str>,
) -> Result<(), Unreadable> {
    // Hidden is 2 for a virtual generated column.
    let places: HashMap<String, usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.hidden == 2)
        .filter_map(|(place, row)| Some((pragmas::text(encoding, &row.name)?.to_ascii_lowercase(), place)))
        .collect();
    if places.len() < 2 {
        return Ok(());
    }
    let Some(declared) = declared else {
        let named = sql.map_or(usize::MAX, |sql| named(sql, &places).len());
        return if named <= places.len() + MAX_UNPARSED { Ok(()) } else { Err(Unreadable::Expanding) };
    };
    let mut needs: HashMap<usize, Vec<usize>> = HashMap::new();
    for place in places.values() {
        let expression = declared.columns.get(*place).and_then(|column| column.generated.as_ref());
        let named = expression.map(|expression| named(&expression.to_string(), &places));
        needs.insert(*place, named.unwrap_or_default());
    }
    match computed(&needs) {
        Some(count) if count <= MAX_COMPUTED => Ok(()),
        _ => Err(Unreadable::Expanding),
    }
}

/// The virtual columns that a text names, each as often as it does.
fn named(sql: &str, places: &HashMap<String, usize>) -> Vec<usize> {
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut named = Vec::new();
    while let Ok((_, Some((text, token)), _)) = scanner.scan(sql.as_bytes()) {
        // A keyword can be a name, too. The scanner gives names without their outer quotes.
        let is_word = !matches!(token, TokenType::TK_BLOB | TokenType::TK_INTEGER | TokenType::TK_FLOAT);
        let word = String::from_utf8_lossy(text).to_ascii_lowercase();
        let place = places.get(&word).or_else(|| places.get(&unquoted(&word)));
        named.extend(place.filter(|_| is_word));
    }
    named
}

/// How many columns are computed to compute all of them once; `None` where they need each other in a circle, or the
/// number has no end.
fn computed(needs: &HashMap<usize, Vec<usize>>) -> Option<usize> {
    // The columns whose needs are all known come first; without recursion, for chains are as long as tables are wide.
    let mut waiting: HashMap<usize, usize> = needs.iter().map(|(place, own)| (*place, own.len())).collect();
    let mut needed_by: HashMap<usize, Vec<usize>> = HashMap::new();
    for (place, own) in needs {
        own.iter().for_each(|other| needed_by.entry(*other).or_default().push(*place));
    }
    let mut costs: HashMap<usize, usize> = needs.keys().map(|place| (*place, 1)).collect();
    let mut ready: Vec<usize> =
        needs.iter().filter(|(_, own)| own.is_empty()).map(|(place, _)| *place).collect();
    let (mut total, mut done) = (0_usize, 0);
    while let Some(place) = ready.pop() {
        let cost = costs.get(&place).copied()?;
        total = total.checked_add(cost)?;
        done += 1;
        for user in needed_by.get(&place).into_iter().flatten() {
            let of_user = costs.get_mut(user)?;
            *of_user = of_user.checked_add(cost)?;
            let left = waiting.get_mut(user)?;
            *left -= 1;
            if *left == 0 {
                ready.push(*user);
            }
        }
    }
    (done == needs.len()).then_some(total)
}
