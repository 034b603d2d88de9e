//! `--backup`: a copy of the source that is kept, and from which rows are read.

use std::os::unix::fs::PermissionsExt as _;

use super::other::Other;
use super::{TOTAL, accounts, balance, folder, names, open, open_with, refusal, wait_for_writer};
use crate::app::Move;
use transfer::source::{SnapshotKind, SourceOptions};

#[test]
fn a_backup_is_consistent_beside_a_busy_writer_and_is_read() {
    for mode in ["wal", "delete"] {
        let (folder, elsewhere) = (folder(), folder());
        let path = accounts(folder.path(), mode);
        let writer = Other::moving(&path);
        let backup = elsewhere.path().join("backup.db");
        let options =
            SourceOptions { backup: Some(backup.clone()), reader_count: 2, ..SourceOptions::default() };
        let mut source = open_with(&path, &options).expect("open");
        assert_eq!(source.snapshot().kind, SnapshotKind::OnlineBackup);
        assert_eq!(source.snapshot().journal_mode, mode);
        assert_eq!(source.snapshot().backup.as_deref(), backup.to_str());
        let seen = balance(source.sqlite());
        assert_eq!(seen.total, TOTAL);
        assert_eq!(balance(&mut source.take_reader().expect("a reader")), seen);
        wait_for_writer(&mut source);
        // A single file, complete without journals, readable by this user only.
        assert_eq!(names(elsewhere.path()), ["backup.db"]);
        assert_eq!(backup.metadata().expect("look").permissions().mode() & 0o777, 0o600);
        drop(source);
        let last = writer.end();
        assert_eq!(last.split(' ').nth(1), Some("0"), "{last}");
        let mut kept = open(&backup).expect("open the backup");
        assert_eq!(balance(kept.sqlite()), seen);
        assert_eq!(kept.damage().expect("check"), Vec::<String>::new());
        drop(kept);

        let message = refusal(open_with(&path, &options));
        assert!(message.contains("exists") && message.contains("NewBackupPath"), "{message}");
        let nowhere = elsewhere.path().join("none").join("backup.db");
        let message = refusal(open_with(&path, &SourceOptions { backup: Some(nowhere), ..options }));
        assert!(message.contains("keep the backup") && message.contains("WritableBackupPath"), "{message}");
        assert_eq!(names(elsewhere.path()), ["backup.db"]);
    }
}

#[test]
fn a_copy_with_a_backup_reports_its_path() {
    let this = Move::seeded(300);
    let ended = this.copy(0, &["--backup", "kept.db", "--json"]);
    assert!(
        ended.stderr.contains("backup of the source") && ended.stderr.contains("kept.db"),
        "{}",
        ended.stderr
    );
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("the report is JSON");
    assert_eq!(report["snapshot"]["backup"], "kept.db");
    assert_eq!(report["snapshot"]["kind"], "online_backup");
    assert_eq!(report["snapshot"]["journal_mode"], "wal");
    let refused = this.copy(10, &["--backup", "kept.db"]);
    assert!(refused.stderr.contains("`kept.db` exists"), "{}", refused.stderr);
    // The backup is a valid source: the same rows, of the same database.
    let again = this.copy(0, &["--sqlite", "kept.db", "--temp-dir", "."]);
    assert!(again.stderr.contains("read from a private copy"), "{}", again.stderr);
    assert!(again.stdout.contains("every row is already there"), "{}", again.stdout);
    let left = names(this.app.folder());
    assert!(left.iter().all(|name| !name.contains("backoffice-") && !name.contains("partial")), "{left:?}");
}
