//! Rubrics, as written: a scorecard for a text.

use super::{Actor, Count, Name, Path, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `rubric needs from discovery.notes, confirmed by human { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Rubric {
    /// Its name.
    pub name: Name,
    /// The text that is judged.
    pub from: Path,
    /// Who confirms the judgement.
    pub confirmed_by: Option<Actor>,
    /// In source order.
    pub lines: Vec<RubricLine>,
}

/// `5 "names the pain with a number"`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct RubricLine {
    /// How many points.
    pub points: Count,
    /// For what.
    pub text: Text,
    /// The line.
    pub span: Span,
}
