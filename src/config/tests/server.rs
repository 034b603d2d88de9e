//! The settings of the server.

use std::net::IpAddr;
use std::time::Duration;

use tracing::Level;

use super::*;
use databases::pool::Pooler;

const KEY: &str = "S3cr3t-0123456789-0123456789-012";
const OLDER: &str = "S3cr3t-older-0123456789-01234567";
/// Not easy to guess.
const STRONG: &str = "S3cr3t-9f2c41d07ab35e86f1d4c2907be85a3316";
const PRIMARY: (&str, &str) = ("DATABASE_URL", "postgres://u@h/d");

fn server(variables: &[(&str, &str)]) -> ServerConfig {
    resolve(variables).server
}

fn refused(variables: &[(&str, &str)]) -> String {
    refuse(&environment(variables))
}

fn exposed(secrets: &[Secret]) -> Vec<&str> {
    secrets.iter().map(Secret::expose).collect()
}

/// The settings when nothing is set.
fn defaults() -> ServerSettings {
    ServerSettings {
        postgres: PostgresSettings {
            pooler: Pooler::None,
            replica: None,
            replica_max_lag: Duration::from_secs(1),
        },
        address: "127.0.0.1:8000".parse().expect("an address"),
        tls: None,
        trust_proxy: false,
        cors_origins: Vec::new(),
        request_timeout: Duration::from_secs(30),
        max_body_bytes: 1024 * 1024,
        client_timeout: Duration::from_secs(10),
        max_concurrent_requests: 512,
        max_connections_per_address: 256,
        shutdown_grace: Duration::from_secs(10),
        sign_in: SignInSettings {
            previous_keys: Vec::new(),
            algorithm: Algorithm::Hs256,
            access_token_lifetime: Duration::from_secs(15 * 60),
            refresh_token_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            registration: Registration::Open,
            attempts: 10,
        },
        log: LogSettings {
            format: LogFormat::Text,
            level: Level::INFO,
            queries: false,
            slow_query: Some(Duration::from_millis(500)),
        },
        metrics: MetricsAccess::Loopback,
    }
}

/// The defaults, and the examples of `.env.example` for settings without a default.
pub(super) fn example() -> ServerSettings {
    ServerSettings {
        tls: Some(TlsFiles {
            cert: "/etc/backoffice/server.pem".into(),
            key: "/etc/backoffice/server.key".into(),
        }),
        cors_origins: ["https://app.example.org", "http://localhost:5173"]
            .into_iter()
            .filter_map(WebOrigin::parse)
            .collect(),
        ..defaults()
    }
}

#[test]
fn without_any_setting_the_server_serves_this_machine() {
    assert_eq!(server(&[]).settings(), defaults());
    assert_eq!(server(&[]).secret_for(Environment::Development).ok(), Some(None));
    let empty: Vec<(&str, &str)> = VARIABLES.into_iter().map(|name| (name, "")).collect();
    assert_eq!(server(&empty), server(&[]));
}

