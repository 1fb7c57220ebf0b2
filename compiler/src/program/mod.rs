//! The Program: what a playbook means, resolved and typed, ready to be run, stored and compared.
//!
//! It holds no syntax and no text of the playbook but what a reader of evidence needs (names, words, places). Everything
//! in it can be serialised; a run time needs nothing else. Numbers, money, percent, durations (in seconds), dates (in
//! seconds from 1970-01-01 in no zone) and times (in seconds from 1970-01-01 UTC) are all [`Fixed`], so that comparing
//! them is comparing integers; which of them a value is, its field's [`Type`] says, and the compiler has kept them apart.

mod backtest;
mod condition;
mod forecast;
mod goal;
mod guard;
mod learn;
mod message;
mod policy;
mod publish;
mod scenario;
mod score;
mod source;
mod team;
mod test;
mod workflow;

pub use backtest::*;
pub use condition::*;
pub use forecast::*;
pub use goal::*;
pub use guard::*;
pub use language::Fixed;
pub use learn::*;
pub use message::*;
pub use policy::*;
pub use publish::*;
pub use scenario::*;
pub use score::*;
pub use source::*;
pub use team::*;
pub use test::*;
pub use workflow::*;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// The form of the serialised Program; a run time refuses others.
pub const FORMAT: u32 = 3;

/// A compiled playbook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// [`FORMAT`]
    pub format: u32,
    /// Whose it is.
    pub client: Client,
    /// The files it was made of, as origins name them.
    pub files: Vec<SmolStr>,
    /// Record kinds with standard fields and the client's own.
    pub entities: Vec<Entity>,
    /// What can happen.
    pub events: Vec<Event>,
    /// Phrases and objections.
    pub phrases: Vec<PhraseSet>,
    /// Named calculations, for those who ask for one by name; conditions have them inlined.
    pub facts: Vec<Fact>,
    /// Score cards.
    pub scores: Vec<Score>,
    /// How files become records; presets of used modules among them.
    pub sources: Vec<Source>,
    /// Proof by example.
    pub tests: Vec<Test>,
    /// Who acts beside people.
    pub agents: Vec<Agent>,
    /// What can be done.
    pub actions: Vec<Action>,
    /// What each agent may touch.
    pub permissions: Permissions,
    /// Who goes first; the first line that holds counts.
    pub priorities: Vec<Priority>,
    /// When somebody may be written to; without one nobody is.
    pub policy: Option<ContactPolicy>,
    /// Messages to be filled in.
    pub templates: Vec<Template>,
    /// What is tried out.
    pub experiments: Vec<Experiment>,
    /// Scorecards for texts.
    pub rubrics: Vec<Rubric>,
    /// What is done with records.
    pub workflows: Vec<Workflow>,
    /// What one workflow learns from another.
    pub feedback: Vec<Feedback>,
    /// What success is.
    pub goals: Vec<Goal>,
    /// What is foretold.
    pub forecasts: Vec<Forecast>,
    /// What is published.
    pub publications: Vec<Publication>,
    /// What if.
    pub scenarios: Vec<Scenario>,
    /// What scores have to reach over history.
    pub backtests: Vec<Backtest>,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Into [`Program::entities`].
    EntityId,
    /// Into [`Entity::fields`].
    FieldId,
    /// Into [`Program::events`].
    EventId,
    /// Into [`Program::phrases`].
    PhrasesId,
    /// Into [`Program::scores`].
    ScoreId,
    /// Into [`Score::labels`].
    LabelId,
    /// Into [`Program::files`].
    FileId,
    /// Into [`Program::agents`].
    AgentId,
    /// Into [`Program::actions`].
    ActionId,
    /// Into [`Program::templates`].
    TemplateId,
    /// Into [`Program::experiments`].
    ExperimentId,
    /// Into [`Program::rubrics`].
    RubricId,
    /// Into [`Program::workflows`].
    WorkflowId,
}

/// Where something of the Program stands in the playbook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Which file.
    pub file: FileId,
    /// From 1.
    pub line: u32,
}

/// The client's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Its name.
    pub name: SmolStr,
    /// ISO 4217.
    pub currency: SmolStr,
    /// IANA.
    pub timezone: SmolStr,
    /// Business hours; none means monday to friday, 09:00 to 17:00.
    pub hours: Hours,
    /// Days off.
    pub holidays: Vec<jiff::civil::Date>,
    /// Role and title: `founder`, `Founder`.
    pub people: Vec<(SmolStr, SmolStr)>,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            name: SmolStr::default(),
            currency: "USD".into(),
            timezone: "UTC".into(),
            hours: Hours::default(),
            holidays: Vec::new(),
            people: Vec::new(),
        }
    }
}

/// Business hours, the same on each of the days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Monday first.
    pub days: [bool; 7],
    /// From.
    pub from: jiff::civil::Time,
    /// To.
    pub to: jiff::civil::Time,
}

impl Default for Hours {
    fn default() -> Self {
        let (from, to) = (jiff::civil::Time::constant(9, 0, 0, 0), jiff::civil::Time::constant(17, 0, 0, 0));
        Self { days: [true, true, true, true, true, false, false], from, to }
    }
}

/// A record kind: `Contact`, `Company`, `Deal`, `Activity`, `Task`, `User`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// As written, `Contact`.
    pub name: SmolStr,
    /// Its table in the CRM, `contact`.
    pub table: SmolStr,
    /// Standard fields first, then the client's.
    pub fields: Vec<Field>,
    /// From `///`.
    pub docs: Option<SmolStr>,
}

