//! Users who lose access, and changes of roles.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Talk, assert_same, text};
use crate::site::{PASSWORD, on_both, pass};

#[test]
fn a_deleted_user_loses_access_at_once() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let member = site.join(&owner, "member", "member@example.org");
        let at = format!("/api/users/{}", member.id);
        talk.ask(204, Some(&owner.token), "DELETE", &at, Value::Null);
        talk.me(401, &member.token);
        talk.refresh(401, &member.refresh);
        let gone = talk.login(401, "member@example.org", PASSWORD);
        let unknown = talk.login(401, "nobody@example.org", PASSWORD);
        assert_eq!(gone.body, unknown.body);
        talk.ask(404, Some(&owner.token), "GET", &at, Value::Null);
        talk.steps
    }));
}

#[test]
fn who_was_removed_is_invited_again_as_the_same_user_without_the_earlier_access() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let member = site.join(&owner, "admin", "member@example.org");
        let at = format!("/api/users/{}", member.id);
        talk.ask(204, Some(&owner.token), "DELETE", &at, Value::Null);
        let body =
            json!({"email": "Member@example.org", "first_name": "New", "last_name": "L", "role": "client"});
        let invited = talk.post(201, Some(&owner.token), "/api/auth/invitations", body).body;
        let user = &invited["user"];
        assert_eq!(
            (&user["id"], &user["role"], &user["first_name"]),
            (&json!(member.id), &json!("client"), &json!("New"))
        );
        // Neither the earlier password nor the earlier tokens are valid.
        talk.login(401, "member@example.org", PASSWORD);
        talk.me(401, &member.token);
        let new =
            json!({"invitation_token": invited["invitation_token"], "password": "another one, as good"});
        talk.post(200, None, "/api/auth/accept", new);
        talk.login(401, "member@example.org", PASSWORD);
        talk.me(401, &member.token);
        talk.refresh(401, &member.refresh);
        let again = talk.login(200, "member@example.org", "another one, as good");
        assert_eq!(again.body["user"]["role"], "client");
        talk.steps
    }));
}

#[test]
fn who_was_removed_joins_another_organization_or_registers_as_a_new_user() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let other = site.register("Other", "other@example.org");
        let mut ids = Vec::new();
        for (email, registers) in [("ada@example.org", false), ("bob@example.org", true)] {
            let removed = site.join(&owner, "member", email);
            let at = format!("/api/users/{}", removed.id);
            talk.ask(204, Some(&owner.token), "DELETE", &at, Value::Null);
            let joined = match registers {
                true => site.register("Third", email),
                false => site.join(&other, "member", email),
            };
            assert_ne!(joined.id, removed.id);
            assert_eq!(talk.me(200, &joined.token).body["user"]["email"], email);
            talk.ask(404, Some(&owner.token), "GET", &at, Value::Null);
            // The address is in use again.
            let body = json!({"email": email, "first_name": "F", "last_name": "L"});
            talk.post(409, Some(&owner.token), "/api/auth/invitations", body);
            ids.push(joined.id);
        }
        assert_ne!(ids[0], ids[1]);
        talk.steps
    }));
}

#[test]
fn the_invitation_of_a_deleted_user_is_rejected() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let body = json!({"email": "new@example.org", "first_name": "F", "last_name": "L"});
        let invited = talk.post(201, Some(&owner.token), "/api/auth/invitations", body).body;
        let at = format!("/api/users/{}", invited["user"]["id"].as_str().expect("an id"));
        talk.ask(204, Some(&owner.token), "DELETE", &at, Value::Null);
        let body = json!({"invitation_token": invited["invitation_token"], "password": PASSWORD});
        talk.post(401, None, "/api/auth/accept", body);
        talk.steps
    }));
}

#[test]
fn a_new_role_takes_effect_at_once() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let admin = site.join(&owner, "admin", "admin@example.org");
        talk.ask(200, Some(&admin.token), "GET", "/api/subscriptions", Value::Null);
        let at = format!("/api/users/{}", admin.id);
        talk.ask(200, Some(&owner.token), "PATCH", &at, json!({"role": "member"}));
        // The token has the old role and is revoked; the session can be refreshed.
        talk.ask(401, Some(&admin.token), "GET", "/api/subscriptions", Value::Null);
        pass(Duration::from_secs(1));
        let next = talk.refresh(200, &admin.refresh);
        let token = text(&next, "access_token");
        talk.ask(403, Some(&token), "GET", "/api/subscriptions", Value::Null);
        assert_eq!(talk.me(200, &token).body["user"]["role"], "member");
        talk.steps
    }));
}

#[test]
fn users_of_a_suspended_organization_cannot_sign_in() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let staff = site.staff("staff@example.org");
        let owner = site.register("Acme", "owner@example.org");
        let body = json!({"email": "new@example.org", "first_name": "F", "last_name": "L"});
        let invited = talk.post(201, Some(&owner.token), "/api/auth/invitations", body).body;
        let organization = &talk.me(200, &owner.token).body["organization"]["id"];
        let at = format!("/api/organizations/{organization}");
        let change = |talk: &mut Talk<'_>, token: &str, status: u16, word: &str| {
            talk.ask(status, Some(token), "PATCH", &at, json!({"status": word}));
        };
        change(&mut talk, &owner.token, 403, "suspended");
        change(&mut talk, &staff.token, 200, "suspended");
        let refused = talk.login(403, "owner@example.org", PASSWORD);
        assert_eq!(refused.body["code"], "forbidden");
        talk.refresh(403, &owner.refresh);
        let body = json!({"invitation_token": invited["invitation_token"], "password": PASSWORD});
        talk.post(403, None, "/api/auth/accept", body);
        // Suspension is revealed only with the correct password.
        talk.login(401, "owner@example.org", "not the password at all");
        change(&mut talk, &staff.token, 200, "active");
        talk.refresh(200, &owner.refresh);
        talk.login(200, "owner@example.org", PASSWORD);
        talk.steps
    }));
}

#[test]
fn users_of_a_deleted_organization_are_not_staff() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let staff = site.staff("staff@example.org");
        let owner = site.register("Acme", "owner@example.org");
        let admin = site.join(&owner, "admin", "admin@example.org");
        let organization = &talk.me(200, &owner.token).body["organization"]["id"];
        let at = format!("/api/organizations/{organization}");
        talk.post(200, Some(&staff.token), &format!("{at}/close"), Value::Null);
        pass(Duration::from_secs(30 * 24 * 60 * 60));
        let staff = site.sign_in(&staff.email);
        talk.ask(204, Some(&staff.token), "DELETE", &at, Value::Null);
        for person in [&owner, &admin] {
            talk.refresh(401, &person.refresh);
            talk.login(401, &person.email, PASSWORD);
            let list = site.ask("GET", "/api/contact-submissions", Some(&person.token), &Value::Null);
            assert!([401, 403].contains(&list.status), "{}", list.body);
        }
        talk.steps
    }));
}
