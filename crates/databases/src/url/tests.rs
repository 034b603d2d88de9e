use proptest::prelude::*;

use super::escape::encode;
use super::*;
use crate::error::{ExitStatus, Explain};
use crate::hint::Hint;

const PASSWORD: &str = "S3cr3t'\"%/@:";

fn postgres(text: &str) -> PostgresUrl {
    match DatabaseUrl::parse(text) {
        Ok(DatabaseUrl::Postgres(url)) => url,
        other => panic!("{text}: {other:?}"),
    }
}

fn sqlite(text: &str) -> SqlitePath {
    match DatabaseUrl::parse(text) {
        Ok(DatabaseUrl::Sqlite(path)) => path,
        other => panic!("{text}: {other:?}"),
    }
}

fn error(text: &str) -> UrlError {
    match DatabaseUrl::parse(text) {
        Err(error) => error,
        Ok(url) => panic!("{text} was read as {url}"),
    }
}

#[test]
fn every_form_of_a_sqlite_path_is_read() {
    for (text, path) in [
        ("sqlite:///./app.db", "./app.db"),
        ("sqlite:///app.db", "app.db"),
        ("sqlite:////abs/app.db", "/abs/app.db"),
        ("sqlite:app.db", "app.db"),
        ("sqlite:/abs/app.db", "/abs/app.db"),
        ("sqlite:./app.db", "./app.db"),
        ("sqlite://./app.db", "./app.db"),
        ("sqlite://app.db", "app.db"),
        ("SQLite:///app.db", "app.db"),
        ("sqlite:my%20app%3F%25.db", "my app?%.db"),
        ("sqlite:C:/data/app.db", "C:/data/app.db"),
        ("sqlite:user:name@home.db", "user:name@home.db"),
        ("app.db", "app.db"),
        ("./app.db", "./app.db"),
        ("/srv/app.db", "/srv/app.db"),
        ("/srv/a:b@c.db", "/srv/a:b@c.db"),
        ("C:\\data\\app.db", "C:\\data\\app.db"),
        ("a b?c#d%20e.db", "a b?c#d%20e.db"),
        ("données-日本.db", "données-日本.db"),
        ("sqlite:file%3Aapp.db", "./file:app.db"),
    ] {
        assert_eq!(sqlite(text).as_str(), path, "{text}");
    }
}

