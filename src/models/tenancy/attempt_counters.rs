//! Counters of attempts that need no access token.

use diesel::prelude::*;

use crate::models::AttemptCounterId;
use crate::models::record;
use crate::schema::attempt_counters;
use databases::connection::{AnyConnection, on_backend};
use transfer::values::{Instant, Sha256};

record! {
    /// Attempts that were counted for one key, such as an e-mail address with a client address. Only the digest of the
    /// key is stored. The next attempt is permitted from `next_at` on; from `expires_at` on the counter is void.
    attempt_counters: AttemptCounter, NewAttemptCounter, AttemptCounterChanges;
    key generated id: AttemptCounterId;
    fixed {
        key_sha256: Sha256,
    }
    changing {
        attempts: i32,
        next_at: Instant,
        expires_at: Instant,
    }
}

/// Maximum number of rows: beyond it the oldest are deleted.
const MOST: i64 = 100_000;
/// How often a counter is looked for that others create and delete at the same time.
const MOST_TRIES: u32 = 8;
/// Maximum number of rows that an attempt deletes, for each reason. It creates fewer.
const MOST_DELETED: i64 = 20;

impl AttemptCounter {
    /// The counters of these keys.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_keys(connection: &mut AnyConnection, keys: &[Sha256]) -> QueryResult<Vec<Self>> {
        let of_keys = attempt_counters::table.filter(attempt_counters::key_sha256.eq_any(keys));
        on_backend!(connection, c => of_keys.select(Self::as_select()).load(c))
    }

    /// The counter of a key, locked until the end of the transaction; created with no attempts if it is missing.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lock_key(connection: &mut AnyConnection, key: Sha256, now: Instant) -> QueryResult<Self> {
        for _ in 0..MOST_TRIES {
            if let Some(found) = Self::locked(connection, key)? {
                return Ok(found);
            }
            let new = NewAttemptCounter { key_sha256: key, attempts: 0, next_at: now, expires_at: now };
            // If another transaction inserts it in between, the insert waits for its end.
            let created: Option<Self> = on_backend!(connection, c => diesel::insert_into(attempt_counters::table)
                .values(&new)
                .on_conflict_do_nothing()
                .returning(Self::as_returning())
                .get_result(c)
                .optional())?;
            if let Some(created) = created {
                return Ok(created);
            }
        }
        // Each time, others created and deleted it.
        Err(diesel::result::Error::NotFound)
    }

    fn locked(connection: &mut AnyConnection, key: Sha256) -> QueryResult<Option<Self>> {
        let of_key = attempt_counters::table.filter(attempt_counters::key_sha256.eq(key));
        match connection {
            AnyConnection::Sqlite(c) => of_key.select(Self::as_select()).first(c).optional(),
            AnyConnection::Postgres(c) => of_key.select(Self::as_select()).for_update().first(c).optional(),
        }
    }

    /// Deletes the counter of a key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reset(connection: &mut AnyConnection, key: Sha256) -> QueryResult<()> {
        let of_key = attempt_counters::table.filter(attempt_counters::key_sha256.eq(key));
        on_backend!(connection, c => diesel::delete(of_key).execute(c))?;
        Ok(())
    }

    /// Takes back one attempt of a key, if its counter still expires at `expires_at`. The next one is permitted at
    /// once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_back(
        connection: &mut AnyConnection,
        key: Sha256,
        expires_at: Instant,
        now: Instant,
    ) -> QueryResult<()> {
        let same = attempt_counters::table
            .filter(attempt_counters::key_sha256.eq(key))
            .filter(attempt_counters::expires_at.eq(expires_at))
            .filter(attempt_counters::attempts.gt(0));
        let less = (
            attempt_counters::attempts.eq(attempt_counters::attempts - 1),
            attempt_counters::next_at.eq(now),
        );
        on_backend!(connection, c => diesel::update(same).set(less).execute(c))?;
        Ok(())
    }

    /// Deletes some counters that are void, and some of the oldest if there are more than 100,000 up to the newest one.
    /// Keys grow with each new row, so no rows need to be counted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_some(
        connection: &mut AnyConnection,
        newest: AttemptCounterId,
        now: Instant,
    ) -> QueryResult<()> {
        let ids = || attempt_counters::table.select(attempt_counters::id).limit(MOST_DELETED);
        let expired = ids()
            .filter(attempt_counters::expires_at.le(now))
            .order((attempt_counters::expires_at, attempt_counters::id));
        let last = AttemptCounterId(newest.0.saturating_sub(MOST));
        let oldest = ids().filter(attempt_counters::id.le(last)).order(attempt_counters::id);
        let ids: Vec<AttemptCounterId> = match connection {
            AnyConnection::Sqlite(c) => [expired.load(c)?, oldest.load(c)?].concat(),
            // Rows that another attempt uses or deletes are not waited for: two attempts could wait for each other.
            AnyConnection::Postgres(c) => {
                [expired.for_update().skip_locked().load(c)?, oldest.for_update().skip_locked().load(c)?]
                    .concat()
            }
        };
        Self::delete_all(connection, &ids)
    }

    fn delete_all(connection: &mut AnyConnection, ids: &[AttemptCounterId]) -> QueryResult<()> {
        if !ids.is_empty() {
            let rows = attempt_counters::table.filter(attempt_counters::id.eq_any(ids));
            on_backend!(connection, c => diesel::delete(rows).execute(c))?;
        }
        Ok(())
    }
}
