//! The ledger of bills: the only code that changes what is paid of a bill, and what its customer owes.
//!
//! `paid_amount` is the sum of completed payments and deposits less completed refunds, from zero to the total. A bill is
//! paid when it reaches the total, otherwise open. `current_balance` of a customer is the sum of what is outstanding of
//! the bills that are issued and not void, all in one currency.
//!
//! The bill is locked first, then its customer, so that concurrent movements neither interleave nor deadlock.

use super::{Bill, BillChanges, Customer, CustomerChanges};
use crate::models::{BillId, BillStatus, Currency, CustomerId, PaymentKind, Record as _};
use crate::schema::bills;
use databases::connection::AnyConnection;
use diesel::prelude::*;
use transfer::values::{Instant, InvalidValue, Money};

/// A movement of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// A draft is issued: the customer owes its total.
    Issue,
    /// A bill without payments is void: nothing of it is owed.
    Void,
    /// A payment or deposit is completed, or a refund is void.
    Pay(Money),
    /// A refund is completed, or a payment or deposit is void.
    Return(Money),
}

impl Movement {
    /// What the completion of a payment moves; `None` if it does not change what is paid of the bill.
    pub fn of_completed(kind: PaymentKind, amount: Money) -> Option<Self> {
        match kind {
            PaymentKind::Payment | PaymentKind::Deposit => Some(Self::Pay(amount)),
            PaymentKind::Refund => Some(Self::Return(amount)),
            PaymentKind::Release | PaymentKind::Fee => None,
        }
    }

    /// What takes back [`of_completed`](Self::of_completed).
    pub fn of_voided(kind: PaymentKind, amount: Money) -> Option<Self> {
        Self::of_completed(kind, amount).map(|completed| match completed {
            Self::Pay(amount) => Self::Return(amount),
            Self::Return(amount) => Self::Pay(amount),
            other => other,
        })
    }
}

/// The rows that a movement changed, before and after it.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The bill before.
    pub bill_before: Bill,
    /// The bill.
    pub bill: Bill,
    /// The customer before and after, if what it owes has changed.
    pub customer: Option<(Customer, Customer)>,
}

