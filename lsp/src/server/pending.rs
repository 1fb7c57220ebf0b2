//! How many edits have arrived, and how many of them have not been applied yet: what is worked out before they are is out of date when
//! it is told, and what nobody waits for is put off while somebody types.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count of edits, shared by who takes them, who applies them and who gives way to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending(Arc<Edits>);

#[derive(Debug, Default)]
struct Edits {
    arrived: AtomicU64,
    waiting: AtomicU64,
}

impl Pending {
    pub(crate) fn edit_arrived(&self) {
        self.0.arrived.fetch_add(1, Ordering::SeqCst);
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn edit_applied(&self) {
        // One that was never counted leaves nothing to take away.
        let less = |count: u64| Some(count.saturating_sub(1));
        let _ = self.0.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
    }

    /// Whether edits wait.
    pub(crate) fn any(&self) -> bool {
        self.0.waiting.load(Ordering::SeqCst) > 0
    }

    /// How many there have been.
    pub(crate) fn arrived(&self) -> u64 {
        self.0.arrived.load(Ordering::SeqCst)
    }
}
