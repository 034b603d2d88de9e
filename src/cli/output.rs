//! Everything the program prints, and everything it asks. No other file prints.
//!
//! Results go to standard output, everything else to standard error, so that a pipe gets only results. Everything that
//! is printed is escaped: a terminal obeys control characters, and text may come from a database.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Clock;

use indicatif::{HumanCount, MultiProgress};

use super::color::{self, Stream};
use super::failure::CommandFailure;
use super::sql_text::escape_sql;
use databases::terminal::{escape, escape_json, escape_line, width};

impl Stream {
    /// Whether this stream has colors. Before it is decided, none has.
    pub(super) fn has_colors(self) -> bool {
        color::are_shown(match self {
            Self::Output => io::stdout().is_terminal(),
            Self::Error => is_terminal(),
        })
    }
}

/// Whether standard error is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// A number of rows as text.
pub(super) fn rows(row_count: i64) -> String {
    format!("{} row{}", count(row_count), if row_count == 1 { "" } else { "s" })
}

/// Whether a line of results could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether results were lost, as on a full disk.
pub(super) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Writes a line of results.
pub(super) fn say(text: impl AsRef<str>) {
    write_output(&escape(text.as_ref()));
}

/// Writes a line of results that is a verdict: green where it is good, red where it is not.
pub(super) fn say_verdict(is_good: bool, text: impl AsRef<str>) {
    write_output(&color::verdict(text.as_ref(), is_good, Stream::Output.has_colors()));
}

/// Writes lines of results that were escaped when they were colored.
pub(super) fn say_styled(text: impl AsRef<str>) {
    if Stream::Output.has_colors() { write_output(text.as_ref()) } else { say(text) }
}

fn write_output(text: &str) {
    let written = above_bars(|| writeln!(io::stdout().lock(), "{text}"));
    if let Err(error) = written {
        // A reader that has seen enough (`| head`) is no failure of the command.
        LOST.fetch_or(error.kind() != io::ErrorKind::BrokenPipe, Ordering::Relaxed);
    }
}

/// Writes a line about what is going on.
pub(super) fn note(text: impl AsRef<str>) {
    match has_events() {
        true => note_event(text.as_ref()),
        false => write_error(&color::message(text.as_ref(), Stream::Error.has_colors())),
    }
}

fn note_event(text: &str) {
    event(&serde_json::json!({"event": "note", "text": text}));
}

/// Writes a line about what is going on that is a verdict: green where it is good, red where it is not.
pub(super) fn note_verdict(is_good: bool, text: impl AsRef<str>) {
    match has_events() {
        true => note_event(text.as_ref()),
        false => write_error(&color::verdict(text.as_ref(), is_good, Stream::Error.has_colors())),
    }
}

/// Writes lines about what is going on that were escaped when they were colored.
pub(super) fn note_styled(text: impl AsRef<str>) {
    if Stream::Error.has_colors() && !has_events() { write_error(text.as_ref()) } else { note(text) }
}

fn write_error(text: &str) {
    let _ = above_bars(|| writeln!(io::stderr().lock(), "{text}"));
}

/// The bars on standard error, above which lines are written.
static BARS: OnceLock<MultiProgress> = OnceLock::new();

/// The bars on standard error.
pub(super) fn bars() -> &'static MultiProgress {
    BARS.get_or_init(MultiProgress::new)
}

