//! Position of a PostgreSQL server in its write-ahead log.

use diesel::connection::Connection as _;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl as _};

#[derive(QueryableByName)]
struct PositionRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// The WAL position in bytes: of a primary the written one, of a replica the replayed one (PostgreSQL, section 9.27,
/// "Recovery Control Functions" and "Backup Control Functions").
///
/// # Errors
/// When the query fails.
pub fn position(connection: &mut PgConnection) -> QueryResult<i64> {
    let query = diesel::sql_query(
        "SELECT (CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0') \
         ELSE pg_current_wal_lsn() END - '0/0'::pg_lsn)::bigint AS position",
    );
    connection.transaction(|connection| query.get_result::<PositionRow>(connection)).map(|row| row.position)
}
