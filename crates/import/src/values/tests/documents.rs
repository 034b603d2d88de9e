//! JSON and arrays.

use super::*;

#[test]
fn json_is_that_of_its_standard() {
    let good = [
        "null",
        " true ",
        "\"\"",
        "-0.0e-1",
        "1E+2",
        "[]",
        "{ }",
        "[1, [2], {\"a\":{}}]",
        r#"{"a":1,"a":2}"#,
        r#""\u0000\ud800\"\\\/\b\f\n\r\t""#,
        "\t\n\r 1",
        "\"\u{7f}\u{2028}\"",
        "1e999999999999999999999",
    ];
    assert_shown(TargetType::Json, &good.map(|text| (Text(text), text)));
    let bad = [
        "",
        " ",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "+1",
        "1e",
        "0x1",
        "'a'",
        "{a:1}",
        "[1,]",
        "[,]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "[",
        "{",
        "]",
        "}",
        "[}",
        "{]",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u123\"",
        "\"a\nb\"",
        "\"\0\"",
        "[1]//",
        "/**/1",
        "\u{feff}1",
        "\u{a0}1",
        "[1],",
        "null0",
        "truefalse",
        ":",
        ",",
        "{\"a\":1:2}",
        "[\"a\":1]",
    ];
    assert_unfit(TargetType::Json, Unfit::NotJson, &bad.map(Text));
    assert_unfit(TargetType::Jsonb, Unfit::NotJson, &bad.map(Text));
    assert_unfit(TargetType::Json, Unfit::WrongClass, &[Blob(b"{}")]);
    assert_unfit(TargetType::Json, Unfit::Infinite, &[Real(f64::INFINITY)]);
    assert_shown(TargetType::Json, &[(Integer(42), "42"), (Real(1.5), "1.5"), (Real(1.0), "1.0")]);
    assert_shown(
        TargetType::Jsonb,
        &[(Integer(-42), "-42"), (Real(1.5), "1.5"), (Real(1e20), "100000000000000000000")],
    );
}

#[test]
fn json_is_not_nested_without_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    for to in [TargetType::Json, TargetType::Jsonb] {
        for fits in [nested(128), objects(128)] {
            assert_eq!(shown(Text(&fits), to), Ok(fits));
        }
        assert_unfit(
            to,
            Unfit::TooDeep,
            &[Text(&nested(129)), Text(&objects(129)), Text(&"[".repeat(1_000_000))],
        );
    }
}

#[test]
fn jsonb_is_in_one_form() {
    assert_shown(
        TargetType::Jsonb,
        &[
            (Text(r#" { "b" : 1e2 , "a" : [ 0.10, -0.0 ] } "#), r#"{"a":[0.10,0.0],"b":100}"#),
            (
                Text(r#"{"aa":1,"a b":2,"a":3,"":4,"é":5,"\u0061\u0062":6}"#),
                r#"{"":4,"a":3,"a b":2,"aa":1,"ab":6,"é":5}"#,
            ),
            (Text(r#""\ud83d\ude00\/\u0001\n\u00e9\"""#), r#""😀/\u0001\né\"""#),
            (Text("12345678901234567890.50"), "12345678901234567890.50"),
            (
                Text("[1e300,25e-50,1E-3,-12.50,1e39,1e40,100e-3]"),
                "[1e+300,25e-50,0.001,-12.50,1000000000000000000000000000000000000000,1e+40,0.100]",
            ),
            (Text(r#"{"$serde_json::private::Number":"1"}"#), r#"{"$serde_json::private::Number":"1"}"#),
            (Text(r#"[{"b":{"d":1,"c":2},"a":3},[]]"#), r#"[{"a":3,"b":{"c":2,"d":1}},[]]"#),
        ],
    );
    assert_unfit(TargetType::Jsonb, Unfit::HasNul, &[Text(r#"["\u0000"]"#), Text(r#"{"\u0000":1}"#)]);
    let lone = [
        r#""\ud800""#,
        r#""\ud800x""#,
        r#""\udc00""#,
        r#""\ud800\ud800""#,
        r#""\ud800\n""#,
        r#"{"\udfff":1}"#,
    ];
    assert_unfit(TargetType::Jsonb, Unfit::LoneSurrogate, &lone.map(Text));
    let twice =
        [r#"{"a":1,"a":1}"#, r#"{"b":1,"a":2,"b":1}"#, r#"[{"a":1,"\u0061":1}]"#, r#"{"x":{"":1,"":2}}"#];
    assert_unfit(TargetType::Jsonb, Unfit::DuplicateKey, &twice.map(Text));
    assert_unfit(
        TargetType::Jsonb,
        Unfit::OutOfRange,
        &[Text("1e131072"), Text("[1e-16384]"), Text("1e99999999999999999999")],
    );
    assert_shown(
        TargetType::Jsonb,
        &[(Text("1e131071"), "1e+131071"), (Text("0e99999999999999999999"), "0")],
    );
    let many = format!("[{}1]", "1,".repeat(10_000_000));
    let wide = format!("[{}1]", "1e131071,".repeat(2_100));
    assert_unfit(TargetType::Jsonb, Unfit::TooLong, &[Text(&many), Text(&wide)]);
}

#[test]
fn arrays_hold_numbers_that_are_exact() {
    assert_shown(
        TargetType::DoubleArray,
        &[
            (Text("[]"), "{}"),
            (Text(" [ 1 , -0.5, 1e23, 0.10, 100e-2, -0.0 ] "), "{1.0,-0.5,1e23,0.1,1.0,-0.0}"),
            (
                Text("[1.7976931348623157e308,5e-324,9007199254740992]"),
                "{1.7976931348623157e308,5e-324,9007199254740992.0}",
            ),
        ],
    );
    let inexact = ["[9007199254740993]", "[0.1000000000000000055]", "[1e-400]", "[0.30000000000000001]"];
    assert_unfit(TargetType::DoubleArray, Unfit::Inexact, &inexact.map(Text));
    assert_unfit(TargetType::DoubleArray, Unfit::OutOfRange, &[Text("[1e400]"), Text("[-1e999999999999]")]);
    let not = ["1", "{}", "null", "[null]", "[\"1\"]", "[[1]]", "[true]"];
    assert_unfit(TargetType::DoubleArray, Unfit::NotAnArray, &not.map(Text));
    assert_unfit(TargetType::DoubleArray, Unfit::NotJson, &["", "[1,]", "[NaN]", "[1]x", "[01]"].map(Text));
    assert_unfit(TargetType::DoubleArray, Unfit::WrongClass, &[Blob(b"[1]"), Integer(1)]);
}
