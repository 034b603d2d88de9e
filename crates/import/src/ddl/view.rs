//! Views, each after those it reads; and findings for triggers.

use std::cell::RefCell;
use std::collections::HashMap;

use super::comment::comment;
use super::naming::Naming;
use super::part::{ConvertedTable, ConvertedTables, folded};
use super::writer::Writer;
use crate::conversion::StatementKind;
use crate::finding::ImportFinding;
use crate::rules::ddl as rules;
use crate::schema::Schema;
use crate::translate::{Relation, RelationColumn, Relations, TranslatedView, translated_view};

/// Writes the views that can be translated, and findings for the others.
pub(super) fn write(writer: &mut Writer<'_>, schema: &Schema, parts: &ConvertedTables<'_>, naming: &Naming) {
    let mut reading = ReadableRelations::new(writer.schema(), schema, parts);
    for first in 0..schema.views.len() {
        // A view waits only for views that were not tried, so there are at most twice as many attempts as views, in
        // any order. The explicit stack avoids overflow: views may be nested deeper than the thread's stack allows.
        let mut waiting = vec![first];
        while let Some(place) = waiting.pop() {
            let (Some(view), Some(name)) = (schema.views.get(place), naming.views().get(place)) else {
                continue;
            };
            match reading.attempt(place, &view.sql, name) {
                Attempt::Done => {}
                Attempt::Needs(other) => waiting.extend([place, other]),
                Attempt::Made(sql) => {
                    writer.statement(StatementKind::View, name, name, sql);
                    if *name != view.name {
                        let comment = comment(&view.name);
                        let sql = format!("COMMENT ON VIEW {} IS {comment}", writer.qualified(name));
                        writer.statement(StatementKind::View, name, name, sql);
                    }
                }
                Attempt::Refused(reason) => {
                    let finding =
                        ImportFinding::new(&rules::VIEW_NOT_CARRIED, None, Some(&view.name), reason);
                    writer.findings.push(finding);
                }
            }
        }
    }
}

/// Adds a finding for each trigger: triggers are not translated.
pub(super) fn list_triggers(writer: &mut Writer<'_>, schema: &Schema) {
    for trigger in &schema.triggers {
        let (table, name) = (Some(trigger.table.as_str()), Some(trigger.name.as_str()));
        let finding =
            ImportFinding::new(&rules::TRIGGER_NOT_CARRIED, table, name, "Triggers are not converted");
        writer.findings.push(finding);
    }
}

/// The state of a view.
enum ViewState {
    Untried,
    /// It was tried, and waits for another view that it reads.
    Waiting,
    /// It was created.
    Made(Relation),
    Refused,
}

/// The result of trying a view.
enum Attempt {
    /// It was created or skipped before.
    Done,
    /// It reads another view that was not tried.
    Needs(usize),
    Made(String),
    Refused(String),
}

/// The relations that views can read: tables, and created views.
struct ReadableRelations<'a> {
    schema: String,
    parts: &'a ConvertedTables<'a>,
    places: HashMap<String, usize>,
    states: Vec<ViewState>,
    /// A requested view that was not tried.
    asked: RefCell<Option<usize>>,
}

impl<'a> ReadableRelations<'a> {
    fn new(target: &str, schema: &Schema, parts: &'a ConvertedTables<'a>) -> Self {
        let places =
            schema.views.iter().enumerate().map(|(place, view)| (folded(&view.name), place)).collect();
        let states = schema.views.iter().map(|_| ViewState::Untried).collect();
        Self { schema: target.to_owned(), parts, places, states, asked: RefCell::new(None) }
    }

    fn attempt(&mut self, place: usize, sql: &str, name: &str) -> Attempt {
        if !matches!(self.states.get(place), Some(ViewState::Untried | ViewState::Waiting)) {
            return Attempt::Done;
        }
        self.settle(place, ViewState::Waiting);
        self.asked.replace(None);
        let made = translated_view(sql, self, name);
        match (made, self.asked.take()) {
            (Ok(TranslatedView { sql, columns }), _) => {
                let relation = Relation { target: name.to_owned(), columns, is_partial: false, facts: None };
                self.settle(place, ViewState::Made(relation));
                Attempt::Made(sql)
            }
            (Err(_), Some(other)) => Attempt::Needs(other),
            (Err(reason), None) => {
                self.settle(place, ViewState::Refused);
                Attempt::Refused(reason.to_string())
            }
        }
    }

    fn settle(&mut self, place: usize, state: ViewState) {
        if let Some(current) = self.states.get_mut(place) {
            *current = state;
        }
    }
}

impl Relations for ReadableRelations<'_> {
    fn schema(&self) -> &str {
        &self.schema
    }

    fn relation(&self, name: &str) -> Option<Relation> {
        if let Some(part) = self.parts.named(name) {
            return of_table(part);
        }
        let place = *self.places.get(&folded(name))?;
        match self.states.get(place)? {
            ViewState::Made(relation) => Some(relation.clone()),
            ViewState::Untried => {
                self.asked.replace(Some(place));
                None
            }
            ViewState::Waiting | ViewState::Refused => None,
        }
    }
}

/// A table for a view; `None` if columns are skipped, because then `*` would differ.
fn of_table(part: &ConvertedTable<'_>) -> Option<Relation> {
    if part.columns.len() != part.table.columns.len() {
        return None;
    }
    let columns = part.columns.iter().map(|column| RelationColumn::of_table(column.source, &column.target));
    let columns = columns.collect();
    Some(Relation { target: part.target().to_owned(), columns, is_partial: false, facts: None })
}
