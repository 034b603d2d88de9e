//! Names of a database as Rust's identifiers and literals, and as comments.
//!
//! An identifier made here is always one that compiles where it stands, and unlike every other of its place. Letters
//! beyond ASCII are not kept: an identifier is normalised (NFC) by the compiler, a name is not.

use std::collections::HashMap;

/// Words that no identifier may be: keywords of every edition, and what code around columns and tables relies on.
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
    // Items that `table!` makes beside the columns, and crates whose names its code uses.
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
    // A unit struct of such a name would hide the primitive type.
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

/// Types and traits that derives and the models' fields name without a path.
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

/// How words are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `two_words`.
    Snake,
    /// `TwoWords`.
    Pascal,
}

/// Identifiers already given in one place.
#[derive(Default)]
pub(super) struct Given {
    counts: HashMap<String, u64>,
}

impl Given {
    /// The identifier, or where it is given already the same with a number, behind `_` in snake case.
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

    /// Takes a name that may not be given.
    pub(super) fn take(&mut self, name: &str) {
        self.counts.insert(name.to_owned(), 1);
    }
}

/// A name in snake case: `CustomerId` and `Customer Id` are `customer_id`. `what` stands where nothing is left.
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

/// A name in Pascal case: `customer_id` is `CustomerId`.
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

/// The runs of ASCII letters and digits, cut where lower case becomes upper, and before the last capital of a run that
/// lower case follows (`HTMLPage`).
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

/// A string literal of Rust. Everything that is no letter, digit or plain ASCII sign is escaped: the compiler refuses
/// signs that change the direction of writing.
pub(super) fn literal(text: &str) -> String {
    format!("\"{}\"", escaped(text, usize::MAX))
}

/// The value for `sql_name`: Diesel takes one `r#` off its front.
pub(super) fn sql_name(name: &str) -> String {
    if name.starts_with("r#") { literal(&format!("r#{name}")) } else { literal(name) }
}

/// A name as it can stand in a comment of Rust or SQL: one line, of at most 80 characters.
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
