//! The limit of the memory of responses to reading requests whose clients read slowly.
//!
//! A large response is counted until almost all of it is on its way: its body hands out small pieces, which the
//! connection asks for only when it has sent the pieces before.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::ProblemResponder;
use super::limits::come_again;
use crate::server::share::{Share, Shares};

/// Responses up to this size, in bytes, are not counted.
const SMALL: usize = 256 * 1024;
/// The size of a piece, in bytes: as much as the connection buffers.
const PIECE: usize = 64 * 1024;

#[derive(Clone)]
pub(super) struct Unsent {
    problem: ProblemResponder,
    shares: Arc<Shares>,
}

impl Unsent {
    pub(super) fn new(problem: ProblemResponder, most: usize, most_of_one: usize) -> Self {
        Self { problem, shares: Shares::new(most, most_of_one) }
    }
}

pub(super) async fn hold(State(unsent): State<Unsent>, request: Request, next: Next) -> Response {
    // A change is done by then: its client must not be told to repeat it. Its response is one row, not a page.
    if !request.method().is_safe() {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    // Without a connection there is one client.
    let client = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let response = next.run(request).await;
    // Only a response that is complete in memory has an exact size.
    let size = response.body().size_hint().exact().and_then(|size| usize::try_from(size).ok());
    let Some(size) = size.filter(|size| *size > SMALL) else { return response };
    let refused = || {
        let detail = "too many large responses wait for their clients: read them, or use a smaller page";
        come_again(unsent.problem, "overloaded", detail)
    };
    let Some(share) = unsent.shares.take(client, size) else { return refused() };
    let (head, body) = response.into_parts();
    let rest = match to_bytes(body, size).await {
        Ok(rest) => rest,
        Err(error) => {
            tracing::error!(%error, "read the response failed");
            return (unsent.problem)(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "the response could not be sent",
            );
        }
    };
    Response::from_parts(head, Body::new(CountedBody { rest, _share: share }))
}

/// A body in pieces, counted until it is dropped.
struct CountedBody {
    rest: Bytes,
    _share: Share,
}

impl hyper::body::Body for CountedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let rest = &mut self.get_mut().rest;
        let piece = rest.split_to(rest.len().min(PIECE));
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}
