//! The caller of a request, authenticated by the access token.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::app::AppState;
use super::layers::note_user;
use super::listen::TooSlow;
use super::problem::{Code, Problem};
use super::rights::Principal;
use crate::models::{OrganizationId, Role, UserId};
use transfer::values::Instant;

/// An authenticated user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub(super) user: UserId,
    pub(super) organization: Option<OrganizationId>,
    pub(super) role: Role,
    /// The session of the access token.
    pub(super) session: uuid::Uuid,
}

impl Caller {
    pub(super) fn principal(&self) -> Principal {
        Principal::of(self.organization, self.role)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let missing = || {
            Problem::new(
                Code::SignInRequired,
                "send an access token in the header `Authorization: Bearer TOKEN`",
            )
        };
        let value = parts.headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
        let value = value.to_str().map_err(|_bytes| missing())?;
        let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(missing());
        }
        let caller = app.sign_in.caller_of(&app.database, token.trim(), app.now()).await?;
        note_user(caller.user);
        Ok(caller)
    }
}

/// An authenticated request to a resource: extracting it fails without a valid access token.
pub(super) struct ApiRequest {
    pub(super) at: At,
    pub(super) method: Method,
    pub(super) address: String,
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The caller and the time of the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) caller: Caller,
    pub(super) now: Instant,
}

impl At {
    pub(super) fn organization(&self) -> Option<OrganizationId> {
        self.caller.organization
    }
}

impl FromRequest<AppState> for ApiRequest {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let path = RawPathParams::from_request_parts(&mut parts, app).await;
        let path = path.map_err(|_encoding| Problem::not_found("path"))?;
        let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let query = Query::from_request_parts(&mut parts, app).await;
        let Query(query) = query.map_err(|error| Problem::parameter("query", error.body_text()))?;
        let body = read_body(Request::from_parts(parts.clone(), body), app).await?;
        Ok(Self {
            at: At { caller, now: app.now() },
            method: parts.method,
            address: parts.uri.path().to_owned(),
            path,
            query,
            headers: parts.headers,
            body,
        })
    }
}

impl ApiRequest {
    /// A parameter of the path.
    pub(super) fn parameter(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(each, _)| each == name);
        found.map_or("", |(_, value)| value)
    }
}

/// Reads the whole body. A `Content-Type`, if present, must be `application/json`; a compressed body is not accepted
/// (RFC 9110, section 8.4).
pub(super) async fn read_body(request: Request, app: &AppState) -> Result<Bytes, Problem> {
    if let Some(kind) = request.headers().get(header::CONTENT_TYPE) {
        let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(Code::UnsupportedMediaType, "Content-Type must be application/json"));
        }
    }
    let codings = request.headers().get_all(header::CONTENT_ENCODING);
    if codings.iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let problem = "Content-Encoding is not supported: send the body uncompressed";
        return Err(Problem::new(Code::UnsupportedMediaType, problem));
    }
    Bytes::from_request(request, app).await.map_err(|error| match error.status().as_u16() {
        413 => Problem::new(Code::TooLarge, "the request body exceeds the size limit"),
        _ if is_too_slow(&error) => {
            Problem::new(Code::SlowBody, "the request body was sent below the least rate")
        }
        _ => Problem::new(Code::InvalidBody, "the request body could not be read"),
    })
}

fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<TooSlow>())
}
