//! What a score has to reach over history, resolved.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{LabelId, Limit, Origin, ScoreId};

/// `backtest "icp over the last year" { of icp   expect auc at least 0.70 }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// In words.
    pub title: SmolStr,
    /// Which score.
    pub score: ScoreId,
    /// Outcomes before this day teach and are not judged.
    pub from: Option<jiff::civil::Date>,
    /// What has to come out, in source order.
    pub expectations: Vec<FigureExpectation>,
    /// Where it is declared.
    pub origin: Origin,
}

/// `expect auc certainly at least 0.70`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureExpectation {
    /// Which figure.
    pub figure: Figure,
    /// Of those that route there, for figures that are of a route.
    pub of: Option<LabelId>,
    /// The limit has to hold of the whole interval (95%), not only of the figure.
    pub certainly: bool,
    /// What it has to reach.
    pub limit: Limit,
    /// As written.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// A figure of a back-test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// How often a good one scores above a bad one; ties count half.
    Auc,
    /// Point-biserial correlation of score and outcome.
    R,
    /// Share of decided records that were routed rightly.
    Accuracy,
    /// Share of decided records whose route is certain.
    Coverage,
    /// Share of good ones, over that of all.
    Lift,
    /// Share of good ones.
    Conversion,
    /// Mean distance of foretold and real shares.
    CalibrationError,
    /// How many records are decided.
    Decisions,
}
