//! What is published and when, as written.

use super::{Name, Path};
use crate::Span;
use derive_visitor::DriveMut;

/// `publish qualification_proof on end of LeadQualification { icp by layer, reasons, outcome }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Publish {
    /// Its name.
    pub name: Name,
    /// When.
    pub on: PublishOn,
    /// What, in source order.
    pub items: Vec<PublishItem>,
}

/// When something is published.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum PublishOn {
    /// `end of LeadQualification`
    EndOf(Name),
    /// An event.
    Event(Path),
}

/// `reasons`, `icp by layer`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct PublishItem {
    /// A fact, field or score.
    pub path: Path,
    /// Split by what.
    pub by: Option<Name>,
    /// Where it stands.
    pub span: Span,
}
