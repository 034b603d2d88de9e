//! `double precision[]`, from a JSON array of numbers: dimensions, whether there are NULLs, the type of the
//! elements, and for each dimension its length and first index (`array_recv` in PostgreSQL's `arrayfuncs.c`).

use super::decimal::DecimalText;
use super::json_reader::{JsonEvent, JsonReader};
use super::sink::{Short, Sink};
use super::{SourceValue, Unfit};

/// The OID of `float8` (PostgreSQL's `pg_type.dat`).
const FLOAT8: i32 = 701;
/// The size of an element: its length and the number.
const ELEMENT_SIZE: usize = 4 + 8;
const NUMBER_SIZE: i32 = 8;
/// Elements above the limit of a value are not counted.
const MAX_ELEMENTS: i32 = 0x3fff_ffff / 12 - 2;

/// Writes the numbers, if each is one that a REAL represents: its shortest form is the number in the text.
pub(super) fn write(value: SourceValue<'_>, out: &mut impl Sink) -> Result<(), Unfit> {
    let SourceValue::Text(text) = value else { return Err(Unfit::WrongClass) };
    let mut count = 0;
    for_each_number(text, |_number| {
        count += 1;
        if count > MAX_ELEMENTS { Err(Unfit::TooLong) } else { Ok(()) }
    })?;
    let dimensions = i32::from(count > 0);
    for word in [dimensions, 0, FLOAT8] {
        out.put(&word.to_be_bytes());
    }
    if count == 0 {
        return Ok(());
    }
    for word in [count, 1] {
        out.put(&word.to_be_bytes());
    }
    for_each_number(text, |number| {
        out.put(&NUMBER_SIZE.to_be_bytes());
        out.put(&exact(number)?.to_be_bytes());
        Ok(())
    })
}

fn for_each_number(text: &str, mut then: impl FnMut(&str) -> Result<(), Unfit>) -> Result<(), Unfit> {
    let mut reader = JsonReader::new(text);
    if reader.next()? != Some(JsonEvent::BeginArray) {
        return Err(Unfit::NotAnArray);
    }
    loop {
        match reader.next()? {
            Some(JsonEvent::Number(number)) => then(number)?,
            Some(JsonEvent::EndArray) => break,
            _ => return Err(Unfit::NotAnArray),
        }
    }
    // An error if more text follows.
    reader.next().map(|_end| ())
}

fn exact(text: &str) -> Result<f64, Unfit> {
    let number: f64 = text.parse().map_err(|_form| Unfit::NotANumber)?;
    if number.is_infinite() {
        return Err(Unfit::OutOfRange);
    }
    let mut shortest = Short::default();
    let is_exact = DecimalText::parse(text)?.equals(&DecimalText::of_real(number, &mut shortest)?);
    if is_exact { Ok(number) } else { Err(Unfit::Inexact) }
}

/// The numbers of an array, in the format that is written here.
pub(super) fn elements(bytes: &[u8]) -> Option<impl Iterator<Item = f64> + '_> {
    let (header, rest) = bytes.split_first_chunk::<12>()?;
    let [dimensions, flags, element_type] = words(header);
    let numbers = match dimensions {
        0 => rest,
        1 => {
            let (header, rest) = rest.split_first_chunk::<8>()?;
            let [count, first_index] = words(header);
            let size = usize::try_from(count).ok()?.checked_mul(ELEMENT_SIZE)?;
            (first_index == 1 && count > 0 && rest.len() == size).then_some(rest)?
        }
        _ => return None,
    };
    let is_sound = (dimensions == 1 || numbers.is_empty())
        && flags == 0
        && element_type == FLOAT8
        && numbers.chunks_exact(ELEMENT_SIZE).all(|element| element[..4] == NUMBER_SIZE.to_be_bytes());
    let numbers = numbers.chunks_exact(ELEMENT_SIZE).filter_map(|element| element[4..].try_into().ok());
    is_sound.then(|| numbers.map(f64::from_be_bytes))
}

fn words<const N: usize, const W: usize>(bytes: &[u8; N]) -> [i32; W] {
    let mut words =
        bytes.chunks_exact(4).map(|word| i32::from_be_bytes([word[0], word[1], word[2], word[3]]));
    std::array::from_fn(|_| words.next().unwrap_or_default())
}

/// In braces.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    let shown: Vec<_> = elements(bytes)?.map(|number| format!("{number:?}")).collect();
    Some(format!("{{{}}}", shown.join(",")))
}
