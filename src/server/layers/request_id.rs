//! The request id: from the client or a proxy if it is valid, otherwise generated.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header of requests and responses.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The request id, an extension of the request: 1 to 64 letters, digits, dots, underscores and hyphens.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(HEADER).filter(|value| is_fit(value.as_bytes()));
        Self(given.cloned().unwrap_or_else(made))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().expect("an id is of ASCII letters, digits and a few signs")
    }

    pub(super) fn to_header(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// The id is part of every log event: it must not inject lines or exceed a length.
fn is_fit(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn made() -> HeaderValue {
    let id = Uuid::now_v7().to_string();
    HeaderValue::try_from(id).expect("hexadecimal digits and hyphens are fit for a header")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_for(given: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_str(given).expect("fit for a header"));
        RequestId::of(&headers).as_str().to_owned()
    }

    #[test]
    fn a_valid_id_is_kept() {
        let longest = "x".repeat(64);
        for given in ["a", "Ab-9_.z", longest.as_str()] {
            assert_eq!(id_for(given), given);
        }
    }

    #[test]
    fn an_invalid_or_missing_id_is_replaced() {
        let too_long = "x".repeat(65);
        for given in ["", "a b", "a\"b", "a/b", "é", too_long.as_str()] {
            let id = id_for(given);
            assert_eq!(Uuid::parse_str(&id).expect("a uuid").get_version_num(), 7, "{given} became {id}");
        }
        let (one, other) = (RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
        assert_ne!(one.as_str(), other.as_str());
    }
}
