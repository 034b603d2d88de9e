//! `/api/projects/{id}/milestones`: separately paid parts of a project.

use chrono::NaiveDate;

use super::ledger::check_amount;
use crate::models::Record as _;
use crate::models::projects::{Milestone, MilestoneChanges, NewMilestone, NewPayment, Payment, Project};
use crate::models::{Limit, MilestoneStatus, PaymentKind, PaymentStatus, ProjectId, Role};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::{GivenFields, Shape};
use crate::server::problem::{Code, HandlerError, Problem};
use crate::server::resource::{Done, Parent, ResourceAction, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Text};

const AMOUNT: Limit = 1..=Money::MAX.units();

resource! {
    /// A separately paid part of a project: submitted by the freelancer, approved by the client, then paid.
    Milestone, "milestone" at "milestones", Milestones;
    collections [Parent::of::<ProjectId>("projects", "project", "project_id")];
    actions [SUBMIT, APPROVE, RELEASE];
    new |at| NewMilestone {
        project_id: ProjectId,
        position: i32 [0..=2_147_483_647],
        title: Text [1..=300],
        description: Option<Text> [0..=20_000],
        amount: Money [AMOUNT],
        deadline: Option<NaiveDate>,
        acceptance_criteria: Option<Text> [0..=20_000],
    } with {
        created_at: at.now,
        status: MilestoneStatus::Pending,
        submitted_at: None,
        approved_at: None,
        updated_at: at.now,
    }
    changes |at| MilestoneChanges {
        position: i32 [0..=2_147_483_647],
        title: Text [1..=300],
        description: Option<Text> [0..=20_000],
        amount: Money [AMOUNT],
        deadline: Option<NaiveDate>,
        acceptance_criteria: Option<Text> [0..=20_000],
        status: MilestoneStatus,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        const AUDITED: &'static [&'static str] = &["amount", "status"];

        fn before_create(
            new: &mut NewMilestone,
            _given: &GivenFields,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            check_amount("amount", new.amount, &project_of(connection, new.project_id)?.currency)
        }

        fn before_update(
            &self,
            changes: &mut MilestoneChanges,
            at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let is_freelancer = at.caller.role == Role::Freelancer;
            let terms = [
                changes.position.is_some(),
                changes.title.is_some(),
                changes.amount.is_some(),
                changes.deadline.is_some(),
                changes.acceptance_criteria.is_some(),
            ];
            if is_freelancer && terms.contains(&true) {
                let detail = "a freelancer may change only description and status";
                return Err(Problem::new(Code::Forbidden, detail).into());
            }
            if self.status == MilestoneStatus::Paid {
                return Err(HandlerError::wrong_state("the milestone is paid"));
            }
            if let Some(amount) = changes.amount.filter(|amount| *amount != self.amount) {
                check(self, &[MilestoneStatus::Pending, MilestoneStatus::InProgress])?;
                check_amount("amount", amount, &project_of(connection, self.project_id)?.currency)?;
            }
            let Some(status) = changes.status.filter(|status| *status != self.status) else {
                return Ok(());
            };
            let open = [MilestoneStatus::Pending, MilestoneStatus::InProgress];
            match status {
                MilestoneStatus::Pending | MilestoneStatus::InProgress if is_freelancer => check(self, &open),
                MilestoneStatus::Pending | MilestoneStatus::InProgress => {
                    check(self, &[MilestoneStatus::Submitted, MilestoneStatus::Disputed, open[0], open[1]])
                }
                MilestoneStatus::Disputed if is_freelancer => {
                    Err(Problem::new(Code::Forbidden, "only the organization may dispute a milestone").into())
                }
                MilestoneStatus::Disputed => {
                    changes.approved_at = Some(None);
                    check(self, &[MilestoneStatus::Submitted, MilestoneStatus::Approved])
                }
                MilestoneStatus::Submitted | MilestoneStatus::Approved | MilestoneStatus::Paid => Err(
                    Problem::field("status", "not_taken", "use the actions submit, approve and release").into(),
                ),
            }
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            check(self, &[MilestoneStatus::Pending, MilestoneStatus::InProgress, MilestoneStatus::Disputed])?;
            if Payment::exist_of_milestone(connection, self.id)? {
                return Err(Problem::new(Code::InUse, "the milestone has payments, which are kept").into());
            }
            Milestone::delete(connection, self.id)?;
            Ok(())
        }
    }
}

