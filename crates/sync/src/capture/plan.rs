//! What capture will add to a file.

use diesel::SqliteConnection;
use import::schema::Schema;

use super::captured::CapturedTable;
use super::error::{Blocker, CaptureError};
use super::objects::{self, SchemaObject};
use super::planned::planned;
use super::sql;

/// A table that gets no trigger: a commit that changes only such tables is not logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncapturedTable {
    /// Its name.
    pub name: String,
    /// Why it gets none, in a sentence without a full stop.
    pub reason: String,
}

/// What capture will add to a file, and what prevents it.
#[derive(Debug)]
pub struct CapturePlan {
    /// The tables that get triggers.
    pub tables: Vec<CapturedTable>,
    /// The tables that get none.
    pub uncaptured: Vec<UncapturedTable>,
    /// The statements that create its tables and triggers, in order.
    pub statements: Vec<String>,
    /// What prevents capture; it can be attached only if there is none.
    pub blockers: Vec<Blocker>,
    /// The schema that the plan is for.
    pub(super) objects: Vec<SchemaObject>,
}

impl CapturePlan {
    /// Plans capture of the file that is `main` of the connection. `follow` states whether a table is followed; others
    /// are skipped. Nothing is written.
    ///
    /// # Errors
    /// When the schema cannot be read, or the database fails.
    pub fn of(
        connection: &mut SqliteConnection,
        follow: &dyn Fn(&str) -> bool,
    ) -> Result<Self, CaptureError> {
        let objects = objects::read(connection)?;
        let (schema, findings) = import::schema::read(connection)?;
        let mut plan = Self {
            tables: Vec::new(),
            uncaptured: Vec::new(),
            statements: Vec::new(),
            blockers: objects.iter().filter(|object| object.is_own()).map(reserved_name).collect(),
            objects,
        };
        let mut statements = Vec::new();
        for (number, table) in (1..).zip(schema.tables.iter().filter(|table| !objects::is_own(&table.name))) {
            let planned = planned(connection, &schema, table, number, follow(&table.name))?;
            plan.tables.push(planned.table);
            plan.blockers.extend(planned.blockers);
            statements.extend(planned.statements);
        }
        plan.add_uncaptured(&schema);
        for object in plan.objects.iter().filter(|object| object.kind == "table" && !object.is_own()) {
            let is_known = plan.tables.iter().any(|table| table.name == object.name)
                || plan.uncaptured.iter().any(|table| table.name == object.name);
            if is_known {
                continue;
            }
            let finding = findings.iter().find(|finding| finding.table.as_deref() == Some(&object.name));
            let reason = finding.map_or("It cannot be read".to_owned(), |finding| finding.text.clone());
            if follow(&object.name) {
                plan.blockers.push(Blocker { table: object.name.clone(), index: None, reason });
            } else {
                plan.uncaptured.push(UncapturedTable { name: object.name.clone(), reason });
            }
        }
        let width = plan.tables.iter().map(|table| table.kind.key_width()).max().unwrap_or_default();
        plan.statements = vec![sql::create_changes(width), sql::create_captured(), sql::create_owner()];
        plan.statements.extend(statements);
        Ok(plan)
    }

    fn add_uncaptured(&mut self, schema: &Schema) {
        for table in &schema.virtual_tables {
            let reason = format!("It is a virtual table of the module `{}`", table.module);
            self.uncaptured.push(UncapturedTable { name: table.name.clone(), reason });
            for name in &table.shadow_tables {
                let reason = format!("It belongs to the virtual table `{}`", table.name);
                self.uncaptured.push(UncapturedTable { name: name.clone(), reason });
            }
        }
    }
}

fn reserved_name(object: &SchemaObject) -> Blocker {
    let reason =
        format!("the {} `{}` exists; this name is reserved for the change log", object.kind, object.name);
    Blocker { table: object.table.clone(), index: None, reason }
}
