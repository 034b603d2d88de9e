//! The application over HTTP, the same on either backend.
//!
//! Nobody signs in yet, so it listens on the loopback interface only.

mod error;
mod health;
mod state;
mod tasks;

use std::net::Ipv4Addr;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

pub use state::{AppState, Clock};

/// Every route.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health::show))
        .route("/api/tasks", get(tasks::list).post(tasks::create))
        .route("/api/tasks/{id}", get(tasks::show).patch(tasks::update).delete(tasks::delete))
        .fallback(error::no_such_route)
        .method_not_allowed_fallback(error::no_such_method)
        .with_state(state)
}

/// Takes a port of the loopback interface; 0 takes any free one.
///
/// # Errors
/// When the port cannot be had.
pub async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until `stop` is done, then finishes the requests at hand.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(state)).with_graceful_shutdown(stop).await
}
