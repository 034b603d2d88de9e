//! Who may do what within their organization, as a table, compared with what is found by trying all of it.
//!
//! A row is tried by each standing twice: one that is about the caller, and one that is about somebody else.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::ROLES;
use super::drafts::{change, order};
use super::organization::{Organization, text};
use super::routes::{Kind, Route, all};
use crate::site::{Person, Site, on_both};

/// Create, read, update, delete, list. A capital letter: whatever of the organization it is about; a small one: only
/// what is about oneself; `-`: not.
///
/// Owners may do everything, and alone see to what the organization pays. Admins may do everything else. Members do
/// the daily work, but change neither settings, people nor money that moved. Clients and freelancers come from
/// outside: they see what they are part of, and have files, tasks and reports of their own. Staff run the
/// installation: they see organizations and what was written to them, and no organization's work.
const RIGHTS: &str = "
thing                  staff  owner  admin  member client freelancer
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
subscriptions          -----  CRUDL  -R--L  -----  -----  -----
tasks                  -----  CRUDL  CRUDL  CRUDL  crudl  crudl
usage-logs             -----  CRUDL  CRUDL  CR--L  -----  -----
users                  -----  -RUDL  -RUDL  -Ru-L  -ru--  -ru--
";

/// As [`RIGHTS`], for what is a step of its own. Clients decide about the money of their projects, freelancers say
/// when they are done; members may prepare money, but not release it or take a bill back.
const ACTIONS: &str = "
thing                        staff  owner  admin  member client freelancer
bills/issue                  -      Y      Y      Y      -      -
bills/pay                    -      Y      Y      Y      -      -
bills/void                   -      Y      Y      -      -      -
documents/approve            -      Y      Y      Y      -      -
documents/reject             -      Y      Y      Y      -      -
milestones/approve           -      Y      Y      Y      y      -
milestones/release           -      Y      Y      -      y      -
milestones/submit            -      Y      Y      Y      -      y
projects/match               -      Y      Y      Y      -      -
recurring-patterns/generate  -      Y      Y      Y      y      y
tasks/complete               -      Y      Y      Y      y      y
invitations                  -      Y      Y      -      -      -
usage summary                -      Y      Y      -      -      -
";

/// What the table says: the letter of this verb for this standing.
pub(super) fn letter(thing: &str, verb: char, standing: &str) -> char {
    let cell = cell(RIGHTS, thing, standing);
    let place = "CRUDL".find(verb).expect("a verb");
    cell.chars().nth(place).expect("a letter")
}

/// What the table of actions says.
pub(super) fn action_letter(thing: &str, action: &str, standing: &str) -> char {
    cell(ACTIONS, &format!("{thing}/{action}"), standing).chars().next().expect("a letter")
}

fn cell<'t>(table: &'t str, row: &str, standing: &str) -> &'t str {
    let words = |line: &'t str| line.split_whitespace().collect::<Vec<_>>();
    let mut lines = table.lines().filter(|line| !line.is_empty());
    let place = words(lines.next().expect("a head")).iter().position(|word| *word == standing);
    let line = lines.find(|line| line.split_whitespace().next() == Some(row));
    words(line.unwrap_or_else(|| panic!("{row} is not in the table")))[place.expect("a standing")]
}

/// Everybody who tries: staff, and one of each role.
struct Everybody<'a> {
    organization: Organization<'a>,
    staff: Person,
    routes: Vec<Route>,
}

impl<'a> Everybody<'a> {
    fn of(site: &'a Site) -> Self {
        let staff = site.staff("staff@example.org");
        Self { organization: Organization::open(site, "acme", &staff), staff, routes: all() }
    }

