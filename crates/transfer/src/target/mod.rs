//! The target: a PostgreSQL database, with the records of runs that wrote to it.

mod catalog;
mod connection;
mod diagnose;
mod key_sequence;
mod lock;
mod sequences;
pub(crate) mod server;
pub mod state;

pub use connection::Target;
pub(crate) use diagnose::{Again, GONE};
pub use key_sequence::Sequence;
pub use lock::RunLock;
pub use sequences::{SequenceState, continue_sequences, sequence_states};
