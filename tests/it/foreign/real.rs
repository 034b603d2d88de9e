//! Real databases: the legacy schemas with rows, and well-known published ones.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::case::{expected, in_repository, make};
use super::expect::{ask, differences};
use super::found::{Found, import};
use crate::app::App;
use crate::cluster::TestDatabase;
use crate::end_state::assert_complete;
use crate::end_state::end_state;
use crate::skipped::skipped;

/// A folder beside the repository. If it exists, nothing of it is skipped; if not, a message is printed.
pub(super) fn beside(name: &str) -> Option<PathBuf> {
    let folder = in_repository("../shared").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    skipped(&format!("there is no folder {}", folder.display()));
    None
}

/// The files of a folder with this extension.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).expect("read the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.to_str().is_some_and(|path| path.ends_with(ending))).collect();
    files.sort();
    assert!(files.len() >= 3, "{}: {files:?}", folder.display());
    files
}

/// Imports it again: nothing changes, and the program reports that.
#[track_caller]
fn assert_again_changes_nothing(app: &App, target: &TestDatabase, first: &Found) {
    let before = end_state(target.url());
    let again = import(app, "source.db", target.url());
    assert_eq!(again.ended.code, first.ended.code, "{}", again.ended.stderr);
    assert_eq!(again.copied(), 0);
    assert!(again.ended.stderr.contains("nothing was changed"), "{}", again.ended.stderr);
    assert_complete(&before, target.url(), "imported again");
}

#[test]
fn legacy_schemas_arrive_whole_and_only_once() {
    let Some(folder) = beside("legacy") else { return };
    for schema in files(&folder, ".schema.sql") {
        let name = schema.file_name().expect("a name").to_str().expect("UTF-8").replace(".schema.sql", "");
        let of = |what: &str| in_repository("tests/legacy").join(format!("{name}.{what}"));
        let app = App::new();
        let target = TestDatabase::create();
        make(&app.path("source.db"), &[&schema, &of("rows.sql")]);
        let found = import(&app, "source.db", target.url());
        let wrong = differences(&expected(&of("expect.json")), &found, &mut target.connect());
        assert!(wrong.is_empty(), "{name}\n{}\n{}", wrong.join("\n"), found.in_short());
        assert_again_changes_nothing(&app, &target, &found);
    }
}

#[test]
fn published_databases_arrive_whole_and_only_once() {
    let Some(folder) = beside("real") else { return };
    for file in files(&folder, ".sqlite") {
        let app = App::new();
        let target = TestDatabase::create();
        std::fs::copy(&file, app.path("source.db")).expect("copy the database");
        let found = import(&app, "source.db", target.url());
        let what = format!("{}\n{}\n{}", file.display(), found.in_short(), found.ended.stderr);
        assert_eq!(found.ended.code, if found.names_a_loss() { 40 } else { 0 }, "{what}");
        let missing = not_there(&app.path("source.db"), &mut target.connect());
        let unnamed: Vec<_> = missing.iter().filter(|(_, name)| !is_named(&found, name)).collect();
        assert!(unnamed.is_empty(), "neither there nor named: {unnamed:?}\n{what}");
        assert_again_changes_nothing(&app, &target, &found);
    }
}

#[derive(QueryableByName)]
struct Object {
    #[diesel(sql_type = Text)]
    r#type: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    of: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Objects of the source that the target does not have by this name; also tables with missing rows.
fn not_there(source: &Path, target: &mut PgConnection) -> BTreeSet<(String, String)> {
    let mut source = SqliteConnection::establish(source.to_str().expect("UTF-8")).expect("open the source");
    let query =
        "SELECT type, name, tbl_name AS of FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let objects: Vec<Object> = diesel::sql_query(query).load(&mut source).expect("read the schema");
    let is_there = |object: &Object| {
        let name = format!("\"{}\"", object.name);
        match object.r#type.as_str() {
            "trigger" => false,
            "table" => {
                let count = format!("SELECT count(*) AS count FROM {name}");
                let count = diesel::sql_query(count).get_result::<Count>(&mut source).expect("count").count;
                let found = ask(target, &format!("SELECT count(*)::text AS line FROM {name}"));
                found.is_ok_and(|found| found == count.to_string())
            }
            _ => {
                let query = format!("SELECT coalesce(to_regclass('{name}')::text, '') AS line");
                ask(target, &query).is_ok_and(|found| !found.is_empty())
            }
        }
    };
    let mut is_there = is_there;
    objects.into_iter().filter(|object| !is_there(object)).map(|object| (object.of, object.name)).collect()
}

fn is_named(found: &Found, name: &str) -> bool {
    let in_findings = found.findings().iter().any(|finding| {
        finding.weight == "decision"
            && [&finding.object, &finding.table].into_iter().any(|named| named.as_deref() == Some(name))
    });
    in_findings || found.report.left_out.iter().any(|object| object.name == name)
}
