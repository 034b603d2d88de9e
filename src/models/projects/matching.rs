//! Which applicants suit a project: how alike their embeddings are, and how near they are.
//!
//! Computed here and not by a database, so that both backends give the same: scores are rounded, and equal scores
//! are in the order of the applicants' keys. Income has no part in it beyond the limits of `ami`.

mod ami;
mod place;
mod rank;
mod similarity;

use super::{Applicant, ApplicantEmbedding, Project, ProjectEmbedding};
use crate::models::ApplicantId;
use transfer::values::{InvalidValue, Real, Text, Vector};

pub use ami::{AmiFit, AmiLimit};
pub use place::{Location, distance_km};
pub use rank::{Ranked, Ranking, rank};
pub use similarity::cosine;

const SIMILARITY_WEIGHT: f64 = 0.7;
const NEARNESS_WEIGHT: f64 = 0.3;
/// At this distance a place is half as near as next door.
const HALF_NEAR_KM: f64 = 25.0;

/// What a project offers, as far as it is compared.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What made the embedding: only embeddings of the same model can be compared.
    pub model: Text,
    /// What it offers.
    pub embedding: Vector,
    /// Where it is, if that is known.
    pub place: Option<Location>,
    /// Whom it takes.
    pub ami_limit: AmiLimit,
}

impl Offer {
    /// What this project offers.
    ///
    /// # Errors
    /// When its AMI levels cannot be understood.
    pub fn new(project: &Project, embedding: ProjectEmbedding) -> Result<Self, InvalidValue> {
        Ok(Self {
            model: embedding.model,
            embedding: embedding.embedding,
            place: Location::new(project.latitude, project.longitude),
            ami_limit: AmiLimit::of_levels(project.ami_levels.as_ref())?,
        })
    }
}

/// An applicant, as far as it is compared.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who it is.
    pub applicant_id: ApplicantId,
    /// What made the embedding.
    pub model: Text,
    /// What the applicant prefers.
    pub embedding: Vector,
    /// Where the applicant is, if that is known.
    pub place: Option<Location>,
    /// The income in percent of the area's median, if that is known.
    pub ami_percent: Option<Real>,
}

impl Candidate {
    /// This applicant.
    pub fn new(applicant: &Applicant, embedding: ApplicantEmbedding) -> Self {
        Self {
            applicant_id: applicant.id,
            model: embedding.model,
            embedding: embedding.embedding,
            place: Location::new(applicant.latitude, applicant.longitude),
            ami_percent: applicant.ami_percent,
        }
    }
}

/// How well an applicant and a project suit each other, and why.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Score {
    /// From 0 to 1, to six digits.
    pub score: f64,
    /// What it was made of.
    pub reasons: Vec<Reason>,
}

/// One thing that speaks for or against a match; numbers have at most six digits after the point.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as the variants tell")]
pub enum Reason {
    /// How alike the embeddings are, from -1 to 1.
    Similarity { similarity: f64 },
    /// How far apart they are.
    Distance { distance_km: f64 },
    /// Where one of them is, is not known: similarity alone decided.
    DistanceUnknown,
    /// The applicant's income is within the project's limit.
    WithinAmiLimit { ami_percent: f64, limit_percent: f64 },
    /// The project has a limit, and the applicant's income is not known.
    AmiUnknown { limit_percent: f64 },
}

/// The score of a similarity (as [`cosine`] has it) and a distance, if that is known; a distance that is not finite
/// is not known, a similarity that is no number is the least. What points apart is no more alike than what has
/// nothing in common.
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

/// To six digits after the point, and without a negative zero (IEEE 754, section 6.3: -0.0 + 0.0 is 0.0).
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn similarity_weighs_seven_tenths_and_nearness_three() {
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
    fn reasons_are_json_that_can_be_kept() {
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
            assert_eq!(kept.value().to_string(), expected);
        }
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn is_from_0_to_1_and_no_less_for_what_is_nearer_or_more_alike(
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
