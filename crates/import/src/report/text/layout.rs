//! Lays out lines and columns for a terminal width. Every text passed to it is one escaped line.

use databases::terminal::{char_width, width as width_of};

/// The alignment of a column.
#[derive(Clone, Copy)]
pub(super) enum TextColumn {
    /// Left-aligned, as wide as there is space; its cells are wrapped.
    Words(&'static str),
    /// Right-aligned, as wide as its widest cell.
    Number(&'static str),
}

impl TextColumn {
    fn title(self) -> &'static str {
        match self {
            Self::Words(title) | Self::Number(title) => title,
        }
    }
}

/// The space between two columns.
const GAP: usize = 2;
/// The minimum width of a text column.
const LEAST: usize = 8;

/// Rows in columns below their titles, each line indented.
pub(super) fn table(
    columns: &[TextColumn],
    rows: &[Vec<String>],
    width: usize,
    indent: usize,
) -> Vec<String> {
    let widths = widths(columns, rows, width.saturating_sub(indent));
    let titles = columns.iter().map(|column| column.title().to_owned()).collect();
    std::iter::once(&titles).chain(rows).flat_map(|row| row_lines(columns, &widths, row, indent)).collect()
}

/// The width of each column: that of its widest cell; if that is too much, the text columns share the remaining
/// width, the narrowest first.
fn widths(columns: &[TextColumn], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    let needed = |(index, column): (usize, &TextColumn)| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| width_of(cell));
        cells.chain([width_of(column.title())]).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = columns.iter().enumerate().map(needed).collect();
    let is_words = |index: &usize| matches!(columns.get(*index), Some(TextColumn::Words(_)));
    let (mut words, numbers): (Vec<usize>, Vec<usize>) = (0..columns.len()).partition(is_words);
    words.sort_by_key(|index| widths.get(*index).copied());
    let taken: usize = numbers.iter().filter_map(|index| widths.get(*index)).sum();
    let mut left = width.saturating_sub(taken + GAP * columns.len().saturating_sub(1));
    for (done, index) in words.iter().enumerate() {
        if let Some(own) = widths.get_mut(*index) {
            *own = (*own).min((left / (words.len() - done)).max(LEAST));
            left = left.saturating_sub(*own);
        }
    }
    widths
}

/// A row, in as many lines as its tallest cell needs.
fn row_lines(columns: &[TextColumn], widths: &[usize], row: &[String], indent: usize) -> Vec<String> {
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let mut line = " ".repeat(indent);
        for ((column, width), cell) in columns.iter().zip(widths).zip(&cells) {
            let text = cell.get(number).map_or("", String::as_str);
            let fill = " ".repeat(width.saturating_sub(width_of(text)));
            match column {
                TextColumn::Words(_) => line.extend([text, &fill]),
                TextColumn::Number(_) => line.extend([&fill, text]),
            }
            line.push_str(&" ".repeat(GAP));
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// A text after a title; its further lines are aligned with the first.
pub(super) fn titled(title: &str, text: &str, width: usize, indent: usize) -> Vec<String> {
    let hanging = indent + width_of(title);
    let lines = wrap(text, width.saturating_sub(hanging).max(LEAST));
    let begin = |number: usize| {
        if number == 0 { format!("{}{title}", " ".repeat(indent)) } else { " ".repeat(hanging) }
    };
    lines.iter().enumerate().map(|(number, line)| format!("{}{line}", begin(number))).collect()
}

/// The lines of a text, broken between words, and inside words that are longer than a line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let length = width_of(word);
        let fits = used + 1 + length <= width;
        if used > 0 && (fits || length > width && used + 1 < width) {
            line.push(' ');
            used += 1;
        } else if used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for character in word.chars() {
            let own = char_width(character);
            if used > 0 && used + own > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(character);
            used += own;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a bcdefghijk l", 4), ["a bc", "defg", "hijk", "l"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn numbers_are_right_aligned_and_text_columns_share_the_rest() {
        let rows = [
            vec!["a".to_owned(), "1".to_owned(), "one two three four".to_owned()],
            vec!["abcdefghij".to_owned(), "1,000".to_owned(), "five".to_owned()],
        ];
        let columns = [TextColumn::Words("name"), TextColumn::Number("rows"), TextColumn::Words("text")];
        let lines = table(&columns, &rows, 31, 1);
        assert_eq!(
            lines,
            [
                " name         rows  text",
                " a               1  one two",
                "                    three four",
                " abcdefghij  1,000  five"
            ]
        );
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn a_line_is_never_too_wide_and_no_character_is_lost(text in "[a-zé注 ]{0,200}", width in 2_usize..40) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| width_of(line) <= width));
            let without_spaces = |text: &str| text.replace(' ', "");
            prop_assert_eq!(without_spaces(&lines.concat()), without_spaces(&text));
        }
    }
}
