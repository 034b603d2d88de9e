//! Top-k selection over a stream of candidates, in memory proportional to k.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Candidate, Offer, Score, cosine, score};
use crate::models::ApplicantId;

/// A candidate with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The applicant.
    pub applicant_id: ApplicantId,
    /// The score.
    pub score: Score,
}

/// The best candidates, and the number of excluded ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// Sorted by score, descending, then by key.
    pub best: Vec<Ranked>,
    /// Candidates that are not comparable: another embedding model or length, or a zero vector.
    pub incomparable_count: usize,
    /// Candidates above the income limit.
    pub above_limit_count: usize,
}

/// The best `limit` candidates for an offer.
///
/// # Errors
/// The first error of the iterator.
pub fn rank<E>(
    offer: &Offer,
    candidates: impl IntoIterator<Item = Result<Candidate, E>>,
    limit: usize,
) -> Result<Ranking, E> {
    let mut ranking = Ranking::default();
    let mut kept = BinaryHeap::new();
    for candidate in candidates {
        let candidate = candidate?;
        let Some(ami) = offer.ami_limit.fit(candidate.ami_percent) else {
            ranking.above_limit_count += 1;
            continue;
        };
        let Some(similarity) = similarity(offer, &candidate) else {
            ranking.incomparable_count += 1;
            continue;
        };
        let distance_km = offer.place.zip(candidate.place).map(|(there, here)| there.distance_km(here));
        let score = score(similarity, distance_km, ami);
        kept.push(Kept(Ranked { applicant_id: candidate.applicant_id, score }));
        if kept.len() > limit {
            kept.pop();
        }
    }
    ranking.best = kept.into_sorted_vec().into_iter().map(|Kept(ranked)| ranked).collect();
    Ok(ranking)
}

fn similarity(offer: &Offer, candidate: &Candidate) -> Option<f64> {
    if offer.model != candidate.model {
        return None;
    }
    cosine(offer.embedding.elements(), candidate.embedding.elements())
}

/// Reverse order, so that the heap pops the worst candidate.
struct Kept(Ranked);

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.0, &other.0);
        b.score.score.total_cmp(&a.score.score).then(a.applicant_id.cmp(&b.applicant_id))
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Kept {}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::models::projects::{AmiLimit, Location, Reason};
    use transfer::values::{Json, Real, Text, Vector};

    fn text(text: &str) -> Text {
        Text::new(text).expect("text")
    }

    fn vector(elements: &[f32]) -> Vector {
        Vector::new(elements.to_vec()).expect("elements")
    }

    fn place(latitude: f64, longitude: f64) -> Option<Location> {
        let real = |number| Some(Real::new(number).expect("finite"));
        Location::new(real(latitude), real(longitude))
    }

    fn offer() -> Offer {
        let levels = Json::parse("[30, 60]").expect("JSON");
        Offer {
            model: text("m1"),
            embedding: vector(&[1.0, 0.0]),
            place: place(50.0, 10.0),
            ami_limit: AmiLimit::of_levels(Some(&levels)).expect("levels"),
        }
    }

    fn candidate(id: i64, embedding: &[f32]) -> Candidate {
        Candidate {
            applicant_id: ApplicantId(id),
            model: text("m1"),
            embedding: vector(embedding),
            place: None,
            ami_percent: None,
        }
    }

    fn ranked(candidates: &[Candidate], limit: usize) -> Ranking {
        let candidates = candidates.iter().cloned().map(Ok::<_, Infallible>);
        match rank(&offer(), candidates, limit) {
            Ok(ranking) => ranking,
            Err(never) => match never {},
        }
    }

    fn ids(ranking: &Ranking) -> Vec<i64> {
        ranking.best.iter().map(|ranked| ranked.applicant_id.0).collect()
    }

    #[test]
    fn the_best_come_first_and_equals_by_key() {
        let candidates = [
            candidate(4, &[1.0, 1.0]),
            candidate(9, &[1.0, 0.0]),
            candidate(2, &[2.0, 0.0]),
            candidate(1, &[0.0, 1.0]),
        ];
        assert_eq!(ids(&ranked(&candidates, 9)), [2, 9, 4, 1]);
        assert_eq!(ids(&ranked(&candidates, 2)), [2, 9]);
        assert_eq!(ids(&ranked(&candidates, 0)), [0; 0]);
    }

    #[test]
    fn distance_breaks_ties_of_similarity() {
        let mut candidates = [candidate(1, &[1.0, 0.0]), candidate(2, &[1.0, 0.0])];
        candidates[0].place = place(51.0, 10.0);
        candidates[1].place = place(50.0, 10.0);
        let ranking = ranked(&candidates, 2);
        assert_eq!(ids(&ranking), [2, 1]);
        assert!(ranking.best[0].score.reasons.contains(&Reason::Distance { distance_km: 0.0 }));
        assert!(ranking.best[0].score.reasons.contains(&Reason::AmiUnknown { limit_percent: 60.0 }));
    }

    #[test]
    fn excluded_candidates_are_counted() {
        let mut candidates: Vec<_> = (1..=5).map(|id| candidate(id, &[1.0, 0.0])).collect();
        candidates[0].model = text("m2");
        candidates[1].embedding = vector(&[1.0, 0.0, 0.0]);
        candidates[2].embedding = vector(&[0.0, 0.0]);
        candidates[3].ami_percent = Some(Real::new(60.5).expect("finite"));
        let ranking = ranked(&candidates, 9);
        assert_eq!((ids(&ranking), ranking.incomparable_count, ranking.above_limit_count), (vec![5], 3, 1));
    }

    #[test]
    fn an_error_while_reading_ends_it() {
        let candidates = [Ok(candidate(1, &[1.0, 0.0])), Err("lost")];
        assert_eq!(rank(&offer(), candidates, 9), Err("lost"));
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn the_best_are_the_first_of_all_whatever_their_order(
            elements in proptest::collection::vec((-2_i8..=2, -2_i8..=2), 0..60),
            limit in 0_usize..70,
        ) {
            let mut candidates: Vec<_> = (1..)
                .zip(&elements)
                .map(|(id, (x, y))| candidate(id, &[f32::from(*x), f32::from(*y)]))
                .collect();
            let all = ranked(&candidates, usize::MAX);
            prop_assert_eq!(all.best.len() + all.incomparable_count, candidates.len());
            let in_order = all.best.is_sorted_by(|a, b| {
                let (high, low) = (a.score.score, b.score.score);
                high > low || (high == low && a.applicant_id < b.applicant_id)
            });
            prop_assert!(in_order);
            candidates.reverse();
            let best = ranked(&candidates, limit);
            prop_assert_eq!(&best.best[..], &all.best[..limit.min(all.best.len())]);
        }
    }
}
