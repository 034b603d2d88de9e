//! Settings of the log.

use std::time::Duration;

use tracing::Level;

use super::read::word_of;
use super::{ConfigError, Inputs, Row, Setting, row};

/// The settings of the log, with origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// `LOG_FORMAT`.
    pub format: Setting<LogFormat>,
    /// `LOG_LEVEL`: events below it are not logged.
    pub level: Setting<Level>,
    /// `LOG_QUERIES`: whether every query is logged.
    pub queries: Setting<bool>,
    /// `SLOW_QUERY_MS`: queries from this duration on are logged as warnings; `None` disables it.
    pub slow_query: Setting<Option<Duration>>,
}

/// The settings of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// The format of an event.
    pub format: LogFormat,
    /// Events below it are not logged.
    pub level: Level,
    /// Whether every query is logged.
    pub queries: bool,
    /// Queries from this duration on are logged as warnings; `None` disables it.
    pub slow_query: Option<Duration>,
}

/// The format of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Human-readable text; the default.
    Text,
    /// One JSON object per line.
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

    /// The values without origins.
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
