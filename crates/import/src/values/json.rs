//! `json`: the text unchanged. `jsonb`: the value, in canonical form.
//!
//! PostgreSQL's jsonb sorts keys, stores numbers as `numeric` and keeps only the last of duplicate keys. So that
//! equal values have equal bytes, encoded and read back, both are converted to one form: sorted keys, no whitespace,
//! minimal escapes, numbers without an exponent (very large and very small ones with one) and with as many digits
//! after the decimal point as jsonb keeps.

use super::decimal::DecimalText;
use super::json_reader::{JsonEvent, JsonReader};
use super::numeric::{DIGITS_AFTER, DIGITS_BEFORE};
use super::sink::{Short, Sink};
use super::{SourceValue, Unfit, text};

/// The byte that precedes the text in `jsonb`'s binary form (`jsonb_recv`).
const VERSION: u8 = 1;

/// Writes the text of valid JSON unchanged.
pub(super) fn write(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    let mut number = Short::default();
    let text = text_of(value, &mut number)?;
    let mut reader = JsonReader::new(text);
    while reader.next()?.is_some() {}
    out.put(text.as_bytes());
    Ok(())
}

/// Writes the value of valid JSON for `jsonb`.
pub(super) fn write_binary(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    let mut number = Short::default();
    let text = text_of(value, &mut number)?;
    let mut written = Vec::with_capacity(text.len() + 1);
    write_canonical(text, &mut written)?;
    out.put(&written);
    Ok(())
}

/// The text of a value. A column that is declared `JSON` has numeric affinity, so that its numbers are stored as
/// numbers.
fn text_of<'t>(value: SourceValue<'t>, number: &'t mut Short) -> Result<&'t str, Unfit> {
    match value {
        SourceValue::Text(text) => Ok(text),
        SourceValue::Real(number) if number.is_infinite() => Err(Unfit::Infinite),
        value => text::number_text(value, number),
    }
}

