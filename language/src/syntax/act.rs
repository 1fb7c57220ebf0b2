//! Who does what, as written: acts, and questions to people.

use super::{DurationLiteral, Name, Path};
use crate::Span;
use derive_visitor::DriveMut;

/// Who has a workflow or a stage, or is asked.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Actor {
    /// `human`, `human closer`
    Human {
        /// Which one; any where absent.
        person: Option<Name>,
        /// `human` and the name.
        span: Span,
    },
    /// A name alone: an agent's or a person's.
    Named(Name),
}

impl Actor {
    /// Where it stands.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Human { span, .. } => *span,
            Self::Named(name) => name.span,
        }
    }
}

/// `send message`, `write first_touch via channel_mix`, `score contact by icp`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Act {
    /// What is done.
    pub verb: Name,
    /// To what.
    pub object: Option<Path>,
    /// How, in source order.
    pub manners: Vec<(Manner, Path)>,
    /// From the verb on.
    pub span: Span,
}

/// The words that say how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Manner {
    By,
    Via,
    To,
    With,
    For,
    On,
}

/// `ask human to approve or change message within 1 business day, remind every 4 hours`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Ask {
    /// Who is asked.
    pub whom: Actor,
    /// What they can do: `approve`, `change`, or the names they decide between; one or more.
    pub options: Vec<Name>,
    /// What it is about.
    pub object: Option<Path>,
    /// `by layer`
    pub by: Option<Name>,
    /// The time limit.
    pub within: Option<DurationLiteral>,
    /// `remind every 4 hours`
    pub remind_every: Option<DurationLiteral>,
    /// From `ask` on.
    pub span: Span,
}
