//! LIKE and GLOB. LIKE ignores the case of ASCII letters only, and has no escape character unless one is given; GLOB
//! becomes a regular expression, which requires a literal pattern.

use sqlite3_parser::ast::{Expr, LikeOperator};

use super::convert;
use super::error::Untranslatable;
use super::quoting::quote_text;
use super::translator::{LikeAs, Translator};
use super::typed::{Family, Level, Typed};

/// `left LIKE right ESCAPE escape`.
pub(super) fn like(
    translator: &Translator<'_>,
    left: &Expr,
    not: bool,
    operator: LikeOperator,
    right: &Expr,
    escape: Option<&Expr>,
) -> Result<Typed, Untranslatable> {
    match operator {
        LikeOperator::Regexp => {
            return Err(Untranslatable::operator("REGEXP", "the application defines it"));
        }
        LikeOperator::Match => {
            return Err(Untranslatable::operator("MATCH", "it is for full-text tables only"));
        }
        LikeOperator::Like | LikeOperator::Glob => {}
    }
    let left = without_collation(translator.translate(left)?);
    let right = without_collation(translator.translate(right)?);
    if operator == LikeOperator::Glob {
        return glob(translator, &left, not, &right, escape);
    }
    if left.family == Family::JsonScalar && !translator.names.may_assume() {
        return Err(Untranslatable::operator("LIKE", "the text form of a JSON number differs in SQLite"));
    }
    let (left, right) = (convert::text(translator, &left)?, convert::text(translator, &right)?);
    let escape = match escape {
        None => String::new(),
        Some(escape) => escape_character(translator, escape)?,
    };
    let pattern = right.text_value();
    if let (Some(pattern), Some(character)) = (pattern, escape.chars().next())
        && ends_in_escape(pattern, character)
    {
        return Err(Untranslatable::operator("LIKE", "its pattern ends in the escape character"));
    }
    let word = if not { "NOT " } else { "" };
    let escape = quote_text(&escape);
    if translator.like == LikeAs::Ilike {
        let sql =
            format!("{} {word}ILIKE {} ESCAPE {escape}", left.above(Level::Like), right.above(Level::Like));
        return Ok(Typed::truth(sql, Level::Like));
    }
    let (value, pattern) = match pattern {
        Some(text) if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) => {
            (left.above(Level::Like), right.above(Level::Like))
        }
        Some(text) => (lowered(&left), quote_text(&text.to_ascii_lowercase())),
        None => (lowered(&left), lowered(&right)),
    };
    Ok(Typed::truth(format!("{value} {word}LIKE {pattern} ESCAPE {escape}"), Level::Like))
}

/// LIKE and GLOB ignore collations.
fn without_collation(typed: Typed) -> Typed {
    Typed { collating: super::typed::Collating::None, ..typed }
}

fn lowered(typed: &Typed) -> String {
    let sql = typed.at(Level::Collate);
    if sql.ends_with("COLLATE \"C\"") {
        format!("lower({sql})")
    } else {
        format!("lower({sql} COLLATE \"C\")")
    }
}

fn escape_character(translator: &Translator<'_>, escape: &Expr) -> Result<String, Untranslatable> {
    let typed = translator.translate(escape)?;
    let is_one =
        |text: &str| text.chars().count() == 1 && !text.bytes().any(|byte| byte.is_ascii_alphabetic());
    match typed.text_value() {
        // `%` and `_` as escape characters lose their other meaning in both, but not in the same way.
        Some(text) if is_one(text) && text != "%" && text != "_" => Ok(text.to_owned()),
        _ => Err(Untranslatable::operator(
            "LIKE",
            "ESCAPE is supported with a literal other than a letter, % or _",
        )),
    }
}

fn ends_in_escape(pattern: &str, escape: char) -> bool {
    let mut is_escaped = false;
    for character in pattern.chars() {
        is_escaped = !is_escaped && character == escape;
    }
    is_escaped
}

fn glob(
    translator: &Translator<'_>,
    left: &Typed,
    not: bool,
    right: &Typed,
    escape: Option<&Expr>,
) -> Result<Typed, Untranslatable> {
    if escape.is_some() {
        return Err(Untranslatable::operator("GLOB", "with ESCAPE, SQLite rejects it too"));
    }
    let Some(pattern) = right.text_value() else {
        return Err(Untranslatable::operator(
            "GLOB",
            "only a literal pattern can be converted to a regular expression",
        ));
    };
    let expression = regular_expression(pattern)?;
    let left = convert::text(translator, left)?;
    let sign = if not { "!~" } else { "~" };
    let value = left.at(Level::Collate);
    let value = if left.level == Level::Collate { value } else { format!("{value} COLLATE \"C\"") };
    Ok(Typed::truth(format!("{value} {sign} {}", quote_text(&expression)), Level::Other))
}

/// The meaning of SQLite's GLOB, as a regular expression of PostgreSQL (manual, section 9.7.3).
fn regular_expression(pattern: &str) -> Result<String, Untranslatable> {
    let mut out = "^".to_owned();
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            '[' => class(&mut rest, &mut out)?,
            other => push_escaped(other, &mut out),
        }
    }
    out.push('$');
    Ok(out)
}

fn class(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    out: &mut String,
) -> Result<(), Untranslatable> {
    let unclear =
        || Untranslatable::operator("GLOB", "a bracket of its pattern is not closed or a range is reversed");
    out.push('[');
    if rest.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    if rest.next_if_eq(&']').is_some() {
        out.push_str("\\]");
    }
    let mut start: Option<char> = None;
    loop {
        let character = rest.next().ok_or_else(unclear)?;
        match (character, start, rest.peek().copied()) {
            (']', ..) => break,
            ('-', Some(first), Some(last)) if last != ']' => {
                rest.next();
                if last < first {
                    return Err(unclear());
                }
                out.push('-');
                push_escaped(last, out);
                // After a range SQLite treats a hyphen as a literal.
                start = None;
            }
            (other, ..) => {
                push_escaped(other, out);
                start = Some(other);
            }
        }
    }
    out.push(']');
    Ok(())
}

fn push_escaped(character: char, out: &mut String) {
    if character.is_ascii_punctuation() && character != '_' {
        out.push('\\');
    }
    out.push(character);
}
