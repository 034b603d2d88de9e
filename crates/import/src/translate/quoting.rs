//! Quotes names and text for SQL. All text of a file passes through here before it becomes part of a statement.

/// A name for PostgreSQL, in double quotes. PostgreSQL does not support NUL: it is removed.
pub fn quote_name(name: &str) -> String {
    quoted(name, '"')
}

/// Text for PostgreSQL, in single quotes. PostgreSQL does not support NUL: callers reject text with NUL before.
pub fn quote_text(text: &str) -> String {
    quoted(text, '\'')
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for character in text.chars().filter(|character| *character != '\0') {
        if character == quote {
            out.push(quote);
        }
        out.push(character);
    }
    out.push(quote);
    out
}

/// A token of SQLite without its quotes: `"a""b"`, `[a]`, `` `a` `` and `'a'`.
pub(crate) fn unquoted(token: &str) -> String {
    let mut characters = token.chars();
    let (Some(first), Some(last)) = (characters.next(), characters.next_back()) else {
        return token.to_owned();
    };
    match (first, last) {
        ('[', ']') => characters.as_str().to_owned(),
        ('"', '"') | ('\'', '\'') | ('`', '`') => {
            let twice: String = [first, first].iter().collect();
            characters.as_str().replace(&twice, &first.to_string())
        }
        _ => token.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_nul_is_removed() {
        assert_eq!(quote_name("a\"b"), "\"a\"\"b\"");
        assert_eq!(quote_name(""), "\"\"");
        assert_eq!(quote_text("it's\0"), "'it''s'");
        assert_eq!(quote_text("a\\b"), "'a\\b'");
    }

    #[test]
    fn every_quoting_of_sqlite_is_taken_off() {
        for (token, name) in [
            ("a", "a"),
            ("\"a\"\"b\"", "a\"b"),
            ("[a b]", "a b"),
            ("`a``b`", "a`b"),
            ("'it''s'", "it's"),
            ("\"\"", ""),
            ("\"", "\""),
            ("", ""),
        ] {
            assert_eq!(unquoted(token), name, "{token}");
        }
    }
}
