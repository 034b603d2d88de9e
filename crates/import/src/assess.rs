//! Builds the assessment of a survey for the reports.

use std::collections::BTreeMap;

use super::conversion::{OnIncompatible, StatementKind, TableConversion};
use super::ddl::type_name;
use super::finding::Weight;
use super::profile::TableProfile;
use super::report::{Assessment, ColumnAssessment, Grade, Prediction, SkippedTable, TableAssessment};
use super::schema::SqliteTable;
use super::survey::Survey;

/// The assessment of a source of `size_bytes` that took `elapsed_ms` to read.
pub fn assessment(survey: &Survey, source: String, size_bytes: i64, elapsed_ms: u64) -> Assessment {
    let known: BTreeMap<&str, (&SqliteTable, &TableProfile)> = survey
        .schema
        .tables
        .iter()
        .zip(&survey.profiles)
        .map(|(table, profile)| (table.name.as_str(), (table, profile)))
        .collect();
    let tables: Vec<TableAssessment> = survey
        .conversion
        .tables
        .iter()
        .filter_map(|table| {
            let (declared, profile) = known.get(table.source.as_str())?;
            Some(table_assessment(survey, table, declared, profile))
        })
        .collect();
    Assessment {
        source,
        size_bytes,
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        grade: Grade::of(&survey.findings),
        predicted: Prediction::of(&tables),
        tables,
        skipped_tables: skipped_tables(survey),
        findings: survey.findings.clone(),
        statements: survey.statements.clone(),
        elapsed_ms,
    }
}

fn skipped_tables(survey: &Survey) -> Vec<SkippedTable> {
    let all = survey.schema.tables.iter().zip(&survey.profiles);
    let skipped = all.filter(|(table, _)| {
        !survey.conversion.tables.iter().any(|converted| converted.source == table.name)
    });
    skipped
        .map(|(table, profile)| SkippedTable { name: table.name.clone(), row_count: profile.row_count })
        .collect()
}

fn table_assessment(
    survey: &Survey,
    table: &TableConversion,
    declared: &SqliteTable,
    profile: &TableProfile,
) -> TableAssessment {
    let is_index = |kind| matches!(kind, StatementKind::Key | StatementKind::Index);
    let indexes = survey
        .statements
        .iter()
        .filter(|statement| statement.table == table.target && is_index(statement.kind))
        .count();
    let columns: Vec<ColumnAssessment> = table
        .columns
        .iter()
        .filter_map(|column| {
            let place = declared.columns.iter().position(|declared| declared.name == column.source)?;
            let (declared, profile) = (declared.columns.get(place)?, profile.columns.get(place)?);
            Some(ColumnAssessment {
                source: column.source.clone(),
                target: column.target.clone(),
                declared_type: declared.declared_type.clone(),
                target_type: type_name(column.target_type),
                nulls: profile.null.count,
                note: (column.on_incompatible != OnIncompatible::Reject).then(|| {
                    match column.on_incompatible {
                        OnIncompatible::Reject => "",
                        OnIncompatible::Null => "incompatible values become NULL",
                        OnIncompatible::RemoveNul => "NUL characters are removed",
                        OnIncompatible::Bytes => "text is stored as its bytes",
                    }
                    .to_owned()
                }),
            })
        })
        .collect();
    TableAssessment {
        source: table.source.clone(),
        target: table.target.clone(),
        row_count: table.row_count,
        size_bytes: table.size_bytes,
        index_count: i64::try_from(indexes).unwrap_or(i64::MAX),
        predicted_rejects: predicted_rejects(survey, table),
        columns,
    }
}

/// The rows that findings expect to be rejected: the maximum over the columns, because one row may be counted in
/// each.
fn predicted_rejects(survey: &Survey, table: &TableConversion) -> i64 {
    let of_table = survey.findings.iter().filter(|finding| {
        finding.table.as_deref() == Some(table.source.as_str())
            && finding.rule.weight == Weight::Decision
            && ["text/", "type/", "orphan/quarantined"].iter().any(|area| finding.rule.id.starts_with(area))
    });
    of_table.filter_map(|finding| finding.count).max().unwrap_or(0)
}
