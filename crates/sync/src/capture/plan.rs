//! What capture will add to a file.

use databases::name::quote_name;
use diesel::prelude::*;
use diesel::sql_types::Text;
use import::schema::{Schema, SqliteTable};

use super::application::changes_rows_before;
use super::captured::{CaptureKind, CapturedTable};
use super::error::{Blocker, CaptureError, doing};
use super::objects::{self, SchemaObject};
use super::{PREFIX, images, key, keyed, skipped, sql, unique};

/// SQLite's limit of columns of a table ("Limits In SQLite", 3), less those of the log's own.
const MAX_COLUMNS: usize = 2_000 - 4;

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
            blockers: objects.iter().filter(|object| object.is_own()).map(in_the_way).collect(),
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

fn in_the_way(object: &SchemaObject) -> Blocker {
    let reason = format!(
        "the {} `{}` exists; names that begin with `{PREFIX}` are reserved for the change log",
        object.kind, object.name
    );
    Blocker { table: object.table.clone(), index: None, reason }
}

/// The plan of one table.
pub(super) struct PlannedTable {
    pub table: CapturedTable,
    pub statements: Vec<String>,
    pub blockers: Vec<Blocker>,
}

/// Plans one table; its statements are in order.
pub(super) fn planned(
    connection: &mut SqliteConnection,
    schema: &Schema,
    table: &SqliteTable,
    number: i64,
    is_followed: bool,
) -> Result<PlannedTable, CaptureError> {
    let of_kind = |kind| CapturedTable { number, name: table.name.clone(), kind };
    if !is_followed {
        let statements = skipped::triggers(&table.name, number);
        return Ok(PlannedTable { table: of_kind(CaptureKind::Skipped), statements, blockers: Vec::new() });
    }
    let kind = key::choose(connection, table)?;
    let (collisions, mut blockers) = unique::collisions(table, &kind);
    blockers.extend(unread_indexes(connection, table)?);
    if kind.columns().len() > MAX_COLUMNS {
        let reason = format!("more than {MAX_COLUMNS} columns have to be logged");
        blockers.push(Blocker { table: table.name.clone(), index: None, reason });
    }
    let is_marked = is_referenced(schema, table) || changes_rows_before(schema, table);
    let statements = match &kind {
        CaptureKind::Keyed { columns } => keyed::triggers(table, number, columns, &collisions),
        CaptureKind::Images { columns } => {
            let mut statements = vec![sql::create_images(number, columns.len())];
            statements.extend(images::triggers(table, number, columns, &collisions, is_marked));
            statements
        }
        CaptureKind::Skipped => Vec::new(),
    };
    Ok(PlannedTable { table: of_kind(kind), statements, blockers })
}

fn is_referenced(schema: &Schema, table: &SqliteTable) -> bool {
    let mut keys = schema.tables.iter().flat_map(|child| &child.foreign_keys);
    keys.any(|key| key.parent_table.eq_ignore_ascii_case(&table.name))
}

#[derive(QueryableByName)]
struct IndexName {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Unique indexes whose statement could not be read.
fn unread_indexes(
    connection: &mut SqliteConnection,
    table: &SqliteTable,
) -> Result<Vec<Blocker>, CaptureError> {
    let rows: Vec<IndexName> = diesel::sql_query(
        "SELECT name FROM pragma_index_list(?, 'main') WHERE origin = 'c' AND \"unique\" <> 0",
    )
    .bind::<Text, _>(&table.name)
    .load(connection)
    .map_err(doing(format!("read the indexes of {}", quote_name(&table.name))))?;
    let is_read = |name: &str| table.indexes.iter().any(|index| index.name == name);
    Ok(rows
        .into_iter()
        .filter(|row| !is_read(&row.name))
        .map(|row| Blocker {
            table: table.name.clone(),
            index: Some(row.name),
            reason: "its statement cannot be read".to_owned(),
        })
        .collect())
}
