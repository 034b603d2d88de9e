use std::time::Duration;

use super::*;

/// Something that happens at a time, in milliseconds.
enum Step {
    At(u64, Event<'static>),
    /// What must remain of the stage and of the run then, in milliseconds.
    Remains(u64, Option<u64>, Option<u64>),
}

use Step::{At, Remains};

fn planned(tables: &[(&'static str, u64, u64)]) -> Estimate {
    let work = |(table, row_count, size_bytes): &(&'static str, u64, u64)| {
        let (row_count, size_bytes) = (*row_count, *size_bytes);
        let work = PlannedWork {
            row_count,
            size_bytes,
            missing_rows: row_count,
            missing_bytes: size_bytes,
            ..PlannedWork::default()
        };
        ((*table).to_owned(), work)
    };
    Estimate { planned: tables.iter().map(work).collect(), ..Estimate::default() }
}

fn begun(stage: Stage, row_count: i64, size_bytes: Option<u64>) -> Event<'static> {
    Event::StageBegun { stage, row_count, size_bytes }
}

fn rows(table: &'static str, row_count: i64, size_bytes: usize) -> Event<'static> {
    Event::Rows { table, row_count, size_bytes }
}

fn ended(stage: Stage) -> Event<'static> {
    Event::StageEnded { stage, elapsed: Duration::ZERO }
}

fn ms(duration: Option<Duration>) -> Option<u64> {
    duration.map(|duration| u64::try_from(duration.as_millis()).expect("a short time"))
}

fn follow(name: &str, mut estimate: Estimate, steps: Vec<Step>) {
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            At(at, event) => estimate.observe(&event, Duration::from_millis(at)),
            Remains(at, stage, run) => {
                let progress = estimate.stage(Duration::from_millis(at)).expect("a stage");
                let found = (ms(progress.remaining), ms(progress.run_remaining));
                assert_eq!(found, (stage, run), "{name}, step {number}: {progress:?}");
            }
        }
    }
}

/// How long comparing and gathering statistics take when copying takes 10 s.
fn after_copy(copy_ms: u64) -> u64 {
    copy_ms * (VERIFY_PERCENT + FINISH_PERCENT) / 100
}

#[test]
fn what_remains_follows_from_the_bytes_that_were_seen() {
    let two = || planned(&[("large", 1000, 90_000), ("small", 1000, 10_000)]);
    follow(
        "nothing is predicted before something is done",
        two(),
        vec![
            At(0, begun(Stage::Copy, 2000, Some(100_000))),
            Remains(5000, None, None),
            At(5000, rows("large", 1, 10)),
            Remains(5000, None, None),
        ],
    );
    follow(
        "by bytes, not by rows",
        two(),
        vec![
            At(1000, begun(Stage::Copy, 2000, Some(100_000))),
            At(2000, rows("small", 1000, 10_000)),
            At(2000, Event::TableDone { table: "small" }),
            Remains(2000, Some(9000), Some(9000 + after_copy(10_000))),
            At(6000, rows("large", 500, 45_000)),
            Remains(6500, Some(4500), Some(4500 + after_copy(10_000))),
        ],
    );
    follow(
        "rows that are twice as large as planned correct the plan",
        planned(&[("one", 1000, 10_000)]),
        vec![
            At(0, begun(Stage::Copy, 1000, Some(10_000))),
            // Half of the rows took 10 kB. Of the other half, 5 kB were planned: the mean of both.
            At(1000, rows("one", 500, 10_000)),
            Remains(1000, Some(750), Some(750 + 1000 * (VERIFY_PERCENT + FINISH_PERCENT) / 100)),
            At(2000, rows("one", 500, 10_000)),
            At(2000, Event::TableDone { table: "one" }),
            Remains(2000, Some(0), Some(1000 * (VERIFY_PERCENT + FINISH_PERCENT) / 100)),
        ],
    );
    follow(
        "a comparison alone ends with its stage",
        two(),
        vec![
            At(0, begun(Stage::Verify, 2000, Some(100_000))),
            At(1000, rows("large", 500, 45_000)),
            Remains(1000, Some(1222), Some(1222)),
        ],
    );
    follow(
        "a sample goes by rows",
        two(),
        vec![
            At(0, begun(Stage::Verify, 200, None)),
            At(1000, rows("large", 50, 0)),
            Remains(1000, Some(3000), None),
        ],
    );
    follow(
        "without rows to come nothing is known",
        two(),
        vec![At(0, begun(Stage::Copy, 0, None)), At(900, rows("large", 7, 0)), Remains(1000, None, None)],
    );
}

