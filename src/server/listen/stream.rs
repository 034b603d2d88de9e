//! The stream of a connection, which fails when the client does not read.
//!
//! It also reports when everything that was written is on its way: the next request of a pipeline waits for that, so that
//! a client that does not read has one response in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

use super::pace::{Pace, Progress, TooSlow};

pub(super) struct PacedStream<S> {
    stream: S,
    progress: Progress,
    is_unsent: watch::Sender<bool>,
}

/// Whether a response is still to be sent.
#[derive(Clone)]
pub(super) struct Unsent(watch::Receiver<bool>);

impl Unsent {
    /// Completes when all that was written is on its way.
    pub(super) async fn sent(mut self) {
        // An error is the end of the stream: the request is dropped with it.
        let _ended = self.0.wait_for(|is_unsent| !is_unsent).await.is_err();
    }
}

impl<S: AsyncWrite + Unpin> PacedStream<S> {
    pub(super) fn new(stream: S, pace: Pace) -> (Self, Unsent) {
        let (is_unsent, unsent) = watch::channel(false);
        (Self { stream, progress: Progress::new(pace), is_unsent }, Unsent(unsent))
    }

    /// The result of writing, or an error if it has waited for too long.
    fn pace<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match outcome {
            Poll::Pending => self
                .progress
                .poll_too_slow(context)
                .map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, TooSlow))),
            outcome => outcome,
        }
    }

    fn wrote(
        &mut self,
        outcome: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        self.is_unsent.send_if_modified(|is_unsent| !std::mem::replace(is_unsent, true));
        if let Poll::Ready(Ok(bytes)) = &outcome {
            self.progress.pass(*bytes);
        }
        self.pace(outcome, context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PacedStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PacedStream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.wrote(outcome, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.wrote(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_flush(context);
        if outcome.is_ready() {
            this.progress.rest();
            this.is_unsent.send_if_modified(std::mem::take);
        }
        this.pace(outcome, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_shutdown(context);
        this.pace(outcome, context)
    }
}
