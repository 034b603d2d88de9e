//! The stages of a survey: reading the schema and all rows, then the conversion.

use std::sync::atomic::AtomicBool;

use super::collect::Collected;
use super::collisions;
use super::error::SurveyError;
use super::work::{Progress, SurveyWork};
use crate::choose::choose;
use crate::computed::carry_what_is_not_computed;
use crate::conversion::{Conversion, Statement};
use crate::data_only;
use crate::ddl::{self, DdlOptions};
use crate::decisions::{Decisions, OrphanPolicy};
use crate::existing::ExistingTable;
use crate::finding::{ImportFinding, Weight};
use crate::profile::TableProfile;
use crate::rules::ddl as rules;
use crate::schema::{self, Schema};
use transfer::source::Source;

/// The result of a survey.
pub struct Survey {
    /// The schema of the source.
    pub schema: Schema,
    /// The profiles of its tables, in the order of the schema.
    pub profiles: Vec<TableProfile>,
    /// Its conversion.
    pub conversion: Conversion,
    /// The statements that create it in PostgreSQL.
    pub statements: Vec<Statement>,
    /// The findings.
    pub findings: Vec<ImportFinding>,
    /// The violated foreign keys: the index of the table in the schema, and of the key in the table.
    pub orphaned: Vec<(usize, usize)>,
}

impl Survey {
    /// Whether objects of the source are not converted, independent of rejected rows. A renamed object is converted.
    pub fn is_partial(&self) -> bool {
        let mut findings = self.findings.iter();
        findings
            .any(|finding| finding.rule.weight >= Weight::Decision && !rules::RENAMED.contains(&finding.rule))
    }
}

/// Reads the schema and every value of the source, using all of its connections. With `existing`, the tables of the
/// target, only rows are converted, for these tables.
///
/// # Errors
/// When reading fails, the configuration names objects that do not exist, or the user interrupts.
pub fn survey(
    source: &mut Source,
    decisions: &Decisions,
    existing: Option<&[ExistingTable]>,
    stop: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Survey, SurveyError> {
    let (schema, mut findings) = schema::read(source.sqlite())?;
    decisions.check(&schema)?;
    let decisions = match existing {
        Some(existing) => {
            let (decided, matched) = data_only::decide(&schema, existing, decisions);
            findings.extend(matched);
            decided
        }
        None => {
            decisions.check_types()?;
            decisions.clone()
        }
    };
    let results = SurveyWork { schema: &schema, decisions: &decisions, stop, progress }.run(source)?;
    let mut collected = Collected::new(&schema, &decisions, results)?;
    findings.append(&mut collected.findings);
    // A table that cannot be read is skipped; it was reported above.
    let decisions = collected.without_failed(decisions);
    let Collected { profiles, orphaned, failed, .. } = collected;
    let (mut conversion, mut chosen) = choose(&schema, &profiles, &decisions);
    chosen.retain(|finding| !finding.table.as_ref().is_some_and(|table| failed.contains(table)));
    if existing.is_some() {
        data_only::keep_what_fits(&mut conversion, &mut chosen);
        findings.extend(chosen);
        let statements = Vec::new();
        return Ok(Survey { schema, profiles, conversion, statements, findings, orphaned });
    }
    findings.extend(chosen);
    carry_what_is_not_computed(&schema, &profiles, &decisions, &mut conversion, &mut findings);
    findings.extend(collisions::find(source.sqlite(), &schema, &conversion)?);
    let options = ddl_options(&schema, &profiles, &orphaned, &decisions);
    let (statements, of_statements) = ddl::statements(&schema, &conversion, &options);
    findings.extend(of_statements);
    // An object that PostgreSQL cannot create is reported by now, and does not stop the rest.
    conversion.tables.retain(|table| table.columns.len() <= ddl::MAX_COLUMNS);
    Ok(Survey { schema, profiles, conversion, statements, findings, orphaned })
}

fn ddl_options(
    schema: &Schema,
    profiles: &[TableProfile],
    orphaned: &[(usize, usize)],
    decisions: &Decisions,
) -> DdlOptions {
    DdlOptions {
        nocase: decisions.nocase,
        orphans_not_valid: match decisions.orphans {
            OrphanPolicy::NotValid | OrphanPolicy::Stop => not_valid(schema, orphaned),
            OrphanPolicy::Quarantine | OrphanPolicy::Null => Vec::new(),
        },
        full_text: decisions.full_text,
        long_values: long_values(schema, profiles),
    }
}

/// The violated foreign keys, by the names of their tables.
fn not_valid(schema: &Schema, orphaned: &[(usize, usize)]) -> Vec<(String, usize)> {
    let named = orphaned.iter().filter_map(|(table, key)| Some((schema.tables.get(*table)?, *key)));
    named.map(|(table, key)| (table.name.clone(), key)).collect()
}

/// A B-tree entry has at most 2,704 bytes.
const LONG_VALUE_BYTES: usize = 2_600;

fn long_values(schema: &Schema, profiles: &[TableProfile]) -> Vec<(String, String)> {
    let tables = schema.tables.iter().zip(profiles);
    let mut long = Vec::new();
    for (table, profile) in tables {
        let columns = table.columns.iter().zip(&profile.columns);
        let of_table = columns.filter(|(_, profile)| profile.longest_bytes > LONG_VALUE_BYTES);
        long.extend(of_table.map(|(column, _)| (table.name.clone(), column.name.clone())));
    }
    long
}
