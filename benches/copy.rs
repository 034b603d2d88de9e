//! The copy and the import of the same file beside the limit, in one run: what PostgreSQL takes in from ready binary
//! COPY files.
//!
//! The copy and its limit write the same rows into the same tables in turn, and medians are printed as a ratio; so do the
//! import and its own limit, whose tables have other types. The limit does what is
//! quickest with two connections: keys, indexes and foreign keys are taken off, each table is one COPY of a file that is
//! ready, its indexes are built when it is in, and foreign keys are added and validated at the end. It reads no SQLite,
//! encodes nothing, checks nothing, can be continued by nobody and verifies nothing.
//!
//! `cargo bench --bench copy -- --rows 2000000 --runs 3`; PostgreSQL as in the tests. `--large MB` adds a row with a
//! value of that size and tells the peak memory of copying it. `benches/others` measures other tools.

#[path = "../tests/it/cluster.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod cluster;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cluster::TestDatabase;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Text};

use backoffice::migrations::MIGRATIONS;
use backoffice::registry::tables;
use databases::connection::AnyConnection;
use databases::migrations::{ChangedPolicy, apply};
use databases::url::SqlitePath;
use import::decisions::Decisions;
use import::import::{Import, ImportOptions, import};
use import::survey::survey;
use transfer::source::{Source, SourceOptions};
use transfer::table::{COPY_HEADER, COPY_TRAILER, KeyRange, Order, Table};

/// How the program takes the rows in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As its own.
    Copy,
    /// As those of any SQLite database, into an empty one.
    Import,
}

/// One copy by the program.
struct Ours {
    copy_ms: u64,
    verify_ms: u64,
    /// Looking for what stands in the way, and gathering statistics: what the limit does not do.
    beside_ms: u64,
    peak_kib: u64,
    predictions: Vec<Prediction>,
}

/// The remaining time of the stage `copy` and of the run, as predicted and as it was.
struct Prediction {
    percent: u64,
    stage_ms: (u64, u64),
    run_ms: (u64, u64),
}

fn main() {
    let rows = option("--rows").unwrap_or(2_000_000);
    let runs = option("--runs").unwrap_or(3);
    let folder = tempfile::tempdir().expect("temporary folder");
    let source = folder.path().join("backoffice.db");
    program(folder.path(), &["db", "setup"]);
    program(folder.path(), &["db", "seed", "--rows", &rows.to_string()]);
    if let Some(megabytes) = option("--large") {
        return large(folder.path(), &source, megabytes);
    }
    let own = Tables { tables: tables().to_vec(), statements: None, folder: folder.path().join("own") };
    let foreign = foreign_tables(&source, folder.path());
    own.write_files(&source);
    foreign.write_files(&source);
    let size_mb = std::fs::metadata(&source).expect("size").len() / 1_000_000;

    let (mut limits, mut copies, mut import_limits, mut imports) = (vec![], vec![], vec![], vec![]);
    for _ in 0..runs {
        limits.push(own.limit());
        copies.push(ours(folder.path(), Way::Copy));
        import_limits.push(foreign.limit());
        imports.push(ours(folder.path(), Way::Import));
    }
    let per_second = |ms: u64| rows * 1000 / ms.max(1);
    print(&format!("{rows} rows, {size_mb} MB of SQLite, medians of {runs} runs in turn"));
    for (name, beside, limits, runs) in [
        ("copy", "preflight, statistics", &mut limits, &copies),
        ("import", "assess, statistics", &mut import_limits, &imports),
    ] {
        let limit_ms = median(limits);
        print(&format!("limit   {limit_ms:>8} ms  {:>9} rows/s", per_second(limit_ms)));
        let of = |part: fn(&Ours) -> u64| median(&mut runs.iter().map(part).collect::<Vec<_>>());
        let (copy_ms, verify_ms) = (of(|run| run.copy_ms), of(|run| run.verify_ms));
        print(&format!(
            "{name:<7} {copy_ms:>8} ms  {:>9} rows/s  (prepare, copy, constraints, sequences)",
            per_second(copy_ms)
        ));
        print(&format!("verify  {verify_ms:>8} ms  {:>9} rows/s", per_second(verify_ms)));
        print(&format!("beside  {:>8} ms                    ({beside})", of(|run| run.beside_ms)));
        let hundredths = copy_ms * 100 / limit_ms.max(1);
        print(&format!("{name} / limit = {}.{:02}", hundredths / 100, hundredths % 100));
        print(&format!("peak memory {} MB", of(|run| run.peak_kib) * 1024 / 1_000_000));
        for run in runs {
            print_predictions(&run.predictions);
        }
    }
}

