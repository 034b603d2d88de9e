//! Hostile names and values in a SQLite file, and what each command prints of them.

use std::process::Stdio;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::app::{App, Ended, Move};
use crate::cluster::TestDatabase;
use crate::running::Running;
use databases::terminal::is_hidden;

/// A control sequence, C1, DEL, an override, an isolate, a character without width, a line separator, a tag.
const HOSTILE: &str = "x\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200b}\u{2028}\u{e0041}y";
/// The same, as text shows it.
const SHOWN: &str = "x\\u{1b}[2J\\u{9b}2J\\u{7f}\\u{202e}\\u{2066}\\u{200b}\\u{2028}\\u{e0041}y";
/// The same where a path may have it: SQLite's has no control characters.
const PATH: &str = "x\u{202e}\u{2066}\u{200b}y.db";
const PATH_SHOWN: &str = "x\\u{202e}\\u{2066}\\u{200b}y.db";

/// After this time a server is said not to start.
const STARTS: Duration = Duration::from_secs(30);

/// A database with a hostile file name, table, column, default and values, of which one fits no type of PostgreSQL.
fn hostile() -> App {
    let app = App::new();
    let sqlite = rusqlite::Connection::open(app.path(PATH)).expect("open");
    let statements = format!(
        "CREATE TABLE \"{HOSTILE}\" (id INTEGER PRIMARY KEY, \"c{HOSTILE}\" TEXT DEFAULT 'd{HOSTILE}', n INTEGER,
             CHECK (n <> 'k{HOSTILE}'));
         CREATE VIEW \"v{HOSTILE}\" AS SELECT typeof(n) FROM \"{HOSTILE}\" WHERE \"c{HOSTILE}\" GLOB 'g{HOSTILE}';
         INSERT INTO \"{HOSTILE}\" VALUES (1, 'v{HOSTILE}', 1), (2, 'w{HOSTILE}' || char(0), 2);"
    );
    sqlite.execute_batch(&statements).expect("make the source");
    app
}

/// Whether a character must not reach a terminal.
fn is_obeyed(character: char) -> bool {
    character != '\n' && is_hidden(character)
}

#[track_caller]
fn assert_harmless(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        let hidden = text.chars().find(|character| is_obeyed(*character));
        assert_eq!(hidden, None, "{text}");
    }
}

/// Runs the program, which must print nothing that a terminal obeys.
#[track_caller]
fn harmless(app: &App, code: i32, arguments: &[&str]) -> Ended {
    let ended = app.expect(code, arguments);
    assert_harmless(&ended);
    ended
}

/// The text without control sequences for colors.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (code, rest) = part.split_once('m').expect("a control sequence for a color");
        assert!(code.chars().all(|character| character.is_ascii_digit() || character == ';'), "{part:?}");
        text + rest
    })
}

