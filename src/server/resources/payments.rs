//! `/api/payments`: payments of bills and milestones.

use diesel::QueryResult;

use super::ledger::{check_amount, check_currency, move_money};
use super::milestones::project_of;
use crate::models::Record as _;
use crate::models::billing::{Bill, Movement};
use crate::models::projects::{Milestone, MilestoneChanges, NewPayment, Payment, PaymentChanges};
use crate::models::{
    BillId, Currency, MilestoneId, MilestoneStatus, PaymentKind, PaymentStatus, Role, UserId,
};
use crate::server::audit::{RowChange, record_change};
use crate::server::caller::At;
use crate::server::fields::GivenFields;
use crate::server::problem::{HandlerError, Problem};
use crate::server::resource::{Collection, Done, Parent, ResourceAction, resource};
use databases::connection::AnyConnection;
use transfer::values::{Money, Text};

resource! {
    /// A payment of either a bill or a milestone, in its currency. It is pending until it is completed or has failed, and
    /// is never deleted, but can be void.
    Payment, "payment" at "payments", Payments;
    collections [
        Collection::Organization,
        Parent::of::<BillId>("bills", "bill", "bill_id"),
        Parent::of::<MilestoneId>("milestones", "milestone", "milestone_id"),
    ];
    actions [VOID];
    new |at| NewPayment {
        bill_id: Option<BillId>,
        milestone_id: Option<MilestoneId>,
        payer_user_id: Option<UserId>,
        payee_user_id: Option<UserId>,
        kind: PaymentKind,
        method: Text [1..=100],
        amount: Money [1..=Money::MAX.units()],
        // Replaced by the currency of the bill or project.
        currency: Currency => Currency::new("USD").ok()?,
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

        const AUDITED: &'static [&'static str] = &[
            "bill_id", "milestone_id", "payer_user_id", "payee_user_id", "kind", "method", "amount", "currency",
            "reference", "status", "processed_at",
        ];

        fn before_create(
            new: &mut NewPayment,
            given: &GivenFields,
            _at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            if new.kind == PaymentKind::Release {
                let detail = "use the action release of the milestone";
                return Err(Problem::field("kind", "not_taken", detail).into());
            }
            let (currency, whose) = match (new.bill_id, new.milestone_id) {
                (Some(bill), None) => (bill_of(connection, bill)?.currency, "bill"),
                (None, Some(milestone)) => {
                    // Locked before its project, as by the actions of milestones.
                    let milestone = Milestone::lock(connection, milestone)?;
                    let milestone = milestone.ok_or_else(|| Problem::not_found("milestone"))?;
                    (project_of(connection, milestone.project_id)?.currency, "project")
                }
                _ => {
                    let detail = "exactly one of bill_id and milestone_id is required";
                    return Err(Problem::field("bill_id", "one_of", detail).into());
                }
            };
            if given.names.contains(&"currency") {
                check_currency(&new.currency, &currency, whose)?;
            }
            check_amount("amount", new.amount, &currency)?;
            new.currency = currency;
            Ok(())
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
            if status == PaymentStatus::Void {
                return Err(Problem::field("status", "not_taken", "use the action void").into());
            }
            if self.status != PaymentStatus::Pending {
                return Err(HandlerError::wrong_state(format!("the payment is {}, not pending", self.status.as_str())));
            }
            changes.processed_at = Some(Some(at.now));
            if status == PaymentStatus::Completed {
                let movement = Movement::of_completed(self.kind, self.amount);
                let done = if matches!(movement, Some(Movement::Return(_))) { "refunded" } else { "paid" };
                apply(connection, at, self, movement, done)?;
            }
            Ok(())
        }

        fn remove(&self, _at: &At, _connection: &mut AnyConnection) -> Result<(), HandlerError> {
            Err(HandlerError::wrong_state("a payment is kept: use the action void"))
        }
    }
}

/// Moves the money of a payment on its bill, if it has one.
fn apply(
    connection: &mut AnyConnection,
    at: &At,
    payment: &Payment,
    movement: Option<Movement>,
    done: &str,
) -> Result<(), HandlerError> {
    let (Some(bill), Some(movement)) = (payment.bill_id, movement) else {
        return Ok(());
    };
    let (before, after) = move_money(connection, at, bill, movement)?;
    record_change(connection, at, RowChange::Changed(&before, &after), done, &[])
}

/// The bill, locked: its currency does not change while it gets a payment.
fn bill_of(connection: &mut AnyConnection, bill: BillId) -> Result<Bill, HandlerError> {
    Ok(Bill::lock(connection, bill)?.ok_or_else(|| Problem::not_found("bill"))?)
}

const VOID: ResourceAction<Payment> = ResourceAction {
    name: "void",
    done: "voided",
    about: "Void a pending or completed payment: what it has changed of its bill or milestone is taken back",
    shapes: Vec::new,
    answer: None,
    run: |connection, at, payment, fields| {
        fields.finish()?;
        match payment.status {
            PaymentStatus::Pending => {}
            PaymentStatus::Completed if payment.kind == PaymentKind::Release => {
                take_back_release(connection, at, &payment)?;
            }
            PaymentStatus::Completed => {
                let movement = Movement::of_voided(payment.kind, payment.amount);
                apply(connection, at, &payment, movement, "changed")?;
            }
            PaymentStatus::Failed | PaymentStatus::Void => {
                let detail = format!("the payment is {}", payment.status.as_str());
                return Err(HandlerError::wrong_state(detail));
            }
        }
        let changes = PaymentChanges { status: Some(PaymentStatus::Void), ..PaymentChanges::default() };
        let payment = Payment::update(connection, payment.id, &changes)?;
        Ok(Done::Row(payment.ok_or_else(|| Problem::not_found("payment"))?))
    },
};

/// A milestone whose release is void is approved, and can be released again.
fn take_back_release(connection: &mut AnyConnection, at: &At, payment: &Payment) -> Result<(), HandlerError> {
    let missing = || Problem::not_found("milestone");
    let Some(milestone) = payment.milestone_id else {
        return Ok(());
    };
    let before = Milestone::lock(connection, milestone)?.ok_or_else(missing)?;
    if before.status != MilestoneStatus::Paid {
        return Err(HandlerError::wrong_state(format!("the milestone is {}", before.status.as_str())));
    }
    let changes = MilestoneChanges {
        status: Some(MilestoneStatus::Approved),
        updated_at: Some(at.now),
        ..MilestoneChanges::default()
    };
    let after = Milestone::update(connection, milestone, &changes)?.ok_or_else(missing)?;
    record_change(connection, at, RowChange::Changed(&before, &after), "changed", &["status"])
}
