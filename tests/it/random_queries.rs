//! Random statements over random tables: `app sql adapt --source` gives what SQLite gives, or refuses by name.
//!
//! The oracle is SQLite: a statement runs on the source and its translation on the target, which was imported from it, and
//! the rows and the changed table are compared by `import::queries::Checker`, as with `--check`.

mod database;
mod grammar;
mod random;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use database::Table;
use diesel::connection::SimpleConnection as _;
use grammar::Statement;
use import::adapt::{AdaptOptions, adapt_with};
use import::decisions::Decisions;
use import::queries::{Checked, Checker, Formats, SourceTables};
use import::survey::{self, Survey};
use random::Random;
use transfer::source::{Source, SourceOptions};
use transfer::target::Target;

use databases::open::{Access, open_sqlite};
use databases::url::{DatabaseUrl, SqlitePath};

use crate::app::App;
use crate::cluster::TestDatabase;

/// What a run did.
#[derive(Default)]
struct Outcome {
    translated: usize,
    refused: usize,
    /// By construct: translated and refused statements that have it.
    features: BTreeMap<&'static str, (usize, usize)>,
}

impl Outcome {
    fn count(&mut self, statement: &Statement, is_translated: bool) {
        self.translated += usize::from(is_translated);
        self.refused += usize::from(!is_translated);
        for feature in &statement.features {
            let (translated, refused) = self.features.entry(feature).or_default();
            *translated += usize::from(is_translated);
            *refused += usize::from(!is_translated);
        }
    }

    /// Fails where a construct is always or mostly refused: the test would pass without translating anything.
    fn expect_coverage(&self) {
        let all = self.translated + self.refused;
        assert!(self.refused * 4 < all, "{} of {all} statements were refused", self.refused);
        for feature in grammar::FEATURES {
            let (translated, refused) = self.features.get(feature).copied().unwrap_or_default();
            assert!(translated * 3 > refused, "{feature}: {translated} translated, {refused} refused");
        }
    }
}

/// A database with random tables on both sides.
struct Scene {
    app: App,
    target: TestDatabase,
    source: SqlitePath,
    schema: String,
    survey: Survey,
    formats: Formats,
}

