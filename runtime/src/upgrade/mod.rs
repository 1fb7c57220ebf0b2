//! Live runs to a playbook as it stands now: where each goes on, and whether that is said for all of them. Pure; the runner moves them.
//!
//! A stage that the playbook has under the same name is itself. For any other a person says where its runs go on. Nothing is moved
//! before that is said of every stage in which a run is: none is lost.

mod mapping;
mod plan;

pub use mapping::{Mapping, MappingError};
pub use plan::{Line, Move, Plan, Problem, Whither, plan};
