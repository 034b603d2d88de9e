//! The body of a page of a list, bounded by rows and by bytes.

use std::ops::ControlFlow;

use serde::Serialize;

/// The most bytes of the JSON of a page. It ends before the row that would exceed them, with the cursor of the next
/// page; the first row is always part of it.
pub(super) const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A page that is being written: one row at a time, so that the rows are not in memory beside their JSON.
pub(super) struct Page<R> {
    body: Vec<u8>,
    rows: i64,
    limit: i64,
    last: Option<R>,
    has_next: bool,
}

impl<R: Serialize> Page<R> {
    pub(super) fn new(limit: i64) -> Self {
        Self { body: br#"{"items":["#.to_vec(), rows: 0, limit, last: None, has_next: false }
    }

    /// Adds a row; breaks if the row belongs to the next page.
    pub(super) fn add(&mut self, row: R) -> Result<ControlFlow<()>, serde_json::Error> {
        let before = self.body.len();
        if self.rows > 0 {
            self.body.push(b',');
        }
        if self.rows < self.limit {
            serde_json::to_writer(&mut self.body, &row)?;
        }
        self.has_next = self.rows == self.limit || (self.rows > 0 && self.body.len() > MOST_BYTES);
        if self.has_next {
            self.body.truncate(before);
            return Ok(ControlFlow::Break(()));
        }
        self.rows += 1;
        self.last = Some(row);
        Ok(ControlFlow::Continue(()))
    }

    /// The body, with the cursor after the last row if there is a next page.
    pub(super) fn finish(mut self, cursor: impl FnOnce(&R) -> String) -> Result<Vec<u8>, serde_json::Error> {
        let next = self.last.as_ref().filter(|_| self.has_next).map(cursor);
        self.body.extend_from_slice(br#"],"next":"#);
        serde_json::to_writer(&mut self.body, &next)?;
        self.body.push(b'}');
        Ok(self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the page, its length, and whether there is a next page.
    fn page(limit: i64, rows: &[usize]) -> (usize, usize, bool) {
        let mut page = Page::new(limit);
        for length in rows {
            if page.add("x".repeat(*length)).expect("JSON").is_break() {
                break;
            }
        }
        let body = page.finish(|last| format!("after {}", last.len())).expect("JSON");
        let value: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        (value["items"].as_array().expect("rows").len(), body.len(), value["next"].is_string())
    }

    #[test]
    fn a_page_ends_after_its_rows() {
        assert_eq!(page(2, &[]), (0, 24, false));
        assert_eq!(page(2, &[1, 1]), (2, 31, false));
        let (rows, _, has_next) = page(2, &[1, 1, 1]);
        assert_eq!((rows, has_next), (2, true));
    }

    #[test]
    fn a_page_ends_before_the_row_that_exceeds_its_bytes() {
        let third = MOST_BYTES / 3;
        let (rows, bytes, has_next) = page(200, &[third; 9]);
        assert_eq!((rows, has_next), (2, true));
        assert!(bytes < MOST_BYTES, "{bytes}");
    }

    #[test]
    fn a_page_has_one_row_at_least() {
        assert_eq!(page(200, &[MOST_BYTES + 1]), (1, MOST_BYTES + 27, false));
        let (rows, _, has_next) = page(200, &[MOST_BYTES + 1, 1]);
        assert_eq!((rows, has_next), (1, true));
    }
}