/// The text in `jsonb`'s binary form.
pub(super) fn binary_text(bytes: &[u8]) -> Option<&str> {
    match bytes {
        [VERSION, text @ ..] => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

/// Appends `jsonb`'s binary form of a JSON text, in canonical form.
pub(super) fn write_canonical(text: &str, out: &mut Vec<u8>) -> Result<(), Unfit> {
    out.push(VERSION);
    let mut writer = JsonbWriter { reader: JsonReader::new(text), out, size: 0 };
    let first = writer.read()?;
    writer.write_value(first)?;
    match writer.reader.next()? {
        None => Ok(()),
        Some(_) => Err(Unfit::NotJson),
    }
}

/// PostgreSQL's limit for the values of one array or object together (`JENTRY_OFFLENMASK` in its `jsonb.h`). The text
/// of a value cannot be longer either: otherwise a few numbers with large exponents would become too long to be read
/// back.
const MAX_SIZE: usize = 0x0fff_ffff;
/// The maximum size of an element in addition to its characters: its entry, and the header of a number.
const ENTRY_SIZE: usize = 24;

struct JsonbWriter<'t, 'o> {
    reader: JsonReader<'t>,
    out: &'o mut Vec<u8>,
    /// The minimum size of the values in the server, stored or as text.
    size: usize,
}

/// The position of a member in the output: from its key's quote to the end of its value.
#[derive(Clone, Copy)]
struct Member {
    start: usize,
    key_end: usize,
    end: usize,
}

impl<'t> JsonbWriter<'t, '_> {
    fn read(&mut self) -> Result<JsonEvent<'t>, Unfit> {
        self.reader.next()?.ok_or(Unfit::NotJson)
    }

    fn grow(&mut self, size: usize) -> Result<(), Unfit> {
        self.size = self.size.saturating_add(size).saturating_add(ENTRY_SIZE);
        if self.size > MAX_SIZE { Err(Unfit::TooLong) } else { Ok(()) }
    }

    /// The reader limits the depth.
    fn write_value(&mut self, event: JsonEvent<'t>) -> Result<(), Unfit> {
        match event {
            JsonEvent::BeginArray => self.write_array(),
            JsonEvent::BeginObject => self.write_object(),
            JsonEvent::Text(text) => self.write_text(text),
            JsonEvent::Number(number) => {
                let plain_length = write_number(number, self.out)?;
                self.grow(plain_length)
            }
            JsonEvent::Word(word) => {
                self.out.extend_from_slice(word.as_bytes());
                self.grow(0)
            }
            JsonEvent::EndArray | JsonEvent::EndObject | JsonEvent::Key(_) => Err(Unfit::NotJson),
        }
    }

    fn write_array(&mut self) -> Result<(), Unfit> {
        self.grow(0)?;
        self.out.push(b'[');
        let start = self.out.len();
        loop {
            let event = self.read()?;
            if event == JsonEvent::EndArray {
                break;
            }
            if self.out.len() > start {
                self.out.push(b',');
            }
            self.write_value(event)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn write_object(&mut self) -> Result<(), Unfit> {
        self.grow(0)?;
        self.out.push(b'{');
        let start = self.out.len();
        let mut members = Vec::new();
        while let JsonEvent::Key(key) = self.read()? {
            let start = self.out.len();
            self.write_text(key)?;
            let key_end = self.out.len();
            self.out.push(b':');
            let value = self.read()?;
            self.write_value(value)?;
            members.push(Member { start, key_end, end: self.out.len() });
            self.out.push(b',');
        }
        order_members(self.out, start, &mut members)?;
        if !members.is_empty() {
            self.out.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    fn write_text(&mut self, text: &str) -> Result<(), Unfit> {
        self.grow(text.len())?;
        self.out.push(b'"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte == b'\\') {
            self.out.extend_from_slice(&rest.as_bytes()[..at]);
            let (character, after) = unescape(&rest[at + 1..])?;
            write_character(character, self.out);
            rest = after;
        }
        self.out.extend_from_slice(rest.as_bytes());
        self.out.push(b'"');
        Ok(())
    }
}

/// Sorts the members that are written from `start` on by key.
fn order_members(out: &mut Vec<u8>, start: usize, members: &mut [Member]) -> Result<(), Unfit> {
    // Without the quotes: the end of a key sorts before every character.
    let key = |member: &Member| &out[member.start + 1..member.key_end - 1];
    if members.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])) {
        return Ok(());
    }
    members.sort_unstable_by(|a, b| key(a).cmp(key(b)));
    if members.windows(2).any(|pair| key(&pair[0]) == key(&pair[1])) {
        return Err(Unfit::DuplicateKey);
    }
    let written = out.split_off(start);
    for member in members {
        out.extend_from_slice(&written[member.start - start..member.end - start]);
        out.push(b',');
    }
    Ok(())
}

/// The character of an escape, and the rest; `text` starts after the backslash.
fn unescape(text: &str) -> Result<(char, &str), Unfit> {
    let (kind, rest) = text.split_at_checked(1).ok_or(Unfit::NotJson)?;
    let character = match kind {
        "u" => return unescape_unit(rest),
        "b" => '\u{8}',
        "f" => '\u{c}',
        "n" => '\n',
        "r" => '\r',
        "t" => '\t',
        "\"" => '"',
        "\\" => '\\',
        "/" => '/',
        _ => return Err(Unfit::NotJson),
    };
    Ok((character, rest))
}

fn unescape_unit(text: &str) -> Result<(char, &str), Unfit> {
    let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let first = unit(text).ok_or(Unfit::NotJson)?;
    let rest = &text[4..];
    if first == 0 {
        return Err(Unfit::HasNul);
    }
    let second = rest.strip_prefix("\\u").and_then(unit);
    match (char::decode_utf16([first]).next(), second) {
        (Some(Ok(character)), _) => Ok((character, rest)),
        (_, Some(second)) => match char::decode_utf16([first, second]).next() {
            Some(Ok(character)) => Ok((character, &rest[6..])),
            _ => Err(Unfit::LoneSurrogate),
        },
        _ => Err(Unfit::LoneSurrogate),
    }
}

fn write_character(character: char, out: &mut Vec<u8>) {
    match character {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\u{8}' => out.extend_from_slice(b"\\b"),
        '\u{c}' => out.extend_from_slice(b"\\f"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\0'..='\u{1f}' => out.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes()),
        _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// Numbers with more digits than this before the decimal point, or zeros after it, are written with an exponent.
const PLAIN_DIGITS: i64 = 40;

/// Writes a number as in `jsonb`: equal numbers with the same number of digits after the decimal point have the same
/// form. Returns its length without an exponent, as the server writes it.
fn write_number(text: &str, out: &mut Vec<u8>) -> Result<usize, Unfit> {
    let number = DecimalText::parse(text)?;
    let scale = number.scale();
    let (highest, lowest) = number.powers().unwrap_or_default();
    if highest >= DIGITS_BEFORE || scale > DIGITS_AFTER {
        return Err(Unfit::OutOfRange);
    }
    // Trailing zeros do not change the number, but `jsonb` keeps those after the decimal point.
    let last = if scale > 0 { -scale } else { lowest };
    let plain_length =
        usize::try_from(highest.max(0) - last.min(0) + 3).map_err(|_overflow| Unfit::OutOfRange)?;
    if number.is_negative() {
        out.push(b'-');
    }
    let digits = number.digits().chain(std::iter::repeat(0)).map(|digit| b'0' + digit);
    let digits = (last..=highest).rev().zip(digits);
    if !(-PLAIN_DIGITS - 1..PLAIN_DIGITS).contains(&highest) {
        out.extend(digits.map(|(_, digit)| digit));
        out.extend_from_slice(format!("e{last:+}").as_bytes());
    } else if highest < 0 {
        out.extend_from_slice(b"0.");
        out.extend((highest..-1).map(|_| b'0'));
        out.extend(digits.map(|(_, digit)| digit));
    } else {
        for (power, digit) in digits {
            out.push(digit);
            if power == 0 && last < 0 {
                out.push(b'.');
            }
        }
        out.extend((0..last).map(|_| b'0'));
    }
    Ok(plain_length)
}
