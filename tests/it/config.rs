//! Settings as a user specifies them; the password must not appear in any output.

use diesel::connection::SimpleConnection as _;

use crate::app::{App, Move};
use crate::cluster::TestDatabase;
use databases::url::DatabaseUrl;

#[test]
fn a_flag_wins_over_the_environment_that_over_dotenv_and_that_over_the_default() {
    let app = App::new();
    let shown = |app: &App, arguments: &[&str]| app.expect(0, arguments).stdout;
    assert!(shown(&app, &["config"]).contains("sqlite:./backoffice.db"));
    std::fs::write(app.path(".env"), "DATABASE_URL=sqlite:from-dotenv.db\n").expect("write");
    assert!(shown(&app, &["config"]).contains("sqlite:from-dotenv.db"));
    let app = app.env("DATABASE_URL", "sqlite:from-environment.db");
    let text = shown(&app, &["config"]);
    assert!(text.contains("sqlite:from-environment.db") && !text.contains("from-dotenv"), "{text}");
    let text = shown(&app, &["config", "--database-url", "from-flag.db"]);
    assert!(text.contains("sqlite:from-flag.db  (--database-url)"), "{text}");
}

#[test]
fn contradictions_and_malformed_urls_end_with_the_exit_code_for_them() {
    let app = App::new().env("DATABASE_URL", "sqlite:a.db").env("DB_TYPE", "postgresql");
    let ended = app.expect(3, &["config"]);
    assert!(ended.stderr.contains("DATABASE_URL") && ended.stderr.contains("DB_TYPE"), "{}", ended.stderr);
    let ended = App::new().expect(3, &["config", "--database-url", "mysql://u:S3cr3t@h/d"]);
    assert!(ended.stderr.contains("postgresql://USER:PASSWORD@HOST"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("S3cr3t"), "{}", ended.stderr);
}

/// A password with special characters, and a role with it.
const PASSWORD: &str = "S3cr3t'\"%/@:";
const ENCODED: &str = "S3cr3t%27%22%25%2F%40%3A";

#[test]
fn the_password_is_found_nowhere_in_any_output() {
    let this = Move::seeded(200);
    let target = &this.target;
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(target.url()).expect("URL") else {
        panic!("PostgreSQL")
    };
    let (host, port, database) = (url.host().expect("host"), url.port(), url.database().expect("database"));
    let role = format!("secretive_{database}");
    let mut admin = target.connect();
    let quoted = PASSWORD.replace('\'', "''");
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{quoted}'; ALTER DATABASE {database} OWNER TO {role};
             ALTER SCHEMA public OWNER TO {role}"
        ))
        .expect("make a role");
    let good = format!("postgresql://{role}:{ENCODED}@{host}:{port}/{database}");
    let bad = format!("postgresql://{role}:{PASSWORD}@{host}:{port}/{database}");
    let wrong = format!("postgresql://{role}:{ENCODED}x@{host}:{port}/{database}");
    let mut outputs = Vec::new();
    let mut run = |variable: &str, value: &str, arguments: &[&str]| {
        let mut command = this.app.command(&[&["-vvv"], arguments].concat());
        let output = command.env(variable, value).output().expect("run");
        outputs.push((arguments.join(" "), output));
    };
    for arguments in [
        &["config"][..],
        &["config", "--json"],
        &["db", "setup"],
        &["db", "status"],
        &["db", "health"],
        &["db", "health", "--json"],
        &["db", "copy-from-sqlite", "--dry-run", "--sqlite", "backoffice.db"],
        &["db", "copy-from-sqlite", "--json", "--sqlite", "backoffice.db"],
        &["db", "copy-from-sqlite", "--clear", "--sqlite", "backoffice.db"],
        &["db", "rollback", "--all"],
        &["db", "rollback", "--all", "--yes"],
    ] {
        run("DATABASE_URL", &good, arguments);
    }
    assert!(outputs.iter().take(8).all(|(_, output)| output.status.success()), "{outputs:?}");
    let mut run = |variable: &str, value: &str, arguments: &[&str]| {
        let mut command = this.app.command(&[&["-vvv"], arguments].concat());
        let output = command.env(variable, value).output().expect("run");
        outputs.push((arguments.join(" "), output));
    };
    for url in [&bad, &wrong] {
        run("DATABASE_URL", url, &["db", "health"]);
        run("DATABASE_URL", url, &["db", "copy-from-sqlite", "--sqlite", "backoffice.db"]);
        run("ENVIRONMENT", "development", &["db", "status", "--database-url", url]);
        run("ENVIRONMENT", "development", &["db", "copy-from-sqlite", "--postgres", url]);
        // As an unexpected argument.
        run("ENVIRONMENT", "development", &["db", "status", url]);
        run("ENVIRONMENT", "development", &["db", "status", &format!("--url={url}")]);
        run("ENVIRONMENT", "development", &["serve", "--port", url]);
    }
    run("DB_PASS", PASSWORD, &["config"]);
    std::fs::write(this.app.path(".env"), format!("DB_PASS={PASSWORD}\n")).expect("write");
    run("ENVIRONMENT", "development", &["config"]);
    for (what, output) in &outputs {
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text);
            assert!(!text.contains("S3cr3t"), "{what}:\n{text}");
        }
    }
    drop(admin);
    let mut admin = target.connect();
    admin
        .batch_execute(&format!(
            "REASSIGN OWNED BY {role} TO current_user; DROP OWNED BY {role}; DROP ROLE {role}"
        ))
        .expect("drop the role");
}
#[test]
fn parts_make_the_same_connection_as_a_url() {
    let target = TestDatabase::create();
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(target.url()).expect("URL") else {
        panic!("PostgreSQL")
    };
    let app = App::new()
        .env("DB_TYPE", "postgresql")
        .env("DB_HOST", url.host().expect("host"))
        .env("DB_PORT", &url.port().to_string())
        .env("DB_NAME", url.database().expect("database"))
        .env("DB_USER", url.user().expect("user"))
        .env("DB_PASS", url.password().expect("password").expose());
    app.expect(0, &["db", "setup"]);
    let health = app.expect(0, &["db", "health"]);
    assert!(health.stdout.contains("(postgres)"), "{}", health.stdout);
}
