//! Names of the source matched with names of the target.

use std::collections::HashMap;

/// PostgreSQL keeps this number of bytes of a name (NAMEDATALEN - 1).
const NAME_BYTES: usize = 63;

/// The result of matching names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// For each name of the source, the index of its match among those of the target.
    pub(super) of_source: Vec<Option<usize>>,
    /// Names of the source with more than one possible match.
    pub(super) ambiguous: Vec<usize>,
}

/// Matches names: configured pairs, then equal names, then names equal except for ASCII case, then names equal in
/// PostgreSQL's 63 bytes. Each rule considers only names that no earlier rule matched.
pub(super) fn pairs(sources: &[&str], targets: &[&str], decided: &[Option<usize>]) -> Pairs {
    let mut of_source: Vec<Option<usize>> = decided.to_vec();
    of_source.resize(sources.len(), None);
    let mut is_taken = vec![false; targets.len()];
    for target in of_source.iter().flatten() {
        if let Some(is_taken) = is_taken.get_mut(*target) {
            *is_taken = true;
        }
    }
    let mut is_ambiguous = vec![false; sources.len()];
    let rules: [fn(&str) -> String; 4] = [
        str::to_owned,
        str::to_ascii_lowercase,
        |name| truncated(name).to_owned(),
        |name| truncated(name).to_ascii_lowercase(),
    ];
    for rule in rules {
        let mut alike: HashMap<String, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (index, name) in sources.iter().enumerate().filter(|(index, _)| of_source[*index].is_none()) {
            alike.entry(rule(name)).or_default().0.push(index);
        }
        for (index, name) in targets.iter().enumerate().filter(|(index, _)| !is_taken[*index]) {
            if let Some((_, found)) = alike.get_mut(&rule(name)) {
                found.push(index);
            }
        }
        for (sources, targets) in alike.values() {
            match (sources.as_slice(), targets.as_slice()) {
                (_, []) => {}
                ([source], [target]) if !is_ambiguous[*source] => {
                    of_source[*source] = Some(*target);
                    is_taken[*target] = true;
                }
                _ => sources.iter().for_each(|source| is_ambiguous[*source] = true),
            }
        }
    }
    let ambiguous =
        (0..sources.len()).filter(|index| is_ambiguous[*index] && of_source[*index].is_none()).collect();
    Pairs { of_source, ambiguous }
}

/// The name as PostgreSQL truncates it: whole characters in 63 bytes.
fn truncated(name: &str) -> &str {
    let mut end = name.len().min(NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}
