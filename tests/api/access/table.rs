//! The rights within an organization as tables, compared with the results of trying every operation.
//!
//! Each principal tries a row of their own and a row of another user.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::ROLES;
use super::drafts::{change, order};
use super::organization::{Organization, text};
use super::routes::{Kind, Route, all};
use crate::site::{Person, Site, on_both};

/// Create, read, update, delete, list. An upper-case letter is a right on all rows of the organization, a lower-case letter
/// on own rows only; `-` is no right.
///
/// Owners and admins have all rights, except on the subscription, which staff set. Members do the daily work, but change
/// neither settings, users nor completed payments. Clients and freelancers are external: they see their own projects, and
/// have files, tasks and reports of their own. Staff operate the installation: they see organizations, their subscriptions
/// and contact submissions, and no other data of organizations.
const RIGHTS: &str = "
resource               staff  owner  admin  member client freelancer
activities             -----  -R--L  -R--L  -r--l  -r--l  -r--l
applicant-embeddings   -----  CRUDL  CRUDL  CRUDL  -----  -----
applicants             -----  CRUDL  CRUDL  CRUDL  -----  -----
batches                -----  CRUDL  CRUDL  CRUDL  Crudl  Crudl
bill-items             -----  CRUDL  CRUDL  CRUDL  -----  -----
bills                  -----  CRUDL  CRUDL  CRUDL  -----  -----
connector-configs      -----  Crudl  Crudl  Crudl  Crudl  Crudl
contact-submissions    CRUDL  C----  C----  C----  C----  C----
customers              -----  CRUDL  CRUDL  CRUDL  -----  -----
documents              -----  CRUDL  CRUDL  CRUDL  cr--l  cr--l
field-corrections      -----  CRUDL  CRUDL  CRUDL  -----  -----
field-mappings         -----  crudl  crudl  crudl  crudl  crudl
investment-valuations  -----  CRUDL  CRUDL  -R--L  -r--l  -----
investments            -----  CRUDL  CRUDL  -R--L  -r--l  -----
matches                -----  CRUDL  CRUDL  CRUDL  -----  -----
milestones             -----  CRUDL  CRUDL  CRUDL  -r--l  -ru-l
notifications          -----  Crudl  Crudl  Crudl  -rudl  -rudl
organization-settings  -----  CRUDL  CRUDL  -R--L  -----  -----
organizations          CRUDL  -RU-L  -RU-L  -R--L  -R--L  -R--L
payments               -----  CRUDL  CRUDL  CR--L  -r--l  -r--l
products               -----  CRUDL  CRUDL  CRUDL  -----  -----
project-embeddings     -----  CRUDL  CRUDL  CRUDL  -----  -----
projects               -----  CRUDL  CRUDL  CRUDL  -r--l  -r--l
recurring-patterns     -----  CRUDL  CRUDL  CRUDL  crudl  crudl
report-runs            -----  CRUDL  CRUDL  Crudl  Crudl  Crudl
subscriptions          CRU-L  -R--L  -R--L  -----  -----  -----
tasks                  -----  CRUDL  CRUDL  CRUDL  crudl  crudl
usage-logs             -----  CRUDL  CRUDL  CR--L  -----  -----
users                  -----  -RUDL  -RUDL  -Ru-L  -ru--  -ru--
";

/// Like [`RIGHTS`], for actions. Clients decide about the money of their projects, freelancers submit their work;
/// members may prepare payments, but neither release nor refund them, nor void anything. Only the owner and staff close an
/// organization.
const ACTIONS: &str = "
resource                     staff  owner  admin  member client freelancer
bills/issue                  -      Y      Y      Y      -      -
bills/pay                    -      Y      Y      Y      -      -
bills/refund                 -      Y      Y      -      -      -
bills/void                   -      Y      Y      -      -      -
documents/approve            -      Y      Y      Y      -      -
documents/archive            -      Y      Y      Y      -      -
documents/reject             -      Y      Y      Y      -      -
milestones/approve           -      Y      Y      Y      y      -
milestones/release           -      Y      Y      -      y      -
milestones/submit            -      Y      Y      Y      -      y
organizations/close          Y      Y      -      -      -      -
organizations/reopen         Y      -      -      -      -      -
payments/void                -      Y      Y      -      -      -
projects/match               -      Y      Y      Y      -      -
recurring-patterns/generate  -      Y      Y      Y      y      y
tasks/complete               -      Y      Y      Y      y      y
usage-logs/void              -      Y      Y      -      -      -
invitations                  -      Y      Y      -      -      -
usage summary                -      Y      Y      -      -      -
";