/// Copies a row with one value of so many megabytes, and tells the peak memory.
fn large(folder: &Path, source: &Path, megabytes: u64) {
    let mut sqlite = SqliteConnection::establish(source.to_str().expect("UTF-8")).expect("open");
    let add = format!(
        "UPDATE document_metadata SET extracted_data = '\"' || replace(hex(zeroblob({})), '0', 'x') || '\"'
         WHERE id = (SELECT min(id) FROM document_metadata)",
        megabytes * 500_000
    );
    sqlite.batch_execute(&add).expect("add a large value");
    drop(sqlite);
    let ours = ours(folder, Way::Copy);
    print(&format!("one value of {megabytes} MB: peak memory {} MB", ours.peak_kib * 1024 / 1_000_000));
}

/// Prints what was predicted: `remaining time at 10 % of the copy: 6.1 / 6.4 s`.
fn print_predictions(predictions: &[Prediction]) {
    let seconds = |ms: u64| format!("{}.{}", ms / 1000, ms % 1000 / 100);
    let pair = |(predicted, actual): (u64, u64)| format!("{} / {} s", seconds(predicted), seconds(actual));
    let at = predictions.iter().map(|prediction| {
        format!("{} %: {} (run {})", prediction.percent, pair(prediction.stage_ms), pair(prediction.run_ms))
    });
    let at: Vec<String> = at.collect();
    print(&format!("remaining time at parts of the copy, predicted / actual: {}", at.join(", ")));
}

/// What the events of a run predicted when these parts of the time of its stage `copy` were over.
fn predictions(events: &str) -> Vec<Prediction> {
    let lines = events.lines().map(|line| serde_json::from_str(line).expect("an event is JSON"));
    let events: Vec<serde_json::Value> = lines.collect();
    let at = |event: &serde_json::Value| event["elapsed_ms"].as_u64().expect("a time");
    let of_copy = |name: &str| {
        let found = events.iter().find(|event| event["event"] == name && event["stage"] == "copy");
        at(found.expect("a stage"))
    };
    let (began, ended) = (of_copy("stage_begun"), of_copy("stage_ended"));
    let run_ended = at(events.last().expect("an event"));
    let predicted = |percent: u64| {
        let until = began + (ended - began) * percent / 100;
        let known = events.iter().rfind(|event| {
            at(event) <= until && at(event) >= began && event["run_remaining_seconds"].is_number()
        })?;
        let ms = |field: &str| {
            let seconds = known[field].as_f64().expect("a number");
            millis(Duration::from_secs_f64(seconds))
        };
        // The prediction is as old as its event.
        let age = until - at(known);
        let rest = |field| ms(field).saturating_sub(age);
        Some(Prediction {
            percent,
            stage_ms: (rest("remaining_seconds"), ended - until),
            run_ms: (rest("run_remaining_seconds"), run_ended - until),
        })
    };
    [10, 25, 50, 75].into_iter().filter_map(predicted).collect()
}

fn print(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("write to standard output");
}

fn option(name: &str) -> Option<u64> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)?.parse().ok()
}

fn median(samples: &mut [u64]) -> u64 {
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap_or(0)
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_app"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for name in backoffice::config::VARIABLES {
        command.env_remove(name);
    }
    command
}

