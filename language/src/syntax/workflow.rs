//! Workflows, as written: a state machine for an entity.

use super::{Act, Actor, Ask, ClockTime, Count, DurationLiteral, DurationUnit, Expression, Name, Path, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `workflow LeadGeneration for Contact by LeadGen { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Workflow {
    /// Its name.
    pub name: Name,
    /// What goes through it.
    pub entity: Name,
    /// Who runs it.
    pub by: Option<Actor>,
    /// What is in its block, in source order.
    pub members: Vec<WorkflowMember>,
}

/// A clause of a workflow, or of a refinement of one.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum WorkflowMember {
    /// `status documented`
    Status {
        /// How mature it is said to be.
        maturity: Maturity,
        /// The clause.
        span: Span,
    },
    /// `start on contact.created`
    Start(Start),
    /// `stage Research { … }`
    Stage(Stage),
    /// `handoff Qualify to LeadQualification { … }`
    Handoff(Handoff),
    /// `end Dropped as disqualified`
    End(End),
}

impl WorkflowMember {
    /// What `next` and `remove` call it; none for a status and a start.
    #[must_use]
    pub const fn name(&self) -> Option<&Name> {
        match self {
            Self::Status { .. } | Self::Start(_) => None,
            Self::Stage(stage) => Some(&stage.name),
            Self::Handoff(handoff) => Some(&handoff.name),
            Self::End(end) => Some(&end.name),
        }
    }

    /// The clause.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Status { span, .. } => *span,
            Self::Start(start) => start.span,
            Self::Stage(stage) => stage.span,
            Self::Handoff(handoff) => handoff.span,
            Self::End(end) => end.span,
        }
    }
}

/// How far a workflow has come: each step is earned by facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, DriveMut)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Maturity {
    Draft,
    Documented,
    Measured,
    Approved,
}

/// What begins a run.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Start {
    /// When.
    pub form: StartForm,
    /// The clause.
    pub span: Span,
}

/// When a run begins.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum StartForm {
    /// `on contact.created where …`
    On {
        /// The event.
        event: Path,
        /// Over the event's own facts.
        filter: Option<Box<Expression>>,
    },
    /// `every mon to fri at 08:00 for contacts where icp is missing, at most 20`
    Every {
        /// How often.
        rhythm: Rhythm,
        /// The time of day.
        at: Option<ClockTime>,
        /// The records, by the entity's plural; all where absent.
        records: Option<Name>,
        /// Which of them.
        filter: Option<Box<Expression>>,
        /// How many of them at a time.
        at_most: Option<Count>,
    },
    /// `when C`
    When(Expression),
    /// `when velocity rises above 3`
    Crosses {
        /// What is watched: a term.
        subject: Expression,
        /// Which way; `falls below` where not.
        rises: bool,
        /// What it crosses: a term.
        threshold: Expression,
    },
}

/// How often a schedule fires.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Rhythm {
    /// `mon to fri`; equal for one day
    Weekdays(Name, Name),
    /// `3 days`
    Duration(DurationLiteral),
    /// `week`
    Unit(DurationUnit, Span),
}

/// `stage FollowUp at most 2 times, then Dropped { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Stage {
    /// Its name.
    pub name: Name,
    /// How often it may be entered.
    pub cap: Option<StageCap>,
    /// Who has it, where that is not the workflow's.
    pub by: Option<Actor>,
    /// For which records it is there at all.
    pub only_when: Option<OnlyWhen>,
    /// What is in its block, in source order.
    pub clauses: Vec<StageClause>,
    /// Header and block.
    pub span: Span,
}

/// `at most 2 times, then Dropped`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct StageCap {
    /// How often.
    pub times: Count,
    /// Where it goes instead of once more.
    pub then: Name,
    /// From `at` on.
    pub span: Span,
}

/// `only when deal.value > NZD 50k, else Negotiation`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct OnlyWhen {
    /// The condition.
    pub condition: Expression,
    /// Where the others go.
    pub otherwise: Name,
    /// From `only` on.
    pub span: Span,
}

/// A clause of a stage.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum StageClause {
    /// `do send message`
    Do {
        /// What is done.
        act: Act,
        /// The clause.
        span: Span,
    },
    /// `require company.industry, message.spcl >= 60`
    Require {
        /// One or more. A bare name of no yes/no field asks that it be known.
        conditions: Vec<Expression>,
        /// The clause.
        span: Span,
    },
    /// `ask human to approve message`
    Ask(Ask),
    /// `next Rating when complete`
    Next(Next),
}

/// A way out of a stage.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Next {
    /// The stage, handoff or end it leads to.
    pub target: Name,
    /// When it is taken.
    pub way: Way,
    /// The words for the log.
    pub because: Option<Text>,
    /// The clause.
    pub span: Span,
}

/// When a way out is taken.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Way {
    /// `when C`
    When(Expression),
    /// `on rejected or expired`: events, or how a question was settled
    On(Vec<Path>),
    /// `after 5 business days`
    After(DurationLiteral),
    /// `otherwise`
    Otherwise,
}

/// `handoff Qualify to LeadQualification { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Handoff {
    /// Its name.
    pub name: Name,
    /// The workflow that takes over.
    pub to: Name,
    /// What is in its block, in source order.
    pub clauses: Vec<HandoffClause>,
    /// Header and block.
    pub span: Span,
}

/// A clause of a handoff.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum HandoffClause {
    /// `brief contact, icp by layer, top 5 reasons, open questions`
    Brief {
        /// One or more.
        items: Vec<BriefItem>,
        /// The clause.
        span: Span,
    },
    /// `accepted within 4 business hours, else ask founder`
    Accepted {
        /// The time limit.
        within: DurationLiteral,
        /// What happens without an answer.
        otherwise: Option<NotAccepted>,
        /// The clause.
        span: Span,
    },
}

/// What the receiver is told.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct BriefItem {
    /// What.
    pub form: BriefForm,
    /// Where it stands.
    pub span: Span,
}

/// The forms of what the receiver is told.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum BriefForm {
    /// `top 5 reasons`
    Top(Count, Name),
    /// `last 5 activities`
    Last(Count, Name),
    /// `open questions`
    Qualified(Path, Name),
    /// `contact`, `icp by layer`
    Plain {
        /// A record, field or score.
        path: Path,
        /// Split by what.
        by: Option<Name>,
    },
}

/// What happens to a handoff that nobody accepted in time.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum NotAccepted {
    /// `else ask founder`
    Ask(Name),
    /// `else Nurture`
    Next(Name),
}

/// `end Dropped as disqualified`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct End {
    /// Its name.
    pub name: Name,
    /// The outcome that it stands for.
    pub outcome: Path,
    /// The words for the log.
    pub because: Option<Text>,
    /// The clause.
    pub span: Span,
}