/// The letter in the table for this verb and principal.
pub(super) fn letter(resource: &str, verb: char, principal: &str) -> char {
    let cell = cell(RIGHTS, resource, principal);
    let place = "CRUDL".find(verb).expect("a verb");
    cell.chars().nth(place).expect("a letter")
}

/// The letter in the table of actions.
pub(super) fn action_letter(resource: &str, action: &str, principal: &str) -> char {
    cell(ACTIONS, &format!("{resource}/{action}"), principal).chars().next().expect("a letter")
}

fn cell<'t>(table: &'t str, row: &str, principal: &str) -> &'t str {
    let words = |line: &'t str| line.split_whitespace().collect::<Vec<_>>();
    let mut lines = table.lines().filter(|line| !line.is_empty());
    let place = words(lines.next().expect("a head")).iter().position(|word| *word == principal);
    let line = lines.find(|line| line.split_whitespace().next() == Some(row));
    words(line.unwrap_or_else(|| panic!("{row} is not in the table")))[place.expect("a principal")]
}

/// All principals: staff, and one user per role.
struct Principals<'a> {
    organization: Organization<'a>,
    staff: Person,
    routes: Vec<Route>,
}

impl<'a> Principals<'a> {
    fn of(site: &'a Site) -> Self {
        let staff = site.staff("staff@example.org");
        Self { organization: Organization::open(site, "acme", &staff), staff, routes: all() }
    }

    /// The principal, and another user whose row they try, if there is one.
    fn pair(&self, resource: &str, principal: &str) -> (Person, Option<Person>, Person) {
        let site = self.organization.site;
        // A deleted user cannot try again.
        let new = |role: &str| {
            let email = format!("{role}{}@acme.example", self.organization.serial());
            site.join(self.organization.owner(), role, &email)
        };
        match (resource, principal) {
            ("users", "staff") => (self.staff.clone(), None, new("member")),
            ("users", role) => {
                let caller = new(role);
                (caller.clone(), Some(caller), new("member"))
            }
            (_, "staff") => (self.staff.clone(), None, self.organization.owner().clone()),
            (_, role) => {
                let caller = self.organization.person(role).clone();
                let other = if role == "owner" { "member" } else { "owner" };
                (caller.clone(), Some(caller), self.organization.person(other).clone())
            }
        }
    }

    /// Whether the request is permitted: an error about the state of a row counts as permitted.
    fn may(&self, caller: &Person, method: &str, address: &str, body: &Value) -> bool {
        let answer = self.organization.site.ask(method, address, Some(&caller.token), body);
        match answer.status {
            200..=299 | 409 => true,
            403 | 404 => false,
            // A reference to a row that is not visible is an unknown reference.
            422 if answer.body["errors"][0]["code"] == "unknown_reference" => false,
            other => panic!("{} {method} {address} {body}: {other} {}", caller.email, answer.body),
        }
    }

    /// Whether the principal may perform this action on an organization, which has no other use afterwards.
    fn may_end(&self, principal: &str, action: &str) -> bool {
        let site = self.organization.site;
        let number = self.organization.serial();
        let owner = site.register("Ending", &format!("owner{number}@ending.example"));
        let me = site.expect(200, &owner, "GET", "/api/auth/me", &Value::Null);
        let caller = match principal {
            "staff" => self.staff.clone(),
            "owner" => owner,
            role => site.join(&owner, role, &format!("{role}{number}@ending.example")),
        };
        let address = format!("/api/organizations/{}/{action}", me["organization"]["id"]);
        self.may(&caller, "POST", &address, &order(action))
    }