fn program(folder: &Path, arguments: &[&str]) {
    let output = command(folder, arguments).output().expect("run the program");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Tables that the limit fills.
struct Tables {
    tables: Vec<Arc<dyn Table>>,
    /// What makes them; `None` for the application's own.
    statements: Option<Vec<String>>,
    /// Where the ready files are.
    folder: PathBuf,
}

/// The tables that an import of the file makes.
fn foreign_tables(source: &Path, folder: &Path) -> Tables {
    let path = SqlitePath::parse(source.to_str().expect("UTF-8")).expect("a path");
    let mut source = Source::open(&path, &SourceOptions::default()).expect("open");
    let stop = AtomicBool::new(false);
    let survey = survey(&mut source, &Decisions::default(), None, &stop, &|_| {}).expect("survey");
    let Import { given, request, .. } = import(&survey, ImportOptions::default());
    let statements = request.statements.expect("statements").into_iter().map(|statement| statement.sql);
    Tables {
        tables: given.iter().map(|given| Arc::clone(&given.table)).collect(),
        statements: Some(statements.collect()),
        folder: folder.join("foreign"),
    }
}

/// Takes keys, indexes and foreign keys off, and gives back what puts them on again: by table for indexes and keys,
/// then the foreign keys in two steps each.
const TAKE_OFF: &str = "
    SELECT c.relname::text AS name, i.first, i.second, i.off, i.place FROM pg_class c JOIN (
        SELECT indrelid AS t, pg_get_indexdef(indexrelid) AS first, NULL AS second,
               'DROP INDEX ' || indexrelid::regclass AS off, 3 AS place
        FROM pg_index x WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid)
        UNION ALL
        SELECT conrelid, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
               NULL, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname), 2
        FROM pg_constraint WHERE contype IN ('p', 'u')
        UNION ALL
        SELECT conrelid, format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', conrelid::regclass, conname, pg_get_constraintdef(oid)),
               format('ALTER TABLE %s VALIDATE CONSTRAINT %I', conrelid::regclass, conname),
               format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname), 1
        FROM pg_constraint WHERE contype = 'f'
    ) i ON i.t = c.oid WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY($1) ORDER BY i.place";

#[derive(QueryableByName)]
struct Definition {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    first: String,
    #[diesel(sql_type = Nullable<Text>)]
    second: Option<String>,
    #[diesel(sql_type = Text)]
    off: String,
}

impl Tables {
    /// The ready file of a table.
    fn file(&self, table: &dyn Table) -> PathBuf {
        let number = self.tables.iter().position(|other| other.name() == table.name()).expect("one of these");
        self.folder.join(format!("{number}.copy"))
    }

    /// Writes every table as one ready file.
    fn write_files(&self, source: &Path) {
        std::fs::create_dir(&self.folder).expect("make a folder");
        let mut sqlite = SqliteConnection::establish(source.to_str().expect("UTF-8")).expect("open");
        for table in &self.tables {
            let mut file = BufWriter::new(File::create(self.file(table.as_ref())).expect("create"));
            file.write_all(COPY_HEADER).expect("write");
            table
                .read_source(&mut sqlite, KeyRange::ALL, Order::Key, &mut |row| {
                    file.write_all(row.expect("a row").1).expect("write");
                    ControlFlow::Continue(())
                })
                .expect("read");
            file.write_all(&COPY_TRAILER).expect("write");
            file.flush().expect("write");
        }
    }

