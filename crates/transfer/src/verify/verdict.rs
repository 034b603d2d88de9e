//! The verdict of a run or a comparison.

use serde::{Serialize, Serializer};

use super::options::Depth;
use super::result::{Side, Verification};
use databases::error::ExitStatus;

/// What is proved of source and target after a run or a comparison. Set once, by [`Verdict::of`], when verification has
/// ended; a run that ends before that has no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every value of every row was compared and is equal; foreign keys, sequences, indexes and checks are as expected.
    Verified,
    /// No difference was found, but not every value was compared: a comparison of counts or of a sample.
    NoDifferenceFound,
    /// What was copied is equal, but something of the source is not in the target: rejected rows, skipped objects, or
    /// parts of the source that the run does not copy.
    Incomplete,
    /// At least one value, key, sequence, constraint or index differs.
    Different,
    /// No difference was found, but this side could not be read to its end.
    NotVerified(Side),
}

impl Verdict {
    /// The verdict on `verification`, with the number of `rejected_rows` and `skipped_objects` of the run, and whether
    /// the source `is_partial`: something of it is not copied, whatever its rows are.
    pub fn of(
        verification: &Verification,
        rejected_rows: i64,
        skipped_objects: usize,
        is_partial: bool,
    ) -> Self {
        if verification.differs() {
            return Self::Different;
        }
        if let Some(side) = verification.unreadable() {
            return Self::NotVerified(side);
        }
        let has_rejects =
            rejected_rows > 0 || verification.tables.iter().any(|table| table.rejected_rows > 0);
        if has_rejects || skipped_objects > 0 || is_partial {
            return Self::Incomplete;
        }
        match verification.depth {
            Depth::Full => Self::Verified,
            Depth::Counts | Depth::Sample(_) => Self::NoDifferenceFound,
        }
    }

    /// The status with which a command of this verdict ends.
    pub fn exit_status(self) -> ExitStatus {
        match self {
            Self::Verified | Self::NoDifferenceFound => ExitStatus::Done,
            Self::Incomplete => ExitStatus::Incomplete,
            Self::Different => ExitStatus::Different,
            Self::NotVerified(Side::Source) => ExitStatus::SourceFailed,
            Self::NotVerified(Side::Target) => ExitStatus::TargetFailed,
        }
    }

    /// Whether a run of this verdict keeps what it wrote when all of it is one transaction.
    pub fn keeps_rows(self) -> bool {
        match self {
            Self::Verified | Self::NoDifferenceFound | Self::Incomplete => true,
            Self::Different | Self::NotVerified(_) => false,
        }
    }

    /// The verdict as one word, as in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::NoDifferenceFound => "no_difference_found",
            Self::Incomplete => "incomplete",
            Self::Different => "different",
            Self::NotVerified(_) => "not_verified",
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::super::not_in_force::NotInForce;
    use super::super::result::{Orphans, TableVerdict, TableVerification};
    use super::*;

    fn verification(depth: Depth, verdict: TableVerdict) -> Verification {
        let mut table = TableVerification::new("t");
        table.verdict = verdict;
        Verification {
            depth,
            seed: None,
            tables: vec![table],
            orphans: Vec::new(),
            sequences_behind: Vec::new(),
            not_in_force: Vec::new(),
            not_in_force_before: Vec::new(),
            structure: Vec::new(),
        }
    }

    fn unreadable(side: Side) -> Verification {
        let mut found = verification(Depth::Full, TableVerdict::CouldNotBeVerified);
        found.tables[0].failed_side = Some(side);
        found
    }

    fn with_rejects(mut found: Verification) -> Verification {
        found.tables[0].rejected_rows = 1;
        found
    }

    fn unsound(mut found: Verification) -> Verification {
        let text = String::from;
        let (table, kind, name, state) = (text("t"), text("index"), text("i"), text("not valid"));
        found.not_in_force.push(NotInForce { table, kind, name, state, is_reported: false });
        found
    }

    #[test]
    fn what_the_run_reported_is_listed_and_no_difference() {
        let mut found = unsound(verification(Depth::Full, TableVerdict::Verified));
        found.not_in_force[0].is_reported = true;
        let (table, columns, parent) = ("t".to_owned(), "p".to_owned(), "p".to_owned());
        found.orphans.push(Orphans { table, columns, parent, row_count: 1, is_reported: true });
        assert_eq!(Verdict::of(&found, 0, 1, false), Verdict::Incomplete);
        found.orphans[0].is_reported = false;
        assert_eq!(Verdict::of(&found, 0, 1, false), Verdict::Different);
    }

    #[test]
    fn each_outcome_has_its_verdict() {
        use TableVerdict::{Different, NotVerified, Verified};
        let equal = || verification(Depth::Full, Verified);
        let differs = || verification(Depth::Full, Different);
        let cases = [
            ("all equal", equal(), (0, 0, false), Verdict::Verified, 0),
            ("rejects of the run", equal(), (1, 0, false), Verdict::Incomplete, 40),
            ("rejects of an earlier run", with_rejects(equal()), (0, 0, false), Verdict::Incomplete, 40),
            ("a skipped object", equal(), (0, 1, false), Verdict::Incomplete, 40),
            ("a partial source", equal(), (0, 0, true), Verdict::Incomplete, 40),
            ("a value differs", differs(), (0, 0, false), Verdict::Different, 30),
            ("a difference outweighs rejects", with_rejects(differs()), (1, 1, true), Verdict::Different, 30),
            ("an index is not in force", unsound(equal()), (0, 0, false), Verdict::Different, 30),
            (
                "a difference outweighs an unreadable side",
                unsound(unreadable(Side::Source)),
                (0, 0, false),
                Verdict::Different,
                30,
            ),
            (
                "the source is unreadable",
                unreadable(Side::Source),
                (0, 0, false),
                Verdict::NotVerified(Side::Source),
                20,
            ),
            (
                "an unreadable side outweighs rejects",
                with_rejects(unreadable(Side::Target)),
                (1, 0, false),
                Verdict::NotVerified(Side::Target),
                21,
            ),
            (
                "counts are equal",
                verification(Depth::Counts, NotVerified),
                (0, 0, false),
                Verdict::NoDifferenceFound,
                0,
            ),
            (
                "a small table is compared whole",
                verification(Depth::Sample(9), Verified),
                (0, 0, false),
                Verdict::NoDifferenceFound,
                0,
            ),
            (
                "counts with rejects",
                with_rejects(verification(Depth::Counts, NotVerified)),
                (0, 0, false),
                Verdict::Incomplete,
                40,
            ),
            ("counts differ", verification(Depth::Counts, Different), (0, 0, false), Verdict::Different, 30),
        ];
        for (name, found, (rejected, skipped, is_partial), verdict, code) in cases {
            let actual = Verdict::of(&found, rejected, skipped, is_partial);
            assert_eq!(actual, verdict, "{name}");
            assert_eq!(actual.exit_status().code(), code, "{name}");
        }
    }
}
