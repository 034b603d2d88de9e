//! `GET /health`: backend, latency, migrations, pool.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::error::ApiError;
use super::state::AppState;
use crate::db::health::{Health, check};

/// Those who ask about health do not wait long.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn show(State(state): State<AppState>) -> Result<(StatusCode, Json<Health>), ApiError> {
    let pool = state.pool.clone();
    let work = tokio::task::spawn_blocking(move || {
        let mut connection = pool.get_within(PATIENCE).map_err(|error| ApiError::unavailable(&error))?;
        check(&mut connection, Some(pool.usage())).map_err(|error| ApiError::unavailable(&error))
    });
    let health = work.await.unwrap_or_else(|panic| Err(ApiError::internal(&panic)))?;
    let status = if health.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok((status, Json(health)))
}
