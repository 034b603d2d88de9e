//! The application over HTTP, the same on both backends.
//!
//! A request passes `layers` (request id, log, metrics, limits), is authenticated by `caller`, and handled by
//! `handle`, which loads rows only through `access`. `resource` defines what a resource is; `resources/` has one file
//! for each.

mod access;
mod answer;
mod app;
mod attempts;
mod audit;
pub mod auth;
mod caller;
mod database;
mod fields;
mod handle;
mod health;
mod idempotency;
pub mod layers;
pub mod listen;
mod listing;
pub mod metrics;
mod network;
mod openapi;
mod page;
mod problem;
mod readiness;
mod replica;
mod resource;
mod resources;
mod rights;
mod share;
mod sign_in;
pub mod tls;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

pub use app::{AppState, AppStateParts, Clock};
pub use openapi::describe_api;
pub use sign_in::{AddAdminError, NewAdmin, SignInParts, add_admin};

const SECOND_MICROS: i64 = 1_000_000;

/// All routes, without layers.
pub fn router(app: AppState) -> Router {
    Router::new()
        .merge(health::routes())
        .merge(sign_in::routes())
        .merge(resources::routes())
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/docs", get(openapi::page))
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(app)
}

/// Renders a problem for the layers.
pub fn problem_response(_status: axum::http::StatusCode, code: &'static str, detail: &str) -> Response {
    problem::Problem::of_code(code, detail).into_response()
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
