//! What one client's network may have of something that all share: connections, bytes of unsent responses.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::network::network_of;

/// The amounts that are taken; as many entries as networks that have some.
pub(super) struct Shares {
    most: usize,
    most_of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    total: usize,
    of_network: HashMap<IpAddr, usize>,
}

/// An amount of a network, until it is dropped.
pub(super) struct Share {
    shares: Arc<Shares>,
    network: IpAddr,
    amount: usize,
}

impl Shares {
    /// At most `most` in all, and `most_of_one` of a network.
    pub(super) fn new(most: usize, most_of_one: usize) -> Arc<Self> {
        Arc::new(Self { most, most_of_one, taken: Mutex::default() })
    }

    /// Takes an amount for this client; `None` if its network, or all together, would have too much.
    pub(super) fn take(self: &Arc<Self>, client: IpAddr, amount: usize) -> Option<Share> {
        let network = network_of(client);
        let mut taken = self.taken();
        let total = taken.total.checked_add(amount).filter(|total| *total <= self.most)?;
        let of_network = taken.of_network.get(&network).copied().unwrap_or_default();
        // No overflow: a network has at most the total.
        let of_network = Some(of_network + amount).filter(|amount| *amount <= self.most_of_one)?;
        taken.total = total;
        taken.of_network.insert(network, of_network);
        Some(Share { shares: Arc::clone(self), network, amount })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        taken.total -= self.amount;
        if let Entry::Occupied(mut amount) = taken.of_network.entry(self.network) {
            *amount.get_mut() -= self.amount;
            if *amount.get() == 0 {
                amount.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_share_and_no_more() {
        let shares = Shares::new(usize::MAX, 2);
        let take = |text: &str| shares.take(text.parse().expect("an address"), 1);
        let (first, second) = (take("192.0.2.1"), take("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some() && take("192.0.2.1").is_none());
        let other = take("192.0.2.2");
        assert!(other.is_some());
        drop(first);
        assert!(take("192.0.2.1").is_some());
        drop((second, other));
        assert!(shares.taken().of_network.is_empty(), "no entry is kept");

        // A client with an IPv6 address has the whole network.
        let held = (take("2001:db8::1"), take("2001:db8::ffff:0:0:2"));
        assert!(held.0.is_some() && held.1.is_some());
        assert!(take("2001:db8::3").is_none() && take("2001:db8:0:1::1").is_some());
    }

    #[test]
    fn amounts_are_limited_in_all_and_of_one() {
        let shares = Shares::new(100, 60);
        let take = |text: &str, amount| shares.take(text.parse().expect("an address"), amount);
        let first = take("192.0.2.1", 50);
        assert!(first.is_some() && take("192.0.2.1", 11).is_none() && take("192.0.2.2", 61).is_none());
        let second = take("192.0.2.2", 45);
        assert!(
            second.is_some() && take("192.0.2.3", 6).is_none() && take("192.0.2.3", usize::MAX).is_none()
        );
        let third = take("192.0.2.3", 5);
        assert!(third.is_some());
        drop(first);
        let more = take("192.0.2.3", 50);
        assert!(more.is_some());
        drop((second, third, more));
        assert_eq!(shares.taken().total, 0);
        assert!(shares.taken().of_network.is_empty());
    }
}
