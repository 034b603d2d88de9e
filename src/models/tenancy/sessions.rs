//! A person signed in on one device.

use crate::models::record;
use crate::values::{Instant, SessionId, Sha256, UserId};

record! {
    /// A person signed in on one device, until it expires or is revoked.
    ///
    /// Of the token that continues it only the digest is kept; each use puts another in its place.
    sessions: Session, NewSession, SessionChanges;
    key given id: SessionId;
    owner user_id: UserId;
    fixed {
        user_id: UserId,
        created_at: Instant,
        expires_at: Instant,
    }
    changing {
        refresh_sha256: Sha256,
        used_at: Instant,
        revoked_at: Option<Instant>,
    }
}
