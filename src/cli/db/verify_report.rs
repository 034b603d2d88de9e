//! What the terminal shows of a verification.

use std::collections::BTreeMap;

use crate::cli::output;
use transfer::verify::{Depth, Difference, TableRepair, TableVerdict, TableVerification, Verification};

/// Shows what was repaired.
pub(super) fn show_repairs(repairs: &[TableRepair]) {
    for repair in repairs {
        output::say(format!(
            "{}: {} inserted, {} updated",
            repair.table,
            output::rows(repair.inserted_rows),
            output::rows(repair.updated_rows)
        ));
    }
}

/// Shows what verification found.
pub(super) fn show_verification(verification: &Verification) {
    let differ = [TableVerdict::Different, TableVerdict::CouldNotBeVerified];
    for table in verification.tables.iter().filter(|table| differ.contains(&table.verdict)) {
        show_table(table);
    }
    show_structure(verification);
    let sum = |of: fn(&TableVerification) -> i64| verification.tables.iter().map(of).sum::<i64>();
    let kept = sum(|table| table.kept_rows);
    if kept > 0 {
        output::say(format!(
            "kept what the source does not have: {} in the target before",
            if kept == 1 { "1 row was".to_owned() } else { format!("{} were", output::rows(kept)) }
        ));
    }
    let rejected = sum(|table| table.rejected_rows);
    if rejected > 0 {
        output::say(format!("skipped rejected rows: {}", output::rows(rejected)));
    }
    let (compared, all) = (sum(|table| table.compared_rows), sum(|table| table.source_rows));
    let what = match verification.depth {
        _ if verification.tables.is_empty() => "no table to verify".to_owned(),
        Depth::Full => format!("verified every value of {}", output::rows(verification.verified_rows())),
        Depth::Counts => "compared how many rows there are, and no values".to_owned(),
        Depth::Sample(_) => format!(
            "compared every value of {} of {} (seed {})",
            output::count(compared),
            output::rows(all),
            verification.seed.unwrap_or_default()
        ),
    };
    let mut verdicts = vec![
        format!("{} tables verified", verification.count(TableVerdict::Verified)),
        format!("{} different", verification.count(TableVerdict::Different)),
        format!("{} could not be verified", verification.count(TableVerdict::CouldNotBeVerified)),
    ];
    if verification.depth != Depth::Full {
        verdicts.push(format!("{} not verified", verification.count(TableVerdict::NotVerified)));
    }
    let is_good = !verification.differs() && verification.unreadable().is_none();
    output::say_verdict(is_good, format!("{what}: {}", verdicts.join(", ")));
}

fn show_structure(verification: &Verification) {
    // What the run reported is shown with its skipped objects.
    for orphans in verification.orphans.iter().filter(|orphans| !orphans.is_reported) {
        output::say(format!(
            "{} of {} ({}) with no row of {} to refer to",
            output::rows(orphans.row_count),
            orphans.table,
            orphans.columns,
            orphans.parent
        ));
    }
    for state in &verification.sequences_behind {
        let last = state.last.map_or_else(|| "nothing".to_owned(), |last| last.to_string());
        output::say(format!(
            "the sequence of {} has given out {last}, less than {}",
            state.table, state.needed
        ));
    }
    for found in verification.not_in_force.iter().filter(|found| !found.is_reported) {
        output::say(format!("the {} {} of {} is {}", found.kind, found.name, found.table, found.state));
    }
    for found in &verification.not_in_force_before {
        let text = format!(
            "the {} {} of {} is {}, as it was before",
            found.kind, found.name, found.table, found.state
        );
        output::say(text);
    }
    for difference in &verification.structure {
        output::say(format!("structure: {difference}"));
    }
}

fn show_table(table: &TableVerification) {
    output::say(format!(
        "{}: {}; differences: {} ({} in the source, {} in the target)",
        table.table,
        table.verdict.as_str(),
        output::count(table.difference_count),
        output::rows(table.source_rows),
        output::rows(table.target_rows)
    ));
    if let Some(error) = &table.error {
        output::say(format!("  {error}"));
    }
    for difference in &table.differences {
        output::say(format!("  {}", describe(difference, &table.names)));
    }
    let named = i64::try_from(table.differences.len()).unwrap_or(i64::MAX);
    if table.difference_count > named && named > 0 {
        output::say(format!("  and {} more", output::count(table.difference_count - named)));
    }
    if let (Some(source), Some(target)) = (&table.source_instants, &table.target_instants)
        && source != target
    {
        output::say(format!(
            "  oldest and newest instant: {} and {} in the source, {} and {} in the target",
            source.oldest, source.newest, target.oldest, target.newest
        ));
    }
}

fn describe(difference: &Difference, names: &BTreeMap<String, String>) -> String {
    let key = difference.key().to_string();
    let row = names.get(&key).map_or_else(|| format!("key {key}"), Clone::clone);
    match difference {
        Difference::MissingInTarget { .. } => format!("{row}: missing in the target"),
        Difference::OnlyInTarget { .. } => format!("{row}: only in the target"),
        Difference::Doubled { .. } => format!("{row}: doubled in the target"),
        Difference::Value { column, source: Some(source), target: Some(target), .. } => {
            format!("{row}: {column} is {source} in the source, {target} in the target")
        }
        Difference::Value { column, .. } => format!("{row}: {column} is not the same"),
    }
}
