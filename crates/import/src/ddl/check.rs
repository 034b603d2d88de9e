//! CHECK constraints.

use super::naming::{Naming, Slot};
use super::part::ConvertedTable;
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::rules::ddl as rules;
use crate::translate::{ExpressionPurpose, TableScope, expression};

/// Writes the CHECK constraints of a table.
pub(super) fn write(writer: &mut Writer<'_>, part: &ConvertedTable<'_>, naming: &mut Naming) {
    let scope = TableScope::new(part.table, &part.conversion);
    for (place, check) in part.table.checks.iter().enumerate() {
        let column = check.column.as_deref().and_then(|name| part.column(name));
        match expression(&check.expression, &scope, ExpressionPurpose::Check) {
            Ok(sql) => {
                let columns: Vec<_> = column.into_iter().collect();
                let name = naming.constraint(part, Slot::Check(place), &columns, "check");
                writer.constraint(StatementKind::Check, part, &name, &format!("CHECK ({sql})"));
            }
            Err(reason) => {
                let object = check.name.as_deref().or(check.column.as_deref()).unwrap_or("CHECK");
                writer.add_finding(&rules::CHECK_NOT_CARRIED, part, Some(object), reason.to_string());
            }
        }
    }
}
