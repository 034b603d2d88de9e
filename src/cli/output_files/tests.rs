use super::*;

/// A folder with a file `own.db` that is to be read.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    std::fs::write(folder.path().join("own.db"), "all there is").expect("write");
    folder
}

fn files(folder: &Path, source: &str) -> OutputFiles {
    let source = SqlitePath::parse(folder.join(source).to_str().expect("UTF-8")).expect("a path");
    OutputFiles::reading(false, &source, Some(&folder.join("choices.toml")))
}

fn refusal(files: &mut OutputFiles, path: &Path, kind: OutputKind) -> String {
    files.check("--report", path, kind).map_or_else(|refusal| refusal.text, |()| String::new())
}

#[test]
fn no_spelling_of_a_file_that_is_read_is_written() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("sub")).expect("a folder");
    std::fs::write(path("choices.toml"), "").expect("write");
    std::fs::hard_link(path("own.db"), path("hard")).expect("link");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(path("own.db"), path("soft")).expect("link");
        std::os::unix::fs::symlink(path("soft"), path("softer")).expect("link");
    }
    for source in ["own.db", "soft", "softer", "hard", "sub/../own.db"] {
        for name in ["own.db", "sub/../own.db", "hard", "soft", "softer", "choices.toml"] {
            let refused = refusal(&mut files(folder.path(), source), &path(name), OutputKind::Report);
            assert!(refused.contains("is the "), "{source}, {name}: {refused}");
        }
    }
    for name in ["own.db-wal", "own.db-journal", "own.db-shm", "sub/../own.db-wal"] {
        for source in ["own.db", "softer"] {
            let refused = refusal(&mut files(folder.path(), source), &path(name), OutputKind::Report);
            assert!(refused.contains("is a file of the source"), "{source}, {name}: {refused}");
        }
    }
}

#[test]
fn directories_devices_and_other_files_are_refused() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("letter.txt"), "Dear").expect("write");
    let mut files = files(folder.path(), "own.db");
    let mut refused = |name: &str, kind| refusal(&mut files, &path(name), kind);
    assert!(refused(".", OutputKind::Report).contains("is a directory"));
    assert!(refused("none/report.json", OutputKind::Report).contains("is in no folder"));
    for kind in [OutputKind::Report, OutputKind::Page, OutputKind::Sql, OutputKind::Rejects] {
        assert!(refused("letter.txt", kind).contains("exists and is no "), "{kind:?}");
    }
    assert!(refused("letter.txt", OutputKind::Decisions).contains("may have been edited"));
    assert!(refused("/dev/null", OutputKind::Report).contains("is a device"));
    assert_eq!(refused("new.json", OutputKind::Report), "");
    // Another output of the same command.
    assert!(refused("new.json", OutputKind::Page).contains("is the file of --report"));
}

#[test]
fn a_file_is_replaced_when_it_is_whole_and_only_its_owner_may_read_it() {
    let folder = folder();
    let path = folder.path().join("report.json");
    std::fs::write(&path, "{\n  \"run_id\": \"1\"\n}\n").expect("an earlier report");
    let file = files(folder.path(), "own.db").open("--report", &path, OutputKind::Report).expect("open");
    assert!(std::fs::read_to_string(&path).expect("read").contains("run_id"), "untouched until then");
    file.write("new").expect("write");
    assert_eq!(std::fs::read_to_string(&path).expect("read"), "new");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("metadata").permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    // Nothing stays of one that was not written.
    let new = folder.path().join("other.json");
    drop(files(folder.path(), "own.db").open("--report", &new, OutputKind::Report).expect("open"));
    let names = std::fs::read_dir(folder.path()).expect("list").count();
    assert_eq!(names, 2, "own.db and report.json");
}

#[test]
#[cfg(unix)]
fn what_a_link_leads_to_is_replaced_and_the_link_stays() {
    let folder = folder();
    let (place, link) = (folder.path().join("report.json"), folder.path().join("link.json"));
    std::fs::write(&place, "").expect("write");
    std::os::unix::fs::symlink(&place, &link).expect("link");
    let file = files(folder.path(), "own.db").open("--report", &link, OutputKind::Report).expect("open");
    file.write("new").expect("write");
    assert!(link.is_symlink());
    assert_eq!(std::fs::read_to_string(&place).expect("read"), "new");
}
