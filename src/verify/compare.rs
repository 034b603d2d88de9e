//! Comparing one table: two readers, and the rows of both merged by key.

use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{Difference, OnlyInTarget, Side, TableVerification, Verdict};
use crate::copy::{Batch, Batcher, CopyError, Event, Source, Target};
use crate::table::{EachRow, Key, KeyRange, Order, ReadError, Table};

/// So many differences of a table are named; all are counted.
const NAMED: usize = 20;

/// Rows between two words about progress.
const PROGRESS_ROWS: i64 = 10_000;

pub(super) fn compare(
    table: &'static dyn Table,
    source: &mut Source,
    target: &mut Target,
    only_in_target: OnlyInTarget,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Event),
) -> Result<TableVerification, CopyError> {
    let (sqlite, postgres) = (source.sqlite(), target.postgres());
    std::thread::scope(|scope| {
        let (send_source, from_source) = sync_channel(1);
        let (send_target, from_target) = sync_channel(1);
        let source_reader = scope
            .spawn(move || read(&send_source, stop, |each| table.read_source(sqlite, KeyRange::ALL, each)));
        let target_reader = scope.spawn(move || {
            read(&send_target, stop, |each| table.read_target(postgres, KeyRange::ALL, Order::Key, each))
        });
        let mut merge = Merge::new(table, only_in_target);
        merge.run(Rows::new(from_source), Rows::new(from_target), progress);
        let lost = |_panic| CopyError::ReaderLost;
        let outcomes = [source_reader.join().map_err(lost)?, target_reader.join().map_err(lost)?];
        if stop.load(Memory::Relaxed) {
            return Err(CopyError::Interrupted);
        }
        Ok(merge.finish(outcomes))
    })
}

/// Reads one side into batches, until its end, an interruption, or nobody listens.
fn read(
    send: &SyncSender<Batch>,
    stop: &AtomicBool,
    read: impl FnOnce(&mut EachRow<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let send = |batch| match send.send(batch) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_nobody_listens) => ControlFlow::Break(()),
    };
    let mut batcher = Batcher::default();
    let mut failed = None;
    let outcome = read(&mut |row| {
        if stop.load(Memory::Relaxed) {
            return ControlFlow::Break(());
        }
        match row {
            Ok((key, tuple)) => batcher.push(key, tuple).map_or(ControlFlow::Continue(()), send),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(batch) = batcher.finish() {
        let _ = send(batch);
    }
    failed.map_or(outcome, Err)
}

/// The rows of one side, one after the other.
struct Rows {
    receiver: Receiver<Batch>,
    batch: Batch,
    next: usize,
}

impl Rows {
    fn new(receiver: Receiver<Batch>) -> Self {
        Self { receiver, batch: Batch::default(), next: 0 }
    }

    /// The row at hand, if there is one.
    fn peek(&mut self) -> Option<(Key, &[u8])> {
        if self.next >= self.batch.row_count() {
            self.batch = self.receiver.recv().ok()?;
            self.next = 0;
        }
        self.batch.row(self.next)
    }

    fn advance(&mut self) {
        self.next += 1;
    }
}

struct Merge {
    table: &'static dyn Table,
    only_in_target: OnlyInTarget,
    result: TableVerification,
    untold: i64,
}

impl Merge {
    fn new(table: &'static dyn Table, only_in_target: OnlyInTarget) -> Self {
        let result = TableVerification {
            table: table.name(),
            verdict: Verdict::NotVerified,
            source_rows: 0,
            target_rows: 0,
            kept_rows: 0,
            difference_count: 0,
            differences: Vec::new(),
            error: None,
            failed_side: None,
        };
        Self { table, only_in_target, result, untold: 0 }
    }

    fn run(&mut self, mut source: Rows, mut target: Rows, progress: &mut dyn FnMut(Event)) {
        loop {
            let (left, right) = (source.peek(), target.peek());
            let order = match (&left, &right) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((left, _)), Some((right, _))) => left.cmp(right),
            };
            match (order, left, right) {
                (Ordering::Less, Some((key, _)), _) => self.differ(Difference::MissingInTarget { key }),
                (Ordering::Greater, _, Some((key, _))) => match self.only_in_target {
                    OnlyInTarget::Kept => self.result.kept_rows += 1,
                    OnlyInTarget::Different => self.differ(Difference::OnlyInTarget { key }),
                },
                (_, Some((key, left)), Some((_, right))) if left != right => {
                    for column in different_columns(self.table, left, right) {
                        self.differ(Difference::Value { key, column });
                    }
                }
                _ => {}
            }
            if order != Ordering::Greater {
                source.advance();
                self.result.source_rows += 1;
                self.tell(progress, PROGRESS_ROWS);
            }
            if order != Ordering::Less {
                target.advance();
                self.result.target_rows += 1;
            }
        }
        self.tell(progress, 1);
    }

    fn tell(&mut self, progress: &mut dyn FnMut(Event), at_least: i64) {
        let untold = self.result.source_rows - self.untold;
        if untold >= at_least {
            progress(Event::Rows { table: self.result.table, row_count: untold });
            self.untold = self.result.source_rows;
        }
    }

    fn differ(&mut self, difference: Difference) {
        self.result.difference_count += 1;
        if self.result.differences.len() < NAMED {
            self.result.differences.push(difference);
        }
    }

    fn finish(mut self, outcomes: [Result<(), ReadError>; 2]) -> TableVerification {
        let sides = [Side::Source, Side::Target].into_iter().zip(outcomes);
        let failed: Vec<_> = sides.filter_map(|(side, outcome)| Some((side, outcome.err()?))).collect();
        if let Some((side, _)) = failed.first() {
            // What was counted as missing may only not have been read.
            self.result.verdict = Verdict::CouldNotBeVerified;
            self.result.failed_side = Some(*side);
            let errors: Vec<String> = failed.iter().map(|(_, error)| with_causes(error)).collect();
            self.result.error = Some(errors.join("; "));
        } else if self.result.difference_count > 0 {
            self.result.verdict = Verdict::Different;
        } else {
            self.result.verdict = Verdict::Verified;
        }
        self.result
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The columns in which two tuples of a table are not the same.
fn different_columns(table: &dyn Table, left: &[u8], right: &[u8]) -> Vec<&'static str> {
    let columns = table.columns().iter().zip(fields(left).zip(fields(right)));
    columns.filter(|(_, (left, right))| left != right).map(|(column, _)| *column).collect()
}

/// The fields of a tuple, each with its length; NULL is a length alone.
fn fields(tuple: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = tuple.get(2..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = i32::from_be_bytes(rest.first_chunk::<4>().copied()?);
        let size_bytes = 4 + usize::try_from(length).unwrap_or(0);
        let (field, others) = rest.split_at_checked(size_bytes)?;
        rest = others;
        Some(field)
    })
}
