//! What of a text a terminal obeys or a reader does not see, made visible.

/// `text` in one line, with every character made visible that a terminal obeys, that reorders what stands around it,
/// or that cannot be seen: control characters, line and paragraph separators, the bidirectional controls, characters
/// without width, tags. What it gives is left as it is by a second call.
pub fn escape_terminal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => escaped.extend(character.escape_default()),
            _ if is_hidden(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Whether a character is obeyed rather than shown, or takes no space. Unicode, "Cc", and of "Cf" and "Default
/// Ignorable Code Point" those that are no part of how a word is written.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_made_visible() {
        assert_eq!(escape_terminal("a\x1b[31mb\x07\u{9b}2J"), "a\\u{1b}[31mb\\u{7}\\u{9b}2J");
        assert_eq!(escape_terminal("a\r\n\tb\0"), "a\\r\\n\\tb\\u{0}");
    }

    #[test]
    fn what_reorders_or_hides_text_is_made_visible() {
        assert_eq!(escape_terminal("a\u{202e}b\u{2066}c\u{200b}d"), "a\\u{202e}b\\u{2066}c\\u{200b}d");
        assert_eq!(escape_terminal("\u{2028}\u{feff}\u{e0041}"), "\\u{2028}\\u{feff}\\u{e0041}");
    }

    #[test]
    fn words_of_any_script_stay() {
        for text in ["Bestellungen größer", "заказы", "注文明細", "הזמנות", "طلبات", "naïve 😀 \"x\" \\ '"]
        {
            assert_eq!(escape_terminal(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_a_second_call_changes_nothing(text in any::<String>()) {
            let escaped = escape_terminal(&text);
            prop_assert!(!escaped.chars().any(is_hidden));
            prop_assert_eq!(escape_terminal(&escaped), escaped);
        }
    }
}
