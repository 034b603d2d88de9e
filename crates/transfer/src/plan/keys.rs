//! Comparing the keys of a table on both sides, without its rows and in bounded memory.

use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};

use diesel::QueryResult;

use crate::error::TransferError;
use crate::source::Source;
use crate::table::{Key, KeyRange, Table};
use crate::target::Target;

/// The numbers of keys on either side and on both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyCounts {
    pub(crate) both: i64,
    pub(crate) only_in_source: i64,
    pub(crate) only_in_target: i64,
}

/// Keys go through the channel in blocks of this many.
const BLOCK: usize = 8192;

/// Reads the keys of both sides at once and counts.
pub(crate) fn compare_keys(
    table: &dyn Table,
    source: &mut Source,
    target: &mut Target,
) -> Result<KeyCounts, TransferError> {
    let (sqlite, postgres) = (source.sqlite(), target.postgres());
    std::thread::scope(|scope| {
        let (send_source, source_keys) = sync_channel(2);
        let (send_target, target_keys) = sync_channel(2);
        let from_source = scope.spawn(move || {
            in_blocks(|each| table.read_source_keys(sqlite, each), |block| send_source.send(block).is_ok())
        });
        let from_target = scope.spawn(move || {
            in_blocks(
                |each| table.read_target_keys(postgres, KeyRange::ALL, each),
                |block| send_target.send(block).is_ok(),
            )
        });
        let counts = count(blocks(&source_keys), blocks(&target_keys));
        let lost = |_panic| TransferError::ReaderLost;
        from_source
            .join()
            .map_err(lost)?
            .map_err(|source| TransferError::ReadSource { what: "read the keys", source })?;
        from_target
            .join()
            .map_err(lost)?
            .map_err(|source| TransferError::UseTarget { what: "read the keys", source })?;
        Ok(counts)
    })
}

fn in_blocks(
    read: impl FnOnce(&mut dyn FnMut(Key) -> ControlFlow<()>) -> QueryResult<()>,
    send: impl Fn(Vec<Key>) -> bool,
) -> QueryResult<()> {
    let mut block = Vec::with_capacity(BLOCK);
    read(&mut |key| {
        block.push(key);
        if block.len() < BLOCK || send(std::mem::replace(&mut block, Vec::with_capacity(BLOCK))) {
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(())
    })?;
    send(block);
    Ok(())
}

fn blocks(receiver: &Receiver<Vec<Key>>) -> impl Iterator<Item = Key> + '_ {
    receiver.iter().flatten()
}

fn count(source: impl Iterator<Item = Key>, target: impl Iterator<Item = Key>) -> KeyCounts {
    let (mut source, mut target) = (source.peekable(), target.peekable());
    let mut counts = KeyCounts::default();
    loop {
        let order = match (source.peek(), target.peek()) {
            (None, None) => return counts,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(source), Some(target)) => source.cmp(target),
        };
        match order {
            Ordering::Less => counts.only_in_source += 1,
            Ordering::Equal => counts.both += 1,
            Ordering::Greater => counts.only_in_target += 1,
        }
        if order != Ordering::Greater {
            source.next();
        }
        if order != Ordering::Less {
            target.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::keys::*;

    #[test]
    fn keys_are_counted_by_the_side_that_has_them() {
        let keys = |numbers: &[i64]| numbers.iter().copied().map(Key::Integer).collect::<Vec<_>>();
        let counts = count(keys(&[1, 2, 4, 9]).into_iter(), keys(&[2, 3, 4]).into_iter());
        assert_eq!(counts, KeyCounts { both: 2, only_in_source: 2, only_in_target: 1 });
    }
}
