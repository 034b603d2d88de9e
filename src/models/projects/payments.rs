//! Payments of bills and milestones.

use crate::models::record;
use crate::models::{BillId, MilestoneId, OrganizationId, PaymentId, PaymentKind, PaymentStatus, UserId};
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
