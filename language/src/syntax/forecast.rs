//! Forecasts, as written.

use super::Path;
use derive_visitor::DriveMut;

/// `forecast deal.probability from deal.stage, icp learn from deal.won, deal.lost`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Forecast {
    /// What is foretold.
    pub target: Path,
    /// From which facts; one or more.
    pub from: Vec<Path>,
    /// From which outcomes it learns; none where it does not.
    pub learn_from: Vec<Path>,
}
