//! Problem details (RFC 9457): the same on both backends, without internal details.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::models::billing::LedgerError;
use databases::failure::Failure;

macro_rules! codes {
    ($($code:ident $status:literal $name:literal $title:literal,)+) => {
        /// The stable code of a problem. A code that means no more than its status has the reason phrase of RFC 9110
        /// as its title.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Code {
            $(
                #[doc = $title]
                $code,
            )+
        }

        impl Code {
            /// All codes.
            pub(super) const ALL: &'static [Self] = &[$(Self::$code,)+];

            /// The code in responses.
            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }

            pub(super) fn status(self) -> StatusCode {
                let status = match self {
                    $(Self::$code => $status,)+
                };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            pub(super) fn title(self) -> &'static str {
                match self {
                    $(Self::$code => $title,)+
                }
            }
        }
    };
}

codes! {
    InvalidBody 400 "invalid_body" "Invalid request body",
    InvalidParameter 400 "invalid_parameter" "Invalid parameter or header",
    SignInRequired 401 "sign_in_required" "Authentication required",
    Unauthorized 401 "unauthorized" "Unauthorized",
    SignInFailed 401 "sign_in_failed" "Invalid credentials",
    TokenRefused 401 "token_refused" "Invalid or expired token",
    Forbidden 403 "forbidden" "Forbidden",
    NotFound 404 "not_found" "Not Found",
    MethodNotAllowed 405 "method_not_allowed" "Method Not Allowed",
    SlowBody 408 "body_too_slow" "Request Timeout",
    Duplicate 409 "duplicate" "Unique value already exists",
    InUse 409 "in_use" "Referenced by other rows",
    WrongState 409 "wrong_state" "Not allowed in the current state",
    CreditLimit 409 "credit_limit_exceeded" "Credit limit of the customer exceeded",
    OtherCurrency 409 "other_currency" "Bills of the customer are in another currency",
    PreconditionFailed 412 "precondition_failed" "Precondition Failed",
    TooLarge 413 "body_too_large" "Content Too Large",
    UnsupportedMediaType 415 "unsupported_media_type" "Unsupported Media Type",
    InvalidFields 422 "invalid_fields" "Invalid fields",
    KeyReused 422 "idempotency_key_reused" "Idempotency-Key reused with another request",
    TooManyAttempts 429 "too_many_attempts" "Too Many Requests",
    Internal 500 "internal" "Internal Server Error",
    Unavailable 503 "unavailable" "Database unavailable",
    NotWritable 503 "not_writable" "Database not writable",
    Overloaded 503 "overloaded" "Server overloaded",
    Timeout 503 "timeout" "Request timed out",
}

/// A problem, rendered as JSON with its status.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
    retry_after_s: Option<i64>,
}

/// An error in one field of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct FieldError {
    /// JSON pointer to the field (RFC 6901).
    pub(super) pointer: String,
    /// Stable code of the error.
    pub(super) code: &'static str,
    /// Text for users.
    pub(super) detail: String,
}

#[derive(Serialize)]
struct ProblemBody<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

/// Default of `Retry-After`.
const RETRY_AFTER_S: i64 = 1;

