//! Imports every case with the program into a server, and compares the target with the case.

use diesel::connection::SimpleConnection as _;

use super::case::{Case, each};
use super::expect::differences;
use super::found::{Found, import};
use crate::app::App;
use crate::cluster::TestDatabase;
use crate::end_state::end_state;

#[test]
fn every_case_arrives_as_it_is_expected() {
    each(TestDatabase::create, imported);
}

#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_every_case_imported_again_changes_nothing() {
    each(TestDatabase::create, |target, case| {
        // The target does not show the source of a view, so existing views are reported with their names.
        if case.name == "schema-only-view" {
            return Vec::new();
        }
        let app = App::new();
        let first = run(&app, target, case);
        let before = end_state(target.url());
        let again = import(&app, "source.db", target.url());
        let mut wrong = Vec::new();
        if again.ended.code != first.ended.code {
            wrong.push(format!("exit {}, then {}", first.ended.code, again.ended.code));
            wrong.extend(again.ended.stderr.lines().rev().take(4).map(str::to_owned));
        }
        if again.copied() != 0 || again.rejected() != first.rejected() {
            wrong.push(format!(
                "copied {}, rejected {} and before {}",
                again.copied(),
                again.rejected(),
                first.rejected()
            ));
        }
        let after = end_state(target.url());
        wrong.extend(before.iter().filter(|line| !after.contains(line)).map(|line| format!("gone: {line}")));
        wrong.extend(after.iter().filter(|line| !before.contains(line)).map(|line| format!("new: {line}")));
        wrong
    });
}

fn imported(target: &TestDatabase, case: &Case) -> Vec<String> {
    let app = App::new();
    let found = run(&app, target, case);
    let mut wrong = differences(&case.expected(), &found, &mut target.connect());
    if !wrong.is_empty() {
        wrong.push(found.in_short());
    }
    wrong
}

/// Imports the case into the emptied database.
fn run(app: &App, target: &TestDatabase, case: &Case) -> Found {
    // Creating a database takes longer than everything else.
    let again = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    target.connect().batch_execute(again).expect("empty the database");
    case.make(&app.path("source.db"));
    import(app, "source.db", target.url())
}
