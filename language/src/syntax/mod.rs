//! The syntax tree: what a text says, clause by clause, each node with its span. No names are resolved here.
//!
//! A broken clause is left out of its declaration (its error stands in [`crate::Parsed::errors`]) and marks it
//! [`Declaration::broken`], so that later phases do not complain about what they cannot see.

mod act;
mod action;
mod agent;
mod backtest;
mod contact_policy;
mod declaration;
mod experiment;
mod expression;
mod feedback;
mod forecast;
mod goal;
mod learn;
mod permissions;
mod priority;
mod publish;
mod rubric;
mod scenario;
mod score;
mod source;
mod template;
mod test;
mod workflow;

pub use act::*;
pub use action::*;
pub use agent::*;
pub use backtest::*;
pub use contact_policy::*;
pub use experiment::*;
pub use expression::*;
pub use feedback::*;
pub use forecast::*;
pub use goal::*;
pub use learn::*;
pub use permissions::*;
pub use priority::*;
pub use publish::*;
pub use rubric::*;
pub use scenario::*;
pub use score::*;
pub use source::*;
pub use template::*;
pub use test::*;
pub use workflow::*;

use std::sync::Arc;

use derive_visitor::DriveMut;
use smol_str::SmolStr;

use crate::Span;

/// A word, as written.
#[derive(Clone, Debug, PartialEq, Eq, DriveMut)]
pub struct Name {
    /// The word.
    #[drive(skip)]
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

/// Words joined by dots, `company.industry`; at least one.
#[derive(Clone, Debug, PartialEq, Eq, DriveMut)]
pub struct Path {
    /// The words.
    pub parts: Vec<Name>,
    /// From the first to the last.
    pub span: Span,
}

impl Path {
    /// With dots, as written.
    #[must_use]
    pub fn dotted(&self) -> SmolStr {
        match self.parts.as_slice() {
            [only] => only.text.clone(),
            parts => parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".").into(),
        }
    }
}

/// A quoted text, with its escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq, DriveMut)]
pub struct Text {
    /// What it says.
    #[drive(skip)]
    pub value: SmolStr,
    /// With its quotes.
    pub span: Span,
}

/// All declarations of one file, in source order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// They tile the file together with blanks and comments.
    pub declarations: Vec<Arc<Declaration>>,
}

/// One declaration, whole or as much of it as could be read.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Declaration {
    /// From the keyword to the end of the block.
    pub span: Span,
    /// The keyword (or two: `contact policy`).
    pub keyword: Span,
    /// The text of the `///` lines above, joined by line ends.
    #[drive(skip)]
    pub docs: Option<SmolStr>,
    /// Some of it could not be read; what is here is what could.
    pub broken: bool,
    /// What it declares.
    pub kind: DeclarationKind,
}

/// What a declaration declares.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum DeclarationKind {
    /// `client "Name" { … }`
    Client(Client),
    /// `use std.crm`
    Use(Use),
    /// `entity Contact { … }`
    Entity(Fields),
    /// `extend Contact { … }`
    Extend(Fields),
    /// `event quiz.completed { … }`
    Event(EventDeclaration),
    /// `fact velocity of Contact is …`
    Fact(Fact),
    /// `score icp for Contact { … }`
    Score(Score),
    /// `phrases authority { … }` and `objection price { … }`
    Phrases(Phrases),
    /// `source leads from csv … { … }`
    Source(Source),
    /// `test "…" { … }`
    Test(Test),
    /// `refine score icp { … }`
    Refine(Refine),
    /// `agent LeadGen { … }`
    Agent(Agent),
    /// `permissions { | … | }`
    Permissions(Permissions),
    /// `priority { … }`
    Priority(Priority),
    /// `contact policy { … }`
    ContactPolicy(ContactPolicy),
    /// `action send email external { … }`
    Action(Action),
    /// `template first_touch { … }`
    Template(Template),
    /// `experiment channel_mix { … }`
    Experiment(Experiment),
    /// `workflow LeadGeneration for Contact { … }`
    Workflow(Workflow),
    /// `feedback from LeadQualification to LeadGeneration { … }`
    Feedback(Feedback),
    /// `goal F1 "…" at least …`
    Goal(Goal),
    /// `publish satisfaction on deal.closed { … }`
    Publish(Publish),
    /// `forecast deal.probability from …`
    Forecast(Forecast),
    /// `rubric needs from discovery.notes { … }`
    Rubric(Rubric),
    /// `scenario "first quarter" { … }`
    Scenario(Scenario),
    /// `backtest "icp over the last year" { … }`
    Backtest(Backtest),
    /// The header itself could not be read. Its name is kept where one was seen, so that no one calls it unknown.
    Broken {
        /// The word behind the keyword, if it was one.
        name: Option<Name>,
    },
}

