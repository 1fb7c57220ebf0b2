//! Over history, forward in time only: what a card and what is learned would have said, and what came of it.
//!
//! `forward` learns before each block from what was known before it, `figures` judges what was said, `report` holds it all together. Beside
//! the figures stand the questions that have to be asked of data before figures are believed: `leaks`, `quality`, `signal`.

mod expectations;
mod figures;
mod forward;
mod leaks;
mod quality;
mod report;
mod signal;

pub use expectations::{Checked, check};
pub use figures::{Figures, RouteFigure, Said};
pub use forward::{Block, forward, known_before, learn_from, values};
pub use leaks::{Alone, Leak, leaks};
pub use quality::{Gap, Shift, copies, gaps, shifts};
pub use report::{Asked, Contribution, CurvePoint, LeakingRule, Report, backtest};
pub use signal::{FALSE_ALARMS, Signal, signal};
