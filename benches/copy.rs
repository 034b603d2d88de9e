//! The copy beside the limit, in one run: what PostgreSQL takes in from ready binary COPY files.
//!
//! Both write the same rows into the same tables, with keys, indexes and foreign keys in place, one connection
//! each, in turn; medians are printed as a ratio. The limit reads no SQLite, encodes nothing and verifies nothing:
//! nothing that writes by COPY into these tables can be faster.
//!
//! `cargo bench --bench copy -- --rows 1000000 --runs 3`; PostgreSQL as in the tests.

#[path = "../tests/it/cluster.rs"]
mod cluster;

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use backoffice::db::connection::AnyConnection;
use backoffice::db::migrations::{ChangedPolicy, apply};
use backoffice::registry::TABLES;
use backoffice::table::{COPY_HEADER, COPY_TRAILER, KeyRange};
use cluster::TestDatabase;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

/// One copy by the program.
struct Ours {
    copy_ms: u64,
    verify_ms: u64,
    peak_kib: u64,
}

fn main() {
    let rows = option("--rows").unwrap_or(1_000_000);
    let runs = option("--runs").unwrap_or(3);
    let folder = tempfile::tempdir().expect("temporary folder");
    let source = folder.path().join("backoffice.db");
    program(folder.path(), &["db", "setup"]);
    program(folder.path(), &["db", "seed", "--rows", &rows.to_string()]);
    let files = write_files(&source, folder.path());
    let size_mb = std::fs::metadata(&source).expect("size").len() / 1_000_000;

    let (mut limits, mut copies, mut verifications, mut peaks) = (vec![], vec![], vec![], vec![]);
    for _ in 0..runs {
        limits.push(limit(&files));
        let ours = ours(folder.path());
        copies.push(ours.copy_ms);
        verifications.push(ours.verify_ms);
        peaks.push(ours.peak_kib);
    }
    let (limit_ms, copy_ms, verify_ms) =
        (median(&mut limits), median(&mut copies), median(&mut verifications));
    let hundredths = copy_ms * 100 / limit_ms.max(1);
    let per_second = |ms: u64| rows * 1000 / ms.max(1);
    print(&format!("{rows} rows, {size_mb} MB of SQLite, medians of {runs} runs in turn"));
    print(&format!("limit   {limit_ms:>8} ms  {:>9} rows/s", per_second(limit_ms)));
    print(&format!(
        "copy    {copy_ms:>8} ms  {:>9} rows/s  (preflight, copy, sequences)",
        per_second(copy_ms)
    ));
    print(&format!("verify  {verify_ms:>8} ms  {:>9} rows/s", per_second(verify_ms)));
    print(&format!("copy / limit = {}.{:02}", hundredths / 100, hundredths % 100));
    print(&format!("peak memory {} MB", median(&mut peaks) * 1024 / 1_000_000));
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

/// Every table as one ready file.
fn write_files(source: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut sqlite = SqliteConnection::establish(source.to_str().expect("UTF-8")).expect("open");
    let mut files = Vec::new();
    for table in TABLES {
        let path = folder.join(format!("{}.copy", table.name()));
        let mut file = BufWriter::new(File::create(&path).expect("create"));
        file.write_all(COPY_HEADER).expect("write");
        table
            .read_source(&mut sqlite, KeyRange::ALL, &mut |row| {
                file.write_all(row.expect("a row").1).expect("write");
                ControlFlow::Continue(())
            })
            .expect("read");
        file.write_all(&COPY_TRAILER).expect("write");
        file.flush().expect("write");
        files.push(path);
    }
    files
}

/// Milliseconds to take in the ready files.
fn limit(files: &[PathBuf]) -> u64 {
    let target = TestDatabase::create();
    let mut connection = AnyConnection::Postgres(target.connect());
    apply(&mut connection, None, ChangedPolicy::Refuse, &mut |_| {}).expect("make the schema");
    let AnyConnection::Postgres(connection) = &mut connection else { unreachable!("made above") };
    let began = Instant::now();
    for (table, path) in TABLES.iter().zip(files) {
        connection.batch_execute("BEGIN; SET CONSTRAINTS ALL DEFERRED").expect("begin");
        let mut file = BufReader::new(File::open(path).expect("open"));
        let mut data = Vec::new();
        file.read_to_end(&mut data).expect("read");
        table.write_target(connection, &data).expect("copy");
        connection.batch_execute("COMMIT").expect("commit");
    }
    millis(began.elapsed())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).expect("a sensible time")
}

fn ours(folder: &Path) -> Ours {
    let target = TestDatabase::create();
    let url = target.url();
    program(folder, &["db", "setup", "--database-url", url]);
    let mut child = command(folder, &["db", "copy-from-sqlite", "--json", "--postgres", url])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
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
    assert!(child.wait().expect("end").success(), "the copy failed: {text}");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let stages = report["stages"].as_array().expect("stages");
    let of = |verify: bool| {
        let chosen = stages.iter().filter(|stage| (stage["stage"] == "verify") == verify);
        chosen.map(|stage| stage["elapsed_ms"].as_u64().expect("number")).sum()
    };
    Ours { copy_ms: of(false), verify_ms: of(true), peak_kib: watch.join().expect("watch") }
}

/// The most memory a process has had, where the system tells (Linux); `None` when the process is gone.
fn peak_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
