use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn give(names: &[&str], named: Named) -> Vec<String> {
    Names::default().give_all(names, named)
}

#[test]
fn a_name_of_63_bytes_is_kept_and_one_of_64_is_cut_at_a_character() {
    let longest = "é".repeat(31) + "x";
    assert_eq!(longest.len(), 63);
    let longer = "é".repeat(32);
    let given = give(&[&longest, &longer], Named::Table);
    assert_eq!(given[0], longest);
    assert_eq!(given[1], format!("{}_{:08x}", "é".repeat(27), fnv1a(longer.as_bytes())));
}

#[test]
fn names_that_postgresql_cannot_have_are_changed() {
    assert_eq!(give(&[""], Named::Table), ["_811c9dc5"]);
    assert_eq!(give(&["a\0b"], Named::Table), [format!("ab_{:08x}", fnv1a(b"a\0b"))]);
    assert_eq!(give(&["ctid", "CTID", "oid"], Named::Column)[1..], ["CTID", "oid"]);
    assert_eq!(give(&["ctid"], Named::Column), [format!("ctid_{:08x}", fnv1a(b"ctid"))]);
    assert_eq!(give(&["ctid"], Named::Table), ["ctid"]);
}

#[test]
fn a_table_does_not_begin_as_the_programs_own() {
    let given = give(&["__backoffice_state", "___backoffice_x", "_x"], Named::Table);
    assert_eq!(given[0], format!("backoffice_state_{:08x}", fnv1a(b"__backoffice_state")));
    assert_eq!(given[1..], ["___backoffice_x", "_x"]);
}

#[test]
fn a_changed_name_does_not_take_one_that_comes_later() {
    let long = "a".repeat(80);
    let taken = changed(&long, &long);
    let given = give(&[&long, &taken], Named::Table);
    assert_eq!(given[1], taken);
    assert_ne!(given[0], taken);
}

#[test]
fn what_has_no_name_is_numbered_as_postgresql_numbers_it() {
    let mut names = Names::default();
    names.take("t_check1");
    let given: Vec<String> = (0..3).map(|_| names.give_numbered("t_check")).collect();
    assert_eq!(given, ["t_check", "t_check2", "t_check3"]);
}

#[test]
fn many_equal_names_are_given_in_time() {
    let names = vec!["same"; 100_000];
    let given: HashSet<String> = give(&names, Named::Constraint).into_iter().collect();
    assert_eq!(given.len(), names.len());
}

/// Names of which many have equal first 54 bytes, equal changed names of others, or are not allowed.
fn any_name() -> impl Strategy<Value = String> {
    let stem =
        prop_oneof![Just("a".repeat(60)), Just("ж".repeat(31)), Just("😀".repeat(15)), Just(String::new())];
    let long = (stem, "\\PC{0,8}").prop_map(|(stem, end)| stem + &end);
    prop_oneof![
        4 => long.clone(),
        2 => long.prop_map(|name| changed(&name, &name)),
        2 => any::<String>(),
        1 => "(__backoffice_|_)?[ab\0]{0,3}",
        1 => prop::sample::select(SYSTEM_COLUMNS.to_vec()).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    #[test]
    fn names_are_distinct_usable_and_kept_where_they_can_be(
        names in prop::collection::vec(any_name(), 0..40),
        named in prop::sample::select(vec![Named::Table, Named::Column, Named::Constraint]),
    ) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let given = give(&names, named);
        prop_assert_eq!(&given, &give(&names, named));
        prop_assert_eq!(given.iter().collect::<HashSet<_>>().len(), names.len());
        let mut before = HashSet::new();
        for (name, given) in names.iter().zip(&given) {
            prop_assert_eq!(obstacle(given, named), None);
            if obstacle(name, named).is_none() && before.insert(*name) {
                prop_assert_eq!(given, name);
            } else {
                prop_assert_ne!(given, name);
            }
        }
    }
}
