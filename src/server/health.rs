//! Health endpoints: liveness, readiness, and the state of the database.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use super::app::AppState;
use super::openapi::Described;
use super::problem::{Code, HandlerError, Problem};
use crate::migrations::MIGRATIONS;
use databases::health::check;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/health", get(show))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

pub(super) fn described() -> Vec<Described> {
    let open = |address, about| Described::open("get", address, about, 200, vec![]);
    vec![
        open("/health", "Report backend, latency, migrations and pool"),
        open("/health/live", "Liveness: the process responds; no database access"),
        open("/health/ready", "Readiness: requests can be served"),
    ]
}

async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

async fn ready(State(app): State<AppState>) -> Result<Json<serde_json::Value>, Problem> {
    match app.database.readiness().is_ready() {
        true => Ok(Json(json!({ "status": "ready" }))),
        false => Err(Problem::new(Code::Unavailable, "the database is not available")),
    }
}

async fn show(State(app): State<AppState>) -> Result<Response, Problem> {
    let pool = app.database.pool().clone();
    let health = app.database.read(move |connection| {
        check(connection, &MIGRATIONS, Some(pool.usage()))
            .map_err(|error| HandlerError::Problem(Problem::unavailable(&error)))
    });
    let health = health.await?;
    let status = if health.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok((status, Json(health)).into_response())
}
