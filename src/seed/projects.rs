//! Rows of projects and their milestones, of payments, and of applicants and investments.

use serde_json::json;

use super::context::Context;
use super::plan::TableSeed;
use super::steps::{Seeded, ValueResult};
use super::texts::currency_of;
use super::words::*;
use crate::models::billing::Bill;
use crate::models::projects::{
    Applicant, ApplicantEmbedding, Investment, InvestmentValuation, Match, Milestone, Payment, Project,
    ProjectEmbedding,
};
use crate::models::tenancy::{Organization, User};
use crate::models::{
    ApplicantEmbeddingId, ApplicantId, InvestmentId, InvestmentValuationId, MatchId, MatchStatus,
    MilestoneId, MilestoneStatus, PaymentId, PaymentKind, PaymentStatus, ProjectEmbeddingId, ProjectId,
    ProjectStatus, RiskLevel,
};

impl Seeded for Project {
    const SHARE: u64 = 60;

    fn nth_key(plan: &TableSeed, index: u64) -> ProjectId {
        ProjectId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let organization = cx.home(cx.index());
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            created_at,
            client_user_id: cx.colleague(organization),
            freelancer_user_id: cx.colleague(organization),
            name: cx.text(200, |cx| format!("{} {}", cx.pick(STREETS), cx.pick(CITIES)))?,
            description: cx.maybe(70, Context::prose)?,
            category: cx.maybe(80, |cx| cx.label(100, PROJECT_KINDS))?,
            status: cx.word(ProjectStatus::ALL),
            budget: cx.decimal(100_000..=900_000_000)?,
            currency: cx.currency(organization)?,
            deadline: cx.maybe(70, |cx| cx.day_within(900, created_at))?,
            location: cx.maybe(80, |cx| cx.label(500, CITIES))?,
            address: cx.maybe(60, |cx| cx.text(1_000, Context::address))?,
            latitude: cx.maybe(60, |cx| cx.real(-60.0, 70.0))?,
            longitude: cx.maybe(60, |cx| cx.real(-180.0, 180.0))?,
            total_units: cx.maybe(60, |cx| ValueResult::Ok(cx.int(4..=240)))?,
            affordable_units: cx.maybe(60, |cx| ValueResult::Ok(cx.int(0..=120)))?,
            ami_levels: cx
                .maybe(50, |cx| cx.json(|cx| json!({"30": cx.below(20), "60": cx.below(60), "80": 0.5})))?,
            completion_date: cx.maybe(30, |cx| cx.day_within(1_000, created_at))?,
            updated_at: cx.updated(created_at)?,
        })
    }
}

impl Seeded for Milestone {
    const SHARE: u64 = 180;

    fn nth_key(plan: &TableSeed, index: u64) -> MilestoneId {
        MilestoneId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let status = cx.word(MilestoneStatus::ALL);
        let approved = matches!(status, MilestoneStatus::Approved | MilestoneStatus::Paid);
        let submitted = approved || matches!(status, MilestoneStatus::Submitted | MilestoneStatus::Disputed);
        let position = match cx.index() {
            1 => i32::MIN,
            2 => i32::MAX,
            _ => i32::try_from(cx.earlier::<Project>() + 1).unwrap_or(i32::MAX),
        };
        Ok(Self {
            id: cx.own_key::<Self>(),
            project_id: cx.key::<Project>(cx.parent::<Project>()),
            created_at,
            position,
            title: cx.label(300, SUBJECTS)?,
            description: cx.maybe(50, Context::prose)?,
            amount: cx.decimal(50_000..=90_000_000)?,
            deadline: cx.maybe(70, |cx| cx.day_within(400, created_at))?,
            acceptance_criteria: cx.maybe(40, Context::prose)?,
            status,
            submitted_at: cx.when(submitted, |cx| cx.within(200, created_at))?,
            approved_at: cx.when(approved, |cx| cx.within(220, created_at))?,
            updated_at: cx.updated(created_at)?,
        })
    }
}

/// Of new payments. None is void, so that a seed generates the rows that it did before there were void ones.
const STATUSES: &[PaymentStatus] = &[PaymentStatus::Pending, PaymentStatus::Completed, PaymentStatus::Failed];

impl Seeded for Payment {
    const SHARE: u64 = 250;

    fn nth_key(plan: &TableSeed, index: u64) -> PaymentId {
        PaymentId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let status = cx.word(STATUSES);
        let (bill, milestone) = (cx.any::<Bill>(), cx.any::<Milestone>());
        let for_bill = cx.index().is_multiple_of(2);
        let organization = match for_bill {
            true => cx.home(bill),
            false => cx.home(milestone % cx.count::<Project>().max(1)),
        };
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            bill_id: for_bill.then(|| cx.key::<Bill>(bill)),
            milestone_id: (!for_bill).then(|| cx.key::<Milestone>(milestone)),
            payer_user_id: cx.colleague(organization),
            payee_user_id: cx.colleague(organization),
            kind: cx.word(PaymentKind::ALL),
            method: cx.label(100, METHODS)?,
            amount: cx.positive(100..=5_000_000)?,
            currency: cx.currency(organization)?,
            created_at,
            reference: cx.maybe(60, |cx| cx.text(255, |cx| format!("RF{:010}", cx.below(9_999_999_999))))?,
            status,
            processed_at: cx.when(status != PaymentStatus::Pending, |cx| cx.within(5, created_at))?,
            failure_reason: cx.when(status == PaymentStatus::Failed, Context::prose)?,
        })
    }
}

impl Seeded for Applicant {
    const SHARE: u64 = 120;

