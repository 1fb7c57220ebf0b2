//! Workflows, resolved: a state machine for each record that they run for.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    ActionId, AgentId, Crossing, EntityId, EventId, EventQuery, ExperimentId, Guard, Origin, RubricId, ScoreId,
    StageId, TemplateId, Window, WorkflowId,
};

/// A workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// `LeadGeneration`
    pub name: SmolStr,
    /// What it runs for: Contact, Deal or Company.
    pub entity: EntityId,
    /// Who runs it where a stage names nobody else.
    pub by: Actor,
    /// How mature its author says it is.
    pub claimed: Maturity,
    /// What starts a run.
    pub starts: Vec<Start>,
    /// In source order; a run begins in the first one. Stages, handoffs and ends share one list of names.
    pub stages: Vec<Stage>,
    /// From `///`.
    pub docs: Option<SmolStr>,
    /// Where it is declared.
    pub origin: Origin,
}

/// `draft → documented → measured → approved`, each earned by facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Maturity {
    #[default]
    Draft,
    Documented,
    Measured,
    Approved,
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An agent.
    Agent(AgentId),
    /// A person with that role among [`super::Client::people`]; `human` alone is any of them.
    Human(Option<SmolStr>),
}

/// What starts a run. There is at most one live run of a workflow for a record, and one run for an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// How.
    pub kind: StartKind,
    /// Where it stands.
    pub origin: Origin,
}

/// The kinds of starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartKind {
    /// `start on contact.created`, `start on quiz.completed where result is damp`
    On(EventQuery),
    /// `start every mon to fri at 08:00 for contacts where icp is missing, at most 20`
    Every {
        /// When.
        schedule: Schedule,
        /// Which records; all where absent.
        guard: Option<Guard>,
        /// So many records a time, those that were there first.
        at_most: Option<u32>,
    },
    /// `start when velocity rises above 3`
    Crosses(Crossing),
    /// `start when icp is certainly hot`: when it becomes true.
    Becomes(Guard),
}

/// When something recurs, in the client's zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// On these days, monday first, at that time of day. Holidays are days like others here.
    Days {
        /// Which.
        days: [bool; 7],
        /// When.
        at: jiff::civil::Time,
    },
    /// Every so long, counted from the moment that the playbook first ran.
    Interval(Period),
}

/// A span of time, calendar or business.
pub type Period = Window;

/// A stage, a handoff or an end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// `Research`
    pub name: SmolStr,
    /// What it is.
    pub kind: StageKind,
    /// Where it is declared.
    pub origin: Origin,
}

/// What stands under a name in a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// `stage`
    Stage(Box<StageBody>),
    /// `handoff`
    Handoff(Handoff),
    /// `end`
    End(End),
}

/// What happens in a stage: acts in order, then the question, then the first way out that holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageBody {
    /// Who runs it: its own `by`, else the workflow's.
    pub by: Actor,
    /// `at most 2 times, then Dropped`: entering it once more goes there instead.
    pub cap: Option<(u32, StageId)>,
    /// `only when …, else Negotiation`: entering it goes there where the guard is not true.
    pub only_when: Option<(Guard, StageId)>,
    /// In order; each is done before the next one begins.
    pub acts: Vec<Act>,
    /// What must be there before a question is asked and `complete` holds. Unknown does not hold.
    pub requires: Vec<Requirement>,
    /// What a person is asked once the acts are done and the requirements hold.
    pub asks: Vec<Ask>,
    /// Read from the top.
    pub ways: Vec<Way>,
}

/// Evidence that a stage requires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// `company.industry` alone requires that it is known.
    pub guard: Guard,
    /// As written.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// `do write first_touch via channel_mix`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What is done.
    pub action: ActionId,
    /// With what.
    pub object: Object,
    /// Over which channel.
    pub via: Option<Via>,
    /// As written, without `do`.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// What an act is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// Nothing beyond the record.
    None,
    /// `research company`: the record itself or one it belongs to.
    Record(EntityId),
    /// `score contact by icp`
    Score(ScoreId),
    /// `write first_touch`
    Template(TemplateId),
    /// `write opening`: the template that the experiment gives this record.
    Experiment(ExperimentId),
    /// `send message`: what the run wrote last.
    Message,
    /// `rate needs`, `rate message by spcl`
    Rubric(RubricId),
    /// `offer home_assessment`: something outside, by its name.
    Named(SmolStr),
}

