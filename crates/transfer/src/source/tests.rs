use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::source::file::SourceFile;
use crate::source::*;
use databases::pages::{PageReader, settle};

fn file(folder: &Path, mode: &str) -> PathBuf {
    let path = folder.join("source.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let sql = format!("PRAGMA journal_mode = {mode}; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (0)");
    connection.execute_batch(&sql).unwrap();
    path
}

fn number(connection: &mut SqliteConnection) -> i64 {
    use diesel::prelude::*;
    diesel::dsl::sql::<diesel::sql_types::BigInt>("SELECT n FROM t").get_result(connection).unwrap()
}

/// Runs `act` while another thread raises the number as fast as it can.
fn beside_a_writer(path: &Path, act: impl FnOnce()) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let writer = rusqlite::Connection::open(path).unwrap();
            writer.busy_timeout(Duration::from_secs(5)).unwrap();
            writer.execute_batch("PRAGMA synchronous = OFF").unwrap();
            while !stop.load(Ordering::Relaxed) {
                writer.execute_batch("UPDATE t SET n = n + 1").unwrap();
            }
        });
        // Raised also when `act` panics, or the scope would wait for ever.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act));
        stop.store(true, Ordering::Relaxed);
        outcome.unwrap();
    });
}

#[test]
fn readers_begin_at_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "wal");
    let differ = |readers: &mut [SqliteConnection]| {
        let seen: Vec<i64> = readers.iter_mut().map(number).collect();
        seen.iter().any(|each| *each != seen[0])
    };
    beside_a_writer(&path, || {
        let probe = PageReader::open(&path).unwrap();
        let mut all = readers::open(&path, 4).unwrap();
        let (mut together, mut given_up, mut differing) = (0, 0, 0);
        let began = Instant::now();
        while (together < 1000 || given_up < 20 || differing < 20) && began.elapsed().as_secs() < 300 {
            match readers::try_begin(&mut all, &path, &probe).unwrap() {
                None => given_up += 1,
                Some(_) => {
                    assert!(!differ(&mut all), "after {together} that were the same");
                    together += 1;
                    readers::end_all(&mut all).unwrap();
                }
            }
            // What this test can see at all: without a look at the data version they are not the same.
            readers::begin_all(&mut all).unwrap();
            differing += i32::from(differ(&mut all));
            readers::end_all(&mut all).unwrap();
        }
        assert!(together >= 1000 && given_up >= 20 && differing >= 20, "{together} {given_up} {differing}");
    });
}

#[test]
fn without_a_quiet_moment_there_is_one_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "wal");
    let probe = PageReader::open(&path).unwrap();
    let (mut readers, version) = readers::of_wal(&path, 4, &probe, Duration::ZERO).unwrap();
    assert_eq!((readers.len(), number(&mut readers[0])), (1, 0));
    assert_eq!(probe.data_version().unwrap(), version);
}

#[test]
fn files_that_others_write_to_are_not_copied_one_by_one() {
    let (folder, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = file(folder.path(), "delete");
    let source = SourceFile::look(&path).unwrap();
    let copy = || files::copy(&source, Some(temporary.path()), &|| true);
    beside_a_writer(&path, || {
        assert!(matches!(copy(), Err(SourceError::Restless { .. })));
    });
    // (Its locks went with the copying, see `files.rs`: it writes alone.) Once they are left alone, they are.
    let set = copy().unwrap().unwrap();
    assert_eq!(std::fs::read(&set.path).unwrap(), std::fs::read(&path).unwrap());
    drop(set);
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn copying_pages_ends_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "delete");
    let copy = folder.path().join("copy.db");
    std::fs::write(&copy, "").unwrap();
    let reader = PageReader::open(&path).unwrap();
    reader.begin().unwrap();
    assert!(!reader.copy_into(&copy, &|| false).unwrap());
    assert!(reader.copy_into(&copy, &|| true).unwrap());
    reader.end().unwrap();
    assert_eq!(settle(&copy).unwrap(), "delete");
    assert_eq!(number(&mut readers::of_copy(&copy, 1).unwrap()[0]), 0);
}
