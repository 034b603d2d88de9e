//! Files that are refused, and files that are read from a copy.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;

use super::other::Other;
use super::{TOTAL, accounts, balance, folder, names, open, open_with, refusal, sqlite};
use crate::skipped::skipped;
use databases::open::{Access, open_sqlite_file};
use transfer::error::TransferError;
use transfer::source::{SnapshotKind, SourceChange, SourceOptions};

#[test]
fn a_file_that_is_not_a_database_is_refused() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let missing = refusal(open(&at("missing.db")));
    assert!(missing.contains("does not exist") && missing.contains("NameSource"), "{missing}");
    assert!(refusal(open(folder.path())).contains("is a directory"));
    std::fs::write(at("empty.db"), "").expect("write");
    assert!(refusal(open(&at("empty.db"))).contains("is empty (0 bytes)"));
    std::fs::write(at("text.db"), "id,name\n1,Ada\n".repeat(500)).expect("write");
    assert!(refusal(open(&at("text.db"))).contains("not a SQLite database"));
    std::os::unix::fs::symlink(at("missing.db"), at("broken.db")).expect("link");
    assert!(refusal(open(&at("broken.db"))).contains("does not exist"));
    assert!(refusal(open(Path::new("/dev/null"))).contains("is not a file"));
    let pipe = Command::new("mkfifo").arg(at("pipe.db")).status();
    if pipe.is_ok_and(|status| status.success()) {
        assert!(refusal(open(&at("pipe.db"))).contains("is not a file"));
    }
    assert_eq!(names(folder.path()).iter().filter(|name| name.contains('-')).count(), 0, "nothing is made");
}

#[test]
fn symbolic_links_are_resolved_to_the_file_with_its_journals() {
    let (folder, elsewhere) = (folder(), folder());
    let path = accounts(folder.path(), "wal");
    let other = Other::sql(&path, "UPDATE moves SET number = 3");
    let link = elsewhere.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).expect("link");
    let mut source = open(&link).expect("open");
    assert_eq!(balance(source.sqlite()).moves, 3);
    assert!(source.wal_size_bytes() > 0);
    assert_eq!(names(elsewhere.path()), ["link.db"]);
    other.kill();
}

#[test]
fn corrupt_files_are_detected() {
    for mode in ["wal", "delete"] {
        let folder = folder();
        let path = accounts(folder.path(), mode);
        let mut bytes = std::fs::read(&path).expect("read");
        bytes[100..4096].fill(0xff);
        std::fs::write(&path, &bytes).expect("write");
        let message = refusal(open(&path));
        assert!(message.contains("is corrupt"), "{message}");

        let folder = super::folder();
        let path = accounts(folder.path(), mode);
        let mut bytes = std::fs::read(&path).expect("read");
        bytes[1_000_000..1_100_000].fill(0xff);
        std::fs::write(&path, &bytes).expect("write");
        assert!(!open(&path).expect("open").damage().expect("check").is_empty(), "{mode}");
    }
}

