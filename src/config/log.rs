//! The settings of the server's log.

use std::time::Duration;

use tracing::Level;

use super::read::word_of;
use super::{ConfigError, Inputs, Row, Setting, row};

/// The settings of the log, each with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// `LOG_FORMAT`.
    pub format: Setting<LogFormat>,
    /// `LOG_LEVEL`: lines below it are left out.
    pub level: Setting<Level>,
    /// `LOG_QUERIES`: whether every query is a line.
    pub queries: Setting<bool>,
    /// `SLOW_QUERY_MS`: a query that takes this long is a warning; `None` is never.
    pub slow_query: Setting<Option<Duration>>,
}

/// What the log is started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// How a line is written.
    pub format: LogFormat,
    /// Lines below it are left out.
    pub level: Level,
    /// Whether every query is a line.
    pub queries: bool,
    /// A query that takes this long is a warning; `None` is never.
    pub slow_query: Option<Duration>,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people; the default.
    Text,
    /// An object per line, for programs.
    Json,
}

impl LogFormat {
    const WORDS: [(&str, Self); 2] = [("text", Self::Text), ("json", Self::Json)];
}

const LEVELS: [(&str, Level); 5] = [
    ("error", Level::ERROR),
    ("warn", Level::WARN),
    ("info", Level::INFO),
    ("debug", Level::DEBUG),
    ("trace", Level::TRACE),
];

impl LogConfig {
    pub(super) fn resolve(inputs: &Inputs) -> Result<Self, ConfigError> {
        let slow_query = inputs.milliseconds("SLOW_QUERY_MS", 0, Duration::from_millis(500))?;
        Ok(Self {
            format: inputs.word("LOG_FORMAT", &LogFormat::WORDS, LogFormat::Text)?,
            level: inputs.word("LOG_LEVEL", &LEVELS, Level::INFO)?,
            queries: inputs.switch("LOG_QUERIES")?,
            slow_query: slow_query.with(Some(slow_query.value).filter(|time| !time.is_zero())),
        })
    }

    /// The plain values.
    pub fn settings(&self) -> LogSettings {
        LogSettings {
            format: self.format.value,
            level: self.level.value,
            queries: self.queries.value,
            slow_query: self.slow_query.value,
        }
    }

    pub(super) fn describe(&self) -> Vec<Row> {
        let slow = self.slow_query.value.map_or("off".to_owned(), |time| format!("{} ms", time.as_millis()));
        vec![
            row("log, format", &self.format, word_of(&LogFormat::WORDS, &self.format.value).to_owned()),
            row("log, level", &self.level, word_of(&LEVELS, &self.level.value).to_owned()),
            row("log, every query", &self.queries, self.queries.value.to_string()),
            row("log, slow query from", &self.slow_query, slow),
        ]
    }
}
