//! An assessment as text: the verdict, the tables, and the findings by weight and rule.

mod layout;

use layout::{TextColumn, table, titled, wrap};

use super::groups::{RuleGroup, WeightGroup, by_weight, heading, meaning};
use super::names::{first_keys, line, name, place};
use super::numbers::{count, counted, length, size};
use super::verdict::{NextCommand, expectation, facts, settings, verdict};
use super::{Assessment, Grade, NextSteps, TableAssessment};
use crate::finding::{ImportFinding, Weight};
use databases::terminal::{self, Style, width};

/// The layout of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// The width of the terminal. The minimum is 60.
    pub width: usize,
    /// Whether headings are colored with terminal control sequences.
    pub colour: bool,
    /// Whether all tables and findings are listed, instead of the first ones.
    pub all: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 100, colour: false, all: false }
    }
}

/// The minimum width of the layout.
const LEAST_WIDTH: usize = 60;
/// The number of listed findings of a rule without `all`.
const PLACES: usize = 10;
/// The number of listed tables without `all`.
const TABLES: usize = 100;

/// An assessment as text, each line with a line feed. All text of the file is escaped.
pub fn text(assessment: &Assessment, steps: &NextSteps, options: TextOptions) -> String {
    let options = TextOptions { width: options.width.max(LEAST_WIDTH), ..options };
    let groups = by_weight(&assessment.findings);
    let mut lines = head(assessment, &groups, steps, options);
    if !assessment.tables.is_empty() {
        lines.push(String::new());
        lines.extend(tables(&assessment.tables, steps, options));
    }
    for group in &groups {
        lines.push(String::new());
        lines.extend(findings(group, steps, options));
    }
    if !groups.is_empty() {
        lines.push(String::new());
        lines.extend(wrap(&settings(steps), options.width));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn head(
    assessment: &Assessment,
    groups: &[WeightGroup<'_>],
    steps: &NextSteps,
    options: TextOptions,
) -> Vec<String> {
    let verdict = verdict(assessment, groups, steps);
    let grade = format!("Grade {}: {}", assessment.grade.letter(), verdict.meaning);
    let style = match assessment.grade {
        Grade::A | Grade::B => terminal::GOOD,
        Grade::C => style_of(Weight::Decision),
        Grade::D => style_of(Weight::Impossible),
    };
    let mut lines = painted(&grade, style, options);
    if let Some(NextCommand { words, command }) = &verdict.next {
        let next = format!("{words}: {command}");
        if width(&next) <= options.width {
            lines.push(next);
        } else {
            // A wrapped command could not be copied.
            lines.extend(wrap(&format!("{words}:"), options.width));
            lines.push(format!("  {command}"));
        }
    }
    lines.push(String::new());
    let mut fact = |title: &str, text: &str| lines.extend(titled(title, text, options.width, 0));
    fact("source:    ", &line(&assessment.source));
    fact("contents:  ", &facts(assessment));
    fact("import:    ", &expectation(assessment));
    lines
}

fn tables(tables: &[TableAssessment], steps: &NextSteps, options: TextOptions) -> Vec<String> {
    let shown = if options.all { tables.len() } else { TABLES };
    let row = |table: &TableAssessment| {
        vec![
            name(&table.source),
            count(table.row_count),
            size(table.size_bytes),
            name(&table.target),
            if table.predicted_rejects == 0 { String::new() } else { count(table.predicted_rejects) },
        ]
    };
    let rows: Vec<Vec<String>> = tables.iter().take(shown).map(row).collect();
    let columns = [
        TextColumn::Words("table"),
        TextColumn::Number("rows"),
        TextColumn::Number("size"),
        TextColumn::Words("target"),
        TextColumn::Number("rejects"),
    ];
    let mut lines = vec![paint("Tables", terminal::HEADING, options)];
    lines.extend(table(&columns, &rows, options.width, 2));
    lines.extend(folded(tables.len(), shown, steps));
    lines
}

fn findings(group: &WeightGroup<'_>, steps: &NextSteps, options: TextOptions) -> Vec<String> {
    let title = format!("{}: {}", heading(group.weight), meaning(group.weight));
    let mut lines = painted(&title, style_of(group.weight), options);
    for rule in &group.rules {
        lines.push(String::new());
        lines.extend(findings_of_rule(rule, steps, options));
    }
    lines
}

fn findings_of_rule(group: &RuleGroup<'_>, steps: &NextSteps, options: TextOptions) -> Vec<String> {
    let rule = group.rule;
    let mut lines = vec![format!(
        "  {}  {}",
        paint(rule.id, terminal::HEADING, options),
        counted(length(&group.findings), "finding")
    )];
    let mut say = |title: &str, text: &str| lines.extend(titled(title, text, options.width, 4));
    say("what:       ", rule.what);
    say("by default: ", rule.by_default);
    say("to change:  ", rule.change);
    let shown = if options.all { group.findings.len() } else { PLACES };
    let rows: Vec<Vec<String>> =
        group.findings.iter().take(shown).map(|finding| place_row(finding)).collect();
    let columns = [TextColumn::Words("where"), TextColumn::Number("rows"), TextColumn::Words("found")];
    lines.extend(table(&columns, &rows, options.width, 4));
    lines.extend(folded(group.findings.len(), shown, steps).map(|line| format!("  {line}")));
    lines
}

fn place_row(finding: &ImportFinding) -> Vec<String> {
    let keys = first_keys(finding).map_or_else(String::new, |keys| format!(" ({keys})"));
    vec![
        place(finding),
        finding.count.map_or_else(String::new, count),
        format!("{}{keys}", line(&finding.text)),
    ]
}

/// The note about entries that are not listed.
fn folded(total: usize, shown: usize, steps: &NextSteps) -> Option<String> {
    let hidden = i64::try_from(total.checked_sub(shown)?).unwrap_or(i64::MAX);
    (hidden > 0).then(|| format!("  and {} more: {}", count(hidden), steps.list_all))
}

/// The color of a heading, as the parameters of a control sequence (ECMA-48, "SGR").
fn style_of(weight: Weight) -> Style {
    match weight {
        Weight::Impossible => terminal::ERROR,
        Weight::Decision => terminal::WARNING,
        Weight::Widened => terminal::HINT,
        Weight::Note => terminal::HEADING,
    }
}

/// A heading in as many lines as it needs.
fn painted(text: &str, style: Style, options: TextOptions) -> Vec<String> {
    wrap(text, options.width).iter().map(|line| paint(line, style, options)).collect()
}

fn paint(text: &str, style: Style, options: TextOptions) -> String {
    if options.colour { terminal::paint(text, style) } else { text.to_owned() }
}
