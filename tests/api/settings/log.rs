//! The contents of the log, and what must not be in it.

use serde_json::{Value, json};

use super::sqlite;
use crate::service::Service;
use crate::serving::on_both;

/// In a body, a filter and a path; must not be in the log.
const HUSH: &str = "hush-hush";

fn lines(service: &Service) -> Vec<Value> {
    let log = service.log();
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn every_query_is_logged_with_its_time_and_its_request_and_without_values() {
    on_both(|app, url| {
        let variables = [("LOG_QUERIES", "true"), ("LOG_FORMAT", "json")];
        let mut service = Service::start_with(app, url, &variables);
        let owner = service.client().register("ada@example.org");
        let body = json!({"name": HUSH, "address": HUSH, "email": format!("{HUSH}@example.org")});
        let id = [("x-request-id", "request-7")];
        let created = owner.ask_with("POST", "/api/customers", &id, &body);
        assert_eq!((created.status, created.headers["x-request-id"].as_str()), (201, "request-7"));
        owner.get(&format!("/api/documents?status={HUSH}"));
        service.terminate();
        assert_eq!(service.end(), 0);

        let lines = lines(&service);
        let of_request: Vec<_> =
            lines.iter().filter(|line| line["span"]["request_id"] == "request-7").collect();
        let has = |wanted: &dyn Fn(&Value) -> bool| of_request.iter().any(|line| wanted(line));
        let sql = |line: &Value| line["sql"].as_str().unwrap_or_default().to_lowercase();
        let is_insert = |line: &Value| {
            sql(line).starts_with("insert into")
                && sql(line).contains("customers")
                && line["elapsed_ms"].is_number()
        };
        assert!(has(&is_insert), "{of_request:?}");
        assert!(has(&|line| line["route"] == "/api/customers" && line["status"] == 201), "{of_request:?}");
        // Every line of the request names the user, from when the session is read; those of the registration, from when
        // the user exists.
        let names_user = |line: &Value| line["span"]["user"].is_string();
        let (before, after) =
            of_request.split_at(of_request.iter().position(|line| names_user(line)).expect("a user"));
        let reads_session = |line: &Value| sql(line).contains("sessions") || sql(line) == "select 1";
        assert!(before.iter().all(|line| reads_session(line)), "{before:?}");
        let user = &after[0]["span"]["user"];
        assert!(after.len() > 3 && after.iter().all(|line| line["span"]["user"] == *user), "{after:?}");
        let registered = lines.iter().find(|line| line["route"] == "/api/auth/register").expect("a line");
        assert_eq!(registered["span"]["user"], *user);
        let log = service.log();
        let tokens = owner.token.as_deref().expect("a token");
        assert!(!log.contains(HUSH) && !log.contains(tokens), "{log}");
    });
}

#[test]
fn queries_are_logged_only_if_enabled() {
    for (variables, is_logged) in [
        (&[][..], false),
        (&[("LOG_QUERIES", "false")][..], false),
        (&[("LOG_QUERIES", "true")][..], true),
        (&[("LOG_LEVEL", "debug")][..], true),
        (&[("LOG_LEVEL", "warn"), ("LOG_QUERIES", "true")][..], false),
    ] {
        let (_app, mut service) = sqlite(variables);
        service.client().register("ada@example.org");
        service.terminate();
        assert_eq!(service.end(), 0);
        let log = service.log().to_lowercase();
        assert_eq!(log.contains("insert into"), is_logged, "{variables:?} {log}");
    }
}

#[test]
fn log_level_is_the_minimum_level() {
    let said = |level: &str| {
        let (_app, mut service) = sqlite(&[("LOG_LEVEL", level), ("MAX_CONCURRENT_REQUESTS", "1")]);
        assert_eq!(service.client().get("/nowhere").status, 404);
        let at_hand = super::Halfway::begin(&service);
        assert_eq!(service.client().get("/too-many").status, 503);
        at_hand.finish();
        service.terminate();
        assert_eq!(service.end(), 0);
        let log = service.log();
        (log.contains("/nowhere"), log.contains("/too-many"))
    };
    assert_eq!(said("info"), (true, true));
    assert_eq!(said("error"), (false, true), "an answer 503 is an error");
}
