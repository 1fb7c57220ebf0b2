//! How often one token may call, whatever it speaks, the API, MCP or A2A: a store of calls that fills up as time passes. Nobody takes away
//! what others have.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::access::caller::Caller;
use crate::config::Calls as Settings;
use crate::problem::Problem;

/// So many tokens are remembered before those are forgotten whose store is full.
const MOST: usize = 4096;

/// The calls that each token has left.
pub(crate) struct Calls {
    settings: Settings,
    /// What was left then; whoever is not here has all.
    left: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Calls {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, left: Mutex::default() }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// Where none is left: how many seconds it takes until one is.
    pub(crate) fn count(&self, caller: &Caller) -> Result<(), Wait> {
        let counted = self.take(&caller.token.id, Instant::now());
        counted.map_err(|wait| {
            let (client, token) = (caller.client.name(), &caller.token.id);
            tracing::debug!(client, token, "too many calls");
            // A second too long is better than a call too many.
            Wait(wait.as_secs() + 1)
        })
    }

    fn take(&self, token: &str, now: Instant) -> Result<(), Duration> {
        let most = f64::from(self.settings.most);
        let each = self.settings.within.as_secs_f64() / most;
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |(before, at): &(f64, Instant)| before + now.saturating_duration_since(*at).as_secs_f64() / each;
        if left.len() >= MOST && !left.contains_key(token) {
            left.retain(|_, known| full(known) < most);
        }
        let known = left.entry(token.to_owned()).or_insert((most, now));
        *known = (full(known).min(most), now);
        if known.0 < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - known.0) * each));
        }
        known.0 -= 1.0;
        Ok(())
    }
}

/// So many seconds are to be waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait(pub(crate) u64);

impl From<Wait> for Problem {
    fn from(Wait(seconds): Wait) -> Self {
        Self::too_many_calls(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_calls_is_used_up_and_fills_again_as_time_passes() {
        let calls = Calls::new(Settings { most: 4, within: Duration::from_secs(40) });
        let began = Instant::now();
        let take = |token: &str, second: u64| calls.take(token, began + Duration::from_secs(second));
        for _ in 0..4 {
            assert_eq!(take("a", 0), Ok(()));
        }
        let wait = take("a", 0).unwrap_err();
        assert!(Duration::from_millis(9_990) < wait && wait < Duration::from_millis(10_010), "{wait:?}");
        assert_eq!(take("b", 0), Ok(()), "another one's calls are its own");
        assert!(take("a", 9).is_err());
        assert_eq!((take("a", 11), take("a", 11).is_err()), (Ok(()), true), "one has come back");
        for _ in 0..4 {
            assert_eq!(take("a", 500), Ok(()), "never more than all come back");
        }
        assert!(take("a", 500).is_err());
    }

    #[test]
    fn those_who_wait_are_not_forgotten_for_others() {
        let calls = Calls::new(Settings { most: 1, within: Duration::from_secs(60) });
        let now = Instant::now();
        assert!(calls.take("waits", now).is_ok());
        for number in 0..2 * MOST {
            assert!(calls.take(&number.to_string(), now + Duration::from_secs(1)).is_ok());
        }
        assert!(calls.take("waits", now + Duration::from_secs(2)).is_err());
        assert!(calls.take("new", now + Duration::from_secs(3600)).is_ok());
        assert_eq!(calls.left.lock().unwrap().len(), 1, "whose store is full is not kept");
    }
}
