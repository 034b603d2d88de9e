//! Payments of bills and milestones.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{BillId, MilestoneId, OrganizationId, PaymentId, PaymentKind, PaymentStatus, UserId};
use crate::schema::payments;
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
        currency: Text,
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
    /// The completed payments of a milestone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn completed_of_milestone(
        connection: &mut AnyConnection,
        milestone: MilestoneId,
    ) -> QueryResult<Vec<Self>> {
        let payments = payments::table
            .filter(payments::milestone_id.eq(milestone))
            .filter(payments::status.eq(PaymentStatus::Completed))
            .order(payments::id);
        payments.select(Self::as_select()).load(connection)
    }
}