#[test]
fn what_is_no_sqlite_file_is_refused_by_name() {
    let scheme = |scheme: &str| UrlError::UnknownScheme { scheme: Some(scheme.to_owned()) };
    for (text, expected) in [
        ("", UrlError::Empty),
        ("sqlite:", UrlError::Empty),
        ("sqlite://", UrlError::Empty),
        ("sqlite:///", UrlError::Empty),
        (":memory:", UrlError::InMemory),
        ("sqlite::memory:", UrlError::InMemory),
        ("sqlite:///:memory:", UrlError::InMemory),
        ("sqlite:%3Amemory%3A", UrlError::InMemory),
        ("sqlite:app.db?mode=ro", UrlError::SqliteParameters),
        ("sqlite:%GG", UrlError::BadEscape { part: "path" }),
        ("sqlite:%FF", UrlError::NotUtf8 { part: "path" }),
        ("sqlite:a%00b", UrlError::Nul),
        ("a\0b", UrlError::Nul),
        ("app.db\n", UrlError::PathControl),
        ("file:app.db", UrlError::FileUri),
        ("mysql://root@localhost/app", scheme("mysql")),
        ("HTTP://localhost", scheme("http")),
        ("postgresql+asyncpg://u:p@h/d", scheme("postgresql+asyncpg")),
        ("sqlite+aiosqlite:///app.db", scheme("sqlite+aiosqlite")),
        ("jdbc:postgresql://h/d", UrlError::UnknownScheme { scheme: None }),
        ("./a://b", UrlError::UnknownScheme { scheme: None }),
        ("user:secret@localhost:5432/app", UrlError::MissingScheme),
        ("host=localhost dbname=app", UrlError::MissingScheme),
        ("dbname=app password=secret", UrlError::MissingScheme),
        ("postgres:u:p@h/d", UrlError::MissingSlashes),
        ("\"postgres://u:p@h/d\"", UrlError::Quoted),
        (" postgres://u:p@h/d", UrlError::Whitespace),
        (" sqlite:app.db", UrlError::Whitespace),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
    assert_eq!(SqlitePath::parse("postgres://u:p@h/d"), Err(UrlError::NotSqlite));
}

#[test]
fn paths_are_compared_without_dots() {
    assert!(sqlite("./app.db").is_same(&sqlite("sqlite:app.db")));
    assert!(sqlite("a/./b.db").is_same(&sqlite("a/b.db")));
    assert!(!sqlite("/app.db").is_same(&sqlite("app.db")));
    assert!(!sqlite("../app.db").is_same(&sqlite("app.db")));
}

/// user, host, port, database, sslmode
type Parts = (Option<&'static str>, Option<&'static str>, u16, Option<&'static str>, Option<SslMode>);

#[test]
fn urls_as_providers_give_them_are_read() {
    let require = Some(SslMode::Require);
    let cases: [(&str, Parts); 14] = [
        (
            "postgresql://user:pass@host:5432/db?sslmode=require",
            (Some("user"), Some("host"), 5432, Some("db"), require),
        ),
        (
            "postgresql://neondb_owner:npg_pw@ep-cool-1-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
            (
                Some("neondb_owner"),
                Some("ep-cool-1-pooler.eu-central-1.aws.neon.tech"),
                5432,
                Some("neondb"),
                require,
            ),
        ),
        (
            "postgresql://postgres.abcdefghij:pw@aws-0-eu-central-1.pooler.supabase.com:6543/postgres",
            (
                Some("postgres.abcdefghij"),
                Some("aws-0-eu-central-1.pooler.supabase.com"),
                6543,
                Some("postgres"),
                None,
            ),
        ),
        (
            "postgres://app_user:pw@dpg-abc-a.frankfurt-postgres.render.com/app_db",
            (Some("app_user"), Some("dpg-abc-a.frankfurt-postgres.render.com"), 5432, Some("app_db"), None),
        ),
        (
            "postgres://app:pw@app.abc.eu-west-1.rds.amazonaws.com:5432/app?sslmode=verify-full&sslrootcert=/etc/ssl/rds.pem",
            (
                Some("app"),
                Some("app.abc.eu-west-1.rds.amazonaws.com"),
                5432,
                Some("app"),
                Some(SslMode::VerifyFull),
            ),
        ),
        (
            "postgres://app:pw@postgres.shop.svc.cluster.local/app",
            (Some("app"), Some("postgres.shop.svc.cluster.local"), 5432, Some("app"), None),
        ),
        ("postgresql:///app", (None, None, 5432, Some("app"), None)),
        ("postgresql://", (None, None, 5432, None, None)),
        ("postgresql://u@/app", (Some("u"), None, 5432, Some("app"), None)),
        (
            "postgresql://%2Fvar%2Frun%2Fpostgresql/app",
            (None, Some("/var/run/postgresql"), 5432, Some("app"), None),
        ),
        ("postgresql:///app?host=/tmp&port=5433", (None, Some("/tmp"), 5433, Some("app"), None)),
        ("postgres://[2001:db8::1]:6000/app", (None, Some("2001:db8::1"), 6000, Some("app"), None)),
        ("POSTGRES://[fe80::1%25eth0]", (None, Some("fe80::1%eth0"), 5432, None, None)),
        ("postgres://h?user=u&dbname=d&ssl=true", (Some("u"), Some("h"), 5432, Some("d"), require)),
    ];
    for (text, parts) in cases {
        let url = postgres(text);
        let found = (url.user(), url.host(), url.port(), url.database(), url.sslmode());
        assert_eq!(found, parts, "{text}");
    }
}

#[test]
fn several_hosts_keep_their_ports() {
    let hosts = |text: &str| postgres(text).hosts().to_vec();
    let pair = |host: &str, port| (host.to_owned(), port);
    assert_eq!(
        hosts("postgres://a:1,[::1]:2,c/d"),
        [pair("a", Some(1)), pair("::1", Some(2)), pair("c", None)]
    );
    assert_eq!(hosts("postgres:///d?host=a,b&port=7"), [pair("a", Some(7)), pair("b", Some(7))]);
    assert_eq!(hosts("postgres://:7/d"), [pair("", Some(7))]);
    assert_eq!(error("postgres://a:1,b:2/d?host=c"), UrlError::PortCount { host_count: 1, port_count: 2 });
}

#[test]
fn malformed_urls_are_refused_by_name_with_the_expected_form() {
    let part = |part| UrlError::BadEscape { part };
    for (text, expected) in [
        ("postgres://u:p@h:0/d", UrlError::Port),
        ("postgres://u:p@h:65536/d", UrlError::Port),
        ("postgres://u:p@h:+5/d", UrlError::Port),
        ("postgres://user:secret/d", UrlError::Port),
        ("postgres://u:p@ss@h/d", UrlError::AmbiguousAt),
        ("postgres://u:p/ss@h/d", UrlError::AmbiguousAt),
        ("postgres://u:1/ss@h/d", UrlError::AmbiguousAt),
        ("postgres://u:p?ss@h/d", UrlError::AmbiguousAt),
        ("postgres://u:50%@h/d", part("password")),
        ("postgres://u%4:p@h/d", part("user name")),
        ("postgres://u:p@h%ZZ/d", part("host")),
        ("postgres://u:p@h/%d", part("database name")),
        ("postgres://u:%FF@h/d", UrlError::NotUtf8 { part: "password" }),
        ("postgres://u:%00@h/d", UrlError::Nul),
        ("postgres://u:p@h/d\0", UrlError::Nul),
        ("postgres://u:p@h/d\n", UrlError::Whitespace),
        ("postgres://u:p w@h/d", UrlError::Whitespace),
        ("postgres://u:p@::1/d", UrlError::Ipv6),
        ("postgres://u:p@[::1/d", UrlError::Ipv6),
        ("postgres://u:p@[::1]5/d", UrlError::Ipv6),
        ("postgres://u:p@[h]/d", UrlError::Ipv6),
        ("postgres://a%2Cb/d", UrlError::HostComma),
        ("postgres://h/d?sslmode", UrlError::ParameterForm),
        ("postgres://h/d?sslmode=no-verify", UrlError::SslMode),
        ("postgres://h/d?sslmode=", UrlError::SslMode),
        ("postgres://h/d?pgbouncer=true", UrlError::UnknownParameter { name: Some("pgbouncer".to_owned()) }),
        ("postgres://h/d?ssl=false", UrlError::UnknownParameter { name: Some("ssl".to_owned()) }),
        ("postgres://h/d?password=a&rest=b", UrlError::UnknownParameter { name: None }),
    ] {
        let error = error(text);
        assert_eq!(error, expected, "{text}");
        assert_eq!(error.exit_status(), ExitStatus::Configuration);
        assert!(error.hint().is_some_and(|hint| hint != Hint::from("")));
    }
    let hint = error("postgres://u:p@ss@h/d").hint();
    assert!(advice(hint).contains("postgresql://USER:PASSWORD@HOST:5432/DATABASE"));
    let hint = error("postgresql+asyncpg://u:p@h/d").hint();
    assert!(advice(hint).contains("`+asyncpg`"));
}

fn advice(hint: Option<Hint>) -> String {
    match hint {
        Some(Hint::Advice(advice)) => advice.into_owned(),
        other => panic!("{other:?} is not an advice"),
    }
}

fn difficult() -> PostgresUrl {
    let text = format!("postgres://o'neil:{}@db/app?application_name=a%20b", encode(PASSWORD));
    postgres(&text)
}

#[test]
fn a_difficult_password_arrives_and_is_never_printed() {
    let url = difficult();
    assert_eq!(url.password().map(Secret::expose), Some(PASSWORD));
    assert_eq!(url.to_string(), "postgres://o%27neil:***@db/app?application_name=a%20b");
    assert_eq!(format!("{url:?}"), format!("PostgresUrl({url})"));
    assert_eq!(format!("{:?}", url.password()), "Some(***)");
    for text in ["postgres://:5433/d", "postgres://a,[fe80::1%25eth0]:7", "postgres://h/d?sslmode=allow"] {
        assert_eq!(postgres(text).to_string(), text);
    }
    let last_wins = postgres("postgres://h?sslmode=allow&options=a&sslmode=require");
    assert_eq!(last_wins.to_string(), "postgres://h?options=a&sslmode=require");
    let by_parameter = postgres("postgres://u@h/d?password=S3cr3t&sslpassword=S3cr3t");
    assert_eq!(by_parameter.to_string(), "postgres://u:***@h/d?sslpassword=***");
}

#[test]
fn conninfo_quotes_values_and_fills_in_only_what_is_open() {
    let defaults = [("application_name", "app"), ("connect_timeout", "10")];
    assert_eq!(
        difficult().to_conninfo(&defaults),
        r#"host='db' hostaddr='' port='5432' user='o\'neil' password='S3cr3t\'"%/@:' dbname='app' application_name='a b' connect_timeout='10'"#
    );
    let conninfo = |text: &str| postgres(text).to_conninfo(&[]);
    // An empty host is libpq's default, and not PGHOST.
    assert_eq!(conninfo("postgres://"), "host='' hostaddr='' port='5432'");
    assert_eq!(conninfo("postgres://:7/d"), "host='' hostaddr='' port='7' dbname='d'");
    assert_eq!(conninfo("postgres://?service=s"), "service='s'");
    assert_eq!(conninfo("postgres://a,b:7/a%5Cb"), r"host='a,b' hostaddr='' port='5432,7' dbname='a\\b'");
    assert_eq!(conninfo("postgres://a?hostaddr=::1&service=s"), "host='a' hostaddr='::1' service='s'");
}

#[test]
fn parts_are_taken_as_they_are() {
    let parts = PostgresParts {
        host: "db".to_owned(),
        port: Some(6000),
        database: Some("a%20b".to_owned()),
        user: Some("u@tenant".to_owned()),
        password: Some(Secret::new(PASSWORD)),
        sslmode: Some(SslMode::Disable),
    };
    let url = PostgresUrl::from_parts(parts.clone()).expect("sound parts");
    assert_eq!(url.to_string(), "postgres://u%40tenant:***@db:6000/a%2520b?sslmode=disable");
    assert_eq!(url.password().map(Secret::expose), Some(PASSWORD));
    assert_eq!(url.with_database("other").database(), Some("other"));
    assert!(!format!("{parts:?}").contains("S3cr3t"));
    let refused = |change: fn(&mut PostgresParts)| {
        let mut parts = parts.clone();
        change(&mut parts);
        PostgresUrl::from_parts(parts)
    };
    assert_eq!(refused(|p| p.port = Some(0)), Err(UrlError::Port));
    assert_eq!(refused(|p| p.password = Some(Secret::new("a\0b"))), Err(UrlError::Nul));
    assert_eq!(refused(|p| p.host = "postgres://u:p@h".to_owned()), Err(UrlError::HostIsUrl));
}

#[test]
fn a_server_on_this_machine_is_told_apart() {
    for local in [
        "postgres:///d",
        "postgres://localhost/d",
        "postgres://LOCALHOST,127.0.0.1,[::1]/d",
        "postgres://%2Ftmp/d",
        "postgres://db/d?hostaddr=127.0.0.2",
    ] {
        assert!(postgres(local).is_local(), "{local}");
    }
    for elsewhere in [
        "postgres://db/d",
        "postgres://localhost,db/d",
        "postgres://0.0.0.0/d",
        "postgres://localhost.example.org/d",
        "postgres://localhost/d?hostaddr=10.0.0.1",
        "postgres:///d?service=shop",
    ] {
        assert!(!postgres(elsewhere).is_local(), "{elsewhere}");
    }
}

#[test]
fn words_of_sslmode_read_back() {
    let read_back = |word: &&str| SslMode::parse(word).is_some_and(|mode| mode.as_str() == *word);
    assert!(SslMode::WORDS.iter().all(read_back));
}

fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace('\0', "0"))
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    /// A comma separates hosts in libpq, so no single host contains one.
    #[test]
    fn a_postgres_url_is_read_into_exactly_its_parts(
        user in text(), password in text(), host in text(), port in 1u16.., database in text(),
    ) {
        let host = host.replace(',', ".");
        let e = |part: &str| encode(part).to_string();
        let written = format!("postgresql://{}:{}@{}:{port}/{}", e(&user), e(&password), e(&host), e(&database));
        let url = postgres(&written);
        prop_assert_eq!(url.user(), some(&user));
        prop_assert_eq!(url.password().map(Secret::expose), some(&password));
        prop_assert_eq!(url.host(), some(&host));
        prop_assert_eq!(url.port(), port);
        prop_assert_eq!(url.database(), some(&database));
        prop_assert_eq!(url.sslmode(), None);

        // The printed form parses as the same URL, without the password.
        let open = PostgresUrl { password: None, ..url.clone() };
        prop_assert_eq!(postgres(&open.to_string()), open.clone());
        if password.chars().count() >= 4 && !open.to_string().contains(&password) {
            let shown = format!("{url} {url:?}");
            prop_assert!(!shown.contains(&password) && !shown.contains(&e(&password)));
        }
    }

    #[test]
    fn parts_and_url_agree(user in text(), password in text(), database in text(), port in 1u16..) {
        let e = |part: &str| encode(part).to_string();
        let parts = PostgresParts {
            host: "h".to_owned(),
            port: Some(port),
            database: Some(database.clone()),
            user: Some(user.clone()),
            password: Some(Secret::new(password.as_str())),
            sslmode: None,
        };
        let written = format!("postgres://{}:{}@h:{port}/{}", e(&user), e(&password), e(&database));
        prop_assert_eq!(PostgresUrl::from_parts(parts), Ok(postgres(&written)));
    }

    #[test]
    fn a_conninfo_reads_back_by_libpqs_rules(user in text(), password in text(), database in text()) {
        let e = |part: &str| encode(part).to_string();
        let url = postgres(&format!("postgres://{}:{}@h/{}", e(&user), e(&password), e(&database)));
        let read = read_conninfo(&url.to_conninfo(&[("application_name", "app")]));
        let value = |name: &str| read.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        prop_assert_eq!(value("user"), some(&user));
        prop_assert_eq!(value("password"), some(&password));
        prop_assert_eq!(value("dbname"), some(&database));
        prop_assert_eq!(value("host"), Some("h"));
        prop_assert_eq!(value("application_name"), Some("app"));
    }

    #[test]
    fn a_sqlite_path_reads_back(path in "/[^\\x00-\\x1f\\x7f-\\x9f]{0,20}") {
        prop_assume!(!path.contains("://"));
        let read = sqlite(&path);
        prop_assert_eq!(read.as_str(), path.as_str());
        prop_assert_eq!(sqlite(&read.to_string()), read);
    }

    #[test]
    fn garbage_neither_panics_nor_is_shown(
        scheme in prop_oneof![Just("postgres://"), Just("postgresql://"), Just("sqlite:"), Just("mysql://"), Just("")],
        before in "[a-z/?&=%@:, .\\[\\]]{0,8}",
        secret in "[A-Z0-9/?&=%:, \\[\\]]{1,12}",
        after in "[a-z0-9/?&=%@:, .\\[\\]]{0,16}",
        anything in any::<String>(),
    ) {
        let _ = DatabaseUrl::parse(&anything);
        let secret = format!("QX{secret}");
        match DatabaseUrl::parse(&format!("{scheme}{before}:{secret}@{after}")) {
            Ok(DatabaseUrl::Postgres(url)) => {
                let shown = format!("{url} {url:?}");
                prop_assert!(!shown.contains("QX"), "{}", shown);
            }
            Ok(DatabaseUrl::Sqlite(_)) => {}
            Err(error) => {
                let shown = format!("{error} {error:?} {:?}", error.hint());
                prop_assert!(!shown.contains("QX"), "{}", shown);
            }
        }
    }
}

/// libpq's `conninfo_parse`, for quoted values only.
fn read_conninfo(text: &str) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    let mut chars = text.chars();
    loop {
        let name: String = chars.by_ref().take_while(|c| *c != '=').collect();
        if name.is_empty() {
            return settings;
        }
        assert_eq!(chars.next(), Some('\''));
        let mut value = String::new();
        while let Some(c) = chars.next().filter(|c| *c != '\'') {
            value.extend(if c == '\\' { chars.next() } else { Some(c) });
        }
        settings.push((name.trim().to_owned(), value));
    }
}
