//! When something that failed is tried again: a pure function of how often, why, and which. It knows no clock.

use jiff::SignedDuration;

use super::{PortError, PortErrorKind};

/// The first wait, before jitter.
const FIRST_SECONDS: u64 = 5;
/// No wait is longer, before jitter; what the other side asks for is.
const LONGEST_SECONDS: u64 = 4 * 60 * 60;
/// So many tries in all: the last one is about ten hours after the first.
const TRIES: u32 = 14;
/// What the other side asks for is followed up to here; whoever wants more time gets none. With it all tries of a letter are within
/// a day, which is how long a carrier such as Resend remembers its key.
const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(1);

/// How long to wait before the next try, none where there is none: `attempt` tries have failed, the last one with `error`.
///
/// The wait doubles from 5 seconds to 4 hours; a quarter of it up or down is jitter, derived from key and attempt, so that
/// many letters that failed together do not come back together and the same letter always waits the same. Nothing is tried
/// more than 14 times. Where the other side named a time, the wait is not shorter.
#[must_use]
pub fn next_try(attempt: u32, error: &PortError, key: &str) -> Option<SignedDuration> {
    if !error.is_retryable() || attempt >= TRIES {
        return None;
    }
    let doubled = FIRST_SECONDS.saturating_mul(1_u64.checked_shl(attempt.saturating_sub(1)).unwrap_or(u64::MAX));
    let milliseconds = doubled.min(LONGEST_SECONDS) * 1000;
    let jitter = milliseconds / 2 * u64::from(share(key, attempt)) / u64::from(u16::MAX);
    let wait = i64::try_from(milliseconds - milliseconds / 4 + jitter).unwrap_or(i64::MAX);
    let wait = SignedDuration::from_millis(wait);
    match error.kind {
        PortErrorKind::Busy { retry_after: Some(asked) } if asked > LONGEST_ASKED => None,
        PortErrorKind::Busy { retry_after: Some(asked) } => Some(wait.max(asked)),
        _ => Some(wait),
    }
}

/// Evenly spread over its range, and always the same for the same input.
pub(super) fn share(key: &str, attempt: u32) -> u16 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key.as_bytes());
    hasher.update(&attempt.to_le_bytes());
    let [low, high, ..] = *hasher.finalize().as_bytes();
    u16::from_le_bytes([low, high])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unreachable() -> PortError {
        PortError::new(PortErrorKind::Unreachable, "nobody answers")
    }

    fn busy(seconds: i64) -> PortError {
        let retry_after = Some(SignedDuration::from_secs(seconds));
        PortError::new(PortErrorKind::Busy { retry_after }, "later")
    }

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..TRIES).map(|attempt| next_try(attempt, &unreachable(), "k").unwrap()).collect();
        assert!(waits[0] >= SignedDuration::from_millis(3750) && waits[0] <= SignedDuration::from_millis(6250));
        assert!(waits.iter().all(|wait| *wait <= SignedDuration::from_hours(5)));
        let all: SignedDuration = waits.iter().fold(SignedDuration::ZERO, |sum, wait| sum + *wait);
        assert!(all > SignedDuration::from_hours(7) && all < SignedDuration::from_hours(20), "{all}");
        assert_eq!(next_try(TRIES, &unreachable(), "k"), None);
    }

    #[test]
    fn what_the_other_side_asks_for_is_followed() {
        assert_eq!(next_try(1, &busy(120), "k"), Some(SignedDuration::from_mins(2)));
        assert!(next_try(1, &busy(1), "k").unwrap() > SignedDuration::from_secs(3), "not sooner than we would");
        assert_eq!(next_try(1, &busy(3601), "k"), None, "nobody waits that long");
        let all = (1..TRIES).fold(SignedDuration::ZERO, |sum, tried| sum + next_try(tried, &busy(3600), "k").unwrap());
        assert!(all < SignedDuration::from_hours(24), "a carrier still knows the key: {all}");
    }

    #[test]
    fn what_cannot_help_is_not_tried() {
        for kind in [PortErrorKind::Refused, PortErrorKind::Uncertain, PortErrorKind::OverBudget] {
            assert_eq!(next_try(1, &PortError::new(kind, "no"), "k"), None);
        }
    }

    proptest! {
        #[test]
        fn the_same_waits_the_same_within_a_quarter(key in ".{0,40}", attempt in 1_u32..TRIES) {
            let wait = next_try(attempt, &unreachable(), &key).unwrap();
            prop_assert_eq!(Some(wait), next_try(attempt, &unreachable(), &key));
            let plain = i64::try_from((FIRST_SECONDS << (attempt - 1)).min(LONGEST_SECONDS) * 1000).unwrap();
            prop_assert!(wait >= SignedDuration::from_millis(plain * 3 / 4));
            prop_assert!(wait <= SignedDuration::from_millis(plain * 5 / 4 + 1));
        }
    }

    #[test]
    fn different_letters_come_back_at_different_times() {
        let waits: std::collections::BTreeSet<_> =
            (0..100).map(|key| next_try(3, &unreachable(), &key.to_string()).unwrap()).collect();
        assert!(waits.len() > 90, "{}", waits.len());
    }
}
