//! Properties over many random databases and many random sequences of operations.

use std::cell::RefCell;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::app::memory;
use crate::cluster::TestDatabase;
use backoffice::migrations::MIGRATIONS;
use backoffice::models::tasks::{NewTask, Task, TaskChanges};
use backoffice::models::{ListRequest, Listed as _, Position, Record as _};
use backoffice::models::{TaskId, TaskPriority, UserId};
use backoffice::registry::application;
use backoffice::seed::{SeedOptions, seed};
use databases::connection::AnyConnection;
use databases::error::ExitStatus;
use databases::migrations::{ChangedPolicy, apply, ensure_identity};
use databases::open::{Access, open_sqlite};
use databases::url::{DatabaseUrl, PostgresUrl, SqlitePath};
use transfer::copy::Status;
use transfer::plan::{Existing, Options};
use transfer::run::{ApplicationPlanner, RunError, RunSettings, execute};
use transfer::values::{Instant, Text};
use transfer::verify::{TableVerdict, Verdict};

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { max_shrink_iters: 20, ..test_seed::config(cases) })
}

/// A file with the requested rows.
fn source_file(path: &SqlitePath, options: SeedOptions) {
    let _ = std::fs::remove_file(path.path());
    let mut connection = AnyConnection::Sqlite(open_sqlite(path, Access::Create).expect("create"));
    apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {}).expect("migrate");
    ensure_identity(&mut connection).expect("identity");
    seed(&mut connection, options, &mut |_| {}).expect("seed");
}

/// Copies and verifies: of each table the rows of both sides, and whether it is verified.
fn copy(path: &SqlitePath, url: &PostgresUrl) -> Result<Vec<(i64, i64, bool)>, RunError> {
    let options = Options { existing: Existing::Clear, ..Options::default() };
    let settings = RunSettings {
        jobs: 2,
        rejects_file: Some("rejects".into()),
        confirm: &|_| Ok(()),
        ..RunSettings::new(path, url)
    };
    let (report, outcome) =
        execute(&mut ApplicationPlanner { application: application(), options }, &settings);
    assert_eq!((outcome?, report.verdict), (ExitStatus::Done, Some(Verdict::Verified)));
    assert!(report.tables.iter().all(|report| report.status == Status::Completed));
    let found = report.verification.expect("a verification");
    assert!(found.orphans.is_empty() && found.sequences_behind.is_empty() && found.structure.is_empty());
    let verified = found
        .tables
        .iter()
        .map(|table| (table.source_rows, table.target_rows, table.verdict == TableVerdict::Verified));
    Ok(verified.collect())
}

/// Row counts, foreign keys and primary keys are preserved for every database.
#[test]
fn every_database_is_copied_completely() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = SqlitePath::parse(folder.path().join("source.db").to_str().expect("UTF-8")).expect("path");
    let target = TestDatabase::create();
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(target.url()).expect("URL") else {
        panic!("the test database is PostgreSQL")
    };
    let outcome = runner(100).run(&(0_u64..250, any::<u64>()), |(rows, seed)| {
        source_file(&path, SeedOptions { rows, seed });
        let tables = copy(&path, &url).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let total: i64 = tables.iter().map(|(source_rows, ..)| source_rows).sum();
        prop_assert_eq!(u64::try_from(total), Ok(rows));
        for (source_rows, target_rows, verified) in tables {
            prop_assert_eq!(source_rows, target_rows);
            prop_assert!(verified);
        }
        Ok(())
    });
    outcome.expect("every database arrives whole");
}

