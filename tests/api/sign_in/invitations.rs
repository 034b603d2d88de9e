//! Invitations: to an organization, with a role, valid for one week and one use.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Talk, assert_same, text};
use crate::site::{PASSWORD, on_both, pass, person};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

fn somebody(email: &str, role: &str) -> Value {
    json!({"email": email, "first_name": "F", "last_name": "L", "role": role})
}

fn accepting(invited: &Value) -> Value {
    json!({"invitation_token": invited["invitation_token"], "password": PASSWORD})
}

#[test]
fn an_invitation_is_accepted_once_and_grants_its_role() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let organization = talk.me(200, &owner.token).body["organization"]["id"].clone();
        for role in ["owner", "admin", "member", "client", "freelancer"] {
            let email = format!("New.{role}@Example.org");
            let invited =
                talk.post(201, Some(&owner.token), "/api/auth/invitations", somebody(&email, role)).body;
            // Not before it is accepted.
            talk.login(401, &email, PASSWORD);
            let accepted = talk.post(200, None, "/api/auth/accept", accepting(&invited));
            assert_eq!(accepted.body["user"]["role"], role);
            assert_eq!(accepted.body["user"]["organization_id"], organization);
            assert_eq!(accepted.body["user"]["email_verified"], true);
            assert_eq!(accepted.body["user"]["email"], email.to_lowercase());
            let again = talk.post(401, None, "/api/auth/accept", accepting(&invited));
            assert_eq!(again.body["code"], "token_refused");
            talk.login(200, &email, PASSWORD);
        }
        talk.steps
    }));
}

#[test]
fn an_invitation_is_valid_for_a_week_and_can_be_renewed() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let invite = |talk: &mut Talk<'_>, token: &str| {
            talk.post(201, Some(token), "/api/auth/invitations", somebody("new@example.org", "member")).body
        };
        let first = invite(&mut talk, &owner.token);
        assert_eq!(first["expires_at"], "2026-02-07T12:00:00.500000Z");
        pass(WEEK);
        talk.post(401, None, "/api/auth/accept", accepting(&first));
        let token = site.sign_in(&owner.email).token;
        let second = invite(&mut talk, &token);
        assert_eq!(first["user"]["id"], second["user"]["id"]);
        pass(WEEK - Duration::from_secs(1));
        talk.post(200, None, "/api/auth/accept", accepting(&second));
        talk.steps
    }));
}

#[test]
fn an_address_in_use_cannot_be_invited() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let other = site.register("Other", "other@example.org");
        site.join(&owner, "member", "member@example.org");
        let waiting = somebody("waiting@example.org", "member");
        talk.post(201, Some(&owner.token), "/api/auth/invitations", waiting.clone());
        for email in ["owner@example.org", "OTHER@example.org", "member@example.org"] {
            let body = somebody(email, "member");
            let taken = talk.post(409, Some(&owner.token), "/api/auth/invitations", body);
            assert_eq!(taken.body["code"], "duplicate", "{email}");
        }
        // Another organization cannot invite an invited user.
        talk.post(409, Some(&other.token), "/api/auth/invitations", waiting);
        talk.steps
    }));
}

#[test]
fn an_admin_cannot_create_an_owner() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let admin = site.join(&owner, "admin", "admin@example.org");
        let member = site.join(&owner, "member", "member@example.org");
        let token = Some(admin.token.as_str());
        talk.post(403, token, "/api/auth/invitations", somebody("new@example.org", "owner"));
        // An admin cannot renew the invitation of an owner, with any role.
        let waiting = somebody("waiting@example.org", "owner");
        talk.post(201, Some(&owner.token), "/api/auth/invitations", waiting);
        for role in ["owner", "member"] {
            talk.post(403, token, "/api/auth/invitations", somebody("waiting@example.org", role));
        }
        let at = |id: &str| format!("/api/users/{id}");
        for id in [&admin.id, &member.id] {
            talk.ask(403, token, "PATCH", &at(id), json!({"role": "owner"}));
        }
        talk.ask(403, token, "PATCH", &at(&owner.id), json!({"role": "member"}));
        talk.ask(403, token, "PATCH", &at(&owner.id), json!({"email": "admin2@example.org"}));
        talk.ask(403, token, "DELETE", &at(&owner.id), Value::Null);
        talk.ask(403, Some(&member.token), "PATCH", &at(&member.id), json!({"role": "admin"}));
        let role = |talk: &mut Talk<'_>, id: &str| {
            talk.ask(200, Some(&owner.token), "GET", &at(id), Value::Null).body["role"].clone()
        };
        assert_eq!(role(&mut talk, &owner.id), "owner");
        assert_eq!(role(&mut talk, &admin.id), "admin");
        assert_eq!(role(&mut talk, &member.id), "member");
        talk.steps
    }));
}

#[test]
fn the_last_owner_stays_until_another_one_has_accepted() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let at = format!("/api/users/{}", owner.id);
        let token = Some(owner.token.as_str());
        let stays = |talk: &mut Talk<'_>| {
            talk.ask(409, token, "DELETE", &at, Value::Null);
            talk.ask(409, token, "PATCH", &at, json!({"role": "member"}));
        };
        stays(&mut talk);
        let body = somebody("second@example.org", "owner");
        let invited = talk.post(201, token, "/api/auth/invitations", body).body;
        stays(&mut talk);
        let second = person(&talk.post(200, None, "/api/auth/accept", accepting(&invited)).body);
        talk.ask(204, token, "DELETE", &at, Value::Null);
        let second_at = format!("/api/users/{}", second.id);
        talk.ask(409, Some(&second.token), "DELETE", &second_at, Value::Null);
        let me = talk.me(200, &second.token);
        assert_eq!(text_of(&me.body["user"]["role"]), "owner");
        let list = talk.ask(200, Some(&second.token), "GET", "/api/users", Value::Null);
        assert_eq!(list.body["items"].as_array().map(Vec::len), Some(1));
        let signed_in = talk.login(200, "second@example.org", PASSWORD);
        talk.me(200, &text(&signed_in, "access_token"));
        talk.steps
    }));
}

fn text_of(value: &Value) -> &str {
    value.as_str().expect("a text")
}
