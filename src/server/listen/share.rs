//! The share of the connections that one client's network may have.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::server::network::network_of;

/// The connections of each network; as many entries as connections at most.
pub(super) struct Shares {
    most: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection of a network, until it is dropped.
pub(super) struct Share {
    shares: Arc<Shares>,
    network: IpAddr,
}

impl Shares {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, taken: Mutex::default() })
    }

    /// Counts a connection of this client; `None` if its network has all that it may have.
    pub(super) fn take(self: &Arc<Self>, client: IpAddr) -> Option<Share> {
        let network = network_of(client);
        let mut taken = self.taken();
        let count = taken.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { shares: Arc::clone(self), network })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if let Entry::Occupied(mut count) = self.shares.taken().entry(self.network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_share_and_no_more() {
        let shares = Shares::new(2);
        let take = |text: &str| shares.take(text.parse().expect("an address"));
        let (first, second) = (take("192.0.2.1"), take("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some() && take("192.0.2.1").is_none());
        let other = take("192.0.2.2");
        assert!(other.is_some());
        drop(first);
        assert!(take("192.0.2.1").is_some());
        drop((second, other));
        assert!(shares.taken().is_empty(), "no entry is kept");

        // A client with an IPv6 address has the whole network.
        let held = (take("2001:db8::1"), take("2001:db8::ffff:0:0:2"));
        assert!(held.0.is_some() && held.1.is_some());
        assert!(take("2001:db8::3").is_none() && take("2001:db8:0:1::1").is_some());
    }
}
