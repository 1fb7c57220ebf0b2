//! Actions, as written: what a port can do.

use super::{FieldDeclaration, Literal, Name};
use crate::Span;
use derive_visitor::DriveMut;

/// `action send email external cost NZD 0.01 { subject: text }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Action {
    /// The verb.
    pub name: Name,
    /// What it is done to or with.
    pub object: Option<Name>,
    /// It reaches a person or spends money.
    pub external: bool,
    /// `internal` or `external`.
    pub reach: Span,
    /// What one costs: money.
    pub cost: Option<Literal>,
    /// What it needs.
    pub fields: Vec<FieldDeclaration>,
}
