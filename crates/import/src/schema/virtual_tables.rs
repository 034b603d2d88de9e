//! Virtual tables and the shadow tables of their modules.
//!
//! Modules are never called: they may not be compiled in, and would run code on untrusted data. (`pragma_table_list`
//! is not used for the same reason: it connects every virtual table and expands every view.) Shadow tables are
//! recognized by the names that the module gives them. In doubt a table is an ordinary one.

use std::collections::HashMap;

use super::model::VirtualTable;
use super::parse::DeclaredModule;

/// Builds a virtual table from its statement; `tables` are the file's tables, by name in lower case.
pub(super) fn virtual_table(
    name: &str,
    declared: DeclaredModule,
    tables: &HashMap<String, String>,
) -> VirtualTable {
    let own = suffixes(&declared)
        .iter()
        .filter_map(|suffix| tables.get(&format!("{name}_{suffix}").to_ascii_lowercase()).cloned())
        .collect();
    VirtualTable {
        name: name.to_owned(),
        module: declared.module,
        arguments: declared.arguments,
        shadow_tables: own,
    }
}

/// The suffixes of a module's shadow tables; for FTS with external content `_content` is not among them, and a table
/// with that name is an ordinary one.
fn suffixes(declared: &DeclaredModule) -> Vec<&'static str> {
    let content = option(declared, "content");
    match declared.module.as_str() {
        "fts1" => vec!["content", "term"],
        "fts2" => vec!["content", "segments", "segdir"],
        "fts3" | "fts4" => {
            let mut own = vec!["segments", "segdir", "docsize", "stat"];
            own.extend(content.is_none().then_some("content"));
            own
        }
        "fts5" => {
            let keeps_columns = option(declared, "contentless_unindexed").is_some();
            let mut own = vec!["data", "idx", "docsize", "config"];
            let has_content = content.is_none_or(|content| content.is_empty() && keeps_columns);
            own.extend(has_content.then_some("content"));
            own
        }
        "rtree" | "rtree_i32" | "geopoly" => vec!["node", "rowid", "parent"],
        "spellfix1" => vec!["vocab"],
        "vec0" => vec!["chunks", "rowids", "info", "auxiliary", "vector_chunks00", "metadatachunks00"],
        "vss0" => vec!["index", "data"],
        _ => Vec::new(),
    }
}

/// Whether the shadow tables of the module are known.
pub(super) fn is_known(module: &str) -> bool {
    const WITHOUT_TABLES: [&str; 14] = [
        "fts3tokenize",
        "fts4aux",
        "fts5vocab",
        "dbstat",
        "csv",
        "closure",
        "transitive_closure",
        "amatch",
        "approximate_match",
        "fuzzer",
        "unionvtab",
        "swarmvtab",
        "bytecode",
        "sqlite_dbpage",
    ];
    let declared = DeclaredModule { module: module.to_owned(), arguments: Vec::new() };
    WITHOUT_TABLES.contains(&module) || !suffixes(&declared).is_empty()
}

/// The value of `name=value` among the arguments, without quotes.
fn option(declared: &DeclaredModule, name: &str) -> Option<String> {
    let value_of = |argument: &String| {
        let (key, value) = argument.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| super::parse::unquoted(value.trim()))
    };
    declared.arguments.iter().find_map(value_of)
}
