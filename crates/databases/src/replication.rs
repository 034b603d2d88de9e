//! How far a PostgreSQL server is in its write-ahead log.

use diesel::connection::Connection as _;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl as _};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// The position in the log, in bytes: what a primary has written, what a replica has replayed (PostgreSQL, section 9.27,
/// "Recovery Control Functions" and "Backup Control Functions").
///
/// # Errors
/// When the server does not answer, or keeps no such log.
pub fn position(connection: &mut PgConnection) -> QueryResult<i64> {
    let query = diesel::sql_query(
        "SELECT (CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0') \
         ELSE pg_current_wal_lsn() END - '0/0'::pg_lsn)::bigint AS position",
    );
    connection.transaction(|connection| query.get_result::<Row>(connection)).map(|row| row.position)
}
