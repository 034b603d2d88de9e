//! Documents and help match the program.

use std::collections::BTreeSet;

use crate::app::App;
use databases::error::ExitStatus;

fn file(name: &str) -> String {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(name)
}

/// The lines of the shell blocks of a document.
fn shell_lines(document: &str) -> Vec<String> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in document.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside {
            lines.push(line.split(" #").next().unwrap_or(line).trim().to_owned());
        }
    }
    lines
}

/// The words after `app`, if the line is a command of the program.
fn command_words(line: &str) -> Option<Vec<String>> {
    let words = line.split_whitespace().skip_while(|word| word.contains('=') && !word.starts_with('-'));
    let mut words = words.map(str::to_owned);
    if words.next()? != "app" {
        return None;
    }
    Some(words.collect())
}

#[test]
fn every_command_in_the_documents_exists_with_its_flags() {
    let app = App::new();
    let mut seen = 0;
    for name in ["README.md", "CONTRIBUTING.md", "migrations/README.md"] {
        for words in
            shell_lines(&file(name)).iter().flat_map(|line| line.split("&&")).filter_map(command_words)
        {
            let names: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
                .take_while(|word| !word.starts_with('-'))
                .collect();
            let help = app.expect(0, &[&names[..], &["--help"]].concat()).stdout;
            for flag in words.iter().filter_map(|word| word.strip_prefix("--")) {
                let flag = flag.split('=').next().unwrap_or(flag);
                assert!(help.contains(&format!("--{flag}")), "{name}: --{flag} of `app {}`", words.join(" "));
            }
            seen += 1;
        }
    }
    assert!(seen >= 5, "README shows no commands");
}

/// Runs the script of `make demo` with the program of this build and fewer rows.
#[test]
fn the_demo_runs_from_end_to_end() {
    let script = format!("{}/scripts/demo", env!("CARGO_MANIFEST_DIR"));
    let output = std::process::Command::new(script)
        .env("APP", env!("CARGO_BIN_EXE_app"))
        .env("ROWS", "2000")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("run the demo");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}\n{errors}");
    let verified = format!("{} tables verified", backoffice::registry::tables().len());
    assert!(text.contains(&verified), "{text}\n{errors}");
    assert!(text.contains("\"backend\":\"sqlite\"") && text.contains("\"backend\":\"postgres\""), "{text}");
}

#[test]
fn every_make_target_in_the_documents_exists() {
    let makefile = file("Makefile");
    let mut seen = BTreeSet::new();
    for name in ["README.md", "CONTRIBUTING.md"] {
        for line in shell_lines(&file(name)) {
            if let Some(target) = line.strip_prefix("make ") {
                let target = target.split_whitespace().next().expect("a target");
                assert!(
                    makefile.lines().any(|line| line.starts_with(&format!("{target}:"))),
                    "{name}: make {target}"
                );
                seen.insert(target.to_owned());
            }
        }
    }
    assert!(seen.contains("demo") && seen.contains("test"));
}

#[test]
fn exit_codes_are_those_of_the_readme_and_the_help() {
    let readme = file("README.md");
    let help = App::new().expect(0, &["--help"]).stdout;
    for status in ExitStatus::ALL {
        let row = readme
            .lines()
            .find(|line| line.starts_with('|') && line.contains(&format!("| {} |", status.code())));
        let row = row.unwrap_or_else(|| panic!("README has no row for {}", status.code()));
        assert!(row.contains(status.meaning()), "{row}");
        assert!(help.contains(&format!("{} ", status.code())), "{help}");
    }
}

#[test]
fn every_variable_is_documented_and_no_other() {
    let example = file(".env.example");
    let readme = file("README.md");
    let named: Vec<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    let unique: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(unique, backoffice::config::VARIABLES.into_iter().collect());
    for name in backoffice::config::VARIABLES {
        assert!(readme.contains(&format!("`{name}`")), "README does not name {name}");
    }
    // Used as a .env file, the example changes no setting.
    let app = App::new();
    std::fs::write(app.path(".env"), &example).expect("write");
    let ended = app.expect(0, &["config"]);
    assert!(ended.stdout.contains("sqlite:./backoffice.db"), "{}", ended.stdout);
}

/// The commands that a help text lists.
fn listed(help: &str) -> Vec<&str> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    // A line that continues a description is indented further.
    let names = list.take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

#[test]
fn every_command_has_help_with_an_example_and_a_line_in_the_readme() {
    let (app, readme) = (App::new(), shell_lines(&file("README.md")));
    let top = app.expect(0, &["--help"]).stdout;
    let mut commands: Vec<Vec<&str>> = vec![vec![]];
    let groups =
        ["db", "organization", "sql", "user"].map(|group| (group, app.expect(0, &[group, "--help"]).stdout));
    for name in listed(&top) {
        match groups.iter().find(|(group, _)| *group == name) {
            Some((group, help)) => commands.extend(listed(help).into_iter().map(|name| vec![*group, name])),
            None => commands.push(vec![name]),
        }
    }
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let help = app.expect(0, &[&command[..], &["--help"]].concat()).stdout;
        assert!(help.contains("Example"), "{command:?}: {help}");
        let one_line = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let has_codes = ["xits with", "Exit codes"].iter().any(|words| one_line.contains(words));
        assert!(has_codes, "{command:?}: {help}");
        assert!(!help.contains(":pass") && !help.contains("password@"), "{command:?} shows a password");
        let words = format!("app {}", command.join(" "));
        let is_this = |line: &String| *line == words || line.starts_with(&format!("{words} "));
        assert!(command.is_empty() || readme.iter().any(is_this), "README has no line for `{words}`");
    }
    let usage = app.expect(2, &["db", "copy-from-sqlite", "--clear", "--append"]);
    assert!(usage.stderr.contains("cannot be used with"), "{}", usage.stderr);
}

#[test]
fn documents_contain_no_local_path() {
    for name in
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "scripts/postgres"]
    {
        let text = file(name);
        assert!(!text.contains("/home/") && !text.contains("/root/"), "{name}");
    }
}
