//! Names within SQL.

/// The name as SQL has it, on either backend: in quotes, whatever it is made of.
pub fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
