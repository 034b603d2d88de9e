//! Converts a schema: the result is the same each time, and no text of the source escapes its quotes in the
//! statements.

use super::lexing::is_one_statement;
use import::choose::choose;
use import::ddl::{self, DdlOptions};
use import::decisions::{Decisions, NoCase};
use import::diesel_project::{self, Backend, ProjectOptions};
use import::schema::Schema;

pub(crate) fn convert(schema: &Schema, decisions: &Decisions) {
    let (conversion, _) = choose(schema, &[], decisions);
    let all_options = DdlOptions { nocase: NoCase::Citext, full_text: true, ..DdlOptions::default() };
    for options in [DdlOptions::default(), all_options] {
        let (statements, findings) = ddl::statements(schema, &conversion, &options);
        for statement in &statements {
            assert!(is_one_statement(&statement.sql), "{}", statement.sql);
        }
        let again = ddl::statements(schema, &conversion, &options);
        assert_eq!((&statements, &findings), (&again.0, &again.1), "made twice");
        let _ = ddl::render(&statements);
        let options =
            ProjectOptions { name: "fuzz".to_owned(), stamp: "1".to_owned(), backend: Backend::Both };
        let _ = diesel_project::files(schema, &conversion, &statements, &options);
    }
    // The conversion, written as a configuration file, results in the same conversion, but for how values are read: of a
    // type that is decided, every form with one meaning.
    let written = decisions.write(schema, &conversion);
    let read = Decisions::parse(&written).expect("what was written can be read");
    read.check(schema).expect("what was written is about this schema");
    let (again, _) = choose(schema, &[], &read);
    let [before, after] = [conversion, again].map(|mut conversion| {
        for column in conversion.tables.iter_mut().flat_map(|table| &mut table.columns) {
            column.reading.any_form = false;
        }
        format!("{conversion:?}")
    });
    assert_eq!(before, after, "{written}");
}