    /// Who tries, a row about them and a row about somebody else, where there is one.
    fn pair(&self, thing: &str, standing: &str) -> (Person, Option<Person>, Person) {
        let site = self.organization.site;
        // Who is taken away cannot try again.
        let new = |role: &str| {
            let email = format!("{role}{}@acme.example", self.organization.serial());
            site.join(self.organization.owner(), role, &email)
        };
        match (thing, standing) {
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

    /// Whether they are let: what the state of a row forbids was not forbidden to them.
    fn may(&self, caller: &Person, method: &str, address: &str, body: &Value) -> bool {
        let answer = self.organization.site.ask(method, address, Some(&caller.token), body);
        match answer.status {
            200..=299 | 409 => true,
            403 | 404 => false,
            // What they may not see is not there to refer to.
            422 if answer.body["errors"][0]["code"] == "unknown_reference" => false,
            other => panic!("{} {method} {address} {body}: {other} {}", caller.email, answer.body),
        }
    }

    fn has(&self, thing: &str, method: &str) -> bool {
        let of_thing = |route: &&Route| match route.kind() {
            Kind::All { thing: found } | Kind::Under { thing: found, .. } | Kind::One { thing: found } => {
                found == thing
            }
            Kind::Action { .. } | Kind::Other => false,
        };
        self.routes.iter().filter(of_thing).any(|route| route.method == method)
    }

    /// `CRUDL` for what this caller may do about this person.
    fn found(&self, thing: &str, caller: &Person, about: &Person) -> String {
        let mut found = String::new();
        let may_create = self.has(thing, "POST") && {
            let draft = self.organization.draft(thing, about);
            self.may(caller, "POST", &draft.address, &draft.body)
        };
        found.push(if may_create { 'C' } else { '-' });
        let id = self.organization.make(thing, about);
        let address = format!("/api/{thing}/{}", text(&id));
        let row = self.organization.site.ask("GET", &address, Some(&caller.token), &Value::Null);
        found.push(if row.status == 200 { 'R' } else { '-' });
        assert!([200, 403, 404].contains(&row.status), "{}", row.body);
        let is_listed = self.is_listed(thing, caller, about, &id);
        let may_change = self.has(thing, "PATCH") && self.may(caller, "PATCH", &address, &change(thing));
        found.push(if may_change { 'U' } else { '-' });
        let may_delete = self.has(thing, "DELETE") && {
            let address = match (thing, caller.id == self.staff.id) {
                // There has to be an organization afterwards.
                ("organizations", true) => {
                    let body = self.organization.draft(thing, about).body;
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

    /// Whether a list that this caller gets shows the row.
    fn is_listed(&self, thing: &str, caller: &Person, about: &Person, id: &Value) -> bool {
        let site = self.organization.site;
        let shows = |address: &str| {
            let answer = site.ask("GET", address, Some(&caller.token), &Value::Null);
            assert!([200, 403, 404].contains(&answer.status), "{address} {}", answer.body);
            let items = answer.body["items"].as_array().cloned().unwrap_or_default();
            items.iter().any(|item| item["id"] == *id)
        };
        let row = || {
            let address = format!("/api/{thing}/{}", text(id));
            site.expect(200, self.organization.who_sees(thing, about), "GET", &address, &Value::Null)
        };
        self.routes.iter().filter(|route| route.method == "GET").any(|route| {
            let newest = "limit=200&sort=-id";
            match route.kind() {
                Kind::All { thing: found } if found == thing => {
                    let plain = format!("{}?{newest}", route.address);
                    let filtered = format!("{plain}&user_id={}", about.id);
                    shows(&plain) || (route.filters.iter().any(|name| name == "user_id") && shows(&filtered))
                }
                Kind::Under { parent, thing: found } if found == thing => {
                    let row = row();
                    let parent_id = &row[super::lists::column(parent)];
                    let address = route.address.replace("{parent_id}", &text(parent_id));
                    !parent_id.is_null() && parent != thing && shows(&format!("{address}?{newest}"))
                }
                _ => false,
            }
        })
    }
}

/// Own and other as one: a capital letter for both.
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

/// A line of a table: the cells stand under the words of its head.
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
fn everybody_may_what_the_table_says() {
    on_both(|site| {
        let everybody = Everybody::of(site);
        let things: BTreeSet<&str> = everybody
            .routes
            .iter()
            .filter_map(|route| match route.kind() {
                Kind::All { thing } | Kind::Under { thing, .. } | Kind::One { thing } => Some(thing),
                Kind::Action { .. } | Kind::Other => None,
            })
            .collect();
        assert_eq!(things.len(), 29, "{things:?}");
        let mut found = head(RIGHTS);
        for thing in things {
            let cells = ["staff"].into_iter().chain(ROLES).map(|standing| {
                let (caller, own, other) = everybody.pair(thing, standing);
                let own = own.map(|own| everybody.found(thing, &caller, &own));
                // Staff may delete nobody of their own; the last owner stays: 409.
                let caller = if thing == "users" && own.is_some() {
                    everybody.pair(thing, standing).0
                } else {
                    caller
                };
                let other = everybody.found(thing, &caller, &other);
                joined(own.as_deref(), &other, &format!("{thing} {standing}"))
            });
            found.push_str(&line(21, thing, &cells.collect::<Vec<_>>()));
        }
        assert_eq!(found, RIGHTS, "on {}:{found}", site.backend);
    });
}

#[test]
fn everybody_may_take_the_steps_the_table_says() {
    on_both(|site| {
        let everybody = Everybody::of(site);
        let mut found = head(ACTIONS);
        let mut actions: Vec<(&str, &str)> = everybody
            .routes
            .iter()
            .filter_map(|route| match route.kind() {
                Kind::Action { thing, action } => Some((thing, action)),
                _ => None,
            })
            .collect();
        actions.sort_unstable();
        let standings = || ["staff"].into_iter().chain(ROLES);
        let letter = |may: bool| if may { "Y" } else { "-" };
        for (thing, action) in actions {
            let cells = standings().map(|standing| {
                let (caller, own, other) = everybody.pair(thing, standing);
                let attempt = |about: &Person| {
                    let id = everybody.organization.make_for(thing, action, about);
                    let address = format!("/api/{thing}/{}/{action}", text(&id));
                    letter(everybody.may(&caller, "POST", &address, &order(action)))
                };
                let own = own.map(|own| attempt(&own));
                joined(own, attempt(&other), &format!("{thing} {action} {standing}"))
            });
            let cells: Vec<_> = cells.collect();
            found.push_str(&line(27, &format!("{thing}/{action}"), &cells));
        }
        let of_all = |attempt: &dyn Fn(&Person) -> bool| {
            let caller = |standing| everybody.pair("tasks", standing).0;
            standings().map(|standing| letter(attempt(&caller(standing))).to_owned()).collect::<Vec<_>>()
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
