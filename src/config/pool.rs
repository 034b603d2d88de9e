//! The deployment environment, and the connection pool.

use std::fmt;
use std::time::Duration;

use super::{ConfigError, Inputs, Setting};
use databases::pool::PoolSettings;

/// Maximum age of a connection.
const MAX_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Upper limit for the size of the pool.
const MAX_CONNECTIONS: u32 = 10_000;

/// The deployment environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A development machine; the default.
    Development,
    /// A dedicated server.
    Production,
    /// Short-lived processes, which must not keep idle connections.
    Serverless,
}

impl Environment {
    /// Reads `ENVIRONMENT`.
    pub(super) fn resolve(inputs: &Inputs) -> Result<Setting<Self>, ConfigError> {
        let name = "ENVIRONMENT";
        let typed = inputs.parse(name, "development, production or serverless", Self::parse)?;
        Ok(typed.unwrap_or(Setting::by_default(name, Self::Development)))
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "development" => Self::Development,
            "production" => Self::Production,
            "serverless" => Self::Serverless,
            _ => return None,
        })
    }

    /// The default pool of this environment.
    pub fn pool(self) -> PoolSettings {
        let (min_idle, max, acquire_ms) = match self {
            Self::Development => (5, 15, 30_000),
            Self::Production => (20, 30, 30_000),
            Self::Serverless => (0, 5, 10_000),
        };
        PoolSettings {
            max,
            min_idle,
            acquire_timeout: Duration::from_millis(acquire_ms),
            idle_timeout: Duration::from_millis(600_000),
            max_lifetime: MAX_LIFETIME,
            keep_idle: self != Self::Serverless,
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
            Self::Serverless => "serverless",
        })
    }
}

/// The settings of the pool, with origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolConfig {
    /// `DB_POOL_MAX`.
    pub max: Setting<u32>,
    /// `DB_POOL_MIN`.
    pub min_idle: Setting<u32>,
    /// `DB_POOL_ACQUIRE`.
    pub acquire_timeout: Setting<Duration>,
    /// `DB_POOL_IDLE`.
    pub idle_timeout: Setting<Duration>,
    /// Whether idle connections are kept; implied by a minimum above zero.
    pub keep_idle: bool,
}

impl PoolConfig {
    pub(super) fn resolve(inputs: &Inputs, environment: Environment) -> Result<Self, ConfigError> {
        let default = environment.pool();
        let max = inputs.number("DB_POOL_MAX", 1..=MAX_CONNECTIONS, default.max)?;
        // The default minimum is limited by the maximum.
        let min_idle = inputs.number("DB_POOL_MIN", 0..=MAX_CONNECTIONS, default.min_idle.min(max.value))?;
        if min_idle.value > max.value {
            return Err(ConfigError::PoolBounds {
                min: min_idle.value,
                min_origin: min_idle.origin,
                max: max.value,
                max_origin: max.origin,
            });
        }
        Ok(Self {
            keep_idle: default.keep_idle || min_idle.value > 0,
            max,
            min_idle,
            acquire_timeout: inputs.milliseconds("DB_POOL_ACQUIRE", 1, default.acquire_timeout)?,
            idle_timeout: inputs.milliseconds("DB_POOL_IDLE", 1, default.idle_timeout)?,
        })
    }

    /// The values without origins.
    pub fn settings(&self) -> PoolSettings {
        PoolSettings {
            max: self.max.value,
            min_idle: self.min_idle.value,
            acquire_timeout: self.acquire_timeout.value,
            idle_timeout: self.idle_timeout.value,
            max_lifetime: MAX_LIFETIME,
            keep_idle: self.keep_idle,
        }
    }
}
