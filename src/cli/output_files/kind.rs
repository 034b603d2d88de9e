//! What a file of each kind begins with, so that no other's file is replaced.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use import::ddl;

/// Bytes that are read of an existing file.
const START: u64 = 4096;

/// What a command writes into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum OutputKind {
    /// The report of a run, as JSON.
    Report,
    /// Rejected rows, an object of JSON a line.
    Rejects,
    /// An assessment as a page.
    Page,
    /// A converted schema.
    Sql,
    /// The rows of an organization, an object of JSON a line.
    Export,
    /// The configuration file of an import. It is made to be edited, so one that exists is never replaced unasked.
    Decisions,
}

impl OutputKind {
    /// What another file at the place is.
    pub(super) fn other(self) -> &'static str {
        match self {
            Self::Report => "no report of this program",
            Self::Rejects => "no file of rejected rows",
            Self::Page => "no assessment of this program",
            Self::Sql => "no schema that this program converted",
            Self::Export => "no export of an organization",
            Self::Decisions => "a configuration file, which may have been edited",
        }
    }

    /// Whether a file at `path` may be replaced: there is none, it is empty, or this program wrote it.
    pub(super) fn has_written(self, path: &Path) -> io::Result<bool> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let mut start = Vec::new();
        file.take(START).read_to_end(&mut start)?;
        let start = String::from_utf8_lossy(&start);
        Ok(start.is_empty()
            || match self {
                Self::Report => start.starts_with("{\n  \"run_id\": "),
                Self::Rejects => start.starts_with("{\"table_name\":\""),
                Self::Page => start.starts_with("<!doctype html>") && start.contains("<title>Assessment of "),
                Self::Sql => start.starts_with(ddl::TITLE),
                Self::Export => start.starts_with('{') && start.contains("\"format\":\"backoffice-export\""),
                Self::Decisions => false,
            })
    }
}
