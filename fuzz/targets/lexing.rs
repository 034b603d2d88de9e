//! Reads a statement as PostgreSQL's lexer does (manual, "Lexical Structure"): detects whether a name or a text of
//! the source escaped its quotes.

/// Whether the text is one statement without comments, with every quote closed.
pub(crate) fn is_one_statement(sql: &str) -> bool {
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        rest = match first {
            // A doubled quote is read as two adjacent texts, which end at the same position.
            '\'' | '"' => match behind.find(first) {
                Some(length) => &behind[length + 1..],
                None => return false,
            },
            '\0' | ';' | '\\' => return false,
            '$' if !behind.starts_with(|c: char| c.is_ascii_digit()) => return false,
            '-' if behind.starts_with('-') => return false,
            '/' if behind.starts_with('*') => return false,
            _ => behind,
        };
    }
    true
}
