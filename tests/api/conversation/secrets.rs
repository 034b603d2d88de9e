//! Secrets that are never returned, and routes without authentication.

use serde_json::{Value, json};

use super::{alike, key};

#[test]
fn secrets_are_write_only() {
    alike(|talk| {
        let new = json!({"connector_type": "drive", "config_encrypted": "S3CRET-1"});
        let setting = talk.ask(201, "POST", "/api/organization-settings", new);
        let address = format!("/api/organization-settings/{}", key(&setting));
        talk.ask(200, "PATCH", &address, json!({"config_encrypted": "S3CRET-2", "is_active": false}));
        talk.ask(422, "PATCH", &address, json!({"config_encrypted": null}));
        talk.ask(200, "GET", &address, Value::Null);
        talk.list("/api/organization-settings");
        let me = format!("/api/users/{}", talk.owner.id);
        talk.ask(200, "PATCH", &me, json!({"bio": "x"}));
        talk.ask(422, "PATCH", &me, json!({"password_hash": "x"}));
        talk.list("/api/users");
        talk.list("/api/activities?limit=200");
        for (asked, _, told) in &talk.steps {
            let told = told.to_string();
            for secret in ["S3CRET", "\"config_encrypted\":", "\"password_hash\":", "$argon2"] {
                assert!(!told.contains(secret), "{asked}: {told}");
            }
        }
    });
}

#[test]
fn connector_configs_are_private_to_their_user() {
    alike(|talk| {
        let new = json!({"connector_type": "mail", "config": {"token": "x"}});
        let config = format!("/api/connector-configs/{}", talk.create("/api/connector-configs", new));
        let admin = talk.site.join(&talk.owner, "admin", "a@example.org");
        talk.ask_as(&admin, 404, "GET", &config, Value::Null);
        let mappings = format!("{config}/field-mappings");
        let mapping = json!({"source_field": "a", "target_field": "b", "confidence_score": 0.5});
        let mapping = format!("/api/field-mappings/{}", talk.create(&mappings, mapping));
        talk.ask_as(&admin, 404, "GET", &mapping, Value::Null);
        talk.ask_as(&admin, 404, "POST", &mappings, json!({"source_field": "c", "target_field": "d"}));
        assert_eq!(
            talk.ask(200, "PATCH", &mapping, json!({"confidence_score": null}))["confidence_score"],
            Value::Null
        );
        assert_eq!(talk.list(&mappings).len(), 1);
        let used =
            talk.ask(200, "PATCH", &config, json!({"last_used_at": "2026-01-31T12:00:00.123456+01:00"}));
        assert_eq!(used["last_used_at"], "2026-01-31T11:00:00.123456Z");
    });
}

#[test]
fn contact_submissions_need_no_authentication_and_are_limited() {
    alike(|talk| {
        let new = json!({"name": "Zoë", "email": "Z@Example.org", "subject": "Hi", "message": "🦀"});
        talk.ask(403, "GET", "/api/contact-submissions", Value::Null);
        for _ in 0..20 {
            let told = talk.ask_with(None, 201, "POST", "/api/contact-submissions", &[], &new);
            assert_eq!(told.body["email"], "z@example.org");
        }
        let told = talk.ask_with(None, 429, "POST", "/api/contact-submissions", &[], &new);
        assert_eq!(told.body["code"], "too_many_attempts");
        let seconds: u64 = told.headers["retry-after"].parse().expect("seconds");
        crate::site::pass(std::time::Duration::from_secs(seconds + 1));
        talk.ask_with(None, 201, "POST", "/api/contact-submissions", &[], &new);
        talk.ask_with(None, 422, "POST", "/api/contact-submissions", &[], &json!({"name": "x"}));
        talk.ask_with(None, 401, "GET", "/api/contact-submissions", &[], &Value::Null);
    });
}
