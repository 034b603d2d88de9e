//! Rows that wait to be written: in memory, or in a temporary file where they are many.

use std::io::{BufReader, Read as _, Seek as _, SeekFrom, Write as _};

use tempfile::SpooledTempFile;

use transfer::table::Key;

/// Bytes that are kept in memory, of each table that changed.
const MEMORY_BYTES: usize = 1024 * 1024;

/// Tuples of binary COPY, each with the key of its row.
pub(crate) struct Spool {
    file: SpooledTempFile,
    row_count: u64,
    size_bytes: u64,
}

impl Default for Spool {
    fn default() -> Self {
        Self { file: tempfile::spooled_tempfile(MEMORY_BYTES), row_count: 0, size_bytes: 0 }
    }
}

impl Spool {
    /// Appends a row.
    pub(crate) fn push(&mut self, key: Key, tuple: &[u8]) -> std::io::Result<()> {
        let (kind, key) = match key {
            Key::Integer(key) => (0_u8, i128::from(key).to_be_bytes()),
            Key::Uuid(key) => (1, key.into_bytes()),
        };
        let length = u64::try_from(tuple.len()).unwrap_or(u64::MAX);
        self.file.write_all(&[kind])?;
        self.file.write_all(&key)?;
        self.file.write_all(&length.to_be_bytes())?;
        self.file.write_all(tuple)?;
        self.row_count += 1;
        self.size_bytes += length;
        Ok(())
    }

    pub(crate) fn row_count(&self) -> u64 {
        self.row_count
    }

    /// The bytes of all tuples.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Passes all rows on, in the order in which they were added.
    pub(crate) fn each<E: From<std::io::Error>>(
        &mut self,
        mut each: impl FnMut(Key, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::with_capacity(64 * 1024, &mut self.file);
        let mut tuple = Vec::new();
        for _ in 0..self.row_count {
            let (mut kind, mut key, mut length) = ([0_u8], [0_u8; 16], [0_u8; 8]);
            file.read_exact(&mut kind)?;
            file.read_exact(&mut key)?;
            file.read_exact(&mut length)?;
            let key = match kind {
                [0] => Key::Integer(i64::try_from(i128::from_be_bytes(key)).map_err(std::io::Error::other)?),
                _ => Key::Uuid(uuid::Uuid::from_bytes(key)),
            };
            let length = usize::try_from(u64::from_be_bytes(length)).map_err(std::io::Error::other)?;
            tuple.resize(length, 0);
            file.read_exact(&mut tuple)?;
            each(key, &tuple)?;
            tuple.shrink_to(MEMORY_BYTES);
        }
        drop(file);
        // What is added from here on comes after what is there.
        self.file.seek(SeekFrom::End(0))?;
        Ok(())
    }
}