    fn has(&self, resource: &str, method: &str) -> bool {
        let of_thing = |route: &&Route| match route.kind() {
            Kind::All { resource: found }
            | Kind::Under { resource: found, .. }
            | Kind::One { resource: found } => found == resource,
            Kind::Action { .. } | Kind::Other => false,
        };
        self.routes.iter().filter(of_thing).any(|route| route.method == method)
    }

    /// `CRUDL` for the operations of this caller on rows of this user.
    fn found(&self, resource: &str, caller: &Person, about: &Person) -> String {
        let mut found = String::new();
        let may_create = self.has(resource, "POST") && {
            let draft = self.organization.draft(resource, about);
            self.may(caller, "POST", &draft.address, &draft.body)
        };
        found.push(if may_create { 'C' } else { '-' });
        let id = self.organization.make(resource, about);
        let address = format!("/api/{resource}/{}", text(&id));
        let row = self.organization.site.ask("GET", &address, Some(&caller.token), &Value::Null);
        found.push(if row.status == 200 { 'R' } else { '-' });
        assert!([200, 403, 404].contains(&row.status), "{}", row.body);
        let is_listed = self.is_listed(resource, caller, about, &id);
        let may_change =
            self.has(resource, "PATCH") && self.may(caller, "PATCH", &address, &change(resource));
        found.push(if may_change { 'U' } else { '-' });
        let may_delete = self.has(resource, "DELETE") && {
            let address = match (resource, caller.id == self.staff.id) {
                // The organization must exist afterwards.
                ("organizations", true) => {
                    let body = self.organization.draft(resource, about).body;
                    let new = self.organization.site.expect(201, caller, "POST", "/api/organizations", &body);
                    format!("/api/organizations/{}", text(&new["id"]))
                }
                _ => address,
            };
            self.may(caller, "DELETE", &address, &Value::Null)
        };
        found.push(if may_delete { 'D' } else { '-' });
        found.push(if is_listed { 'L' } else { '-' });
        found
    }

    /// Whether the row is in a list of this caller.
    fn is_listed(&self, resource: &str, caller: &Person, about: &Person, id: &Value) -> bool {
        let site = self.organization.site;
        let shows = |address: &str| {
            let answer = site.ask("GET", address, Some(&caller.token), &Value::Null);
            assert!([200, 403, 404].contains(&answer.status), "{address} {}", answer.body);
            let items = answer.body["items"].as_array().cloned().unwrap_or_default();
            items.iter().any(|item| item["id"] == *id)
        };
        let row = || {
            let address = format!("/api/{resource}/{}", text(id));
            site.expect(200, self.organization.who_sees(resource, about), "GET", &address, &Value::Null)
        };
        self.routes.iter().filter(|route| route.method == "GET").any(|route| {
            let newest = "limit=200&sort=-id";
            match route.kind() {
                Kind::All { resource: found } if found == resource => {
                    let plain = format!("{}?{newest}", route.address);
                    let filtered = format!("{plain}&user_id={}", about.id);
                    shows(&plain) || (route.filters.iter().any(|name| name == "user_id") && shows(&filtered))
                }
                Kind::Under { parent, resource: found } if found == resource => {
                    let row = row();
                    let parent_id = &row[super::lists::column(parent)];
                    let address = route.address.replace("{parent_id}", &text(parent_id));
                    !parent_id.is_null() && parent != resource && shows(&format!("{address}?{newest}"))
                }
                _ => false,
            }
        })
    }
}

/// Combines own and other rows: an upper-case letter for both.
fn joined(own: Option<&str>, other: &str, at: &str) -> String {
    let Some(own) = own else {
        return other.to_owned();
    };
    let join = |(own, other): (char, char)| match (own, other) {
        ('-', '-') => '-',
        (letter, '-') => letter.to_ascii_lowercase(),
        ('-', _) => panic!("{at}: what is about others, but not what is about oneself: {own} {other}"),
        (letter, _) => letter,
    };
    own.chars().zip(other.chars()).map(join).collect()
}