impl Problem {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        let wait = code.status() == StatusCode::SERVICE_UNAVAILABLE;
        Self { code, detail: detail.into(), errors: Vec::new(), retry_after_s: wait.then_some(RETRY_AFTER_S) }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("{what} not found"))
    }

    pub(super) fn parameter(name: &str, why: impl std::fmt::Display) -> Self {
        Self::new(Code::InvalidParameter, format!("{name}: {why}"))
    }

    pub(super) fn fields(errors: Vec<FieldError>) -> Self {
        let names: Vec<&str> = errors.iter().map(|error| error.pointer.trim_start_matches('/')).collect();
        let detail = format!("see errors: {}", names.join(", "));
        Self { errors, ..Self::new(Code::InvalidFields, detail) }
    }

    /// A problem with one field.
    pub(super) fn field(name: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { pointer: format!("/{name}"), code, detail: detail.into() }])
    }

    pub(super) fn wait(self, seconds: i64) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }

    pub(super) fn unavailable(error: &dyn std::error::Error) -> Self {
        let cause = error.source().map(ToString::to_string);
        tracing::error!(%error, cause, "database unavailable");
        Self::new(Code::Unavailable, "the database is not available")
    }

    pub(super) fn internal(error: &dyn std::error::Error) -> Self {
        let cause = error.source().map(ToString::to_string);
        tracing::error!(%error, cause, "request failed");
        Self::new(Code::Internal, "internal error; the server log has the details under this request id")
    }

    /// The problem for a failed query.
    pub(super) fn of_query(error: &diesel::result::Error) -> Self {
        match Failure::of_query(error) {
            Failure::ForeignKey => Self::new(
                Code::InUse,
                "foreign key violation: other rows refer to this row, or it refers to a missing row",
            ),
            Failure::Check | Failure::NotNull => {
                Self::new(Code::InvalidFields, "a value violates a constraint of the table")
            }
            Failure::DuplicateKey => {
                Self::new(Code::Duplicate, "a row with this unique value already exists")
            }
            failure if failure.is_unwritable() => {
                tracing::error!(%error, "database not writable");
                Self::new(
                    Code::NotWritable,
                    "nothing was changed: the database cannot be written, because its disk is full or read-only",
                )
            }
            failure if failure.is_transient() => Self::unavailable(error),
            Failure::Refused | Failure::Timeout | Failure::TooManyConnections => Self::unavailable(error),
            _ => Self::internal(error),
        }
    }

    #[cfg(test)]
    pub(super) fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Whether the database was unavailable.
    pub(super) fn is_outage(&self) -> bool {
        self.code == Code::Unavailable
    }

    /// Whether a limit of attempts is reached.
    pub(super) fn is_limit(&self) -> bool {
        self.code == Code::TooManyAttempts
    }

    /// The problem with this code, for the layers.
    pub(super) fn of_code(name: &str, detail: &str) -> Self {
        let code = Code::ALL.iter().find(|code| code.name() == name).copied().unwrap_or(Code::Internal);
        Self::new(code, detail)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let body = ProblemBody {
            r#type: format!("/problems/{}", self.code.name()),
            title: self.code.title(),
            status: status.as_u16(),
            code: self.code.name(),
            detail: &self.detail,
            errors: &self.errors,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Why a handler failed.
#[derive(Debug)]
pub(super) enum HandlerError {
    /// A rule of the application was violated.
    Problem(Problem),
    /// A query failed.
    Database(diesel::result::Error),
}

impl From<Problem> for HandlerError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<diesel::result::Error> for HandlerError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl From<LedgerError> for HandlerError {
    fn from(error: LedgerError) -> Self {
        let code = match error {
            LedgerError::Database(error) => return Self::Database(error),
            LedgerError::CreditLimit { .. } => Code::CreditLimit,
            LedgerError::OtherCurrency(_) => Code::OtherCurrency,
            LedgerError::WrongState(_) | LedgerError::OutOfRange(_) => Code::WrongState,
        };
        Self::Problem(Problem::new(code, error.to_string()))
    }
}

impl HandlerError {
    pub(super) fn wrong_state(detail: impl Into<String>) -> Self {
        Self::Problem(Problem::new(Code::WrongState, detail))
    }
}

impl From<transfer::values::InvalidValue> for HandlerError {
    /// A computed value exceeds the range of its column.
    fn from(error: transfer::values::InvalidValue) -> Self {
        Self::Problem(Problem::new(Code::WrongState, error.to_string()))
    }
}

pub(super) async fn no_such_route() -> Problem {
    Problem::not_found("path")
}

pub(super) async fn no_such_method() -> Problem {
    Problem::new(Code::MethodNotAllowed, "this path does not support this method")
}
