//! Assesses any SQLite file, imports it into PostgreSQL and verifies every value: `import_a_file FILE URL`.
#![expect(clippy::print_stdout, reason = "an example")]

use databases::url::{DatabaseUrl, SqlitePath};
use import::decisions::Decisions;
use import::planner::{ImportPlanner, PlannerOptions};
use import::report::{Assessment, NextSteps, TextOptions, text};
use transfer::run::{RunSettings, execute};

/// What this program calls its steps.
const STEPS: NextSteps = NextSteps {
    command: "import_a_file",
    assess: "import_a_file FILE URL",
    import: "import_a_file FILE URL",
    write_config: "import::decisions::Decisions::write",
    list_all: "TextOptions::all",
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [_, file, url] = &std::env::args().collect::<Vec<_>>()[..] else { return Err("FILE URL".into()) };
    let source = SqlitePath::parse(file)?;
    let DatabaseUrl::Postgres(target) = DatabaseUrl::parse(url)? else { return Err("no server".into()) };
    let show = |assessment: &Assessment| {
        println!("{}", text(assessment, &STEPS, TextOptions { width: 100, colour: false, all: false }));
    };
    let mut planner =
        ImportPlanner::new(Decisions::default(), PlannerOptions::default(), &|_progress| {}, &show);
    let (report, outcome) = execute(&mut planner, &RunSettings::new(&source, &target));
    println!("{} rows copied: {:?}", report.copied_rows(), report.verdict);
    Ok(outcome.map(drop)?)
}
