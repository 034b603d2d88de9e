//! The interruption and the observer of a piece of work.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::TransferError;
use crate::run::{Event, Observer};

/// What every piece of work is given: when it must end, and who observes it.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Raised when the user interrupts.
    pub stop: &'a AtomicBool,
    /// Receives the events of the work.
    pub observer: &'a dyn Observer,
}

impl Control<'_> {
    /// Whether the user interrupts.
    pub fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Ends the work here when the user interrupts.
    ///
    /// # Errors
    /// When the user interrupts.
    pub fn go_on(&self) -> Result<(), TransferError> {
        if self.is_stopping() { Err(TransferError::Interrupted) } else { Ok(()) }
    }

    /// Reports an event.
    pub fn observe(&self, event: &Event<'_>) {
        self.observer.observe(event);
    }
}
