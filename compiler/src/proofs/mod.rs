//! Proofs about what runs for months: that workflows go on and come to an end, that nothing leaves without a person, that agents are in
//! order, that the contact policy can be kept, and how much all of it can cause.
//!
//! Each proof has its own file and looks at all workflows, as graphs beside their text (`machine`). They are made of a playbook in which
//! nothing else is wrong. Every one takes time in the order of what is written: nothing here counts paths.

mod addresses;
#[cfg(test)]
mod agreement;
mod bounds;
mod briefs;
mod circles;
mod components;
mod ends;
mod evidence;
mod gate;
mod goals;
mod hours;
mod limits;
mod loops;
mod machine;
mod order;
mod periods;
mod policy;
mod possible;
mod rights;
mod started;
mod story;
mod wanted;
mod ways;

pub use bounds::{Bounds, WorkflowBounds, bounds};

use smol_str::SmolStr;

use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::Program;

/// All proofs. `asked` are the lints that somebody asked for by name.
pub(crate) fn run(program: &Program, modules: &Modules, asked: &[SmolStr], diagnostics: &mut Vec<Diagnostic>) {
    let mut machines = machine::machines(program, modules);
    ways::run(program, &mut machines, diagnostics);
    let machines = machines.as_slice();
    ends::run(machines, diagnostics);
    limits::run(program, machines, diagnostics);
    loops::run(program, machines, diagnostics);
    evidence::run(program, machines, diagnostics);
    gate::run(program, machines, diagnostics);
    briefs::run(program, modules, machines, diagnostics);
    order::run(program, modules, machines, diagnostics);
    circles::run(program, modules, diagnostics);
    policy::run(program, modules, machines, diagnostics);
    addresses::run(program, machines, diagnostics);
    hours::run(program, modules, machines, diagnostics);
    goals::run(program, modules, machines, diagnostics);
    started::run(program, modules, machines, diagnostics);
    bounds::run(program, modules, machines, diagnostics);
    rights::run(program, modules, machines, asked, diagnostics);
}
