//! A channel that is full when what is in it, or taken out and still in use, has so many bytes.
//!
//! Rows differ in size by millions, so counting rows or batches bounds nothing.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

struct Shared<T> {
    state: Mutex<ChannelState<T>>,
    changed: Condvar,
    limit_bytes: usize,
}

struct ChannelState<T> {
    waiting: VecDeque<(T, usize)>,
    /// Bytes that wait, and of what was taken out last.
    used_bytes: usize,
    /// Bytes of what was taken out last.
    taken_bytes: usize,
    sender_gone: bool,
    receiver_gone: bool,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, ChannelState<T>> {
        // A thread that panicked left nothing half done: each change is one statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end that puts in.
pub(super) struct Sender<T>(Arc<Shared<T>>);

/// The end that takes out.
pub(super) struct Receiver<T>(Arc<Shared<T>>);

/// A channel for `limit_bytes`; something larger than that passes alone.
pub(super) fn channel<T>(limit_bytes: usize) -> (Sender<T>, Receiver<T>) {
    let state = ChannelState {
        waiting: VecDeque::new(),
        used_bytes: 0,
        taken_bytes: 0,
        sender_gone: false,
        receiver_gone: false,
    };
    let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), limit_bytes });
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

impl<T> Sender<T> {
    /// Sends `item`, as soon as its bytes fit. Returns whether there is a receiver.
    pub(super) fn send(&self, item: T, size_bytes: usize) -> bool {
        let mut state = self.0.lock();
        while !state.receiver_gone
            && state.used_bytes > 0
            && state.used_bytes.saturating_add(size_bytes) > self.0.limit_bytes
        {
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.receiver_gone {
            return false;
        }
        state.used_bytes += size_bytes;
        state.waiting.push_back((item, size_bytes));
        self.0.changed.notify_all();
        true
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.lock().sender_gone = true;
        self.0.changed.notify_all();
    }
}

impl<T> Receiver<T> {
    /// Receives the next item, whose bytes count until the one after it is received; `None` when all are received and
    /// there is no sender.
    pub(super) fn receive(&self) -> Option<T> {
        let mut state = self.0.lock();
        state.used_bytes -= std::mem::take(&mut state.taken_bytes);
        self.0.changed.notify_all();
        loop {
            if let Some((item, size_bytes)) = state.waiting.pop_front() {
                state.taken_bytes = size_bytes;
                return Some(item);
            }
            if state.sender_gone {
                return None;
            }
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.receiver_gone = true;
        state.waiting.clear();
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_waits_for_room_and_large_items_pass_alone() {
        let (sender, receiver) = channel(10);
        let seen = std::thread::scope(|scope| {
            scope.spawn(move || {
                for size in [4, 6, 5, 50, 1] {
                    assert!(sender.send(size, size));
                    let used = sender.0.lock().used_bytes;
                    assert!(used <= 10 || used == 50, "{used} bytes at once");
                }
            });
            std::iter::from_fn(|| receiver.receive()).collect::<Vec<_>>()
        });
        assert_eq!(seen, [4, 6, 5, 50, 1]);
    }

    #[test]
    fn a_sender_without_receiver_is_told() {
        let (sender, receiver) = channel(10);
        assert!(sender.send((), 10));
        std::thread::scope(|scope| {
            scope.spawn(|| drop(receiver));
            assert!(!sender.send((), 1));
        });
    }
}
