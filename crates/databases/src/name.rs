//! Quoting of SQL identifiers.

/// The name as a quoted identifier, valid on both backends.
pub fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
