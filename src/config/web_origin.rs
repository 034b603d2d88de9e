//! A web origin, as in the `Origin` header: `https://app.example.org`.

use std::fmt;
use std::net::Ipv6Addr;

use super::{ConfigError, Inputs, Setting};

/// Scheme, host and port in the serialization that browsers send: lower case, without the default port, so that
/// origins are compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// Parses an origin. A path, even a trailing `/`, is invalid.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (scheme, authority) = text.split_once("://")?;
        let implied_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        // IPv6 addresses are in brackets.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port = match port {
            Some(port) => Some(port.parse().ok().filter(|port: &u16| *port > 0)?),
            None => None,
        };
        is_host(host).then(|| match port {
            Some(port) if port != implied_port => Self(format!("{scheme}://{host}:{port}")),
            _ => Self(format!("{scheme}://{host}")),
        })
    }

    /// The origin as browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads `CORS_ORIGINS`.
pub(super) fn resolve(inputs: &Inputs) -> Result<Setting<Vec<WebOrigin>>, ConfigError> {
    let name = "CORS_ORIGINS";
    let Some(typed) = inputs.get(name) else {
        return Ok(Setting::by_default(name, Vec::new()));
    };
    let mut origins = Vec::new();
    for entry in typed.value.split(',').map(str::trim) {
        if entry == "*" {
            return Err(ConfigError::EveryOrigin { origin: typed.origin });
        }
        let Some(web_origin) = WebOrigin::parse(entry) else {
            // The part before `@` may be a password.
            let entry = if entry.contains('@') { "***" } else { entry };
            return Err(ConfigError::NoWebOrigin { origin: typed.origin, entry: entry.to_owned() });
        };
        origins.push(web_origin);
    }
    Ok(typed.with(origins))
}

/// Whether browsers can send it as a host. They send internationalized names as `xn--...`.
fn is_host(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => {
            let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            !text.is_empty() && text.bytes().all(is_allowed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for (text, origin) in [
            ("https://app.example.org", "https://app.example.org"),
            ("HTTPS://App.Example.org:443", "https://app.example.org"),
            ("http://localhost:80", "http://localhost"),
            ("http://localhost:443", "http://localhost:443"),
            ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
            ("http://[::1]", "http://[::1]"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(WebOrigin::parse(text).as_ref().map(WebOrigin::as_str), Some(origin), "{text}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_no_origin() {
        for text in [
            "",
            "*",
            "null",
            "app.example.org",
            "https://",
            "https://:443",
            "https://app.example.org/",
            "https://app.example.org/path",
            "https://app.example.org?a",
            "https://user@app.example.org",
            "https://*.example.org",
            "https://bücher.example",
            "https://a b",
            "https://app.example.org:",
            "https://app.example.org:0",
            "https://app.example.org:65536",
            "https://app.example.org:x",
            "https://::1",
            "https://[::1",
            "https://[app]",
            "ftp://app.example.org",
            "https:app.example.org",
        ] {
            assert_eq!(WebOrigin::parse(text), None, "{text}");
        }
    }
}
