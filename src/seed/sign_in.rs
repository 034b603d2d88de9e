//! Rows of sessions, stored responses and counters of attempts.

use serde_json::json;

use super::context::Context;
use super::plan::TableSeed;
use super::steps::{Seeded, ValueResult};
use crate::models::tenancy::{AttemptCounter, IdempotencyKey, Session, User};
use crate::models::{AttemptCounterId, IdempotencyKeyId, SessionId};
use transfer::values::Sha256;

impl Seeded for Session {
    const SHARE: u64 = 120;

    fn nth_key(plan: &TableSeed, index: u64) -> SessionId {
        SessionId(plan.uuid(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created_with_uuid()?;
        let user = cx.any::<User>();
        Ok(Self {
            id: cx.own_key::<Self>(),
            user_id: cx.key::<User>(user),
            created_at,
            expires_at: cx.within(30, created_at)?,
            refresh_sha256: cx.digest(),
            used_at: cx.within(20, created_at)?,
            revoked_at: cx.maybe(25, |cx| cx.within(20, created_at))?,
            client_sha256: cx.maybe(90, |cx| Ok(cx.digest()))?,
        })
    }
}

impl Seeded for IdempotencyKey {
    const SHARE: u64 = 80;

    fn nth_key(plan: &TableSeed, index: u64) -> IdempotencyKeyId {
        IdempotencyKeyId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let user = cx.any::<User>();
        Ok(Self {
            id: cx.own_key::<Self>(),
            user_id: cx.key::<User>(user),
            key: cx.outside_id("req-")?,
            request_sha256: cx.digest(),
            created_at: cx.created::<Self>()?,
            status: cx.int(200..=204),
            location: cx.maybe(60, |cx| cx.link("bills"))?,
            etag: cx.maybe(60, |cx| cx.text(100, |cx| format!("\"{:016x}\"", cx.below(u64::MAX))))?,
            body: cx.text(9_000, |cx| json!({"id": cx.low(90_000), "name": cx.person()}).to_string())?,
        })
    }
}

impl Seeded for AttemptCounter {
    const SHARE: u64 = 40;

    fn nth_key(plan: &TableSeed, index: u64) -> AttemptCounterId {
        AttemptCounterId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            // A key occurs once.
            key_sha256: Sha256::of(format!("counter {}", cx.index()).as_bytes()),
            attempts: cx.int(1..=12),
            next_at: cx.within(1, created_at)?,
            expires_at: cx.within(2, created_at)?,
        })
    }
}
