//! The destination of binary forms: a buffer, or none, so that the check whether a value fits uses the same code with
//! and without writing.

use std::fmt;

/// Accepts bytes.
pub(super) trait Sink {
    /// Appends these.
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Only counts.
#[derive(Default)]
pub(super) struct ByteCount(pub(super) usize);

impl Sink for ByteCount {
    fn put(&mut self, bytes: &[u8]) {
        self.0 = self.0.saturating_add(bytes.len());
    }
}

/// The text of a number, without allocation: no i64 or f64 is longer here.
#[derive(Default)]
pub(super) struct Short {
    bytes: [u8; 32],
    length: usize,
}

impl Short {
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}
