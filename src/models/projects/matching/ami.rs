//! Income limits of projects, in percent of the area median income (AMI).
//!
//! Each level is a maximum percentage for some of the homes, so the highest level decides. Availability per level is
//! not considered. An applicant with unknown income is not excluded: a match is a proposal, and its reasons show what
//! is missing.

use serde_json::Value;

use transfer::values::{InvalidValue, Json, Real};

/// The highest level of a project, if it has levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AmiLimit(Option<f64>);

/// The relation of an applicant to the limit of a project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AmiFit {
    /// The project has no limit.
    NoLimit,
    /// The income is at or below the limit.
    Within {
        /// The income of the applicant.
        ami_percent: f64,
        /// The limit of the project.
        limit_percent: f64,
    },
    /// The project has a limit, and the income is unknown.
    Unknown {
        /// The limit of the project.
        limit_percent: f64,
    },
}

impl AmiLimit {
    /// Parses the levels of a project: an array, `[30, 60]`, or the keys of an object, `{"30": 12, "60": 40}`. A
    /// missing value, null and an empty list mean no limit.
    ///
    /// # Errors
    /// When the value has another form, or a level is not a non-negative number.
    pub fn of_levels(levels: Option<&Json>) -> Result<Self, InvalidValue> {
        let wrong = || {
            InvalidValue::new(
                "AMI levels must be an array of percentages, or an object with percentages as keys",
            )
        };
        let levels: Vec<Option<f64>> = match levels.map(Json::value).transpose()? {
            None | Some(Value::Null) => return Ok(Self(None)),
            Some(Value::Array(levels)) => levels.iter().map(Value::as_f64).collect(),
            Some(Value::Object(levels)) => levels.keys().map(|level| level.parse().ok()).collect(),
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_)) => return Err(wrong()),
        };
        let levels = levels
            .into_iter()
            .map(|level| level.filter(|level| level.is_finite() && *level >= 0.0).ok_or_else(wrong))
            .collect::<Result<Vec<f64>, _>>()?;
        Ok(Self(levels.into_iter().reduce(f64::max)))
    }

    /// The relation of an applicant to the limit; `None` above it.
    pub fn fit(self, ami_percent: Option<Real>) -> Option<AmiFit> {
        match (self.0, ami_percent.map(Real::get)) {
            (None, _) => Some(AmiFit::NoLimit),
            (Some(limit_percent), None) => Some(AmiFit::Unknown { limit_percent }),
            (Some(limit_percent), Some(ami_percent)) => {
                (ami_percent <= limit_percent).then_some(AmiFit::Within { ami_percent, limit_percent })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(levels: &str) -> Result<AmiLimit, InvalidValue> {
        AmiLimit::of_levels(Some(&Json::parse(levels).expect("JSON")))
    }

    #[test]
    fn the_highest_level_is_the_limit() {
        for levels in ["[30, 80, 60.5]", r#"{"30": 12, "80": 0, "60.5": null}"#, "[8e1]"] {
            assert_eq!(limit(levels), Ok(AmiLimit(Some(80.0))), "{levels}");
        }
        for levels in ["[]", "{}", "null"] {
            assert_eq!(limit(levels), Ok(AmiLimit(None)), "{levels}");
        }
        assert_eq!(AmiLimit::of_levels(None), Ok(AmiLimit(None)));
    }

    #[test]
    fn invalid_levels_are_rejected() {
        for levels in [
            "60",
            "true",
            r#""60""#,
            r#"["60"]"#,
            "[-1]",
            r#"{"low": 1}"#,
            r#"{"inf": 1}"#,
            "[[60]]",
            "[1e400]",
        ] {
            assert!(limit(levels).is_err(), "{levels}");
        }
    }

    #[test]
    fn only_a_percentage_known_to_be_higher_is_above() {
        let limit = limit("[60]").expect("levels");
        let percent = |number| Some(Real::new(number).expect("finite"));
        let within = AmiFit::Within { ami_percent: 60.0, limit_percent: 60.0 };
        assert_eq!(limit.fit(percent(60.0)), Some(within));
        assert_eq!(limit.fit(percent(60.1)), None);
        assert_eq!(limit.fit(None), Some(AmiFit::Unknown { limit_percent: 60.0 }));
        assert_eq!(AmiLimit(None).fit(percent(500.0)), Some(AmiFit::NoLimit));
    }
}