/// A line of a table: the cells are aligned with the head.
fn line(width: usize, row: &str, cells: &[String]) -> String {
    let mut line = format!("{row:width$}");
    for cell in cells {
        write!(line, "  {cell:5}").expect("texts can be written");
    }
    format!("{}\n", line.trim_end())
}

fn head(table: &str) -> String {
    format!("\n{}\n", table.lines().nth(1).expect("a head"))
}

#[test]
fn operations_are_permitted_as_in_the_table() {
    on_both(|site| {
        let everybody = Principals::of(site);
        let things: BTreeSet<&str> = everybody
            .routes
            .iter()
            .filter_map(|route| match route.kind() {
                Kind::All { resource } | Kind::Under { resource, .. } | Kind::One { resource } => {
                    Some(resource)
                }
                Kind::Action { .. } | Kind::Other => None,
            })
            .collect();
        let mut found = head(RIGHTS);
        for resource in things {
            let cells = ["staff"].into_iter().chain(ROLES).map(|principal| {
                let (caller, own, other) = everybody.pair(resource, principal);
                let own = own.map(|own| everybody.found(resource, &caller, &own));
                // Staff have no users to delete; the last owner stays: 409.
                let caller = if resource == "users" && own.is_some() {
                    everybody.pair(resource, principal).0
                } else {
                    caller
                };
                let other = everybody.found(resource, &caller, &other);
                joined(own.as_deref(), &other, &format!("{resource} {principal}"))
            });
            found.push_str(&line(21, resource, &cells.collect::<Vec<_>>()));
        }
        assert_eq!(found, RIGHTS, "on {}:{found}", site.backend);
    });
}

#[test]
fn actions_are_permitted_as_in_the_table() {
    on_both(|site| {
        let everybody = Principals::of(site);
        let mut found = head(ACTIONS);
        let mut actions: Vec<(&str, &str)> = everybody
            .routes
            .iter()
            .filter_map(|route| match route.kind() {
                Kind::Action { resource, action } => Some((resource, action)),
                _ => None,
            })
            .collect();
        actions.sort_unstable();
        let principals = || ["staff"].into_iter().chain(ROLES);
        let letter = |may: bool| if may { "Y" } else { "-" };
        for (resource, action) in actions {
            let cells = principals().map(|principal| {
                if resource == "organizations" {
                    return letter(everybody.may_end(principal, action)).to_owned();
                }
                let (caller, own, other) = everybody.pair(resource, principal);
                let attempt = |about: &Person| {
                    let id = everybody.organization.make_for(resource, action, about);
                    let address = format!("/api/{resource}/{}/{action}", text(&id));
                    letter(everybody.may(&caller, "POST", &address, &order(action)))
                };
                let own = own.map(|own| attempt(&own));
                joined(own, attempt(&other), &format!("{resource} {action} {principal}"))
            });
            let cells: Vec<_> = cells.collect();
            found.push_str(&line(27, &format!("{resource}/{action}"), &cells));
        }
        let of_all = |attempt: &dyn Fn(&Person) -> bool| {
            let caller = |principal| everybody.pair("tasks", principal).0;
            principals().map(|principal| letter(attempt(&caller(principal))).to_owned()).collect::<Vec<_>>()
        };
        let invited = of_all(&|caller| {
            let email = format!("invited{}@acme.example", everybody.organization.serial());
            let body = serde_json::json!({"email": email, "first_name": "F", "last_name": "L"});
            everybody.may(caller, "POST", "/api/auth/invitations", &body)
        });
        found.push_str(&line(27, "invitations", &invited));
        let summary = "/api/usage-logs/summary?billing_period=2026-01";
        let summary = of_all(&|caller| everybody.may(caller, "GET", summary, &Value::Null));
        found.push_str(&line(27, "usage summary", &summary));
        assert_eq!(found, ACTIONS, "on {}:{found}", site.backend);
    });
}
