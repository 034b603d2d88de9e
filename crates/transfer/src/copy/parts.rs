//! Cutting tables into parts, so that several connections have about the same to do.

use diesel::QueryResult;

use crate::source::Source;
use crate::table::Table;
use crate::target::state::Part;

/// A table with fewer rows is one part: what a part costs would outweigh what it gains.
const SMALLEST_SPLIT: i64 = 100_000;

/// The parts of a table of `row_count` rows, of `all_rows` in all tables, for `jobs` connections. A table that is less
/// than its share is one part: its rows are written in key order, which suits its indexes.
pub(super) fn split(
    source: &mut Source,
    table: &dyn Table,
    row_count: i64,
    all_rows: i64,
    jobs: i64,
) -> QueryResult<Vec<Part>> {
    let share = (all_rows / jobs.max(1)).max(SMALLEST_SPLIT);
    let part_count = (row_count / share + i64::from(row_count % share > share / 4)).clamp(1, jobs.max(1));
    let mut parts = Vec::new();
    let mut after = None;
    for number in 1..part_count {
        let place = row_count / part_count * number;
        let Some(key) = source.key_at(table, place)? else { break };
        parts.push((after, Some(key)));
        after = Some(key);
    }
    // The last part is open: a run that continues may find new rows behind it.
    parts.push((after, None));
    let numbered = (0..).zip(parts);
    Ok(numbered.map(|(number, (after, upto))| Part::new(number, after, upto)).collect())
}
