//! Embeds the migrations: one list per backend, each entry with its up and down SQL.
//!
//! `embed_migrations!` is not used, because the program prints the SQL (`--dry-run`) and records its checksum, and
//! that macro exposes neither. A missing or empty half of a pair fails the build.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "cargo passes paths to a build script in variables")]
fn main() {
    println!("cargo:rerun-if-changed=migrations");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let mut code = String::new();
    for (backend, name) in [("sqlite", "SQLITE"), ("postgres", "POSTGRES")] {
        let folder = Path::new(&root).join("migrations").join(backend);
        let mut entries: Vec<_> = fs::read_dir(&folder)
            .expect("read migrations")
            .map(|entry| entry.expect("read migrations").path())
            .filter(|path| path.is_dir())
            .collect();
        entries.sort();
        let _ = writeln!(code, "static {name}: &[Migration] = &[");
        for path in entries {
            let file_name = path.file_name().and_then(|n| n.to_str()).expect("migration name is UTF-8");
            let (version, title) = file_name.split_once('_').expect("migration is named VERSION_TITLE");
            for half in ["up.sql", "down.sql"] {
                let text = fs::read_to_string(path.join(half)).unwrap_or_default();
                let empty = text.lines().all(|line| line.trim().is_empty() || line.starts_with("--"));
                assert!(!empty, "{backend}/{file_name}/{half} is missing or empty");
            }
            let _ = writeln!(
                code,
                "    Migration {{ version: {version:?}, title: {title:?}, up: include_str!({:?}), down: include_str!({:?}) }},",
                path.join("up.sql"),
                path.join("down.sql")
            );
        }
        let _ = writeln!(code, "];");
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("migrations.rs"), code).expect("write migrations.rs");
}
