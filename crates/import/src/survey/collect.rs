//! Merges the results of the tasks.

use std::collections::BTreeSet;

use super::error::SurveyError;
use super::task::{SurveyTask, TaskKind};
use super::work::TaskResult;
use crate::decisions::{Decisions, OrphanPolicy};
use crate::finding::ImportFinding;
use crate::orphans;
use crate::profile::TableProfile;
use crate::rules::import::{
    ORPHAN_NOT_CHECKED, ORPHAN_NOT_VALID, ORPHAN_QUARANTINED, ORPHAN_SET_NULL, TABLE_FAILED,
};
use crate::rules::schema::NOT_CHECKED;
use crate::schema::Schema;

/// The merged results of all tasks.
pub(super) struct Collected {
    /// The profile of each table, in the order of the schema.
    pub(super) profiles: Vec<TableProfile>,
    /// The violated foreign keys: the index of the table in the schema, and of the key in the table.
    pub(super) orphaned: Vec<(usize, usize)>,
    /// The tables that cannot be read.
    pub(super) failed: BTreeSet<String>,
    pub(super) findings: Vec<ImportFinding>,
}

impl Collected {
    /// Merges the results.
    ///
    /// # Errors
    /// When the file is corrupt.
    pub(super) fn new(
        schema: &Schema,
        decisions: &Decisions,
        results: Vec<(SurveyTask, TaskResult)>,
    ) -> Result<Self, SurveyError> {
        let profiles = schema.tables.iter().map(|table| TableProfile::new(table, decisions)).collect();
        let mut collected =
            Self { profiles, orphaned: Vec::new(), failed: BTreeSet::new(), findings: Vec::new() };
        for (task, result) in results {
            match result {
                TaskResult::Profile(profile) => {
                    if let Some(place) = collected.profiles.get_mut(task.table) {
                        *place = std::mem::take(place).merge(*profile);
                    }
                }
                TaskResult::Damage(damage) if damage.is_empty() => {}
                TaskResult::Damage(damage) => {
                    return Err(SurveyError::Damaged { damage: damage.join("; ") });
                }
                TaskResult::Failed(reason) => collected.add_failed(schema, task, reason),
                TaskResult::Orphans(found) => {
                    for (key, orphans) in found {
                        collected.add_orphans(schema, decisions, (task.table, key), orphans);
                    }
                }
            }
        }
        Ok(collected)
    }

    fn add_failed(&mut self, schema: &Schema, task: SurveyTask, reason: String) {
        let table = schema.tables.get(task.table).map(|table| table.name.as_str());
        let (rule, table) = match (task.kind, table) {
            (TaskKind::Pages, _) => (&NOT_CHECKED, None),
            (TaskKind::Values(_), Some(table)) => {
                self.failed.insert(table.to_owned());
                (&TABLE_FAILED, Some(table))
            }
            (TaskKind::Values(_) | TaskKind::Orphans, table) => (&ORPHAN_NOT_CHECKED, table),
        };
        self.findings.push(ImportFinding::new(rule, table, None, reason));
    }

    fn add_orphans(
        &mut self,
        schema: &Schema,
        decisions: &Decisions,
        (table, key): (usize, usize),
        orphans: orphans::OrphanRows,
    ) {
        self.orphaned.push((table, key));
        let finding = orphan_finding(schema, table, key, decisions.orphans);
        self.findings.push(finding.with_rows(orphans.count, orphans.first_keys));
    }

    /// The decisions without the tables that cannot be read.
    pub(super) fn without_failed(&self, mut decisions: Decisions) -> Decisions {
        for table in &self.failed {
            decisions.tables.entry(table.clone()).or_default().skip = true;
        }
        decisions
    }
}

fn orphan_finding(schema: &Schema, table: usize, key: usize, decided: OrphanPolicy) -> ImportFinding {
    let rule = match decided {
        OrphanPolicy::Quarantine => &ORPHAN_QUARANTINED,
        OrphanPolicy::Null => &ORPHAN_SET_NULL,
        OrphanPolicy::NotValid | OrphanPolicy::Stop => &ORPHAN_NOT_VALID,
    };
    let table = schema.tables.get(table);
    let key = table.and_then(|table| table.foreign_keys.get(key));
    let columns = key.map(|key| key.columns.join(", ")).unwrap_or_default();
    let parent = key.map(|key| key.parent_table.as_str()).unwrap_or_default();
    let name = table.map(|table| table.name.as_str());
    ImportFinding::new(
        rule,
        name,
        Some(&columns),
        format!("Rows reference rows of {parent} that do not exist"),
    )
}