impl Scene {
    fn new(tables: &[Table], schema: &str, target: TestDatabase) -> Self {
        let app = App::new();
        let source = SqlitePath::parse(app.path("source.db").to_str().expect("UTF-8")).expect("a path");
        let mut connection = open_sqlite(&source, Access::Create).expect("create the source");
        for statement in tables.iter().flat_map(|table| &table.statements) {
            connection.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        drop(connection);
        app.expect(
            0,
            &["db", "import", "source.db", "--postgres", target.url(), "--schema", schema, "--jobs", "1"],
        );
        let mut opened = Source::open(&source, &SourceOptions::default()).expect("open the source");
        let decisions = Decisions { schema: Some(schema.to_owned()), ..Decisions::default() };
        let survey =
            survey::survey(&mut opened, &decisions, None, &AtomicBool::new(false), &|_| ()).expect("survey");
        let formats = Formats::read(opened.sqlite(), &survey.schema, &survey.conversion).expect("formats");
        Self { app, target, source, schema: schema.to_owned(), survey, formats }
    }

    /// Runs statements on both sides.
    fn check(&self, tables: &[Table], random: &mut Random, count: usize, outcome: &mut Outcome) {
        let known = SourceTables::new(&self.survey.schema, &self.survey.conversion)
            .with_formats(self.formats.clone());
        let Ok(DatabaseUrl::Postgres(url)) = DatabaseUrl::parse(self.target.url()) else { panic!("a URL") };
        let mut target = Target::open_in(&url, &self.schema).expect("open the target");
        let mut checker = Checker {
            source: open_sqlite(&self.source, Access::Write).expect("open the source"),
            encoding: self.survey.schema.encoding,
            target: &mut target,
            tables: &known,
        };
        let options = AdaptOptions { relations: Some(&known), ..AdaptOptions::default() };
        for _ in 0..count {
            let statement = grammar::statement(random, tables);
            let Ok(adapted) = adapt_with(&statement.sql, &options) else {
                outcome.count(&statement, false);
                continue;
            };
            outcome.count(&statement, true);
            let checked = checker.check(&statement.sql, &adapted);
            let is_right = match &checked {
                Ok(Checked::Same) => true,
                // An error is not silent: SQLite continues with a double, or stores more than the column holds.
                Ok(Checked::Different(text)) => {
                    text.starts_with("SQLite refuses") || text.contains("out of range")
                }
                Ok(Checked::NotChecked(reason)) => *reason == "both sides refuse it",
                Err(_) => false,
            };
            let definitions = || tables.iter().flat_map(|table| table.statements.clone()).collect::<Vec<_>>();
            assert!(
                is_right,
                "{checked:?}\n{}\nbecame\n{}\n{};",
                statement.sql,
                adapted.sql,
                definitions().join(";\n")
            );
        }
    }
}

fn check_many(databases: usize, statements: usize, seed: u64) {
    let mut random = Random::new(seed);
    let mut outcome = Outcome::default();
    let mut target = TestDatabase::create();
    for number in 0..databases {
        let tables = database::tables(&mut random);
        let scene = Scene::new(&tables, &format!("s{number}"), target);
        scene.check(&tables, &mut random, statements, &mut outcome);
        target = scene.target;
        drop(scene.app);
    }
    outcome.expect_coverage();
}

/// The same statements each time: a failure is caused by a change of the code.
#[test]
fn random_statements_have_the_same_result_or_are_refused() {
    check_many(6, 150, test_seed::seed_or(1));
}

/// Many other statements, new ones each time.
#[test]
#[ignore = "takes long: make faults"]
fn exhaustive_random_statements_have_the_same_result_or_are_refused() {
    check_many(100, 200, test_seed::seed());
}

/// The comparison itself finds what differs: in a value, in the order, in the changed table, in an error.
#[test]
fn a_wrong_translation_is_found() {
    let mut random = Random::new(7);
    let tables = database::tables(&mut random);
    let scene = Scene::new(&tables, "wrong", TestDatabase::create());
    let known =
        SourceTables::new(&scene.survey.schema, &scene.survey.conversion).with_formats(scene.formats.clone());
    let Ok(DatabaseUrl::Postgres(url)) = DatabaseUrl::parse(scene.target.url()) else { panic!("a URL") };
    let mut target = Target::open_in(&url, &scene.schema).expect("open the target");
    let mut checker = Checker {
        source: open_sqlite(&scene.source, Access::Write).expect("open the source"),
        encoding: scene.survey.schema.encoding,
        target: &mut target,
        tables: &known,
    };
    let options = AdaptOptions { relations: Some(&known), ..AdaptOptions::default() };
    for (statement, wrong) in [
        ("SELECT id FROM users ORDER BY id", "SELECT id FROM wrong.users ORDER BY id DESC"),
        ("SELECT id, 1 FROM users", "SELECT id, 2 FROM wrong.users"),
        ("SELECT id FROM users", "SELECT id FROM wrong.users LIMIT 1"),
        ("SELECT 0.1 + 0.2", "SELECT 0.31::double precision"),
        ("SELECT 'a'", "SELECT 'A'"),
        ("SELECT NULL", "SELECT 0"),
        ("SELECT 1", "SELECT 1 / 0"),
        ("DELETE FROM users WHERE id = 1", "DELETE FROM wrong.users WHERE id = 2"),
        ("UPDATE users SET ref = 5", "UPDATE wrong.users SET ref = 6"),
    ] {
        let mut adapted = adapt_with(statement, &options).expect(statement);
        assert_eq!(checker.check(statement, &adapted).expect(statement), Checked::Same, "{statement}");
        adapted.sql = wrong.to_owned();
        let checked = checker.check(statement, &adapted).expect(statement);
        assert!(matches!(checked, Checked::Different(_)), "{statement}: {checked:?}");
    }
}
