//! Sessions: begun by signing in, continued by refresh tokens, ended in many ways.

use std::time::Duration;

use backoffice::server::auth::keys::{Algorithm, SigningKeys};
use backoffice::server::auth::tokens::{AccessClaims, issue};
use serde_json::{Value, json};

use super::{Talk, assert_same, text};
use crate::site::{PASSWORD, now, on_both, pass};

#[test]
fn whoever_registers_owns_the_organization_and_signs_in_in_any_case() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let body = json!({
            "organization_name": "Acme", "email": "Ada@Example.ORG", "password": PASSWORD, "first_name": "Ada",
            "last_name": "L",
        });
        let made = talk.post(201, None, "/api/auth/register", body.clone());
        assert_eq!(made.body["user"]["email"], "ada@example.org");
        assert_eq!(made.body["user"]["role"], "owner");
        assert!(made.body["user"].get("password_hash").is_none(), "{}", made.body);
        let me = talk.me(200, &text(&made, "access_token"));
        assert_eq!(me.body["organization"]["name"], "Acme");
        for email in ["ada@example.org", "ADA@EXAMPLE.ORG", "Ada@Example.ORG"] {
            let signed_in = talk.login(200, email, PASSWORD);
            assert_eq!(signed_in.body["token_type"], "Bearer");
            assert_eq!(signed_in.body["expires_in"], 900);
        }
        let mut again = body;
        again["email"] = json!("ADA@example.org");
        let taken = talk.post(409, None, "/api/auth/register", again);
        assert_eq!(taken.body["code"], "duplicate");
        talk.steps
    }));
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        site.register("Acme", "ada@example.org");
        let wrong = talk.login(401, "ada@example.org", "not the password at all");
        let unknown = talk.login(401, "bob@example.org", "not the password at all");
        let short = talk.login(401, "ada@example.org", "short");
        let case = talk.login(401, "ada@example.org", &PASSWORD.to_uppercase());
        assert_eq!(wrong.body["code"], "sign_in_failed");
        for other in [unknown, short, case] {
            assert_eq!(other.body, wrong.body);
        }
        talk.steps
    }));
}

#[test]
fn a_refresh_token_is_good_once_and_a_used_one_ends_the_session() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let elsewhere = site.sign_in(&ada.email);
        let second = talk.refresh(200, &ada.refresh);
        assert_ne!(text(&second, "refresh_token"), ada.refresh);
        let third = talk.refresh(200, &text(&second, "refresh_token"));
        talk.me(200, &text(&third, "access_token"));
        let used = talk.refresh(401, &ada.refresh);
        assert_eq!(used.body["code"], "token_refused");
        // Nobody knows which of the two is the thief: neither goes on.
        talk.refresh(401, &text(&third, "refresh_token"));
        talk.me(401, &text(&third, "access_token"));
        talk.me(401, &ada.token);
        // Another session is another matter.
        talk.me(200, &elsewhere.token);
        talk.refresh(200, &elsewhere.refresh);
        talk.steps
    }));
}

#[test]
fn a_made_up_refresh_token_ends_nobodys_session() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let secret = ada.refresh.rsplit('.').next().expect("a secret");
        // A session that nobody has: that of the person's id, say.
        talk.refresh(401, &format!("{}.{secret}", ada.id));
        talk.refresh(401, "not a token");
        talk.refresh(401, &ada.token);
        talk.me(200, &ada.token);
        talk.refresh(200, &ada.refresh);
        talk.steps
    }));
}

#[test]
fn a_session_holds_thirty_days() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let day = Duration::from_secs(24 * 60 * 60);
        pass(day * 29);
        talk.me(401, &ada.token);
        let next = talk.refresh(200, &ada.refresh);
        talk.me(200, &text(&next, "access_token"));
        // It is not made longer by being used.
        pass(day);
        talk.refresh(401, &text(&next, "refresh_token"));
        talk.steps
    }));
}

#[test]
fn signing_out_ends_this_session_and_no_other() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let here = site.register("Acme", "ada@example.org");
        let there = site.sign_in(&here.email);
        talk.post(204, Some(&here.token), "/api/auth/logout", Value::Null);
        talk.me(401, &here.token);
        talk.refresh(401, &here.refresh);
        talk.me(200, &there.token);
        talk.refresh(200, &there.refresh);
        talk.steps
    }));
}

#[test]
fn tokens_of_the_key_before_hold_until_they_expire() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let iat = now().micros() / 1_000_000;
        let claims = AccessClaims {
            sub: uuid::Uuid::try_parse(&ada.id).expect("a UUID"),
            org: talk.me(200, &ada.token).body["organization"]["id"].as_i64(),
            role: "owner".to_owned(),
            sid: uuid::Uuid::now_v7(),
            iat,
            exp: iat + 900,
        };
        let sign = |secret: u8, algorithm| {
            let keys = SigningKeys::new(algorithm, [secret; 32], [[0; 0]; 0]).expect("keys");
            issue(&keys, &claims)
        };
        let before = sign(8, Algorithm::Hs256);
        talk.me(200, &before);
        talk.me(401, &sign(9, Algorithm::Hs256));
        talk.me(401, &sign(8, Algorithm::Hs512));
        // What is given out now is by the current key.
        let header = |token: &str| token.split('.').next().expect("a header").to_owned();
        assert_eq!(header(&ada.token), header(&sign(7, Algorithm::Hs256)));
        assert_ne!(header(&ada.token), header(&before));
        pass(Duration::from_secs(900));
        talk.me(401, &before);
        talk.steps
    }));
}
