//! Converts names of a database to Rust identifiers, literals and comments.
//!
//! An identifier always compiles in its position and is unique in its scope. Non-ASCII letters are dropped: the
//! compiler normalizes identifiers (NFC), which would change a name.

use std::collections::HashMap;

/// Reserved identifiers: keywords of every edition, and names that code around columns and tables relies on.
const RESERVED: &[&str] = &[
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "safe",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    // Items that `table!` generates beside the columns, and crates whose names its code uses.
    "all_columns",
    "alloc",
    "columns",
    "core",
    "diesel",
    "dsl",
    "schema",
    "sql_types",
    "star",
    "std",
    "table",
    // A unit struct with such a name would shadow the primitive type.
    "bool",
    "char",
    "f32",
    "f64",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
];

/// Types and traits that derives and model fields use without a path.
const RESERVED_TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// The style of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `two_words`.
    Snake,
    /// `TwoWords`.
    Pascal,
}

/// The used identifiers of one scope.
#[derive(Default)]
pub(super) struct UsedIdentifiers {
    counts: HashMap<String, u64>,
}

impl UsedIdentifiers {
    /// The identifier; if it is used, with a number as suffix, after `_` in snake case.
    pub(super) fn give(&mut self, wanted: String, style: Style) -> String {
        if !self.counts.contains_key(&wanted) {
            self.counts.insert(wanted.clone(), 1);
            return wanted;
        }
        loop {
            let Some(count) = self.counts.get_mut(&wanted) else { return wanted };
            *count += 1;
            let separator = if style == Style::Pascal || wanted.ends_with('_') { "" } else { "_" };
            let numbered = format!("{wanted}{separator}{count}");
            if !self.counts.contains_key(&numbered) {
                self.counts.insert(numbered.clone(), 1);
                return numbered;
            }
        }
    }

    /// Reserves an identifier.
    pub(super) fn take(&mut self, name: &str) {
        self.counts.insert(name.to_owned(), 1);
    }
}

/// A name in snake case: `CustomerId` and `Customer Id` become `customer_id`. `what` is the fallback for an empty
/// result.
pub(super) fn snake(name: &str, what: &str) -> String {
    let mut words = words(name).join("_").to_ascii_lowercase();
    if words.is_empty() {
        words.push_str(what);
    }
    if words.starts_with(|c: char| c.is_ascii_digit()) {
        words.insert(0, '_');
    }
    if RESERVED.contains(&words.as_str()) {
        words.push('_');
    }
    words
}

/// A name in Pascal case: `customer_id` becomes `CustomerId`.
pub(super) fn pascal(name: &str, what: &str) -> String {
    let mut pascal = String::new();
    for word in words(name) {
        let (first, rest) = word.split_at(1);
        pascal.push_str(&first.to_ascii_uppercase());
        pascal.push_str(&rest.to_ascii_lowercase());
    }
    if pascal.is_empty() {
        pascal.push_str(what);
    }
    if pascal.starts_with(|c: char| c.is_ascii_digit()) {
        pascal.insert_str(0, what);
    }
    if RESERVED_TYPES.contains(&pascal.as_str()) {
        pascal.push_str("Row");
    }
    pascal
}

/// The runs of ASCII letters and digits, split where lower case changes to upper case, and before the last capital of
/// a run before lower case (`HTMLPage`).
fn words(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let mut words = Vec::new();
    let mut start = None;
    for (index, byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            if let Some(start) = start.take() {
                words.push(&name[start..index]);
            }
            continue;
        }
        let Some(begun) = start else {
            start = Some(index);
            continue;
        };
        let before = bytes[index - 1];
        let is_hump = byte.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        let ends_capitals = byte.is_ascii_uppercase()
            && before.is_ascii_uppercase()
            && bytes.get(index + 1).is_some_and(u8::is_ascii_lowercase);
        if is_hump || ends_capitals {
            words.push(&name[begun..index]);
            start = Some(index);
        }
    }
    if let Some(start) = start {
        words.push(&name[start..]);
    }
    words
}

/// A string literal of Rust. Everything except letters, digits and plain ASCII punctuation is escaped: the compiler
/// rejects bidirectional control characters.
pub(super) fn literal(text: &str) -> String {
    format!("\"{}\"", escaped(text, usize::MAX))
}

/// The value for `sql_name`: Diesel removes one leading `r#`.
pub(super) fn sql_name(name: &str) -> String {
    if name.starts_with("r#") { literal(&format!("r#{name}")) } else { literal(name) }
}

/// A name for a comment of Rust or SQL: one line, at most 80 characters.
pub(super) fn in_comment(name: &str) -> String {
    format!("\"{}\"", escaped(name, 80))
}

fn escaped(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    for (index, c) in text.chars().enumerate() {
        if index == limit {
            out.push_str("...");
            break;
        }
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' ' => out.push(c),
            _ if c.is_ascii_graphic() || (!c.is_ascii() && c.is_alphanumeric()) => out.push(c),
            _ => out.extend(c.escape_unicode()),
        }
    }
    out
}
