//! Sessions: created by sign-in, continued by refresh tokens, ended in several ways.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Talk, assert_same, text};
use crate::site::{PASSWORD, now, on_both, pass};
use backoffice::server::auth::keys::{Algorithm, SigningKeys};
use backoffice::server::auth::tokens::{AccessClaims, issue};

#[test]
fn a_registered_user_is_owner_and_the_e_mail_address_is_case_insensitive() {
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
fn a_wrong_password_and_an_unknown_address_get_the_same_response() {
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
fn a_refresh_token_is_valid_once_and_reuse_revokes_the_session() {
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
        // It is unknown which of the two holds a stolen token: neither can continue.
        talk.refresh(401, &text(&third, "refresh_token"));
        talk.me(401, &text(&third, "access_token"));
        talk.me(401, &ada.token);
        // Another session is not affected.
        talk.me(200, &elsewhere.token);
        talk.refresh(200, &elsewhere.refresh);
        talk.steps
    }));
}

#[test]
fn an_invented_refresh_token_revokes_no_session() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let secret = ada.refresh.rsplit('.').next().expect("a secret");
        // An unknown session, for example with the id of the user.
        talk.refresh(401, &format!("{}.{secret}", ada.id));
        talk.refresh(401, "not a token");
        talk.refresh(401, &ada.token);
        talk.me(200, &ada.token);
        talk.refresh(200, &ada.refresh);
        talk.steps
    }));
}

#[test]
fn a_session_is_valid_for_thirty_days() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let day = Duration::from_secs(24 * 60 * 60);
        pass(day * 29);
        talk.me(401, &ada.token);
        let next = talk.refresh(200, &ada.refresh);
        talk.me(200, &text(&next, "access_token"));
        // Use does not extend it.
        pass(day);
        talk.refresh(401, &text(&next, "refresh_token"));
        talk.steps
    }));
}

#[test]
fn signing_out_revokes_only_this_session() {
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
fn tokens_of_the_previous_key_are_valid_until_they_expire() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        let iat = now().micros() / 1_000_000;
        let (session, _) = ada.refresh.split_once('.').expect("a session and a secret");
        let claims = AccessClaims {
            sub: uuid::Uuid::try_parse(&ada.id).expect("a UUID"),
            sid: uuid::Uuid::try_parse(session).expect("a UUID"),
            user_version: 0,
            organization_version: Some(0),
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
        // New tokens are signed with the current key.
        let header = |token: &str| token.split('.').next().expect("a header").to_owned();
        assert_eq!(header(&ada.token), header(&sign(7, Algorithm::Hs256)));
        assert_ne!(header(&ada.token), header(&before));
        pass(Duration::from_secs(900));
        talk.me(401, &before);
        talk.steps
    }));
}
