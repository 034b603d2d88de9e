//! The values of the listed differences, as text.

use super::result::Difference;
use crate::error::TransferError;
use crate::source::Source;
use crate::table::Table;
use crate::target::Target;

/// Texts up to this many characters are shown whole.
const SHOWN: usize = 120;
/// So much of a longer one is shown of its beginning, and so much before the first character that differs.
const CONTEXT: usize = 30;

/// Looks up the values of `differences`, which are those of one table.
pub(super) fn fill_values(
    table: &dyn Table,
    source: &mut Source,
    target: &mut Target,
    differences: &mut [Difference],
) -> Result<(), TransferError> {
    let mut rows = None;
    for difference in differences {
        let Difference::Value { key, column, source: of_source, target: of_target } = difference else {
            continue;
        };
        let known = rows.take().filter(|(known, _, _)| known == key);
        let what = "read a row that differs";
        let row = match known {
            Some(row) => row,
            None => {
                let left = table.show_source(source.sqlite(), *key);
                let right = table.show_target(target.postgres(), *key);
                let left = left.map_err(|source| TransferError::ReadSource { what, source })?;
                let right = right.map_err(|source| TransferError::UseTarget { what, source })?;
                (*key, left.unwrap_or_default(), right.unwrap_or_default())
            }
        };
        let place = table.columns().iter().position(|name| name == column).unwrap_or(usize::MAX);
        if let (Some(left), Some(right)) = (row.1.get(place), row.2.get(place)) {
            let (left, right) = shorten(left, right);
            *of_source = Some(left);
            *of_target = Some(right);
        }
        rows = Some(row);
    }
    Ok(())
}

/// Cuts long texts in the middle, so that where they differ is still seen.
fn shorten(left: &str, right: &str) -> (String, String) {
    let same = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    (shorten_one(left, same), shorten_one(right, same))
}

fn shorten_one(text: &str, same: usize) -> String {
    let length = text.chars().count();
    if length <= SHOWN {
        return text.to_owned();
    }
    let piece = |from: usize, count: usize| text.chars().skip(from).take(count).collect::<String>();
    let from = same.saturating_sub(CONTEXT).min(length - (SHOWN - CONTEXT)).max(CONTEXT);
    let (begin, middle) = (piece(0, CONTEXT), piece(from, SHOWN - CONTEXT));
    let gap = if from > CONTEXT { "…" } else { "" };
    let end = if from + SHOWN - CONTEXT < length { "…" } else { "" };
    format!("{begin}{gap}{middle}{end} ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_still_differ() {
        for place in [0, 5, 29, 30, 31, 100, 500, 970, 998, 999] {
            let left = "ä".repeat(1000);
            let right: String =
                left.chars().enumerate().map(|(index, c)| if index == place { 'x' } else { c }).collect();
            let (left, right) = shorten(&left, &right);
            assert_ne!(left, right, "{place}");
            assert!(right.contains('x') && right.ends_with(" (1000 characters)"), "{right}");
            assert!(right.chars().count() < 150);
        }
        assert_eq!(shorten("a", "b"), ("a".to_owned(), "b".to_owned()));
    }
}
