//! Matching of applicants and projects, by similarity of embeddings and by distance.
//!
//! Computed here and not in SQL, so that both backends give the same result: scores are rounded, and ties are sorted
//! by the applicants' keys. Income affects only eligibility, through the limits of `ami`.

mod ami;
mod place;
mod rank;
mod similarity;

use super::{Project, ProjectEmbedding};
use crate::models::ApplicantId;
use transfer::values::{InvalidValue, Real, Text, Vector};

pub use ami::{AmiFit, AmiLimit};
pub use place::{Location, distance_km};
pub use rank::{Ranked, Ranking, rank};
pub use similarity::cosine;

const SIMILARITY_WEIGHT: f64 = 0.7;
const NEARNESS_WEIGHT: f64 = 0.3;
/// The distance at which proximity is halved.
const HALF_NEAR_KM: f64 = 25.0;

/// The attributes of a project that are compared.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The embedding model: only embeddings of the same model are comparable.
    pub model: Text,
    /// The embedding of the offer.
    pub embedding: Vector,
    /// Its location, if known.
    pub place: Option<Location>,
    /// Its income limit.
    pub ami_limit: AmiLimit,
}

impl Offer {
    /// The attributes of a project.
    ///
    /// # Errors
    /// When its AMI levels are invalid.
    pub fn new(project: &Project, embedding: ProjectEmbedding) -> Result<Self, InvalidValue> {
        Ok(Self {
            model: embedding.model,
            embedding: embedding.embedding,
            place: Location::new(project.latitude, project.longitude),
            ami_limit: AmiLimit::of_levels(project.ami_levels.as_ref())?,
        })
    }
}

/// The attributes of an applicant that are compared.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The applicant.
    pub applicant_id: ApplicantId,
    /// The embedding model.
    pub model: Text,
    /// The embedding of the preferences.
    pub embedding: Vector,
    /// The location, if known.
    pub place: Option<Location>,
    /// The income in percent of the area median income, if known.
    pub ami_percent: Option<Real>,
}

/// The score of a match with its reasons.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Score {
    /// From 0 to 1, with six digits.
    pub score: f64,
    /// The components of the score.
    pub reasons: Vec<Reason>,
}

/// A component of a score; numbers have at most six digits after the decimal point.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as the variants tell")]
pub enum Reason {
    /// Cosine similarity of the embeddings, from -1 to 1.
    Similarity { similarity: f64 },
    /// Distance between the locations.
    Distance { distance_km: f64 },
    /// A location is unknown: the score is the similarity alone.
    DistanceUnknown,
    /// The income is within the limit of the project.
    WithinAmiLimit { ami_percent: f64, limit_percent: f64 },
    /// The project has a limit, and the income is unknown.
    AmiUnknown { limit_percent: f64 },
}

/// The score for a similarity (see [`cosine`]) and an optional distance. A distance that is not finite counts as
/// unknown, a similarity of NaN as the minimum. Negative similarity counts as zero.
pub fn score(similarity: f64, distance_km: Option<f64>, ami: AmiFit) -> Score {
    let similarity = if similarity.is_nan() { -1.0 } else { similarity.clamp(-1.0, 1.0) };
    let alike = similarity.max(0.0);
    let mut reasons = vec![Reason::Similarity { similarity: rounded(similarity) }];
    let score = match distance_km.filter(|distance| distance.is_finite()) {
        Some(distance) => {
            reasons.push(Reason::Distance { distance_km: rounded(distance) });
            let near = 1.0 / (1.0 + distance.max(0.0) / HALF_NEAR_KM);
            SIMILARITY_WEIGHT * alike + NEARNESS_WEIGHT * near
        }
        None => {
            reasons.push(Reason::DistanceUnknown);
            alike
        }
    };
    match ami {
        AmiFit::NoLimit => {}
        AmiFit::Within { ami_percent, limit_percent } => {
            reasons.push(Reason::WithinAmiLimit { ami_percent, limit_percent });
        }
        AmiFit::Unknown { limit_percent } => reasons.push(Reason::AmiUnknown { limit_percent }),
    }
    Score { score: rounded(score), reasons }
}

/// Rounds to six digits, without a negative zero (IEEE 754, section 6.3: -0.0 + 0.0 is 0.0).
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_score_is_seventy_percent_similarity_and_thirty_percent_proximity() {
        for (similarity, distance, expected) in [
            (1.0, Some(0.0), 1.0),
            (0.5, Some(25.0), 0.5),
            (0.0, Some(0.0), 0.3),
            (-1.0, Some(75.0), 0.075),
            (0.123_456_78, None, 0.123_457),
            (-0.5, None, 0.0),
            (0.8, Some(f64::INFINITY), 0.8),
            (f64::NAN, None, 0.0),
        ] {
            let score = score(similarity, distance, AmiFit::NoLimit).score;
            assert!((score - expected).abs() < 1e-12, "{similarity} {distance:?}: {score}");
        }
    }

    #[test]
    fn reasons_serialize_to_storable_json() {
        let within = AmiFit::Within { ami_percent: 55.5, limit_percent: 60.0 };
        for (distance, ami, expected) in [
            (
                Some(2.5),
                within,
                r#"[{"kind":"similarity","similarity":0},{"distance_km":2.5,"kind":"distance"},{"ami_percent":55.5,"kind":"within_ami_limit","limit_percent":60}]"#,
            ),
            (
                None,
                AmiFit::Unknown { limit_percent: 60.0 },
                r#"[{"kind":"similarity","similarity":0},{"kind":"distance_unknown"},{"kind":"ami_unknown","limit_percent":60}]"#,
            ),
        ] {
            let reasons = serde_json::to_value(score(-1e-9, distance, ami).reasons).expect("JSON");
            let kept = transfer::values::Json::new(reasons).expect("can be kept");
            assert_eq!(kept.text(), expected);
        }
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn the_score_is_between_0_and_1_and_monotonic(
            similarity in -1.0..=1.0, more in 0.0..=1.0, distance in 0.0..20_100.0, nearer in 0.0..=1.0,
        ) {
            let of = |similarity, distance| score(similarity, Some(distance), AmiFit::NoLimit).score;
            let least = of(similarity, distance);
            prop_assert!((0.0..=1.0).contains(&least));
            prop_assert!(of(similarity + more, distance) >= least);
            prop_assert!(of(similarity, distance * nearer) >= least);
        }
    }
}
