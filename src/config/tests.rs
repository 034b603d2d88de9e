mod server;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::cli::hints::words;
use databases::error::{ExitStatus, Explain, render};
use databases::pool::PoolSettings;

const PASSWORD: &str = "S3cr3t'\"%/@:";
const ENCODED: &str = "S3cr3t%27%22%25%2F%40%3A";

/// Inputs with these environment variables.
fn environment(variables: &[(&str, &str)]) -> Inputs {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Inputs { environment: variables.iter().map(own).collect(), ..Inputs::default() }
}

fn dotenv(text: &str) -> Result<DotEnv, ConfigError> {
    DotEnv::parse(PathBuf::from("/app/.env"), text.as_bytes().to_vec())
}

fn resolve(variables: &[(&str, &str)]) -> Config {
    Config::resolve(&environment(variables)).expect("sound settings")
}

/// The error as it is shown; must not contain the password.
fn refuse(inputs: &Inputs) -> String {
    let error = match Config::resolve(inputs) {
        Err(error) => error,
        Ok(config) => panic!("accepted: {config:?}"),
    };
    shown(&error)
}

fn shown(error: &ConfigError) -> String {
    assert_eq!(error.exit_status(), ExitStatus::Configuration);
    let hint = error.hint().as_ref().map(words);
    assert!(hint.as_ref().is_some_and(|hint| !hint.is_empty()));
    let shown = render(error, hint.as_deref());
    let all = format!("{shown} {error:?} {:?}", error.source());
    assert!(!all.contains("S3cr3t"), "{all}");
    shown
}

fn database(inputs: &Inputs) -> (String, Origin) {
    let config = Config::resolve(inputs).expect("sound settings");
    (config.database.value.to_string(), config.database.origin)
}

#[test]
fn without_any_setting_sqlite_works() {
    let config = resolve(&[]);
    assert_eq!(config.database.value.to_string(), "sqlite:./backoffice.db");
    assert_eq!(config.database.origin, Origin::Default);
    assert_eq!(config.sqlite_source.value.as_str(), "./backoffice.db");
    assert_eq!(config.server.port.value, 8000);
    assert_eq!(resolve(&[("DATABASE_URL", "")]), config);
}

#[test]
fn flag_wins_over_environment_over_dotenv_over_default() {
    let mut inputs = Inputs::default();
    assert_eq!(database(&inputs), ("sqlite:./backoffice.db".into(), Origin::Default));
    inputs.dotenv = Some(dotenv("DATABASE_URL=c.db\nPORT=1\n").expect("sound file"));
    assert_eq!(database(&inputs), ("sqlite:c.db".into(), Origin::DotEnv("/app/.env".into())));
    inputs.environment.insert("DATABASE_URL".into(), "b.db".into());
    assert_eq!(database(&inputs), ("sqlite:b.db".into(), Origin::Environment));
    inputs.flags.database_url = Some("a.db".into());
    assert_eq!(database(&inputs), ("sqlite:a.db".into(), Origin::Flag));

    let port = |inputs: &Inputs| Config::resolve(inputs).expect("sound settings").server.port.value;
    assert_eq!(port(&inputs), 1);
    inputs.environment.insert("PORT".into(), " 2 ".into());
    assert_eq!(port(&inputs), 2);
    inputs.flags.port = Some(3);
    assert_eq!(port(&inputs), 3);
}

#[test]
fn an_empty_variable_hides_the_one_in_dotenv() {
    let mut inputs = environment(&[("DATABASE_URL", "")]);
    inputs.dotenv = Some(dotenv("DATABASE_URL=c.db").expect("sound file"));
    assert_eq!(database(&inputs), ("sqlite:./backoffice.db".into(), Origin::Default));
}

#[test]
fn an_empty_flag_is_rejected_and_not_ignored() {
    let mut inputs = environment(&[("DATABASE_URL", "b.db")]);
    inputs.flags.database_url = Some(String::new());
    assert!(
        refuse(&inputs).contains("could not use `--database-url`\n  caused by: the database URL is empty")
    );
}

