//! The assessment as one self-contained HTML page: no script, no font, no image.
//!
//! Its policy (Content Security Policy Level 3) allows the one style sheet by its digest and nothing else, so that
//! even text that was not escaped could not load or run anything.

mod escape;
mod findings;
mod tables;

use escape::{Escaped, IsolatedName, RuleText};

use super::groups::{WeightGroup, by_weight, heading};
use super::names::line;
use super::numbers::{count, length, span};
use super::verdict::{expectation, facts, settings, verdict};
use super::{Assessment, Grade, NextSteps};
use crate::rules;
use databases::terminal::escape;

/// The style sheet.
const STYLE: &str = include_str!("style.css");
/// The SHA-256 of the style sheet in base64.
const STYLE_DIGEST: &str = "AMYyrykL5fY5EdQ1IKz5ifoKcYofAj+/cIr/X72fTc4=";

/// An assessment as one self-contained HTML page. All text of the file is escaped.
pub fn html(assessment: &Assessment, steps: &NextSteps) -> String {
    let groups = by_weight(&assessment.findings);
    let file = line(&assessment.source);
    let file = Escaped(&file);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Assessment of {file}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>\n<div class=\"page\">\n"
    );
    page.push_str(&navigation(assessment, &groups));
    page.push_str("<main>\n");
    page.push_str(&head(assessment, &groups, steps));
    page.push_str(&tables::section(&assessment.tables));
    for group in &groups {
        page.push_str(&findings::section(group));
    }
    if !groups.is_empty() {
        page.push_str(&format!("<p class=\"soft\">{}.</p>\n", RuleText(&settings(steps))));
    }
    page.push_str(&statements(assessment));
    page.push_str(&format!(
        "<footer><p>Written by <code>{}</code>, version {}, in {}.</p></footer>\n",
        Escaped(steps.command),
        Escaped(&line(&assessment.program_version)),
        span(i64::try_from(assessment.elapsed_ms).unwrap_or(i64::MAX))
    ));
    page.push_str("</main>\n</div>\n</body>\n</html>\n");
    page
}

/// The filter and the table of contents.
fn navigation(assessment: &Assessment, groups: &[WeightGroup<'_>]) -> String {
    let mut out = String::from("<nav aria-label=\"Contents\">\n");
    if !groups.is_empty() {
        out.push_str("<fieldset>\n<legend>Show</legend>\n");
        for group in groups {
            out.push_str(&format!(
                "<label><input type=\"checkbox\" id=\"show-{}\" checked> {} ({})</label>\n",
                rules::word(group.weight),
                heading(group.weight),
                count(group.finding_count())
            ));
        }
        out.push_str("</fieldset>\n");
    }
    out.push_str("<p>Contents</p>\n<ol>\n<li><a href=\"#verdict\">Verdict</a></li>\n");
    if !assessment.tables.is_empty() {
        out.push_str("<li><a href=\"#tables\">Tables</a></li>\n");
    }
    for group in groups {
        let weight = rules::word(group.weight);
        let title = heading(group.weight);
        out.push_str(&format!("<li class=\"{weight}\"><a href=\"#{weight}\">{title}</a>\n<ol>\n"));
        for rule in &group.rules {
            let id = Escaped(rule.rule.id);
            out.push_str(&format!("<li><a href=\"#{id}\">{id}</a></li>\n"));
        }
        out.push_str("</ol></li>\n");
    }
    if !assessment.statements.is_empty() {
        out.push_str("<li><a href=\"#statements\">Statements</a></li>\n");
    }
    out.push_str("</ol>\n</nav>\n");
    out
}

fn head(assessment: &Assessment, groups: &[WeightGroup<'_>], steps: &NextSteps) -> String {
    let verdict = verdict(assessment, groups, steps);
    let class = match assessment.grade {
        Grade::A => "grade-a",
        Grade::B => "grade-b",
        Grade::C => "grade-c",
        Grade::D => "grade-d",
    };
    let next = verdict.next.map_or_else(String::new, |next| {
        format!(
            "<p>{}: <code class=\"command\" tabindex=\"0\">{}</code></p>\n",
            next.words,
            Escaped(&next.command)
        )
    });
    format!(
        "<h1>Assessment of {}</h1>\n<section id=\"verdict\" class=\"verdict {class}\" aria-label=\"Verdict\">\n\
         <p><strong>Grade {}</strong>: {}</p>\n{next}</section>\n\
         <dl>\n<dt>Source</dt><dd>{}</dd>\n<dt>Import</dt><dd>{}</dd>\n</dl>\n",
        IsolatedName(&line(&assessment.source)),
        assessment.grade.letter(),
        verdict.meaning,
        facts(assessment),
        expectation(assessment)
    )
}

fn statements(assessment: &Assessment) -> String {
    if assessment.statements.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<h2 id=\"statements\">Statements</h2>\n<details>\n<summary>Statements that create the schema in PostgreSQL: {}</summary>\n",
        count(length(&assessment.statements))
    );
    for statement in &assessment.statements {
        out.push_str(&format!("<pre>{};</pre>\n", Escaped(&escape(&statement.sql))));
    }
    out.push_str("</details>\n");
    out
}