#[test]
fn every_setting_of_the_server_is_read() {
    let server = server(&[
        PRIMARY,
        ("DB_POOLER", "transaction"),
        ("DATABASE_REPLICA_URL", "postgresql://u@replica/d"),
        ("REPLICA_MAX_LAG", "250"),
        ("HOST", "::"),
        ("PORT", "0"),
        ("TLS_CERT", "a b.pem"),
        ("TLS_KEY", "key.pem"),
        ("TRUST_PROXY", "true"),
        ("CORS_ORIGINS", " https://A.example:443 , http://localhost:5173"),
        ("REQUEST_TIMEOUT", "1"),
        ("MAX_BODY_BYTES", "2048"),
        ("MAX_CONCURRENT_REQUESTS", "7"),
        ("MAX_CONNECTIONS_PER_ADDRESS", "3"),
        ("CLIENT_TIMEOUT", "2"),
        ("SHUTDOWN_GRACE", "0"),
        ("SECRET_KEY", KEY),
        ("SECRET_KEY_PREVIOUS", OLDER),
        ("ALGORITHM", "HS512"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "5"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "2"),
        ("REGISTRATION", "closed"),
        ("SIGN_IN_ATTEMPTS", "3"),
        ("LOG_FORMAT", "json"),
        ("LOG_LEVEL", "debug"),
        ("LOG_QUERIES", "true"),
        ("SLOW_QUERY_MS", "0"),
        ("METRICS_TOKEN", "S3cr3t-token"),
    ]);
    let settings = server.settings();
    assert_eq!(settings.postgres.pooler, Pooler::Transaction);
    let replica = settings.postgres.replica.map(|url| url.to_string());
    assert_eq!(replica.as_deref(), Some("postgres://u@replica/d"));
    assert_eq!(settings.postgres.replica_max_lag, Duration::from_millis(250));
    assert_eq!(settings.address.to_string(), "[::]:0");
    assert_eq!(settings.tls, Some(TlsFiles { cert: "a b.pem".into(), key: "key.pem".into() }));
    assert!(settings.trust_proxy);
    let origins: Vec<&str> = settings.cors_origins.iter().map(WebOrigin::as_str).collect();
    assert_eq!(origins, ["https://a.example", "http://localhost:5173"]);
    assert_eq!(settings.request_timeout, Duration::from_millis(1));
    assert_eq!((settings.max_body_bytes, settings.max_concurrent_requests), (2048, 7));
    assert_eq!(settings.max_connections_per_address, 3);
    assert_eq!(
        (settings.shutdown_grace, settings.client_timeout),
        (Duration::ZERO, Duration::from_millis(2))
    );
    assert_eq!(exposed(&settings.sign_in.previous_keys), [OLDER]);
    assert_eq!(settings.sign_in.algorithm, Algorithm::Hs512);
    assert_eq!(settings.sign_in.access_token_lifetime, Duration::from_secs(300));
    assert_eq!(settings.sign_in.refresh_token_lifetime, Duration::from_secs(172_800));
    assert_eq!((settings.sign_in.registration, settings.sign_in.attempts), (Registration::Closed, 3));
    assert_eq!((settings.log.format, settings.log.level), (LogFormat::Json, Level::DEBUG));
    assert_eq!((settings.log.queries, settings.log.slow_query), (true, None));
    assert_eq!(settings.metrics, MetricsAccess::Token(Secret::new("S3cr3t-token")));
}

#[test]
fn the_flag_for_the_host_wins() {
    let mut inputs = environment(&[("HOST", "0.0.0.0")]);
    inputs.flags.host = Some(IpAddr::from([10, 0, 0, 1]));
    let host = Config::resolve(&inputs).expect("sound settings").server.host;
    assert_eq!(
        (host.value.to_string().as_str(), host.origin, host.name),
        ("10.0.0.1", Origin::Flag, "--host")
    );
    assert_eq!(server(&[("HOST", "0.0.0.0")]).host.origin, Origin::Environment);
}

#[test]
fn bounds_are_inclusive_and_reported() {
    let day = "a number of milliseconds from 1 to 86400000 (a day)";
    let day_or_zero = "a number of milliseconds from 0 to 86400000 (a day)";
    for (name, expected, within, beyond) in [
        ("PORT", "a number from 0 to 65535", ["0", "65535"], ["-1", "65536"]),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "a number from 1 to 1440", ["1", "1440"], ["0", "1441"]),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "a number from 1 to 365", ["1", "365"], ["0", "366"]),
        ("SIGN_IN_ATTEMPTS", "a number from 1 to 1000", ["1", "1000"], ["0", "1001"]),
        ("MAX_BODY_BYTES", "a number from 1024 to 104857600", ["1024", "104857600"], ["1023", "104857601"]),
        ("MAX_CONCURRENT_REQUESTS", "a number from 1 to 100000", ["1", "100000"], ["0", "100001"]),
        ("MAX_CONNECTIONS_PER_ADDRESS", "a number from 1 to 400000", ["1", "400000"], ["0", "400001"]),
        ("REQUEST_TIMEOUT", day, ["1", "86400000"], ["0", "86400001"]),
        ("CLIENT_TIMEOUT", day, ["1", "86400000"], ["0", "86400001"]),
        ("REPLICA_MAX_LAG", day, ["1", "86400000"], ["0", "86400001"]),
        ("SHUTDOWN_GRACE", day_or_zero, ["0", "86400000"], ["30s", "86400001"]),
        ("SLOW_QUERY_MS", day_or_zero, ["0", "86400000"], ["off", "86400001"]),
    ] {
        for value in within {
            server(&[(name, value)]);
        }
        for value in beyond {
            let error = refused(&[(name, value)]);
            let said =
                format!("`{name}` in the environment is `{value}`, not {expected}\nhint: set `{name}`");
            assert!(error.contains(&said), "{error}");
        }
    }
}