#[test]
fn parts_form_a_postgres_url() {
    let config = resolve(&[
        ("DB_TYPE", "postgres"),
        ("DB_HOST", "db"),
        ("DB_PORT", "6000"),
        ("DB_NAME", "a b"),
        ("DB_USER", "u"),
        ("DB_PASS", PASSWORD),
        ("DB_SSL", "true"),
    ]);
    assert_eq!(config.database.value.to_string(), "postgres://u:***@db:6000/a%20b?sslmode=require");
    assert_eq!((config.database.origin, config.database.name), (Origin::Environment, "DB_TYPE"));
    let DatabaseUrl::Postgres(url) = config.database.value else {
        panic!("not PostgreSQL");
    };
    assert_eq!(url.password().map(|secret| secret.expose()), Some(PASSWORD));

    let few = [("DB_TYPE", "postgresql"), ("DB_NAME", "d"), ("DB_USER", "u"), ("DB_SSL", "false")];
    assert_eq!(resolve(&few).database.value.to_string(), "postgres://u@localhost/d?sslmode=disable");
}

#[test]
fn parts_form_a_sqlite_path() {
    let shown = |variables: &[(&str, &str)]| resolve(variables).database.value.to_string();
    assert_eq!(shown(&[("DB_TYPE", "sqlite")]), "sqlite:./backoffice.db");
    assert_eq!(shown(&[("DB_TYPE", "sqlite"), ("DB_PATH", "a%20.db")]), "sqlite:a%2520.db");
    assert_eq!(shown(&[("DB_PATH", "b.db")]), "sqlite:b.db");
    // DB_TYPE selects one of two sets of parts, which may both be set.
    assert_eq!(
        shown(&[("DB_TYPE", "sqlite"), ("DB_HOST", "db"), ("DB_PASS", PASSWORD)]),
        "sqlite:./backoffice.db"
    );
}

#[test]
fn missing_parts_are_named() {
    let error = refuse(&environment(&[("DB_TYPE", "postgresql"), ("DB_PASS", PASSWORD)]));
    assert!(error.contains("`DB_TYPE` is postgresql, but `DB_NAME` and `DB_USER` not set"), "{error}");
    for name in ["DB_HOST", "DB_NAME", "DB_USER", "DB_PASS", "DB_PORT", "DB_SSL"] {
        let error = refuse(&environment(&[(name, "5")]));
        assert!(error.contains(&format!("`{name}` in the environment is set")), "{error}");
        assert!(error.contains("set DB_TYPE=postgresql"), "{error}");
    }
}

#[test]
fn parts_that_agree_with_the_url_are_no_contradiction() {
    let url = format!("postgres://u:{ENCODED}@DB.example/d?sslmode=require");
    let config = resolve(&[
        ("DATABASE_URL", &url),
        ("DB_TYPE", "postgresql"),
        ("DB_HOST", "db.example"),
        ("DB_PORT", "5432"),
        ("DB_NAME", "d"),
        ("DB_USER", "u"),
        ("DB_PASS", PASSWORD),
        ("DB_SSL", "true"),
        ("DB_PATH", "old.db"),
    ]);
    assert_eq!(config.database.name, "DATABASE_URL");
    assert_eq!(config.sqlite_source.value.as_str(), "old.db");
    let sqlite =
        resolve(&[("DATABASE_URL", "sqlite:app.db"), ("DB_TYPE", "sqlite"), ("DB_PATH", "./app.db")]);
    assert_eq!(sqlite.sqlite_source.name, "DATABASE_URL");
}

