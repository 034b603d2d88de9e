//! Money that moves for a bill or a milestone.

use crate::models::record;
use crate::values::{
    BillId, Instant, MilestoneId, Money, OrganizationId, PaymentId, PaymentKind, PaymentStatus, Text, UserId,
};

record! {
    /// Money that moves for a bill or a milestone.
    payments: Payment, NewPayment, PaymentChanges;
    key generated id: PaymentId;
    owner organization_id: OrganizationId;
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
