use proptest::prelude::*;

use super::*;

fn digests(keys: (Key, Key)) -> (Digests, Digests) {
    let (digester, buckets) = (Digester::new(), Buckets::over(keys.0, keys.1));
    (Digests::new(digester, buckets), Digests::new(digester, buckets))
}

fn contains(range: KeyRange, key: Key) -> bool {
    std::ops::RangeBounds::contains(&(range.lower, range.upper), &key)
}

#[test]
fn the_order_of_rows_does_not_matter_and_a_doubled_row_does() {
    let (mut left, mut right) = digests((Key::Integer(1), Key::Integer(9)));
    for key in 1..=9 {
        left.add(Key::Integer(key), &key.to_be_bytes());
        right.add(Key::Integer(10 - key), &(10 - key).to_be_bytes());
    }
    assert_eq!(left.different_ranges(&right), []);
    // Twice more: an exclusive or would not see it.
    right.add(Key::Integer(4), &4_i64.to_be_bytes());
    right.add(Key::Integer(4), &4_i64.to_be_bytes());
    let ranges = left.different_ranges(&right);
    assert_eq!(ranges.len(), 1);
    assert!(contains(ranges[0], Key::Integer(4)) && !contains(ranges[0], Key::Integer(5)));
}

#[test]
fn everything_different_is_one_range() {
    let (mut left, right) = digests((Key::Integer(0), Key::Integer(4095)));
    (0..4096).for_each(|key| left.add(Key::Integer(key), b"row"));
    assert_eq!(left.different_ranges(&right), [KeyRange::ALL]);
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        any::<i64>().prop_map(Key::Integer),
        prop_oneof![Just(i64::MIN), Just(-1), Just(0), Just(1), Just(i64::MAX)].prop_map(Key::Integer),
    ]
}

fn uuid_key() -> impl Strategy<Value = Key> {
    prop_oneof![any::<u128>(), Just(0), Just(u128::MAX)].prop_map(|key| Key::Uuid(uuid::Uuid::from_u128(key)))
}

fn check(bounds: (Key, Key), key: Key, other: Key) {
    let (lowest, highest) = (bounds.0.min(bounds.1), bounds.0.max(bounds.1));
    let (mut left, right) = digests((lowest, highest));
    left.add(key, b"one");
    let ranges = left.different_ranges(&right);
    assert_eq!(ranges.len(), 1);
    assert!(contains(ranges[0], key), "{key} is not in {:?}", ranges[0]);
    let buckets = Buckets::over(lowest, highest);
    assert_eq!(buckets.index(key) == buckets.index(other), contains(ranges[0], other), "{other}");
}

proptest! {
    #![proptest_config(test_seed::config(256))]

    /// What an integer's bucket is and what its range says are one thing, for keys inside and outside the bounds.
    #[test]
    fn integers_are_in_the_range_of_their_bucket(a in key(), b in key(), key in key(), other in key()) {
        check((a, b), key, other);
    }

    #[test]
    fn uuids_are_in_the_range_of_their_bucket(a in uuid_key(), b in uuid_key(), key in uuid_key(), other in uuid_key()) {
        check((a, b), key, other);
    }
}
