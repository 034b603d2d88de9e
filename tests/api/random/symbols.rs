//! Symbols for values that are random in each database: UUIDs and, for bodies that contain one, ETags.

use std::collections::HashMap;

/// The symbols of values that differ.
#[derive(Default)]
pub(super) struct Symbols {
    /// For each side: symbols by value.
    names: [HashMap<String, String>; 2],
    /// Values of each side by symbol.
    reals: HashMap<String, [String; 2]>,
}

impl Symbols {
    /// Assigns a symbol to values at the same position of both texts; existing symbols are kept.
    pub(super) fn learn(&mut self, texts: [&str; 2]) {
        let [left, right] = texts.map(uuids);
        for (left, right) in left.into_iter().zip(right) {
            if left != right {
                let name = format!("00000000-0000-4000-8000-{:012x}", self.reals.len());
                self.learn_as(name, [left, right]);
            }
        }
    }

    /// Like [`learn`](Self::learn), for ETags.
    pub(super) fn learn_tags(&mut self, tags: [&str; 2]) {
        if tags[0] != tags[1] {
            self.learn_as(format!("\"tag {}\"", self.reals.len()), tags);
        }
    }

    fn learn_as(&mut self, name: String, reals: [&str; 2]) {
        if (0..2).all(|side| !self.names[side].contains_key(reals[side])) {
            for (names, real) in self.names.iter_mut().zip(reals) {
                names.insert(real.to_owned(), name.clone());
            }
            self.reals.insert(name, reals.map(str::to_owned));
        }
    }

    /// The text of one side with symbols for values that differ.
    pub(super) fn named(&self, side: usize, text: &str) -> String {
        replace(text, |uuid| self.names[side].get(uuid).map(String::as_str))
    }

    /// The symbol of an ETag of one side.
    pub(super) fn named_tag<'a>(&'a self, side: usize, tag: &'a str) -> &'a str {
        self.names[side].get(tag).map_or(tag, String::as_str)
    }

    /// The text with the values of one side.
    pub(super) fn real(&self, side: usize, text: &str) -> String {
        replace(text, |name| self.reals.get(name).map(|reals| reals[side].as_str()))
    }
}

const UUID_BYTES: usize = 36;

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == UUID_BYTES
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
        })
}

fn uuids(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut place = 0;
    while place + UUID_BYTES <= text.len() {
        let is_one = is_uuid(&text.as_bytes()[place..place + UUID_BYTES]);
        if is_one {
            found.push(&text[place..place + UUID_BYTES]);
        }
        place += if is_one { UUID_BYTES } else { 1 };
    }
    found
}

fn replace<'a>(text: &str, with: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut rest = text;
    let mut replaced = String::new();
    for uuid in uuids(text) {
        let (before, after) = rest.split_once(uuid).expect("it was found there");
        replaced.push_str(before);
        replaced.push_str(with(uuid).unwrap_or(uuid));
        rest = after;
    }
    replaced + rest
}
