//! Settings of PostgreSQL deployments: pooler and replica.

use std::time::Duration;

use super::read::word_of;
use super::{ConfigError, Inputs, Origin, Row, Setting, milliseconds, row};
use databases::pool::Pooler;
use databases::url::{DatabaseUrl, PostgresUrl, UrlError};

/// The settings of pooler and replica, with origins. Ignored for SQLite, except that a replica is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postgres {
    /// `DB_POOLER`.
    pub pooler: Setting<Pooler>,
    /// `DATABASE_REPLICA_URL`: serves reads that tolerate its lag. Ignored with `--database-url`, which selects
    /// another primary.
    pub replica: Setting<Option<PostgresUrl>>,
    /// `REPLICA_MAX_LAG`: with a greater lag, the replica is not used.
    pub replica_max_lag: Setting<Duration>,
}

/// The settings of pooler and replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresSettings {
    /// The pooler between the program and PostgreSQL.
    pub pooler: Pooler,
    /// Serves reads that tolerate its lag.
    pub replica: Option<PostgresUrl>,
    /// With a greater lag, the replica is not used; never zero.
    pub replica_max_lag: Duration,
}

/// The values of `DB_POOLER`.
const POOLERS: [(&str, Pooler); 2] = [("none", Pooler::None), ("transaction", Pooler::Transaction)];

impl Postgres {
    pub(super) fn resolve(inputs: &Inputs, database: &Setting<DatabaseUrl>) -> Result<Self, ConfigError> {
        Ok(Self {
            pooler: inputs.word("DB_POOLER", &POOLERS, Pooler::None)?,
            replica: replica(inputs, database)?,
            replica_max_lag: inputs.milliseconds("REPLICA_MAX_LAG", 1, Duration::from_millis(1000))?,
        })
    }

    /// The values without origins.
    pub fn settings(&self) -> PostgresSettings {
        PostgresSettings {
            pooler: self.pooler.value,
            replica: self.replica.value.clone(),
            replica_max_lag: self.replica_max_lag.value,
        }
    }

    pub(super) fn describe(&self) -> Vec<Row> {
        let replica = self.replica.value.as_ref().map_or("none".to_owned(), PostgresUrl::to_string);
        vec![
            row("pooler", &self.pooler, word_of(&POOLERS, &self.pooler.value).to_owned()),
            row("replica", &self.replica, replica),
            row("replica, most lag", &self.replica_max_lag, milliseconds(&self.replica_max_lag)),
        ]
    }
}

fn replica(
    inputs: &Inputs,
    database: &Setting<DatabaseUrl>,
) -> Result<Setting<Option<PostgresUrl>>, ConfigError> {
    let name = "DATABASE_REPLICA_URL";
    let Some(typed) = inputs.get(name) else {
        return Ok(Setting::by_default(name, None));
    };
    if database.origin == Origin::Flag {
        return Ok(database.with(None));
    }
    if let DatabaseUrl::Sqlite(path) = &database.value {
        let database = path.to_string();
        return Err(ConfigError::ReplicaOfSqlite { origin: typed.origin, database });
    }
    let url = DatabaseUrl::parse(typed.value).and_then(|url| match url {
        DatabaseUrl::Postgres(url) => Ok(url),
        DatabaseUrl::Sqlite(_) => Err(UrlError::NotPostgres),
    });
    match url {
        Ok(url) => Ok(typed.with(Some(url))),
        Err(source) => Err(ConfigError::Address { name, origin: typed.origin, source }),
    }
}
