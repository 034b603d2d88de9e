//! Which module may import which (see ARCHITECTURE.md).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

mod graph;

/// The engine crates, as paths begin.
const ENGINE: [&str; 4] = ["databases", "transfer", "import", "sync"];

/// The paths that each module of the application may use, of it and of the engine crates. A longer path allows a part only.
const ALLOWED: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "config",
            "databases",
            "import",
            "migrations",
            "models",
            "registry",
            "seed",
            "server",
            "sync",
            "transfer::copy",
            "transfer::error",
            "transfer::finding",
            "transfer::plan",
            "transfer::run",
            "transfer::source",
            "transfer::table",
            "transfer::target",
            "transfer::values::Instant",
            "transfer::verify",
        ],
    ),
    ("server", &["config", "databases", "migrations", "models", "transfer::values"]),
    ("seed", &["databases", "models", "registry", "transfer::model", "transfer::table", "transfer::values"]),
    (
        "registry",
        &["migrations", "models", "schema", "transfer::application::Application", "transfer::tables"],
    ),
    (
        "models",
        &[
            "databases::connection",
            "databases::terminal",
            "schema",
            "transfer::model",
            "transfer::row",
            "transfer::table::Key",
            "transfer::values",
        ],
    ),
    ("config", &["databases::error", "databases::hint", "databases::pool", "databases::url"]),
    ("schema", &["transfer::values"]),
    ("migrations", &["databases::migrations"]),
];

/// The modules of the crate `import` that convert a schema and values and have no part in a run: they import nothing
/// of its other modules.
const DIALECT: [&str; 16] = [
    "adapt",
    "choose",
    "computed",
    "conversion",
    "ddl",
    "decisions",
    "diesel_project",
    "finding",
    "names",
    "profile",
    "report",
    "rules",
    "schema",
    "translate",
    "types",
    "values",
];

/// The paths outside of the crate that these modules may use: no connection is opened, and nothing is copied.
const FOR_THE_DIALECT: [&str; 2] = ["databases::name", "databases::terminal"];

/// What a developer who moves data must not have to compile: the web server and what the application alone needs.
const NOT_FOR_THE_ENGINE: [&str; 9] =
    ["argon2", "axum", "backoffice", "clap", "hyper", "jsonwebtoken", "rustls", "tokio", "utoipa"];

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

/// The code without comments and without test modules.
fn code(text: &str) -> String {
    let until_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    until_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every path into this crate (without `crate::`) or an engine crate, with groups in braces expanded one level deep.
fn imports(code: &str) -> Vec<String> {
    let mut found = imports_from(code, "crate", "");
    for name in ENGINE {
        found.extend(imports_from(code, name, &format!("{name}::")));
    }
    found
}

fn imports_from(code: &str, root: &str, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    let start = format!("{root}::");
    for (at, _) in code.match_indices(&start) {
        let before = &code[..at];
        // The end of another name, or a module of this one, is no path from the root.
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + start.len()..];
        let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
        let after = &rest[path.len()..];
        if (path.is_empty() || path.ends_with("::")) && after.starts_with('{') {
            let group = after[1..].split('}').next().unwrap_or_default();
            for item in group.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                found.push(format!("{prefix}{path}{item}"));
            }
        } else {
            found.push(format!("{prefix}{}", path.trim_end_matches(':')));
        }
    }
    found
}

#[test]
fn each_module_imports_only_allowed_modules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut files = 0;
    for path in sources(&root) {
        let relative = path.strip_prefix(&root).expect("below src");
        // Test modules in files of their own may import anything.
        if relative.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let first = relative.iter().next().expect("a name").to_str().expect("UTF-8");
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let may = allowed.get(module).unwrap_or_else(|| panic!("{module} is not in the list of modules"));
        let text =
            code(&std::fs::read_to_string(&path).expect("read")).replace("use backoffice::", "use crate::");
        for import in imports(&text) {
            let import = import.trim_start_matches("self::");
            let own = import == module || import.starts_with(&format!("{module}::"));
            let fits = |may: &&str| import == *may || import.starts_with(&format!("{may}::"));
            assert!(own || may.iter().any(fits), "{}: imports {import}", relative.display());
        }
        files += 1;
    }
    assert!(files > 50, "the sources were not found");
}

/// What `super::` and `self::` in a file of the crate mean, as `crate::`.
fn from_the_root(code: &str, relative: &Path) -> String {
    let mut module: Vec<&str> = relative.iter().map(|part| part.to_str().expect("UTF-8")).collect();
    let file = module.pop().expect("a file").trim_end_matches(".rs");
    if file != "mod" {
        module.push(file);
    }
    let path =
        |segments: &[&str]| segments.iter().fold("crate::".to_owned(), |path, part| path + part + "::");
    let mut code = code.replace("self::", &path(&module));
    for depth in (1..=module.len()).rev() {
        code = code.replace(&"super::".repeat(depth), &path(&module[..module.len() - depth]));
    }
    code
}

