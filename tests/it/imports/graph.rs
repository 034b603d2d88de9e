//! The files of `transfer` as a graph of imports: layers, and no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{code, from_the_root, imports_from, sources};

/// The layers from below: a module imports those before it and itself.
const LAYERS: [&str; 16] = [
    "rows",
    "digest",
    "values",
    "copy_in",
    "table",
    "finding",
    "error",
    "control",
    "application",
    "model",
    "source",
    "target",
    "plan",
    "copy",
    "verify",
    "run",
];

/// Files that those below import as well: the stages and events of a run, which report what lower modules found, and the
/// error that the one of the engine contains.
const FOR_ALL: [&str; 4] = ["run::observer", "run::stage", "run::stages", "source::error"];

/// What each module imports, by the module that defines it.
fn graph(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    let mut moved = BTreeMap::new();
    for path in sources(root) {
        let relative = path.strip_prefix(root).expect("below src");
        if relative.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let module = relative.with_extension("").display().to_string().replace('/', "::");
        let module = module.trim_end_matches("::mod").to_owned();
        let text = code(&std::fs::read_to_string(&path).expect("read"));
        for re_export in text.lines().filter_map(|line| line.split_once("pub use ")).map(|(_, path)| path) {
            let (path, names) = re_export.split_once("::").unwrap_or((re_export, ""));
            for name in names.trim_matches(['{', '}', ';']).split(',').map(str::trim) {
                moved.insert(format!("{module}::{name}"), format!("{module}::{path}"));
            }
        }
        texts.insert(module, from_the_root(&text, relative));
    }
    let defined = |import: &str| {
        let moved =
            moved.iter().find(|(name, _)| import == **name || import.starts_with(&format!("{name}::")));
        let mut path = moved.map_or(import, |(_, module)| module.as_str());
        loop {
            if texts.contains_key(path) {
                return Some(path.to_owned());
            }
            path = path.rsplit_once("::")?.0;
        }
    };
    let of = |(module, text): (&String, &String)| {
        let imports = imports_from(text, "crate", "");
        let files = imports.iter().filter_map(|import| defined(import)).filter(|file| file != module);
        (module.clone(), files.collect())
    };
    texts.iter().map(of).collect()
}

fn transfer() -> BTreeMap<String, BTreeSet<String>> {
    graph(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/transfer/src"))
}

#[test]
fn each_layer_of_transfer_imports_only_those_below() {
    let layer = |module: &str| {
        let first = module.split("::").next().unwrap_or(module);
        LAYERS.iter().position(|layer| *layer == first)
    };
    for (module, imports) in transfer() {
        if module == "lib" {
            continue;
        }
        let own = layer(&module).unwrap_or_else(|| panic!("{module} is in no layer"));
        for import in imports {
            let fits = FOR_ALL.contains(&import.as_str()) || layer(&import).is_some_and(|other| other <= own);
            assert!(fits, "{module} imports {import}, which is in a layer above");
        }
    }
}

#[test]
fn no_files_of_transfer_import_each_other_in_a_circle() {
    let mut graph = transfer();
    assert!(graph.len() > 80, "the sources were not found");
    // Files that import none, or that none imports, are removed until there are no more; what remains are circles.
    loop {
        let imported: BTreeSet<String> = graph.values().flatten().cloned().collect();
        let is_end =
            |(file, imports): &(&String, &BTreeSet<String>)| imports.is_empty() || !imported.contains(*file);
        let ends: BTreeSet<String> = graph.iter().filter(is_end).map(|(file, _)| file.clone()).collect();
        if ends.is_empty() {
            break;
        }
        graph.retain(|file, _| !ends.contains(file));
        graph.values_mut().for_each(|imports| imports.retain(|import| !ends.contains(import)));
    }
    assert!(graph.is_empty(), "circles among {:?}", graph.keys());
}
