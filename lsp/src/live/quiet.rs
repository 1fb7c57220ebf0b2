//! Who counts gives way to who types: while keys arrive nothing is counted, and what is being counted rests between two records until
//! nobody has typed for a moment. Knows neither CRM nor playbook.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::server::Pending;

/// So long it rests before it looks again; somebody who waits for something else is kept waiting no longer.
const LOOK: Duration = Duration::from_millis(50);

/// Nobody types any more when so many looks have found no other key: a quick typist has pressed the next one by then.
const LOOKS: u32 = 3;

/// What is counted goes on only when all keys that have arrived are some time ago.
pub(super) struct Quiet<'q> {
    keys: &'q Pending,
    /// So many had arrived when it was quiet last.
    known: Cell<u64>,
    rest: &'q dyn Fn(Duration),
}

impl<'q> Quiet<'q> {
    pub(super) fn new(keys: &'q Pending, rest: &'q dyn Fn(Duration)) -> Self {
        Self { keys, known: Cell::new(0), rest }
    }

    /// Waits until it is quiet; whether it goes on then, or is to be stopped.
    pub(super) fn goes_on(&self, stop: &AtomicBool) -> bool {
        let mut last = self.known.get();
        let mut quiet = LOOKS;
        loop {
            if stop.load(Ordering::Relaxed) {
                return false;
            }
            let arrived = self.keys.arrived();
            if arrived != last {
                (last, quiet) = (arrived, 0);
            } else if quiet >= LOOKS {
                self.known.set(last);
                return true;
            } else {
                quiet += 1;
            }
            if quiet < LOOKS {
                (self.rest)(LOOK);
            }
        }
    }
}

/// Whoever counts is the last to be given a processor, where a thread can be given one by itself.
pub(super) fn step_back() {
    // As low as there is. Where it is not granted, resting has to do.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_somebody_types_nothing_goes_on() {
        let keys = Pending::default();
        let (rested, pressed) = (Cell::new(0), Cell::new(0));
        // A key with every second look, five in all.
        let rest = |_: Duration| {
            rested.set(rested.get() + 1);
            if rested.get() % 2 == 0 && pressed.get() < 5 {
                pressed.set(pressed.get() + 1);
                keys.edit_arrived();
            }
        };
        let quiet = Quiet::new(&keys, &rest);
        let stop = AtomicBool::new(false);
        assert!(quiet.goes_on(&stop));
        assert_eq!(rested.get(), 0, "nobody has typed yet");
        keys.edit_arrived();
        assert!(quiet.goes_on(&stop));
        assert_eq!((pressed.get(), rested.get()), (5, 10 + LOOKS), "it rests until the last key is so many looks ago");
        assert!(quiet.goes_on(&stop));
        assert_eq!(rested.get(), 10 + LOOKS, "that was waited for already");
    }

    #[test]
    fn who_is_stopped_rests_no_longer() {
        let keys = Pending::default();
        let stop = AtomicBool::new(false);
        let rest = |_: Duration| stop.store(true, Ordering::Relaxed);
        keys.edit_arrived();
        assert!(!Quiet::new(&keys, &rest).goes_on(&stop));
    }
}
