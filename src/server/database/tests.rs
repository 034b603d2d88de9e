use super::*;

use diesel::connection::SimpleConnection as _;

use databases::pool::{PoolSettings, Pooler};
use databases::url::SqlitePath;

/// A database of one table on the SQLite file `own.db` of this folder.
fn database(folder: &std::path::Path) -> Database {
    let path = folder.join("own.db");
    let sqlite = rusqlite::Connection::open(&path).expect("open");
    sqlite.execute_batch("CREATE TABLE t (number INTEGER)").expect("create");
    let path = SqlitePath::parse(path.to_str().expect("UTF-8")).expect("a path");
    let file = Arc::new(FileWatch::new(&path, "SELECT count(*) AS number FROM t"));
    let url = DatabaseUrl::Sqlite(path);
    let second = Duration::from_secs(1);
    let settings = PoolSettings {
        max: 1,
        min_idle: 0,
        acquire_timeout: second,
        idle_timeout: second,
        max_lifetime: second,
        keep_idle: true,
    };
    let pool = Pool::new(url.clone(), settings, Pooler::None, None, Some(Arc::clone(&file)));
    let primary = GatedPool::new(pool, second, true);
    let metrics = Metrics::new(Arc::new(Vec::new));
    Database::new(&url, primary, None, Some(file), Readiness::good(), metrics)
}

fn insert(connection: &mut AnyConnection) -> Result<(), HandlerError> {
    connection.batch_execute("INSERT INTO t VALUES (1)").map_err(HandlerError::Database)
}

#[tokio::test]
async fn a_change_is_not_acknowledged_when_the_file_goes_before_its_commit() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let database = database(folder.path());
    database.write(insert).await.expect("the file is there");
    let (here, there) = (folder.path().join("own.db"), folder.path().join("moved.db"));
    let moving = move |connection: &mut AnyConnection| {
        insert(connection)?;
        std::fs::rename(&here, &there).expect("move");
        Ok(())
    };
    let refused = database.write(moving).await.expect_err("it is in a file that is not at its path");
    assert!(refused.is_outage(), "{refused:?}");
    assert!(!database.readiness().is_ready());
}
