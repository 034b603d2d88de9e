//! Text on a terminal: which characters are escaped, how many columns a text takes, and its styles.
//!
//! This is the only list of characters that are escaped; every output of the program uses it. Names nothing else of the
//! program. What a browser interprets is escaped where pages are written.

use anstyle::AnsiColor;
pub use anstyle::Style;
use unicode_width::UnicodeWidthChar as _;

/// The label `error`, blockers, and a verdict that is not good.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The label `warning`, and what needs a decision.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// The label `hint`, and what is only worth knowing.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// A verdict that is good.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// A heading without a meaning of its own.
pub const HEADING: Style = Style::new().bold();

/// `text` in a style.
pub fn paint(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

/// `text` with every character escaped that a terminal obeys, that reorders the text around it, or that is invisible:
/// control characters other than line feeds, line and paragraph separators, bidirectional controls, characters without
/// width, tags. A second call changes nothing.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push(character),
            '\r' | '\t' => escaped.extend(character.escape_default()),
            _ if is_hidden(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// `text` as [`escape`] gives it, in one line: line feeds are escaped too.
pub fn escape_line(text: &str) -> String {
    escape(text).replace('\n', "\\n")
}

/// A JSON document that any reader takes for the same, with the characters that [`escape`] escapes as `\u` escapes. In a
/// document, serializers leave them only inside strings.
pub fn escape_json(document: &str) -> String {
    let mut escaped = String::with_capacity(document.len());
    for character in document.chars() {
        // Control characters of ASCII are escaped already, or white space between the values.
        if character > '~' && is_hidden(character) {
            let mut units = [0; 2];
            escaped.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether a character is obeyed rather than shown, or takes no space: Unicode's "Cc", "Zl" and "Zp", and of "Cf" and
/// "Default Ignorable Code Point" those that are no part of how a word is written.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The columns of a terminal that a text takes, where it is escaped.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The columns a character takes (Unicode Standard Annex #11): 2 where it is wide, 1 where its width is ambiguous, none
/// for combining marks. Sequences of characters count as their parts: terminals differ in them.
pub fn char_width(character: char) -> usize {
    character.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(escape_line("a\x1b[31mb\x07\u{9b}2J\x7f"), "a\\u{1b}[31mb\\u{7}\\u{9b}2J\\u{7f}");
        assert_eq!(escape_line("a\r\n\tb\0"), "a\\r\\n\\tb\\u{0}");
        assert_eq!(escape("a\x1b[31mb\r\nc"), "a\\u{1b}[31mb\\r\nc");
    }

    #[test]
    fn what_reorders_or_hides_text_is_escaped() {
        let reordering =
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        let hiding = "\u{ad}\u{200b}\u{200c}\u{200d}\u{2028}\u{2029}\u{2060}\u{feff}\u{fff9}\u{e0041}";
        for character in reordering.chars().chain(hiding.chars()) {
            let expected = format!("a{}b", character.escape_unicode());
            assert_eq!(escape(&format!("a{character}b")), expected);
            assert_eq!(escape_line(&format!("a{character}b")), expected);
        }
    }

    #[test]
    fn words_of_any_script_stay() {
        for text in ["Bestellungen größer", "заказы", "注文明細", "הזמנות", "طلبات", "naïve 😀 \"x\" \\ '"]
        {
            assert_eq!(escape_line(text), text);
            assert_eq!(escape_json(text), text);
        }
    }

    #[test]
    fn wide_characters_take_two_columns_combining_marks_none_and_ambiguous_ones_one() {
        let texts = ["abc", "größe", "注文明細", "한국", "e\u{301}", "😀", "ｶﾅ", "Ａ", "שָׁלוֹם", "±°α"];
        assert_eq!(texts.map(width), [3, 5, 8, 4, 1, 2, 2, 2, 4, 3]);
    }

    #[test]
    fn a_style_is_ended() {
        assert_eq!(paint("a", ERROR), "\u{1b}[1m\u{1b}[31ma\u{1b}[0m");
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn nothing_hidden_is_left_and_a_second_call_changes_nothing(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(!escaped.chars().any(|character| character != '\n' && is_hidden(character)));
            prop_assert_eq!(escape(&escaped), escaped);
            let line = escape_line(&text);
            prop_assert!(!line.chars().any(is_hidden));
            prop_assert_eq!(escape_line(&line), line);
        }

        #[test]
        fn json_is_the_same_value_without_hidden_characters(
            text in "([\"\\\\/a\u{7f}\u{9b}\u{202e}\u{2066}\u{200d}\u{feff}\u{e0041}\u{1b}\n\t]|\\PC|.){0,40}",
        ) {
            let value = serde_json::json!({ text.as_str(): [text.as_str(), 1.5] });
            for document in [serde_json::to_string(&value), serde_json::to_string_pretty(&value)] {
                let escaped = escape_json(&document.expect("JSON"));
                prop_assert!(!escaped.chars().any(|character| character != '\n' && is_hidden(character)));
                prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&escaped).expect("JSON"), &value);
            }
        }
    }
}
