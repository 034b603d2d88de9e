//! Databases that other people could not move, each with what must hold afterwards (`expect.md`).

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::case::make;
use super::real::beside;
use crate::app::App;
use crate::cluster::TestDatabase;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The texts between these fences.
fn blocks<'a>(text: &'a str, begin: &str) -> Vec<&'a str> {
    let parts = text.split(begin).skip(1);
    parts.map(|part| part.split("\n```").next().expect("an end").trim_matches('\n')).collect()
}

/// The arguments of the command that is to be run, with `source.db` for the file.
fn arguments(expected: &str) -> Option<Vec<String>> {
    let command = expected.split("Run: `app ").nth(1)?.split('`').next()?;
    // A report on messages is held by a test of its own.
    expected
        .contains("```sql")
        .then(|| command.replace("FILE", "source.db").split(' ').map(str::to_owned).collect())
}

/// What `psql` prints of the last statement, unaligned.
fn answer(target: &mut PgConnection, sql: &str) -> Result<String, diesel::result::Error> {
    let (before, last) = sql.trim_end_matches(';').rsplit_once(';').unwrap_or(("", sql));
    if !before.is_empty() {
        target.batch_execute(before)?;
    }
    let last = last.trim();
    let query = match last.to_ascii_lowercase().starts_with("insert") {
        true => format!("WITH whole AS ({last}) SELECT whole::text AS line FROM whole"),
        false => format!("SELECT whole::text AS line FROM ({last}) whole"),
    };
    let rows: Vec<Line> = diesel::sql_query(query).load(target)?;
    Ok(rows.iter().map(|row| unaligned(&row.line)).collect::<Vec<_>>().join("\n"))
}

/// The fields of a composite value in text (PostgreSQL manual, section 8.16.6), separated as `psql` does.
fn unaligned(record: &str) -> String {
    let inner = record.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).expect("a record");
    let (mut out, mut is_quoted) = (String::new(), false);
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => out.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            '\\' => out.extend(letters.next()),
            ',' if !is_quoted => out.push('|'),
            letter => out.push(letter),
        }
    }
    out
}

/// What does not hold.
fn wrong(folder: &Path) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let expected = read("expect.md").expect("what must hold");
    let Some(arguments) = arguments(&expected) else { return Vec::new() };
    let (app, target) = (App::new(), TestDatabase::create());
    make(&app.path("source.db"), &[&folder.join("source.sql")]);
    let mut connection = target.connect();
    if let Ok(tables) = read("target.sql") {
        connection.batch_execute(&tables).expect("make the target");
    }
    let mut command: Vec<&str> = arguments.iter().map(String::as_str).collect();
    command.extend(["--postgres", target.url(), "--yes"]);
    let ended = app.run(&command);
    connection.batch_execute("SET timezone = 'UTC'").expect("set");
    let (queries, answers) = (blocks(&expected, "```sql\n"), blocks(&expected, "gives\n```\n"));
    assert!(!queries.is_empty() && queries.len() == answers.len(), "{}", folder.display());
    let mut wrong = Vec::new();
    for (query, expected) in queries.iter().zip(answers) {
        let found = answer(&mut connection, query).map_err(|error| error.to_string());
        if found.as_deref() != Ok(expected) {
            wrong.push(format!("{query}\n  gives {found:?}\n  expected {expected:?}"));
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!("exit {}\n{}{}", ended.code, ended.stdout, ended.stderr));
    }
    wrong
}

#[test]
fn every_reported_database_arrives_as_it_must() {
    let Some(folder) = beside("reports") else { return };
    let entries =
        std::fs::read_dir(folder).expect("the reports").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let wrong: Vec<String> = folders
        .iter()
        .map(|folder| (folder, wrong(folder)))
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(folder, wrong)| format!("{}\n{}", folder.display(), wrong.join("\n")))
        .collect();
    assert!(folders.len() >= 20, "{}", folders.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
