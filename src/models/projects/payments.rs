//! Payments of bills and milestones.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{
    BillId, Currency, MilestoneId, OrganizationId, PaymentId, PaymentKind, PaymentStatus, ProjectId, UserId,
};
use crate::schema::{milestones, payments};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Money, Text};

record! {
    /// A payment of a bill or a milestone.
    payments: Payment, NewPayment, PaymentChanges;
    key generated id: PaymentId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        status: PaymentStatus,
        bill_id: BillId,
        milestone_id: MilestoneId,
        payer_user_id: UserId,
        payee_user_id: UserId,
    }
    fixed {
        organization_id: OrganizationId,
        bill_id: Option<BillId>,
        milestone_id: Option<MilestoneId>,
        payer_user_id: Option<UserId>,
        payee_user_id: Option<UserId>,
        kind: PaymentKind,
        method: Text,
        amount: Money,
        currency: Currency,
        created_at: Instant,
    }
    changing {
        reference: Option<Text>,
        status: PaymentStatus,
        processed_at: Option<Instant>,
        failure_reason: Option<Text>,
    }
}

impl Payment {
    /// Whether a bill has payments, in any state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn exist_of_bill(connection: &mut AnyConnection, bill: BillId) -> QueryResult<bool> {
        let first = payments::table.filter(payments::bill_id.eq(bill)).select(payments::id);
        Ok(first.first::<PaymentId>(connection).optional()?.is_some())
    }

    /// Whether a milestone has payments, in any state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn exist_of_milestone(connection: &mut AnyConnection, milestone: MilestoneId) -> QueryResult<bool> {
        let first = payments::table.filter(payments::milestone_id.eq(milestone)).select(payments::id);
        Ok(first.first::<PaymentId>(connection).optional()?.is_some())
    }

    /// Whether a milestone of a project has payments, in any state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn exist_of_project(connection: &mut AnyConnection, project: ProjectId) -> QueryResult<bool> {
        let first = payments::table
            .inner_join(milestones::table.on(payments::milestone_id.eq(milestones::id.nullable())))
            .filter(milestones::project_id.eq(project))
            .select(payments::id);
        Ok(first.first::<PaymentId>(connection).optional()?.is_some())
    }
}
