//! How many edits have arrived and not been applied yet: what is worked out before they are is out of date when it is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count of edits, shared by who takes them and who applies them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending(Arc<AtomicU64>);

impl Pending {
    pub(crate) fn edit_arrived(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn edit_applied(&self) {
        // One that was never counted leaves nothing to take away.
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| Some(count.saturating_sub(1)));
    }

    /// Whether edits wait.
    pub(crate) fn any(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}
