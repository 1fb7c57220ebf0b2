//! Tests, resolved: what is given, what happens, and what is expected of scores and workflows.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    Act, AgentId, Certainty, Condition, EntityId, EventId, FactValue, FieldPath, Fixed, LabelId, Origin, ScoreId,
    ScoreRef, StageId, Window, WorkflowId,
};

/// A value that is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Number, percent, money, duration, date, time.
    Number(Fixed),
    /// Text or word.
    Text(SmolStr),
    /// `yes/no`
    YesNo(bool),
    /// Texts or words, in the order given.
    List(Vec<SmolStr>),
}

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// Its name.
    pub name: SmolStr,
    /// What it is about.
    pub entity: EntityId,
    /// When it takes place; 2026-01-05 09:00 in the client's zone where absent.
    pub now: Option<jiff::Timestamp>,
    /// Fields given; none where given as missing. Whatever is not given is missing; a list without `?` is empty.
    pub fields: Vec<(FieldPath, Option<Value>)>,
    /// Events given.
    pub events: Vec<GivenEvent>,
    /// Conversations given.
    pub conversations: Vec<GivenConversation>,
    /// Events not reported; none stands for `conversation`. All others are reported, since ever.
    pub silent: Vec<Option<EventId>>,
    /// Where the record is before: `given contact in LeadQualification.Invite`.
    pub standing: Vec<(WorkflowId, StageId)>,
    /// What an agent tries with the record: `when LeadGen tries send message`. People have approved it.
    pub tries: Option<(AgentId, Act)>,
    /// What happens then, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<TestStep>,
    /// What has to be so.
    pub expectations: Vec<Expectation>,
    /// Where it is declared.
    pub origin: Origin,
}

/// Events given to a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenEvent {
    /// Which.
    pub event: EventId,
    /// How many.
    pub count: u32,
    /// Their facts.
    pub fields: Vec<(SmolStr, Value)>,
    /// How long ago; now where absent.
    pub ago: Option<Window>,
}

/// A conversation given to a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenConversation {
    /// What was said.
    pub text: SmolStr,
    /// How long ago; now where absent.
    pub ago: Option<Window>,
}

/// Something that happens in a test, to the playbook at work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestStep {
    /// `when reply.received { delay: 2 hours }`
    Happens {
        /// Which event.
        event: EventId,
        /// Its facts.
        fields: Vec<(SmolStr, Value)>,
    },
    /// `when 4 business days pass`
    Passes(Window),
    /// `when founder approves`: the oldest open question that they may answer so.
    Answers {
        /// A role; anybody where absent.
        whom: Option<SmolStr>,
        /// What they say.
        answer: TestAnswer,
        /// Where it stands.
        origin: Origin,
    },
}

/// What a person says in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestAnswer {
    /// Yes, or it is done.
    Approves,
    /// No.
    Rejects,
    /// So much.
    Rates(Fixed),
}

/// What has to be so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// What.
    pub kind: ExpectationKind,
    /// As written, on one line.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// The kinds of expectations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpectationKind {
    /// `icp is certainly cold`
    Routes {
        /// Which score.
        score: ScoreId,
        /// Either where absent.
        certainty: Option<Certainty>,
        /// The route.
        label: LabelId,
    },
    /// `firmographic is 55, could reach 80`
    ScoreIs {
        /// A score or layer.
        of: ScoreRef,
        /// Its value.
        value: Fixed,
        /// The upper end of its range.
        could_reach: Option<Fixed>,
        /// The lower end of its range.
        could_fall_to: Option<Fixed>,
    },
    /// `velocity is 3`
    FactIs {
        /// How the fact is calculated.
        fact: FactValue,
        /// Its value.
        value: Fixed,
    },
    /// `asks company.employees`: each is among the questions; empty for `asks nothing`
    Asks(Vec<Asked>),
    /// A condition that has to be true.
    Holds(Condition),
    /// `contact is in LeadQualification.Invite`: a run is there, or ended there where it is an end or a handoff.
    IsIn {
        /// Which workflow.
        workflow: WorkflowId,
        /// Which of its stages; any where absent, as long as a run is live.
        stage: Option<StageId>,
        /// It is not.
        negated: bool,
    },
    /// `allowed`: nothing is in the way of what the agent tries.
    Allowed,
    /// `denied because "…"`: something is; the check that leads says so in these words, where any are given.
    Denied(Option<SmolStr>),
}

/// What could be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// A field.
    Field(FieldPath),
    /// Whether an event happened.
    Event(EventId),
    /// What was said.
    Conversation,
}
