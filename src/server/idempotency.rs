//! `Idempotency-Key`: a repeated request returns the stored response and is not executed again.
//!
//! The response is stored in the transaction of the work. Of two concurrent requests with one key, the second waits
//! for the unique index, is rolled back, and returns the stored response.

use axum::http::{HeaderMap, StatusCode};

use super::answer::Answer;
use super::caller::ApiRequest;
use super::problem::{Code, HandlerError, Problem};
use crate::models::Record as _;
use crate::models::UserId;
use crate::models::tenancy::{IdempotencyKey, NewIdempotencyKey};
use databases::connection::AnyConnection;
use transfer::values::{Instant, InvalidValue, Sha256, Text};

/// How long a response is stored: one day, in microseconds.
const KEPT_MICROS: i64 = 24 * 60 * 60 * 1_000_000;
/// Maximum number of characters of a key.
const LONGEST: usize = 255;

/// An idempotent request.
#[derive(Clone, Debug)]
pub(super) struct Once {
    user: UserId,
    key: Text,
    request: Sha256,
}

impl Once {
    /// Reads the `Idempotency-Key` of a request, if it has one.
    pub(super) fn of(request: &ApiRequest) -> Result<Option<Self>, Problem> {
        let Some(key) = key_of(&request.headers)? else {
            return Ok(None);
        };
        let mut content = format!("{} {}\n", request.method, request.address).into_bytes();
        content.extend_from_slice(&request.body);
        Ok(Some(Self { user: request.at.caller.user, key, request: Sha256::of(&content) }))
    }

    /// The stored response of an earlier request with this key.
    pub(super) fn recall(
        &self,
        connection: &mut AnyConnection,
        now: Instant,
    ) -> Result<Option<Answer>, HandlerError> {
        let oldest = Instant::from_micros(now.micros() - KEPT_MICROS)?;
        IdempotencyKey::forget_before(connection, self.user, oldest)?;
        let Some(kept) = IdempotencyKey::of_user(connection, self.user, &self.key)? else {
            return Ok(None);
        };
        if kept.request_sha256 != self.request {
            let detail = "use a new Idempotency-Key for each distinct request";
            return Err(Problem::new(Code::KeyReused, detail).into());
        }
        let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let wrong = || InvalidValue::new(format!("the stored response has status {}", kept.status));
        Ok(Some(Answer {
            status: status.ok_or_else(|| Problem::internal(&wrong()))?,
            etag: kept.etag.map(|etag| etag.to_string()),
            location: kept.location.map(|location| location.to_string()),
            is_replayed: true,
            body: kept.body.as_bytes().to_vec(),
        }))
    }

    /// Stores the response.
    pub(super) fn keep(
        &self,
        connection: &mut AnyConnection,
        now: Instant,
        answer: &Answer,
    ) -> Result<(), HandlerError> {
        let text = |text: &Option<String>| text.as_deref().map(Text::new).transpose();
        let body = String::from_utf8(answer.body.clone()).map_err(|error| Problem::internal(&error))?;
        let new = NewIdempotencyKey {
            user_id: self.user,
            key: self.key.clone(),
            request_sha256: self.request,
            status: i32::from(answer.status.as_u16()),
            location: text(&answer.location)?,
            etag: text(&answer.etag)?,
            body: Text::new(body)?,
            created_at: now,
        };
        IdempotencyKey::insert(connection, &new)?;
        Ok(())
    }
}

fn key_of(headers: &HeaderMap) -> Result<Option<Text>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let wrong = || {
        Problem::parameter("Idempotency-Key", format!("must have 1 to {LONGEST} printable ASCII characters"))
    };
    let value = value.to_str().map_err(|_bytes| wrong())?;
    if value.is_empty() || value.len() > LONGEST {
        return Err(wrong());
    }
    Text::new(value).map(Some).map_err(|_nul| wrong())
}
