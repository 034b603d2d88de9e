//! Collations that an application defines: SQLite does not read a table or index that names one it does not know.

use std::collections::BTreeSet;

use super::super::sql::{Dialect, Token, tokenize};

/// SQLite's own (manual, "Datatypes In SQLite", section 7).
const BUILT_IN: &[&str] = &["BINARY", "NOCASE", "RTRIM"];

/// The collations that a CREATE statement names, except SQLite's own.
pub(crate) fn unknown_collations(sql: &str) -> BTreeSet<String> {
    let tokens = tokenize(sql, Dialect::Sqlite);
    let named = tokens.windows(2).filter_map(|pair| match pair {
        [word, Token::Word(name) | Token::Quoted(name) | Token::Text(name)] if word.is_word("COLLATE") => {
            Some(name)
        }
        _ => None,
    });
    let is_built_in = |name: &String| BUILT_IN.iter().any(|known| name.eq_ignore_ascii_case(known));
    named.filter(|name| !name.is_empty() && !name.contains('\0') && !is_built_in(name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_name_is_found_and_nothing_else() {
        let sql = "CREATE TABLE t (a TEXT collate unicase, b COLLATE \"Localized\"\"X\", c COLLATE [my one], \
                   d COLLATE 'quoted', e COLLATE NoCase, f COLLATE \"binary\" CHECK (f <> 'COLLATE x'), \
                   /* COLLATE y */ g TEXT DEFAULT 'COLLATE z' COLLATE `tick`)";
        let found = unknown_collations(sql);
        let expected = ["Localized\"X", "my one", "quoted", "tick", "unicase"];
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}
