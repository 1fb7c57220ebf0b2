//! What would be: a scenario of a playbook, played over and over on a virtual clock around the engine itself.
//!
//! A world is a shell like the runner, in memory: it keeps records, steps cases by [`runtime::engine::step`], asks the same scorer, gate,
//! contact policy and calendar, and does what agents do by the same built-in workers. Only buyers and people are made up: they do what the
//! scenario says, by draws of their own, so that two playbooks meet the same buyers. Seeds are independent and the unit of whatever is
//! said: a lead more makes nothing surer, a seed more does.

#[cfg(test)]
mod agreement;
mod buyers;
mod figures;
mod fit;
mod learning;
mod observed;
mod outside;
mod play;
mod pool;
mod random;
mod report;
mod scorers;
mod setting;
mod spread;
mod store;
mod unmeasured;
mod vary;
mod work;
mod world;

pub use buyers::{buyers_differ, scores_differ};
pub use figures::{ANSWERING, Agreement, Aim, Arm, DECISIONS, Figures, Killing, Week, watched};
pub use fit::{Fitted, LEAST, fit};
pub use play::{Step, play, steps, trace};
pub use pool::{Pool, Prototype};
pub use report::{
    ArmRow, Expected, ExperimentRow, GoalRow, KillRow, People, PlaceRow, Report, RouteRow, ScoreRow, StageRow, Total,
    WeekRow, report,
};
pub use setting::{Setting, SimulateError};
pub use spread::{Spread, correlation};
pub use vary::{Difference, Knob, differences, knobs};
