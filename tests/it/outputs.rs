//! Output files: none replaces what the command reads, and each appears as a whole.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::app::{App, Move};
use crate::cluster::TestDatabase;
use crate::skipped::skipped;

/// A small database of another application, with a link and a hard link to it.
fn legacy() -> App {
    let app = App::new();
    let sqlite = rusqlite::Connection::open(app.path("own.db")).expect("open");
    sqlite
        .execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL); INSERT INTO t VALUES (1, 'x')",
        )
        .expect("make the source");
    drop(sqlite);
    std::os::unix::fs::symlink(app.path("own.db"), app.path("soft.db")).expect("link");
    std::fs::hard_link(app.path("own.db"), app.path("hard.db")).expect("link");
    std::fs::create_dir(app.path("sub")).expect("a folder");
    std::fs::write(app.path(".env"), "").expect("write");
    std::fs::write(app.path("choices.toml"), "schema = \"a\"\n").expect("write");
    app
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("list");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn no_option_of_any_command_destroys_what_the_command_reads() {
    let app = legacy();
    let target = TestDatabase::create();
    let before = std::fs::read(app.path("own.db")).expect("read");
    let there = names(app.folder());
    let import = ["db", "import", "own.db", "--config", "choices.toml", "--postgres", target.url()];
    let assess = ["db", "assess", "own.db", "--config", "choices.toml"];
    let convert = ["db", "convert", "own.db", "--config", "choices.toml"];
    let options: [(&[&str], &str); 6] = [
        (&import, "--report"),
        (&import, "--rejects-file"),
        (&import, "--backup"),
        (&assess, "--html"),
        (&convert, "--output"),
        (&convert, "--write-config"),
    ];
    let places = [
        "own.db",
        "./sub/../own.db",
        "soft.db",
        "hard.db",
        "own.db-wal",
        "own.db-journal",
        ".env",
        "choices.toml",
    ];
    for (command, option) in options {
        for place in places.into_iter().chain(["sub", "/dev/null", "none/file"]) {
            for force in [false, true] {
                let forced: &[&str] = if force { &["--force"] } else { &[] };
                let ended = app.expect(2, &[command, &[option, place], forced].concat());
                let text = format!("error: {option} `{place}` is ");
                assert!(ended.stderr.contains(&text), "{text}: {}", ended.stderr);
            }
        }
    }
    app.expect(2, &[&import[..], &["--report", "same.json", "--rejects-file", "./same.json"]].concat());
    let mut below = app.command(&["db", "assess", "../own.db", "--html", "../.env", "--force"]);
    let ended = below.current_dir(app.path("sub")).output().expect("run the program");
    assert_eq!(ended.status.code(), Some(2), "{}", String::from_utf8_lossy(&ended.stderr));
    app.expect(2, &[&convert[..], &["--output", "same.sql", "--write-config", "sub/../same.sql"]].concat());
    assert_eq!(std::fs::read(app.path("own.db")).expect("read"), before);
    assert_eq!(names(app.folder()), there, "nothing was made");
}

#[test]
fn an_earlier_output_is_replaced_and_another_file_only_by_force() {
    let app = legacy();
    let target = TestDatabase::create();
    let import = [
        "db",
        "import",
        "own.db",
        "--postgres",
        target.url(),
        "--restart",
        "--yes",
        "--report",
        "report.json",
    ];
    let assess = ["db", "assess", "own.db", "--html", "page.html"];
    let convert = ["db", "convert", "own.db", "--output", "schema.sql"];
    let write_config = ["db", "convert", "own.db", "--write-config", "new.toml"];
    let outputs: [(&[&str], &str); 4] = [
        (&import, "report.json"),
        (&assess, "page.html"),
        (&convert, "schema.sql"),
        (&write_config, "new.toml"),
    ];
    for (command, name) in outputs {
        app.expect(0, command);
        let first = std::fs::read(app.path(name)).expect("the output");
        assert!(!first.is_empty());
        if name == "new.toml" {
            // It may have been edited.
            app.expect(2, command);
        } else {
            std::fs::set_permissions(app.path(name), std::fs::Permissions::from_mode(0o644))
                .expect("open it");
            app.expect(0, command);
        }
        std::fs::write(app.path(name), "something else").expect("write");
        let ended = app.expect(2, command);
        assert!(ended.stderr.contains("--force"), "{}", ended.stderr);
        assert_eq!(std::fs::read(app.path(name)).expect("read"), b"something else");
        app.expect(0, &[command, &["--force"]].concat());
        assert!(std::fs::read(app.path(name)).expect("read").starts_with(&first[..16]), "{name}");
        let mode = app.path(name).metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_report_that_cannot_be_written_at_the_end_is_printed() {
    let this = Move::seeded(50);
    let disk = this.app.path("disk");
    std::fs::create_dir(&disk).expect("a folder");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4k", "tmpfs"]).arg(&disk).status();
    if !mounted.is_ok_and(|status| status.success()) {
        skipped("only root may mount a small disk");
        return;
    }
    let ended = this.copy(1, &["--report", "disk/report.json"]);
    let left = names(&disk);
    let unmounted = Command::new("umount").arg(&disk).status().expect("run umount");
    assert!(unmounted.success(), "the disk is busy");
    let printed = ended.stdout.find("{\n").map(|at| &ended.stdout[at..]).expect("the report is printed");
    let report: serde_json::Value = serde_json::from_str(printed).expect("JSON");
    assert_eq!(report["exit_code"], 0, "{report}");
    assert!(ended.stderr.contains("write `disk/report.json`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("hint: free space") && !ended.stderr.contains("bug"), "{}", ended.stderr);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn only_its_owner_may_read_a_database_that_the_program_creates() {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let _open = app.sqlite();
    for name in names(app.folder()) {
        let mode = app.path(&name).metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_project_fills_an_empty_folder_that_stays_the_same_and_no_other() {
    use std::os::unix::fs::MetadataExt as _;

    let app = legacy();
    let inode = |name: &str| app.path(name).metadata().expect("metadata").ino();
    let before = inode("sub");
    // From within, as the user who made it.
    let mut within = app.command(&["db", "convert", "../own.db", "--diesel", "."]);
    let ended = within.current_dir(app.path("sub")).output().expect("run the program");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(inode("sub"), before);
    app.expect(0, &["db", "convert", "own.db", "--diesel", "new"]);
    assert_eq!(names(&app.path("sub")), names(&app.path("new")));
    assert!(app.path("new/Cargo.toml").exists());
    app.expect(3, &["db", "convert", "own.db", "--diesel", "new"]);
}
