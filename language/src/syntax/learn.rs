//! What a score learns from and when it is given up, as written: `learn` and `kill`.

use super::{CalendarDate, Count, DurationLiteral, Expression, Name, Path};
use crate::{Fixed, Span};
use derive_visitor::DriveMut;

/// `learn { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Learn {
    /// In source order.
    pub clauses: Vec<LearnClause>,
    /// Its first word.
    pub keyword: Span,
    /// Header and block.
    pub span: Span,
}

/// A clause of a `learn`.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum LearnClause {
    /// `good on meeting.accepted, deal.won`
    Good {
        /// One or more.
        outcomes: Vec<Outcome>,
        /// The clause.
        span: Span,
    },
    /// `bad on deal.lost, no reply.received 21 days after outreach.sent`
    Bad {
        /// One or more.
        outcomes: Vec<Outcome>,
        /// The clause.
        span: Span,
    },
    /// `good when converted is yes`, `bad when …`
    Holds {
        /// Good, or bad.
        good: bool,
        /// What says so.
        condition: Expression,
        /// The clause.
        span: Span,
    },
    /// `trust after 50 decisions`
    Trust {
        /// How many.
        decisions: Count,
        /// The clause.
        span: Span,
    },
    /// `keep each weight from 10% to 40%`
    Keep {
        /// In percent, as written.
        from: (Fixed, Span),
        /// In percent, as written.
        to: (Fixed, Span),
        /// The clause.
        span: Span,
    },
    /// `adopt on approved by founder`
    Adopt {
        /// Who.
        by: Name,
        /// The clause.
        span: Span,
    },
    /// `learned from 840 decisions until 2026-11-20`
    Learned {
        /// From how many.
        decisions: Count,
        /// What was known by the end of this day.
        until: CalendarDate,
        /// The clause.
        span: Span,
    },
}

/// What a score learns from.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Outcome {
    /// `deal.won`
    Event(Path),
    /// `no reply.received 21 days after outreach.sent`
    Silence {
        /// What did not happen.
        event: Path,
        /// For how long.
        after: DurationLiteral,
        /// Since what.
        since: Path,
        /// From `no` on.
        span: Span,
    },
}

/// `kill when 50 scored contacts bring fewer than 3 discovery.held within 60 days { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Kill {
    /// After how many records scored.
    pub scored: Count,
    /// What is scored, by the entity's plural.
    pub entity: Name,
    /// Fewer than how many.
    pub fewer_than: Count,
    /// Of which event.
    pub event: Path,
    /// How long each is given.
    pub within: DurationLiteral,
    /// What happens then, in source order.
    pub clauses: Vec<KillClause>,
    /// Its first word.
    pub keyword: Span,
    /// Header and block.
    pub span: Span,
}

/// A clause of a `kill`.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum KillClause {
    /// `pause LeadGeneration`
    Pause {
        /// The workflow.
        workflow: Name,
        /// The clause.
        span: Span,
    },
    /// `ask founder to diagnose by layer`
    Diagnose {
        /// Who is asked.
        whom: Name,
        /// Split by what.
        by: Option<Name>,
        /// The clause.
        span: Span,
    },
}