    fn nth_key(plan: &TableSeed, index: u64) -> ApplicantId {
        ApplicantId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(cx.home(cx.index())),
            created_at: cx.created::<Self>()?,
            first_name: cx.first_name()?,
            last_name: cx.last_name()?,
            email: cx.email()?,
            phone: cx.maybe(70, Context::phone)?,
            household_size: cx.int(1..=7),
            income: cx.decimal(0..=12_000_000)?,
            ami_percent: cx.maybe(80, |cx| cx.real(10.0, 120.0))?,
            location_preference: cx.maybe(50, |cx| cx.label(500, CITIES))?,
            latitude: cx.maybe(40, |cx| cx.real(-60.0, 70.0))?,
            longitude: cx.maybe(40, |cx| cx.real(-180.0, 180.0))?,
            status: cx.label(50, PERSON_STATES)?,
        })
    }
}

/// The project of an applicant's match number `turn`: a different one each turn, those of the organization first.
fn matched_project(cx: &Context<'_>, organization: u64, turn: u64) -> u64 {
    let (organizations, projects) = (cx.count::<Organization>().max(1), cx.count::<Project>());
    let own = projects.saturating_sub(organization).div_ceil(organizations);
    let Some(turn) = turn.checked_sub(own) else {
        return organization + turn * organizations;
    };
    let others = organizations.saturating_sub(1).max(1);
    let (round, place) = (turn / others, turn % others);
    round * organizations + if place < organization { place } else { place + 1 }
}

impl Seeded for Match {
    // Less than that of applicants: there are enough of them.
    const SHARE: u64 = 110;

    fn nth_key(plan: &TableSeed, index: u64) -> MatchId {
        MatchId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        // Up to four projects are proposed to some of the applicants, none to the others.
        let projects_each = cx.count::<Project>().clamp(1, 4);
        let matched = cx.count::<Self>().div_ceil(projects_each).max(1);
        let (applicant, turn) = (cx.index() % matched, cx.index() / matched);
        let organization = cx.home(applicant);
        let project = matched_project(cx, organization, turn);
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            applicant_id: cx.key::<Applicant>(applicant),
            project_id: cx.key::<Project>(project),
            created_at,
            similarity_score: cx.real(0.0, 1.0)?,
            reasons: cx.json(|cx| json!([cx.pick(SENTENCES), {"distance_km": cx.below(60)}]))?,
            status: cx.word(MatchStatus::ALL),
            updated_at: cx.updated(created_at)?,
        })
    }
}

impl Seeded for Investment {
    const SHARE: u64 = 60;

    fn nth_key(plan: &TableSeed, index: u64) -> InvestmentId {
        InvestmentId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        let user = cx.any::<User>();
        let organization = cx.home(user);
        let project = cx.any_at::<Project>(organization);
        Ok(Self {
            id: cx.own_key::<Self>(),
            organization_id: cx.key::<Organization>(organization),
            user_id: cx.key::<User>(user),
            invested_on: cx.day_within(-30, created_at)?,
            created_at,
            project_id: project.map(|project| cx.key::<Project>(project)),
            amount: cx.decimal(1_000_000..=900_000_000)?,
            current_value: cx.maybe(70, |cx| cx.decimal(900_000..=1_100_000_000))?,
            expected_completion_on: cx.maybe(70, |cx| cx.day_within(2_000, created_at))?,
            completed_on: cx.maybe(20, |cx| cx.day_within(1_800, created_at))?,
            status: cx.label(50, INVESTMENT_STATES)?,
            ami_compliance: cx.maybe(60, |cx| cx.real(0.0, 1.0))?,
            units_funded: cx.maybe(60, |cx| ValueResult::Ok(cx.int(1..=80)))?,
            risk_level: cx.word(RiskLevel::ALL),
            notes: cx.maybe(30, Context::prose)?,
            updated_at: cx.updated(created_at)?,
            currency: currency_of(organization)?,
        })
    }
}

impl Seeded for InvestmentValuation {
    const SHARE: u64 = 120;

    fn nth_key(plan: &TableSeed, index: u64) -> InvestmentValuationId {
        InvestmentValuationId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            investment_id: cx.key::<Investment>(cx.parent::<Investment>()),
            valued_on: cx.day_within(-10, created_at)?,
            created_at,
            value: cx.decimal(900_000..=1_100_000_000)?,
            method: cx.maybe(80, |cx| cx.label(100, APPRAISALS))?,
            notes: cx.maybe(30, Context::prose)?,
        })
    }
}

impl Seeded for ApplicantEmbedding {
    // Less than that of applicants, each of which has one at most.
    const SHARE: u64 = 80;

    fn nth_key(plan: &TableSeed, index: u64) -> ApplicantEmbeddingId {
        ApplicantEmbeddingId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            applicant_id: cx.key::<Applicant>(cx.index()),
            created_at,
            model: cx.label(200, MODELS)?,
            embedding: cx.vector()?,
            preferences_text: cx.prose()?,
            updated_at: cx.updated(created_at)?,
        })
    }
}

impl Seeded for ProjectEmbedding {
    // Less than that of projects, each of which has one at most.
    const SHARE: u64 = 40;

    fn nth_key(plan: &TableSeed, index: u64) -> ProjectEmbeddingId {
        ProjectEmbeddingId(plan.integer(index))
    }

    fn row(cx: &mut Context<'_>) -> ValueResult<Self> {
        let created_at = cx.created::<Self>()?;
        Ok(Self {
            id: cx.own_key::<Self>(),
            project_id: cx.key::<Project>(cx.index()),
            created_at,
            model: cx.label(200, MODELS)?,
            embedding: cx.vector()?,
            description_text: cx.prose()?,
            updated_at: cx.updated(created_at)?,
        })
    }
}
