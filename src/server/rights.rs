//! The rights of each role: one table, used by all handlers and by the OpenAPI description.
//!
//! The letters mean create, read, update and delete. An upper-case letter has the scope of the whole organization, a
//! lower-case letter only the caller's own rows: their tasks, the projects in which they are client or freelancer.
//! `-` is no right. Staff are users without an organization: they operate the installation, set the prices of
//! subscriptions, and have no access to other rows of organizations.

use crate::models::for_each_table;
use crate::models::{OrganizationId, Role};

macro_rules! resource_kinds {
    ($($module:ident::$row:ident in $table:ident $(as $kind:ident)?,)+) => {
        /// What rights are granted on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum ResourceKind {
            $($($kind,)?)+
        }

        #[cfg(test)]
        impl ResourceKind {
            const ALL: &[Self] = &[$($(Self::$kind,)?)+];
        }
    };
}
for_each_table!(resource_kinds);

use ResourceKind::*;

#[rustfmt::skip]
const RIGHTS: &[(ResourceKind, [&str; 6])] = &[
    //                       staff   owner   admin   member  client  freelancer
    (Organizations,        ["CRUD", "-RU-", "-RU-", "-R--", "-R--", "-R--"]),
    (OrganizationSettings, ["----", "CRUD", "CRUD", "-R--", "----", "----"]),
    (Users,                ["----", "-RUD", "-RUD", "-Ru-", "-ru-", "-ru-"]),
    (Subscriptions,        ["CRU-", "-R--", "-R--", "----", "----", "----"]),
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

/// Rights on actions: `Y` on all rows of the organization, `y` on the caller's own rows.
#[rustfmt::skip]
const ACTIONS: &[(ResourceKind, &str, [&str; 6])] = &[
    //                           staff owner admin member client freelancer
    (Organizations, "close",   ["Y",   "Y",  "-",  "-",   "-",   "-"]),
    (Organizations, "reopen",  ["Y",   "-",  "-",  "-",   "-",   "-"]),
    (Bills,       "issue",     ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Bills,       "void",      ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (Bills,       "pay",       ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Bills,       "refund",    ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (Payments,    "void",      ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (Documents,   "archive",   ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Documents,   "approve",   ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Documents,   "reject",    ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Milestones,  "submit",    ["-",   "Y",  "Y",  "Y",   "-",   "y"]),
    (Milestones,  "approve",   ["-",   "Y",  "Y",  "Y",   "y",   "-"]),
    (Milestones,  "release",   ["-",   "Y",  "Y",  "-",   "y",   "-"]),
    (Tasks,       "complete",  ["-",   "Y",  "Y",  "Y",   "y",   "y"]),
    (RecurringPatterns, "generate", ["-", "Y", "Y", "Y",  "y",   "y"]),
    (Projects,    "match",     ["-",   "Y",  "Y",  "Y",   "-",   "-"]),
    (Users,       "invite",    ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (UsageLogs,   "void",      ["-",   "Y",  "Y",  "-",   "-",   "-"]),
    (UsageLogs,   "summarize", ["-",   "Y",  "Y",  "-",   "-",   "-"]),
];

/// The principal of a right: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    /// Operates the installation: owner or admin without an organization.
    Staff,
    /// A member of an organization.
    In(OrganizationId, Role),
    /// Neither: has no rights.
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

/// An operation on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Read,
    Update,
    Delete,
    Do(&'static str),
}

impl Verb {
    /// The name in messages.
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

/// The rows that a right applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessScope {
    Nothing,
    /// The caller's own rows.
    Own,
    All,
}

/// The scope of a principal's right to an operation.
pub(super) fn scope_of(principal: Principal, kind: ResourceKind, verb: Verb) -> AccessScope {
    principal.column().map_or(AccessScope::Nothing, |column| scope_of_column(column, kind, verb))
}

/// Whether any role may perform the operation; otherwise there is no route.
pub(super) fn is_offered(kind: ResourceKind, verb: Verb) -> bool {
    (0..6).any(|column| scope_of_column(column, kind, verb) != AccessScope::Nothing)
}

fn scope_of_column(column: usize, kind: ResourceKind, verb: Verb) -> AccessScope {
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
        Some(letter) if letter.is_ascii_uppercase() => AccessScope::All,
        Some(letter) if letter.is_ascii_lowercase() => AccessScope::Own,
        _ => AccessScope::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_valid() {
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
    fn each_resource_kind_has_one_row() {
        for kind in ResourceKind::ALL {
            assert_eq!(RIGHTS.iter().filter(|(each, _)| each == kind).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn a_right_to_change_includes_reading() {
        for (kind, columns) in RIGHTS {
            for letters in columns {
                let changes = letters.chars().skip(2).any(|letter| letter != '-');
                assert!(!changes || letters.chars().nth(1) != Some('-'), "{kind:?} {letters}");
            }
        }
    }
}
