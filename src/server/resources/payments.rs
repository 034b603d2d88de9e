//! `/api/payments`: payments of bills and milestones.

use diesel::QueryResult;

use crate::models::Record as _;
use crate::models::billing::Bill;
use crate::models::projects::{NewPayment, Payment, PaymentChanges};
use crate::models::{BillId, MilestoneId, PaymentKind, PaymentStatus, Role, UserId};
use crate::server::audit::record_change;
use crate::server::caller::At;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Parent, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Text};

resource! {
    /// A payment of either a bill or a milestone. It is pending until it is completed or has failed.
    Payment, "payment" at "payments", Payments;
    collections [
        Collection::Organization,
        Parent::of::<BillId>("bills", "bill", "bill_id"),
        Parent::of::<MilestoneId>("milestones", "milestone", "milestone_id"),
    ];
    new |at| NewPayment {
        bill_id: Option<BillId>,
        milestone_id: Option<MilestoneId>,
        payer_user_id: Option<UserId>,
        payee_user_id: Option<UserId>,
        kind: PaymentKind,
        method: Text [1..=100],
        amount: Money [1..=Money::MAX.units()],
        currency: Text [3..=3] = Text::new("USD").ok()?,
        reference: Option<Text> [1..=255],
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
        status: PaymentStatus::Pending,
        processed_at: None,
        failure_reason: None,
    }
    changes |_at| PaymentChanges {
        reference: Option<Text> [1..=255],
        status: PaymentStatus,
        failure_reason: Option<Text> [0..=20_000],
    } with {}
    particular {
        fn own_column(role: Role) -> Option<&'static str> {
            match role {
                Role::Client => Some("payer_user_id"),
                Role::Freelancer => Some("payee_user_id"),
                Role::Owner | Role::Admin | Role::Member => None,
            }
        }

        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(self.payer_user_id.into_iter().chain(self.payee_user_id).collect())
        }

        fn before_create(new: &mut NewPayment, _at: &At, _connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if new.kind == PaymentKind::Release {
                let detail = "use the action release of the milestone";
                return Err(Problem::field("kind", "not_taken", detail).into());
            }
            match new.bill_id.is_some() == new.milestone_id.is_some() {
                true => Err(Problem::field("bill_id", "one_of", "exactly one of bill_id and milestone_id is required").into()),
                false => Ok(()),
            }
        }

        fn before_update(
            &self,
            changes: &mut PaymentChanges,
            at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let Some(status) = changes.status.filter(|status| *status != self.status) else {
                return Ok(());
            };
            if self.status != PaymentStatus::Pending {
                return Err(HandlerError::wrong_state(format!("the payment is {}, not pending", self.status.as_str())));
            }
            changes.processed_at = Some(Some(at.now));
            let bill = self.bill_id.filter(|_| status == PaymentStatus::Completed && pays(self.kind));
            if let Some(bill) = bill {
                let bill = Bill::lock(connection, bill)?.ok_or_else(|| Problem::not_found("bill"))?;
                let bill = super::bills::settle(connection, at, &bill, self.amount)?;
                record_change(connection, at, &bill, "paid", &[])?;
            }
            Ok(())
        }

        fn remove(&self, _at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            if self.status == PaymentStatus::Completed {
                return Err(HandlerError::wrong_state("a completed payment cannot be deleted"));
            }
            Payment::delete(connection, self.id)?;
            Ok(())
        }
    }
}

/// Whether a payment of this kind reduces the outstanding amount.
fn pays(kind: PaymentKind) -> bool {
    match kind {
        PaymentKind::Payment | PaymentKind::Deposit => true,
        PaymentKind::Release | PaymentKind::Refund | PaymentKind::Fee => false,
    }
}