#[test]
fn indexes_and_keys_count_as_bytes() {
    let queued = Event::TableQueued { table: "one", index_count: 2, foreign_key_count: 1 };
    let index = || Event::IndexBuilt { table: "one", name: "i" };
    let size = 1000 * INDEX_BYTES * 2;
    let copied = usize::try_from(size).expect("a size");
    follow(
        "indexes of a stage",
        planned(&[("one", 1000, size)]),
        vec![
            At(0, begun(Stage::Copy, 1000, Some(size))),
            At(0, queued),
            At(1000, rows("one", 1000, copied)),
            At(1000, Event::TableDone { table: "one" }),
            Remains(1000, Some(1000), {
                let rest =
                    (size * (VERIFY_PERCENT + FINISH_PERCENT) / 100 + 1000 * FOREIGN_KEY_BYTES) * 1000 / size;
                Some(1000 + rest)
            }),
            At(1500, index()),
            Remains(1500, Some(500), {
                let rest =
                    (size * (VERIFY_PERCENT + FINISH_PERCENT) / 100 + 1000 * FOREIGN_KEY_BYTES) * 1000 / size;
                Some(500 + rest)
            }),
            At(2000, index()),
            Remains(2000, Some(0), {
                let rest =
                    (size * (VERIFY_PERCENT + FINISH_PERCENT) / 100 + 1000 * FOREIGN_KEY_BYTES) * 1000 / size;
                Some(rest)
            }),
        ],
    );
}

#[test]
fn later_stages_are_predicted_at_the_rate_of_the_run() {
    follow(
        "copy, then verify",
        planned(&[("one", 1000, 100_000)]),
        vec![
            At(0, begun(Stage::Copy, 1000, Some(100_000))),
            At(10_000, rows("one", 1000, 100_000)),
            At(10_000, ended(Stage::Copy)),
            At(10_000, begun(Stage::Verify, 1000, Some(100_000))),
            // Before the first row, at the rate of the copy.
            Remains(10_000, None, Some(after_copy(10_000))),
        ],
    );
}

#[test]
fn rates_are_shown_as_a_person_writes_them() {
    for (count, elapsed_ms, rows, bytes) in [
        (0, 1000, "0", "0 B/s"),
        (8, 10_000, "0.8", "0.8 B/s"),
        (1, 100_000, "0.010", "0.010 B/s"),
        (99, 10_000, "9.9", "9.9 B/s"),
        (10, 1000, "10", "10 B/s"),
        (1234, 1000, "1,234", "1.2 kB/s"),
        (12_345_678, 1000, "12,345,678", "12 MB/s"),
        (3_450_000, 1000, "3,450,000", "3.4 MB/s"),
        (1, 0, "1,000", "1.0 kB/s"),
    ] {
        let rate = Rate::new(count, Duration::from_millis(elapsed_ms));
        assert_eq!(
            (rate.to_string().as_str(), rate.bytes().as_str()),
            (rows, bytes),
            "{count} in {elapsed_ms} ms"
        );
    }
}

#[test]
fn durations_are_shown_as_a_person_writes_them() {
    for (millis, shown) in [
        (0, "0 s"),
        (1, "1 s"),
        (59_000, "59 s"),
        (60_000, "1 min 0 s"),
        (3_599_001, "1 h 0 min"),
        (7_500_000, "2 h 5 min"),
    ] {
        assert_eq!(duration(Duration::from_millis(millis)), shown);
    }
}
