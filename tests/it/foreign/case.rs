//! A case: a source, and the expected target after its import. `tests/cases/README.md` documents each key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rusqlite::config::DbConfig;
use serde::Deserialize;

/// A folder with one problem.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) folder: PathBuf,
}

/// The expected result. Absent keys are not checked.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) exit: Option<i32>,
    pub(super) rejects: Option<i64>,
    #[serde(default)]
    pub(super) rules: Vec<String>,
    #[serde(default)]
    pub(super) tables: BTreeMap<String, ExpectedTable>,
    #[serde(default)]
    pub(super) values: BTreeMap<String, ExpectedValues>,
    pub(super) views: Option<BTreeMap<String, i64>>,
    #[serde(default)]
    pub(super) absent: Vec<String>,
    pub(super) total_tables: Option<usize>,
    pub(super) total_rows: Option<i64>,
    #[serde(default)]
    pub(super) refuses: Vec<String>,
    #[serde(default)]
    pub(super) accepts: Vec<String>,
}

/// The expected table.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ExpectedTable {
    pub(super) rows: Option<i64>,
    pub(super) columns: BTreeMap<String, String>,
    pub(super) not_null: Vec<String>,
    pub(super) primary_key: Option<Vec<String>>,
    pub(super) unique: Option<Vec<Vec<String>>>,
    pub(super) foreign_keys: Option<Vec<ForeignKey>>,
    pub(super) foreign_key_texts: Vec<String>,
    pub(super) indexes: Option<usize>,
    pub(super) checks: Option<usize>,
    pub(super) identity: Option<BTreeMap<String, i64>>,
    pub(super) generated: Option<Vec<String>>,
    pub(super) defaults: BTreeMap<String, Option<String>>,
}

/// Columns, the referenced table, and its columns.
pub(super) type ForeignKey = (Vec<String>, String, Vec<String>);

/// The rows of a table, as text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedValues {
    pub(super) order: String,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// A file of the repository.
pub(super) fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All cases, by name.
pub(super) fn all() -> Vec<Case> {
    let entries = std::fs::read_dir(in_repository("tests/cases")).expect("read the folder of cases");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    let mut cases: Vec<Case> = folders
        .map(|folder| {
            let name = folder.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
            Case { name, folder }
        })
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

impl Case {
    /// Its expected result.
    pub(super) fn expected(&self) -> Expected {
        expected(&self.folder.join("expect.json"))
    }

    /// Creates its database.
    pub(super) fn make(&self, file: &Path) {
        make(file, &[&self.folder.join("source.sql")]);
    }
}

/// An expected result from a file.
pub(super) fn expected(path: &Path) -> Expected {
    let text = std::fs::read_to_string(path).expect("read what is expected");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Creates a database from these scripts.
pub(super) fn make(file: &Path, scripts: &[&Path]) {
    let connection = rusqlite::Connection::open(file).expect("make a database");
    // Some cases write to sqlite_schema, as applications did.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).expect("allow it");
    for script in scripts {
        let sql =
            std::fs::read_to_string(script).unwrap_or_else(|error| panic!("{}: {error}", script.display()));
        connection.execute_batch(&sql).unwrap_or_else(|error| panic!("{}: {error}", script.display()));
    }
}

/// Checks every case, several in parallel, each thread with its own value of `begin`, and panics with all failures.
pub(super) fn each<T>(begin: impl Fn() -> T + Sync, look: impl Fn(&T, &Case) -> Vec<String> + Sync) {
    let cases = all();
    let waiting = Mutex::new(cases.iter());
    let wrong = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                let of_thread = begin();
                loop {
                    let Some(case) = waiting.lock().expect("no panic").next() else { return };
                    // A panic is reported as a failure of the case.
                    let looked =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| look(&of_thread, case)));
                    let found = looked.unwrap_or_else(|_| vec!["panicked, see above".to_owned()]);
                    if !found.is_empty() {
                        wrong.lock().expect("no panic").insert(case.name.clone(), found);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no panic");
    let text: Vec<String> =
        wrong.iter().map(|(name, found)| format!("{name}\n    {}", found.join("\n    "))).collect();
    assert!(cases.len() >= 330, "only {} cases", cases.len());
    assert!(text.is_empty(), "of {} cases, {} are not so:\n{}", cases.len(), text.len(), text.join("\n"));
}

/// Enough to keep two processors busy while threads wait for the server.
const AT_A_TIME: usize = 4;