#[test]
fn a_contradiction_names_both_sides_but_no_password() {
    let postgres = format!("postgres://u:{ENCODED}@db:6000/d?sslmode=require");
    let bare = "postgres://";
    let shown = "postgres://u:***@db:6000/d?sslmode=require";
    for (url, name, value, says) in [
        (
            postgres.as_str(),
            "DB_TYPE",
            "sqlite",
            format!("is `sqlite`, but `DATABASE_URL` in the environment specifies `{shown}`"),
        ),
        (
            &postgres,
            "DB_HOST",
            "other",
            "is `other`, but `DATABASE_URL` in the environment specifies `db`".into(),
        ),
        (
            &postgres,
            "DB_PORT",
            "5432",
            "is `5432`, but `DATABASE_URL` in the environment specifies `6000`".into(),
        ),
        (&postgres, "DB_NAME", "D", "is `D`, but `DATABASE_URL` in the environment specifies `d`".into()),
        (&postgres, "DB_USER", "v", "is `v`, but `DATABASE_URL` in the environment specifies `u`".into()),
        (
            &postgres,
            "DB_SSL",
            "false",
            "is `disable`, but `DATABASE_URL` in the environment specifies `require`".into(),
        ),
        (
            &postgres,
            "DB_PASS",
            "S3cr3t-other",
            "is set, but `DATABASE_URL` in the environment specifies another password".into(),
        ),
        (
            bare,
            "DB_PASS",
            PASSWORD,
            "is set, but `DATABASE_URL` in the environment specifies no password".into(),
        ),
        (
            bare,
            "DB_HOST",
            "localhost",
            "is `localhost`, but `DATABASE_URL` in the environment does not set it".into(),
        ),
        (
            bare,
            "DB_SSL",
            "true",
            "is `require`, but `DATABASE_URL` in the environment does not set it".into(),
        ),
        (
            "app.db",
            "DB_TYPE",
            "postgres",
            "is `postgres`, but `DATABASE_URL` in the environment specifies `sqlite:app.db`".into(),
        ),
        (
            "app.db",
            "DB_PATH",
            "b.db",
            "is `b.db`, but `DATABASE_URL` in the environment specifies `sqlite:app.db`".into(),
        ),
        (
            "app.db",
            "DB_HOST",
            "db",
            "is set, but `DATABASE_URL` in the environment specifies `sqlite:app.db`".into(),
        ),
        (
            "app.db",
            "DB_PASS",
            PASSWORD,
            "is set, but `DATABASE_URL` in the environment specifies `sqlite:app.db`".into(),
        ),
    ] {
        let error = refuse(&environment(&[("DATABASE_URL", url), (name, value)]));
        assert!(error.contains(&format!("`{name}` in the environment {says}")), "{error}");
        // The flag overrides all of them.
        let mut inputs = environment(&[("DATABASE_URL", url), (name, value)]);
        inputs.flags.database_url = Some("flag.db".into());
        assert_eq!(database(&inputs).0, "sqlite:flag.db");
    }
}

#[test]
fn the_source_of_a_copy_is_the_sqlite_file_the_settings_name() {
    let source = |flag: Option<&str>, variables: &[(&str, &str)]| {
        let mut inputs = environment(variables);
        inputs.flags.database_url = flag.map(str::to_owned);
        Config::resolve(&inputs).expect("sound settings").sqlite_source.value.as_str().to_owned()
    };
    let flag = Some("postgres:///d");
    assert_eq!(source(None, &[("DATABASE_URL", "postgres:///d")]), "./backoffice.db");
    assert_eq!(source(None, &[("DATABASE_URL", "postgres:///d"), ("DB_PATH", "a.db")]), "a.db");
    assert_eq!(source(flag, &[]), "./backoffice.db");
    assert_eq!(source(flag, &[("DATABASE_URL", "sqlite:a.db")]), "a.db");
    assert_eq!(source(flag, &[("DATABASE_URL", "mysql://h/d")]), "./backoffice.db");
    assert_eq!(source(Some("b.db"), &[("DB_PATH", "a.db")]), "b.db");
}

#[test]
fn each_environment_has_its_pool() {
    let ms = Duration::from_millis;
    for (word, min_idle, max, acquire_ms, keep_idle) in [
        ("", 5, 15, 30_000, true),
        ("development", 5, 15, 30_000, true),
        ("production", 20, 30, 30_000, true),
        ("serverless", 0, 5, 10_000, false),
    ] {
        let expected = PoolSettings {
            max,
            min_idle,
            acquire_timeout: ms(acquire_ms),
            idle_timeout: ms(600_000),
            max_lifetime: Duration::from_secs(3600),
            keep_idle,
        };
        let config = resolve(&[("ENVIRONMENT", word)]);
        assert_eq!(config.pool.settings(), expected, "{word}");
        assert_eq!(config.environment.value.pool(), expected, "{word}");
    }
}

