//! What a name stands for, in words. Knows no files and no places.

use std::fmt;

use smol_str::SmolStr;

/// What a name stands for: by words and never by ids, so that it is the same in two compilations and of two clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// `Contact`; where it is used it may also be written as its table, `contact`, or as several of it, `contacts`.
    Entity(SmolStr),
    /// A field of a record.
    Field {
        /// `Contact`
        entity: SmolStr,
        /// May be dotted, `needs.stated`.
        name: SmolStr,
    },
    /// A word of a field's `one of`.
    Value {
        /// `Company`
        entity: SmolStr,
        /// `industry`
        field: SmolStr,
        /// `construction`
        name: SmolStr,
    },
    /// `reply.received`; where it is used it may also be written by its first word, `reply`.
    Event(SmolStr),
    /// A fact of an event.
    EventField {
        /// `reply.received`
        event: SmolStr,
        /// `delay`
        name: SmolStr,
    },
    /// A word of an event fact's `one of`.
    EventValue {
        /// `quiz.completed`
        event: SmolStr,
        /// `result`
        field: SmolStr,
        /// `damp`
        name: SmolStr,
    },
    /// A named calculation.
    Fact(SmolStr),
    /// A score.
    Score(SmolStr),
    /// A layer of a score.
    Layer {
        /// `icp`
        score: SmolStr,
        /// `behavioral`
        name: SmolStr,
    },
    /// What a score routes to.
    Label {
        /// `icp`
        score: SmolStr,
        /// `hot`
        name: SmolStr,
    },
    /// Phrases, or an objection.
    Phrases(SmolStr),
    /// Somebody of the client's people, by their role.
    Person(SmolStr),
    /// An agent.
    Agent(SmolStr),
    /// What can be done: `action send email external`.
    Action {
        /// `send`
        verb: SmolStr,
        /// `email`; none for the verb by itself, whatever it is done with or over.
        way: Option<SmolStr>,
    },
    /// A template.
    Template(SmolStr),
    /// An experiment.
    Experiment(SmolStr),
    /// A rubric.
    Rubric(SmolStr),
    /// A workflow.
    Workflow(SmolStr),
    /// A stage, handoff or end of a workflow.
    Stage {
        /// `LeadGeneration`
        workflow: SmolStr,
        /// `Rating`
        name: SmolStr,
    },
    /// What an end stands for: `end Dropped as disqualified`.
    Outcome {
        /// `LeadQualification`
        workflow: SmolStr,
        /// `disqualified`
        name: SmolStr,
    },
    /// A goal that has a name.
    Goal(SmolStr),
    /// A source; may be dotted, `hubspot.contacts`.
    Source(SmolStr),
    /// A test, by what it says.
    Test(SmolStr),
    /// A scenario, by its title.
    Scenario(SmolStr),
    /// A back-test, by its title.
    Backtest(SmolStr),
    /// Something that is published.
    Publication(SmolStr),
    /// A file that is used, by its virtual name: `std:crm.playbook`.
    Module(SmolStr),
}

impl Symbol {
    /// What kind of thing it is, as a reader calls it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Entity(_) => "entity",
            Self::Field { .. } => "field",
            Self::Value { .. } | Self::EventValue { .. } => "value",
            Self::Event(_) => "event",
            Self::EventField { .. } => "event fact",
            Self::Fact(_) => "fact",
            Self::Score(_) => "score",
            Self::Layer { .. } => "layer",
            Self::Label { .. } => "route",
            Self::Phrases(_) => "phrases",
            Self::Person(_) => "person",
            Self::Agent(_) => "agent",
            Self::Action { .. } => "action",
            Self::Template(_) => "template",
            Self::Experiment(_) => "experiment",
            Self::Rubric(_) => "rubric",
            Self::Workflow(_) => "workflow",
            Self::Stage { .. } => "stage",
            Self::Outcome { .. } => "outcome",
            Self::Goal(_) => "goal",
            Self::Source(_) => "source",
            Self::Test(_) => "test",
            Self::Scenario(_) => "scenario",
            Self::Backtest(_) => "backtest",
            Self::Publication(_) => "publication",
            Self::Module(_) => "module",
        }
    }

    /// Its own name, without whose it is.
    #[must_use]
    pub const fn name(&self) -> &SmolStr {
        match self {
            Self::Entity(name)
            | Self::Field { name, .. }
            | Self::Value { name, .. }
            | Self::Event(name)
            | Self::EventField { name, .. }
            | Self::EventValue { name, .. }
            | Self::Fact(name)
            | Self::Score(name)
            | Self::Layer { name, .. }
            | Self::Label { name, .. }
            | Self::Phrases(name)
            | Self::Person(name)
            | Self::Agent(name)
            | Self::Action { way: Some(name), .. }
            | Self::Action { verb: name, way: None }
            | Self::Template(name)
            | Self::Experiment(name)
            | Self::Rubric(name)
            | Self::Workflow(name)
            | Self::Stage { name, .. }
            | Self::Outcome { name, .. }
            | Self::Goal(name)
            | Self::Source(name)
            | Self::Test(name)
            | Self::Scenario(name)
            | Self::Backtest(name)
            | Self::Publication(name)
            | Self::Module(name) => name,
        }
    }

    /// Whose it is: the score of a layer, the workflow of a stage, the entity or event of a field.
    #[must_use]
    pub const fn owner(&self) -> Option<&SmolStr> {
        match self {
            Self::Field { entity: owner, .. }
            | Self::Value { entity: owner, .. }
            | Self::EventField { event: owner, .. }
            | Self::EventValue { event: owner, .. }
            | Self::Layer { score: owner, .. }
            | Self::Label { score: owner, .. }
            | Self::Action { verb: owner, way: Some(_) }
            | Self::Stage { workflow: owner, .. }
            | Self::Outcome { workflow: owner, .. } => Some(owner),
            _ => None,
        }
    }
}

/// `layer icp.behavioral`
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind())?;
        if let Some(owner) = self.owner() {
            write!(f, "{owner}.")?;
        }
        if let Self::Value { field, .. } | Self::EventValue { field, .. } = self {
            write!(f, "{field}.")?;
        }
        f.write_str(self.name())
    }
}
