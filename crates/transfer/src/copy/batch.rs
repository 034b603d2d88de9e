//! Batches: so many rows that memory stays bounded, in the binary form in which COPY takes them.

use crate::table::{COPY_HEADER, COPY_TRAILER, Key};

/// A batch is sent when it has this many bytes. A larger row is a batch of its own.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Rows of one table in key order.
#[derive(Debug)]
pub struct Batch {
    /// A COPY stream; its trailer is added when the batch is sent.
    data: Vec<u8>,
    /// Of each row its key and where its tuple ends in `data`.
    rows: Vec<(Key, usize)>,
    /// Whether `data` has its trailer.
    is_sealed: bool,
}

impl Default for Batch {
    fn default() -> Self {
        Self { data: COPY_HEADER.to_vec(), rows: Vec::new(), is_sealed: false }
    }
}

impl Batch {
    /// Appends a row.
    pub fn push(&mut self, key: Key, tuple: &[u8]) {
        if tuple.len() > BATCH_BYTES {
            // No more than it needs: doubling would take as much again as the row itself.
            self.data.reserve_exact(tuple.len() + COPY_TRAILER.len());
        }
        if std::mem::take(&mut self.is_sealed) {
            self.data.truncate(self.data.len() - COPY_TRAILER.len());
        }
        self.data.extend_from_slice(tuple);
        self.rows.push((key, self.data.len()));
    }

    /// The number of rows.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The keys of the first and the last row.
    pub fn key_range(&self) -> Option<(Key, Key)> {
        Some((self.rows.first()?.0, self.rows.last()?.0))
    }

    /// The rows: key and tuple.
    pub fn rows(&self) -> impl Iterator<Item = (Key, &[u8])> {
        (0..self.rows.len()).filter_map(|index| self.row(index))
    }

    /// The row at `index`, counted from 0: key and tuple.
    pub fn row(&self, index: usize) -> Option<(Key, &[u8])> {
        let (key, end) = self.rows.get(index)?;
        let before = index.checked_sub(1).map(|before| self.rows[before].1);
        Some((*key, &self.data[before.unwrap_or(COPY_HEADER.len())..*end]))
    }

    /// The rows whose keys are not among `keys`, which are in order.
    #[must_use]
    pub fn without(&self, keys: &[Key]) -> Self {
        let mut rest = Self::default();
        for (key, tuple) in self.rows() {
            if keys.binary_search(&key).is_err() {
                rest.push(key, tuple);
            }
        }
        rest
    }

    /// The rows of `range`, counted from 0, as a batch of their own.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let mut slice = Self::default();
        for (key, tuple) in range.filter_map(|index| self.row(index)) {
            slice.push(key, tuple);
        }
        slice
    }

    /// The bytes in memory.
    pub fn size_bytes(&self) -> usize {
        self.data.len()
    }

    /// The complete COPY stream.
    pub fn stream(&mut self) -> &[u8] {
        if !self.is_sealed {
            self.data.extend_from_slice(&COPY_TRAILER);
            self.is_sealed = true;
        }
        &self.data
    }
}

/// Collects rows into batches.
#[derive(Debug, Default)]
pub struct Batcher {
    batch: Batch,
}

impl Batcher {
    /// Adds a row; gives back the batch when it is full.
    pub fn push(&mut self, key: Key, tuple: &[u8]) -> Option<Batch> {
        self.batch.push(key, tuple);
        (self.batch.data.len() >= BATCH_BYTES).then(|| std::mem::take(&mut self.batch))
    }

    /// What is left.
    pub fn finish(self) -> Option<Batch> {
        Some(self.batch).filter(|batch| batch.row_count() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_known_keys_are_left_out() {
        let mut batch = Batch::default();
        for key in 1..=5 {
            batch.push(Key::Integer(key), &key.to_be_bytes());
        }
        let rest = batch.without(&[Key::Integer(2), Key::Integer(5)]);
        let rows: Vec<_> = rest.rows().map(|(key, tuple)| (key, tuple.to_vec())).collect();
        let expected: Vec<_> =
            [1_i64, 3, 4].into_iter().map(|key| (Key::Integer(key), key.to_be_bytes().to_vec())).collect();
        assert_eq!(rows, expected);
        assert_eq!(rest.key_range(), Some((Key::Integer(1), Key::Integer(4))));
    }
}