#[test]
fn pool_variables_override_the_environment() {
    let settings = |variables: &[(&str, &str)]| resolve(variables).pool.settings();
    let all = [("DB_POOL_MAX", "9"), ("DB_POOL_MIN", "9"), ("DB_POOL_ACQUIRE", "1"), ("DB_POOL_IDLE", "2")];
    let pool = settings(&all);
    assert_eq!((pool.max, pool.min_idle), (9, 9));
    assert_eq!((pool.acquire_timeout.as_millis(), pool.idle_timeout.as_millis()), (1, 2));
    assert_eq!(settings(&[("DB_POOL_MAX", "3")]).min_idle, 3);
    assert!(settings(&[("ENVIRONMENT", "serverless"), ("DB_POOL_MIN", "1")]).keep_idle);
    assert!(!settings(&[("ENVIRONMENT", "serverless"), ("DB_POOL_MAX", "9")]).keep_idle);

    let error = refuse(&environment(&[("DB_POOL_MIN", "16")]));
    let expected = "`DB_POOL_MIN` is 16 (the environment), above `DB_POOL_MAX`, which is 15 (the defaults)";
    assert!(error.contains(expected), "{error}");
    refuse(&environment(&[("DB_POOL_MIN", "2"), ("DB_POOL_MAX", "1")]));
}

#[test]
fn invalid_values_are_named() {
    for (name, value) in [
        ("DB_TYPE", "mysql"),
        ("ENVIRONMENT", "prod"),
        ("DB_POOL_MAX", "0"),
        ("DB_POOL_MAX", "10001"),
        ("DB_POOL_MIN", "-1"),
        ("DB_POOL_ACQUIRE", "0"),
        ("DB_POOL_ACQUIRE", "30s"),
        ("DB_POOL_IDLE", "18446744073709551615"),
        ("PORT", "65536"),
        ("PORT", "http"),
    ] {
        let error = refuse(&environment(&[(name, value)]));
        assert!(error.contains(&format!("`{name}` in the environment is `{value}`, not ")), "{error}");
    }
    for (name, value) in [("DB_PORT", "0"), ("DB_PORT", "x"), ("DB_SSL", "maybe")] {
        let parts = [("DB_TYPE", "postgresql"), ("DB_NAME", "d"), ("DB_USER", "u"), (name, value)];
        let error = refuse(&environment(&parts));
        assert!(error.contains(&format!("`{name}` in the environment is `{value}`, not ")), "{error}");
    }
}

#[test]
fn a_malformed_url_is_shown_by_name_and_form_only() {
    for url in
        ["postgres://u:S3cr3t'\"%/@:@h/d", "u:S3cr3t@h/d", "mysql://u:S3cr3t@h/d", "postgres://S3cr3t:S3cr3t"]
    {
        let error = refuse(&environment(&[("DATABASE_URL", url)]));
        assert!(
            error.starts_with("error: could not use `DATABASE_URL` in the environment\n  caused by: "),
            "{error}"
        );
        assert!(error.contains("postgresql://USER:PASSWORD@HOST:5432/DATABASE"), "{error}");
    }
    let host =
        [("DB_TYPE", "postgres"), ("DB_NAME", "d"), ("DB_USER", "u"), ("DB_HOST", "postgres://u:S3cr3t@h")];
    assert!(refuse(&environment(&host)).contains("could not use `DB_HOST`"));
    assert!(
        refuse(&environment(&[("DB_PATH", "postgres://u:S3cr3t@h")])).contains("could not use `DB_PATH`")
    );
}

