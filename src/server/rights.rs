//! Who may do what: one table, read by every handler and by the description of the API.
//!
//! Create, read, update, delete. A capital letter reaches everything of the caller's organization, a small one only
//! what is about the caller: their tasks, the projects they are client or freelancer of. `-` is not allowed.
//! Staff are people without an organization: they run the installation, and see no organization's work.

use crate::models::{OrganizationId, Role};

/// A kind of thing that rights are given on: a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResourceKind {
    Organizations,
    OrganizationSettings,
    Users,
    Subscriptions,
    UsageLogs,
    Notifications,
    Activities,
    ContactSubmissions,
    ReportRuns,
    Batches,
    Documents,
    FieldCorrections,
    ConnectorConfigs,
    FieldMappings,
    RecurringPatterns,
    Tasks,
    Customers,
    Products,
    Bills,
    BillItems,
    Payments,
    Projects,
    Milestones,
    Applicants,
    ApplicantEmbeddings,
    ProjectEmbeddings,
    Matches,
    Investments,
    InvestmentValuations,
}

use ResourceKind::*;

#[rustfmt::skip]
const RIGHTS: &[(ResourceKind, [&str; 6])] = &[
    //                       staff   owner   admin   member  client  freelancer
    (Organizations,        ["CRUD", "-RU-", "-RU-", "-R--", "-R--", "-R--"]),
    (OrganizationSettings, ["----", "CRUD", "CRUD", "-R--", "----", "----"]),
    (Users,                ["----", "-RUD", "-RUD", "-Ru-", "-ru-", "-ru-"]),
    (Subscriptions,        ["----", "CRUD", "-R--", "----", "----", "----"]),
    (UsageLogs,            ["----", "CRUD", "CRUD", "CR--", "----", "----"]),
    (Notifications,        ["----", "Crud", "Crud", "Crud", "-rud", "-rud"]),
    (Activities,           ["----", "-R--", "-R--", "-r--", "-r--", "-r--"]),
    (ContactSubmissions,   ["-RUD", "----", "----", "----", "----", "----"]),
    (ReportRuns,           ["----", "CRUD", "CRUD", "crud", "crud", "crud"]),
    (Batches,              ["----", "CRUD", "CRUD", "CRUD", "crud", "crud"]),
    (Documents,            ["----", "CRUD", "CRUD", "CRUD", "cr--", "cr--"]),
    (FieldCorrections,     ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (ConnectorConfigs,     ["----", "crud", "crud", "crud", "crud", "crud"]),
    (FieldMappings,        ["----", "crud", "crud", "crud", "crud", "crud"]),
    (RecurringPatterns,    ["----", "CRUD", "CRUD", "CRUD", "crud", "crud"]),
    (Tasks,                ["----", "CRUD", "CRUD", "CRUD", "crud", "crud"]),
    (Customers,            ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (Products,             ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (Bills,                ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (BillItems,            ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (Payments,             ["----", "CRUD", "CRUD", "CR--", "-r--", "-r--"]),
    (Projects,             ["----", "CRUD", "CRUD", "CRUD", "-r--", "-r--"]),
    (Milestones,           ["----", "CRUD", "CRUD", "CRUD", "-r--", "-ru-"]),
    (Applicants,           ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (ApplicantEmbeddings,  ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (ProjectEmbeddings,    ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (Matches,              ["----", "CRUD", "CRUD", "CRUD", "----", "----"]),
    (Investments,          ["----", "CRUD", "CRUD", "-R--", "-r--", "----"]),
    (InvestmentValuations, ["----", "CRUD", "CRUD", "-R--", "-r--", "----"]),
];

/// What is more than changing fields: `Y` on everything of the organization, `y` on what is about the caller.
#[rustfmt::skip]
const ACTIONS: &[(ResourceKind, &str, [&str; 6])] = &[
    //                           staff owner admin member client freelancer
    (Bills,       "issue",     ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Bills,       "void",      ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (Bills,       "pay",       ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Documents,   "approve",   ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Documents,   "reject",    ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Milestones,  "submit",    ["-",   "Y",  "Y",  "Y",   "-",   "y"]),
    (Milestones,  "approve",   ["-",   "Y",  "Y",  "Y",   "y",   "-"]),
    (Milestones,  "release",   ["-",   "Y",  "Y",  "-",   "y",   "-"]),
    (Tasks,       "complete",  ["-",   "Y",  "Y",  "Y",   "y",   "y"]),
    (RecurringPatterns, "generate", ["-", "Y", "Y", "Y",  "y",   "y"]),
    (Projects,    "match",     ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Users,       "invite",    ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (UsageLogs,   "summarize", ["-",   "Y",  "Y",  "-",   "-",   "-"]),
];

/// In which column of the table somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    /// Runs the installation: owner or admin without an organization.
    Staff,
    /// In an organization.
    In(OrganizationId, Role),
    /// In none, and not staff: may do nothing.
    Outside,
}

impl Principal {
    pub(super) fn of(organization: Option<OrganizationId>, role: Role) -> Self {
        match (organization, role) {
            (Some(organization), role) => Self::In(organization, role),
            (None, Role::Owner | Role::Admin) => Self::Staff,
            (None, _) => Self::Outside,
        }
    }

    fn column(self) -> Option<usize> {
        match self {
            Self::Staff => Some(0),
            Self::In(_, role) => Role::ALL.iter().position(|each| *each == role).map(|index| index + 1),
            Self::Outside => None,
        }
    }
}

/// What is to be done to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Read,
    Update,
    Delete,
    Do(&'static str),
}

impl Verb {
    /// The verb as messages name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Do(action) => action,
        }
    }
}

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Nothing,
    /// Only what is about the caller.
    Own,
    All,
}

/// How far this standing's right to do that reaches.
pub(super) fn scope_of(principal: Principal, kind: ResourceKind, verb: Verb) -> Scope {
    principal.column().map_or(Scope::Nothing, |column| scope_of_column(column, kind, verb))
}

/// Whether anybody may do that: what nobody may has no route.
pub(super) fn is_offered(kind: ResourceKind, verb: Verb) -> bool {
    (0..6).any(|column| scope_of_column(column, kind, verb) != Scope::Nothing)
}

fn scope_of_column(column: usize, kind: ResourceKind, verb: Verb) -> Scope {
    let letters = |position: usize| {
        let row = RIGHTS.iter().find(|(each, _)| *each == kind);
        row.and_then(|(_, letters)| letters[column].chars().nth(position))
    };
    let letter = match verb {
        Verb::Create => letters(0),
        Verb::Read => letters(1),
        Verb::Update => letters(2),
        Verb::Delete => letters(3),
        Verb::Do(name) => {
            let row = ACTIONS.iter().find(|(each, action, _)| *each == kind && *action == name);
            row.and_then(|(.., letters)| letters[column].chars().next())
        }
    };
    match letter {
        Some(letter) if letter.is_ascii_uppercase() => Scope::All,
        Some(letter) if letter.is_ascii_lowercase() => Scope::Own,
        _ => Scope::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_says_what_its_place_means() {
        for (kind, columns) in RIGHTS {
            for letters in columns {
                let cells: Vec<char> = letters.chars().collect();
                assert_eq!(cells.len(), 4, "{kind:?}");
                for (letter, meant) in cells.iter().zip(['C', 'R', 'U', 'D']) {
                    assert!(*letter == '-' || letter.to_ascii_uppercase() == meant, "{kind:?} {letters}");
                }
            }
        }
        for (kind, action, columns) in ACTIONS {
            assert!(columns.iter().all(|cell| ["Y", "y", "-"].contains(cell)), "{kind:?} {action}");
        }
    }

    #[test]
    fn each_thing_has_one_row() {
        for (index, (kind, _)) in RIGHTS.iter().enumerate() {
            assert!(RIGHTS.iter().skip(index + 1).all(|(other, _)| other != kind), "{kind:?}");
        }
        assert_eq!(RIGHTS.len(), 29);
    }

    #[test]
    fn who_may_change_may_read() {
        for (kind, columns) in RIGHTS {
            for letters in columns {
                let changes = letters.chars().skip(2).any(|letter| letter != '-');
                assert!(!changes || letters.chars().nth(1) != Some('-'), "{kind:?} {letters}");
            }
        }
    }
}
