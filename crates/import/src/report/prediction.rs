//! Predicts the result of an import: an estimate from the numbers of rows, bytes and indexes, without measuring.
//!
//! `docs/assessment.md`, section "Prediction", documents the formula and the source of its constants.

use serde::Serialize;

use super::TableAssessment;

/// The copy rate of one connection for values, in bytes per millisecond: 80 MB/s.
const COPIED_BYTES_PER_MS: i64 = 80_000;
/// The copy rate of one connection for rows of any size, per millisecond: 300,000 rows/s.
const COPIED_ROWS_PER_MS: i64 = 300;
/// Index entries that one connection builds per millisecond.
const INDEXED_ENTRIES_PER_MS: i64 = 1_500;
/// The fixed cost of an import: start, statistics and end.
const LEAST_MS: i64 = 500;
/// PostgreSQL manual, section "Database Page Layout": a header of 23 bytes, padded to 24, and a pointer of 4.
const ROW_OVERHEAD_BYTES: i64 = 28;
/// A B-tree entry of a short key, including the tenth of each page that is left free.
const INDEX_ENTRY_BYTES: i64 = 32;
/// The page size of PostgreSQL; each table and index takes whole pages.
const PAGE_BYTES: i64 = 8_192;

/// The predicted result of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// Rows that will be rejected.
    pub rejects: i64,
    /// The expected minimum duration of an import with verification.
    pub low_ms: i64,
    /// The expected maximum duration of an import with verification, with the server on the same machine.
    pub high_ms: i64,
    /// The size of tables and indexes in the target, in bytes.
    pub target_size_bytes: i64,
}

impl Prediction {
    /// The prediction for a database of these tables.
    pub fn of(tables: &[TableAssessment]) -> Self {
        let sum = |part: fn(&TableAssessment) -> i64| {
            tables.iter().map(part).fold(0_i64, |sum, part| sum.saturating_add(part.max(0)))
        };
        let work_ms = sum(work_ms);
        Self {
            rejects: sum(|table| table.predicted_rejects),
            // Two connections share the work, at best evenly.
            low_ms: (work_ms / 2).saturating_add(LEAST_MS),
            high_ms: work_ms.saturating_mul(2).saturating_add(LEAST_MS.saturating_mul(4)),
            target_size_bytes: sum(target_size_bytes),
        }
    }
}

/// The work of one connection on a table: reading it twice, for the copy and for verification, and its indexes.
fn work_ms(table: &TableAssessment) -> i64 {
    let by_size = table.size_bytes / COPIED_BYTES_PER_MS;
    let by_rows = table.row_count / COPIED_ROWS_PER_MS;
    let indexes = entries(table) / INDEXED_ENTRIES_PER_MS;
    by_size.max(by_rows).saturating_mul(2).saturating_add(indexes)
}

fn target_size_bytes(table: &TableAssessment) -> i64 {
    let rows = table.row_count.saturating_mul(ROW_OVERHEAD_BYTES).saturating_add(table.size_bytes);
    let entries = entries(table).saturating_mul(INDEX_ENTRY_BYTES);
    // An index has a metadata page in addition to its entries.
    let pages = table.index_count.saturating_mul(2).saturating_mul(PAGE_BYTES);
    whole_pages(rows).saturating_add(whole_pages(entries)).saturating_add(pages)
}

fn entries(table: &TableAssessment) -> i64 {
    table.row_count.saturating_mul(table.index_count)
}

fn whole_pages(size_bytes: i64) -> i64 {
    size_bytes.saturating_add(PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(row_count: i64, size_bytes: i64, index_count: i64) -> TableAssessment {
        TableAssessment {
            source: "t".to_owned(),
            target: "t".to_owned(),
            row_count,
            size_bytes,
            index_count,
            predicted_rejects: 3,
            columns: Vec::new(),
        }
    }

    #[test]
    fn many_small_rows_are_counted_by_row_and_large_ones_by_size() {
        let small = Prediction::of(&[table(300_000, 1_000, 0)]);
        let large = Prediction::of(&[table(1, 80_000_000, 0)]);
        assert_eq!((small.low_ms, small.high_ms), (1_500, 6_000));
        assert_eq!((large.low_ms, large.high_ms), (small.low_ms, small.high_ms));
    }

    #[test]
    fn indexes_add_time_and_space() {
        let bare = Prediction::of(&[table(1_536_000, 0, 0)]);
        let indexed = Prediction::of(&[table(1_536_000, 0, 2)]);
        assert_eq!(indexed.high_ms - bare.high_ms, 4_096);
        assert_eq!(indexed.target_size_bytes - bare.target_size_bytes, 2 * 1_536_000 * 32 + 4 * 8_192);
    }

    #[test]
    fn the_time_of_the_copy_that_was_measured_lies_within_the_prediction() {
        // README, "How fast": 2 million rows, 542 MB, half of them in one table: 20.7 s in all.
        let tables = [table(1_000_000, 271_000_000, 3), table(1_000_000, 271_000_000, 4)];
        let prediction = Prediction::of(&tables);
        assert!(prediction.low_ms < 20_700 && 20_700 < prediction.high_ms, "{prediction:?}");
        // As in docs/assessment.md.
        assert_eq!((prediction.low_ms / 100, prediction.high_ms / 100), (96, 384));
    }

    #[test]
    fn an_empty_database_is_predicted_too_and_rejects_are_added_up() {
        let nothing = Prediction::of(&[]);
        assert_eq!((nothing.rejects, nothing.target_size_bytes), (0, 0));
        assert!(nothing.low_ms < nothing.high_ms);
        assert_eq!(Prediction::of(&[table(9, 9, 0), table(9, 9, 0)]).rejects, 6);
    }

    #[test]
    fn absurd_counts_do_not_overflow() {
        let tables = [table(i64::MAX, i64::MAX, i64::MAX), table(i64::MIN, i64::MIN, i64::MIN)];
        let prediction = Prediction::of(&tables);
        assert!(prediction.low_ms > 0 && prediction.high_ms >= prediction.low_ms);
        assert!(prediction.target_size_bytes > 0);
    }
}