/// The project, locked: its currency does not change while a milestone or a payment gets an amount.
pub(super) fn project_of(
    connection: &mut AnyConnection,
    project: ProjectId,
) -> Result<Project, HandlerError> {
    Ok(Project::lock(connection, project)?.ok_or_else(|| Problem::not_found("project"))?)
}

fn check(milestone: &Milestone, expected: &[MilestoneStatus]) -> Result<(), HandlerError> {
    match expected.contains(&milestone.status) {
        true => Ok(()),
        false => Err(HandlerError::wrong_state(format!("the milestone is {}", milestone.status.as_str()))),
    }
}

fn update(
    connection: &mut AnyConnection,
    milestone: &Milestone,
    changes: &MilestoneChanges,
) -> Result<Done<Milestone>, HandlerError> {
    let row = Milestone::update(connection, milestone.id, changes)?;
    Ok(Done::Row(row.ok_or_else(|| Problem::not_found("milestone"))?))
}

const SUBMIT: ResourceAction<Milestone> = ResourceAction {
    name: "submit",
    done: "submitted",
    about: "Submit a completed milestone",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, milestone, fields| {
        fields.finish()?;
        check(
            &milestone,
            &[MilestoneStatus::Pending, MilestoneStatus::InProgress, MilestoneStatus::Disputed],
        )?;
        let changes = MilestoneChanges {
            status: Some(MilestoneStatus::Submitted),
            submitted_at: Some(Some(at.now)),
            updated_at: Some(at.now),
            ..MilestoneChanges::default()
        };
        update(connection, &milestone, &changes)
    },
};

const APPROVE: ResourceAction<Milestone> = ResourceAction {
    name: "approve",
    done: "approved",
    about: "Approve a submitted milestone",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, milestone, fields| {
        fields.finish()?;
        check(&milestone, &[MilestoneStatus::Submitted])?;
        let changes = MilestoneChanges {
            status: Some(MilestoneStatus::Approved),
            approved_at: Some(Some(at.now)),
            updated_at: Some(at.now),
            ..MilestoneChanges::default()
        };
        update(connection, &milestone, &changes)
    },
};

const RELEASE: ResourceAction<Milestone> = ResourceAction {
    name: "release",
    done: "released",
    about: "Release the payment of an approved milestone, from the client to the freelancer",
    shapes: || {
        vec![
            Shape::of::<Text>("method", Some(1..=100), Some("transfer".into())),
            Shape::of::<Option<Text>>("reference", Some(1..=255), None),
        ]
    },
    answer: None,
    run: |connection, at, milestone, mut fields| {
        let method: Option<Text> = fields.change("method", Some(1..=100));
        let reference: Option<Option<Text>> = fields.required("reference", Some(1..=255));
        fields.finish()?;
        check(&milestone, &[MilestoneStatus::Approved])?;
        let project = project_of(connection, milestone.project_id)?;
        if project.freelancer_user_id.is_none() {
            return Err(HandlerError::wrong_state("the project has no freelancer to pay"));
        }
        let new = NewPayment {
            organization_id: project.organization_id,
            bill_id: None,
            milestone_id: Some(milestone.id),
            payer_user_id: project.client_user_id,
            payee_user_id: project.freelancer_user_id,
            kind: PaymentKind::Release,
            method: method.map_or_else(|| Text::new("transfer"), Ok)?,
            amount: milestone.amount,
            currency: project.currency,
            created_at: at.now,
            reference: reference.flatten(),
            status: PaymentStatus::Completed,
            processed_at: Some(at.now),
            failure_reason: None,
        };
        let payment = Payment::insert(connection, &new)?;
        record_change(connection, at, RowChange::Created(&payment), "created", &[])?;
        let changes = MilestoneChanges {
            status: Some(MilestoneStatus::Paid),
            updated_at: Some(at.now),
            ..MilestoneChanges::default()
        };
        update(connection, &milestone, &changes)
    },
};