/// `client "Stackmates" { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Client {
    /// The client's name.
    pub name: Text,
    /// Its settings.
    pub clauses: Vec<ClientClause>,
}

/// A setting of the client.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum ClientClause {
    /// `currency NZD`
    Currency(Name),
    /// `timezone "Pacific/Auckland"`
    Timezone(Text),
    /// `hours mon to fri, 08:30 to 17:30`
    Hours {
        /// First and last weekday; equal for one day.
        days: (Name, Name),
        /// From, to.
        times: (ClockTime, ClockTime),
        /// The clause.
        span: Span,
    },
    /// `holidays 2026-12-25, 2026-12-26`
    Holidays(Vec<CalendarDate>),
    /// `people founder "Founder", closer "Sales lead"`
    People(Vec<(Name, Text)>),
    /// `allow LINT because "…"`
    Allow {
        /// The lint's kebab-case name.
        lint: Name,
        /// Why.
        because: Text,
        /// The clause.
        span: Span,
    },
}

/// `08:30`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub struct ClockTime {
    /// 0 to 23, as written: may be out of range.
    pub hour: u8,
    /// 0 to 59, as written.
    pub minute: u8,
    /// Where it stands.
    pub span: Span,
}

/// `2026-03-01`, as written: may name no real day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub struct CalendarDate {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month.
    pub day: u8,
    /// Where it stands.
    pub span: Span,
}

/// `use std.crm`, `use ./fields`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Use {
    /// The module's path, dotted; a leading `./` is [`Use::beside`].
    pub path: Path,
    /// Written with `./`: a file beside this one.
    pub beside: bool,
}

/// The fields of an `entity` or `extend` declaration.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Fields {
    /// The entity.
    pub entity: Name,
    /// Its fields.
    pub fields: Vec<FieldDeclaration>,
}

/// `home_owner: yes/no?`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct FieldDeclaration {
    /// The field; may be dotted (`needs.stated`).
    pub name: Path,
    /// Its type.
    pub ty: TypeExpression,
    /// The clause.
    pub span: Span,
}

/// A type, as written.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct TypeExpression {
    /// What it is.
    pub kind: TypeKind,
    /// It may be missing (`?`).
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// The shape of a type.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum TypeKind {
    /// `text`, `number`, `percent`, `money`, `duration`, `date`, `time`, `score`, `objection`, or an entity's name
    Named(Name),
    /// `yes/no`
    YesNo,
    /// `one of [a, b]`
    OneOf(Vec<Name>),
    /// `list of T`
    List(Box<TypeExpression>),
}

/// `event quiz.completed { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct EventDeclaration {
    /// Its name, two words.
    pub name: Path,
    /// Its facts.
    pub fields: Vec<FieldDeclaration>,
}

/// `fact velocity of Contact is …`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// What it is a fact of.
    pub entity: Name,
    /// How it is calculated: a term or a condition.
    pub value: Expression,
}

/// `phrases authority { "i sign", … }`, `objection price { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Phrases {
    /// Its name.
    pub name: Name,
    /// Set for an objection.
    pub objection: bool,
    /// `hidden`: not said as an objection, but is one.
    pub hidden: bool,
    /// What people say.
    pub texts: Vec<Text>,
}

/// `refine score icp { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Refine {
    /// The kind of what is refined, as its keyword (`score`, `workflow`, `phrases`, …).
    pub kind: Name,
    /// Which one; none where the kind has only one (`permissions`).
    pub name: Option<Path>,
    /// The members to replace, by what they are.
    pub members: RefineMembers,
    /// Members to remove by name.
    pub removes: Vec<Name>,
}

/// The members of a refinement.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum RefineMembers {
    /// Of a score.
    Score(ScoreBody),
    /// Of phrases or an objection.
    Phrases(Vec<Text>),
    /// Of a source.
    Source(Vec<SourceClause>),
    /// Of a workflow.
    Workflow(Vec<WorkflowMember>),
    /// Of an agent.
    Agent(Vec<AgentClause>),
    /// Of the permissions.
    Permissions(Vec<PermissionRow>),
    /// Of the priorities.
    Priority(Vec<PriorityLine>),
    /// Of the contact policy.
    ContactPolicy(Vec<ContactPolicyClause>),
    /// Of a template.
    Template(Vec<TemplatePart>),
    /// Of an experiment.
    Experiment(Vec<ExperimentClause>),
    /// Of a rubric.
    Rubric(Vec<RubricLine>),
    /// Of what is published.
    Publish(Vec<PublishItem>),
    /// Of an action, an event or an entity.
    Fields(Vec<FieldDeclaration>),
}
