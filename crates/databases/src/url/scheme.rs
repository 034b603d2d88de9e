//! The scheme of a URL.

/// The scheme in lower case and the text after `://`; `None` if there is no `://`.
pub(super) fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    Some((scheme.to_ascii_lowercase(), rest))
}

pub(super) fn is_postgres(scheme: &str) -> bool {
    matches!(scheme, "postgres" | "postgresql")
}
