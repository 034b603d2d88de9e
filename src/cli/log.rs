//! The log on standard error: text, or one JSON object per line.
//!
//! Events of this program are logged from the requested level, events of libraries only from WARN: their debug events
//! include every packet.

use std::fmt::Debug;
use std::io;

use tracing::field::Field;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer as _;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::fmt::{self, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::output::LogWriter;
use crate::config::LogFormat;
use databases::terminal::{Style, escape_json, escape_line, paint};

/// Initializes the log of this process. `colors` only for a terminal.
pub(super) fn start(format: LogFormat, level: Level, colors: bool) {
    if let Err(error) = subscriber(format, level, colors, || LogWriter).try_init() {
        tracing::debug!(%error, "the log is already initialized");
    }
}

fn subscriber<W>(format: LogFormat, level: Level, colors: bool, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = match format {
        LogFormat::Text => {
            let lines = fmt::layer().with_ansi(colors).with_target(false).with_writer(writer);
            lines.fmt_fields(escaped_fields()).boxed()
        }
        LogFormat::Json => {
            let lines =
                fmt::layer().with_ansi(false).with_target(false).with_writer(EscapedJson(writer)).json();
            // The innermost span is enough: requests are not nested.
            lines.flatten_event(true).with_current_span(true).with_span_list(false).boxed()
        }
    };
    Registry::default().with(lines.with_filter(filter(level)))
}

/// Fields as tracing writes them, each value escaped and in one line.
fn escaped_fields() -> impl for<'w> FormatFields<'w> + Send + Sync + 'static {
    debug_fn(|writer: &mut Writer<'_>, field: &Field, value: &dyn Debug| {
        let value = escape_line(&format!("{value:?}"));
        match field.name() {
            "message" => writer.write_str(&value),
            name if writer.has_ansi_escapes() => {
                write!(writer, "{}={value}", paint(name, Style::new().italic()))
            }
            name => write!(writer, "{name}={value}"),
        }
    })
    .delimited(" ")
}

/// Writes lines of JSON, escaped.
struct EscapedJson<W>(W);

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for EscapedJson<W> {
    type Writer = EscapedJson<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        EscapedJson(self.0.make_writer())
    }
}

impl<W: io::Write> io::Write for EscapedJson<W> {
    /// Takes whole lines, as the layer for JSON writes them.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(escape_json(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn filter(level: Level) -> Targets {
    let others = LevelFilter::WARN.min(LevelFilter::from_level(level));
    let own = ["app", "backoffice", "databases", "import", "transfer"].map(|name| (name, level));
    Targets::new().with_targets(own).with_default(others)
}

#[cfg(test)]
mod tests {
    use std::io::Seek as _;
    use std::sync::Arc;

    use super::*;

    fn logged(format: LogFormat, level: Level, colors: bool, work: impl FnOnce()) -> String {
        // tracing caches per callsite that no subscriber is interested, for all threads; a global default subscriber
        // prevents this for threads without a subscriber of their own.
        let sink = fmt::Subscriber::builder().with_max_level(Level::TRACE).with_writer(std::io::sink);
        let _set_before = tracing::subscriber::set_global_default(sink.finish());
        let file = Arc::new(tempfile::tempfile().expect("a file for the log"));
        tracing::subscriber::with_default(subscriber(format, level, colors, Arc::clone(&file)), work);
        (&*file).rewind().expect("back to the start");
        std::io::read_to_string(&*file).expect("a log is text")
    }

    #[test]
    fn a_json_line_has_its_fields_and_the_id_of_its_request() {
        let text = logged(LogFormat::Json, Level::INFO, true, || {
            let _span = tracing::error_span!("request", request_id = "abc").entered();
            tracing::info!(rows = 3, name = "a\n\u{1b}[31mb", missing = None::<i64>, "counted \"rows\"");
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(line["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{text}");
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["message"], "counted \"rows\"");
        assert_eq!(line["rows"], 3);
        assert_eq!(line["name"], "a\n\u{1b}[31mb");
        assert_eq!(line["span"]["request_id"], "abc");
        assert!(line.get("missing").is_none() && line.get("spans").is_none(), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn a_text_line_has_the_request_id_and_colors_only_if_enabled() {
        let work = || {
            let _span = tracing::error_span!("request", request_id = "abc").entered();
            tracing::info!(rows = 3, "counted");
        };
        let plain = logged(LogFormat::Text, Level::INFO, false, work);
        assert!(plain.contains("INFO request{request_id=\"abc\"}: counted rows=3"), "{plain}");
        assert!(!plain.contains('\u{1b}'), "{plain}");
        assert!(logged(LogFormat::Text, Level::INFO, true, work).contains('\u{1b}'));
    }

    #[test]
    fn messages_fields_and_spans_are_escaped_in_both_formats() {
        let hostile = "x\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200b}\u{2028}\ny";
        let work = || {
            let _span = tracing::error_span!("request", path = %hostile).entered();
            tracing::info!(display = %hostile, debug = ?hostile, text = hostile, "message {hostile}");
        };
        let escaped = "x\\u{1b}[2J\\u{9b}2J\\u{7f}\\u{202e}\\u{2066}\\u{200b}\\u{2028}\\ny";
        let is_harmless =
            |text: &str| text.lines().count() == 1 && text.trim_end().chars().all(|c| matches!(c, ' '..='~'));
        let plain = logged(LogFormat::Text, Level::INFO, false, work);
        let expected = format!(
            "request{{path={escaped}}}: message {escaped} display={escaped} debug=\"{escaped}\" text=\"{escaped}\""
        );
        assert!(plain.contains(&expected), "{plain}");
        assert!(is_harmless(&plain), "{plain}");
        let mut colored = logged(LogFormat::Text, Level::INFO, true, work);
        for code in ["0", "1", "2", "3", "32"] {
            colored = colored.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert!(is_harmless(&colored), "{colored}");
        let json = logged(LogFormat::Json, Level::INFO, true, work);
        assert!(is_harmless(&json), "{json}");
        let line: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(line["message"], format!("message {hostile}"));
        assert_eq!(line["display"], hostile);
        assert_eq!(line["text"], hostile);
        assert_eq!(line["span"]["path"], hostile);
    }

    #[test]
    fn the_level_applies_to_this_program_and_libraries_log_warnings() {
        let work = || {
            tracing::debug!("own debug");
            tracing::info!("own info");
            tracing::error!("own error");
            tracing::info!(target: "rustls::server", "library info");
            tracing::warn!(target: "hyper::proto", "library warning");
        };
        let shown = |level| -> Vec<String> {
            let text = logged(LogFormat::Json, level, false, work);
            let messages = text.lines().map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
                line["message"].as_str().expect("a text").to_owned()
            });
            messages.collect()
        };
        assert_eq!(shown(Level::ERROR), ["own error"]);
        assert_eq!(shown(Level::INFO), ["own info", "own error", "library warning"]);
        assert_eq!(shown(Level::TRACE), ["own debug", "own info", "own error", "library warning"]);
    }
}
