//! The format in which a column of SQLite stores its dates and instants as text. Where every value has one format, the
//! text is known from the value in PostgreSQL, and any expression on it can be translated.

/// A format of text: `2024-05-31`, with a time of day, with a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The time of day; `None` for a date only.
    pub time: Option<WrittenTime>,
    /// What follows.
    pub suffix: WrittenSuffix,
}

/// The format of a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenTime {
    /// Whether `T` is before it, and not a space.
    pub has_t: bool,
    /// Whether it has seconds.
    pub has_seconds: bool,
    /// The number of digits of its fraction, at most six.
    pub fraction: usize,
    /// Whether a fraction of zero is not written, as by Python.
    pub omits_zero: bool,
}

/// The text after a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenSuffix {
    /// Nothing.
    None,
    /// `Z`.
    Z,
    /// `+00:00`.
    Utc,
}

impl Written {
    /// `date()`.
    pub const DATE: Self = Self { time: None, suffix: WrittenSuffix::None };
    /// `datetime()` and CURRENT_TIMESTAMP.
    pub const DATETIME: Self = Self {
        time: Some(WrittenTime { has_t: false, has_seconds: true, fraction: 0, omits_zero: false }),
        suffix: WrittenSuffix::None,
    };

    /// The format of a text whose digits are all written as `0`.
    pub fn of_shape(shape: &str) -> Option<Self> {
        let rest = shape.strip_prefix("0000-00-00")?;
        if rest.is_empty() {
            return Some(Self::DATE);
        }
        let (has_t, rest) = match rest.strip_prefix('T') {
            Some(rest) => (true, rest),
            None => (false, rest.strip_prefix(' ')?),
        };
        let rest = rest.strip_prefix("00:00")?;
        let (has_seconds, rest) = rest.strip_prefix(":00").map_or((false, rest), |rest| (true, rest));
        let (fraction, rest) = match rest.strip_prefix('.').filter(|_| has_seconds) {
            Some(digits) => {
                let end = digits.find(|c: char| c != '0').unwrap_or(digits.len());
                (end, digits.get(end..)?)
            }
            None => (0, rest),
        };
        let suffix = match rest {
            "" => WrittenSuffix::None,
            "Z" => WrittenSuffix::Z,
            "+00:00" => WrittenSuffix::Utc,
            _ => return None,
        };
        let is_known = fraction <= 6 && (!shape.contains('.') || fraction > 0);
        let time = WrittenTime { has_t, has_seconds, fraction, omits_zero: false };
        is_known.then_some(Self { time: Some(time), suffix })
    }

    /// The one format of all these; of two, one must be the other without a fraction. `writes_zero` is whether a value has a
    /// fraction of zeros.
    pub fn of_shapes(shapes: &[String], writes_zero: bool) -> Option<Self> {
        let all: Option<Vec<Self>> = shapes.iter().map(|shape| Self::of_shape(shape)).collect();
        match all?.as_slice() {
            [one] => Some(*one),
            [one, other] if !writes_zero => one.beside(*other).or_else(|| other.beside(*one)),
            _ => None,
        }
    }

    /// This format, if the other is that of its values without a fraction.
    fn beside(self, other: Self) -> Option<Self> {
        let (time, without) = (self.time?, other.time?);
        let is_same = WrittenTime { fraction: 0, ..time } == without && self.suffix == other.suffix;
        (is_same && time.fraction > 0)
            .then_some(Self { time: Some(WrittenTime { omits_zero: true, ..time }), ..self })
    }

    /// Whether the order and equality of texts in both formats are those of their instants.
    pub(super) fn compares_with(self, other: Self) -> bool {
        if self == other {
            return true;
        }
        let (Some(one), Some(two)) = (self.time, other.time) else { return false };
        let alike = |time: WrittenTime| WrittenTime { fraction: 0, omits_zero: false, ..time };
        let is_optional = |time: WrittenTime, beside: WrittenTime| time.omits_zero && beside.fraction == 0;
        // After the seconds the next character decides, and `Z` or `+` would be compared with a point.
        self.suffix == WrittenSuffix::None
            && other.suffix == WrittenSuffix::None
            && alike(one) == alike(two)
            && (is_optional(one, two) || is_optional(two, one))
    }

    /// The text of a `date` or `timestamp`, in SQL.
    pub(super) fn text(self, sql: &str) -> String {
        let Some(time) = self.time else { return format!("to_char({sql}, 'YYYY-MM-DD')") };
        let separator = if time.has_t { "\"T\"" } else { " " };
        let clock = if time.has_seconds { "HH24:MI:SS" } else { "HH24:MI" };
        let suffix = match self.suffix {
            WrittenSuffix::None => "",
            WrittenSuffix::Z => "\"Z\"",
            WrittenSuffix::Utc => "\"+00:00\"",
        };
        let plain = format!("to_char({sql}, 'YYYY-MM-DD{separator}{clock}{suffix}')");
        if time.fraction == 0 {
            return plain;
        }
        let exact = format!("to_char({sql}, 'YYYY-MM-DD{separator}{clock}.FF{}{suffix}')", time.fraction);
        if time.omits_zero {
            format!("CASE WHEN date_trunc('second', {sql}) = {sql} THEN {plain} ELSE {exact} END")
        } else {
            exact
        }
    }

    /// Whether a text in exactly the shape of this format is compared as its instant is.
    pub(super) fn takes(self, text: &str) -> bool {
        let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let zero_fraction = text
            .split_once('.')
            .is_some_and(|(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).all(|digit| digit == b'0'));
        Self::of_shape(&shape).is_some_and(|of_text| {
            let exact = self.time.is_some_and(|time| time.omits_zero)
                && of_text.time.map(|time| time.fraction) == self.time.map(|time| time.fraction)
                && !zero_fraction
                && of_text.suffix == WrittenSuffix::None;
            exact || self.compares_with(of_text)
        })
    }
}