#[test]
fn an_address_has_half_as_many_connections_as_there_are_requests_by_default() {
    for (requests, connections) in [("1", 16), ("40", 20), ("100000", 50_000)] {
        let settings = server(&[("MAX_CONCURRENT_REQUESTS", requests)]).settings();
        assert_eq!(settings.max_connections_per_address, connections);
    }
}

#[test]
fn keywords_are_accepted_and_others_are_reported() {
    for (name, expected, words) in [
        ("ALGORITHM", "HS256, HS384 or HS512", &["HS256", "HS384", "HS512"][..]),
        ("REGISTRATION", "open or closed", &["open", "closed"]),
        ("TRUST_PROXY", "true or false", &["true", "false"]),
        ("METRICS_OPEN", "true or false", &["true", "false"]),
        ("LOG_FORMAT", "text or json", &["text", "json"]),
        ("LOG_LEVEL", "error, warn, info, debug or trace", &["error", "warn", "info", "debug", "trace"]),
        ("LOG_QUERIES", "true or false", &["true", "false"]),
        ("DB_POOLER", "none or transaction", &["none", "transaction"]),
    ] {
        for word in words {
            let rows = resolve(&[(name, word)]).describe();
            let origin = format!("{name} in the environment");
            assert!(rows.iter().any(|(_, value, by)| value == word && *by == origin), "{name}={word}");
        }
        let error = refused(&[(name, "none of these")]);
        assert!(error.contains(&format!("is `none of these`, not {expected}")), "{error}");
    }
    for host in ["localhost", "127.0.0.1:8000", "[::1]"] {
        let error = refused(&[("HOST", host)]);
        assert!(error.contains("not an IP address such as 127.0.0.1, 0.0.0.0 or ::1"), "{error}");
    }
}

#[test]
fn a_key_has_at_least_32_bytes_and_no_comma() {
    let with_space = format!(" {KEY}\n");
    let key = server(&[("SECRET_KEY", &with_space)]).sign_in.secret_key.value;
    assert_eq!(key.as_ref().map(Secret::expose), Some(KEY));
    // The length counts bytes, not characters.
    server(&[("SECRET_KEY", &"é".repeat(16))]);
    let error = refused(&[("SECRET_KEY", &KEY[1..])]);
    assert!(
        error.contains("`SECRET_KEY` in the environment has a key of 31 bytes: at least 32 are required"),
        "{error}"
    );
    assert!(error.contains("`openssl rand -hex 32`"), "{error}");
    assert!(refused(&[("SECRET_KEY", " ")]).contains("a key of 0 bytes"));
    let error = refused(&[("SECRET_KEY", &format!("{KEY},{KEY}"))]);
    assert!(error.contains("`SECRET_KEY` in the environment contains a comma"), "{error}");
}

#[test]
fn previous_keys_are_separated_by_commas() {
    let keys = |text: &str| server(&[("SECRET_KEY_PREVIOUS", text)]).sign_in.previous_keys.value;
    assert_eq!(exposed(&keys(&format!("{KEY}, {OLDER}\n"))), [KEY, OLDER]);
    for (text, length) in [
        ("S3cr3t".to_owned(), 6),
        (format!("{KEY},S3cr3t"), 6),
        (format!("{KEY},"), 0),
        (format!("{KEY},,{OLDER}"), 0),
    ] {
        let error = refused(&[("SECRET_KEY", KEY), ("SECRET_KEY_PREVIOUS", &text)]);
        let said = format!("`SECRET_KEY_PREVIOUS` in the environment has a key of {length} bytes");
        assert!(error.contains(&said), "{error}");
    }
}

#[test]
fn only_development_needs_no_key() {
    let (without, with) = (server(&[]), server(&[("SECRET_KEY", STRONG)]));
    for (environment, word) in [
        (Environment::Development, ""),
        (Environment::Production, "production"),
        (Environment::Serverless, "serverless"),
    ] {
        let key = with.secret_for(environment).expect("a key");
        assert_eq!(key.map(Secret::expose), Some(STRONG));
        match without.secret_for(environment) {
            Ok(key) => assert_eq!((environment, key), (Environment::Development, None)),
            Err(error) => {
                let shown = shown(&error);
                let said = format!(
                    "error: `SECRET_KEY` is not set, but ENVIRONMENT={word} requires it\nhint: set SECRET_KEY"
                );
                assert!(!word.is_empty() && shown.starts_with(&said), "{shown}");
            }
        }
    }
    // Commands other than `serve` do not require a key.
    resolve(&[("ENVIRONMENT", "production")]);
}

