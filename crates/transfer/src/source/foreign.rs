//! What a file is that is no SQLite database, by its first bytes.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Formats of files that are taken for SQLite databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherFormat {
    /// SQL statements, such as a dump.
    Sql,
    /// Compressed, by the program that unpacks it.
    Compressed(&'static str),
    /// A database of SQLite 2.
    Sqlite2,
    /// The custom format of pg_dump.
    PostgresDump,
    /// A database of another program.
    Database(&'static str),
}

/// Beginnings of files, at an offset.
const SIGNATURES: &[(usize, &[u8], OtherFormat)] = &[
    (0, b"\x1f\x8b", OtherFormat::Compressed("gunzip")),
    (0, b"PK\x03\x04", OtherFormat::Compressed("unzip")),
    (0, b"\x28\xb5\x2f\xfd", OtherFormat::Compressed("unzstd")),
    (0, b"\xfd7zXZ\0", OtherFormat::Compressed("unxz")),
    (0, b"BZh", OtherFormat::Compressed("bunzip2")),
    (0, b"7z\xbc\xaf\x27\x1c", OtherFormat::Compressed("7z x")),
    (0, b"** This file contains an SQLite 2", OtherFormat::Sqlite2),
    (0, b"PGDMP", OtherFormat::PostgresDump),
    (4, b"Standard Jet DB", OtherFormat::Database("Microsoft Access")),
    (4, b"Standard ACE DB", OtherFormat::Database("Microsoft Access")),
    (8, b"DUCK", OtherFormat::Database("DuckDB")),
    (257, b"ustar", OtherFormat::Compressed("tar xf")),
];

/// The words with which SQL statements of a dump begin.
const STATEMENTS: [&str; 10] =
    ["pragma", "begin", "create", "insert", "drop", "delete", "alter", "set", "select", "with"];

/// What the file is, if its first bytes say so. It must be certain that it is no SQLite database: closing it here would
/// release the locks of a connection of this process.
pub(super) fn other_format(path: &Path) -> Option<OtherFormat> {
    let mut bytes = Vec::new();
    // What cannot be read is reported by the error that led here.
    File::open(path).ok()?.take(4096).read_to_end(&mut bytes).ok()?;
    let known = SIGNATURES
        .iter()
        .find(|(at, signature, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature)));
    known.map(|(_, _, format)| *format).or_else(|| is_sql(&bytes).then_some(OtherFormat::Sql))
}

fn is_sql(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start();
    if text.starts_with("--") || text.starts_with("/*") {
        return true;
    }
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let goes_on = text[word.len()..].starts_with(|next: char| next.is_whitespace() || next == ';');
    goes_on && STATEMENTS.contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognized_by_their_beginning() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let cases: &[(&[u8], Option<OtherFormat>)] = &[
            (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;", Some(OtherFormat::Sql)),
            (b"\xef\xbb\xbf\r\n  create table t(a)", Some(OtherFormat::Sql)),
            (b"-- MySQL dump 10.13", Some(OtherFormat::Sql)),
            (b"/* made by hand */ INSERT", Some(OtherFormat::Sql)),
            (b"begin;", Some(OtherFormat::Sql)),
            (b"\x1f\x8b\x08\0\0", Some(OtherFormat::Compressed("gunzip"))),
            (b"PGDMP\x01\x0e", Some(OtherFormat::PostgresDump)),
            (b"** This file contains an SQLite 2.1 database **", Some(OtherFormat::Sqlite2)),
            (b"\0\x01\0\0Standard ACE DB\0", Some(OtherFormat::Database("Microsoft Access"))),
            (b"created,by\n1,2", None),
            (b"insertion", None),
            (b"\x93\x12\xaf", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            std::fs::write(&path, bytes).expect("write");
            assert_eq!(other_format(&path), *expected, "{:?}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(other_format(&folder.path().join("none")), None);
    }
}
