//! Every case, through the program and a server: what arrives is what the case expects.

use diesel::connection::SimpleConnection as _;

use super::case::{Case, each};
use super::expect::not_so;
use super::found::import;
use crate::app::App;
use crate::cluster::TestDatabase;

#[test]
fn every_case_arrives_as_it_is_expected() {
    each(TestDatabase::create, imported);
}

fn imported(target: &TestDatabase, case: &Case) -> Vec<String> {
    let app = App::new();
    // Making a database takes longer than all the rest.
    let again = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    target.connect().batch_execute(again).expect("empty the database");
    case.make(&app.path("source.db"));
    let found = import(&app, "source.db", target.url());
    let mut wrong = not_so(&case.expected(), &found, &mut target.connect());
    if !wrong.is_empty() {
        wrong.push(found.in_short());
    }
    wrong
}
