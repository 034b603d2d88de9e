//! `app db sync` beside writers, in one run: how long a commit takes to reach PostgreSQL, and what the change log costs the
//! writers.
//!
//! A writer commits at a fixed rate, first without any capture and then while the source is followed; each transaction
//! updates a row, inserts one, and writes its number. A connection to PostgreSQL asks every 2 ms for the highest number: the
//! lag of a transaction is the time from its COMMIT until it was seen there. The cost is measured at full speed with three
//! indexes, in turn with and without capture: elapsed time of the writer, medians, for single rows and for transactions of
//! 100 rows.
//!
//! `cargo bench --bench live -- --seconds 10 --runs 5`; PostgreSQL as in the tests.

#[path = "../../tests/it/cluster.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod cluster;
mod cost;
mod lag;

use std::io::Write as _;

/// Transactions a second.
const RATES: [u64; 3] = [100, 1_000, 5_000];

/// The journal modes of SQLite that matter to whoever reads beside writers.
const JOURNALS: [&str; 2] = ["wal", "delete"];

fn main() {
    let seconds = option("--seconds").unwrap_or(10);
    let runs = option("--runs").unwrap_or(5);
    for journal in JOURNALS {
        for rate in RATES {
            lag::measure(journal, rate, seconds);
        }
    }
    for journal in JOURNALS {
        for rows in [1, 100] {
            cost::measure(journal, rows, runs);
        }
    }
}

/// The number after this option.
fn option(name: &str) -> Option<u64> {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|argument| argument == name)?;
    Some(arguments.get(place + 1)?.parse().expect("a number"))
}

fn print(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("print");
}
