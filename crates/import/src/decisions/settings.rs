//! Single settings, each a line as in the configuration file, over those of the file.

use super::{Decisions, DecisionsError};

impl Decisions {
    /// Parses the text of the file, and the settings that override it: each is one line as in the file, such as
    /// `tables.orders.columns.created.form = "iso-utc"`.
    ///
    /// # Errors
    /// When the file or a setting is not TOML, or contains an unknown key.
    pub fn parse_with(text: &str, settings: &[String]) -> Result<Self, DecisionsError> {
        let decisions = Self::parse(text)?;
        if settings.is_empty() {
            return Ok(decisions);
        }
        let mut all: toml::Table = read(text)?;
        for setting in settings {
            let refused =
                |source| DecisionsError::Setting { setting: setting.clone(), source: Box::new(source) };
            // Each alone, so that an error is that of its setting.
            toml::from_str::<Self>(setting).map_err(refused)?;
            merge(&mut all, toml::from_str(setting).map_err(refused)?);
        }
        // Together they may contradict each other, such as a type and a form that it does not have.
        let source = settings.join(", ");
        all.try_into().map_err(|error| DecisionsError::Setting { setting: source, source: Box::new(error) })
    }
}

fn read(text: &str) -> Result<toml::Table, DecisionsError> {
    toml::from_str(text).map_err(|source| DecisionsError::Read { line: 1, source: Box::new(source) })
}

/// The values of `over` take the place of those in `table`, key by key.
fn merge(table: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (table.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => merge(inner, value),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decisions::Integers;
    use crate::types::{InstantForm, TargetType};

    #[test]
    fn a_setting_overrides_the_file_and_keeps_what_it_does_not_name() {
        let file = "integers = 'bigint'\n[tables.t.columns]\na = { type = 'timestamptz', misfit = 'null' }";
        let settings = ["tables.t.columns.a.form = 'iso-utc'", "assume_utc = true", "only = ['t']"];
        let decisions = Decisions::parse_with(file, &settings.map(str::to_owned)).expect("decisions");
        assert_eq!((decisions.integers, decisions.assume_utc), (Integers::Bigint, Some(true)));
        let column = decisions.column("t", "a").expect("a decision");
        assert_eq!(column.types, [TargetType::TimestampTz(InstantForm::IsoUtc)]);
        assert!(column.on_incompatible.is_some());
    }

    #[test]
    fn a_setting_that_is_wrong_is_named() {
        for setting in ["assume_utc", "bogus = 1", "tables.t.columns.a.form = 'weeks'"] {
            let error = Decisions::parse_with("", &[setting.to_owned()]).expect_err("refused");
            assert_eq!(error.to_string(), format!("parse the setting `{setting}`"));
        }
        let text = ["tables.t.columns.a.type = 'text'", "tables.t.columns.a.form = 'iso'"].map(str::to_owned);
        assert!(Decisions::parse_with("", &text).is_err());
    }
}
