//! Which streams have colors, and which parts of a message are colored. Words stay: a color only repeats what they say.

use std::sync::OnceLock;

use clap::ColorChoice;

use crate::config::has_colors;
use databases::terminal::{ERROR, GOOD, HINT, Style, WARNING, escape, paint};

/// An output of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output: results.
    Output,
    /// Standard error: messages and the log.
    Error,
}

/// The choice for this process, once it is known.
static CHOICE: OnceLock<ColorChoice> = OnceLock::new();

/// Decides for this process. Only the first call counts.
pub(super) fn decide(choice: ColorChoice) {
    CHOICE.get_or_init(|| choice);
}

/// Whether a stream has colors. Before [`decide`] none has.
pub(super) fn are_shown(is_terminal: bool) -> bool {
    CHOICE.get().is_some_and(|choice| has_colors(*choice, is_terminal))
}

/// The words that begin a line and say of what kind it is.
const LABELS: [(&str, Style); 4] =
    [("error:", ERROR), ("blocker:", ERROR), ("warning:", WARNING), ("hint:", HINT)];

/// A message, escaped; in colors, each line's label is colored.
pub(super) fn message(text: &str, in_colors: bool) -> String {
    let text = escape(text);
    if !in_colors {
        return text;
    }
    let lines: Vec<String> = text.split('\n').map(color_label).collect();
    lines.join("\n")
}

fn color_label(line: &str) -> String {
    let start = line.trim_start_matches(' ');
    for (label, style) in LABELS {
        if let Some(rest) = start.strip_prefix(label) {
            let indent = line.strip_suffix(start).unwrap_or_default();
            return format!("{indent}{}{rest}", paint(label, style));
        }
    }
    line.to_owned()
}

/// A verdict, escaped; in colors, its first line is green or red.
pub(super) fn verdict(text: &str, is_good: bool, in_colors: bool) -> String {
    if !in_colors {
        return escape(text);
    }
    let (first, rest) = text.split_once('\n').map_or((text, None), |(first, rest)| (first, Some(rest)));
    let first = paint(&escape(first), if is_good { GOOD } else { ERROR });
    rest.map_or(first.clone(), |rest| format!("{first}\n{}", message(rest, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "x\u{1b}[2J\u{9b}2J\u{202e}y";
    const ESCAPED: &str = "x\\u{1b}[2J\\u{9b}2J\\u{202e}y";

    #[test]
    fn labels_are_colored_where_a_line_begins_with_one() {
        let text = "error: a\n  caused by: hint: b\nhint: c\n  hint: d\nwarning: e\nblocker: f\nan error: g";
        assert_eq!(message(text, false), text);
        let expected = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m a\n  caused by: hint: b\n\
            \u{1b}[1m\u{1b}[36mhint:\u{1b}[0m c\n  \u{1b}[1m\u{1b}[36mhint:\u{1b}[0m d\n\
            \u{1b}[1m\u{1b}[33mwarning:\u{1b}[0m e\n\u{1b}[1m\u{1b}[31mblocker:\u{1b}[0m f\nan error: g";
        assert_eq!(message(text, true), expected);
    }

    #[test]
    fn messages_are_escaped_with_and_without_colors() {
        let text = format!("a file {HOSTILE}, a table {HOSTILE}, a value {HOSTILE}");
        let escaped = format!("a file {ESCAPED}, a table {ESCAPED}, a value {ESCAPED}");
        assert_eq!(message(&text, false), escaped);
        assert_eq!(message(&text, true), escaped);
        assert_eq!(verdict(&text, true, false), escaped);
        assert_eq!(verdict(&text, true, true), paint(&escaped, GOOD));
        let two = verdict(&format!("{HOSTILE}\nhint: {HOSTILE}"), false, true);
        assert_eq!(two, format!("{}\n{} {ESCAPED}", paint(ESCAPED, ERROR), paint("hint:", HINT)));
    }
}
