//! Without a valid access token every route responds with 401, except for the open ones.

use std::time::Duration;

use serde_json::{Value, json};

use super::routes::all;
use crate::site::{Answer, Site, now, on_both, pass};
use backoffice::server::auth::keys::{Algorithm, SigningKeys};
use backoffice::server::auth::tokens::{AccessClaims, InviteClaims, issue};

/// The routes without authentication. An addition here must be intended.
const OPEN: [&str; 8] = [
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "POST /api/auth/accept",
    "POST /api/auth/login",
    "POST /api/auth/refresh",
    "POST /api/auth/register",
    "POST /api/contact-submissions",
];

/// Invalid headers, by what is wrong with them.
fn refused(site: &Site) -> Vec<(&'static str, Option<String>)> {
    let owner = site.register("acme", "owner@acme.example");
    pass(Duration::from_secs(15 * 60));
    let expired = owner.token.clone();
    let owner = site.sign_in(&owner.email);
    let body = json!({"email": "new@acme.example", "first_name": "F", "last_name": "L"});
    let invited = site.expect(201, &owner, "POST", "/api/auth/invitations", &body);
    let invitation = invited["invitation_token"].as_str().expect("a token").to_owned();
    let gone = site.sign_in(&owner.email);
    site.expect(204, &gone, "POST", "/api/auth/logout", &Value::Null);
    let id = uuid::Uuid::try_parse(&owner.id).expect("a UUID");
    let second = now().micros() / 1_000_000;
    let keys = |secret: u8| SigningKeys::new(Algorithm::Hs256, [secret; 32], [[0; 0]; 0]).expect("keys");
    let (session, _) = owner.refresh.split_once('.').expect("a session and a secret");
    let session = uuid::Uuid::try_parse(session).expect("a UUID");
    let claims = |iat: i64| AccessClaims {
        sub: id,
        sid: session,
        user_version: 0,
        organization_version: Some(0),
        iat,
        exp: iat + 900,
    };
    let valid = claims(second);
    let of = |claims: &AccessClaims| issue(&keys(7), claims);
    let other_key = issue(&keys(9), &claims(second));
    let early = issue(&keys(7), &claims(second + 60));
    let own_invitation = issue(&keys(7), &InviteClaims { sub: id, iat: second, exp: second + 900 });
    let (head, _) = owner.token.rsplit_once('.').expect("a signature");
    let (_, other_signature) = expired.rsplit_once('.').expect("a signature");
    // Algorithm "none" without a signature.
    let unsigned =
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", head.split('.').nth(1).expect("claims"));
    let bearer = |token: &str| Some(format!("Bearer {token}"));
    vec![
        ("none", None),
        ("another scheme", Some(format!("Basic {}", owner.token))),
        ("no scheme", Some(owner.token.clone())),
        ("an empty token", bearer("")),
        ("not a token", bearer("not-a-token")),
        ("a refresh token", bearer(&owner.refresh)),
        ("expired", bearer(&expired)),
        ("not valid yet", bearer(&early)),
        ("of another key", bearer(&other_key)),
        ("another signature", bearer(&format!("{head}.{other_signature}"))),
        ("unsigned", bearer(&unsigned)),
        ("an invitation", bearer(&invitation)),
        ("one's own invitation", bearer(&own_invitation)),
        ("of a session that was signed out", bearer(&gone.token)),
        ("of no session", bearer(&of(&AccessClaims { sid: uuid::Uuid::from_u128(1), ..valid.clone() }))),
        ("of another user", bearer(&of(&AccessClaims { sub: uuid::Uuid::from_u128(1), ..valid.clone() }))),
        ("of before a new role", bearer(&of(&AccessClaims { user_version: -1, ..valid.clone() }))),
        (
            "of another time of the organization",
            bearer(&of(&AccessClaims { organization_version: Some(1), ..valid.clone() })),
        ),
        (
            "without an organization",
            bearer(&of(&AccessClaims { organization_version: None, ..valid.clone() })),
        ),
    ]
}

fn ask(site: &Site, method: &str, address: &str, header: Option<&str>) -> Answer {
    let headers: Vec<(&str, &str)> = header.map(|value| ("authorization", value)).into_iter().collect();
    let body = if method == "GET" || method == "DELETE" { Value::Null } else { json!({}) };
    site.ask_with(method, address, None, &headers, &body)
}

#[test]
fn without_a_valid_token_every_route_responds_401() {
    let (sqlite, postgres) = on_both(|site| {
        let refused = refused(site);
        let mut answers = Vec::new();
        for route in all() {
            let address = route.address.replace("{id}", "1").replace("{parent_id}", "1");
            let label = format!("{} {}", route.method, route.address);
            assert_eq!(route.is_open, OPEN.contains(&label.as_str()), "{label}");
            for (what, header) in &refused {
                let answer = ask(site, &route.method, &address, header.as_deref());
                if route.is_open {
                    assert_ne!(answer.status, 401, "{label} with {what}: {}", answer.body);
                    continue;
                }
                assert_eq!(answer.status, 401, "{label} with {what} on {}: {}", site.backend, answer.body);
                assert_eq!(answer.headers["www-authenticate"], "Bearer", "{label} with {what}");
                let is_missing = matches!(*what, "none" | "another scheme" | "no scheme");
                let code = if is_missing { "sign_in_required" } else { "token_refused" };
                assert_eq!(answer.body["code"], code, "{label} with {what}");
                answers.push((format!("{label} with {what}"), answer.status, answer.body));
            }
        }
        answers
    });
    assert!(sqlite.len() > 2000, "{}", sqlite.len());
    assert_eq!(sqlite, postgres);
}

#[test]
fn the_bearer_scheme_is_case_insensitive() {
    on_both(|site| {
        let owner = site.register("acme", "owner@acme.example");
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let header = format!("{scheme} {}", owner.token);
            let answer = ask(site, "GET", "/api/auth/me", Some(&header));
            assert_eq!(answer.status, 200, "{scheme}: {}", answer.body);
        }
        // Valid up to, but not including, the second of expiry.
        pass(Duration::from_secs(15 * 60 - 1));
        let header = format!("Bearer {}", owner.token);
        assert_eq!(ask(site, "GET", "/api/auth/me", Some(&header)).status, 200);
        pass(Duration::from_secs(1));
        assert_eq!(ask(site, "GET", "/api/auth/me", Some(&header)).status, 401);
    });
}