/// One operation on tasks. Keys are indexes into the list of tasks created so far.
#[derive(Clone, Debug)]
enum Step {
    Create { title: String, priority: usize, parent: Option<usize> },
    Rename { task: usize, title: String },
    Complete { task: usize, completed: bool },
    Move { task: usize, parent: Option<usize> },
    Delete { task: usize },
    List { after: Option<usize>, limit: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let task = || 0_usize..8;
    let title =
        || any::<String>().prop_map(|text| text.replace('\0', "").chars().take(310).collect::<String>());
    prop_oneof![
        3 => (title(), 0_usize..3, prop::option::of(task()))
            .prop_map(|(title, priority, parent)| Step::Create { title, priority, parent }),
        1 => (task(), title()).prop_map(|(task, title)| Step::Rename { task, title }),
        1 => (task(), any::<bool>()).prop_map(|(task, completed)| Step::Complete { task, completed }),
        1 => (task(), prop::option::of(task())).prop_map(|(task, parent)| Step::Move { task, parent }),
        1 => task().prop_map(|task| Step::Delete { task }),
        1 => (prop::option::of(task()), 1_i64..5).prop_map(|(after, limit)| Step::List { after, limit }),
    ]
}

const USER: UserId = UserId(uuid::Uuid::from_u128(7));

/// The result of a step, as text that does not depend on the backend.
fn take(connection: &mut AnyConnection, made: &mut Vec<TaskId>, step: &Step) -> String {
    let now = Instant::from_micros(1_770_000_000_123_456).expect("instant");
    let key = |place: usize| made.get(place).copied().unwrap_or(TaskId(1_000_000));
    let outcome_of = |outcome: QueryResult<String>| {
        outcome.unwrap_or_else(|error| format!("{:?}", databases::failure::Failure::of_query(&error)))
    };
    let place = |made: &[TaskId], key: TaskId| made.iter().position(|known| *known == key);
    match step {
        Step::Create { title, priority, parent } => {
            let new = NewTask {
                user_id: USER,
                created_at: now,
                parent_task_id: parent.map(key),
                recurring_pattern_id: None,
                title: Text::new(title.clone()).expect("no NUL"),
                description: None,
                due_date: None,
                priority: TaskPriority::ALL[*priority],
                completed: false,
                completed_at: None,
                updated_at: now,
            };
            let outcome = Task::insert(connection, &new).map(|task| {
                made.push(task.id);
                format!("{:?}", (task.title, task.priority, task.created_at))
            });
            outcome_of(outcome)
        }
        Step::Rename { task, title } => {
            let title = Some(Text::new(title.clone()).expect("no NUL"));
            let changes = TaskChanges { title, ..TaskChanges::default() };
            outcome_of(
                Task::update(connection, key(*task), &changes)
                    .map(|task| format!("{:?}", task.map(|t| t.title))),
            )
        }
        Step::Complete { task, completed } => {
            let completed_at = Some(completed.then_some(now));
            let changes = TaskChanges { completed: Some(*completed), completed_at, ..TaskChanges::default() };
            outcome_of(
                Task::update(connection, key(*task), &changes)
                    .map(|task| format!("{:?}", task.map(|t| t.completed_at))),
            )
        }
        Step::Move { task, parent } => {
            let changes = TaskChanges { parent_task_id: Some(parent.map(key)), ..TaskChanges::default() };
            outcome_of(Task::update(connection, key(*task), &changes).map(|task| {
                format!("{:?}", task.map(|t| t.parent_task_id.map(|parent| place(made, parent))))
            }))
        }
        Step::Delete { task } => {
            outcome_of(Task::delete(connection, key(*task)).map(|deleted| deleted.to_string()))
        }
        Step::List { after, limit } => {
            let position = |after| Position { value: String::new(), key: key(after).to_string() };
            let request = ListRequest {
                filters: vec![("user_id", USER.to_string())],
                sort: "id",
                descending: false,
                after: after.map(position),
                limit: *limit,
            };
            let tasks = Task::list(connection, &request);
            outcome_of(tasks.map(|tasks| {
                let rows = tasks.into_iter().map(|task| (place(made, task.id), task.title, task.completed));
                format!("{:?}", rows.collect::<Vec<_>>())
            }))
        }
    }
}

/// The same create, read, update and delete operations give the same results on both backends.
#[test]
fn any_sequence_of_operations_gives_equal_results_on_both_backends() {
    let target = TestDatabase::create();
    let mut both = [AnyConnection::Sqlite(memory()), AnyConnection::Postgres(target.connect())];
    for connection in &mut both {
        apply(connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {}).expect("migrate");
        connection
            .batch_execute(
                "INSERT INTO users (id, email, first_name, last_name, created_at, updated_at)
                 VALUES ('00000000-0000-0000-0000-000000000007', 'a@example.com', '', '',
                         '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')",
            )
            .expect("insert");
    }
    let both = RefCell::new(both);
    let outcome = runner(256).run(&prop::collection::vec(step(), 1..24), |steps| {
        let mut both = both.borrow_mut();
        let answers = both.each_mut().map(|connection| {
            connection.batch_execute("DELETE FROM tasks").expect("empty");
            let mut made = Vec::new();
            steps.iter().map(|step| take(connection, &mut made, step)).collect::<Vec<_>>()
        });
        prop_assert_eq!(&answers[0], &answers[1]);
        Ok(())
    });
    outcome.expect("both go alike");
}
