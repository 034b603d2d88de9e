//! The effect of each setting of the connection pool, on both backends.

use std::time::{Duration, Instant};

use crate::app::App;
use crate::cluster::TestDatabase;
use databases::pool::Pool;
use databases::pool::{PoolSettings, Pooler};
use databases::url::DatabaseUrl;

/// Long enough for a new connection on a busy machine: the time to connect counts, too.
const ACQUIRE: Duration = Duration::from_secs(3);
/// No longer does it take until an idle connection is closed.
const HANGS: Duration = Duration::from_secs(60);

fn settings() -> PoolSettings {
    PoolSettings {
        max: 2,
        min_idle: 0,
        acquire_timeout: ACQUIRE,
        idle_timeout: Duration::from_secs(60),
        max_lifetime: Duration::from_secs(3600),
        keep_idle: true,
    }
}

fn urls() -> (App, TestDatabase, Vec<DatabaseUrl>) {
    let app = App::new();
    app.expect(0, &["db", "setup"]);
    let target = TestDatabase::create();
    let path = app.path("backoffice.db");
    let urls = vec![
        DatabaseUrl::parse(path.to_str().expect("UTF-8")).expect("path"),
        DatabaseUrl::parse(target.url()).expect("URL"),
    ];
    (app, target, urls)
}

#[test]
fn requests_beyond_the_maximum_time_out_with_an_error() {
    let (_app, _target, urls) = urls();
    for url in urls {
        let pool = Pool::new(url, settings(), Pooler::None, None, None);
        let one = pool.get().expect("first");
        let _two = pool.get().expect("second");
        assert_eq!((pool.usage().open, pool.usage().idle), (2, 0));
        let began = Instant::now();
        let exhausted = pool.get().err().expect("the third waits in vain");
        assert!(began.elapsed() >= ACQUIRE);
        assert!(exhausted.to_string().contains("pool's 2"), "{exhausted}");
        drop(one);
        pool.get().expect("one came back");
    }
}

#[test]
fn serverless_keeps_no_idle_connection() {
    let (_app, _target, urls) = urls();
    for url in urls {
        let pool = Pool::new(url, PoolSettings { keep_idle: false, ..settings() }, Pooler::None, None, None);
        drop(pool.get().expect("connection"));
        let began = Instant::now();
        while pool.usage().open > 0 {
            assert!(began.elapsed() < HANGS, "{:?}", pool.usage());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_terminated_connection_is_not_reused() {
    let target = TestDatabase::create();
    let pool = Pool::new(
        DatabaseUrl::parse(target.url()).expect("URL"),
        PoolSettings { max: 1, ..settings() },
        Pooler::None,
        None,
        None,
    );
    drop(pool.get().expect("connection"));
    let mut other = target.connect();
    diesel::RunQueryDsl::execute(
        diesel::sql_query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'backoffice'",
        ),
        &mut other,
    )
    .expect("terminate");
    let outcome = (0..10).find_map(|_| pool.get().ok());
    let mut connection = outcome.expect("a new connection");
    diesel::connection::SimpleConnection::batch_execute(&mut **connection, "SELECT 1").expect("it works");
}
