//! Comparing the rows of a range: two readers in key order, merged by key.

use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::context::Comparison;
use super::options::{OnlyInTarget, VerifyOptions};
use super::result::{Difference, Side, TableVerification};
use super::unreadable::Unreadable;
use crate::copy::{Batch, Batcher};
use crate::error::TransferError;
use crate::table::{EachRow, Key, KeyRange, Order, ReadError, Table};

/// Compares the rows of `range`, adds the differences to `result`, and returns the number of rows of the source that
/// were compared.
pub(super) fn compare_range(
    table: &dyn Table,
    range: KeyRange,
    comparison: &mut Comparison<'_>,
    result: &mut TableVerification,
) -> Result<i64, TransferError> {
    let Comparison { source, target, options, control, .. } = comparison;
    let (options, stop) = (*options, control.stop);
    let (sqlite, postgres) = (source.sqlite(), target.postgres());
    let (row_count, outcomes) = std::thread::scope(|scope| {
        // No batch waits in between: a batch may be one large row.
        let (send_source, from_source) = sync_channel(0);
        let (send_target, from_target) = sync_channel(0);
        let rejected = Unreadable::new(options.rejected(table.name()), range);
        let source_reader = scope.spawn(move || {
            read(&send_source, stop, rejected, |each| table.read_source(sqlite, range, Order::Key, each))
        });
        let target_reader = scope.spawn(move || {
            read(&send_target, stop, Unreadable::none(range), |each| {
                table.read_target(postgres, range, Order::Key, each)
            })
        });
        let mut merge = Merge { table, options, result, last_in_target: None, row_count: 0 };
        merge.run(Rows::new(from_source), Rows::new(from_target));
        let lost = |_panic| TransferError::ReaderLost;
        let outcomes = [source_reader.join().map_err(lost)?, target_reader.join().map_err(lost)?];
        Ok::<_, TransferError>((merge.row_count, outcomes))
    })?;
    control.go_on()?;
    note_failures(result, outcomes);
    Ok(row_count)
}

/// Records why a side could not be read, if it could not.
pub(super) fn note_failures(result: &mut TableVerification, outcomes: [Result<(), ReadError>; 2]) {
    for (side, outcome) in [Side::Source, Side::Target].into_iter().zip(outcomes) {
        if let Err(error) = outcome {
            let error = with_causes(&error);
            result.failed_side.get_or_insert(side);
            result.error = Some(match result.error.take() {
                Some(first) => format!("{first}; {error}"),
                None => error,
            });
        }
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Reads one side into batches, until its end, an interruption, or the receiver is dropped.
fn read(
    send: &SyncSender<Batch>,
    stop: &AtomicBool,
    mut unreadable: Unreadable<'_>,
    read: impl FnOnce(&mut EachRow<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let send = |batch| match send.send(batch) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_no_receiver) => ControlFlow::Break(()),
    };
    let mut batcher = Batcher::default();
    let outcome = read(&mut |row| {
        if stop.load(Memory::Relaxed) {
            return ControlFlow::Break(());
        }
        match row {
            Ok((key, tuple)) => {
                unreadable.pass(key)?;
                batcher.push(key, tuple).map_or(ControlFlow::Continue(()), send)
            }
            Err(error) => unreadable.meet(error),
        }
    });
    if let Some(batch) = batcher.finish() {
        // Without a receiver the batch is not needed.
        let _ = send(batch);
    }
    outcome.and(unreadable.finish().map(|_rejected_rows| ()))
}

/// The rows of one side, in order.
struct Rows {
    receiver: Receiver<Batch>,
    batch: Batch,
    next: usize,
}

impl Rows {
    fn new(receiver: Receiver<Batch>) -> Self {
        Self { receiver, batch: Batch::default(), next: 0 }
    }

    /// The current row, if there is one.
    fn peek(&mut self) -> Option<(Key, &[u8])> {
        if self.next >= self.batch.row_count() {
            // The old batch is dropped first: memory holds one batch of a side at most.
            self.batch = Batch::default();
            self.next = 0;
            self.batch = self.receiver.recv().ok()?;
        }
        self.batch.row(self.next)
    }

    fn advance(&mut self) {
        self.next += 1;
    }
}

struct Merge<'a> {
    table: &'a dyn Table,
    options: &'a VerifyOptions,
    result: &'a mut TableVerification,
    last_in_target: Option<Key>,
    row_count: i64,
}

impl Merge<'_> {
    fn run(&mut self, mut source: Rows, mut target: Rows) {
        loop {
            let (left, right) = (source.peek(), target.peek());
            let order = match (&left, &right) {
                (None, None) => break,
                (_, Some((right, _))) if self.last_in_target == Some(*right) => {
                    self.differ(Difference::Doubled { key: *right });
                    target.advance();
                    continue;
                }
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((left, _)), Some((right, _))) => left.cmp(right),
            };
            self.compare(order, left, right);
            if order != Ordering::Greater {
                source.advance();
                self.row_count += 1;
            }
            if order != Ordering::Less {
                target.advance();
            }
        }
    }

    fn compare(&mut self, order: Ordering, left: Option<(Key, &[u8])>, right: Option<(Key, &[u8])>) {
        if order != Ordering::Less {
            self.last_in_target = right.map(|(key, _)| key);
        }
        match (order, left, right) {
            (Ordering::Less, Some((key, _)), _) => match self.is_rejected(key) {
                true => {}
                false => self.differ(Difference::MissingInTarget { key }),
            },
            (Ordering::Greater, _, Some((key, _))) => match self.options.only_in_target {
                OnlyInTarget::Kept => self.result.kept_rows += 1,
                OnlyInTarget::Different => self.differ(Difference::OnlyInTarget { key }),
            },
            (_, Some((key, left)), Some((_, right))) => {
                if self.is_rejected(key) {
                    // A reject that a later run or the application has copied.
                    self.result.rejected_rows -= 1;
                }
                if left != right {
                    for column in different_columns(self.table, left, right) {
                        self.differ(Difference::Value {
                            key,
                            column: column.to_owned(),
                            source: None,
                            target: None,
                        });
                    }
                }
            }
            _ => {}
        }
    }

    fn is_rejected(&self, key: Key) -> bool {
        self.options.rejected(self.table.name()).contains(&key)
    }

    fn differ(&mut self, difference: Difference) {
        self.result.difference_count += 1;
        if self.result.differences.len() < self.options.limit {
            self.result.differences.push(difference);
        }
    }
}

/// The columns in which two tuples of a table are not the same.
fn different_columns<'t>(table: &'t dyn Table, left: &[u8], right: &[u8]) -> Vec<&'t str> {
    let columns = table.columns().into_iter().zip(fields(left).zip(fields(right)));
    columns.filter(|(_, (left, right))| left != right).map(|(column, _)| column).collect()
}

/// The fields of a tuple, each with its length; NULL is a length alone.
pub(super) fn fields(tuple: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = tuple.get(2..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = i32::from_be_bytes(rest.first_chunk::<4>().copied()?);
        let size_bytes = 4 + usize::try_from(length).unwrap_or(0);
        let (field, others) = rest.split_at_checked(size_bytes)?;
        rest = others;
        Some(field)
    })
}
