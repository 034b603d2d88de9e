//! What a client is told when something goes wrong: the same on either backend, and nothing of the inside.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::db::failure::Failure;

/// A problem, told as JSON with its status.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    detail: String,
}

#[derive(Serialize)]
struct Problem<'a> {
    status: u16,
    title: &'a str,
    detail: &'a str,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }

    pub(super) fn unavailable(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "database unavailable");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the database is not available; try again in a moment")
    }

    pub(super) fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something unexpected happened")
    }

    pub(super) fn of_query(error: diesel::result::Error) -> Self {
        match Failure::of_query(&error) {
            Failure::ForeignKey => Self::invalid("refers to something that does not exist"),
            Failure::Check | Failure::NotNull => Self::invalid("a value is not one that can be stored"),
            Failure::DuplicateKey => {
                Self::new(StatusCode::CONFLICT, "something with this unique value exists")
            }
            failure if failure.is_transient() => Self::unavailable(&error),
            Failure::Refused | Failure::Timeout | Failure::TooManyConnections => Self::unavailable(&error),
            _ => Self::internal(&error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            status: self.status.as_u16(),
            title: self.status.canonical_reason().unwrap_or("Error"),
            detail: &self.detail,
        };
        let mut response = (self.status, Json(problem)).into_response();
        let json = axum::http::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(axum::http::header::CONTENT_TYPE, json);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = axum::http::HeaderValue::from_static("1");
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds);
        }
        response
    }
}

pub(super) async fn no_such_route() -> ApiError {
    ApiError::not_found("address")
}

pub(super) async fn no_such_method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take this method")
}
