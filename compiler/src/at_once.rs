//! What lookers find that do not look at what the others find: one after the other, or at once where a playbook is so large that it pays.

use rayon::prelude::*;

use crate::diagnostics::Diagnostic;

/// What is found in each of these, in their order.
pub(crate) fn found_in<T: Sync>(
    parts: &[T],
    at_once: bool,
    look: impl Fn(&T, &mut Vec<Diagnostic>) + Sync,
) -> Vec<Diagnostic> {
    let of = |part: &T| {
        let mut found = Vec::new();
        look(part, &mut found);
        found
    };
    if at_once { parts.par_iter().flat_map_iter(of).collect() } else { parts.iter().flat_map(of).collect() }
}
