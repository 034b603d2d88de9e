//! The listener: accepts connections, with or without TLS, and shuts down gracefully.
//!
//! What a client may hold is limited: the time for a request head and between requests, the least rate of a body and of
//! a response, the connections in all and of one network, one response of a pipeline at a time. At shutdown the listener is closed, idle connections are
//! closed, and requests in progress are finished within the grace period.

mod body;
mod pace;
mod stream;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::Service as _;

use self::body::PacedBody;
use self::stream::PacedStream;
use super::share::Shares;
use super::tls::TlsConfig;

pub use self::pace::{Pace, TooSlow};

/// Settings of the listener.
pub struct Serving {
    /// TLS certificate and key; `None` is plain HTTP.
    pub tls: Option<TlsConfig>,
    /// Maximum number of open connections; further ones wait in the backlog.
    pub connections: usize,
    /// Maximum number of open connections of one address, or of one /64 network; further ones are closed at once.
    /// `None` behind a proxy, where all have the same address.
    pub connections_of_one: Option<usize>,
    /// How long shutdown waits for requests in progress.
    pub grace: Duration,
    /// Timeout for the TLS handshake and for the head of a request, which also closes idle connections.
    pub patience: Duration,
    /// The least rate of the body of a request, and of a response.
    pub pace: Pace,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeOutcome {
    /// Connections that were closed because their request did not finish within the grace period.
    pub cut_off: usize,
}

/// Maximum size of a request head, and of the read buffer.
const BUFFER_BYTES: usize = 64 * 1024;
/// Delay after an error that affects all connections, such as too many open files: an immediate retry would fail
/// again.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves `router` until `stop` completes, then finishes the requests in progress.
///
/// Requests carry `ConnectInfo<SocketAddr>` as an extension.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    serving: Serving,
    stop: impl Future<Output = ()>,
) -> ServeOutcome {
    let (ending, has_ended) = watch::channel(false);
    let Serving { tls, connections, connections_of_one, grace, patience, pace } = serving;
    let door = ConnectionHandler { router, tls, patience, pace, has_ended };
    let limit = ConnectionLimit {
        slots: Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS))),
        shares: connections_of_one.map(|most| Shares::new(usize::MAX, most)),
    };
    let mut tasks = JoinSet::new();
    tokio::select! {
        () = stop => {}
        never = take(&listener, &door, &limit, &mut tasks) => match never {},
    }
    // Closes the socket: the system refuses further connections.
    drop(listener);
    drop(door);
    ending.send_replace(true);
    let all_done = async { while tasks.join_next().await.is_some() {} };
    if timeout(grace, all_done).await.is_ok() {
        return ServeOutcome { cut_off: 0 };
    }
    let cut_off = tasks.len();
    tracing::warn!(cut_off, "closing connections whose requests did not finish within the grace period");
    tasks.shutdown().await;
    ServeOutcome { cut_off }
}

/// How many connections may be open, in all and of one network.
struct ConnectionLimit {
    slots: Arc<Semaphore>,
    shares: Option<Arc<Shares>>,
}

/// Accepts connections forever.
async fn take(
    listener: &TcpListener,
    door: &ConnectionHandler,
    limit: &ConnectionLimit,
    tasks: &mut JoinSet<()>,
) -> std::convert::Infallible {
    loop {
        let slot = Arc::clone(&limit.slots).acquire_owned().await.expect("this semaphore is never closed");
        match listener.accept().await {
            Ok((stream, peer)) => {
                let share = limit.shares.as_ref().map(|shares| shares.take(peer.ip(), 1));
                if matches!(share, Some(None)) {
                    tracing::debug!(%peer, "too many connections of this address: connection closed");
                    continue;
                }
                let door = door.clone();
                tasks.spawn(async move {
                    door.welcome(stream, peer).await;
                    drop((slot, share));
                });
            }
            Err(error) => {
                if let Some(pause) = pause_after(&error) {
                    tracing::error!(%error, "accept failed");
                    sleep(pause).await;
                }
            }
        }
        // Removes finished tasks, which the set would keep until shutdown.
        while tasks.try_join_next().is_some() {}
    }
}

/// The delay after a failed accept; none if only this client is affected.
fn pause_after(error: &io::Error) -> Option<Duration> {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    let concerns_one =
        matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted);
    (!concerns_one).then_some(PAUSE)
}

/// Serves one connection.
#[derive(Clone)]
struct ConnectionHandler {
    router: Router,
    tls: Option<TlsConfig>,
    patience: Duration,
    pace: Pace,
    has_ended: watch::Receiver<bool>,
}

/// Completes at shutdown. (`wait_for` returns a read lock, which must be dropped.)
async fn ended(mut has_ended: watch::Receiver<bool>) {
    // The sender is dropped only after it has sent.
    let _sent = has_ended.wait_for(|ended| *ended).await.is_ok();
}

impl ConnectionHandler {
    async fn welcome(mut self, stream: TcpStream, peer: SocketAddr) {
        // Responses are written whole: Nagle's algorithm would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, %peer, "set TCP_NODELAY failed: connection closed");
            return;
        }
        let Some(tls) = self.tls.take() else {
            return self.converse(stream, peer).await;
        };
        let handshake = timeout(self.patience, tls.acceptor().accept(stream));
        let shaken = tokio::select! {
            shaken = handshake => shaken,
            // No request has been received yet.
            () = ended(self.has_ended.clone()) => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.converse(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%error, %peer, "TLS handshake failed"),
            Err(_elapsed) => tracing::debug!(%peer, "TLS handshake timed out"),
        }
    }

    async fn converse(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr) {
        let Self { router, patience, pace, has_ended, .. } = self;
        let (stream, unsent) = PacedStream::new(stream, pace);
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let (mut router, unsent) = (router.clone(), unsent.clone());
            let mut request = request.map(|body| PacedBody::new(body, pace));
            request.extensions_mut().insert(ConnectInfo(peer));
            async move {
                // Of a pipeline, one response at a time is in memory.
                unsent.sent().await;
                // A router is always ready.
                router.call(request).await
            }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(BUFFER_BYTES);
        let mut conversation = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
        let outcome = tokio::select! {
            outcome = conversation.as_mut() => outcome,
            () = ended(has_ended) => {
                conversation.as_mut().graceful_shutdown();
                conversation.await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, %peer, "connection closed with an error");
        }
    }
}

#[cfg(test)]
mod tests;
