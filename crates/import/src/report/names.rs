//! Names and texts of a file for display: escaped, quoted if needed, truncated if too long.

use super::numbers::{count, length};
use crate::finding::ImportFinding;
use databases::terminal::escape_line;

/// The maximum number of displayed characters of a name.
const NAME_LIMIT: usize = 120;
/// The maximum number of displayed characters of a text.
const TEXT_LIMIT: usize = 1_000;
/// The maximum number of displayed characters of a key.
const KEY_LIMIT: usize = 60;
/// The maximum number of displayed keys.
const KEYS: usize = 10;

/// A name, in double quotes unless it consists of letters, digits and underscores.
pub(super) fn name(name: &str) -> String {
    let is_word =
        !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_');
    if is_word {
        return cut(name, NAME_LIMIT);
    }
    format!("\"{}\"", cut(name, NAME_LIMIT).replace('"', "\"\""))
}

/// A text in one line.
pub(super) fn line(text: &str) -> String {
    cut(text, TEXT_LIMIT)
}

/// The object of a finding.
pub(super) fn place(finding: &ImportFinding) -> String {
    match (&finding.table, &finding.object) {
        (Some(table), Some(object)) => format!("{}.{}", name(table), name(object)),
        (Some(only), None) | (None, Some(only)) => name(only),
        (None, None) => "the database".to_owned(),
    }
}

/// The first keys of a finding, if any.
pub(super) fn first_keys(finding: &ImportFinding) -> Option<String> {
    let shown: Vec<String> = finding.first_keys.iter().take(KEYS).map(|key| cut(key, KEY_LIMIT)).collect();
    let title = match shown.len() {
        0 => return None,
        1 if finding.count == Some(1) => "key",
        1 => "first key",
        _ if finding.count == Some(length(&shown)) => "keys",
        _ => "first keys",
    };
    Some(format!("{title}: {}", shown.join(", ")))
}

/// The path `typed` as a shell word; `FILE` if it cannot be typed.
pub(super) fn shell_word(typed: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-./+:@%,".contains(character);
    // A file name that begins with a hyphen would be parsed as an option.
    let path = if typed.starts_with('-') { format!("./{typed}") } else { typed.to_owned() };
    if path.is_empty() || escape_line(&path) != path || path.chars().nth(TEXT_LIMIT).is_some() {
        "FILE".to_owned()
    } else if path.chars().all(is_plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

/// The first characters of a text, escaped. A truncated text ends with its length.
fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => escape_line(text),
        Some((end, _)) => {
            let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            format!("{}... ({} characters)", escape_line(text.get(..end).unwrap_or("")), count(length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_no_word_is_quoted() {
        let names = ["orders", "größe_2", "Order Details", "a.b", "a\"b", "", "x\n"];
        let shown = ["orders", "größe_2", "\"Order Details\"", "\"a.b\"", "\"a\"\"b\"", "\"\"", "\"x\\n\""];
        assert_eq!(names.map(name), shown);
    }

    #[test]
    fn an_endless_name_is_cut_and_says_so() {
        let shown = name(&"a".repeat(1 << 20));
        assert_eq!(shown.strip_prefix(&"a".repeat(NAME_LIMIT)), Some("... (1,048,576 characters)"));
    }

    #[test]
    fn a_path_is_one_word_of_the_shell() {
        assert_eq!(shell_word("dir/legacy-2.db"), "dir/legacy-2.db");
        assert_eq!(shell_word("-rf"), "./-rf");
        assert_eq!(shell_word("it's; rm $(x).db"), "'it'\\''s; rm $(x).db'");
        assert_eq!(shell_word("a\u{1b}[2J.db"), "FILE");
        assert_eq!(shell_word(""), "FILE");
    }
}