/// Writes lines while no bar is drawn.
fn above_bars<T>(write: impl FnOnce() -> T) -> T {
    match BARS.get() {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}

/// Writes lines of the log.
pub(super) struct LogWriter;

impl io::Write for LogWriter {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        above_bars(|| io::stderr().lock().write(lines))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// When standard error began to be JSON; empty while it is text.
static EVENTS_SINCE: OnceLock<Clock> = OnceLock::new();

/// Writes only JSON to standard error from now on.
pub(super) fn begin_events() {
    EVENTS_SINCE.get_or_init(Clock::now);
}

/// Whether standard error is JSON.
pub(super) fn has_events() -> bool {
    EVENTS_SINCE.get().is_some()
}

/// Writes an event to standard error, as one line of JSON.
pub(super) fn event(event: &impl serde::Serialize) {
    #[derive(serde::Serialize)]
    struct Timed<'a, T> {
        #[serde(flatten)]
        event: &'a T,
        elapsed_ms: u64,
    }
    let elapsed = EVENTS_SINCE.get().map(Clock::elapsed).unwrap_or_default();
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match serde_json::to_string(&Timed { event, elapsed_ms }) {
        Ok(line) => {
            let _ = writeln!(io::stderr().lock(), "{}", escape_json(&line));
        }
        Err(error) => tracing::debug!(%error, "write an event"),
    }
}

/// Has the message of a panic written as any other: it may quote a text from a database.
pub(super) fn escape_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let trace = Backtrace::capture();
        let name = std::thread::current().name().unwrap_or("without a name").to_owned();
        note(format!("thread {name} {panic}"));
        if trace.status() == BacktraceStatus::Captured {
            note(trace.to_string());
        }
    }));
}

/// Writes a value as JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), CommandFailure> {
    write_output(json_text(value)?.trim_end());
    Ok(())
}

/// A value as the text of a JSON file, without characters that a terminal obeys.
///
/// # Errors
/// When it has no JSON form, which is a bug.
pub(super) fn json_text(value: &impl serde::Serialize) -> Result<String, CommandFailure> {
    Ok(escape_json(&serde_json::to_string_pretty(value).map_err(CommandFailure::unexpected)?) + "\n")
}

/// Writes SQL below a title.
pub(super) fn sql(title: &str, text: &str) {
    say(format!("-- {}", escape_line(title)));
    say_sql(text.trim_end());
    say("");
}

/// Writes SQL that psql reads as the same statements.
pub(super) fn say_sql(text: &str) {
    write_output(&escape_sql(text));
}

/// Asks a question that is answered with `yes`; `None` without a terminal, or when a program reads the events.
pub(super) fn ask(question: &str) -> Option<bool> {
    if !io::stdin().is_terminal() || has_events() {
        return None;
    }
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{} Type yes to go on: ", escape(question));
    let _ = stderr.flush();
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(answer.trim() == "yes")
}

/// Writes rows in columns, the first to the left and all others to the right.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>]) {
    for line in table_lines(headings, rows) {
        write_output(&line);
    }
}

/// The lines of a table: cells are escaped before they are measured.
fn table_lines(headings: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let headings = headings.iter().map(|heading| escape_line(heading)).collect();
    let rows = rows.iter().map(|row| row.iter().map(|cell| escape_line(cell)).collect());
    let rows: Vec<Vec<String>> = std::iter::once(headings).chain(rows).collect();
    let columns = 0..rows.first().map_or(0, Vec::len);
    let needed = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
    let widths: Vec<usize> = columns.map(|column| needed(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, columns))| {
            let fill = " ".repeat(columns.saturating_sub(width(cell)));
            if column == 0 { format!("{cell}{fill}") } else { format!("{fill}{cell}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// A number with marks between the thousands.
pub(super) fn count(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", HumanCount(number.unsigned_abs()))
}

/// Seconds to the tenth, from milliseconds.
pub(super) fn seconds(elapsed_ms: u128) -> String {
    format!("{}.{}", elapsed_ms / 1000, elapsed_ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_display_width_and_cells_are_escaped() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["注文", "1"]),
            row(["cafe\u{301}", "12,345"]),
            row(["x\u{1b}[2J\u{202e}\ny", "7"]),
            row(["±", ""]),
        ];
        let expected = [
            "table                    rows",
            "注文                        1",
            "cafe\u{301}                   12,345",
            "x\\u{1b}[2J\\u{202e}\\ny       7",
            "±",
        ];
        assert_eq!(table_lines(&["table", "rows"], &rows), expected);
    }

    #[test]
    fn a_report_in_a_file_is_harmless_and_reads_as_the_same_value() {
        let value = serde_json::json!({ "x\u{202e}": "a\u{1b}\u{7f}\u{9b}\u{2066}\u{200b}b" });
        let text = json_text(&value).expect("JSON");
        assert!(text.chars().all(|character| matches!(character, '\n' | ' '..='~')), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }
}