#[test]
fn an_assessment_escapes_names_and_values() {
    let app = hostile();
    let text = app.run(&["db", "assess", PATH, "--all"]);
    assert_harmless(&text);
    assert!(text.stdout.contains("\"x\\u{1b}[2J") && text.stdout.contains(PATH_SHOWN), "{}", text.stdout);
    let json = app.run(&["db", "assess", PATH, "--json"]);
    assert_harmless(&json);
    let read: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(read["tables"][0]["source"], HOSTILE);
    let colored = app.run(&["db", "assess", PATH, "--all", "--color", "always"]);
    assert_ne!(colored.stdout, text.stdout);
    let plain = without_colors(&colored.stdout);
    // The last line tells how long it took.
    assert_eq!(plain.lines().next(), text.stdout.lines().next());
    assert!(!plain.contains(is_obeyed), "{plain}");
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(target: &TestDatabase, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(&mut target.connect()).expect("query");
    rows.into_iter().map(|row| row.line).collect()
}

#[test]
fn statements_on_standard_output_are_harmless_and_mean_the_same() {
    let app = hostile();
    let ended = app.run(&["db", "convert", PATH]);
    assert_harmless(&ended);
    let target = TestDatabase::create();
    target.connect().batch_execute(&ended.stdout).expect("run the statements");
    let tables = "SELECT relname::text AS line FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    assert_eq!(lines(&target, tables), [HOSTILE]);
    target.connect().batch_execute(&format!("INSERT INTO \"{HOSTILE}\" (id) VALUES (1)")).expect("insert");
    assert_eq!(
        lines(&target, &format!("SELECT \"c{HOSTILE}\" AS line FROM \"{HOSTILE}\"")),
        [format!("d{HOSTILE}")]
    );

    let statement = format!("SELECT 'a{HOSTILE}' AS line\t-- {HOSTILE}");
    let ended = harmless(&app, 0, &["sql", "adapt", &statement]);
    assert_eq!(lines(&target, ended.stdout.trim_end().trim_end_matches(';')), [format!("a{HOSTILE}")]);
    let ended = harmless(&app, 0, &["sql", "adapt", "--json", &statement]);
    assert!(serde_json::from_str::<serde_json::Value>(&ended.stdout).is_ok(), "{}", ended.stdout);
    harmless(&app, 2, &["sql", "adapt", &format!("SELECT \"{HOSTILE}\"(1) {HOSTILE}")]);
}

#[test]
fn an_import_its_rejects_and_its_runs_escape_names_and_values() {
    let app = hostile();
    let target = TestDatabase::create();
    let import = ["db", "import", PATH, "--postgres", target.url()];
    let planned = app.run(&[&import[..], &["--dry-run"]].concat());
    assert_harmless(&planned);
    assert!(planned.stdout.contains(SHOWN) && planned.stderr.contains(PATH_SHOWN), "{planned:?}");
    let options = ["--json", "--report", "report.json", "--rejects-file", "rejects.jsonl", "-v", "-v"];
    let ended = harmless(&app, 40, &[&import[..], &options].concat());
    let printed: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let file = std::fs::read_to_string(app.path("report.json")).expect("the report");
    assert!(!file.contains(is_obeyed), "{file}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&file).expect("JSON"), printed);
    let rejects = harmless(&app, 0, &["db", "rejects", "list", "--postgres", target.url()]);
    assert!(rejects.stdout.contains(SHOWN), "{}", rejects.stdout);
    harmless(&app, 0, &["db", "rejects", "list", "--json", "--postgres", target.url()]);
    let runs = harmless(&app, 0, &["db", "runs", "--postgres", target.url(), "--json"]);
    let runs: serde_json::Value = serde_json::from_str(&runs.stdout).expect("JSON");
    let id = runs[0]["id"].as_str().expect("an id");
    harmless(&app, 0, &["db", "runs", "--postgres", target.url()]);
    let run = harmless(&app, 0, &["db", "runs", "show", id, "--postgres", target.url()]);
    assert!(run.stdout.contains(PATH_SHOWN), "{}", run.stdout);
}

#[test]
fn a_copy_and_a_comparison_escape_names_and_values() {
    let this = Move::seeded(100);
    this.on_source(&format!("CREATE TABLE \"{HOSTILE}\" (id INTEGER)"));
    this.on_source(&format!(
        "UPDATE customers SET name = 'v{HOSTILE}' WHERE id = (SELECT min(id) FROM customers)"
    ));
    let planned = this.copy(0, &["--dry-run"]);
    assert_harmless(&planned);
    assert!(planned.stderr.contains(SHOWN), "{}", planned.stderr);
    assert_harmless(&this.copy(0, &["--color", "never"]));
    this.on_target("UPDATE customers SET name = 'other' WHERE id = (SELECT min(id) FROM customers)");
    let compared = this.verify(30, &[]);
    assert_harmless(&compared);
    assert!(compared.stdout.contains(SHOWN), "{}", compared.stdout);
    let json = this.verify(30, &["--json"]);
    assert_harmless(&json);
    assert!(serde_json::from_str::<serde_json::Value>(&json.stdout).is_ok(), "{}", json.stdout);
    let colored = this.verify(30, &["--color=always"]);
    assert!(colored.stderr.contains("\u{1b}[31mdifferent (exit code 30): "), "{}", colored.stderr);
    assert!(colored.stderr.contains("\u{1b}[36mhint:\u{1b}[0m "), "{}", colored.stderr);
    assert!(!without_colors(&colored.stdout).contains(is_obeyed), "{}", colored.stdout);
}

#[test]
fn commands_on_a_database_escape_its_path_and_errors_what_was_typed() {
    let app = App::new().env("DATABASE_URL", PATH);
    for arguments in [
        &["db", "setup"][..],
        &["db", "status"],
        &["db", "health"],
        &["db", "health", "--json"],
        &["db", "seed", "--rows", "50"],
        &["db", "redo", "--yes"],
        &["db", "rollback", "--dry-run"],
        &["db", "migrate"],
        &["config"],
        &["config", "--json"],
    ] {
        harmless(&app, 0, arguments);
    }
    assert!(harmless(&app, 0, &["config"]).stdout.contains(PATH_SHOWN));
    let missing = harmless(&app, 20, &["db", "assess", "no\u{202e}thing\u{200b}.db"]);
    assert!(missing.stderr.contains("no\\u{202e}thing\\u{200b}.db"), "{}", missing.stderr);
    let usage = harmless(&app, 2, &["db", "status", &format!("--{HOSTILE}")]);
    assert!(usage.stderr.contains("\\u{202e}"), "{}", usage.stderr);
    let colored = app.expect(2, &["db", "status", &format!("--{HOSTILE}"), "--color", "always"]).stderr;
    assert!(!without_colors(&colored).contains(is_obeyed), "{colored}");
}

#[test]
fn the_log_of_the_server_is_harmless_in_both_formats() {
    for format in ["text", "json"] {
        let app = App::new().env("LOG_FORMAT", format).env("LOG_LEVEL", "trace").env("DATABASE_URL", PATH);
        let mut running = Running::start(&app, &["serve", "--port", "0"]);
        let began = Instant::now();
        while !running.stderr().contains("press Ctrl-C to stop") {
            assert!(!running.has_ended() && began.elapsed() < STARTS, "{}", running.stderr());
            std::thread::sleep(Duration::from_millis(10));
        }
        let (ended, _) = running.interrupt();
        assert!(ended.stdout.contains(PATH_SHOWN), "{ended:?}");
        assert_harmless(&ended);
    }
}

#[test]
fn colors_are_where_the_flag_and_the_variables_want_them() {
    let has_colors = |variables: &[(&str, &str)], arguments: &[&str]| {
        let app = variables.iter().fold(App::new(), |app, (name, value)| app.env(name, value));
        let mut command = app.command(arguments);
        let output = command.stdin(Stdio::null()).output().expect("run the program");
        let is_colored = |bytes: &[u8]| bytes.contains(&0x1b);
        (is_colored(&output.stdout), is_colored(&output.stderr))
    };
    let force = ("CLICOLOR_FORCE", "1");
    // Help goes to standard output; an error of the command line, of the settings and of a command to the other.
    for (arguments, colored) in [
        (&["--help"][..], (true, false)),
        (&["db", "nonsense"], (false, true)),
        (&["config", "--database-url", "mysql://h/d"], (false, true)),
        (&["db", "assess", "nothing.db"], (false, true)),
    ] {
        let none = (false, false);
        let with = |more: &[&'static str]| [arguments, more].concat();
        assert_eq!(has_colors(&[], arguments), none, "{arguments:?}");
        assert_eq!(has_colors(&[force], arguments), colored, "{arguments:?}");
        assert_eq!(has_colors(&[force, ("NO_COLOR", "1")], arguments), colored, "{arguments:?}");
        assert_eq!(has_colors(&[("NO_COLOR", "1")], &with(&["--color", "always"])), colored, "{arguments:?}");
        assert_eq!(has_colors(&[force], &with(&["--color=never"])), none, "{arguments:?}");
        assert_eq!(has_colors(&[force], &with(&["--color", "auto"])), colored, "{arguments:?}");
        assert_eq!(has_colors(&[("CLICOLOR_FORCE", "0")], arguments), none, "{arguments:?}");
    }
    // The log: a line with -v -v.
    let app = App::new();
    let log = |more: &[&str]| app.expect(0, &[&["db", "setup", "-v", "-v"], more].concat()).stderr;
    assert!(log(&["--color", "always"]).contains('\u{1b}'));
    assert!(!log(&["--color", "never"]).contains('\u{1b}'));
}
