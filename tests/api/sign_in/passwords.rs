//! Passwords: rules, and changes.

use std::time::Duration;

use serde_json::json;

use super::{Talk, assert_same};
use crate::site::{PASSWORD, on_both, pass};

const NEW: &str = "another one, as good";

/// Rejected passwords with the reason.
fn refused() -> Vec<(String, &'static str)> {
    vec![
        ("short".to_owned(), "password_too_short"),
        ("password123".to_owned(), "password_too_common"),
        ("PassWord123".to_owned(), "password_too_common"),
        ("aaaaaaaaaaaa".to_owned(), "password_too_common"),
        ("Ada@Example.org".to_owned(), "password_is_email"),
        ("x".repeat(257), "password_too_long"),
    ]
}

#[test]
fn common_passwords_are_rejected_wherever_a_password_is_set() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Other", "owner@example.org");
        let body = json!({"email": "ada@example.org", "first_name": "A", "last_name": "L"});
        let invited = talk.post(201, Some(&owner.token), "/api/auth/invitations", body.clone());
        let invitation = invited.body["invitation_token"].clone();
        for (password, code) in refused() {
            let mut register = body.clone();
            register["organization_name"] = json!("Acme");
            register["password"] = json!(password);
            let accept = json!({"invitation_token": invitation, "password": password});
            for (path, body) in [("/api/auth/register", register), ("/api/auth/accept", accept)] {
                let answer = talk.post(422, None, path, body);
                assert_eq!(answer.body["errors"][0]["code"], code, "{path}");
                assert_eq!(answer.body["errors"][0]["pointer"], "/password", "{path}");
            }
        }
        let ada = site.accept(&invited.body);
        for (password, code) in refused() {
            let body = json!({"current_password": PASSWORD, "new_password": password});
            let answer = talk.post(422, Some(&ada.token), "/api/auth/password", body);
            assert_eq!(answer.body["errors"][0]["code"], code);
            assert_eq!(answer.body["errors"][0]["pointer"], "/new_password");
        }
        talk.login(200, "ada@example.org", PASSWORD);
        talk.steps
    }));
}

#[test]
fn a_password_change_revokes_the_other_sessions() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let here = site.register("Acme", "ada@example.org");
        let there = site.sign_in(&here.email);
        let wrong = json!({"current_password": "not the password", "new_password": NEW});
        let wrong = talk.post(422, Some(&here.token), "/api/auth/password", wrong);
        assert_eq!(wrong.body["errors"][0]["code"], "wrong_password");
        talk.me(200, &there.token);
        let right = json!({"current_password": PASSWORD, "new_password": NEW});
        talk.post(204, Some(&here.token), "/api/auth/password", right);
        talk.me(200, &here.token);
        talk.refresh(200, &here.refresh);
        talk.me(401, &there.token);
        talk.refresh(401, &there.refresh);
        talk.login(401, &here.email, PASSWORD);
        pass(Duration::from_secs(1));
        let again = talk.login(200, &here.email, NEW);
        talk.me(200, again.body["access_token"].as_str().expect("a token"));
        talk.steps
    }));
}
