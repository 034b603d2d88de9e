//! Authentication: issues tokens to users and resolves tokens to callers.

mod account;
mod admin;
mod enter;
mod invitations;
mod own;
mod routes;
mod session;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

pub use admin::{AddAdminError, NewAdmin, add_admin};
pub(super) use routes::{client_of, described, forwarded_client, routes, too_many};

use super::auth::keys::SigningKeys;
use super::auth::limiter::Limiter;
use super::auth::password::Cost;
use super::auth::tokens::{AccessClaims, InviteClaims, issue, read};
use super::caller::Caller;
use super::problem::{Code, Problem};
use crate::models::tenancy::User;
use crate::models::{Field as _, OrganizationId, Role, UserId};
use transfer::values::Instant;

/// Password hashes computed concurrently. Each takes 19 MiB and one core.
const HASHES_AT_A_TIME: usize = 2;
/// Factor of the limit for unauthenticated requests per client address in 15 minutes: registrations and rejected
/// refresh tokens.
const ANONYMOUS_FACTOR: NonZeroU32 = NonZeroU32::new(6).expect("not zero");
/// Lifetime of an invitation: one week, in seconds.
const INVITATION_S: i64 = 7 * 24 * 60 * 60;
const SECOND_MICROS: i64 = 1_000_000;

/// Settings of authentication.
#[derive(Clone)]
pub struct SignInParts {
    /// Keys that sign and verify tokens.
    pub keys: SigningKeys,
    /// Lifetime of an access token.
    pub access_lifetime: Duration,
    /// Lifetime of a session without a refresh.
    pub refresh_lifetime: Duration,
    /// Whether registration is open.
    pub is_registration_open: bool,
    /// Failed attempts per e-mail address in 15 minutes.
    pub attempts: NonZeroU32,
    /// Cost of a password hash.
    pub cost: Cost,
}

/// Keys and limiters, shared by all requests.
pub(super) struct SignIn {
    parts: SignInParts,
    limiter: Limiter,
    /// Limits unauthenticated requests, by client address.
    anonymous: Limiter,
    hashing: Arc<Semaphore>,
    ended: Mutex<Revoked>,
}

/// Revoked access tokens that have not expired. Known to this process only: other processes accept them until they
/// expire. Contains only sessions and users found in the database, and entries are removed when the last such token
/// has expired.
#[derive(Default)]
struct Revoked {
    /// Sessions, with the time in seconds when their last token expires.
    sessions: HashMap<uuid::Uuid, i64>,
    users: HashMap<uuid::Uuid, RevokedUser>,
    /// When expired entries were last removed.
    swept: i64,
}

#[derive(Clone, Copy)]
struct RevokedUser {
    /// When, in seconds.
    at: i64,
    /// The current role; `None` for a deleted user.
    role: Option<Role>,
}

impl SignIn {
    pub(super) fn new(parts: SignInParts) -> Self {
        let limiter = Limiter::new(parts.attempts, Limiter::WINDOW);
        let anonymous = Limiter::new(parts.attempts.saturating_mul(ANONYMOUS_FACTOR), Limiter::WINDOW);
        let hashing = Arc::new(Semaphore::new(HASHES_AT_A_TIME));
        Self { parts, limiter, anonymous, hashing, ended: Mutex::default() }
    }

    /// Verifies an access token.
    pub(super) fn caller_of(&self, token: &str, now: Instant) -> Result<Caller, Problem> {
        let refused = |why: &str| Problem::new(Code::TokenRefused, why);
        let claims: AccessClaims =
            read(&self.parts.keys, seconds(now), token).map_err(|error| refused(&error.to_string()))?;
        let role =
            Role::from_parameter(&claims.role).map_err(|_word| refused("the token has an unknown role"))?;
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ended = ended.sessions.contains_key(&claims.sid)
            || ended.users.get(&claims.sub).is_some_and(|person| person.role != Some(role));
        if is_ended {
            return Err(refused("the session has been revoked"));
        }
        Ok(Caller {
            user: UserId(claims.sub),
            organization: claims.org.map(OrganizationId),
            role,
            session: claims.sid,
        })
    }

    /// Revokes the access tokens of a session.
    fn revoke_session(&self, session: uuid::Uuid, now: Instant) {
        let until = seconds(now) + lifetime(self.parts.access_lifetime);
        self.swept(now).sessions.insert(session, until);
    }

    /// Revokes the access tokens of a user with another role; all of them for `None`.
    pub(super) fn revoke_user(&self, person: UserId, role: Option<Role>, now: Instant) {
        let at = seconds(now);
        self.swept(now).users.insert(person.0, RevokedUser { at, role });
    }

    fn swept(&self, now: Instant) -> MutexGuard<'_, Revoked> {
        let (now, lifetime) = (seconds(now), lifetime(self.parts.access_lifetime));
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if now - ended.swept > lifetime {
            ended.sessions.retain(|_, until| *until >= now);
            ended.users.retain(|_, person| person.at + lifetime >= now);
            ended.swept = now;
        }
        ended
    }

    fn access_token(&self, user: &User, session: uuid::Uuid, now: Instant) -> String {
        let iat = seconds(now);
        let claims = AccessClaims {
            sub: user.id.0,
            org: user.organization_id.map(|organization| organization.0),
            role: user.role.as_str().to_owned(),
            sid: session,
            iat,
            exp: iat + lifetime(self.parts.access_lifetime),
        };
        issue(&self.parts.keys, &claims)
    }

    fn invitation(&self, user: UserId, now: Instant) -> String {
        let iat = seconds(now);
        issue(&self.parts.keys, &InviteClaims { sub: user.0, iat, exp: iat + INVITATION_S })
    }

    fn invited(&self, token: &str, now: Instant) -> Result<InviteClaims, Problem> {
        read(&self.parts.keys, seconds(now), token)
            .map_err(|error| Problem::new(Code::TokenRefused, error.to_string()))
    }
}

fn seconds(at: Instant) -> i64 {
    at.micros().div_euclid(SECOND_MICROS)
}

fn lifetime(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 2)
}