#[test]
fn a_key_that_is_easy_to_guess_is_for_development() {
    let weak = server(&[("SECRET_KEY", KEY)]);
    let key = weak.secret_for(Environment::Development).expect("a key");
    assert_eq!(key.map(Secret::expose), Some(KEY));
    for (environment, word) in
        [(Environment::Production, "production"), (Environment::Serverless, "serverless")]
    {
        let shown = shown(&weak.secret_for(environment).expect_err("weak"));
        let said = "error: `SECRET_KEY` in the environment has an estimated entropy of ";
        assert!(shown.starts_with(said) && !shown.contains("S3cr3t"), "{shown}");
        assert!(
            shown.contains(&format!("but ENVIRONMENT={word} requires 90\nhint: set SECRET_KEY")),
            "{shown}"
        );
    }
    // A key that was replaced may be weak: it must remain until its tokens have expired.
    let rotated = server(&[("SECRET_KEY", STRONG), ("SECRET_KEY_PREVIOUS", KEY)]);
    assert!(rotated.secret_for(Environment::Production).is_ok());
}

#[test]
fn metrics_are_open_or_have_a_token() {
    assert_eq!(server(&[("METRICS_OPEN", "true")]).settings().metrics, MetricsAccess::Open);
    assert_eq!(server(&[("METRICS_OPEN", "false")]).settings().metrics, MetricsAccess::Loopback);
    let error = refused(&[("METRICS_OPEN", "true"), ("METRICS_TOKEN", "S3cr3t-token")]);
    let said = "`METRICS_TOKEN` in the environment is set, but `METRICS_OPEN` in the environment is true\nhint: remove";
    assert!(error.contains(said), "{error}");
}

#[test]
fn origins_are_listed_never_all() {
    let error = refused(&[("CORS_ORIGINS", "https://a.example, *")]);
    assert!(
        error.contains("`CORS_ORIGINS` in the environment is `*`, which would allow every origin"),
        "{error}"
    );
    for entry in ["https://a.example/", "a.example", "null", ""] {
        let error = refused(&[("CORS_ORIGINS", &format!("https://b.example,{entry}"))]);
        assert!(
            error.contains(&format!("contains `{entry}`, which is not an origin\nhint: write https://app.")),
            "{error}"
        );
    }
    assert!(refused(&[("CORS_ORIGINS", "https://u:S3cr3t@a.example")]).contains("contains `***`"));
}

#[test]
fn tls_needs_certificate_and_key() {
    for (name, missing) in [("TLS_CERT", "TLS_KEY"), ("TLS_KEY", "TLS_CERT")] {
        let error = refused(&[(name, "a.pem")]);
        let said =
            format!("`{name}` in the environment is set, but `{missing}` is not\nhint: set `{missing}`");
        assert!(error.contains(&said), "{error}");
        let error =
            refused(&[("TLS_CERT", "a"), ("TLS_KEY", "b"), (name, "-----BEGIN PRIVATE KEY-----\nS3cr3t")]);
        assert!(
            error.contains(&format!("`{name}` in the environment is the contents of a PEM file")),
            "{error}"
        );
    }
}

#[test]
fn a_token_for_metrics_can_be_sent() {
    for token in ["S3cr3t with spaces", "S3cr3t-ü", "S3cr3t\nb", " "] {
        let error = refused(&[("METRICS_TOKEN", token)]);
        assert!(
            error.contains("`METRICS_TOKEN` in the environment is empty, or contains a character"),
            "{error}"
        );
    }
}

#[test]
fn a_replica_is_one_of_the_postgres_database_in_use() {
    let url = format!("postgres://u:{ENCODED}@replica/d");
    let replica = ("DATABASE_REPLICA_URL", url.as_str());
    let error = refused(&[replica]);
    let said =
        "`DATABASE_REPLICA_URL` in the environment is set, but the database is `sqlite:./backoffice.db`";
    assert!(error.contains(said), "{error}");
    for malformed in
        ["replica.db", "sqlite:a.db", "mysql://u:S3cr3t@h/d", "u:S3cr3t@h/d", "postgres://u:S3cr3t/@h/d"]
    {
        let error = refused(&[PRIMARY, ("DATABASE_REPLICA_URL", malformed)]);
        assert!(error.contains("could not use `DATABASE_REPLICA_URL` in the environment"), "{error}");
        assert!(error.contains("postgresql://USER:PASSWORD@HOST:5432/DATABASE"), "{error}");
    }
    // The flag selects another database, so the replica of the environment is ignored.
    for flag in ["postgres://other/d", "a.db"] {
        let mut inputs = environment(&[PRIMARY, replica]);
        inputs.flags.database_url = Some(flag.to_owned());
        let found = Config::resolve(&inputs).expect("sound settings").server.postgres.replica;
        assert_eq!((found.value, found.name), (None, "--database-url"));
    }
    let parts = [("DB_TYPE", "postgresql"), ("DB_NAME", "d"), ("DB_USER", "u"), replica];
    assert!(server(&parts).postgres.replica.value.is_some());
}

