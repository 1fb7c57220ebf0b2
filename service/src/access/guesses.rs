//! Failed logins, by the address that they came from: too many in too short a time, and the address has to wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::Logins;

/// So many addresses are remembered. Whoever has more of them has other ways.
const MOST: usize = 20_000;

/// Failed logins.
pub(crate) struct Guesses {
    logins: Logins,
    failed: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Guesses {
    pub(crate) fn new(logins: Logins) -> Self {
        Self { logins, failed: Mutex::default() }
    }

    /// How long an address has to wait; nothing where it may try.
    pub(crate) fn wait(&self, from: IpAddr, now: Instant) -> Option<Duration> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = failed.get(&network(from))?;
        let passed = now.saturating_duration_since(*since);
        (*count >= self.logins.failures && passed < self.logins.within).then(|| self.logins.within - passed)
    }

    pub(crate) fn failed(&self, from: IpAddr, now: Instant) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let within = self.logins.within;
        if failed.len() >= MOST {
            failed.retain(|_, (since, _)| now.saturating_duration_since(*since) < within);
        }
        if failed.len() >= MOST {
            failed.clear();
        }
        let entry = failed.entry(network(from)).or_insert((now, 0));
        if now.saturating_duration_since(entry.0) >= within {
            *entry = (now, 0);
        }
        entry.1 += 1;
    }
}

/// Whoever has one address of the newer kind has a whole network of them.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_fails_too_often_waits_and_nobody_else_does() {
        let guesses = Guesses::new(Logins { failures: 3, within: Duration::from_secs(60) });
        let (one, other): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(guesses.wait(one, now), None);
            guesses.failed(one, now);
        }
        assert_eq!(guesses.wait(one, now), Some(Duration::from_secs(60)));
        assert_eq!(guesses.wait(other, now), None);
        assert_eq!(guesses.wait(one, now + Duration::from_secs(60)), None, "it is over");
        guesses.failed(one, now + Duration::from_secs(61));
        assert_eq!(guesses.wait(one, now + Duration::from_secs(61)), None, "and counted anew");
    }

    #[test]
    fn a_network_of_the_newer_kind_is_one_address() {
        let at = |text: &str| network(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2:3::4"), at("2001:db8:1:2:ffff::1"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:10.0.0.1"), at("10.0.0.1"));
    }
}
