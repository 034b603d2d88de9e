//! Writes a conversion as a configuration file.

use std::fmt::Write as _;

use super::{Decisions, Incompatible, Integers, NoCase, OrphanPolicy, type_words};
use crate::conversion::{ColumnConversion, Conversion, OnIncompatible};
use crate::schema::{Column, Schema};

const HEAD: &str = "\
# Conversion of each table and column. Names are those of the source; remove a setting to choose it automatically again.
#
# A table:  name = \"...\", skip = true
# A column: type = \"smallint | integer | bigint | real | double precision | numeric | numeric(14,2) | boolean | text |
#                   varchar(20) | character(2) | citext | bytea | uuid | date | time | timestamp | timestamptz |
#                   json | jsonb | inet | cidr | interval | double precision[]\"
#           form = \"hyphenated | simple | bytes\" (uuid), \"iso | midnight | milliseconds\" (date),
#                  \"iso | iso-utc | seconds | milliseconds | microseconds | julian\" (timestamp, timestamptz),
#                  \"iso | seconds | milliseconds | microseconds\" (interval); without `type`: of the chosen type
#           misfit = \"reject | null | remove-nul | bytes\": how to handle incompatible values
#           round = true: digits that the type does not keep are rounded away
#           incompatible = \"widen | reject\", without a type: values that force a wider type
#           name = \"...\", skip = true

";

impl Decisions {
    /// The whole of `conversion` as a file, with the policies of these decisions.
    #[must_use]
    pub fn write(&self, schema: &Schema, conversion: &Conversion) -> String {
        let mut out = HEAD.to_owned();
        self.write_policies(conversion, &mut out);
        for table in &schema.tables {
            let key = quoted(&table.name);
            let found = conversion.tables.iter().find(|converted| converted.source == table.name);
            push(&mut out, format_args!("\n[tables.{key}]\n"));
            let Some(converted) = found else {
                out.push_str("skip = true\n");
                continue;
            };
            if converted.target != converted.source {
                push(&mut out, format_args!("name = {}\n", quoted(&converted.target)));
            }
            push(&mut out, format_args!("[tables.{key}.columns]\n"));
            for column in &table.columns {
                let chosen = converted.columns.iter().find(|chosen| chosen.source == column.name);
                write_column(column, chosen, &mut out);
            }
        }
        out
    }

    fn write_policies(&self, conversion: &Conversion, out: &mut String) {
        let integers = match self.integers {
            Integers::Auto => "auto",
            Integers::Bigint => "bigint",
            Integers::Declared => "declared",
        };
        let orphans = match self.orphans {
            OrphanPolicy::Stop => "stop",
            OrphanPolicy::Quarantine => "quarantine",
            OrphanPolicy::NotValid => "not-valid",
            OrphanPolicy::Null => "null",
        };
        let incompatible = match self.incompatible {
            Incompatible::Widen => "widen",
            Incompatible::Reject => "reject",
        };
        let nocase = match self.nocase {
            NoCase::Index => "index",
            NoCase::Citext => "citext",
        };
        push(out, format_args!("schema = {}\n", quoted(&conversion.schema)));
        push(
            out,
            format_args!(
                "integers = \"{integers}\" # auto | bigint | declared; for columns without a type below\n"
            ),
        );
        push(
            out,
            format_args!(
                "incompatible = \"{incompatible}\" # widen | reject: values that force a wider type; for columns without a \
                 type below\n"
            ),
        );
        push(out, format_args!("orphans = \"{orphans}\" # stop | quarantine | not-valid | null\n"));
        push(out, format_args!("nocase = \"{nocase}\" # index | citext\n"));
        if !self.only.is_empty() {
            let names: Vec<String> = self.only.iter().map(|name| quoted(name)).collect();
            push(out, format_args!("only = [{}] # no other table is copied\n", names.join(", ")));
        }
        if let Some(assume_utc) = self.assume_utc {
            push(out, format_args!("assume_utc = {assume_utc} # text without a UTC offset is UTC\n"));
        }
        push(out, format_args!("full_text = {} # convert full-text tables to indexes\n", self.full_text));
    }
}

fn write_column(column: &Column, chosen: Option<&ColumnConversion>, out: &mut String) {
    let key = quoted(&column.name);
    let Some(chosen) = chosen else {
        push(out, format_args!("{key} = {{ skip = true }}\n"));
        return;
    };
    push(out, format_args!("{key} = {{ type = {}", quoted(&type_words::name(chosen.target_type))));
    if let Some(form) = type_words::form(chosen.target_type) {
        push(out, format_args!(", form = {}", quoted(form)));
    }
    let on_incompatible = match chosen.on_incompatible {
        OnIncompatible::Reject => None,
        OnIncompatible::Null => Some("null"),
        OnIncompatible::RemoveNul => Some("remove-nul"),
        OnIncompatible::Bytes => Some("bytes"),
    };
    if let Some(on_incompatible) = on_incompatible {
        push(out, format_args!(", misfit = \"{on_incompatible}\""));
    }
    if chosen.reading.rounds {
        out.push_str(", round = true");
    }
    if chosen.target != chosen.source {
        push(out, format_args!(", name = {}", quoted(&chosen.target)));
    }
    push(out, format_args!(" }} # declared {}\n", declared(&column.declared_type)));
}

/// A declared type in a comment: always one line.
fn declared(declared_type: &str) -> String {
    if declared_type.is_empty() {
        return "without a type".to_owned();
    }
    declared_type.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _written = out.write_fmt(text);
}

/// A basic string (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            _ if character.is_control() => push(&mut out, format_args!("\\u{:04X}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
