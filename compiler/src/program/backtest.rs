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

impl Figure {
    /// All of them with their words.
    pub const ALL: &[(Self, &str)] = &[
        (Self::Auc, "auc"),
        (Self::R, "r"),
        (Self::Accuracy, "accuracy"),
        (Self::Coverage, "coverage"),
        (Self::Lift, "lift"),
        (Self::Conversion, "conversion"),
        (Self::CalibrationError, "calibration_error"),
        (Self::Decisions, "decisions"),
    ];

    /// As a playbook writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auc => "auc",
            Self::R => "r",
            Self::Accuracy => "accuracy",
            Self::Coverage => "coverage",
            Self::Lift => "lift",
            Self::Conversion => "conversion",
            Self::CalibrationError => "calibration_error",
            Self::Decisions => "decisions",
        }
    }

    /// Whether it is of those that go one way: `lift of hot`.
    #[must_use]
    pub const fn is_of_a_route(self) -> bool {
        matches!(self, Self::Lift | Self::Conversion)
    }

    /// Whether it is so many of a hundred; otherwise a plain number.
    #[must_use]
    pub const fn is_a_share(self) -> bool {
        matches!(self, Self::Accuracy | Self::Coverage | Self::Conversion)
    }
}