impl Object {
    /// Whether the act writes a message.
    #[must_use]
    pub const fn is_written(&self) -> bool {
        matches!(self, Self::Template(_) | Self::Experiment(_))
    }
}

/// The channel of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// `via email`
    Channel(SmolStr),
    /// `via channel_mix`: the arm that the experiment gives this record.
    Experiment(ExperimentId),
}

/// `ask human to approve or change message within 1 business day, remind every 4 hours`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Whom: a role, or anybody.
    pub whom: Option<SmolStr>,
    /// What they may do: `approve`, `change`, `diagnose`, `refine`. Rejecting is always possible.
    pub options: Vec<SmolStr>,
    /// It is about what the run wrote last; approving it approves that very text.
    pub message: bool,
    /// What else it is about, as written.
    pub about: SmolStr,
    /// Then it is expired.
    pub within: Option<Period>,
    /// Reminded so often until then.
    pub remind: Option<Period>,
    /// As written, without `ask`.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// `next Outreach on approved because "…"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Way {
    /// Where to.
    pub to: StageId,
    /// When it is open.
    pub when: WayWhen,
    /// The words for the log.
    pub because: Option<SmolStr>,
    /// As written, without `next`.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// When a way out is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayWhen {
    /// `when`: it holds, once the stage's acts are done.
    When(Guard),
    /// `on reply.received or meeting.booked`: one of them happens while the run is in the stage.
    On(Vec<EventId>),
    /// `on approved`, `on rejected or expired`: the stage's question is settled so. A change is an approval of what was changed.
    Settled(Vec<Settlement>),
    /// `after 5 business days` in the stage.
    After(Period),
    /// `otherwise`: the question is settled in no listed way, or, without a question, no way above is open once all is done.
    Otherwise,
}

/// How a question is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Settlement {
    Approved,
    Changed,
    Rejected,
    Expired,
}

/// A typed packet for who goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handoff {
    /// Which workflow goes on.
    pub to: WorkflowId,
    /// What it is told; never what its agent may not read.
    pub brief: Vec<Brief>,
    /// By when it is accepted or refused.
    pub within: Option<Period>,
    /// Who is asked where it is not: a role, or anybody.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::said")]
    pub else_ask: Option<Option<SmolStr>>,
}

/// One thing of a brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brief {
    /// `contact`, `company`, `deal`: its known fields.
    Record(EntityId),
    /// `icp`: value, range, route, layers.
    Score(ScoreId),
    /// `top 5 reasons`: the lines of the ledger with the most points.
    Reasons(u32),
    /// `open questions`
    OpenQuestions,
    /// `last 5 activities`
    Activities(u32),
    /// `needs`, `objections`: fields of the contact that begin so.
    Fields(SmolStr),
}

/// `end Dropped as disqualified`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// `disqualified`, `lost`, `won`, …
    pub outcome: SmolStr,
    /// Why, where the way in says nothing.
    pub because: Option<SmolStr>,
}

/// `when 3 disqualified in a row share a reason, ask founder to refine icp`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Which workflow's ends.
    pub from: WorkflowId,
    /// Which workflow learns.
    pub to: WorkflowId,
    /// How many.
    pub count: u32,
    /// Ended so.
    pub outcome: SmolStr,
    /// In a row; otherwise within the last 30 days.
    pub in_a_row: bool,
    /// What is asked then.
    pub ask: Ask,
    /// Where it stands.
    pub origin: Origin,
}

/// The events that the CRM records once something with that verb is done. The only list of them.
#[must_use]
pub fn raised_by(verb: &str) -> &'static [&'static str] {
    match verb {
        "send" => &["outreach.sent", "email.sent"],
        _ => &[],
    }
}

impl Workflow {
    /// The stage, handoff or end with that name.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<StageId> {
        let place = self.stages.iter().position(|stage| stage.name == name)?;
        u32::try_from(place).ok().map(StageId)
    }
}
