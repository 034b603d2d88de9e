//! Moves the notes of a SQLite file to PostgreSQL and verifies every value: `move_a_file FILE URL`.
#![expect(missing_docs, clippy::print_stdout, reason = "an example")]

use databases::migrations::{Migration, Migrations};
use databases::url::{DatabaseUrl, SqlitePath};
use transfer::copy::{Application, Options};
use transfer::run::{ApplicationPlanner, RunSettings, execute};

mod schema {
    diesel::table! { notes (id) { id -> BigInt, body -> Text, } }
}

#[derive(diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = schema::notes, treat_none_as_default_value = false)]
pub struct Note {
    id: i64,
    body: transfer::values::Text,
}

transfer::row!(Note in notes { id: i64, body });
transfer::tables! { pub fn tables in schema = [Note as notes]; }

const UP: &str =
    "CREATE TABLE notes (id BIGINT PRIMARY KEY NOT NULL, body TEXT NOT NULL CHECK (body <> ''));";
const NOTES: Migration = Migration { version: "1", title: "notes", up: UP, down: "DROP TABLE notes;" };
static MIGRATIONS: Migrations = Migrations { sqlite: &[NOTES], postgres: &[NOTES] };

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [_, file, url] = &std::env::args().collect::<Vec<_>>()[..] else { return Err("FILE URL".into()) };
    let source = SqlitePath::parse(file)?;
    let DatabaseUrl::Postgres(target) = DatabaseUrl::parse(url)? else { return Err("no server".into()) };
    let application = Application { tables: tables(), migrations: &MIGRATIONS };
    let mut planner = ApplicationPlanner { application, options: Options::default() };
    let (report, outcome) = execute(&mut planner, &RunSettings::new(&source, &target));
    println!("{} rows copied: {:?}", report.copied_rows(), report.verdict);
    Ok(outcome.map(drop)?)
}