    /// Milliseconds to take in the ready files, with two connections.
    fn limit(&self) -> u64 {
        let target = TestDatabase::create();
        let mut connection = AnyConnection::Postgres(target.connect());
        if self.statements.is_none() {
            apply(&mut connection, &MIGRATIONS, None, ChangedPolicy::Refuse, &mut |_| {})
                .expect("make the schema");
        }
        let AnyConnection::Postgres(mut first) = connection else { unreachable!("made above") };
        for statement in self.statements.iter().flatten() {
            first.batch_execute(statement).expect("make the schema");
        }
        let mut second = target.connect();
        let names: Vec<&str> = self.tables.iter().map(|table| table.name()).collect();
        let definitions: Vec<Definition> =
            sql_query(TAKE_OFF).bind::<Array<Text>, _>(&names).load(&mut first).expect("definitions");
        let began = Instant::now();
        for definition in &definitions {
            first.batch_execute(&definition.off).expect("take off");
        }
        // The largest first.
        let mut tables: Vec<_> = self.tables.iter().map(|table| (table, self.file(table.as_ref()))).collect();
        tables.sort_by_key(|(_, path)| std::fs::metadata(path).expect("size").len());
        let waiting = Mutex::new(tables);
        let work = |connection: &mut PgConnection| {
            let settings = "SET maintenance_work_mem = '256MB'; SET synchronous_commit = off";
            connection.batch_execute(settings).expect("settings");
            loop {
                let next = waiting.lock().expect("lock").pop();
                let Some((table, path)) = next else { return };
                let data = std::fs::read(&path).expect("read");
                table.write_target(connection, &data).expect("copy");
                let of_table = definitions.iter().filter(|definition| definition.name == table.name());
                for definition in of_table.filter(|definition| definition.second.is_none()) {
                    connection.batch_execute(&definition.first).expect("build");
                }
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| work(&mut second));
            work(&mut first);
        });
        let foreign: Vec<&Definition> =
            definitions.iter().filter(|definition| definition.second.is_some()).collect();
        for definition in &foreign {
            first.batch_execute(&definition.first).expect("add");
        }
        let mut by_table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for definition in foreign {
            by_table.entry(&definition.name).or_default().extend(definition.second.as_deref());
        }
        let waiting = Mutex::new(by_table);
        let validate = |connection: &mut PgConnection| {
            loop {
                let next = waiting.lock().expect("lock").pop_first();
                let Some((_, statements)) = next else { return };
                connection.batch_execute(&statements.join(";")).expect("validate");
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| validate(&mut second));
            validate(&mut first);
        });
        first.batch_execute("SET synchronous_commit = on; SELECT txid_current()").expect("reach the disk");
        millis(began.elapsed())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).expect("a sensible time")
}

fn ours(folder: &Path, way: Way) -> Ours {
    let target = TestDatabase::create();
    let url = target.url();
    if way == Way::Copy {
        program(folder, &["db", "setup", "--database-url", url]);
    }
    let arguments: &[&str] = match way {
        Way::Copy => &["db", "copy-from-sqlite"],
        Way::Import => &["db", "import", "backoffice.db"],
    };
    let events = folder.join("events.jsonl");
    let mut child =
        command(folder, &[arguments, &["--json", "--progress", "json", "--postgres", url]].concat())
            .stdout(Stdio::piped())
            .stderr(File::create(&events).expect("create"))
            .spawn()
            .expect("start");
    let id = child.id();
    let watch = std::thread::spawn(move || {
        let mut peak = 0;
        while let Some(now) = peak_kib(id) {
            peak = now.max(peak);
            std::thread::sleep(Duration::from_millis(20));
        }
        peak
    });
    let mut text = String::new();
    child.stdout.take().expect("piped").read_to_string(&mut text).expect("read");
    let code = child.wait().expect("end").code();
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    // Checks that PostgreSQL cannot say are left out of an import, and named; no row is.
    let is_whole = way == Way::Copy && code == Some(0) || way == Way::Import && code == Some(40);
    let tables = report["tables"].as_array().expect("tables");
    let is_whole = is_whole && tables.iter().all(|table| table["copied"] == table["total"]);
    assert!(is_whole, "the run failed with {code:?}: {}", report["error"]);
    let stages = report["stages"].as_array().expect("stages");
    let of = |names: &[&str]| {
        let chosen = stages.iter().filter(|stage| names.contains(&stage["stage"].as_str().expect("name")));
        chosen.map(|stage| stage["elapsed_ms"].as_u64().expect("number")).sum()
    };
    Ours {
        copy_ms: of(&["prepare", "copy", "constraints", "sequences"]),
        verify_ms: of(&["verify"]),
        beside_ms: of(&["preflight", "finish"]),
        peak_kib: watch.join().expect("watch"),
        predictions: predictions(&std::fs::read_to_string(&events).expect("read the events")),
    }
}

/// The most memory a process has had, where the system tells (Linux); `None` when the process is gone.
fn peak_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
