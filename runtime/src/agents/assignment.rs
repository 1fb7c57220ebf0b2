//! What a port is asked to do, with all that it may know. Made by the engine out of what the agent may read; nothing here
//! leads back to the CRM but the ids of evidence, which mean something to the engine alone.

use std::fmt;

use compiler::program::{Fixed, Hours, Type, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A piece of work for a port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The engine's number for it.
    pub work: i64,
    /// The same for every try of the same work, and for no other work.
    pub key: SmolStr,
    /// Who does it, `LeadGen`; its permissions decided what is in here.
    pub agent: SmolStr,
    /// What is to be done.
    pub task: Task,
    /// What is known, by path.
    pub facts: Vec<Given>,
    /// What was said, oldest first.
    pub conversations: Vec<Heard>,
    /// The instant that counts as now.
    pub now: Timestamp,
}

/// What an agent can be asked to do without reaching anybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// `do research company`
    Research {
        /// The record's word, `company`.
        entity: SmolStr,
        /// Which fields.
        wanted: Vec<Wanted>,
        /// ISO 4217; amounts in another one are not taken.
        currency: SmolStr,
    },
    /// `do write first_touch via email`
    Write {
        /// Its name.
        template: SmolStr,
        /// `email`; none where the workflow names none.
        channel: Option<SmolStr>,
        /// The line above; none where the template has none.
        subject: Option<Vec<Part>>,
        /// The text.
        body: Vec<Part>,
        /// `{sender.first_name}` and the like: field and words.
        sender: Vec<(SmolStr, SmolStr)>,
        /// The client's name.
        client: SmolStr,
    },
    /// `do rate message by spcl`
    Rate {
        /// Its name.
        rubric: SmolStr,
        /// Points and what earns them, as written.
        lines: Vec<RubricLine>,
        /// What is rated.
        text: Named,
    },
    /// `do analyse`: which phrases and objections the conversations hold.
    Analyse {
        /// What to look for.
        phrases: Vec<Phrases>,
    },
    /// `do schedule discovery`
    Schedule {
        /// For what.
        what: SmolStr,
        /// The IANA zone of whom it is for.
        zone: SmolStr,
        /// In that zone.
        hours: Hours,
        /// Days off.
        holidays: Vec<Date>,
        /// So long, in minutes.
        minutes: u32,
        /// So many proposals at most.
        count: u32,
        /// Not before.
        earliest: Timestamp,
        /// What is taken already.
        busy: Vec<Busy>,
    },
    /// `do mark customer`: where the contact stands with us from now on.
    Mark {
        /// The field that says so.
        stage: Wanted,
        /// The playbook's word.
        word: SmolStr,
    },
}

impl Task {
    /// The verb that the playbook has for it.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Research { .. } => "research",
            Self::Write { .. } => "write",
            Self::Rate { .. } => "rate",
            Self::Analyse { .. } => "analyse",
            Self::Schedule { .. } => "schedule",
            Self::Mark { .. } => "mark",
        }
    }
}

/// What evidence is called: whatever the engine chose, unique within an assignment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EvidenceId(pub SmolStr);

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Something that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// See [`super::path`]: `contact.first_name`, `company.industry`.
    pub path: SmolStr,
    /// The value.
    pub value: Value,
    /// As it reads in a sentence; see [`super::reads`].
    pub words: SmolStr,
    /// When it was observed; none where nobody noted it.
    pub observed: Option<Timestamp>,
    /// What it rests on.
    pub evidence: EvidenceId,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// As evidence.
    pub id: EvidenceId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub direction: Direction,
    /// The line above, where there was one.
    pub subject: Option<SmolStr>,
    /// What.
    pub text: SmolStr,
}

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// They did.
    Inbound,
    /// We did.
    Outbound,
}

/// A field that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// See [`super::path`]: `company.industry`.
    pub path: SmolStr,
    /// What it holds.
    pub ty: Type,
}

/// A part of a text to be filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// As it is.
    Literal(SmolStr),
    /// A fact, by its path.
    Fact {
        /// As in [`Given::path`].
        path: SmolStr,
        /// Where it is missing.
        otherwise: Option<SmolStr>,
    },
    /// A field of the sender.
    Sender {
        /// Which.
        field: SmolStr,
        /// Where it is missing.
        otherwise: Option<SmolStr>,
    },
    /// The client's name.
    Client,
}

/// A line of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RubricLine {
    /// So many points.
    pub points: Fixed,
    /// For what, as written.
    pub earns: SmolStr,
}

/// A text that can be quoted from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// As evidence.
    pub id: EvidenceId,
    /// The text.
    pub text: SmolStr,
}

/// A set of phrases to look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrases {
    /// `bid_pain`
    pub name: SmolStr,
    /// What a find means.
    pub kind: PhrasesKind,
    /// As written.
    pub texts: Vec<SmolStr>,
}

/// What finding a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhrasesKind {
    /// It was said.
    Said,
    /// It is an objection.
    Objection,
    /// It is one, not said as one.
    HiddenObjection,
}

/// A time that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// From then on.
    pub from: Timestamp,
    /// Until then, which is free again.
    pub to: Timestamp,
}

impl Assignment {
    /// What is known at that path.
    #[must_use]
    pub fn fact(&self, path: &str) -> Option<&Given> {
        self.facts.iter().find(|given| given.path == path)
    }
}
