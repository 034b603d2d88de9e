//! Opens bytes as a SQLite file, and surveys it.
//!
//! The input is a whole file; or, if it does not have a SQLite header, changes to a valid file: one byte chooses the
//! file, then each three bytes are an offset, the low byte first, and the new value.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use super::conversion;
use databases::error::{ExitStatus, Explain as _};
use databases::url::SqlitePath;
use import::assess::assessment;
use import::decisions::Decisions;
use import::report::{NextSteps, TextOptions, html, text};
use import::survey::{SurveyError, survey};
use transfer::source::{Source, SourceOptions};

pub(crate) fn run(data: &[u8]) {
    let folder = tempfile::tempdir().expect("make a folder");
    let path = folder.path().join("source.db");
    std::fs::write(&path, file(data)).expect("write the file");
    open(&path);
}

const STEPS: NextSteps = NextSteps {
    command: "command",
    assess: Some("assess FILE"),
    import: Some("import FILE"),
    write_config: "write-config",
    list_all: "all",
};

fn open(path: &Path) {
    let path = SqlitePath::parse(path.to_str().expect("a path in UTF-8")).expect("a path");
    let mut source = match Source::open(&path, &SourceOptions::default()) {
        Ok(source) => source,
        Err(error) => {
            assert_ne!(error.exit_status(), ExitStatus::Unexpected, "{error:?}");
            return;
        }
    };
    let decisions = Decisions::default();
    match survey(&mut source, &decisions, None, &AtomicBool::new(false), &|_| {}) {
        Ok(survey) => {
            let assessment = assessment(&survey, path.to_string(), source.snapshot().size_bytes, 0);
            let _ = text(&assessment, &STEPS, TextOptions { width: 100, colour: false, all: true });
            let _ = html(&assessment, &STEPS);
            conversion::convert(&survey.schema, &decisions);
        }
        Err(error) => {
            assert!(!matches!(error, SurveyError::ReaderLost | SurveyError::Decisions(_)), "{error:?}");
        }
    }
}

fn file(data: &[u8]) -> Vec<u8> {
    let Some((choice, changes)) = data.split_first().filter(|_| !data.starts_with(b"SQLite format 3")) else {
        return data.to_owned();
    };
    let bases = bases();
    let mut file = bases[usize::from(*choice) % bases.len()].clone();
    for change in changes.chunks_exact(3) {
        let offset = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
        file[offset] = change[2];
    }
    file
}

const PLAIN: &str = "
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE COLLATE NOCASE, at DATETIME, price
  DECIMAL(8, 2) CHECK (price > 0), half GENERATED ALWAYS AS (price / 2) VIRTUAL, twice AS (price * 2) STORED);
CREATE TABLE child (a INT, b TEXT DEFAULT 'x', parent INTEGER REFERENCES parent ON DELETE CASCADE, PRIMARY KEY (a, b))
  WITHOUT ROWID;
CREATE TABLE strict (a INT, b REAL, c ANY, d BLOB) STRICT;
CREATE INDEX by_name ON parent (lower(name), at DESC) WHERE price IS NOT NULL;
CREATE VIEW dear AS SELECT name, price FROM parent WHERE price > 100;
CREATE TRIGGER no_child AFTER DELETE ON parent BEGIN DELETE FROM child WHERE parent = old.id; END;
INSERT INTO parent (id, name, at, price) VALUES (1, 'one', '2024-05-31 12:00:00', 1.5), (7, 'Seven', 1717156800, 700),
  (8, NULL, '0000-00-00', '12,5'), (9, char(0), 2460461.5, 9e18), (9223372036854775807, 'last', 'now', 1);
INSERT INTO child VALUES (1, 'x', 1), (2, 'y', 99), (3, CAST(x'ff' AS TEXT), NULL);
INSERT INTO strict VALUES (1, 1.5, 'any', x'00ff'), (-9223372036854775808, 9e999, x'', NULL);
";

const SEARCH: &str = "
PRAGMA encoding = 'UTF-16le';
CREATE TABLE words (a TEXT PRIMARY KEY, \"b c\" CLOB, json JSON, flag BOOLEAN, uuid UUID);
CREATE VIRTUAL TABLE search USING fts5 (a, content = 'words');
INSERT INTO words VALUES ('ä', CAST(x'00d8' AS TEXT), '{\"a\":[1,2.50]}', 'true', '123e4567-e89b-12d3-a456-426614174000');
ANALYZE;
";

const SMALL: &str =
    "CREATE TABLE t (a, b INTEGER); INSERT INTO t VALUES (1, 2), ('x', NULL), (zeroblob(600), 1.5);";

/// Valid files with the smallest pages.
fn bases() -> &'static [Vec<u8>] {
    static BASES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    BASES.get_or_init(|| {
        let folder = tempfile::tempdir().expect("make a folder");
        let make = |(number, sql): (usize, &str)| {
            let path = folder.path().join(number.to_string());
            let connection = rusqlite::Connection::open(&path).expect("create");
            connection.execute_batch("PRAGMA page_size = 512; PRAGMA foreign_keys = OFF").expect("set it up");
            connection.execute_batch(sql).expect("fill");
            drop(connection);
            std::fs::read(&path).expect("read")
        };
        [PLAIN, SEARCH, SMALL].into_iter().enumerate().map(make).collect()
    })
}
