//! The conversion that matches and what was measured make.

use super::tables::{ColumnMatch, Matches, TableMatch};
use crate::foreign::conversion::{ColumnConversion, Conversion, Misfit, TableConversion};
use crate::foreign::finding::Finding;
use crate::foreign::rules::import;
use crate::foreign::types::{InstantForm, TargetType};

/// What reading a table's values found.
#[derive(Clone, Debug)]
pub struct MeasuredTable {
    /// Its rows.
    pub row_count: i64,
    /// The space of its values in bytes.
    pub size_bytes: i64,
    /// Its columns, in the order of the match.
    pub columns: Vec<MeasuredColumn>,
}

/// What reading a column's values found.
#[derive(Clone, Debug)]
pub struct MeasuredColumn {
    /// Which of the match's forms its values are in: the first that takes all of them, or where none does, the one that
    /// takes the most. Rounding, enum labels and digits of fractions are part of that.
    pub form: usize,
    /// How many values that form does not take.
    pub misfit_count: i64,
    /// The first keys of their rows.
    pub first_keys: Vec<String>,
    /// What is done with them, where that was decided; otherwise nothing is copied into the table.
    pub misfit: Option<Misfit>,
    /// For a column that the target numbers, the value it continues with.
    pub identity: Option<i64>,
}

/// The conversion into the target's schema. `measured` gives what was found for a match. Tables that it gives nothing, or
/// not every column, for are found and not in the conversion; so are tables with columns that do not hold their values.
pub fn to_conversion<'a>(
    schema: &str,
    matches: &Matches,
    measured: impl Fn(&TableMatch) -> Option<&'a MeasuredTable>,
) -> (Conversion, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut tables = Vec::new();
    for table in &matches.tables {
        let measured = measured(table).filter(|measured| measured.columns.len() == table.columns.len());
        let Some(measured) = measured else {
            let text = "its values were not all read";
            findings.push(Finding::new(&import::TABLE_FAILED, Some(&table.source), None, text));
            continue;
        };
        let mut columns = Vec::new();
        for (column, measured) in table.columns.iter().zip(&measured.columns) {
            match column_conversion(column, measured) {
                Some(column) => columns.push(column),
                None => {
                    let text = too_narrow(column, measured.misfit_count);
                    let finding = Finding::new(
                        &import::TARGET_TYPE_TOO_NARROW,
                        Some(&table.source),
                        Some(&column.source),
                        text,
                    );
                    findings.push(finding.with_rows(measured.misfit_count, measured.first_keys.clone()));
                }
            }
        }
        if columns.len() == table.columns.len() {
            tables.push(TableConversion {
                source: table.source.clone(),
                target: table.target.clone(),
                columns,
                row_count: measured.row_count,
                size_bytes: measured.size_bytes,
            });
        }
    }
    (Conversion { schema: schema.to_owned(), tables }, findings)
}

/// `None` where the column does not hold its values, and nothing else was decided for them.
fn column_conversion(column: &ColumnMatch, measured: &MeasuredColumn) -> Option<ColumnConversion> {
    let target_type = column.target_types.get(measured.form).copied()?;
    let is_carried = column.is_generated || measured.misfit_count == 0 || measured.misfit.is_some();
    is_carried.then(|| ColumnConversion {
        source: column.source.clone(),
        target: column.target.clone(),
        target_type,
        not_null: column.not_null,
        is_generated: column.is_generated,
        identity: measured.identity,
        misfit: measured.misfit.unwrap_or_default(),
    })
}

fn too_narrow(column: &ColumnMatch, count: i64) -> String {
    let text =
        format!("{:?} is of type {}, which does not hold {count} values", column.target, column.type_name);
    let is_instant = column.target_types.iter().any(|form| matches!(form, TargetType::TimestampTz(_)));
    let assumes_utc = column.target_types.contains(&TargetType::TimestampTz(InstantForm::IsoUtc));
    if is_instant && !assumes_utc {
        format!("{text}; where they are text without an offset, it has to be decided that they are UTC")
    } else {
        text
    }
}
