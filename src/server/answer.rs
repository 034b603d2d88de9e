//! The response of a resource: status, representation and ETag.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use super::problem::{Code, Problem};

/// Set on an answer that repeats the stored one of an earlier request with the same Idempotency-Key.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A complete response, in the form in which it is stored for an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) etag: Option<String>,
    pub(super) location: Option<String>,
    /// Whether it is the stored response of an earlier request with the same `Idempotency-Key`.
    pub(super) is_replayed: bool,
    /// JSON, or empty.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A JSON value.
    pub(super) fn of(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::internal(&error))?;
        Ok(Self { status, etag: None, location: None, is_replayed: false, body })
    }

    /// A row. The ETag is a hash of the representation, so it is the same on both backends.
    pub(super) fn of_row(status: StatusCode, row: &impl Serialize) -> Result<Self, Problem> {
        let answer = Self::of(status, row)?;
        let etag = format!("\"{:032x}\"", xxh3_128(&answer.body));
        Ok(Self { etag: Some(etag), ..answer })
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, etag: None, location: None, is_replayed: false, body: Vec::new() }
    }

    pub(super) fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// Replaces the response by 304 if `If-None-Match` lists its ETag (RFC 9110, section 13.1.2).
    pub(super) fn unless_known(self, headers: &HeaderMap) -> Self {
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let is_known = matches!((known, &self.etag), (Some(known), Some(etag)) if names(known, etag, true));
        match is_known {
            true => Self { status: StatusCode::NOT_MODIFIED, body: Vec::new(), ..self },
            false => self,
        }
    }
}

/// Checks `If-Match` against the current ETag of the row (RFC 9110, section 13.1.1).
pub(super) fn check_match(headers: &HeaderMap, row: &impl Serialize) -> Result<(), Problem> {
    let Some(expected) = headers.get(header::IF_MATCH) else {
        return Ok(());
    };
    let current = Answer::of_row(StatusCode::OK, row)?.etag.unwrap_or_default();
    match expected.to_str().is_ok_and(|expected| names(expected, &current, false)) {
        true => Ok(()),
        false => Err(Problem::new(
            Code::PreconditionFailed,
            "If-Match does not match the current ETag: read the resource again",
        )),
    }
}

/// Whether a list of entity tags contains `etag`. Weak tags (`W/`) match only in a weak comparison.
fn names(list: &str, etag: &str, is_weak_enough: bool) -> bool {
    list.split(',').map(str::trim).any(|each| {
        let strong = each.strip_prefix("W/").filter(|_| is_weak_enough).unwrap_or(each);
        each == "*" || strong == etag
    })
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, Body::from(self.body)).into_response();
        let headers = response.headers_mut();
        if self.status != StatusCode::NO_CONTENT && self.status != StatusCode::NOT_MODIFIED {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in [(header::ETAG, self.etag), (header::LOCATION, self.location)] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        if self.is_replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("a header"))])
    }

    #[test]
    fn if_match_requires_the_current_etag() {
        let row = serde_json::json!({"id": 1});
        let etag = Answer::of_row(StatusCode::OK, &row).expect("JSON").etag.expect("a tag");
        assert!(check_match(&HeaderMap::new(), &row).is_ok());
        for good in [etag.clone(), "*".to_owned(), format!("\"x\", {etag}")] {
            assert!(check_match(&sent(header::IF_MATCH, &good), &row).is_ok(), "{good}");
        }
        for bad in ["\"x\"".to_owned(), format!("W/{etag}"), String::new()] {
            assert!(check_match(&sent(header::IF_MATCH, &bad), &row).is_err(), "{bad}");
        }
    }

    #[test]
    fn if_none_match_returns_304_for_the_current_etag() {
        let answer = Answer::of_row(StatusCode::OK, &1).expect("JSON");
        let etag = answer.etag.clone().expect("a tag");
        let known = answer.clone().unless_known(&sent(header::IF_NONE_MATCH, &format!("W/{etag}")));
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(answer.unless_known(&sent(header::IF_NONE_MATCH, "\"x\"")).status, StatusCode::OK);
    }
}
