//! Projects, payments, applicants and funding.

mod applicant_embeddings;
mod applicants;
mod investment_valuations;
mod investments;
mod matches;
mod matching;
mod milestones;
mod payments;
mod project_embeddings;
#[expect(clippy::module_inception, reason = "a file per table, and one is named like the module")]
mod projects;

pub use applicant_embeddings::{ApplicantEmbedding, ApplicantEmbeddingChanges, NewApplicantEmbedding};
pub use applicants::{Applicant, ApplicantChanges, NewApplicant};
pub use investment_valuations::{InvestmentValuation, InvestmentValuationChanges, NewInvestmentValuation};
pub use investments::{Investment, InvestmentChanges, NewInvestment};
pub use matches::{Match, MatchChanges, NewMatch};
pub use matching::{
    AmiFit, AmiLimit, Candidate, Location, Offer, Ranked, Ranking, Reason, Score, cosine, distance_km, rank,
    score,
};
pub use milestones::{Milestone, MilestoneChanges, NewMilestone};
pub use payments::{NewPayment, Payment, PaymentChanges};
pub use project_embeddings::{NewProjectEmbedding, ProjectEmbedding, ProjectEmbeddingChanges};
pub use projects::{NewProject, Project, ProjectChanges};
