//! Tests, as written: proof by example.

use super::{Act, CalendarDate, Certainty, ClockTime, Count, DurationLiteral, Expression, Name, Path, Text};
use crate::{Fixed, Span};
use derive_visitor::DriveMut;

/// `test "an agency is never hot" { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Test {
    /// Its name.
    pub name: Text,
    /// What is given and expected.
    pub clauses: Vec<TestClause>,
}

/// A line of a test.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum TestClause {
    /// `given now 2026-05-01 09:00`
    Now {
        /// The day.
        date: CalendarDate,
        /// Midnight where absent.
        time: Option<ClockTime>,
    },
    /// `given contact { … }`
    Record {
        /// The entity, as written in lower case.
        entity: Name,
        /// Its fields.
        fields: Vec<FieldValue>,
        /// The clause.
        span: Span,
    },
    /// `given 3 email.clicked { … }, 1 day ago`
    Events {
        /// One where absent.
        count: Option<Count>,
        /// Which event.
        event: Path,
        /// Its facts.
        fields: Vec<FieldValue>,
        /// How long ago; now where absent.
        ago: Option<DurationLiteral>,
        /// The clause.
        span: Span,
    },
    /// `given conversation "…", 3 days ago`
    Conversation {
        /// What was said.
        text: Text,
        /// How long ago; now where absent.
        ago: Option<DurationLiteral>,
    },
    /// `given silent reply.received`
    Silent(Vec<Path>),
    /// `expect asks company.employees`; `expect asks nothing` has none
    Asks(Vec<Path>, Span),
    /// `expect icp is certainly cold`
    Routes {
        /// The score.
        score: Path,
        /// Either where absent.
        certainty: Option<Certainty>,
        /// The route's label, or a value: the compiler tells which.
        label: Name,
        /// The clause.
        span: Span,
    },
    /// `expect firmographic is 55, could reach 80`
    Value {
        /// A score, layer or fact.
        path: Path,
        /// What it has to be.
        value: Fixed,
        /// `could reach N`
        could_reach: Option<Fixed>,
        /// `could fall to N`
        could_fall_to: Option<Fixed>,
        /// The clause.
        span: Span,
    },
    /// `expect velocity > 3`
    Holds(Expression),
    /// `given contact in LeadQualification.Invite`
    InStage {
        /// The entity, as written in lower case.
        record: Name,
        /// A workflow and its stage.
        stage: Path,
        /// The clause.
        span: Span,
    },
    /// `when LeadGen tries send message`
    Tries {
        /// Who.
        agent: Name,
        /// What.
        act: Act,
        /// The clause.
        span: Span,
    },
    /// `expect denied because "…"`, `expect allowed`
    Decided {
        /// `allowed`; `denied` where not.
        allowed: bool,
        /// The reason that has to be given.
        because: Option<Text>,
        /// The clause.
        span: Span,
    },
    /// `when reply.received { delay: 2 hours }`
    Happens {
        /// Which event.
        event: Path,
        /// Its facts.
        fields: Vec<FieldValue>,
        /// The clause.
        span: Span,
    },
    /// `when 4 business days pass`
    Passes {
        /// How much.
        time: DurationLiteral,
        /// The clause.
        span: Span,
    },
    /// `when founder approves`, `when human rejects`, `when closer rates 4`
    Answers {
        /// A role, or `human`: anybody.
        who: Name,
        /// What they say.
        answer: GivenAnswer,
        /// The clause.
        span: Span,
    },
    /// `expect contact is in LeadQualification.Invite`, `expect contact is not in LeadGeneration`
    IsIn {
        /// It has to be elsewhere.
        negated: bool,
        /// The entity, as written in lower case.
        record: Name,
        /// A workflow, or a stage of one.
        stage: Path,
        /// The clause.
        span: Span,
    },
}

/// What a person says in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub enum GivenAnswer {
    /// Yes, or it is done.
    Approves,
    /// No.
    Rejects,
    /// So much.
    Rates(Fixed),
}

/// `industry: agency`, `company { … }`, `tools: ["Procore"]`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct FieldValue {
    /// The field.
    pub field: Path,
    /// Its value.
    pub value: GivenValue,
    /// The entry.
    pub span: Span,
}

/// What a test gives a field.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum GivenValue {
    /// A value, a bare word or a list.
    Value(Expression),
    /// `missing`: nobody knows.
    Missing(Span),
    /// The fields of the record it belongs to.
    Record(Vec<FieldValue>),
}
