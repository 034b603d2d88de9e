use serde_json::json;

use super::*;
use crate::models::Role;
use transfer::values::Money;

fn reads<T: Field + serde::Serialize>(value: Value) -> Option<Value> {
    T::from_json(value).ok().map(|value| serde_json::to_value(value).expect("every value has a JSON form"))
}

#[test]
fn one_form_in_both_directions() {
    assert_eq!(reads::<Money>(json!("12.5")), Some(json!("12.50")));
    assert_eq!(
        reads::<Instant>(json!("2026-01-31T01:00:00+02:00")),
        Some(json!("2026-01-30T23:00:00.000000Z"))
    );
    assert_eq!(reads::<TimeOfDay>(json!("09:30")), Some(json!("09:30:00.000000")));
    assert_eq!(reads::<BillingPeriod>(json!("2026-01")), Some(json!("2026-01")));
    assert_eq!(reads::<Role>(json!("owner")), Some(json!("owner")));
    assert_eq!(reads::<Option<i32>>(json!(null)), Some(json!(null)));
    assert_eq!(reads::<i32>(json!(7.0)), Some(json!(7)));
    assert_eq!(reads::<Vector>(json!([0.5, -1])), Some(json!([0.5, -1.0])));
}

#[test]
fn what_is_not_meant_is_refused() {
    for value in [json!(12.5), json!("1e3"), json!("1.005"), json!(null), json!("")] {
        assert_eq!(reads::<Money>(value.clone()), None, "{value}");
    }
    for value in [json!("2026-1-1"), json!("+2026-01-01"), json!("0000-01-01"), json!("2026-02-30"), json!(1)]
    {
        assert_eq!(reads::<NaiveDate>(value.clone()), None, "{value}");
    }
    for value in [json!("2026-13"), json!("26-01"), json!("2026-+1"), json!("2026-01 ")] {
        assert_eq!(reads::<BillingPeriod>(value.clone()), None, "{value}");
    }
    for value in [json!(2_147_483_648_i64), json!(1.5), json!("1"), json!(true), json!(1e300)] {
        assert_eq!(reads::<i32>(value.clone()), None, "{value}");
    }
    assert_eq!(reads::<Vector>(json!([])), None);
    assert_eq!(reads::<Vector>(json!([1e300])), None);
    assert_eq!(reads::<Role>(json!("root")), None);
    assert_eq!(reads::<bool>(json!("true")), None);
}
