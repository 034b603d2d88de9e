//! The assessment as JSON. `docs/assessment.md` describes every field; field names are stable.
//!
//! A finding contains the id of its rule only, and the texts of each used rule are listed once: a database can have a
//! hundred thousand findings of one rule.

use serde::{Serialize, Serializer};

use super::groups::by_weight;
use super::{Assessment, Grade, Prediction, SkippedTable, TableAssessment};
use crate::conversion::Statement;
use crate::finding::{ImportFinding, Rule, Weight};

impl Serialize for Assessment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let groups = by_weight(&self.findings);
        let groups = || groups.iter().flat_map(|group| &group.rules);
        let document = Document {
            version: &self.program_version,
            source: &self.source,
            size_bytes: self.size_bytes,
            grade: self.grade,
            predicted: self.predicted,
            tables: &self.tables,
            skipped_tables: &self.skipped_tables,
            rules: groups().map(|group| group.rule).collect(),
            findings: groups()
                .flat_map(|group| &group.findings)
                .map(|finding| JsonFinding::from(*finding))
                .collect(),
            statements: &self.statements,
            elapsed_ms: self.elapsed_ms,
        };
        document.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'a str,
    source: &'a str,
    size_bytes: i64,
    grade: Grade,
    predicted: Prediction,
    tables: &'a [TableAssessment],
    skipped_tables: &'a [SkippedTable],
    rules: Vec<&'static Rule>,
    findings: Vec<JsonFinding<'a>>,
    statements: &'a [Statement],
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'static str,
    weight: Weight,
    table: Option<&'a str>,
    object: Option<&'a str>,
    text: &'a str,
    count: Option<i64>,
    first_keys: &'a [String],
}

impl<'a> From<&'a ImportFinding> for JsonFinding<'a> {
    fn from(finding: &'a ImportFinding) -> Self {
        Self {
            rule: finding.rule.id,
            weight: finding.rule.weight,
            table: finding.table.as_deref(),
            object: finding.object.as_deref(),
            text: &finding.text,
            count: finding.count,
            first_keys: &finding.first_keys,
        }
    }
}