/// A field of a record kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// As written; may be dotted, `needs.stated`.
    pub name: SmolStr,
    /// Its column: the name with `_` for dots; a relation's ends in `_id`.
    pub column: SmolStr,
    /// What it holds.
    pub ty: Type,
    /// It may be missing.
    pub optional: bool,
    /// Declared by the standard library, not by the client.
    pub standard: bool,
    /// Where it is declared.
    pub origin: Origin,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// Any text.
    Text,
    /// A decimal.
    Number,
    /// `yes/no`
    YesNo,
    /// 25 for 25%.
    Percent,
    /// In the client's currency.
    Money,
    /// In seconds.
    Duration,
    /// A day.
    Date,
    /// An instant.
    Time,
    /// 0 to 100.
    Score,
    /// One of these words.
    OneOf(Vec<SmolStr>),
    /// Several texts or words.
    List(Box<Type>),
    /// A record it belongs to.
    Record(EntityId),
}

/// Something that can happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// `quiz.completed`
    pub name: SmolStr,
    /// Its facts, beside `contact` and `at` which every event has.
    pub fields: Vec<Field>,
    /// From `///`.
    pub docs: Option<SmolStr>,
    /// Where it is declared.
    pub origin: Origin,
}

/// What people say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhraseSet {
    /// `bid_pain`
    pub name: SmolStr,
    /// It is an objection; then its name is a value of `objections.open`.
    pub objection: bool,
    /// Not said as an objection, but one.
    pub hidden: bool,
    /// The phrases, as written; matched whatever the case and the blanks, at word boundaries.
    pub texts: Vec<SmolStr>,
    /// Where it is declared.
    pub origin: Origin,
}

/// A named calculation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// `velocity`
    pub name: SmolStr,
    /// What it is a fact of.
    pub entity: EntityId,
    /// How it is calculated.
    pub value: FactValue,
    /// Where it is declared.
    pub origin: Origin,
}

/// A fact is a term or a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// A number, money, duration, …
    Term(Term, Type),
    /// Yes, no or unknown.
    Condition(Condition),
}

/// What is there may be nothing itself: anybody is told from nobody by a null that is written.
fn said<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

impl Program {
    /// The entity with that name.
    #[must_use]
    pub fn entity(&self, name: &str) -> Option<EntityId> {
        position(&self.entities, |entity| entity.name == name).map(EntityId)
    }

    /// The event with that name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<EventId> {
        position(&self.events, |event| event.name == name).map(EventId)
    }

    /// The workflow with that name.
    #[must_use]
    pub fn workflow(&self, name: &str) -> Option<WorkflowId> {
        position(&self.workflows, |workflow| workflow.name == name).map(WorkflowId)
    }

    /// The agent with that name.
    #[must_use]
    pub fn agent(&self, name: &str) -> Option<AgentId> {
        position(&self.agents, |agent| agent.name == name).map(AgentId)
    }

    /// The score with that name.
    #[must_use]
    pub fn score(&self, name: &str) -> Option<ScoreId> {
        position(&self.scores, |score| score.name == name).map(ScoreId)
    }

    /// The first score of the client's own files, or else of the modules that it uses.
    #[must_use]
    pub fn first_score(&self) -> Option<ScoreId> {
        let is_own = |score: &Score| self.files.get(score.origin.file.index()).is_some_and(|name| !name.contains(':'));
        let own = position(&self.scores, is_own).map(ScoreId);
        own.or_else(|| self.scores.first().map(|_| ScoreId(0)))
    }

    /// The score with that name, or its layer where one is named.
    #[must_use]
    pub fn score_or_layer(&self, score: &str, layer: Option<&str>) -> Option<ScoreRef> {
        let score = self.score(score)?;
        let Some(layer) = layer else { return Some(ScoreRef { score, layer: None }) };
        let layers = &self.scores.get(score.index())?.layers;
        let place = position(layers, |known| known.name.as_deref() == Some(layer))?;
        Some(ScoreRef { score, layer: Some(place) })
    }

    /// The templates that an act may write: its own, or every arm of its experiment.
    pub fn written<'p>(&'p self, object: &Object) -> impl Iterator<Item = &'p Template> {
        let (one, arms) = match object {
            Object::Template(id) => (self.templates.get(id.index()), None),
            Object::Experiment(id) => (None, self.experiments.get(id.index())),
            _ => (None, None),
        };
        let of_arms = arms.into_iter().flat_map(|experiment| &experiment.arms);
        one.into_iter().chain(of_arms.filter_map(|arm| self.templates.iter().find(|known| known.name == *arm)))
    }

    /// A path as a reader writes it, `company.industry`.
    #[must_use]
    pub fn path_name(&self, path: &FieldPath) -> String {
        let mut words = Vec::new();
        let mut entity = self.entities.get(path.entity.index());
        for step in path.relations.iter().chain([&path.field]) {
            let Some(field) = entity.and_then(|entity| entity.fields.get(step.index())) else { break };
            words.push(field.name.as_str());
            entity = match &field.ty {
                Type::Record(id) => self.entities.get(id.index()),
                _ => None,
            };
        }
        words.join(".")
    }

    /// The field at the end of a path.
    #[must_use]
    pub fn field(&self, path: &FieldPath) -> Option<&Field> {
        let mut entity = self.entities.get(path.entity.index())?;
        for step in &path.relations {
            match entity.fields.get(step.index())?.ty {
                Type::Record(id) => entity = self.entities.get(id.index())?,
                _ => return None,
            }
        }
        entity.fields.get(path.field.index())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a playbook is smaller than four billion declarations")]
fn position<T>(items: &[T], wanted: impl FnMut(&T) -> bool) -> Option<u32> {
    items.iter().position(wanted).map(|index| index as u32)
}
