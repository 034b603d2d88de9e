//! The tables of a page, each with its columns.

use super::escape::{Escaped, IsolatedName};
use crate::report::names::{line, name};
use crate::report::numbers::{count, counted, length, size};
use crate::report::{ColumnAssessment, TableAssessment};

pub(super) fn section(tables: &[TableAssessment]) -> String {
    if tables.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<h2 id=\"tables\">Tables</h2>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"tables\" tabindex=\"0\">\n\
         <table>\n<thead><tr><th scope=\"col\">Table</th><th scope=\"col\" class=\"number\">Rows</th>\
         <th scope=\"col\" class=\"number\">Size</th><th scope=\"col\">Target</th>\
         <th scope=\"col\" class=\"number\">Rejects</th></tr></thead>\n<tbody>\n",
    );
    for table in tables {
        let rejects =
            if table.predicted_rejects == 0 { String::new() } else { count(table.predicted_rejects) };
        out.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td>\
             <td>{}</td><td class=\"number\">{rejects}</td></tr>\n",
            IsolatedName(&name(&table.source)),
            count(table.row_count),
            size(table.size_bytes),
            IsolatedName(&name(&table.target))
        ));
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    for table in tables.iter().filter(|table| !table.columns.is_empty()) {
        out.push_str(&columns(table));
    }
    out
}

fn columns(table: &TableAssessment) -> String {
    let mut out = format!(
        "<details>\n<summary>{}: {}</summary>\n<div class=\"scroll\" role=\"region\" aria-label=\"Columns\" tabindex=\"0\">\n<table>\n\
         <thead><tr><th scope=\"col\">Column</th><th scope=\"col\">Declared</th><th scope=\"col\">Target</th>\
         <th scope=\"col\">Type</th><th scope=\"col\" class=\"number\">NULLs</th><th scope=\"col\">Note</th></tr></thead>\n\
         <tbody>\n",
        IsolatedName(&name(&table.source)),
        counted(length(&table.columns), "column")
    );
    for column in &table.columns {
        out.push_str(&row(column));
    }
    out.push_str("</tbody>\n</table>\n</div>\n</details>\n");
    out
}

fn row(column: &ColumnAssessment) -> String {
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"type\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
        IsolatedName(&name(&column.source)),
        IsolatedName(&line(&column.declared_type)),
        IsolatedName(&name(&column.target)),
        Escaped(&line(&column.target_type)),
        count(column.nulls),
        Escaped(&line(column.note.as_deref().unwrap_or("")))
    )
}
