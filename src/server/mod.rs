//! The application over HTTP, the same on either backend.
//!
//! Nobody signs in yet, so it listens on the loopback interface only.

mod error;
mod health;
mod state;
mod tasks;

use std::net::Ipv4Addr;
use std::time::Duration;

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

/// How long requests at hand may take once the server is to end.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` is done, then finishes the requests at hand, waiting for them no longer than ten seconds.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopped, mut has_stopped) = tokio::sync::watch::channel(false);
    let stop = async move {
        stop.await;
        // Nobody listens only when the server has ended by itself.
        let _ = stopped.send(true);
    };
    let too_late = async move {
        if has_stopped.wait_for(|stopped| *stopped).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        outcome = axum::serve(listener, router(state)).with_graceful_shutdown(stop) => outcome,
        () = too_late => {
            tracing::warn!("requests that did not end in time were cut off");
            Ok(())
        }
    }
}
