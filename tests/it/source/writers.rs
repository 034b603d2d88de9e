//! Concurrent writers while the source is opened and read.

use super::other::Other;
use super::{TOTAL, accounts, balance, folder, names, open, open_with, sqlite, wait_for_writer};
use transfer::source::{SnapshotKind, SourceChange, SourceOptions};

/// Moves per second, errors, milliseconds of the longest.
fn measured(last: &str) -> (u64, u64, u64) {
    let numbers: Vec<u64> = last.split(' ').map(|word| word.parse().expect("a number")).collect();
    (numbers[0], numbers[1], numbers[2])
}

#[test]
fn all_readers_of_a_file_in_wal_mode_share_a_snapshot_beside_a_busy_writer() {
    let folder = folder();
    let path = accounts(folder.path(), "wal");
    let writer = Other::moving(&path);
    let mut moves = Vec::new();
    for _ in 0..30 {
        let options = SourceOptions { reader_count: 4, ..SourceOptions::default() };
        let mut source = open_with(&path, &options).expect("open");
        assert_eq!(source.snapshot().kind, SnapshotKind::WalTransaction);
        assert_eq!(source.snapshot().reader_count, 4);
        let first = balance(source.sqlite());
        assert_eq!(first.total, TOTAL);
        let mut readers: Vec<_> = std::iter::from_fn(|| source.take_reader()).collect();
        assert_eq!(readers.len(), 3);
        // The writer goes on while they read.
        wait_for_writer(&mut source);
        for reader in &mut readers {
            assert_eq!(balance(reader), first);
        }
        assert_eq!(balance(source.sqlite()), first);
        assert!(source.wal_size_bytes() > 0);
        moves.push(first.moves);
    }
    let (rate, errors, slowest) = measured(&writer.end());
    assert!(moves.is_sorted() && moves[0] < moves[29], "{moves:?}");
    // An idle machine does some thousands a second; a writer that waits for readers does none for seconds.
    assert!(rate >= 100 && errors == 0 && slowest < 5000, "{rate} a second, {errors} errors, {slowest} ms");
}

#[test]
fn the_copy_of_a_file_with_a_rollback_journal_is_consistent_beside_a_busy_writer() {
    for mode in ["delete", "truncate", "persist"] {
        let (folder, temporary) = (folder(), folder());
        let path = accounts(folder.path(), mode);
        let writer = Other::moving(&path);
        for _ in 0..5 {
            let options = SourceOptions {
                reader_count: 3,
                temp_dir: Some(temporary.path().to_owned()),
                ..SourceOptions::default()
            };
            let mut source = open_with(&path, &options).expect("open");
            assert_eq!(source.snapshot().kind, SnapshotKind::OnlineBackup);
            assert_eq!(source.snapshot().journal_mode, "delete");
            let first = balance(source.sqlite());
            assert_eq!(first.total, TOTAL);
            // The writer continues while the copy is read.
            wait_for_writer(&mut source);
            for _ in 0..2 {
                assert_eq!(balance(&mut source.take_reader().expect("a reader")), first);
            }
            assert!(source.take_reader().is_none());
            assert_eq!(source.damage().expect("check"), Vec::<String>::new());
            assert_eq!(source.wal_size_bytes(), 0);
            assert!(!cfg!(unix) || names(temporary.path()).is_empty(), "the copy is seen by others");
            drop(source);
            assert_eq!(names(temporary.path()), Vec::<String>::new());
        }
        let (rate, errors, slowest) = measured(&writer.end());
        assert!(rate >= 10 && errors == 0 && slowest < 5000, "{mode}: {rate}, {errors}, {slowest} ms");
    }
}

#[test]
fn changes_of_the_source_file_are_detected() {
    for mode in ["wal", "delete"] {
        let folder = folder();
        let path = accounts(folder.path(), mode);
        let backup =
            SourceOptions { backup: Some(folder.path().join("kept.db")), ..SourceOptions::default() };
        let mut backed_up = open_with(&path, &backup).expect("open");
        assert_eq!(backed_up.change().expect("look"), SourceChange::None);
        let mut source = open(&path).expect("open");
        assert_eq!(source.change().expect("look"), SourceChange::None);
        assert_eq!(source.change().expect("look"), SourceChange::None);
        let identity = source.snapshot().source.clone();
        assert!(identity.path.ends_with("accounts.db") && identity.size_bytes > 20_000_000, "{identity:?}");
        assert!(!cfg!(unix) || identity.inode.is_some());
        assert!(source.snapshot().size_bytes > 20_000_000);
        Other::sql(&path, "UPDATE moves SET number = 7").end();
        assert_eq!(source.change().expect("look"), SourceChange::Written, "{mode}");
        assert_eq!(backed_up.change().expect("look"), SourceChange::Written, "{mode}");
        assert_eq!(balance(source.sqlite()).moves, 0);

        let mut source = open(&path).expect("open");
        assert_eq!(balance(source.sqlite()).moves, 7);
        std::fs::rename(&path, folder.path().join("moved.db")).expect("rename");
        assert_eq!(source.change().expect("look"), SourceChange::Removed, "{mode}");
        sqlite(&path).execute_batch("CREATE TABLE other (a)").expect("another file");
        assert_eq!(source.change().expect("look"), SourceChange::Replaced, "{mode}");
    }
}
