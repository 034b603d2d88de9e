//! Properties of all types and values.

use proptest::prelude::*;

use super::*;

/// A value of any storage class, with owned data.
#[derive(Clone, Debug)]
enum Owned {
    Integer(i64),
    Real(f64),
    Text(String),
    Broken(Vec<u8>),
    Blob(Vec<u8>),
}

impl Owned {
    fn value(&self) -> SourceValue<'_> {
        match self {
            Self::Integer(number) => Integer(*number),
            Self::Real(number) => Real(*number),
            Self::Text(text) => Text(text),
            Self::Broken(bytes) => BrokenText(bytes),
            Self::Blob(bytes) => Blob(bytes),
        }
    }
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?",
        r#""([a-c]|\\n|\\u00[0-9a-f]{2}|\\ud83d\\ude0[0-9]|é){0,4}""#,
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let key = r#""([ab]|\\u006[1-9]|\\"){0,2}""#;
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|all| format!("[{}]", all.join(" ,"))),
            prop::collection::vec((key, inner), 0..5).prop_map(|all| {
                let members: Vec<_> = all.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,6}",
        "\\PC{3}",
        "-?[0-9]{1,6}(\\.[0-9]{1,6})?(e-?[0-9]{1,3})?",
        "[0-9]{4}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,8})?)?(Z|[+-][01][0-9](:?[0-9]{2})?)?)?",
        "[0-9]{4}-0[1-9]-0[1-9]T00:00:00(\\.0{1,9})?",
        "[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,8})?)?",
        "[0-9a-f]{32}",
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "(true|FALSE)",
        prop::collection::vec(-1e6_f64..1e6, 0..4).prop_map(|all| format!("{all:?}")),
        json(),
    ]
}

fn any_value() -> impl Strategy<Value = Owned> {
    prop_oneof![
        (any::<i64>(), 0_u32..64).prop_map(|(number, shift)| Owned::Integer(number >> shift)),
        (-100_000_i64..100_000).prop_map(|days| Owned::Integer(days * 86_400_000)),
        any::<f64>().prop_filter("SQLite has no NaN", |number| !number.is_nan()).prop_map(Owned::Real),
        any::<f32>()
            .prop_filter("SQLite has no NaN", |number| !number.is_nan())
            .prop_map(|n| Owned::Real(f64::from(n))),
        any::<i32>().prop_map(|number| Owned::Real(f64::from(number))),
        any::<u32>().prop_map(|number| Owned::Real(f64::from(number) / 1000.0)),
        any::<u32>()
            .prop_map(|number| Owned::Real((211_813_444_800_000.0 + f64::from(number)) / 86_400_000.0)),
        any_text().prop_map(Owned::Text),
        any_text().prop_map(Owned::Text),
        any_text().prop_map(Owned::Text),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Owned::Broken),
        prop::collection::vec(any::<u8>(), 16).prop_map(Owned::Blob),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Owned::Blob),
    ]
}

proptest! {
    #![proptest_config(test_seed::config(2_000))]

    #[test]
    fn check_decides_as_encode_does_and_what_fits_is_canonical(owned in any_value()) {
        let value = owned.value();
        for to in TYPES {
            let field = encoded(value, to, OnIncompatible::Reject);
            prop_assert_eq!(check(value, to).err(), field.clone().err(), "{:?}", to);
            for on_incompatible in [OnIncompatible::Null, OnIncompatible::Bytes, OnIncompatible::RemoveNul] {
                let decided = encoded(value, to, on_incompatible);
                if field.is_ok() {
                    prop_assert_eq!(&decided, &field);
                } else if on_incompatible == OnIncompatible::Null {
                    prop_assert_eq!(decided, Ok(vec![0xff; 4]));
                }
            }
            let Ok(field) = field else { continue };
            let mut back = Vec::new();
            prop_assert!(canonical(body(&field), to, &mut back), "{:?}", to);
            prop_assert_eq!(&back, &field, "{:?}", to);
            prop_assert!(show_target(body(&field), to).is_some());
        }
    }

    #[test]
    fn bytes_of_a_server_are_shown_or_refused(bytes in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..40)) {
        for of in TYPES {
            let mut out = Vec::new();
            let is_well_formed = canonical(&bytes, of, &mut out);
            prop_assert!(!is_well_formed || of == TargetType::Time || show_target(&bytes, of).is_some(), "{:?}", of);
            if is_well_formed {
                let mut again = Vec::new();
                prop_assert!(canonical(body(&out), of, &mut again));
                prop_assert_eq!(again, out);
            }
        }
    }

    #[test]
    fn numerics_read_as_they_were_written(
        text in "(-?[1-9][0-9]{0,30}(\\.[0-9]{1,30})?|-?0\\.[0-9]{0,12}[1-9][0-9]{0,3})",
    ) {
        prop_assert_eq!(shown(Text(&text), TargetType::AnyNumeric), Ok(text.clone()));
        let wide = TargetType::Numeric { precision: 100, scale: 40 };
        let limited = shown(Text(&text), wide).expect("it fits");
        prop_assert_eq!(limited.trim_end_matches('0').trim_end_matches('.'),
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text });
    }

    #[test]
    fn reals_are_the_numerics_of_their_shortest_form(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let shown = shown(Real(number), TargetType::AnyNumeric);
        if number.to_bits() != (-0.0_f64).to_bits() {
            prop_assert_eq!(shown, Ok(number.to_string()));
        }
    }

    #[test]
    fn jsonb_agrees_with_another_reader(text in json()) {
        let Ok(shown) = shown(Text(&text), TargetType::Jsonb) else { return Ok(()) };
        let ours: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        let theirs: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        prop_assert!(same(&ours, &theirs), "{} {}", ours, theirs);
        prop_assert_eq!(ours.to_string(), shown);
    }

    #[test]
    fn json_is_what_another_reader_takes(text in prop_oneof![json(), "[\\[\\]{}:,\"0-9.eE+\\-truefalsn \\\\]{0,8}"]) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(check(Text(&text), TargetType::Json).is_ok(), theirs, "{}", text);
    }

    #[test]
    fn microseconds_are_read_back_from_seconds_and_julian_days(micros in -60_000_000_000_000_000_i64..8_000_000_000_000_000) {
        let seconds: f64 = format!("{micros}e-6").parse().expect("a number");
        let by_count = encoded(Integer(micros), TargetType::Timestamp(InstantForm::Microseconds), OnIncompatible::Reject);
        if seconds.abs() < 8_589_934_592.0 {
            prop_assert_eq!(encoded(Real(seconds), TargetType::Timestamp(InstantForm::Seconds), OnIncompatible::Reject), by_count);
        }
        let milliseconds = micros / 1000;
        let julian = real::from_whole(milliseconds + 210_866_760_000_000).expect("exact") / 86_400_000.0;
        prop_assert_eq!(
            encoded(Real(julian), TargetType::Timestamp(InstantForm::JulianDay), OnIncompatible::Reject),
            encoded(Integer(milliseconds), TargetType::Timestamp(InstantForm::Milliseconds), OnIncompatible::Reject)
        );
    }
}

/// Whether two JSON values are equal, with numbers as decimals.
fn same(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (a, b) {
        (Number(a), Number(b)) => {
            let (a, b) = (decimal::DecimalText::parse(a.as_str()), decimal::DecimalText::parse(b.as_str()));
            a.expect("number").equals(&b.expect("number"))
        }
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        _ => a == b,
    }
}
