//! Who may live in a project: limits of income, in percent of the area's median (AMI).
//!
//! Each level is the highest percentage that homes of this level are let to, so the highest of all levels decides.
//! Which level has homes left is not looked at. An applicant whose percentage is not known is not turned away: a
//! match is a proposal, and its reasons say what has to be found out.

use serde_json::Value;

use transfer::values::{InvalidValue, Json, Real};

/// The highest percentage a project takes, if it names any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AmiLimit(Option<f64>);

/// How an applicant who is not above a project's limit stands to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AmiFit {
    /// The project takes everybody.
    NoLimit,
    /// The percentage is not higher than the limit.
    Within {
        /// That of the applicant.
        ami_percent: f64,
        /// The project's highest.
        limit_percent: f64,
    },
    /// The project has a limit, and the applicant's percentage is not known.
    Unknown {
        /// The project's highest.
        limit_percent: f64,
    },
}

impl AmiLimit {
    /// Reads a project's levels: an array of them, `[30, 60]`, or an object that has them as keys, `{"30": 12,
    /// "60": 40}`, whatever its values are. Nothing, null and no level at all are no limit.
    ///
    /// # Errors
    /// When it is anything else, or a level is not a number from 0 on.
    pub fn of_levels(levels: Option<&Json>) -> Result<Self, InvalidValue> {
        let wrong = || {
            InvalidValue::new(
                "AMI levels must be an array of percentages, or an object with percentages as keys",
            )
        };
        let levels: Vec<Option<f64>> = match levels.map(Json::value) {
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

    /// How an applicant of this percentage stands to it; `None` above it.
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
    fn other_levels_are_refused() {
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