#[test]
fn settings_are_described_with_their_origin_and_without_the_password() {
    let mut inputs = environment(&[("DB_POOL_MAX", "7")]);
    inputs.dotenv = Some(dotenv(&format!("DATABASE_URL='postgres://u:{ENCODED}@h/d'")).expect("sound file"));
    inputs.flags.port = Some(9000);
    let config = Config::resolve(&inputs).expect("sound settings");
    let rows = config.describe();
    let row = |name: &'static str, value: &str, origin: &str| (name, value.to_owned(), origin.to_owned());
    assert_eq!(rows[0], row("database", "postgres://u:***@h/d", "DATABASE_URL in /app/.env"));
    assert_eq!(rows[1], row("SQLite source", "sqlite:./backoffice.db", "default (set DB_PATH)"));
    assert_eq!(rows[3], row("pool, most connections", "7", "DB_POOL_MAX in the environment"));
    assert_eq!(rows[5], row("pool, wait for a connection", "30000 ms", "default (set DB_POOL_ACQUIRE)"));
    assert!(rows.contains(&row("port", "9000", "--port")), "{rows:?}");
    inputs.flags.database_url = Some(format!("postgres://u:{ENCODED}@h/d"));
    let all = format!("{rows:?} {config:?} {inputs:?}");
    assert!(!all.contains("S3cr3t"), "{all}");
}

#[test]
fn dotenv_is_read_as_written() {
    let file = dotenv(
        "\u{feff}# c\r\nDB_USER=u\r\nexport DB_PASS='a $b #c \\d'\\''e'\r\nDB_USER=v\r\nOTHER=\"x\ny\"\nPORT=1 ",
    );
    let file = file.expect("sound file");
    let value = |name: &str| file.values.get(name).map(String::as_str);
    assert_eq!(value("DB_USER"), Some("u"));
    assert_eq!(value("DB_PASS"), Some("a $b #c \\d'e"));
    assert_eq!(value("PORT"), Some("1"));
    assert!(dotenv("").is_ok_and(|file| file.values.is_empty()));
}

#[test]
fn a_malformed_dotenv_is_reported_by_file_and_line_without_contents() {
    for (text, line) in [
        ("S3cr3t", 1),
        ("A=1\nB=\"x\ny\"\nDB_PASS=S3cr3t with spaces\nC=1\n", 4),
        ("A=1\nDB_PASS='S3cr3t\nC=1\n", 2),
        ("A=1\n\n# c\nDB_PASS=S3cr3t\\x\n", 4),
    ] {
        let error = dotenv(text).expect_err("a malformed file");
        let shown = shown(&error);
        assert!(shown.contains(&format!("line {line} of `/app/.env` is not NAME=value")), "{shown}");
    }
    // dotenvy treats the backslash as an escape when it searches for the end of the value, and as text afterwards.
    for text in [
        "OTHER='S3cr3t\\'\nDB_NAME=d\nDB_PASS='S3cr3t\\'\n",
        "OTHER=\"S3cr3t\nexport DB_NAME=d\nX=S3cr3t\"\n",
        "DB_PASS=\"S3cr3t\nx\"",
    ] {
        let error = dotenv(text).map(|file| file.values).expect_err("a swallowed line");
        let shown = shown(&error);
        assert!(shown.contains("` in `/app/.env` spans more than one line"), "{shown}");
    }
    let binary = DotEnv::parse(PathBuf::from("/app/.env"), vec![b'A', b'=', 0xff]);
    assert!(shown(&binary.expect_err("no text")).contains("not UTF-8 text"));
}

#[test]
fn dotenv_is_found_in_the_directory_or_above() {
    let directory = tempfile::tempdir().expect("a directory");
    let below = directory.path().join("a/b");
    // A directory named `.env` is skipped.
    std::fs::create_dir_all(below.join(".env")).expect("directories");
    let path = directory.path().join(".env");
    std::fs::write(&path, "PORT=1").expect("a file");
    let found = |directory: &Path| DotEnv::find(directory).expect("a sound file").map(|file| file.path);
    assert_eq!(found(&below), Some(path.clone()));
    assert_eq!(found(directory.path()), Some(path));
}

