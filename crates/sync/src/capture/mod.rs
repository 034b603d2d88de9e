//! Capture: tables and triggers in a SQLite file that log every change of its rows, and their removal.
//!
//! The log states which row changed, not what it became. An entry is written by a trigger, in the transaction of the
//! writer, so that any process is captured and no entry exists without its change. The follower reads the present rows
//! of the logged keys in one snapshot.
//!
//! | entry | `what` | read as |
//! |---|---|---|
//! | key | 0 | the row with this key may have changed; `k1`, `k2`, ... are the key |
//! | image | 1 | a row of a table without a key was added or removed: `__backoffice_image_<t>` has the sign and the values |
//! | mark | 2 | the table has to be read again as a whole |
//!
//! `t` is the number of the table in `__backoffice_captured`, 0 for a table that is skipped: such an entry only shows
//! that somebody committed.
//!
//! Rules of the triggers, with the section of SQLite's manual that they come from:
//!
//! - The tables have no column types, so that storage class and bytes are kept ("Datatypes In SQLite", 3.1), and no
//!   constraints: inside a trigger, the conflict policy of the outer statement is used ("CREATE TRIGGER", 2).
//! - REPLACE deletes rows without delete triggers unless `recursive_triggers` is on ("ON CONFLICT"). A BEFORE trigger
//!   therefore logs each row with which the new row collides in any unique index. The rowid is one of them where it is
//!   not the key. An entry too many is harmless, so a condition may be too wide, never too narrow.
//! - REPLACE also fills in the default where a NOT NULL column is NULL ("ON CONFLICT"), after BEFORE triggers: the
//!   condition uses the default for NULL.
//! - A key is compared by bytes and storage class: an UPDATE from `a` to `A`, or from 1 to 1.0, changes the key under
//!   any collation.
//! - OLD and NEW of an AFTER trigger may differ from the row: before it, SQLite searches for rows that refer to the key
//!   and applies the affinity of the searched index to OLD and NEW (seen in 3.40 and 3.53; the manual does not mention
//!   it). Keys without numeric affinity are logged by BEFORE triggers, and tables without a key that are referenced log
//!   marks.
//! - A BEFORE trigger of the application may change rows after those of capture were executed. A keyed table logs them
//!   by its own triggers; a table without a key logs marks if it has such a trigger.
//! - An automatic rowid is not known in a BEFORE INSERT trigger ("CREATE TRIGGER", 5), so that a unique expression of
//!   it cannot be captured.
//! - The statements are SQL of 2010, because the SQLite of the application parses them.
//!
//! Not captured: writers that switch triggers off, and rows that REPLACE deletes after a BEFORE UPDATE trigger of the
//! application changed the same row, which SQLite declares undefined ("CREATE TRIGGER", 5).

mod application;
mod attach;
mod captured;
mod check;
mod compare;
mod error;
mod expression;
mod images;
mod key;
mod keyed;
mod objects;
mod plan;
mod planned;
mod recapture;
mod record;
mod skipped;
mod sql;
#[cfg(test)]
mod tests;
mod unique;

pub use attach::{OwnerRow, attach, detach};
pub use captured::{Capture, CaptureKind, CapturedTable};
pub use check::{SchemaCheck, SchemaState};
pub use compare::{BrokenTable, ObjectChange, SchemaChange};
pub use error::{Blocker, CaptureError};
pub use plan::{CapturePlan, UncapturedTable};
pub use recapture::{forget, recapture};
pub use sql::{CAPTURED, CHANGES, OWNER, image_table};

/// The beginning of the names of all objects that capture adds.
pub const PREFIX: &str = "__backoffice_";
