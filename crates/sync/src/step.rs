//! Who owns the writes, and how that passes from one side to the other: a pure function of what both sides have recorded.
//!
//! Each side has one row with a state and an epoch, and changes it by a compare-and-set on both. What was read of the
//! other side may be old when the own row changes, so a transition is only safe if it holds whatever the other side has
//! done since. Three rules make it so: the epoch of a row never falls; the right to write is passed on by `sealed` alone;
//! and each `sealed` is answered once, because the row that answers leaves the state from which it can.
//!
//! A side takes writes only as `owner`. There is one owner or, between `sealed` and its answer, none.

use serde::Serialize;

/// One of the two databases of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The SQLite file.
    Sqlite,
    /// The PostgreSQL database.
    Postgres,
}

/// What a side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// It takes writes.
    Owner,
    /// It takes none, and offers the right to the other side.
    Sealed,
    /// SQLite: it follows PostgreSQL, which is the owner.
    Standby,
    /// PostgreSQL: it follows SQLite, which is the owner.
    Receiving,
    /// It has refused an offer: the other side takes the right back.
    Refused,
}

/// The row of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct OwnerState {
    /// What the side is.
    pub ownership: Ownership,
    /// How often the right was offered or taken; it never falls.
    pub epoch: u64,
}

impl OwnerState {
    /// A row.
    pub const fn new(ownership: Ownership, epoch: u64) -> Self {
        Self { ownership, epoch }
    }
}

/// Every state that `side` may enter from `own`, once `other`, a durable row of the other side, was read.
pub fn transitions(side: Side, own: OwnerState, other: OwnerState) -> Vec<OwnerState> {
    use Ownership::{Owner, Receiving, Refused, Sealed, Standby};
    let (n, m) = (own.epoch, other.epoch);
    let to = |ownership, epoch| OwnerState { ownership, epoch };
    match (side, own.ownership, other.ownership) {
        // An offer, to a side that follows under the same epoch.
        (Side::Sqlite, Owner, Receiving) | (Side::Postgres, Owner, Standby) if m == n => {
            vec![to(Sealed, n + 1)]
        }
        // An answer to an offer that is newer than the last one answered.
        (Side::Sqlite, Standby, Sealed) | (Side::Postgres, Receiving, Sealed) if m > n => {
            vec![to(Owner, m), to(Refused, m)]
        }
        // The offer was refused: the right comes back.
        (_, Sealed, Refused) if m == n => vec![to(Owner, n + 1)],
        // The offer was taken: follow the new owner.
        (Side::Sqlite, Sealed, Owner) if m == n => vec![to(Standby, n)],
        (Side::Sqlite, Refused, Owner) if m > n => vec![to(Standby, m)],
        (Side::Postgres, Refused | Sealed, Owner) if m >= n => vec![to(Receiving, m)],
        _ => Vec::new(),
    }
}

/// The rows of both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Sides {
    /// Of the SQLite file.
    pub sqlite: OwnerState,
    /// Of the PostgreSQL database.
    pub postgres: OwnerState,
}

/// Where a move stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PairState {
    /// SQLite takes writes, and PostgreSQL follows.
    A,
    /// SQLite has offered the right; nobody takes writes.
    B,
    /// PostgreSQL takes writes.
    C,
    /// PostgreSQL has refused; nobody takes writes until SQLite takes the right back.
    D,
    /// PostgreSQL has offered the right; nobody takes writes.
    E,
}

impl Sides {
    /// Where the move stands; `None` for rows that do not belong together: one of them is of a restored backup.
    pub fn state(&self) -> Option<PairState> {
        use Ownership::{Owner, Receiving, Refused, Sealed, Standby};
        let (n, m) = (self.sqlite.epoch, self.postgres.epoch);
        match (self.sqlite.ownership, self.postgres.ownership) {
            (Owner, Receiving) if n == m => Some(PairState::A),
            // What PostgreSQL has left behind: it follows again with the next step.
            (Owner, Refused | Sealed | Receiving) if n >= m => Some(PairState::A),
            (Sealed, Receiving) if n > m => Some(PairState::B),
            (Sealed | Standby, Owner) if n == m => Some(PairState::C),
            (Refused, Owner) if m > n => Some(PairState::C),
            (Sealed, Refused) if n == m => Some(PairState::D),
            (Standby, Sealed) if m > n => Some(PairState::E),
            // SQLite has refused, and PostgreSQL takes the right back with the next step.
            (Refused, Sealed) if n == m => Some(PairState::E),
            _ => None,
        }
    }

    /// The side that takes writes, if one does.
    pub fn owner(&self) -> Option<Side> {
        match (self.sqlite.ownership, self.postgres.ownership) {
            (Ownership::Owner, Ownership::Owner) => None,
            (Ownership::Owner, _) => Some(Side::Sqlite),
            (_, Ownership::Owner) => Some(Side::Postgres),
            _ => None,
        }
    }

    fn of(&self, side: Side) -> (OwnerState, OwnerState) {
        match side {
            Side::Sqlite => (self.sqlite, self.postgres),
            Side::Postgres => (self.postgres, self.sqlite),
        }
    }
}

/// What is wanted of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// This side is the owner, and the other one follows it.
    Owner(Side),
    /// What was begun is completed: an offer is taken.
    Continue,
    /// What was begun is given up: an offer is refused.
    Abandon,
}

/// A durable change of the row of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The side whose row changes.
    pub side: Side,
    /// Its row before.
    pub from: OwnerState,
    /// Its row afterwards.
    pub to: OwnerState,
}

/// The next step towards the goal; `None` when it is reached, or when the rows do not belong together.
pub fn next(goal: Goal, sides: &Sides) -> Option<Step> {
    let takes = |side: Side, wanted: &dyn Fn(Ownership) -> bool| {
        let (own, other) = sides.of(side);
        let to = transitions(side, own, other).into_iter().find(|to| wanted(to.ownership))?;
        Some(Step { side, from: own, to })
    };
    let follows = |to: Ownership| matches!(to, Ownership::Standby | Ownership::Receiving);
    let both = [Side::Sqlite, Side::Postgres];
    // A refused offer goes back, and whoever does not own follows, whatever the goal is.
    let refused = |side: &Side| sides.of(*side).0.ownership == Ownership::Sealed;
    let back = both.into_iter().filter(refused).find_map(|side| takes(side, &|to| to == Ownership::Owner));
    let follow = || both.into_iter().find_map(|side| takes(side, &follows));
    if let Some(step) = back.or_else(follow) {
        return Some(step);
    }
    let answer = |wanted: Ownership| both.into_iter().find_map(|side| takes(side, &|to| to == wanted));
    match goal {
        Goal::Continue => answer(Ownership::Owner),
        Goal::Abandon => answer(Ownership::Refused),
        Goal::Owner(side) => {
            let offer = |side| takes(side, &|to| to == Ownership::Sealed);
            let other = match side {
                Side::Sqlite => Side::Postgres,
                Side::Postgres => Side::Sqlite,
            };
            answer(Ownership::Owner).or_else(|| offer(other))
        }
    }
}

#[cfg(test)]
mod tests;
