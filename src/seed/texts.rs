//! Text generators: the usual text of a column, or one that is easily damaged in transit.

use super::context::{Context, at, count};
use super::steps::ValueResult;
use super::words::*;
use crate::models::{Currency, WebUrl};
use transfer::values::Text;

/// Texts that have caused bugs: quotes, escapes, patterns, other scripts, text that looks like another type.
pub(super) const EXTREME_TEXTS: [&str; 14] = [
    "",
    "'single' \"double\" `back` ''twice'' \\'escaped\\'",
    "C:\\new\\table\\N \\\\ \\. \\x41 \\u0041 \\",
    "line one\nline two\r\n\tindented\u{b}\u{c}\r",
    "100% _sure_ %s %d {} $1 ?1 :name @x #{y}",
    "天地玄黃，宇宙洪荒。𠜎𠜱",
    "\u{200f}مرحبا بالعالم\u{200e} (abc) \u{202e}מימין לשמאל\u{202c}",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇨🇿 1️⃣",
    "Pr\u{30c}i\u{301}lis\u{30c} z\u{30c}lut\u{301}ouc\u{30c}ky\u{301} ku\u{30a}n\u{30c}, e\u{301}\u{327}\u{332}",
    "  leading and trailing \u{a0}\u{3000} ",
    "NULL",
    "0123.4500e+01",
    "\u{fffd}\u{feff}\u{10ffff}\u{e000}\u{7f}\u{1}\u{1b}[31m\u{2028}",
    "'); DROP TABLE users; --",
];

/// Texts of maximum length repeat this: one to four bytes per character, precomposed and decomposed.
const FILLING: &str = "aß漢😀e\u{301}ع\\'\"% ";

/// Length of extreme texts in columns of prose, in characters.
const LONG: usize = 9_000;

/// The currency of the organization at `index`: the same for a customer's bills and their payments, and for a project and
/// those of its milestones.
pub(super) fn currency_of(index: u64) -> ValueResult<Currency> {
    Currency::new(at(CURRENCIES, index))
}

impl Context<'_> {
    /// Text of at most `limit` characters.
    pub(super) fn text(
        &mut self,
        limit: usize,
        usual: impl FnOnce(&mut Self) -> String,
    ) -> ValueResult<Text> {
        match self.extreme() {
            Some(number) => Text::new(extreme_text(number, limit)),
            None => Text::new(cut(usual(self), limit)),
        }
    }

    /// One of a few words, of at most `limit` characters.
    pub(super) fn label(&mut self, limit: usize, words: &[&str]) -> ValueResult<Text> {
        self.text(limit, |cx| {
            let index = cx.low(count(words));
            at(words, index).to_owned()
        })
    }

    /// The currency of an organization, which was drawn once: the draw remains, so that the values after it are the same.
    pub(super) fn currency(&mut self, organization: u64) -> ValueResult<Currency> {
        self.label(3, CURRENCIES)?;
        currency_of(organization)
    }

    /// Sentences, sometimes several pages.
    pub(super) fn prose(&mut self) -> ValueResult<Text> {
        self.text(LONG, |cx| {
            let sentences =
                if cx.chance(1) && cx.chance(40) { cx.between(30..=120) } else { cx.between(1..=3) };
            let mut text = String::new();
            for _ in 0..sentences {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(cx.pick(SENTENCES));
            }
            text
        })
    }

    /// A name of at most `limit` characters that is unique among the children of a parent: the choices in turn, then
    /// numbered.
    pub(super) fn distinct(&mut self, limit: usize, choices: &[&str], turn: u64) -> ValueResult<Text> {
        let name = at(choices, turn);
        match (self.extreme(), turn / count(choices)) {
            (Some(_), _) => Text::new(filled_up(&format!("{turn} "), limit)),
            (None, 0) => Text::new(name),
            (None, round) => Text::new(format!("{name} {round}")),
        }
    }

    pub(super) fn first_name(&mut self) -> ValueResult<Text> {
        self.text(200, |cx| cx.pick(FIRST_NAMES).to_owned())
    }

    pub(super) fn last_name(&mut self) -> ValueResult<Text> {
        self.text(200, |cx| cx.pick(LAST_NAMES).to_owned())
    }

    pub(super) fn person(&mut self) -> String {
        format!("{} {}", self.pick(FIRST_NAMES), self.pick(LAST_NAMES))
    }

    pub(super) fn company(&mut self) -> String {
        let (name, trade) = (self.pick(LAST_NAMES), self.pick(TRADES));
        format!("{name} {trade} {}", self.pick(COMPANY_FORMS))
    }

    pub(super) fn usual_email(&mut self) -> String {
        let (name, host) = (self.pick(MAIL_NAMES), self.pick(MAIL_HOSTS));
        format!("{name}.{}@{host}", self.index())
    }

    pub(super) fn phone(&mut self) -> ValueResult<Text> {
        self.text(50, |cx| {
            let (country, number) = (cx.pick(&[1, 33, 49, 86, 420]), cx.between(100_000_000..=999_999_999));
            format!("+{country} {number}")
        })
    }

    pub(super) fn address(&mut self) -> String {
        let (number, street) = (self.between(1..=240), self.pick(STREETS));
        format!("{street} {number}\n{} {}", self.between(10_000..=99_999), self.pick(CITIES))
    }

    pub(super) fn link(&mut self, folder: &str) -> ValueResult<Text> {
        self.text(2_048, |cx| {
            let (number, part) = (cx.below(1 << 32), cx.below(1 << 16));
            format!("https://files.example.com/{folder}/{number:08x}?part={part}&q=a%20b")
        })
    }

    /// A URL that users open.
    pub(super) fn url(&mut self, folder: &str) -> ValueResult<WebUrl> {
        let start = format!("https://files.example.com/{folder}/");
        match self.extreme() {
            Some(number) if number.is_multiple_of(2) => {
                WebUrl::new(&format!("{start}{}", "%F0".repeat((2_048 - start.len()) / 3)))
            }
            Some(_) => WebUrl::new("http://[2001:db8::1]:65535/~o'x/;a=b,c?q=%27)%3B--&&=#!$()*+"),
            None => {
                let (number, part) = (self.below(1 << 32), self.below(1 << 16));
                WebUrl::new(&format!("{start}{number:08x}?part={part}&q=a%20b"))
            }
        }
    }

    /// An identifier of an external system, unique in the table, of at most 255 characters.
    pub(super) fn outside_id(&mut self, prefix: &str) -> ValueResult<Text> {
        let (random, index) = (self.below(u64::MAX), self.index());
        match self.extreme() {
            Some(_) => Text::new(filled_up(&format!("{prefix}{index} "), 255)),
            None => Text::new(format!("{prefix}{random:016x}{index}")),
        }
    }

    /// The key of a random row, as text.
    pub(super) fn entity_id(&mut self) -> ValueResult<Text> {
        self.text(100, |cx| cx.below(1_000_000).to_string())
    }
}

fn extreme_text(number: u64, limit: usize) -> String {
    match number % (count(&EXTREME_TEXTS) + 2) {
        0 => filled_up("", limit),
        1 => "x".repeat(limit),
        number => cut(at(&EXTREME_TEXTS, number - 2).to_owned(), limit),
    }
}

/// A text of exactly `limit` characters.
fn filled_up(start: &str, limit: usize) -> String {
    start.chars().chain(FILLING.chars().cycle()).take(limit).collect()
}

/// The text, or its first `limit` characters.
fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit
        && let Some((end, _)) = text.char_indices().nth(limit)
    {
        text.truncate(end);
    }
    text
}
