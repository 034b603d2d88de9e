//! Rate limits, and closed registration.

use std::time::Duration;

use serde_json::json;

use super::{Talk, assert_same};
use crate::site::{Choices, PASSWORD, on_both_with, pass};

const WRONG: &str = "not the password at all";

fn choices(attempts: u32, registration: bool) -> Choices {
    Choices { attempts, registration, ..Choices::default() }
}

#[test]
fn after_too_many_failures_the_correct_password_is_limited_too() {
    assert_same(on_both_with(&choices(3, true), |site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        site.register("Other", "bob@example.org");
        talk.login(401, "ada@example.org", WRONG);
        talk.login(401, "ADA@example.org", WRONG);
        pass(Duration::from_millis(400_500));
        talk.login(401, "Ada@Example.org", WRONG);
        let limited = talk.login(429, "ada@example.org", PASSWORD);
        assert_eq!(limited.body["code"], "too_many_attempts");
        assert_eq!(limited.headers["retry-after"], "500");
        // The limit also applies to the current password of a signed-in user.
        let body = json!({"current_password": PASSWORD, "new_password": "another one, as good"});
        talk.post(429, Some(&ada.token), "/api/auth/password", body);
        // Other users can sign in, and unknown addresses are limited in the same way.
        talk.login(200, "bob@example.org", PASSWORD);
        for _ in 0..3 {
            talk.login(401, "nobody@example.org", WRONG);
        }
        talk.login(429, "nobody@example.org", WRONG);
        pass(Duration::from_millis(499_499));
        let limited = talk.login(429, "ada@example.org", PASSWORD);
        assert_eq!(limited.headers["retry-after"], "1");
        pass(Duration::from_millis(1));
        talk.login(200, "ada@example.org", PASSWORD);
        talk.steps
    }));
}

#[test]
fn a_sign_in_resets_the_failures() {
    assert_same(on_both_with(&choices(3, true), |site| {
        let mut talk = Talk::new(site);
        site.register("Acme", "ada@example.org");
        for _ in 0..3 {
            talk.login(401, "ada@example.org", WRONG);
            talk.login(401, "ada@example.org", WRONG);
            talk.login(200, "ada@example.org", PASSWORD);
        }
        talk.steps
    }));
}

#[test]
fn registrations_are_limited_per_client_address() {
    assert_same(on_both_with(&choices(1, true), |site| {
        let mut talk = Talk::new(site);
        let body = |number: u32| {
            json!({
                "organization_name": "Acme", "email": format!("a{number}@example.org"), "password": PASSWORD,
                "first_name": "A", "last_name": "L",
            })
        };
        let mut last = None;
        let made = (0..100).take_while(|number| {
            let answer = site.ask("POST", "/api/auth/register", None, &body(*number));
            let is_made = answer.status == 201;
            last = Some(answer);
            is_made
        });
        let made = made.count();
        let limited = last.expect("an answer");
        assert_eq!((limited.status, limited.headers["retry-after"].as_str()), (429, "900"));
        pass(Duration::from_secs(900));
        talk.post(201, None, "/api/auth/register", body(100));
        assert!((2..50).contains(&made), "{made}");
        (made, talk.steps)
    }));
}

#[test]
fn with_closed_registration_only_staff_create_organizations() {
    assert_same(on_both_with(&choices(1000, false), |site| {
        let mut talk = Talk::new(site);
        let body = json!({
            "organization_name": "Acme", "email": "ada@example.org", "password": PASSWORD, "first_name": "Ada",
            "last_name": "L",
        });
        let closed = talk.post(403, None, "/api/auth/register", body);
        assert_eq!(closed.body["code"], "forbidden");
        talk.login(401, "ada@example.org", PASSWORD);
        let staff = site.staff("staff@example.org");
        talk.post(201, Some(&staff.token), "/api/organizations", json!({"name": "Acme"}));
        talk.steps
    }));
}