#[test]
fn settings_of_the_server_are_described_in_order_and_without_secrets() {
    let variables = [
        PRIMARY,
        ("DATABASE_REPLICA_URL", &format!("postgres://u:{ENCODED}@replica/d")),
        ("TLS_CERT", "cert.pem"),
        ("TLS_KEY", "key.pem"),
        ("CORS_ORIGINS", "https://a.example,https://b.example"),
        ("SECRET_KEY", KEY),
        ("SECRET_KEY_PREVIOUS", &format!("{OLDER},{KEY}")),
        ("METRICS_TOKEN", "S3cr3t-token"),
        ("SLOW_QUERY_MS", "0"),
    ];
    let inputs = environment(&variables);
    let config = Config::resolve(&inputs).expect("sound settings");
    let rows = config.describe();
    for (name, value, by) in [
        ("replica", "postgres://u:***@replica/d", "DATABASE_REPLICA_URL in the environment"),
        ("host", "127.0.0.1", "default (set HOST)"),
        ("TLS, key", "key.pem", "TLS_KEY in the environment"),
        ("origins that may call", "https://a.example, https://b.example", "CORS_ORIGINS in the environment"),
        ("request, longest", "30000 ms", "default (set REQUEST_TIMEOUT)"),
        ("secret key", "set", "SECRET_KEY in the environment"),
        ("secret keys before it", "set (2)", "SECRET_KEY_PREVIOUS in the environment"),
        ("tokens, access holds", "15 min", "default (set ACCESS_TOKEN_EXPIRE_MINUTES)"),
        ("tokens, refresh holds", "30 d", "default (set REFRESH_TOKEN_EXPIRE_DAYS)"),
        ("log, slow query from", "off", "SLOW_QUERY_MS in the environment"),
        ("metrics token", "set", "METRICS_TOKEN in the environment"),
    ] {
        assert!(rows.contains(&(name, value.to_owned(), by.to_owned())), "{name}: {rows:?}");
    }
    let unset = resolve(&[]).describe();
    let value =
        |name: &str| unset.iter().find(|(other, ..)| *other == name).map(|(_, value, _)| value.as_str());
    for name in ["secret key", "secret keys before it", "metrics token"] {
        assert_eq!(value(name), Some("not set"));
    }
    // Every variable of the server is described, in the order of the list.
    let by: Vec<&str> =
        unset.iter().filter_map(|(.., by)| by.strip_prefix("default (set ")?.strip_suffix(')')).collect();
    let from_environment = VARIABLES.iter().position(|name| *name == "ENVIRONMENT").expect("in the list");
    let by: Vec<&str> = by.into_iter().filter(|name| *name != "--color").collect();
    let colors = VARIABLES.iter().position(|name| *name == "CLICOLOR_FORCE").expect("in the list");
    assert_eq!(by[by.len() - (colors - from_environment)..], VARIABLES[from_environment..colors]);

    let all = format!("{rows:?} {config:?} {inputs:?} {:?}", config.server.settings());
    assert!(!all.contains("S3cr3t"), "{all}");
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn no_secret_is_shown_whether_accepted_or_not(
        text in "QX[!-~é \\n]{0,48}",
        name in prop_oneof![
            Just("SECRET_KEY"), Just("SECRET_KEY_PREVIOUS"), Just("METRICS_TOKEN"), Just("DATABASE_REPLICA_URL"),
        ],
        is_url in any::<bool>(),
    ) {
        let value = if is_url { format!("postgres://u:{text}@h/d") } else { text };
        let inputs = environment(&[PRIMARY, (name, &value)]);
        let shown = match Config::resolve(&inputs) {
            Ok(config) => format!("{config:?} {:?} {:?}", config.describe(), config.server.settings()),
            Err(error) => format!("{error:?} {}", shown(&error)),
        };
        prop_assert!(!shown.contains("QX"), "{}", shown);
    }
}
