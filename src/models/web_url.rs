//! URLs that are shown to users, who open them in a browser.

use http::Uri;

use super::text_newtype::utf8_newtype;
use transfer::values::{InvalidValue, Text};

utf8_newtype! {
    /// A URL whose scheme is `http` or `https`.
    WebUrl
}

impl WebUrl {
    /// Checks the URL.
    ///
    /// # Errors
    /// When its scheme is another, it has no host, names a user, or has a character that must be percent-encoded.
    pub fn new(url: &str) -> Result<Self, InvalidValue> {
        // The parser accepts bytes of UTF-8 in a path, which browsers show in different ways.
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidValue::new("URL has a space or a character that must be percent-encoded"));
        }
        let parsed: Uri =
            url.parse().map_err(|error: http::uri::InvalidUri| InvalidValue::new(error.to_string()))?;
        if !matches!(parsed.scheme_str(), Some("http" | "https")) {
            return Err(InvalidValue::new("not an http or https URL, such as https://example.com/a"));
        }
        let authority = parsed.authority().map(http::uri::Authority::as_str).unwrap_or_default();
        if parsed.host().is_none_or(str::is_empty) || authority.contains('@') {
            return Err(InvalidValue::new("URL has no host, or names a user"));
        }
        Ok(Self(Text::new(url)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_the_web_are_accepted() {
        for url in
            ["https://example.com", "HTTP://[::1]:8080/a?b=%20#c", "https://xn--r8jz45g.jp/%F0%9F%98%80"]
        {
            assert_eq!(WebUrl::new(url).expect(url).as_str(), url);
        }
        for url in [
            "",
            "/a",
            "example.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://example.com/",
            "https://",
            "https:///a",
            "https://user@example.com/",
            "https://example.com/a b",
            "https://example.com/\n",
            "https://example.com/\u{202e}",
            " https://example.com",
        ] {
            assert!(WebUrl::new(url).is_err(), "{url:?}");
        }
    }
}