/// Why no money was moved.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The state of the bill does not permit it.
    #[error("{0}")]
    WrongState(String),
    /// The customer would owe more than its credit limit.
    #[error("the customer owes {balance} and may owe {limit}: a bill of {total} exceeds the credit limit")]
    CreditLimit {
        /// What the customer owes.
        balance: Money,
        /// Its credit limit.
        limit: Money,
        /// The total of the bill.
        total: Money,
    },
    /// Bills of the customer are in another currency.
    #[error("the bills of this customer are in {}: a customer owes in one currency", .0.as_str())]
    OtherCurrency(Currency),
    /// A sum exceeds the range of its column.
    #[error(transparent)]
    OutOfRange(#[from] InvalidValue),
    /// The database failed.
    #[error("change the bill")]
    Database(#[from] diesel::result::Error),
}

impl Bill {
    /// Moves money of a bill: locks it and its customer, and updates both.
    ///
    /// # Errors
    /// When the state of the bill or the limit of its customer does not permit it, and when the database fails.
    pub fn move_money(
        connection: &mut AnyConnection,
        bill: BillId,
        movement: Movement,
        now: Instant,
    ) -> Result<Moved, LedgerError> {
        let missing = || LedgerError::Database(diesel::result::Error::NotFound);
        let before = Self::lock(connection, bill)?.ok_or_else(missing)?;
        let Outcome { status, paid, owed } = before.outcome(movement)?;
        let customer = match before.customer_id.filter(|_| owed != Money::ZERO) {
            Some(customer) => {
                let limit = (movement == Movement::Issue).then_some(before.total_amount);
                Some(Customer::owe(connection, customer, owed, limit)?)
            }
            None => None,
        };
        let changes = BillChanges {
            status: Some(status),
            paid_amount: Some(paid),
            issued_at: (movement == Movement::Issue).then_some(Some(now)),
            updated_at: Some(now),
            ..BillChanges::default()
        };
        let after = Self::update(connection, bill, &changes)?.ok_or_else(missing)?;
        Ok(Moved { bill_before: before, bill: after, customer })
    }

    /// The state after a movement.
    fn outcome(&self, movement: Movement) -> Result<Outcome, LedgerError> {
        let wrong = |detail: String| Err(LedgerError::WrongState(detail));
        let (status, paid, total) = (self.status, self.paid_amount, self.total_amount);
        let settled = |paid: Money| if paid == total { BillStatus::Paid } else { BillStatus::Open };
        match movement {
            Movement::Issue if status == BillStatus::Draft => {
                Ok(Outcome { status: settled(paid), paid, owed: total })
            }
            Movement::Issue => wrong(format!("the bill is {}, not a draft", status.as_str())),
            Movement::Void if status == BillStatus::Void => wrong("the bill is void".to_owned()),
            Movement::Void if paid != Money::ZERO => {
                wrong(format!("{paid} of the bill is paid: refund or void its payments first"))
            }
            Movement::Void => {
                let owed = if status == BillStatus::Draft { Money::ZERO } else { -total };
                Ok(Outcome { status: BillStatus::Void, paid, owed })
            }
            Movement::Pay(amount) => {
                if status != BillStatus::Open {
                    return wrong(format!("the bill is {}, not open", status.as_str()));
                }
                let after = paid.checked_add(amount)?;
                if after > total {
                    let outstanding = total.checked_sub(paid)?;
                    return wrong(format!("amount {amount} exceeds the outstanding {outstanding}"));
                }
                Ok(Outcome { status: settled(after), paid: after, owed: -amount })
            }
            Movement::Return(amount) => {
                if !matches!(status, BillStatus::Open | BillStatus::Paid) {
                    return wrong(format!("the bill is {}, neither open nor paid", status.as_str()));
                }
                if amount > paid {
                    return wrong(format!("amount {amount} exceeds the paid {paid}"));
                }
                let after = paid.checked_sub(amount)?;
                Ok(Outcome { status: settled(after), paid: after, owed: amount })
            }
        }
    }

    /// Checks that the bills of a customer stay in one currency, and locks the customer, so that concurrent bills are
    /// serialized. Void bills do not count: nothing of them is owed.
    ///
    /// # Errors
    /// When another bill of the customer is in another currency, and when the database fails.
    pub fn check_currency(
        connection: &mut AnyConnection,
        customer: CustomerId,
        currency: &Currency,
        except: Option<BillId>,
    ) -> Result<(), LedgerError> {
        Customer::lock(connection, customer)?;
        let mut others = bills::table
            .filter(bills::customer_id.eq(customer))
            .filter(bills::status.ne(BillStatus::Void))
            .select(bills::currency)
            .order(bills::id.desc())
            .into_boxed();
        if let Some(except) = except {
            others = others.filter(bills::id.ne(except));
        }
        // All others are in one currency, so any of them decides.
        let other: Option<Currency> = others.first(connection).optional()?;
        match other.filter(|other| other != currency) {
            Some(other) => Err(LedgerError::OtherCurrency(other)),
            None => Ok(()),
        }
    }
}

/// The state of a bill after a movement.
struct Outcome {
    status: BillStatus,
    paid: Money,
    /// What its customer owes more.
    owed: Money,
}

impl Customer {
    /// Adds to what the customer owes; a negative amount reduces it. A new bill, given by its total, must be within the
    /// credit limit; a limit of zero is none.
    fn owe(
        connection: &mut AnyConnection,
        customer: CustomerId,
        amount: Money,
        new_bill: Option<Money>,
    ) -> Result<(Self, Self), LedgerError> {
        let missing = || LedgerError::Database(diesel::result::Error::NotFound);
        let before = Self::lock(connection, customer)?.ok_or_else(missing)?;
        let balance = before.current_balance.checked_add(amount)?;
        let limit = before.credit_limit;
        if let Some(total) = new_bill.filter(|_| limit > Money::ZERO && balance > limit) {
            return Err(LedgerError::CreditLimit { balance: before.current_balance, limit, total });
        }
        let changes = CustomerChanges { current_balance: Some(balance), ..CustomerChanges::default() };
        let after = Self::update(connection, customer, &changes)?.ok_or_else(missing)?;
        Ok((before, after))
    }
}
