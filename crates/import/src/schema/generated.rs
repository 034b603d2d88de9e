//! Checks the cost of computing a table's generated columns.
//!
//! SQLite expands the expression of a VIRTUAL column at every reference, that of a STORED one nowhere: with 30
//! columns that each refer to the one before twice, the last one takes a billion instructions as soon as a SELECT is
//! prepared. Such a table is skipped before any SELECT.

use std::collections::HashMap;

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;

use super::declared::Declared;
use super::limits::MAX_COMPUTED;
use super::model::Encoding;
use super::parse::unquoted;
use super::pragmas::{self, TableInfoRow};
use super::unreadable::UnreadableTable;

/// In a statement that is not parsed, the number of references to virtual columns beyond their definitions: with this
/// limit they can multiply to about ten thousand.
const MAX_UNPARSED: usize = 24;

/// Returns an error for a table that evaluates more than [`MAX_COMPUTED`] columns to read a row.
pub(super) fn refuse_expanding(
    encoding: Encoding,
    rows: &[TableInfoRow],
    declared: Option<&Declared>,
    sql: Option<&str>,
) -> Result<(), UnreadableTable> {
    // `hidden` is 2 for a virtual generated column.
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
        return if named <= places.len() + MAX_UNPARSED { Ok(()) } else { Err(UnreadableTable::Expanding) };
    };
    let mut needs: HashMap<usize, Vec<usize>> = HashMap::new();
    for place in places.values() {
        let expression = declared.columns.get(*place).and_then(|column| column.generated.as_ref());
        let named = expression.map(|expression| named(&expression.to_string(), &places));
        needs.insert(*place, named.unwrap_or_default());
    }
    match computed(&needs) {
        Some(count) if count <= MAX_COMPUTED => Ok(()),
        _ => Err(UnreadableTable::Expanding),
    }
}

/// The virtual columns that a text refers to, once for every reference.
fn named(sql: &str, places: &HashMap<String, usize>) -> Vec<usize> {
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut named = Vec::new();
    while let Ok((_, Some((text, token)), _)) = scanner.scan(sql.as_bytes()) {
        // A keyword can also be a name. The scanner returns names without their outer quotes.
        let is_word = !matches!(token, TokenType::TK_BLOB | TokenType::TK_INTEGER | TokenType::TK_FLOAT);
        let word = String::from_utf8_lossy(text).to_ascii_lowercase();
        let place = places.get(&word).or_else(|| places.get(&unquoted(&word)));
        named.extend(place.filter(|_| is_word));
    }
    named
}

/// The number of evaluations to compute every column once; `None` if there is a cycle, or the number overflows.
fn computed(needs: &HashMap<usize, Vec<usize>>) -> Option<usize> {
    // Columns whose dependencies are all computed come first; without recursion, because chains can be as long as the
    // table is wide.
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
