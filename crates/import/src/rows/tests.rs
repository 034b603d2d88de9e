use super::*;

fn read(encoding: &str, of: Encoding, sql: &str, query: &str) -> Vec<String> {
    let mut connection = SqliteConnection::establish(":memory:").expect("in memory");
    let prepare = format!("PRAGMA encoding = '{encoding}'; {sql}");
    diesel::connection::SimpleConnection::batch_execute(&mut connection, &prepare).expect("prepared");
    let mut rows = Vec::new();
    read_rows(&mut connection, query, &[], of, &mut |row| {
        rows.push(format!("{row:?}"));
        ControlFlow::Continue(())
    })
    .expect("read");
    rows
}

const VALUES: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, v);
    INSERT INTO t (v) VALUES (NULL), (9223372036854775807), (0.1), ('a\u{1F600}'), (''), (x''), (x'00ff'),
        ('a' || char(0) || 'b'), ('stored \u{FFFD}'), (9e999);";

const READ: [&str; 10] = [
    "[Null]",
    "[Integer(9223372036854775807)]",
    "[Real(0.1)]",
    "[Text(\"a\u{1F600}\")]",
    "[Text(\"\")]",
    "[Blob([])]",
    "[Blob([0, 255])]",
    "[Text(\"a\\0b\")]",
    "[Text(\"stored \u{FFFD}\")]",
    "[Real(inf)]",
];

#[test]
fn every_storage_class_is_read_in_every_encoding() {
    for (encoding, of) in
        [("UTF-8", Encoding::Utf8), ("UTF-16le", Encoding::Utf16Le), ("UTF-16be", Encoding::Utf16Be)]
    {
        assert_eq!(read(encoding, of, VALUES, "SELECT v FROM t ORDER BY id"), READ, "{encoding}");
    }
}

#[test]
fn text_that_is_not_utf8_is_its_bytes() {
    let rows =
        read("UTF-8", Encoding::Utf8, "", "SELECT CAST(x'61ff62' AS TEXT), CAST(x'efbfbdff' AS TEXT), 'b'");
    assert_eq!(rows, ["[BrokenText([97, 255, 98]), BrokenText([239, 191, 189, 255]), Text(\"b\")]"]);
}

#[test]
fn lone_surrogates_and_odd_bytes_are_the_bytes_as_stored() {
    let query = "SELECT CAST(x'6100' AS TEXT), CAST(x'61003dd8' AS TEXT), CAST(x'00dc6100' AS TEXT), 'z'";
    let rows = read("UTF-16le", Encoding::Utf16Le, "", query);
    assert_eq!(
        rows,
        ["[Text(\"a\"), BrokenText([97, 0, 61, 216]), BrokenText([0, 220, 97, 0]), Text(\"z\")]"]
    );
    let rows =
        read("UTF-16be", Encoding::Utf16Be, "", "SELECT CAST(x'0061' AS TEXT), CAST(x'0061d83d' AS TEXT)");
    assert_eq!(rows, ["[Text(\"a\"), BrokenText([0, 97, 216, 61])]"]);
}

#[test]
fn parameters_are_bound_and_reading_stops_on_break() {
    let mut connection = SqliteConnection::establish(":memory:").expect("in memory");
    let query = "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + ? FROM n) SELECT i FROM n";
    let mut seen = Vec::new();
    read_rows(&mut connection, query, &[7, 2], Encoding::Utf8, &mut |row| {
        seen.push(format!("{row:?}"));
        if seen.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .expect("read");
    assert_eq!(seen, ["[Integer(7)]", "[Integer(9)]", "[Integer(11)]"]);
}

#[test]
fn a_failing_query_is_an_error() {
    let mut connection = SqliteConnection::establish(":memory:").expect("in memory");
    let outcome =
        read_rows(&mut connection, "SELECT abs(-9223372036854775807 - 1)", &[], Encoding::Utf8, &mut |_| {
            ControlFlow::Continue(())
        });
    assert!(outcome.is_err());
}
