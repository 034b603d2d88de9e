//! Reads JSON (RFC 8259) event by event, without allocation and without recursion.
//!
//! It does not use `serde_json`: with arbitrary precision, which is required here, it treats an object with a certain
//! key as a number.

use super::Unfit;

/// The maximum nesting of arrays and objects: the bits of `Reader::objects`.
const MAX_DEPTH: u32 = u128::BITS;

/// The next event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonEvent<'t> {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    /// The key of a member, followed by its value: the text between the quotes, as written.
    Key(&'t str),
    /// The text between the quotes, as written.
    Text(&'t str),
    /// A number, as written.
    Number(&'t str),
    /// `true`, `false` or `null`.
    Word(&'static str),
}

#[derive(Clone, Copy)]
enum NextToken {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
    End,
}

/// Reads one JSON text.
pub(super) struct JsonReader<'t> {
    text: &'t str,
    at: usize,
    place: NextToken,
    depth: u32,
    /// One bit for each level, set for an object; the lowest bit is the innermost level.
    objects: u128,
}

impl<'t> JsonReader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, place: NextToken::Value, depth: 0, objects: 0 }
    }

    /// Returns the next event; `None` at the end of the text.
    ///
    /// # Errors
    /// When it is not valid JSON, or nested too deep.
    pub(super) fn next(&mut self) -> Result<Option<JsonEvent<'t>>, Unfit> {
        self.skip_space();
        let byte = self.peek();
        match (self.place, byte) {
            (NextToken::End, None) => Ok(None),
            (NextToken::CommaOrEnd, Some(b',')) => {
                self.at += 1;
                self.place = if self.is_in_object() { NextToken::Key } else { NextToken::Value };
                // The recursion is bounded: a comma cannot follow a comma.
                self.next()
            }
            (NextToken::CommaOrEnd | NextToken::KeyOrEnd, Some(b'}')) if self.is_in_object() => {
                Ok(Some(self.leave(JsonEvent::EndObject)))
            }
            (NextToken::CommaOrEnd | NextToken::ValueOrEnd, Some(b']')) if !self.is_in_object() => {
                Ok(Some(self.leave(JsonEvent::EndArray)))
            }
            (NextToken::Key | NextToken::KeyOrEnd, Some(b'"')) => {
                let key = self.take_text()?;
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(Unfit::NotJson);
                }
                self.at += 1;
                self.place = NextToken::Value;
                Ok(Some(JsonEvent::Key(key)))
            }
            (NextToken::Value | NextToken::ValueOrEnd, Some(byte)) => self.take_value(byte).map(Some),
            _ => Err(Unfit::NotJson),
        }
    }

    fn take_value(&mut self, byte: u8) -> Result<JsonEvent<'t>, Unfit> {
        let event = match byte {
            b'{' => return self.enter(JsonEvent::BeginObject),
            b'[' => return self.enter(JsonEvent::BeginArray),
            b'"' => JsonEvent::Text(self.take_text()?),
            b'-' | b'0'..=b'9' => JsonEvent::Number(self.take_number()?),
            _ => {
                let rest = &self.text[self.at..];
                let words = ["true", "false", "null"];
                let word = words.into_iter().find(|word| rest.starts_with(word)).ok_or(Unfit::NotJson)?;
                self.at += word.len();
                JsonEvent::Word(word)
            }
        };
        self.place = self.after_value();
        Ok(event)
    }

    fn enter(&mut self, event: JsonEvent<'t>) -> Result<JsonEvent<'t>, Unfit> {
        if self.depth == MAX_DEPTH {
            return Err(Unfit::TooDeep);
        }
        self.at += 1;
        self.depth += 1;
        let is_object = event == JsonEvent::BeginObject;
        self.objects = self.objects << 1 | u128::from(is_object);
        self.place = if is_object { NextToken::KeyOrEnd } else { NextToken::ValueOrEnd };
        Ok(event)
    }

    fn leave(&mut self, event: JsonEvent<'t>) -> JsonEvent<'t> {
        self.at += 1;
        self.depth -= 1;
        self.objects >>= 1;
        self.place = self.after_value();
        event
    }

    fn after_value(&self) -> NextToken {
        if self.depth == 0 { NextToken::End } else { NextToken::CommaOrEnd }
    }

    fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take_text(&mut self) -> Result<&'t str, Unfit> {
        let start = self.at + 1;
        self.at = start;
        loop {
            match self.peek().ok_or(Unfit::NotJson)? {
                b'"' => break,
                b'\\' => self.skip_escape()?,
                0..=0x1f => return Err(Unfit::NotJson),
                _ => self.at += 1,
            }
        }
        let text = &self.text[start..self.at];
        self.at += 1;
        Ok(text)
    }

    fn skip_escape(&mut self) -> Result<(), Unfit> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        self.at += match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', digits @ ..] if digits.len() >= 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return Err(Unfit::NotJson),
        };
        Ok(())
    }

    fn take_number(&mut self) -> Result<&'t str, Unfit> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let has_zero = self.peek() == Some(b'0');
        if self.skip_digits()? > 1 && has_zero {
            return Err(Unfit::NotJson);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.skip_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.skip_digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn skip_digits(&mut self) -> Result<usize, Unfit> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(Unfit::NotJson) } else { Ok(self.at - start) }
    }
}
