//! Findings that are reported once for all tables.

use super::comparing::is_text;
use super::index::count_over_nullable;
use super::part::ConvertedTables;
use super::writer::Writer;
use crate::finding::ImportFinding;
use crate::rules::ddl as rules;

/// Adds the findings.
pub(super) fn write(writer: &mut Writer<'_>, parts: &ConvertedTables<'_>) {
    let text_count = parts
        .iter()
        .flat_map(|part| &part.columns)
        .filter(|column| is_text(column.target.target_type))
        .count();
    if text_count > 0 {
        let text = format!("Text columns: {text_count}");
        writer.findings.push(ImportFinding::new(&rules::TEXT_ORDER, None, None, text));
    }
    let index_count = parts.iter().map(count_over_nullable).sum::<usize>();
    if index_count > 0 {
        let text = format!("Indexes on nullable columns: {index_count}");
        writer.findings.push(ImportFinding::new(&rules::INDEX_NULL_ORDER, None, None, text));
    }
}
