//! The end of an organization: closed, exported, reopened, erased.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::foreign::one_of_each;
use super::organization::Organization;
use super::routes::all;
use crate::app::App;
use crate::site::{PASSWORD, Person, Site, on_both, pass};

/// How long a closed organization can be reopened, as documented.
const GRACE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

fn login(site: &Site, person: &Person) -> u16 {
    let body = json!({"email": person.email, "password": PASSWORD});
    site.ask("POST", "/api/auth/login", None, &body).status
}

#[test]
fn a_closed_organization_can_be_reopened_and_is_erased_after_its_grace_time() {
    let (sqlite, postgres) = on_both(|site| {
        let mut steps = Vec::new();
        let mut ask = |status: u16, person: &Person, method: &str, path: &str, body: Value| {
            let told = site.expect(status, person, method, path, &body);
            steps.push((format!("{method} {status}"), told["code"].clone()));
            told
        };
        let staff = site.staff("staff@example.org");
        let owner = site.register("Acme", "owner@example.org");
        let admin = site.join(&owner, "admin", "admin@example.org");
        let id = site.expect(200, &owner, "GET", "/api/auth/me", &Value::Null)["organization"]["id"].clone();
        let at = format!("/api/organizations/{id}");
        let act = |action: &str| format!("{at}/{action}");
        ask(409, &staff, "DELETE", &at, Value::Null);
        ask(409, &staff, "POST", &act("reopen"), Value::Null);
        ask(403, &admin, "POST", &act("close"), Value::Null);
        // Only by the action, which sets the time of the end.
        ask(422, &staff, "PATCH", &at, json!({"status": "closed"}));
        ask(422, &staff, "POST", "/api/organizations", json!({"name": "X", "status": "closed"}));
        let closed = ask(200, &owner, "POST", &act("close"), Value::Null);
        assert_eq!(closed["status"], "closed");
        assert_eq!(
            closed["closing_at"], "2026-03-02T12:00:00.500000Z",
            "30 days after the start of the clock"
        );
        ask(409, &staff, "POST", &act("close"), Value::Null);
        ask(409, &staff, "PATCH", &at, json!({"status": "active"}));
        ask(409, &staff, "DELETE", &at, Value::Null);
        for person in [&owner, &admin] {
            let refresh = json!({"refresh_token": person.refresh});
            assert_eq!(site.ask("POST", "/api/auth/refresh", None, &refresh).status, 401);
            assert_eq!(login(site, person), 403);
        }

        let reopened = ask(200, &staff, "POST", &act("reopen"), Value::Null);
        assert_eq!((&reopened["status"], &reopened["closing_at"]), (&json!("active"), &Value::Null));
        let owner = site.sign_in(&owner.email);
        ask(403, &owner, "POST", &act("reopen"), Value::Null);
        ask(200, &owner, "POST", &act("close"), Value::Null);

        pass(GRACE - Duration::from_secs(1));
        let staff = site.sign_in(&staff.email);
        ask(409, &staff, "DELETE", &at, Value::Null);
        pass(Duration::from_secs(1));
        ask(409, &staff, "POST", &act("reopen"), Value::Null);
        ask(204, &staff, "DELETE", &at, Value::Null);
        ask(404, &staff, "GET", &at, Value::Null);
        assert_eq!(login(site, &owner), 401, "unknown");
        // The address is free again.
        site.register("Acme", &owner.email);
        steps
    });
    assert_eq!(sqlite, postgres);
}

/// The lines of an export.
fn export(site: &Site, id: &Value) -> Vec<Value> {
    let app = App::new();
    let id = id.to_string();
    let arguments = ["organization", "export", &id, "rows.jsonl", "--database-url", &site.address];
    app.expect(0, &arguments);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(app.path("rows.jsonl")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "only the owner may read it");
    }
    // An export is replaced, another file is not.
    app.expect(0, &arguments);
    std::fs::write(app.path("other"), "Dear").expect("write");
    app.expect(2, &["organization", "export", &id, "other", "--database-url", &site.address]);
    app.expect(2, &["organization", "export", "0", "none", "--database-url", &site.address]);
    assert!(!app.path("none").exists());
    let text = std::fs::read_to_string(app.path("rows.jsonl")).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The number of rows by table, from the lines of an export, compared with its last line.
