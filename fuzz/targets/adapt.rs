//! Translates a text with the query adapter: it is translated or rejected, and everything except placeholders is
//! kept.

use import::adapt::{AdaptOptions, adapt, adapt_each, adapt_with, number_placeholders};
use import::translate::LikeAs;

pub(crate) fn run(data: &[u8]) {
    let Ok(sql) = std::str::from_utf8(data) else { return };
    let numbered = number_placeholders(sql);
    if let Ok(numbered) = &numbered {
        // Outside of placeholders only a space is added, where two tokens would be joined.
        assert_eq!(fixed(sql), fixed(&numbered.sql), "{:?}", numbered.sql);
        // A prefix alone and the number after it would be read as one placeholder.
        if !["??", "@$", ":$", "$$"].iter().any(|sign| sql.contains(sign) || numbered.sql.contains(sign)) {
            let again = number_placeholders(&numbered.sql).expect("what was numbered can be read");
            assert_eq!(again.sql, numbered.sql, "numbered twice");
            assert_eq!(again.parameters.len(), numbered.parameters.len());
        }
    }
    for like in [LikeAs::default(), LikeAs::Ilike] {
        let options =
            AdaptOptions { like, conflict_target: Some(vec!["id".to_owned()]), ..AdaptOptions::default() };
        let _ = adapt_with(sql, &options);
        let _ = adapt_each(sql, &options);
    }
    let Ok(adapted) = adapt(sql) else { return };
    let numbered = numbered.expect("what is adapted has placeholders that can be read");
    assert_eq!(adapted.parameters, numbered.parameters);
    let mut numbers: Vec<usize> = adapted.parameters.iter().map(|parameter| parameter.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), adapted.parameters.len(), "a parameter is there twice");
    // Every quote is closed. In an operator of PostgreSQL a `?` would be a placeholder again.
    if !sql.contains("??") {
        number_placeholders(&adapted.sql).expect("what was adapted can be read");
    }
}

/// The characters outside of placeholders.
fn fixed(sql: &str) -> String {
    sql.chars().filter(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !" ?:@$_".contains(*c)).collect()
}
