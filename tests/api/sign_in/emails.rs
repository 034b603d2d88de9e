//! Changing one's own e-mail address.

use serde_json::json;

use super::{Talk, assert_same};
use crate::site::{PASSWORD, on_both};

#[test]
fn ones_own_address_is_changed_with_the_password_only() {
    assert_same(on_both(|site| {
        let mut talk = Talk::new(site);
        let owner = site.register("Acme", "owner@example.org");
        let member = site.join(&owner, "member", "member@example.org");
        for person in [&owner, &member] {
            let at = format!("/api/users/{}", person.id);
            let new = json!({"email": "thief@example.org", "first_name": "Ada"});
            let refused = talk.ask(422, Some(&person.token), "PATCH", &at, new);
            assert_eq!(refused.body["errors"][0]["code"], "password_required");
            // The address itself is no change.
            talk.ask(200, Some(&person.token), "PATCH", &at, json!({"email": person.email}));
        }
        let body = |email: &str, password: &str| json!({"email": email, "current_password": password});
        let token = Some(member.token.as_str());
        let wrong = talk.post(422, token, "/api/auth/email", body("new@example.org", "not the password"));
        assert_eq!(wrong.body["errors"][0]["code"], "wrong_password");
        talk.post(409, token, "/api/auth/email", body("OWNER@example.org", PASSWORD));
        talk.post(422, token, "/api/auth/email", body("no address", PASSWORD));
        talk.post(401, None, "/api/auth/email", body("new@example.org", PASSWORD));
        talk.login(200, "member@example.org", PASSWORD);
        talk.post(204, token, "/api/auth/email", body("New@example.org", PASSWORD));
        talk.login(401, "member@example.org", PASSWORD);
        talk.login(200, "new@example.org", PASSWORD);
        let me = talk.me(200, &member.token);
        assert_eq!(
            (&me.body["user"]["email"], &me.body["user"]["email_verified"]),
            (&json!("new@example.org"), &json!(false))
        );
        // An admin corrects the address of somebody else without their password.
        let at = format!("/api/users/{}", member.id);
        talk.ask(200, Some(&owner.token), "PATCH", &at, json!({"email": "corrected@example.org"}));
        talk.login(200, "corrected@example.org", PASSWORD);
        talk.steps
    }));
}