#[test]
fn a_locked_file_is_reported_after_the_busy_timeout() {
    for (mode, sql) in [
        ("delete", "BEGIN EXCLUSIVE; UPDATE moves SET number = 9"),
        ("wal", "PRAGMA locking_mode = EXCLUSIVE; UPDATE moves SET number = 9"),
    ] {
        let folder = folder();
        let path = accounts(folder.path(), mode);
        let holder = Other::sql(&path, sql);
        let began = Instant::now();
        let message = refusal(open(&path));
        assert!(
            message.contains("locked by another program") && message.contains("stop the program"),
            "{message}"
        );
        assert!((4..9).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        holder.end();
        assert_eq!(balance(open(&path).expect("open").sqlite()).total, TOTAL);
    }
}

#[test]
fn a_hot_journal_is_rolled_back_in_a_copy_only() {
    let (folder, temporary) = (folder(), folder());
    let path = accounts(folder.path(), "delete");
    // The cache is so small that changed pages reach the file before the commit.
    let writer = Other::sql(
        &path,
        "PRAGMA cache_size = 5; BEGIN IMMEDIATE; UPDATE checking SET amount = 0;
         UPDATE filler SET bytes = zeroblob(1000)",
    );
    writer.kill();
    let files = || {
        ["accounts.db", "accounts.db-journal"]
            .map(|name| std::fs::read(folder.path().join(name)).expect(name))
    };
    let before = files();
    assert!(!before[1].is_empty());
    let options = SourceOptions {
        temp_dir: Some(temporary.path().to_owned()),
        reader_count: 2,
        ..SourceOptions::default()
    };
    let mut source = open_with(&path, &options).expect("open");
    assert_eq!(source.snapshot().kind, SnapshotKind::FileCopy);
    assert_eq!(balance(source.sqlite()).total, TOTAL);
    assert_eq!(balance(&mut source.take_reader().expect("a reader")).total, TOTAL);
    assert_eq!(source.damage().expect("check"), Vec::<String>::new());
    assert_eq!(source.change().expect("look"), SourceChange::None);

    // With --backup, the backup is read.
    let backup = folder.path().join("backup.db");
    let options = SourceOptions { backup: Some(backup.clone()), ..options };
    assert_eq!(balance(open_with(&path, &options).expect("open").sqlite()).total, TOTAL);
    assert_eq!(balance(open(&backup).expect("open").sqlite()).total, TOTAL);
    assert!(files() == before, "the original changed");
    assert_eq!(names(temporary.path()), Vec::<String>::new());

    // The application recovers the file, which changes it.
    Other::sql(&path, "UPDATE moves SET number = 1").end();
    assert_eq!(source.change().expect("look"), SourceChange::Written);
}

#[test]
fn insufficient_disk_space_is_reported_before_anything_is_copied() {
    let (folder, temporary) = (folder(), folder());
    let path = accounts(folder.path(), "delete");
    // A sparse file of 4 TB, according to its header and to the file system.
    let pages: u32 = 1 << 30;
    let mut bytes = std::fs::read(&path).expect("read");
    bytes[28..32].copy_from_slice(&pages.to_be_bytes());
    std::fs::write(&path, &bytes).expect("write");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("open");
    if file.set_len(u64::from(pages) * 4096).is_err() {
        skipped("the file system holds no file of 4 TB");
        return;
    }
    drop(file);
    // With sufficient space, none of it remains in use.
    let stop = AtomicBool::new(true);
    let options = SourceOptions {
        temp_dir: Some(temporary.path().to_owned()),
        stop: Some(&stop),
        ..SourceOptions::default()
    };
    let message = refusal(open_with(&path, &options));
    assert!(message.contains("needs 4398046511104 bytes"), "{message}");
    assert!(message.contains("FreeSpaceOrTempDir"), "{message}");
    assert_eq!(names(temporary.path()), Vec::<String>::new());
    let options = SourceOptions { temp_dir: Some(temporary.path().join("none")), ..SourceOptions::default() };
    let message = refusal(open_with(&path, &options));
    assert!(
        message.contains("create a private directory") && message.contains("TempDirElsewhere"),
        "{message}"
    );
}

#[test]
fn a_set_stop_flag_ends_the_copy() {
    let (folder, temporary) = (folder(), folder());
    let path = accounts(folder.path(), "delete");
    let stop = AtomicBool::new(true);
    let options = SourceOptions {
        temp_dir: Some(temporary.path().to_owned()),
        stop: Some(&stop),
        ..SourceOptions::default()
    };
    let began = Instant::now();
    assert!(matches!(open_with(&path, &options), Err(TransferError::Interrupted)));
    let options = SourceOptions { backup: Some(temporary.path().join("backup.db")), ..options };
    assert!(matches!(open_with(&path, &options), Err(TransferError::Interrupted)));
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(names(temporary.path()), Vec::<String>::new());
}

#[test]
fn no_connection_of_the_program_can_write_sqlite_schema() {
    let folder = folder();
    let path = accounts(folder.path(), "delete");
    let change = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE moves (x)' WHERE name = 'moves'";
    let mut connection = open_sqlite_file(&path, Access::Write).expect("open");
    let error = connection.batch_execute(change).expect_err("it is refused");
    assert!(error.to_string().contains("may not be modified"), "{error}");
    assert!(sqlite(&path).execute_batch(change).is_err());
}
