//! Moves the notes of a SQLite file to PostgreSQL and verifies every value: `move_a_file FILE URL`.
#![expect(missing_docs, clippy::print_stdout, reason = "an example")]

use std::error::Error;

use databases::migrations::{Migration, Migrations};
use databases::url::{DatabaseUrl, SqlitePath};
use transfer::copy::{Application, Options};
use transfer::run::{ApplicationPlanner, RunSettings, execute};
use transfer::values::Text;

mod schema {
    diesel::table! { notes (id) { id -> BigInt, body -> Text, } }
}

#[derive(diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = schema::notes, treat_none_as_default_value = false)]
pub struct Note {
    id: i64,
    body: Text,
}

transfer::row!(Note in notes { id: i64, body });
transfer::tables! { static TABLES in schema = [Note as notes]; }

const NOTES: Migration = Migration {
    version: "20260101000000",
    title: "notes",
    up: "CREATE TABLE notes (id BIGINT PRIMARY KEY NOT NULL, body TEXT NOT NULL);",
    down: "DROP TABLE notes;",
};
static MIGRATIONS: Migrations = Migrations { sqlite: &[NOTES], postgres: &[NOTES] };

fn main() -> Result<(), Box<dyn Error>> {
    let [file, url] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "usage: FILE URL")?;
    let (source, DatabaseUrl::Postgres(target)) = (SqlitePath::parse(&file)?, DatabaseUrl::parse(&url)?)
    else {
        return Err("not a PostgreSQL URL".into());
    };
    let application = Application { tables: TABLES, migrations: &MIGRATIONS };
    let mut planner = ApplicationPlanner { application, options: Options::default() };
    let (report, outcome) = execute(&mut planner, &RunSettings::new(&source, &target));
    println!("{:?}: {} rows copied, exit code {}", report.verdict, report.copied_rows(), report.exit_code);
    outcome.map(drop).map_err(Into::into)
}
