//! Ended means ended: at once in the process that made the change, within five seconds in others, and after a restart.

use std::time::Duration;

use serde_json::{Value, json};

use crate::site::{Choices, PASSWORD, Person, Site, on_both, pass};

/// The maximum age of what a process knows about a session.
const MAX_AGE: Duration = Duration::from_secs(5);
const ME: &str = "/api/auth/me";

/// Somebody whose access ends, and those who can end it.
struct Scene<'a> {
    site: &'a Site,
    staff: &'a Person,
    owner: Person,
    ada: Person,
    /// Another session of Ada.
    elsewhere: Person,
}

impl Scene<'_> {
    fn organization(&self) -> String {
        let me = self.site.expect(200, &self.owner, "GET", ME, &Value::Null);
        format!("/api/organizations/{}", me["organization"]["id"])
    }

    fn user(&self) -> String {
        format!("/api/users/{}", self.ada.id)
    }

    fn ask(&self, status: u16, person: &Person, method: &str, path: &str, body: Value) {
        self.site.expect(status, person, method, path, &body);
    }
}

/// What ends the access of Ada, and the status of a refresh afterwards.
type Ending = (&'static str, fn(&Scene<'_>), u16);

const ENDINGS: [Ending; 8] = [
    ("signing out", |scene| scene.ask(204, &scene.ada, "POST", "/api/auth/logout", Value::Null), 401),
    (
        "signing out everywhere",
        |scene| scene.ask(204, &scene.elsewhere, "POST", "/api/auth/logout-all", Value::Null),
        401,
    ),
    (
        "a new password",
        |scene| {
            let body = json!({"current_password": PASSWORD, "new_password": "another one, as good"});
            scene.ask(204, &scene.elsewhere, "POST", "/api/auth/password", body);
        },
        401,
    ),
    (
        "a refresh token that is used again",
        |scene| {
            let refresh = |status| {
                let body = json!({"refresh_token": scene.ada.refresh});
                assert_eq!(scene.site.ask("POST", "/api/auth/refresh", None, &body).status, status);
            };
            refresh(200);
            refresh(401);
        },
        401,
    ),
    ("removal", |scene| scene.ask(204, &scene.owner, "DELETE", &scene.user(), Value::Null), 401),
    (
        "a lower role",
        |scene| scene.ask(200, &scene.owner, "PATCH", &scene.user(), json!({"role": "client"})),
        200,
    ),
    (
        "a suspended organization",
        |scene| scene.ask(200, scene.staff, "PATCH", &scene.organization(), json!({"status": "suspended"})),
        403,
    ),
    (
        "a closed organization",
        |scene| scene.ask(200, scene.staff, "POST", &format!("{}/close", scene.organization()), json!({})),
        401,
    ),
];

fn status(site: &Site, person: &Person) -> u16 {
    site.ask("GET", ME, Some(&person.token), &Value::Null).status
}

#[test]
fn every_ending_is_effective_in_every_process_and_after_a_restart() {
    on_both(|site| {
        let staff = site.staff("staff@example.org");
        for (number, (ending, end, refreshed)) in (0..).zip(ENDINGS) {
            let other = site.beside(&Choices::default());
            let owner = site.register("Acme", &format!("owner{number}@example.org"));
            let ada = site.join(&owner, "admin", &format!("ada{number}@example.org"));
            let elsewhere = site.sign_in(&ada.email);
            let scene = Scene { site, staff: &staff, owner, ada, elsewhere };
            // Both processes know the session.
            for process in [site, &other] {
                assert_eq!(status(process, &scene.ada), 200, "{ending}");
            }
            end(&scene);
            let label = format!("{ending} on {}", site.backend);
            assert_eq!(status(site, &scene.ada), 401, "{label}: at once");
            let restarted = site.beside(&Choices::default());
            assert_eq!(status(&restarted, &scene.ada), 401, "{label}: after a restart");
            pass(MAX_AGE);
            assert_eq!(status(&other, &scene.ada), 401, "{label}: in another process");
            let body = json!({"refresh_token": scene.ada.refresh});
            let refresh = other.ask("POST", "/api/auth/refresh", None, &body);
            assert_eq!(refresh.status, refreshed, "{label}: {}", refresh.body);
            // The owner stays, unless the organization ends; so does the other session, unless the user's access ends.
            let stays = ending != "removal" && !ending.ends_with("organization");
            assert_eq!(status(&other, &scene.owner) == 200, stays || ending == "removal", "{label}");
            let is_one =
                matches!(ending, "signing out" | "a new password" | "a refresh token that is used again");
            assert_eq!(status(&other, &scene.elsewhere) == 200, is_one, "{label}");
        }
    });
}

#[test]
fn within_five_seconds_a_session_costs_one_query() {
    on_both(|site| {
        let other = site.beside(&Choices::default());
        let ada = site.register("Acme", "ada@example.org");
        assert_eq!(status(&other, &ada), 200);
        site.expect(204, &ada, "POST", "/api/auth/logout", &Value::Null);
        // The other process still knows the session: it does not ask.
        pass(MAX_AGE - Duration::from_micros(1));
        assert_eq!(status(&other, &ada), 200);
        pass(Duration::from_micros(1));
        assert_eq!(status(&other, &ada), 401);
    });
}

#[test]
fn role_and_rights_are_those_of_the_row() {
    on_both(|site| {
        let other = site.beside(&Choices::default());
        let owner = site.register("Acme", "owner@example.org");
        let ada = site.join(&owner, "admin", "ada@example.org");
        let list = |process: &Site, token: &str| {
            process.ask("GET", "/api/subscriptions", Some(token), &Value::Null).status
        };
        assert_eq!(list(&other, &ada.token), 200);
        let at = format!("/api/users/{}", ada.id);
        site.expect(200, &owner, "PATCH", &at, &json!({"role": "member"}));
        pass(MAX_AGE);
        let body = json!({"refresh_token": ada.refresh});
        let refreshed = other.ask("POST", "/api/auth/refresh", None, &body).body;
        let token = refreshed["access_token"].as_str().expect("a token");
        assert_eq!((list(&other, token), list(site, token)), (403, 403));
        // Other changes of the user end no access.
        site.expect(200, &owner, "PATCH", &at, &json!({"role": "member", "first_name": "Ada"}));
        assert_eq!(list(site, token), 403);
    });
}

#[test]
fn an_organization_that_is_active_again_gives_access_after_a_refresh() {
    on_both(|site| {
        let staff = site.staff("staff@example.org");
        let owner = site.register("Acme", "owner@example.org");
        let me = site.expect(200, &owner, "GET", ME, &Value::Null);
        let at = format!("/api/organizations/{}", me["organization"]["id"]);
        for status in ["suspended", "active"] {
            site.expect(200, &staff, "PATCH", &at, &json!({"status": status}));
        }
        assert_eq!(status(site, &owner), 401, "{}", site.backend);
        let body = json!({"refresh_token": owner.refresh});
        let refreshed = site.ask("POST", "/api/auth/refresh", None, &body).body;
        let token = refreshed["access_token"].as_str().expect("a token");
        assert_eq!(site.ask("GET", ME, Some(token), &Value::Null).status, 200);
    });
}

#[test]
fn without_the_database_there_is_no_access() {
    on_both(|site| {
        let ada = site.register("Acme", "ada@example.org");
        let away = site.beside(&Choices { is_ready: false, ..Choices::default() });
        // Without the session it would be 422: the body is rejected before the database is used.
        let answer = away.ask("POST", "/api/customers", Some(&ada.token), &json!({}));
        assert_eq!(answer.status, 503, "{}", site.backend);
    });
}
