//! Experiments: which arm somebody gets, and what is known of the arms.
//!
//! Everything comes in as an argument: the trials, the instant, and the seed of a draw. The same gives the same, whenever and wherever. It
//! knows no CRM.
//!
//! A trial counts when its window has closed, whether it succeeded or not: who answers at once must not weigh more than who has not
//! answered yet. Until then it is open.

mod choose;
mod posterior;
mod standing;

pub use choose::{Chosen, Why, choose, seed};
pub use standing::{Arm, Standing, Trial, standing};

/// The window of an experiment whose success names none, in days.
pub const WINDOW_DAYS: i64 = 30;
