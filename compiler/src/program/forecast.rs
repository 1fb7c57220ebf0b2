//! What is foretold, resolved.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{EventId, FieldPath, Origin, ScoreRef};

/// `forecast deal.probability from deal.stage, icp learn from deal.won, deal.lost`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// What is foretold: a field that holds a percent or number.
    pub target: FieldPath,
    /// From which facts.
    pub from: Vec<Predictor>,
    /// Good and bad outcomes, as their names say (`deal.won`, `deal.lost`): the first one is what is foretold.
    pub learn_from: Vec<EventId>,
    /// As written.
    pub words: SmolStr,
    /// Where it is declared.
    pub origin: Origin,
}

/// What a forecast reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predictor {
    /// A field.
    Field(FieldPath),
    /// A score or layer, of the deal or its contact.
    Score(ScoreRef),
}
