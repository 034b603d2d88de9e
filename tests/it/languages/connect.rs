use diesel::connection::SimpleConnection as _;

use super::stage::{Stage, hint};

pub(super) fn each_refusal_has_its_hint(stage: &Stage) {
    let name = stage.name();
    let mut admin = stage.admin();
    let check = |url: &str, says: &str, hints: &str| {
        let ended = stage.app.expect(21, &["db", "health", "--database-url", url]);
        assert!(ended.stderr.contains(says), "{says}: {}", ended.stderr);
        assert!(hint(&ended).contains(hints), "{hints}: {}", ended.stderr);
    };
    check(&stage.url.replace("S3cr3tWord", "wrong"), "rejected the password", "psql");
    let (start, _) = stage.url.rsplit_once('/').expect("a database");
    check(&format!("{start}/nowhere"), "database `nowhere` does not exist", "createdb");
    for (change, says, hints, back) in [
        (
            format!("REVOKE CONNECT ON DATABASE {name} FROM public, {name}"),
            "lacks the CONNECT privilege",
            "GRANT CONNECT",
            format!("GRANT CONNECT ON DATABASE {name} TO public, {name}"),
        ),
        (
            format!("ALTER ROLE {name} CONNECTION LIMIT 0"),
            "too many connections",
            "DB_POOL_MAX",
            format!("ALTER ROLE {name} CONNECTION LIMIT -1"),
        ),
        (
            format!("ALTER DATABASE {name} CONNECTION LIMIT 0"),
            "too many connections",
            "DB_POOL_MAX",
            format!("ALTER DATABASE {name} CONNECTION LIMIT -1"),
        ),
    ] {
        admin.batch_execute(&change).expect("refuse connections");
        check(&stage.url, says, hints);
        admin.batch_execute(&back).expect("accept connections");
    }
}
