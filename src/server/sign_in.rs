//! Authentication: issues tokens to users and resolves tokens to callers.

mod account;
mod admin;
mod attempt;
mod enter;
mod invitations;
mod own;
mod routes;
mod session;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub(super) use account::vacate;
pub use admin::{AddAdminError, NewAdmin, add_admin};
pub(super) use attempt::count;
pub(super) use routes::{client_of, described, forwarded_client, routes};

use super::SECOND_MICROS;
use super::auth::keys::SigningKeys;
use super::auth::password::Cost;
use super::auth::tokens::{AccessClaims, InviteClaims, issue, read};
use super::caller::Caller;
use super::database::Database;
use super::problem::{Code, Problem};
use crate::models::tenancy::{Organization, User};
use crate::models::{SessionId, UserId};
use transfer::values::Instant;

/// Password hashes computed concurrently. Each takes 19 MiB and one core.
const HASHES_AT_A_TIME: usize = 2;
/// Lifetime of an invitation: one week, in seconds.
const INVITATION_S: i64 = 7 * 24 * 60 * 60;

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
    /// The failure for an e-mail address from one client address at which delays begin.
    pub attempts: NonZeroU32,
    /// Cost of a password hash.
    pub cost: Cost,
}

/// Keys and settings, shared by all requests.
pub(super) struct SignIn {
    parts: SignInParts,
    hashing: Arc<Semaphore>,
}

impl SignIn {
    pub(super) fn new(parts: SignInParts) -> Self {
        Self { parts, hashing: Arc::new(Semaphore::new(HASHES_AT_A_TIME)) }
    }

    /// The caller with this access token. Role and organization are those of the user's row.
    pub(super) async fn caller_of(
        &self,
        database: &Database,
        token: &str,
        now: Instant,
    ) -> Result<Caller, Problem> {
        let refused = |why: &str| Problem::new(Code::TokenRefused, why);
        let claims: AccessClaims =
            read(&self.parts.keys, seconds(now), token).map_err(|error| refused(&error.to_string()))?;
        let access = database.session(SessionId(claims.sid), now).await?;
        let granted = access.filter(|access| {
            access.is_in_force(now)
                && access.user_id == UserId(claims.sub)
                && access.user_version == claims.user_version
                && access.organization_version == claims.organization_version
        });
        let access = granted.ok_or_else(|| refused("the access of this token has ended"))?;
        Ok(Caller {
            user: access.user_id,
            organization: access.organization_id,
            role: access.role,
            session: claims.sid,
        })
    }

    fn access_token(
        &self,
        user: &User,
        organization: Option<&Organization>,
        session: SessionId,
        now: Instant,
    ) -> String {
        let iat = seconds(now);
        let claims = AccessClaims {
            sub: user.id.0,
            sid: session.0,
            user_version: user.access_version,
            organization_version: organization.map(|organization| organization.access_version),
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
