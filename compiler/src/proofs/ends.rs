//! Whether every run can come to an end: from each stage that it may be in, a handoff or an end can be reached.

use crate::codes::workflows::no_end;
use crate::diagnostics::Diagnostic;
use crate::program::StageKind;

use super::machine::{Machine, closure};

pub(super) fn run(machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for machine in machines {
        let nodes = machine.len() * 2;
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); nodes];
        for node in 0..nodes {
            for (to, _) in machine.onward(node) {
                if let Some(before) = before.get_mut(to) {
                    before.push(node);
                }
            }
        }
        let last =
            machine.places.iter().enumerate().filter(|(_, place)| !matches!(place.stage.kind, StageKind::Stage(_)));
        let ends = last.map(|(stage, _)| machine.inside(stage));
        let ending = closure(nodes, ends, |node| before.get(node).cloned().unwrap_or_default());
        let mut lost = machine.visited();
        lost.retain(|(stage, _)| !machine.is_reached(&ending, *stage));
        // Where nobody leaves, that has been said, and whoever only leads there is not to blame.
        let trapped = lost.iter().any(|(stage, _)| {
            machine.is_never_left(*stage) || machine.open.get(*stage).is_some_and(|open| open.contains(&false))
        });
        if let (Some((_, first)), false) = (lost.first(), trapped) {
            let others: Vec<_> = lost.iter().skip(1).map(|(_, place)| (place.file, place.name)).collect();
            diagnostics.push(no_end::diagnostic(first.file, first.name, &others));
        }
    }
}
