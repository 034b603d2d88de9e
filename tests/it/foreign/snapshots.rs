//! The output of `app db convert` and `app db assess` for each case, in the folder of the case.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::case::{Case, each};
use databases::url::SqlitePath;
use import::decisions::Decisions;
use import::report::{NextSteps, TextOptions, text};
use import::{assess, ddl, survey};
use transfer::source::{Source, SourceOptions};

const FILES: [&str; 2] = ["expected.postgres.sql", "expected.report.txt"];

#[test]
fn every_case_is_converted_and_reported_as_expected() {
    each(
        || (),
        |(), case| {
            let written = written(case);
            let differ = FILES.iter().zip(&written).filter_map(|(name, found)| {
                let expected = std::fs::read_to_string(case.folder.join(name)).unwrap_or_default();
                difference(name, &expected, found)
            });
            differ.collect()
        },
    );
}

#[test]
#[ignore = "writes the expected files: check the difference"]
fn write_the_expected_files_of_every_case() {
    each(
        || (),
        |(), case| {
            for (name, text) in FILES.iter().zip(written(case)) {
                std::fs::write(case.folder.join(name), text).expect("write the expected file");
            }
            Vec::new()
        },
    );
}

const STEPS: NextSteps = NextSteps {
    command: "app db assess",
    assess: Some("app db assess FILE"),
    import: Some("app db import FILE --postgres URL"),
    write_config: "app db convert --write-config",
    list_all: "--all",
};

/// The statements and the report, which do not depend on the machine.
fn written(case: &Case) -> [String; 2] {
    let folder = tempfile::tempdir().expect("temporary folder");
    let file = folder.path().join("source.db");
    case.make(&file);
    let stop = AtomicBool::new(false);
    let mut source = open(&file);
    let survey =
        survey::survey(&mut source, &Decisions::default(), None, &stop, &|_| {}).expect("read the source");
    let assessment = assess::assessment(&survey, "source.db".to_owned(), 0, 0);
    let options = TextOptions { width: 100, colour: false, all: false };
    let report = text(&assessment, &STEPS, options);
    [ddl::render(&survey.statements), format!("{}\n", report.trim_end())]
}

fn open(file: &Path) -> Source {
    let path = SqlitePath::parse(file.to_str().expect("UTF-8")).expect("a path");
    Source::open(&path, &SourceOptions::default()).expect("open the source")
}

/// The first line that differs.
fn difference(name: &str, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let lines = expected.lines().map(Some).chain(std::iter::repeat(None));
    let mut pairs = lines.zip(found.lines().map(Some).chain([None]));
    let (expected, found) = pairs.find(|(one, other)| one != other).unwrap_or_default();
    Some(format!("{name}: {found:?}, not {expected:?}"))
}
