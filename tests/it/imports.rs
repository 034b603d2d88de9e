//! Which room of the program may import which (ARCHITECTURE.md says why).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each room may name of this crate. A longer path allows less than the room it is in.
const ALLOWED: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "config",
            "copy",
            "db",
            "error",
            "foreign",
            "registry",
            "seed",
            "server",
            "table",
            "values::Instant",
            "verify",
        ],
    ),
    ("server", &["config", "db", "models", "values"]),
    ("verify", &["copy", "db", "error", "table"]),
    ("copy", &["db", "error", "registry", "table"]),
    ("foreign", &["copy", "db", "error", "table", "values"]),
    ("seed", &["db", "error", "models", "registry", "table", "values"]),
    ("registry", &["db::name", "models", "schema", "table"]),
    ("models", &["db::connection", "models", "schema", "values"]),
    ("config", &["db::url", "error"]),
    ("db", &["config::PoolSettings", "config::Pooler", "error"]),
    ("table", &["values"]),
    ("schema", &["values"]),
    ("values", &["db::connection", "values"]),
    ("error", &[]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("read src") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code without comments, and without what stands in a test module.
fn code(text: &str) -> String {
    let until_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    until_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every path that begins with `crate::`, with groups in braces taken apart one level deep.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
        let after = &rest[path.len()..];
        if path.ends_with("::") && after.starts_with('{') {
            let group = after[1..].split('}').next().unwrap_or_default();
            for item in group.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                found.push(format!("{path}{item}"));
            }
        } else {
            found.push(path.trim_end_matches(':').to_owned());
        }
    }
    found
}

#[test]
fn each_room_imports_only_what_it_may() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut rooms = 0;
    for path in sources(&root) {
        let relative = path.strip_prefix(&root).expect("below src");
        // As modules of tests within a file: these may know anything.
        if relative.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let first = relative.iter().next().expect("a name").to_str().expect("UTF-8");
        let room = first.trim_end_matches(".rs");
        if room == "lib" {
            continue;
        }
        let may = allowed.get(room).unwrap_or_else(|| panic!("{room} is not in the list of rooms"));
        let text =
            code(&std::fs::read_to_string(&path).expect("read")).replace("use backoffice::", "use crate::");
        for import in imports(&text) {
            let import = import.trim_start_matches("self::");
            let own = import == room || import.starts_with(&format!("{room}::"));
            let fits = |may: &&str| import == *may || import.starts_with(&format!("{may}::"));
            assert!(own || may.iter().any(fits), "{}: imports {import}", relative.display());
        }
        rooms += 1;
    }
    assert!(rooms > 50, "the sources were not found");
}

#[test]
fn only_output_prints_and_only_config_reads_the_environment() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        let text = code(&std::fs::read_to_string(&path).expect("read"));
        let name = path.strip_prefix(&root).expect("below src").display().to_string();
        for printing in ["println!", "eprintln!", "io::stdout()", "print!("] {
            assert!(name == "cli/output.rs" || !text.contains(printing), "{name}: {printing}");
        }
        assert!(name == "config/inputs.rs" || !text.contains("env::var"), "{name} reads the environment");
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in sources(&root.join("src")).into_iter().chain(sources(&root.join("tests"))) {
        let lines = std::fs::read_to_string(&path).expect("read").lines().count();
        assert!(lines <= 800, "{} has {lines} lines", path.display());
    }
}
