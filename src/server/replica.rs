//! The read replica: used for reads while its measured lag is within the limit.
//!
//! The lag is measured against the primary: WAL positions of the primary are recorded with the time, and the lag is
//! the age of the newest one that the replica has replayed. This also detects a replica that is disconnected from its
//! primary.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use diesel::PgConnection;
use tokio::task::spawn_blocking;

use super::database::GatedPool;
use super::metrics::Metrics;
use crate::models::UserId;
use databases::open::{OpenError, Purpose, try_open_postgres};
use databases::replication::position;
use databases::url::PostgresUrl;

/// Maximum number of users remembered as writers; beyond it, all users read from the primary for a while.
const MOST_WRITERS: usize = 100_000;

/// A replica of the primary.
#[derive(Clone)]
pub(super) struct Replica {
    side: GatedPool,
    max_lag: Duration,
    is_usable: Arc<AtomicBool>,
    writers: Arc<Mutex<Writers>>,
}

/// Users who wrote recently. They read from the primary until the replica has replayed their writes.
#[derive(Default)]
struct Writers {
    last: HashMap<UserId, Clock>,
    /// When the map overflowed.
    all: Option<Clock>,
}

impl Replica {
    pub(super) fn new(side: GatedPool, max_lag: Duration) -> Self {
        Self { side, max_lag, is_usable: Arc::default(), writers: Arc::default() }
    }

    pub(super) fn close(&self) {
        self.side.pool.close();
    }

    /// The pool for a read that tolerates lag; `None` is the primary.
    pub(super) fn for_reader(&self, user: UserId) -> Option<&GatedPool> {
        if !self.is_usable.load(Ordering::Acquire) {
            return None;
        }
        let horizon = self.horizon();
        let is_recent = |at: &Clock| at.elapsed() < horizon;
        let writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let has_written =
            writers.last.get(&user).is_some_and(is_recent) || writers.all.as_ref().is_some_and(is_recent);
        (!has_written).then_some(&self.side)
    }

    /// Disables the replica until the next measurement.
    pub(super) fn failed(&self) {
        self.is_usable.store(false, Ordering::Release);
    }

    /// Records a write of this user.
    pub(super) fn wrote(&self, user: UserId) {
        let horizon = self.horizon();
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        if writers.last.len() >= MOST_WRITERS {
            writers.last.retain(|_, at| at.elapsed() < horizon);
            if writers.last.len() >= MOST_WRITERS {
                writers.last.clear();
                writers.all = Some(Clock::now());
            }
        }
        writers.last.insert(user, Clock::now());
    }

    /// How long after a write the user reads from the primary: the maximum lag, plus the age of the measurement.
    fn horizon(&self) -> Duration {
        self.max_lag + self.interval() * 2
    }

    fn interval(&self) -> Duration {
        (self.max_lag / 4).clamp(Duration::from_millis(20), Duration::from_secs(1))
    }

    /// Measures the lag while the server runs.
    pub(super) async fn watch(self, primary: PostgresUrl, replica: PostgresUrl, metrics: Metrics) {
        let mut gauge = Some(Gauge { primary, replica, connections: None, noted: VecDeque::new() });
        loop {
            let Some(mut gauging) = gauge.take() else {
                return;
            };
            let mut measuring = spawn_blocking(move || {
                let lag = gauging.measure();
                (gauging, lag)
            });
            let measured = match tokio::time::timeout(self.max_lag, &mut measuring).await {
                Ok(measured) => measured,
                Err(_elapsed) => {
                    // The lag of a replica that does not respond is unknown.
                    if self.is_usable.swap(false, Ordering::AcqRel) {
                        tracing::warn!("replica disabled for reads: lag measurement timed out");
                    }
                    measuring.await
                }
            };
            let lag = match measured {
                Ok((measured, lag)) => {
                    gauge = Some(measured);
                    lag
                }
                Err(panic) => {
                    tracing::error!(%panic, "measure replica lag");
                    self.is_usable.store(false, Ordering::Release);
                    return;
                }
            };
            let is_usable = lag.as_ref().is_ok_and(|lag| lag.is_some_and(|lag| lag <= self.max_lag));
            if self.is_usable.swap(is_usable, Ordering::AcqRel) != is_usable {
                tracing::warn!(is_usable, ?lag, "replica usable for reads changed");
            }
            if let Ok(Some(lag)) = lag {
                metrics.replica_is_behind(lag);
            }
            tokio::time::sleep(self.interval()).await;
        }
    }
}

/// Uses its own connections, so that pool connections remain available for requests.
struct Gauge {
    primary: PostgresUrl,
    replica: PostgresUrl,
    connections: Option<(PgConnection, PgConnection)>,
    /// WAL positions of the primary, each with the time before which it was reached.
    noted: VecDeque<(Clock, i64)>,
}

#[derive(Debug, thiserror::Error)]
enum GaugeError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("query the WAL position")]
    Ask(#[from] diesel::result::Error),
}

impl Gauge {
    /// The current lag; `None` if the replica has replayed none of the recorded positions.
    fn measure(&mut self) -> Result<Option<Duration>, GaugeError> {
        let (mut primary, mut replica) = match self.connections.take() {
            Some(connections) => connections,
            None => (
                try_open_postgres(&self.primary, Purpose::Copy)?,
                try_open_postgres(&self.replica, Purpose::Copy)?,
            ),
        };
        let now = Clock::now();
        self.noted.push_back((now, position(&mut primary)?));
        let replayed = position(&mut replica)?;
        self.connections = Some((primary, replica));
        Ok(lag(&mut self.noted, replayed))
    }
}

/// The age of the newest replayed position; older positions are dropped.
fn lag(noted: &mut VecDeque<(Clock, i64)>, replayed: i64) -> Option<Duration> {
    // Bounds memory if the replica never catches up; the oldest positions carry the least information.
    const MOST_NOTED: usize = 4096;
    while noted.len() > MOST_NOTED {
        noted.pop_front();
    }
    let newest = noted.iter().rposition(|(_, position)| *position <= replayed)?;
    noted.drain(..newest);
    noted.front().map(|(at, _)| at.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_is_the_age_of_the_newest_replayed_position() {
        let now = Clock::now();
        let ago =
            |ms: u64| now.checked_sub(Duration::from_millis(ms)).expect("after the start of the machine");
        let mut noted = VecDeque::from([(ago(3000), 10), (ago(2000), 20), (ago(1000), 20), (ago(0), 30)]);
        let late = lag(&mut noted, 25).expect("behind by one note");
        assert!(late >= Duration::from_millis(1000) && late < Duration::from_millis(1900), "{late:?}");
        assert_eq!(noted.len(), 2);
        assert_eq!(lag(&mut noted, 5), None);
        assert!(lag(&mut noted, 30).expect("caught up") < Duration::from_millis(900));
    }
}