fn counts(lines: &[Value], id: &Value) -> BTreeMap<String, u64> {
    let (first, rest) = lines.split_first().expect("a first line");
    let (last, rows) = rest.split_last().expect("a last line");
    assert_eq!((&first["format"], &first["organization_id"]), (&json!("backoffice-export"), id));
    let mut counts = BTreeMap::new();
    for line in rows {
        *counts.entry(line["table"].as_str().expect("a table").to_owned()).or_default() += 1_u64;
    }
    for (table, count) in last["row_counts"].as_object().expect("counts") {
        assert_eq!(
            counts.get(table).copied().unwrap_or_default(),
            count.as_u64().expect("a count"),
            "{table}"
        );
    }
    counts
}

/// Earlier versions closed an organization without a time to reopen it.
#[test]
fn an_organization_that_an_earlier_version_closed_can_be_closed_and_reopened() {
    on_both(|site| {
        let staff = site.staff("staff@example.org");
        let acme = Organization::open(site, "acme", &staff);
        site.execute(["UPDATE organizations SET status = 'closed'"; 2]);
        let address = format!("/api/organizations/{}", acme.id);
        let closed = site.expect(200, &staff, "POST", &format!("{address}/close"), &Value::Null);
        assert!(closed["closing_at"].is_string(), "{closed}");
        let reopened = site.expect(200, &staff, "POST", &format!("{address}/reopen"), &Value::Null);
        assert_eq!(reopened["status"], "active");
    });
}

#[test]
fn all_rows_of_an_organization_are_exported_and_erased_and_no_others() {
    on_both(|site| {
        let staff = site.staff("staff@example.org");
        let routes = all();
        let (acme, other) =
            (Organization::open(site, "acme", &staff), Organization::open(site, "other", &staff));
        for organization in [&acme, &other] {
            one_of_each(organization, &routes);
            let body = json!({"name": "n"});
            let token = Some(organization.owner().token.as_str());
            let once = [("idempotency-key", "1")];
            assert_eq!(site.ask_with("POST", "/api/customers", token, &once, &body).status, 201);
        }
        let before = export(site, &other.id);
        let lines = export(site, &acme.id);
        let exported = counts(&lines, &acme.id);
        let text = Value::from(lines).to_string();
        assert!(!text.contains("$argon2") && !text.contains("other.example"), "{text}");
        for secret in ["password_hash", "config_encrypted", "auth_subject"] {
            assert!(!text.contains(&format!("\"{secret}\":")), "{secret}");
        }

        let address = format!("/api/organizations/{}", acme.id);
        site.expect(200, &staff, "POST", &format!("{address}/close"), &Value::Null);
        let closed = counts(&export(site, &acme.id), &acme.id);
        let tables = |counts: &BTreeMap<String, u64>| counts.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(tables(&closed), tables(&exported), "also while it is closed");
        // Every table with rows of organizations, without sessions and stored responses.
        let not_exported = ["attempt_counters", "contact_submissions", "sessions", "idempotency_keys"];
        let all: BTreeSet<String> =
            backoffice::registry::tables().iter().map(|table| table.name().to_owned()).collect();
        let expected: BTreeSet<String> =
            all.into_iter().filter(|table| !not_exported.contains(&table.as_str())).collect();
        assert_eq!(tables(&exported), expected, "on {}", site.backend);

        pass(GRACE);
        let staff = site.sign_in(&staff.email);
        site.expect(204, &staff, "DELETE", &address, &Value::Null);
        let missing = acme.id.to_string();
        App::new().expect(2, &["organization", "export", &missing, "gone", "--database-url", &site.address]);
        // Apart from the time of the export.
        assert_eq!(export(site, &other.id)[1..], before[1..], "on {}", site.backend);
        // Nothing else is left: one user is staff.
        for (table, count) in counts(&before, &other.id) {
            let expected = i64::try_from(count).expect("few") + i64::from(table == "users");
            assert_eq!(site.rows(&table), expected, "{table} on {}", site.backend);
        }
    });
}