#[cfg(unix)]
#[test]
fn a_dotenv_that_cannot_be_read_is_an_error() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join(".env");
    std::os::unix::fs::symlink(&path, &path).expect("a link to itself");
    let error = DotEnv::find(directory.path()).expect_err("a loop");
    assert!(shown(&error).contains(".env`\n  caused by: "));
}

#[test]
fn the_example_explains_every_variable_in_order_and_is_valid() {
    let example = include_str!("../../.env.example");
    assert!(dotenv(example).is_ok_and(|file| file.values.is_empty()));
    let is_setting = |line: &&str| line.split_once('=').is_some_and(|(name, _)| VARIABLES.contains(&name));
    let lines = example.lines().filter_map(|line| line.strip_prefix("# "));
    let settings: Vec<&str> = lines.filter(is_setting).collect();
    let names: Vec<&str> = settings.iter().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    assert_eq!(names, VARIABLES);

    let file = dotenv(&settings.join("\n")).expect("sound file");
    let mut inputs = Inputs { dotenv: Some(file), ..Inputs::default() };
    assert_eq!(inputs.dotenv.as_ref().map(|file| file.values.len()), Some(VARIABLES.len()));
    inputs.environment.insert("DATABASE_URL".into(), String::new());
    let shown = database(&inputs).0;
    assert_eq!(shown, "postgres://backoffice:***@localhost:5432/backoffice?sslmode=require");
    inputs.environment.insert("DB_TYPE".into(), "sqlite".into());
    inputs.environment.insert("DATABASE_REPLICA_URL".into(), String::new());
    let with_example = Config::resolve(&inputs).expect("sound settings");
    assert_eq!(with_example.pool.settings(), Environment::Development.pool());
    assert_eq!(with_example.database.value, resolve(&[]).database.value);
    assert_eq!(with_example.server.settings(), server::example());
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    /// P1: the scheme of `DATABASE_URL` decides the backend, and nothing else does.
    #[test]
    fn the_backend_is_chosen_by_database_url(
        name in "[a-z][a-z0-9_]{0,12}",
        scheme in prop_oneof![Just("postgres://"), Just("postgresql://"), Just("sqlite:"), Just("sqlite:///"), Just("./")],
        environment_word in prop_oneof![Just("development"), Just("production"), Just("serverless")],
    ) {
        let url = format!("{scheme}{name}");
        let config = resolve(&[("DATABASE_URL", &url), ("ENVIRONMENT", environment_word)]);
        let is_postgres = matches!(config.database.value, DatabaseUrl::Postgres(_));
        prop_assert_eq!(is_postgres, scheme.starts_with("postgres"));
    }

    /// P7: without `DATABASE_URL` and parts the backend is SQLite, whatever else is set.
    #[test]
    fn without_database_url_it_is_sqlite(port in any::<u16>(), max in 1u32..10_000, path in "[a-z]{0,8}") {
        let (port, max) = (port.to_string(), max.to_string());
        let config = resolve(&[("PORT", &port), ("DB_POOL_MAX", &max), ("DB_PATH", &path)]);
        let expected = if path.is_empty() { "./backoffice.db" } else { path.as_str() };
        prop_assert_eq!(config.sqlite_source.value.as_str(), expected);
        prop_assert_eq!(config.database.value, DatabaseUrl::Sqlite(config.sqlite_source.value));
    }

    #[test]
    fn any_password_in_single_quotes_survives_dotenv(password in "[^\\x00\\r\\n]{1,16}") {
        // A backslash must not precede the closing quote, so both are written outside of it, escaped.
        let escaped = password.replace('\'', "'\\''");
        let kept = escaped.trim_end_matches('\\');
        let written = format!("DB_PASS='{kept}'{}\n", "\\\\".repeat(escaped.len() - kept.len()));
        prop_assume!(!kept.contains("\\'\\''"));
        let file = dotenv(&written).expect("a sound file");
        prop_assert_eq!(file.values.get("DB_PASS"), Some(&password));
    }
}
