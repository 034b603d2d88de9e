//! Text, bytes and UUIDs.

use super::*;

#[test]
fn text_is_neither_trimmed_nor_padded_nor_cut() {
    assert_shown(
        TargetType::Text,
        &[
            (Text(""), ""),
            (Text(" ü\n "), " ü\n "),
            (Integer(-5), "-5"),
            (Real(1.0), "1.0"),
            (Real(1e-5), "1.0e-05"),
            (Real(f64::NEG_INFINITY), "-Inf"),
        ],
    );
    assert_unfit(TargetType::Text, Unfit::HasNul, &[Text("a\0b"), Text("\0")]);
    assert_unfit(TargetType::Text, Unfit::BrokenText, &[BrokenText(b"\xff")]);
    assert_unfit(TargetType::Text, Unfit::WrongClass, &[Blob(b"a")]);
    assert_shown(TargetType::Varchar(3), &[(Text("äöü"), "äöü"), (Text("  "), "  "), (Real(1.5), "1.5")]);
    assert_unfit(TargetType::Varchar(3), Unfit::TooLong, &[Text("abc "), Integer(1000), Real(10.0)]);
    assert_shown(TargetType::Char(3), &[(Text("äöü"), "äöü"), (Text("  x"), "  x")]);
    assert_shown(
        TargetType::Char(3),
        &[(Text("ab"), "ab"), (Text(""), ""), (Text("a    "), "a"), (Text("  "), "")],
    );
    assert_unfit(TargetType::Char(3), Unfit::TooLong, &[Text("abcd"), Text("   d")]);
    let mut padded = Vec::new();
    assert!(canonical(b"ab ", TargetType::Char(3), &mut padded));
    assert_eq!(encoded(Text("ab"), TargetType::Char(3), OnIncompatible::Reject), Ok(padded));
}

#[test]
fn bytes_are_blobs_unless_decided_otherwise() {
    assert_shown(TargetType::Bytea, &[(Blob(b"\x00\xff"), "\\x00ff"), (Blob(b""), "\\x")]);
    assert_unfit(TargetType::Bytea, Unfit::WrongClass, &[Text("a"), Integer(1), Real(1.0)]);
    assert_unfit(TargetType::Bytea, Unfit::BrokenText, &[BrokenText(b"\xff")]);
    for (value, bytes) in [(Text("a\0"), &b"a\0"[..]), (BrokenText(b"\xff"), b"\xff"), (Blob(b"x"), b"x")] {
        let field = encoded(value, TargetType::Bytea, OnIncompatible::Bytes).expect("bytes");
        assert_eq!(body(&field), bytes);
    }
    for number in [Integer(-1), Real(0.5)] {
        assert_eq!(encoded(number, TargetType::Bytea, OnIncompatible::Bytes), Err(Unfit::WrongClass));
    }
    // For other types the setting has no effect.
    assert_eq!(encoded(BrokenText(b"\xff"), TargetType::Text, OnIncompatible::Bytes), Err(Unfit::BrokenText));
}

#[test]
fn uuids_are_in_one_form() {
    let uuid = "0123abcd-4567-89ef-0123-456789abcdef";
    let simple = "0123abcd456789ef0123456789abcdef";
    let bytes: Vec<u8> = (1..=16).collect();
    let [hyphenated, plain, blob] =
        [UuidForm::Hyphenated, UuidForm::Simple, UuidForm::Bytes].map(TargetType::Uuid);
    assert_shown(hyphenated, &[(Text(uuid), uuid)]);
    assert_shown(plain, &[(Text(simple), uuid)]);
    assert_shown(blob, &[(Blob(&bytes), "01020304-0506-0708-090a-0b0c0d0e0f10")]);
    let unfit = [
        Text(simple),
        Text("0123ABCD-4567-89ef-0123-456789abcdef"),
        Text("{0123abcd-4567-89ef-0123-456789abcdef}"),
        Text("0123abcd-4567-89ef-0123-456789abcdeg"),
        Text("0123abcd-456789-ef-0123-456789abcdef"),
        Text(""),
        Text("0123abcd-4567-89ef-0123-456789abcdef "),
        Text("0123abcd-4567-89ef-0123-456789abcdé"),
    ];
    assert_unfit(hyphenated, Unfit::NotAUuid, &unfit);
    assert_unfit(plain, Unfit::NotAUuid, &[Text(uuid), Text("0123ABCD456789ef0123456789abcdef")]);
    assert_unfit(blob, Unfit::NotAUuid, &[Blob(b"short"), Blob(b"")]);
    assert_unfit(blob, Unfit::WrongClass, &[Text("0123456789abcdef")]);
    assert_unfit(plain, Unfit::WrongClass, &[Blob(simple.as_bytes()), Integer(0)]);
}
