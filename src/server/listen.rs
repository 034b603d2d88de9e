//! Connections: taking them, with or without TLS, and ending them well.
//!
//! A client can hold a connection only so long without asking for anything, and all of them together only so many.
//! Once the server is to end, nobody new comes in, connections without a request are closed, and the others are
//! waited for.

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

use super::tls::TlsConfig;

/// How connections are served.
pub struct Serving {
    /// With this certificate, or without TLS.
    pub tls: Option<TlsConfig>,
    /// Connections that are open at one time; who comes then waits until one is closed.
    pub connections: usize,
    /// The longest wait for requests at hand once the server is to end.
    pub grace: Duration,
    /// How long a client may take for its part: the TLS handshake, and the head of a request. A connection without a
    /// request is closed after this time, too.
    pub patience: Duration,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeOutcome {
    /// Connections that were cut off because what they had at hand was not done in time.
    pub cut_off: usize,
}

/// The largest head of a request, and the most that is read ahead of a handler.
const BUFFER_BYTES: usize = 64 * 1024;
/// After a failure that concerns all connections, mostly the lack of file descriptors, the next try would fail, too.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves `router` until `stop` is done, then finishes the requests at hand.
///
/// Requests have a `ConnectInfo<SocketAddr>` among their extensions.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    serving: Serving,
    stop: impl Future<Output = ()>,
) -> ServeOutcome {
    let (ending, has_ended) = watch::channel(false);
    let door = ConnectionHandler { router, tls: serving.tls, patience: serving.patience, has_ended };
    let mut tasks = JoinSet::new();
    tokio::select! {
        () = stop => {}
        never = take(&listener, &door, serving.connections, &mut tasks) => match never {},
    }
    // Whoever still knocks is refused by the system from here on, instead of waiting for nothing.
    drop(listener);
    drop(door);
    ending.send_replace(true);
    let all_done = async { while tasks.join_next().await.is_some() {} };
    if timeout(serving.grace, all_done).await.is_ok() {
        return ServeOutcome { cut_off: 0 };
    }
    let cut_off = tasks.len();
    tracing::warn!(cut_off, "closing connections whose requests did not finish within the grace period");
    tasks.shutdown().await;
    ServeOutcome { cut_off }
}

/// Takes connections for ever.
async fn take(
    listener: &TcpListener,
    door: &ConnectionHandler,
    connections: usize,
    tasks: &mut JoinSet<()>,
) -> std::convert::Infallible {
    let slots = Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS)));
    loop {
        let slot = Arc::clone(&slots).acquire_owned().await.expect("this semaphore is never closed");
        match listener.accept().await {
            Ok((stream, peer)) => {
                let door = door.clone();
                tasks.spawn(async move {
                    door.welcome(stream, peer).await;
                    drop(slot);
                });
            }
            Err(error) => {
                if let Some(pause) = pause_after(&error) {
                    tracing::error!(%error, "accept failed");
                    sleep(pause).await;
                }
            }
        }
        // Those that have ended would otherwise be kept until the server ends.
        while tasks.try_join_next().is_some() {}
    }
}

/// A client that went away before it was let in is no reason to wait; anything else would fail again at once.
fn pause_after(error: &io::Error) -> Option<Duration> {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    let concerns_one =
        matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted);
    (!concerns_one).then_some(PAUSE)
}

/// What is needed to serve one connection.
#[derive(Clone)]
struct ConnectionHandler {
    router: Router,
    tls: Option<TlsConfig>,
    patience: Duration,
    has_ended: watch::Receiver<bool>,
}

/// Done once the server is to end. (What `wait_for` gives is a lock, which must not be kept.)
async fn ended(mut has_ended: watch::Receiver<bool>) {
    // The sender is dropped only after it has told.
    let _told = has_ended.wait_for(|ended| *ended).await.is_ok();
}

impl ConnectionHandler {
    async fn welcome(mut self, stream: TcpStream, peer: SocketAddr) {
        // Answers are written whole: waiting for more to send only delays them.
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
            // There is no request yet.
            () = ended(self.has_ended.clone()) => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.converse(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%error, %peer, "TLS handshake failed"),
            Err(_elapsed) => tracing::debug!(%peer, "TLS handshake timed out"),
        }
    }

    async fn converse(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr) {
        let Self { router, patience, has_ended, .. } = self;
        let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            // A router is always ready.
            router.clone().call(request)
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
