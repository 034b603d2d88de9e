use std::os::unix::fs::PermissionsExt as _;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::stage::{Stage, hint};
use crate::app::Ended;
use crate::disk::Disk;
use crate::own_server::OwnServer;
use crate::running::{HANGS, Running};
use crate::skipped::skipped;

/// Either way of handling rows that are refused: a failure of the server is of no row.
const WAYS: [&[&str]; 2] = [&[], &["--on-error", "skip"]];

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

fn assert_ended(ended: &Ended, code: i32, words: &str) {
    assert_eq!(ended.code, code, "{}", ended.stderr);
    assert!(hint(ended).contains(words), "{words}: {}", ended.stderr);
    assert!(!ended.stderr.contains(" rejected"), "{}", ended.stderr);
}

pub(super) fn a_deadlock_is_retried(stage: &Stage) {
    for way in WAYS {
        stage.rows(&["good", "deadlock", "good"]);
        let mut other = stage.admin();
        // Of two sessions that wait for each other, the one that checks for it is canceled.
        other
            .batch_execute("SET deadlock_timeout = '1h'; BEGIN; SELECT pg_advisory_xact_lock(7, 1)")
            .expect("lock");
        let run = Running::start(&stage.app, &[&stage.command()[..], way].concat());
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7 AND NOT granted) AS yes";
        let began = Instant::now();
        while !diesel::sql_query(waits).get_result::<Answer>(&mut other).expect("ask").yes {
            assert!(began.elapsed() < HANGS, "the run does not wait for the lock");
            std::thread::sleep(Duration::from_millis(5));
        }
        other.batch_execute("SELECT pg_advisory_xact_lock(7, 2); ROLLBACK").expect("the other is canceled");
        let ended = run.end();
        assert_ended(&ended, 0, "");
    }
}

pub(super) fn a_session_that_is_ended_is_opened_again(stage: &Stage) {
    for way in WAYS {
        stage.admin().batch_execute("ALTER SEQUENCE aside.once RESTART").expect("restart");
        stage.rows(&["good", "ended", "good"]);
        assert_ended(&stage.copy(way), 0, "");
    }
}

pub(super) fn a_statement_that_is_canceled_ends_the_run(stage: &Stage) {
    for way in WAYS {
        stage.rows(&["good", "canceled", "good"]);
        assert_ended(&stage.copy(way), 21, "");
    }
}

pub(super) fn a_missing_privilege_ends_the_run(stage: &Stage) {
    for way in WAYS {
        stage.rows(&["good", "denied", "good"]);
        assert_ended(&stage.copy(way), 21, "the role must own the target's tables");
    }
}

pub(super) fn a_full_disk_ends_the_run(stage: &Stage, server: &OwnServer) {
    let folder = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir()
        .expect("temporary folder");
    let Some(disk) = Disk::mount(folder.path(), server, "3m") else {
        skipped("only root may mount a small disk");
        return;
    };
    let mut admin = stage.admin();
    admin
        .batch_execute(&format!("CREATE TABLESPACE small LOCATION '{}'", folder.path().display()))
        .expect("make a tablespace");
    let table = format!(
        "CREATE TABLE aside.filler (words bytea) TABLESPACE small; ALTER TABLE aside.filler OWNER TO {}",
        stage.name()
    );
    admin.batch_execute(&table).expect("make a table");
    for way in WAYS {
        stage.rows(&["good", "disk", "good"]);
        assert_ended(&stage.copy(way), 21, "free disk space");
    }
    // The rows themselves fill the disk: of the table, and of every new table as well.
    let name = stage.name();
    admin
        .batch_execute(&format!("DROP TABLE aside.filler; GRANT CREATE ON TABLESPACE small TO {name}"))
        .expect("free the disk");
    for (way, of_new_tables) in WAYS.into_iter().zip(["pg_default", "small"]) {
        stage.large_rows(3000);
        admin
            .batch_execute(&format!("ALTER ROLE {name} SET default_tablespace = {of_new_tables}"))
            .expect("set");
        admin.batch_execute("ALTER TABLE contact_submissions SET TABLESPACE small").expect("move");
        assert_ended(&stage.copy(way), 21, "free disk space");
        // An empty table has new files, and the old ones go with a checkpoint.
        disk.enlarge("200m");
        admin.batch_execute("TRUNCATE contact_submissions").expect("free the disk");
        admin.batch_execute("CHECKPOINT").expect("free the disk");
        disk.enlarge("3m");
    }
    disk.enlarge("200m");
    for statement in [
        &format!("ALTER ROLE {name} RESET default_tablespace"),
        "ALTER TABLE contact_submissions SET TABLESPACE pg_default",
        "ALTER TABLE ALL IN TABLESPACE small SET TABLESPACE pg_default",
        "ALTER INDEX ALL IN TABLESPACE small SET TABLESPACE pg_default",
        "DROP TABLESPACE small",
    ] {
        admin.batch_execute(statement).expect("drop the tablespace");
    }
}

/// A copy into a table that another session has locked.
pub(super) struct Locked(JoinHandle<()>);

impl Locked {
    pub(super) fn start(server: &str) -> Self {
        let server = server.to_owned();
        Self(std::thread::spawn(move || {
            let stage = Stage::new(&server);
            stage.rows(&["good"]);
            let mut holder = stage.admin();
            holder.batch_execute("BEGIN; LOCK TABLE contact_submissions IN SHARE MODE").expect("lock");
            let ended = stage.copy(&[]);
            assert!([10, 21].contains(&ended.code), "exit {}: {}", ended.code, ended.stderr);
            let hint = hint(&ended);
            assert!(hint.contains("lock") && hint.contains("run the command again"), "{}", ended.stderr);
        }))
    }

    pub(super) fn end(self) {
        self.0.join().expect("the copy into the locked table");
    }
}
