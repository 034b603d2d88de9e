use super::*;

#[test]
fn every_rule_has_a_name_of_its_own_and_says_what_to_do() {
    let mut ids: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), ALL.len());
    for rule in ALL {
        assert!(rule.id.split('/').count() == 2, "{}", rule.id);
        for text in [rule.what, rule.by_default, rule.change] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}", rule.id);
        }
    }
}
