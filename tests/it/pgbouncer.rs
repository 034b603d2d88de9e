//! Copying through PgBouncer, where each transaction may use another session of the server.

use crate::cluster::TestDatabase;
use crate::pooler::Pooler;
use crate::scene::Scene;
use crate::skipped::skipped;

#[test]
fn a_copy_through_pgbouncer_in_transaction_mode_is_complete() {
    let scene = Scene::whole(2000);
    let target = TestDatabase::create();
    let Some(pooler) = Pooler::start(target.url(), "min_pool_size = 3\ndefault_pool_size = 8") else {
        skipped("PgBouncer cannot be installed");
        return;
    };
    let through = pooler.url(target.url());
    let ended = scene.start(&through).end();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    scene.check(target.url(), &ended, &[], "through PgBouncer");
    // And again, with all rows present.
    let again = scene.start(&through).end();
    assert_eq!(again.code, 0, "{}", again.stderr);
    scene.check(target.url(), &again, &[], "through PgBouncer again");
    // No lock of the runs remains while the pooler keeps their sessions.
    scene.run_to_end(target.url(), "beside PgBouncer");
}
