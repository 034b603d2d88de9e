//! Escapes text for HTML.

use std::fmt;

/// A one-line text that is already shortened, or a text of this program; it is escaped on display, for elements and
/// for attributes in double quotes.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(position) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, special) = rest.split_at(position);
            formatter.write_str(before)?;
            let mut characters = special.chars();
            formatter.write_str(match characters.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => "&#39;",
            })?;
            rest = characters.as_str();
        }
        formatter.write_str(rest)
    }
}

/// A name from the file: isolated from the text direction of its surroundings.
pub(super) struct IsolatedName<'a>(pub(super) &'a str);

impl fmt::Display for IsolatedName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<bdi>{}</bdi>", Escaped(self.0))
    }
}

/// A text of this program: backticks mark code.
pub(super) struct RuleText<'a>(pub(super) &'a str);

impl fmt::Display for RuleText<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, part) in self.0.split('`').enumerate() {
            if number % 2 == 0 {
                write!(formatter, "{}", Escaped(part))?;
            } else {
                write!(formatter, "<code>{}</code>", Escaped(part))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_obeys_is_escaped() {
        let text = "\"><script>alert('1')</script>&amp;";
        let escaped = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;";
        assert_eq!(Escaped(text).to_string(), escaped);
    }

    #[test]
    fn code_spans_become_code_elements() {
        assert_eq!(RuleText("Use `--a <b>` here").to_string(), "Use <code>--a &lt;b&gt;</code> here");
    }
}
