//! Numbers for display.

/// A number with thousands separators.
pub(crate) fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut marked = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    marked
}

/// A count with its noun: `1 row`, `2 rows`.
pub(super) fn counted(number: i64, thing: &str) -> String {
    format!("{} {thing}{}", count(number), if number == 1 { "" } else { "s" })
}

/// The length of a list, as an `i64`.
pub(super) fn length<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

/// Bytes in the largest unit with a nonzero integer part, with one decimal, truncated.
pub(super) fn size(size_bytes: i64) -> String {
    let units = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let found = units.into_iter().find(|(unit, _)| size_bytes >= *unit);
    found.map_or_else(
        || format!("{size_bytes} B"),
        |(unit, name)| format!("{}.{} {name}", size_bytes / unit, size_bytes % unit / (unit / 10)),
    )
}

/// A duration in the largest unit with a nonzero integer part; seconds with one decimal.
pub(super) fn span(elapsed_ms: i64) -> String {
    match elapsed_ms {
        ..60_000 => format!("{}.{} s", elapsed_ms / 1_000, elapsed_ms % 1_000 / 100),
        60_000..3_600_000 => format!("{} min {} s", elapsed_ms / 60_000, elapsed_ms % 60_000 / 1_000),
        3_600_000.. => format!("{} h {} min", elapsed_ms / 3_600_000, elapsed_ms % 3_600_000 / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_marked() {
        let numbers = [0, 12, 123, 1_234, 123_456, -1_234_567, i64::MIN];
        let marked = ["0", "12", "123", "1,234", "123,456", "-1,234,567", "-9,223,372,036,854,775,808"];
        assert_eq!(numbers.map(count), marked);
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!((counted(1, "row"), counted(0, "row")), ("1 row".to_owned(), "0 rows".to_owned()));
    }

    #[test]
    fn sizes_and_times_take_the_unit_that_fits() {
        assert_eq!([999, 1_000, 1_999_999, 2_500_000_000].map(size), ["999 B", "1.0 kB", "1.9 MB", "2.5 GB"]);
        assert_eq!([0, 59_999, 61_000, 3_660_000].map(span), ["0.0 s", "59.9 s", "1 min 1 s", "1 h 1 min"]);
        assert_eq!(size(i64::MAX), "9223372.0 TB");
    }
}
