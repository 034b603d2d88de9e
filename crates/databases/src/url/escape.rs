//! Percent-encoding.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode};

use super::UrlError;

/// All characters but the unreserved ones (RFC 3986): letters, digits and `-._~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn encode(text: &str) -> PercentEncode<'_> {
    percent_encoding::utf8_percent_encode(text, ESCAPED)
}

/// Decodes `%XX` strictly: the `percent-encoding` crate passes an invalid escape through unchanged.
pub(super) fn decode(text: &str, part: &'static str) -> Result<String, UrlError> {
    let is_escape = |rest: &str| {
        let mut digits = rest.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.next().is_some() && digits.next().is_some()
    };
    if !text.split('%').skip(1).all(is_escape) {
        return Err(UrlError::BadEscape { part });
    }
    let decoded =
        percent_encoding::percent_decode_str(text).decode_utf8().ok().ok_or(UrlError::NotUtf8 { part })?;
    if decoded.contains('\0') {
        return Err(UrlError::Nul);
    }
    Ok(decoded.into_owned())
}
