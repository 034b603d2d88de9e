//! Another process on the same database: this test binary with only [`part`] selected.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{balance, sqlite};
use databases::url::SqlitePath;
use transfer::source::{Source, SourceOptions};

/// The variable with the action of the process and its arguments; without it, the test does nothing.
const PART: &str = "BACKOFFICE_TEST_PART";
const PATH: &str = "BACKOFFICE_TEST_PATH";
const SQL: &str = "BACKOFFICE_TEST_SQL";

/// A process that ends when its standard input is closed.
pub(super) struct Other {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Other {
    /// Runs these statements, and keeps the connection open.
    pub(super) fn sql(path: &Path, sql: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("own path"));
        command.env(SQL, sql);
        let mut this = Self::start(command, "sql", path);
        this.line();
        this
    }

    /// Moves amounts between accounts, without pauses.
    pub(super) fn moving(path: &Path) -> Self {
        let mut this = Self::start(Command::new(std::env::current_exe().expect("own path")), "move", path);
        this.line();
        this
    }

    /// Opens the source and prints what it reads.
    pub(super) fn opening(program: Command, path: &Path) -> String {
        let mut this = Self::start(program, "open", path);
        this.line()
    }

    fn start(mut command: Command, part: &str, path: &Path) -> Self {
        command
            .args(["--exact", "source::other::part", "--ignored", "--nocapture"])
            .env(PART, part)
            .env(PATH, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("run the tests' own binary");
        let output = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, output }
    }

    /// The next line of its output.
    fn line(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.output.read_line(&mut line).expect("read its output") > 0, "it ended");
            if let Some((_, said)) = line.split_once("@@") {
                return said.trim().to_owned();
            }
        }
    }

    /// Kills it as in a crash, without clean-up.
    pub(super) fn kill(mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
    }

    /// Ends it, and returns the last line of its output.
    pub(super) fn end(mut self) -> String {
        drop(self.child.stdin.take());
        let last = self.line();
        self.child.wait().expect("wait");
        last
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn say(text: &str) {
    writeln!(std::io::stdout(), "@@{text}").expect("write");
}

fn wait_for_end() {
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).expect("read");
}

#[test]
#[ignore = "run by other tests, as another process"]
fn part() {
    let argument = |name| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let (Some(part), Some(path)) = (argument(PART), argument(PATH)) else { return };
    let path = Path::new(&path);
    match part.as_str() {
        "sql" => {
            let connection = sqlite(path);
            connection.execute_batch(&argument(SQL).expect("statements")).expect("run");
            say("ready");
            wait_for_end();
            say("done");
        }
        "move" => say(&move_amounts(path)),
        "open" => {
            let path = SqlitePath::parse(path.to_str().expect("UTF-8")).expect("a path");
            match Source::open(&path, &SourceOptions::default()) {
                Ok(mut source) => {
                    let kind = source.snapshot().kind;
                    say(&format!("{kind:?} {:?}", balance(source.sqlite())));
                }
                Err(error) => say(&format!("{error}: {:?}", std::error::Error::source(&error))),
            }
        }
        other => panic!("no part {other}"),
    }
}

/// Moves amounts until the end of standard input; returns moves per second, errors, and the longest in milliseconds.
fn move_amounts(path: &Path) -> String {
    let stop = Arc::new(AtomicBool::new(false));
    let raise = Arc::clone(&stop);
    std::thread::spawn(move || {
        wait_for_end();
        raise.store(true, Ordering::Relaxed);
    });
    let connection = sqlite(path);
    connection.execute_batch("PRAGMA synchronous = OFF").expect("set up");
    let (began, mut moves, mut errors) = (Instant::now(), 0_u128, 0_u32);
    let (mut slowest, mut said) = (Duration::ZERO, false);
    while !stop.load(Ordering::Relaxed) {
        let each = Instant::now();
        let moved = connection.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             UPDATE checking SET amount = amount - {0} WHERE id = 1 + {0} % 100;
             UPDATE savings SET amount = amount + {0} WHERE id = 1 + {0} * 7 % 100;
             UPDATE moves SET number = number + 1;
             COMMIT",
            moves % 1000
        ));
        match moved {
            Ok(()) => moves += 1,
            Err(_) => {
                errors += 1;
                let _ = connection.execute_batch("ROLLBACK");
            }
        }
        slowest = slowest.max(each.elapsed());
        if !said && moves > 100 {
            said = true;
            say("ready");
        }
    }
    format!("{} {errors} {}", moves * 1000 / began.elapsed().as_millis().max(1), slowest.as_millis())
}
