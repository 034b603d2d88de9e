//! What stands around a PostgreSQL database: a pooler before it, a replica beside it.

use std::time::Duration;

use super::read::word_of;
use super::{ConfigError, Inputs, Origin, Row, Setting, milliseconds, row};
use databases::pool::Pooler;
use databases::url::{DatabaseUrl, PostgresUrl, UrlError};

/// The settings of the surroundings of PostgreSQL, each with its origin. On SQLite they do nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postgres {
    /// `DB_POOLER`.
    pub pooler: Setting<Pooler>,
    /// `DATABASE_REPLICA_URL`: takes the reads that tolerate its lag. Only beside a PostgreSQL database that
    /// the environment names: `--database-url` names another one, of which it is no replica.
    pub replica: Setting<Option<PostgresUrl>>,
    /// `REPLICA_MAX_LAG`: a replica further behind takes no reads.
    pub replica_max_lag: Setting<Duration>,
}

/// The surroundings of PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresSettings {
    /// What stands between the program and PostgreSQL.
    pub pooler: Pooler,
    /// Takes the reads that tolerate its lag.
    pub replica: Option<PostgresUrl>,
    /// A replica further behind takes no reads; never zero.
    pub replica_max_lag: Duration,
}

/// The words of `DB_POOLER`.
const POOLERS: [(&str, Pooler); 2] = [("none", Pooler::None), ("transaction", Pooler::Transaction)];

impl Postgres {
    pub(super) fn resolve(inputs: &Inputs, database: &Setting<DatabaseUrl>) -> Result<Self, ConfigError> {
        Ok(Self {
            pooler: inputs.word("DB_POOLER", &POOLERS, Pooler::None)?,
            replica: replica(inputs, database)?,
            replica_max_lag: inputs.milliseconds("REPLICA_MAX_LAG", 1, Duration::from_millis(1000))?,
        })
    }

    /// The plain values.
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
