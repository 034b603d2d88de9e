//! Files and directories without write or read permission.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::other::Other;
use super::{TOTAL, accounts, folder, names};
use crate::skipped::skipped;

/// This test binary as an unprivileged user; `None`, and a message, if that is not possible.
fn as_nobody(place: &Path) -> Option<impl Fn() -> Command> {
    let program = place.join("program");
    std::fs::copy(std::env::current_exe().expect("own path"), &program).expect("copy the program");
    let probe = place.join("probe");
    std::fs::create_dir(&probe).expect("folder");
    mode(&probe, 0o555);
    let may_do_anything = std::fs::write(probe.join("file"), "").is_ok();
    let prefixes: [&[&str]; 3] = [
        &[],
        &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        &["runuser", "-u", "nobody", "--"],
    ];
    let works = |prefix: &[&str]| match prefix.split_first() {
        None => !may_do_anything,
        Some((first, rest)) => {
            Command::new(first).args(rest).arg("true").status().is_ok_and(|status| status.success())
        }
    };
    let Some(prefix) = prefixes.into_iter().find(|prefix| works(prefix)) else {
        skipped("neither setpriv nor runuser can run a command as a user without rights");
        return None;
    };
    Some(move || {
        let words: Vec<&std::ffi::OsStr> =
            prefix.iter().map(std::ffi::OsStr::new).chain([program.as_os_str()]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir("/");
        command
    })
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set permissions");
}

#[test]
fn read_only_files_and_directories_are_read() {
    let place = folder();
    mode(place.path(), 0o755);
    let Some(program) = as_nobody(place.path()) else { return };
    for (name, file_mode, folder_mode, journal_mode, kind) in [
        ("a", 0o444, 0o755, "delete", "OnlineBackup"),
        ("b", 0o444, 0o555, "delete", "OnlineBackup"),
        ("c", 0o444, 0o555, "wal", "FileCopy"),
        ("d", 0o000, 0o555, "delete", "open source"),
    ] {
        let folder = place.path().join(name);
        std::fs::create_dir(&folder).expect("folder");
        let path = accounts(&folder, journal_mode);
        if journal_mode == "wal" {
            // Committed pages remain in the -wal file.
            Other::sql(&path, "UPDATE moves SET number = 4242").kill();
            std::fs::remove_file(folder.join("accounts.db-shm")).expect("remove");
            assert!(folder.join("accounts.db-wal").metadata().expect("look").len() > 0);
            mode(&folder.join("accounts.db-wal"), file_mode);
        }
        mode(&path, file_mode);
        mode(&folder, folder_mode);
        let before = names(&folder);
        let said = Other::opening(program(), &path);
        assert!(said.starts_with(kind), "{name}: {said}");
        let read = said.contains(&format!("total: {TOTAL}"));
        assert_eq!(read, file_mode != 0, "{name}: {said}");
        assert_eq!(said.contains("moves: 4242"), journal_mode == "wal", "{name}: {said}");
        assert_eq!(names(&folder), before);
        mode(&folder, 0o755);
    }
}