#[test]
fn the_dialect_imports_nothing_that_runs_a_transfer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/import/src");
    let mut modules = BTreeSet::new();
    for path in sources(&root) {
        let relative = path.strip_prefix(&root).expect("below src");
        if relative.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let first = relative.iter().next().expect("a name").to_str().expect("UTF-8").trim_end_matches(".rs");
        let Some(module) = DIALECT.iter().find(|module| **module == first) else { continue };
        modules.insert(*module);
        let code = code(&std::fs::read_to_string(&path).expect("read"));
        let code = from_the_root(&code, relative);
        // `import::` is a module of `rules` here, not the crate.
        let roots = [("crate", ""), ("databases", "databases::"), ("transfer", "transfer::")];
        for import in roots.iter().flat_map(|(root, prefix)| imports_from(&code, root, prefix)) {
            let begins = |with: &&str| import == **with || import.starts_with(&format!("{with}::"));
            let fits = DIALECT.iter().any(begins) || FOR_THE_DIALECT.iter().any(begins);
            assert!(fits, "{}: imports {import}", relative.display());
        }
        // The schema is read with PRAGMAs; rows are read by the other modules.
        let connects = code.contains("SqliteConnection") || code.contains("PgConnection");
        assert!(!connects || *module == "schema", "{}: reads a database", relative.display());
    }
    assert_eq!(modules.into_iter().collect::<Vec<_>>(), DIALECT, "modules of the dialect");
}

#[test]
fn only_output_prints_and_only_config_reads_the_environment() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in sources(&root.join("src")).into_iter().chain(sources(&root.join("crates"))) {
        let text = code(&std::fs::read_to_string(&path).expect("read"));
        let relative = path.strip_prefix(root).expect("below the root");
        // The seed of tests is printed by them.
        let not_the_program = ["tests", "examples", "tests.rs", "test_seed"];
        if relative.iter().any(|part| not_the_program.iter().any(|name| part == *name)) {
            continue;
        }
        let name = relative.display().to_string();
        for printing in ["println!", "eprintln!", "io::stdout()", "print!("] {
            assert!(name == "src/cli/output.rs" || !text.contains(printing), "{name}: {printing}");
        }
        assert!(name == "src/config/inputs.rs" || !text.contains("env::var"), "{name} reads the environment");
    }
}

/// In strings and comments: the words for the steps in the application are in `src/cli`.
#[test]
fn the_engine_names_no_command_or_setting_of_the_application() {
    let commands =
        ["db", "organization", "serve", "user", "sql", "config"].map(|command| format!("app {command}"));
    let settings = backoffice::config::VARIABLES.into_iter().filter(|name| name.contains('_'));
    let names: Vec<String> = commands.into_iter().chain(settings.map(str::to_owned)).collect();
    let mut files = 0;
    for name in ENGINE {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").join(name).join("src");
        for path in sources(&root) {
            let relative = path.strip_prefix(&root).expect("below src");
            if relative.iter().any(|part| part == "tests" || part == "tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("read");
            let until_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(&text);
            for (number, line) in (1..).zip(until_tests.lines()) {
                let named = names.iter().find(|name| line.contains(name.as_str()));
                assert!(named.is_none(), "{name}: {}:{number} names {named:?}", relative.display());
            }
            files += 1;
        }
    }
    assert!(files > 200, "the sources were not found");
}

#[test]
fn no_file_is_too_long() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in ["src", "crates", "tests"].map(|folder| sources(&root.join(folder))).concat() {
        let lines = std::fs::read_to_string(&path).expect("read").lines().count();
        assert!(lines <= 800, "{} has {lines} lines", path.display());
    }
}

/// The packages that each package of Cargo.lock depends on.
fn locked() -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let text = std::fs::read_to_string(path).expect("Cargo.lock");
    let mut packages = BTreeMap::new();
    for package in text.split("[[package]]").skip(1) {
        let quoted = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
        let name = package.lines().find(|line| line.starts_with("name = ")).map(quoted).expect("a name");
        let dependencies = package.split("dependencies = [").nth(1).unwrap_or_default();
        let dependencies = dependencies.lines().take_while(|line| *line != "]").map(quoted);
        // `name version` where there are two versions.
        let dependencies = dependencies.map(|name| name.split(' ').next().unwrap_or_default().to_owned());
        packages.entry(name).or_insert_with(Vec::new).extend(dependencies.filter(|name| !name.is_empty()));
    }
    packages
}

#[test]
fn the_engine_needs_neither_the_web_server_nor_the_application() {
    let packages = locked();
    for root in ENGINE {
        let mut needed = BTreeSet::new();
        let mut waiting = vec![root];
        while let Some(name) = waiting.pop() {
            if needed.insert(name) {
                waiting.extend(packages[name].iter().map(String::as_str));
            }
        }
        assert!(needed.len() > 10, "{root}: its dependencies were not found");
        for name in NOT_FOR_THE_ENGINE {
            assert!(!needed.contains(name), "{root} needs {name}");
        }
    }
}
