//! Keys, tokens and limits.

use serde_json::{Value, json};

use super::sqlite;
use crate::app::App;
use crate::service::{SECRET_KEY, Service, folder};

#[test]
fn without_a_secret_key_only_development_starts() {
    for environment in ["production", "serverless"] {
        let app = App::new().env("ENVIRONMENT", environment);
        let ended = app.expect(3, &["serve", "--port", "0"]);
        assert!(ended.stderr.contains("SECRET_KEY"), "{}", ended.stderr);
        let app = folder().env("ENVIRONMENT", environment);
        Service::start(&app, "backoffice.db").stop();
    }
    let app = App::new();
    let service = Service::start(&app, "backoffice.db");
    let owner = service.client().register("ada@example.org");
    assert_eq!(owner.get("/api/auth/me").status, 200);
    service.stop();
    let service = Service::start(&app, "backoffice.db");
    assert_eq!(
        owner.again_at(&service.base).get("/api/auth/me").status,
        401,
        "the key ended with the server"
    );
    service.stop();
}

#[test]
fn a_key_that_is_too_short_is_rejected_and_not_shown() {
    let short = "a-short-key-of-28-characters";
    let ended = App::new().env("SECRET_KEY", short).expect(3, &["serve", "--port", "0"]);
    assert!(ended.stderr.contains("SECRET_KEY"), "{}", ended.stderr);
    assert!(!ended.stderr.contains(short) && !ended.stdout.contains(short), "{ended:?}");
}

#[test]
fn tokens_of_a_previous_key_are_accepted_while_it_is_configured() {
    let other = "another-key-that-is-long-enough-for-tokens";
    let (app, service) = sqlite(&[]);
    let owner = service.client().register("ada@example.org");
    service.stop();
    for (previous, status) in [(SECRET_KEY, 200), ("", 401)] {
        let variables = [("SECRET_KEY", other), ("SECRET_KEY_PREVIOUS", previous)];
        let service = Service::start_with(&app, "backoffice.db", &variables);
        assert_eq!(owner.again_at(&service.base).get("/api/auth/me").status, status);
        service.stop();
    }
}

#[test]
fn algorithm_and_lifetime_of_a_token_are_configurable() {
    use base64::Engine as _;

    for (algorithm, minutes, seconds) in [("HS256", "15", 900), ("HS512", "3", 180)] {
        let variables = [("ALGORITHM", algorithm), ("ACCESS_TOKEN_EXPIRE_MINUTES", minutes)];
        let (_app, service) = sqlite(&variables);
        let owner = service.client().register("ada@example.org");
        let token = owner.token.as_deref().expect("a token");
        let parts: Vec<Value> = token
            .split('.')
            .take(2)
            .map(|part| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64"))
            .map(|part| serde_json::from_slice(&part).expect("JSON"))
            .collect();
        assert_eq!(parts[0]["alg"], algorithm);
        let at = |name: &str| parts[1][name].as_i64().expect("a time");
        assert_eq!(at("exp") - at("iat"), seconds);
        assert_eq!(owner.get("/api/auth/me").status, 200);
        service.stop();
    }
}

#[test]
fn registration_is_open_until_it_is_closed() {
    let body = json!({
        "organization_name": "Acme", "email": "ada@example.org", "password": crate::site::PASSWORD,
        "first_name": "First", "last_name": "Last",
    });
    let (_app, service) = sqlite(&[("REGISTRATION", "closed")]);
    service.client().expect(403, "POST", "/api/auth/register", &body);
    service.stop();
    let (_app, service) = sqlite(&[("REGISTRATION", "open")]);
    service.client().expect(201, "POST", "/api/auth/register", &body);
    service.stop();
}

/// Tries to sign in through these proxies.
fn attempt(service: &Service, email: &str, forwarded: &str) -> u16 {
    let body = json!({"email": email, "password": "not the password of anybody"});
    let headers = [("x-forwarded-for", forwarded)];
    service.client().ask_with("POST", "/api/auth/login", &headers, &body).status
}

#[test]
fn sign_in_attempts_apply_per_e_mail_address() {
    let (_app, service) = sqlite(&[("SIGN_IN_ATTEMPTS", "2")]);
    let statuses: Vec<u16> = (0..3).map(|_| attempt(&service, "ada@example.org", "")).collect();
    assert_eq!(statuses, [401, 401, 429]);
    assert_eq!(attempt(&service, "bob@example.org", ""), 401);
    service.stop();
}

/// The limit of a client address is five times that of an e-mail address, so the sixth attempt of one client is
/// rejected.
#[test]
fn the_client_address_comes_from_a_trusted_proxy() {
    for (trust, sixth) in [("false", 429), ("true", 401)] {
        let (_app, service) = sqlite(&[("SIGN_IN_ATTEMPTS", "1"), ("TRUST_PROXY", trust)]);
        let statuses: Vec<u16> = (0..6)
            .map(|client| attempt(&service, &format!("p{client}@example.org"), &format!("192.0.2.{client}")))
            .collect();
        assert_eq!(statuses, [401, 401, 401, 401, 401, sixth], "TRUST_PROXY={trust}");
        service.stop();
    }
    // The last entry is written by the proxy; clients can forge those before it.
    let (_app, service) = sqlite(&[("SIGN_IN_ATTEMPTS", "1"), ("TRUST_PROXY", "true")]);
    let statuses: Vec<u16> = (0..6)
        .map(|client| (format!("p{client}@example.org"), format!("192.0.2.{client}, 198.51.100.7")))
        .map(|(email, forwarded)| attempt(&service, &email, &forwarded))
        .collect();
    assert_eq!(statuses[5], 429, "{statuses:?}");
    service.stop();
}
