//! The body of a request, which ends with an error when the client sends it too slowly.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

use super::pace::{Pace, Progress, TooSlow};

pub(super) struct PacedBody {
    body: Incoming,
    progress: Progress,
}

impl PacedBody {
    pub(super) fn new(body: Incoming, pace: Pace) -> Self {
        Self { body, progress: Progress::new(pace) }
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                this.progress.pass(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => this.progress.poll_too_slow(context).map(|()| Some(Err(TooSlow.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
