//! Score cards, as written.

use super::{DurationLiteral, EventQuery, Expression, Kill, Learn, Name, Path, Text};
use crate::{Fixed, Span};
use derive_visitor::DriveMut;

/// `score icp for Contact { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Score {
    /// Its name.
    pub name: Name,
    /// What is scored.
    pub entity: Name,
    /// `fading by half every …` on the score itself.
    pub fading: Option<DurationLiteral>,
    /// What is in its block.
    pub body: ScoreBody,
}

/// The block of a score, or of a refinement of one.
#[derive(Clone, Debug, Default, PartialEq, DriveMut)]
pub struct ScoreBody {
    /// Weighted layers.
    pub layers: Vec<Layer>,
    /// Rules directly in the score: a plain sum.
    pub rules: Vec<Rule>,
    /// `route { … }`, the first one.
    pub route: Option<Route>,
    /// `learn`, `kill`, a second `route`: what else was read.
    pub others: Vec<OtherScoreClause>,
}

/// What a score has beside its layers and its route.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum OtherScoreClause {
    /// `learn { … }`
    Learn(Learn),
    /// `kill when … { … }`
    Kill(Kill),
    /// A second `route`: its first word.
    Route(Span),
}

impl OtherScoreClause {
    /// As a reader calls it.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::Learn(_) => "learn",
            Self::Kill(_) => "kill",
            Self::Route(_) => "route",
        }
    }

    /// Its first word.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Learn(learn) => learn.keyword,
            Self::Kill(kill) => kill.keyword,
            Self::Route(span) => *span,
        }
    }
}

/// `layer behavioral weight 25% fading by half every 21 days { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Layer {
    /// Its name.
    pub name: Name,
    /// In percent, as written; every layer has one, or the compiler asks for it.
    pub weight: Option<(Fixed, Span)>,
    /// The half-life of its points.
    pub fading: Option<DurationLiteral>,
    /// `once EVENT is reported`: until then the other layers are rescaled.
    pub once: Option<Path>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Header and block.
    pub span: Span,
}

/// `+30 when … because "…"`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Rule {
    /// With its sign.
    pub points: Fixed,
    /// Where the points stand.
    pub points_span: Span,
    /// When they are given.
    pub form: RuleForm,
    /// The words for the evidence trail.
    pub because: Option<Text>,
    /// The whole rule.
    pub span: Span,
}

/// When a rule gives its points.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum RuleForm {
    /// `when C`
    When(Expression),
    /// `when count of login fell by 50% against the 30 days before`
    Change {
        /// What is compared with itself: a term.
        subject: Expression,
        /// Which way; `rose by` where not.
        fell: bool,
        /// By how much at least, in percent as written.
        by: (Fixed, Span),
        /// `against the 30 days before`
        against: DurationLiteral,
        /// From the term on.
        span: Span,
    },
    /// `each EVENT … , up to N`
    Each {
        /// Which events.
        query: EventQuery,
        /// The cap, as written: positive.
        up_to: Option<(Fixed, Span)>,
    },
}

/// `route { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Route {
    /// The first that holds counts.
    pub lines: Vec<RouteLine>,
    /// The clause.
    pub span: Span,
}

/// `hot when icp >= 70 because "…"`, `cold otherwise`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct RouteLine {
    /// What it routes to.
    pub label: Name,
    /// None for `otherwise`.
    pub condition: Option<Expression>,
    /// The words for the evidence trail.
    pub because: Option<Text>,
    /// The whole line.
    pub span: Span,
}
