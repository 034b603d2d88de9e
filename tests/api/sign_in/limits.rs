//! Rate limits, and closed registration.

use std::time::Duration;

use serde_json::json;

use super::{Talk, assert_same};
use crate::site::{Answer, Choices, PASSWORD, Site, on_both_with, pass};

const WRONG: &str = "not the password at all";

fn choices(attempts: u32, registration: bool) -> Choices {
    Choices { attempts, registration, ..Choices::default() }
}

/// Behind a proxy: requests come from the address in their header.
fn proxied(attempts: u32) -> Choices {
    Choices { attempts, trust_proxy: true, ..Choices::default() }
}

fn login_from(site: &Site, client: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    site.ask_with("POST", "/api/auth/login", None, &[("x-forwarded-for", client)], &body)
}

/// Registers from this client address, which is familiar from then on.
fn register_from(site: &Site, client: &str, email: &str) {
    let body = json!({
        "organization_name": "Acme", "email": email, "password": PASSWORD, "first_name": "A", "last_name": "L",
    });
    let headers = [("x-forwarded-for", client)];
    let answer = site.ask_with("POST", "/api/auth/register", None, &headers, &body);
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn delays_after_failures_grow_and_apply_to_the_correct_password_too() {
    assert_same(on_both_with(&choices(3, true), |site| {
        let mut talk = Talk::new(site);
        let ada = site.register("Acme", "ada@example.org");
        site.register("Other", "bob@example.org");
        talk.login(401, "ada@example.org", WRONG);
        talk.login(401, "ADA@example.org", WRONG);
        pass(Duration::from_secs(24 * 60 * 60 - 1));
        talk.login(401, "Ada@Example.org", WRONG);
        let limited = talk.login(429, "ada@example.org", PASSWORD);
        assert_eq!(limited.body["code"], "too_many_attempts");
        assert_eq!(limited.headers["retry-after"], "30");
        // The limit also applies to the current password of a signed-in user.
        let token = site.sign_in("bob@example.org").token;
        talk.me(200, &token);
        let refreshed = talk.refresh(200, &ada.refresh);
        let token = super::text(&refreshed, "access_token");
        let body = json!({"current_password": PASSWORD, "new_password": "another one, as good"});
        talk.post(429, Some(&token), "/api/auth/password", body);
        let body = json!({"current_password": PASSWORD, "email": "new@example.org"});
        talk.post(429, Some(&token), "/api/auth/email", body);
        // Unknown addresses are limited in the same way.
        for _ in 0..3 {
            talk.login(401, "nobody@example.org", WRONG);
        }
        talk.login(429, "nobody@example.org", WRONG);
        pass(Duration::from_millis(29_999));
        let limited = talk.login(429, "ada@example.org", PASSWORD);
        assert_eq!(limited.headers["retry-after"], "1");
        pass(Duration::from_millis(1));
        talk.login(401, "ada@example.org", WRONG);
        let limited = talk.login(429, "ada@example.org", WRONG);
        assert_eq!(limited.headers["retry-after"], "60");
        pass(Duration::from_secs(60));
        talk.login(200, "ada@example.org", PASSWORD);
        talk.login(401, "ada@example.org", WRONG);
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
fn the_owner_signs_in_during_an_attack_from_other_addresses_also_after_a_restart() {
    assert_same(on_both_with(&proxied(3), |site| {
        register_from(site, "192.0.2.1", "ada@example.org");
        // Each address guesses once: the limit for the e-mail address is ten times that for one client address.
        let guess = |site: &Site, number: u32| {
            login_from(site, &format!("198.51.100.{number}"), "ada@example.org", WRONG).status
        };
        let statuses: Vec<u16> = (0..40).map(|number| guess(site, number)).collect();
        assert_eq!(statuses.iter().position(|status| *status == 429), Some(30), "{statuses:?}");
        assert!(statuses[30..].iter().all(|status| *status == 429), "{statuses:?}");
        // Another address does not help, also with the right password: it could be a guess.
        assert_eq!(login_from(site, "203.0.113.9", "ada@example.org", PASSWORD).status, 429);
        assert_eq!(login_from(site, "192.0.2.1", "ada@example.org", PASSWORD).status, 200);
        let restarted = site.beside(&proxied(3));
        assert_eq!(guess(&restarted, 77), 429, "a restart resets no limit");
        // Guesses from the address of the owner are limited by themselves.
        let own = |password| login_from(&restarted, "192.0.2.1", "ada@example.org", password).status;
        assert_eq!([own(WRONG), own(WRONG), own(WRONG), own(WRONG)], [401, 401, 401, 429]);
        pass(Duration::from_secs(30));
        assert_eq!(own(PASSWORD), 200);
        pass(Duration::from_secs(15 * 60));
        assert_eq!(login_from(&restarted, "203.0.113.9", "ada@example.org", PASSWORD).status, 200);
        statuses
    }));
}

#[test]
fn one_client_address_is_limited_for_all_e_mail_addresses() {
    assert_same(on_both_with(&proxied(2), |site| {
        register_from(site, "192.0.2.1", "ada@example.org");
        let statuses: Vec<u16> = (0..12)
            .map(|number| login_from(site, "192.0.2.1", &format!("p{number}@example.org"), WRONG).status)
            .collect();
        assert_eq!(statuses.iter().position(|status| *status == 429), Some(10), "{statuses:?}");
        // The users who have signed in from there before are not locked out.
        assert_eq!(login_from(site, "192.0.2.1", "ada@example.org", PASSWORD).status, 200);
        statuses
    }));
}

#[test]
fn concurrent_attempts_in_two_processes_do_not_bypass_the_limit() {
    on_both_with(&choices(3, true), |site| {
        let other = site.beside(&choices(3, true));
        let requests = || -> Vec<_> {
            let body = json!({"email": "ada@example.org", "password": WRONG}).to_string();
            let request = || {
                axum::http::Request::post("/api/auth/login")
                    .header("content-type", "application/json")
                    .body(axum::body::Body::from(body.clone()))
                    .expect("a request")
            };
            (0..16).map(|_| request()).collect()
        };
        let statuses = std::thread::scope(|scope| {
            let there = scope.spawn(|| other.send_at_once(requests()));
            let mut answers = site.send_at_once(requests());
            answers.extend(there.join().expect("no panic"));
            answers.into_iter().map(|answer| answer.status).collect::<Vec<_>>()
        });
        let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
        assert_eq!((count(401), count(429)), (3, 29), "{} {statuses:?}", site.backend);
    });
}

#[test]
fn an_attempt_that_cannot_be_counted_is_not_made() {
    on_both_with(&choices(3, true), |site| {
        site.register("Acme", "ada@example.org");
        let before = site.rows("sessions");
        site.execute(REFUSE_COUNTERS);
        let attempt = |password| {
            let body = json!({"email": "ada@example.org", "password": password});
            site.ask("POST", "/api/auth/login", None, &body)
        };
        // More often than wrong passwords are permitted, and the right one gives no other response.
        for password in [WRONG, PASSWORD, WRONG, PASSWORD, WRONG, PASSWORD] {
            assert_eq!(attempt(password).status, 500);
        }
        assert_eq!(site.rows("sessions"), before);
        site.execute(ACCEPT_COUNTERS);
        assert_eq!(attempt(PASSWORD).status, 200);
    });
}

/// For SQLite and PostgreSQL.
const REFUSE_COUNTERS: [&str; 2] = [
    "CREATE TRIGGER refuse BEFORE INSERT ON attempt_counters BEGIN SELECT RAISE(ABORT, 'refused'); END",
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
     CREATE TRIGGER refuse BEFORE INSERT ON attempt_counters FOR EACH ROW EXECUTE FUNCTION refuse()",
];
const ACCEPT_COUNTERS: [&str; 2] = ["DROP TRIGGER refuse", "DROP FUNCTION refuse CASCADE"];

#[test]
fn a_right_password_is_no_failure_whatever_follows() {
    assert_same(on_both_with(&choices(2, true), |site| {
        let mut talk = Talk::new(site);
        let staff = site.staff("staff@example.org");
        let ada = site.register("Acme", "ada@example.org");
        site.join(&ada, "member", "member@example.org");
        // The address is in use.
        let body = json!({"email": "member@example.org", "current_password": PASSWORD});
        for _ in 0..4 {
            talk.post(409, Some(&ada.token), "/api/auth/email", body.clone());
        }
        let organization = talk.me(200, &ada.token).body["organization"]["id"].clone();
        let at = format!("/api/organizations/{organization}");
        site.expect(200, &staff, "PATCH", &at, &json!({"status": "suspended"}));
        for _ in 0..4 {
            talk.login(403, "ada@example.org", PASSWORD);
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
