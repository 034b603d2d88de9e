//! Compares the schema of a file with the recorded one.

use super::captured::{Capture, CaptureKind};
use super::objects::SchemaObject;

/// A captured table whose changes can no longer be trusted to be logged as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenTable {
    /// The table.
    pub table: String,
    /// The reason, in a sentence without a full stop.
    pub reason: String,
}

/// A change of the schema that does not affect what is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaChange {
    /// `table`, `index`, `view` or `trigger`.
    pub kind: String,
    /// The object.
    pub name: String,
    /// The table of an index or trigger.
    pub table: String,
    /// What happened to it.
    pub change: ObjectChange,
}

/// What happened to an object of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectChange {
    /// It is new.
    Created,
    /// It does not exist any more, or has another name.
    Dropped,
    /// It has another statement.
    Altered,
}

/// The differences between recorded and present schema.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub broken: Vec<BrokenTable>,
    pub changes: Vec<SchemaChange>,
}

/// Compares the objects of the file with those recorded.
pub(super) fn differences(capture: &Capture, present: &[SchemaObject]) -> Differences {
    let mut differences = Differences::default();
    for recorded in &capture.objects {
        match present.iter().find(|object| object.is_same(recorded)) {
            Some(object) if object == recorded => {}
            Some(object) if recorded.is_own() && object.table != recorded.table => {
                differences.broken.retain(|broken| broken.table != recorded.table);
                let what = format!("it was renamed to `{}`", object.table);
                differences.own(capture, recorded, ObjectChange::Altered, &what);
            }
            Some(object) if recorded.is_own() => {
                let what = format!("the {} `{}` of the change log was altered", object.kind, object.name);
                differences.own(capture, recorded, ObjectChange::Altered, &what);
            }
            Some(object) => differences.other(capture, object, recorded.is_unique, ObjectChange::Altered),
            None if recorded.is_own() => {
                let what = format!("the {} `{}` of the change log is missing", recorded.kind, recorded.name);
                differences.own(capture, recorded, ObjectChange::Dropped, &what);
            }
            None => differences.other(capture, recorded, recorded.is_unique, ObjectChange::Dropped),
        }
    }
    for object in present {
        if !capture.objects.iter().any(|recorded| recorded.is_same(object)) {
            differences.other(capture, object, object.is_unique, ObjectChange::Created);
        }
    }
    differences
}

impl Differences {
    /// A difference of an object of capture.
    fn own(&mut self, capture: &Capture, object: &SchemaObject, kind: ObjectChange, what: &str) {
        let image: Option<i64> =
            object.name.strip_prefix("__backoffice_image_").and_then(|number| number.parse().ok());
        for table in &capture.tables {
            let is_affected = match (object.kind.as_str(), image) {
                ("trigger", _) => table.name == object.table,
                (_, Some(number)) => table.number == number,
                (_, None) => true,
            };
            if is_affected && table.kind != CaptureKind::Skipped {
                self.breaks(&table.name, what);
            }
        }
        if object.kind == "trigger"
            && capture.table(&object.table).is_none_or(|table| table.kind == CaptureKind::Skipped)
        {
            self.changes.push(change(object, kind));
        }
    }

    /// A difference of any other object.
    fn other(&mut self, capture: &Capture, object: &SchemaObject, is_unique: bool, what: ObjectChange) {
        let table = capture.followed().find(|table| table.name.eq_ignore_ascii_case(&object.table));
        match (object.kind.as_str(), table) {
            ("table", Some(table)) => match what {
                ObjectChange::Altered => self.breaks(&table.name, "its definition was changed"),
                ObjectChange::Dropped => self.breaks(&table.name, "it was dropped or renamed"),
                ObjectChange::Created => self.changes.push(change(object, what)),
            },
            ("index", Some(table)) if is_unique || object.is_unique => {
                let word = match what {
                    ObjectChange::Created => "was created",
                    ObjectChange::Dropped => "was dropped",
                    ObjectChange::Altered => "was changed",
                };
                self.breaks(&table.name, &format!("its unique index `{}` {word}", object.name));
            }
            ("trigger", Some(table)) if matches!(table.kind, CaptureKind::Images { .. }) => {
                let reason = format!("its trigger `{}` was created, changed or dropped", object.name);
                self.breaks(&table.name, &reason);
            }
            _ => self.changes.push(change(object, what)),
        }
    }

    /// The first reason of a table is kept.
    fn breaks(&mut self, table: &str, reason: &str) {
        if !self.broken.iter().any(|broken| broken.table == table) {
            self.broken.push(BrokenTable { table: table.to_owned(), reason: reason.to_owned() });
        }
    }
}

fn change(object: &SchemaObject, change: ObjectChange) -> SchemaChange {
    SchemaChange { kind: object.kind.clone(), name: object.name.clone(), table: object.table.clone(), change }
}
