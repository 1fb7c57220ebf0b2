//! A link by which a client can be made on a page: drawn when the service begins, worth something for a while, and once.

use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

/// How long it is worth something.
const LASTS: SignedDuration = SignedDuration::from_hours(1);

/// What is kept of it.
pub(crate) struct Invitation {
    hash: [u8; 32],
    until: Timestamp,
    used: AtomicBool,
}

/// Its one use; given back where nothing came of it.
pub(crate) struct Use<'i> {
    invitation: &'i Invitation,
    done: bool,
}

impl Invitation {
    /// One that was just drawn; gives the key in its link, too.
    pub(crate) fn new(drawn: [u8; 32], now: Timestamp) -> (Self, String) {
        let key = URL_SAFE_NO_PAD.encode(drawn);
        let until = now.saturating_add(LASTS).unwrap_or(now);
        (Self { hash: hashed(&key), until, used: AtomicBool::new(false) }, key)
    }

    /// Whether that is its key, and it is worth something still.
    pub(crate) fn is_worth(&self, key: &str, now: Timestamp) -> bool {
        let is_key = bool::from(self.hash.ct_eq(&hashed(key)));
        is_key && now < self.until && !self.used.load(Ordering::Acquire)
    }

    /// Uses it; none where somebody else has, or is just about to.
    pub(crate) fn take(&self) -> Option<Use<'_>> {
        (!self.used.swap(true, Ordering::AcqRel)).then_some(Use { invitation: self, done: false })
    }
}

impl Use<'_> {
    /// It has served.
    pub(crate) fn spend(mut self) {
        self.done = true;
    }
}

impl Drop for Use<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.invitation.used.store(false, Ordering::Release);
        }
    }
}

fn hashed(key: &str) -> [u8; 32] {
    blake3::hash(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_serves_once_and_for_a_while() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let (invitation, key) = Invitation::new([7; 32], now);
        assert!(invitation.is_worth(&key, now));
        assert!(!invitation.is_worth("", now) && !invitation.is_worth(key.get(1..).unwrap(), now));
        assert!(!invitation.is_worth(&key, now + LASTS), "it has expired");
        let first = invitation.take().unwrap();
        assert!(invitation.take().is_none(), "two at once");
        drop(first);
        assert!(invitation.is_worth(&key, now), "nothing came of it");
        invitation.take().unwrap().spend();
        assert!(!invitation.is_worth(&key, now) && invitation.take().is_none());
    }
}
