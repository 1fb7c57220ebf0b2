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

use crate::at_once::found_in;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::Program;

/// All proofs, several at once where `at_once`. `asked` are the lints that somebody asked for by name.
pub(crate) fn run(program: &Program, modules: &Modules, asked: &[SmolStr], at_once: bool) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut machines = machine::machines(program, modules);
    ways::run(program, &mut machines, &mut diagnostics);
    let machines = machines.as_slice();
    let proofs: [Proof<'_>; 15] = [
        &|found| ends::run(machines, found),
        &|found| limits::run(program, machines, found),
        &|found| loops::run(program, machines, found),
        &|found| evidence::run(program, machines, found),
        &|found| gate::run(program, machines, found),
        &|found| briefs::run(program, modules, machines, found),
        &|found| order::run(program, modules, machines, found),
        &|found| circles::run(program, modules, found),
        &|found| policy::run(program, modules, machines, found),
        &|found| addresses::run(program, machines, found),
        &|found| hours::run(program, modules, machines, found),
        &|found| goals::run(program, modules, machines, found),
        &|found| started::run(program, modules, machines, found),
        &|found| bounds::run(program, modules, machines, found),
        &|found| rights::run(program, modules, machines, asked, found),
    ];
    diagnostics.extend(found_in(&proofs, at_once, |proof, found| proof(found)));
    diagnostics
}

/// None of them looks at what another finds.
type Proof<'a> = &'a (dyn Fn(&mut Vec<Diagnostic>) + Sync);
