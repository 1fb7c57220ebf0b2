//! What a port brings back. Nothing of it counts before the engine has looked at it: permission, evidence, type.

use compiler::program::{Fixed, Value};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::EvidenceId;

/// What came of an assignment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Facts, each with what it rests on.
    pub found: Vec<Found>,
    /// Fields for which sources say different things. Not guessed: a person decides.
    pub disputed: Vec<Disputed>,
    /// A text, for a person to approve.
    pub draft: Option<Draft>,
    /// What the conversations show.
    pub insights: Vec<Insight>,
    /// How good a text is; none where nothing can be said honestly.
    pub rating: Option<Rating>,
    /// When something could be.
    pub proposal: Option<Proposal>,
    /// What stayed open, and why.
    pub open: Vec<OpenPoint>,
    /// What it cost, in the client's currency.
    pub spent: Decimal,
}

/// A fact that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// As it was wanted.
    pub path: SmolStr,
    /// Of the type that was wanted.
    pub value: Value,
    /// What it rests on; never empty.
    pub evidence: Vec<Evidence>,
    /// When it was so; none where the evidence says nothing about that and it counts as of now.
    pub observed: Option<Timestamp>,
}

/// What a fact rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `crm`, a file's name, the id of a conversation.
    pub source: SmolStr,
    /// Where in there: `line 4`, an evidence's id.
    pub locator: SmolStr,
    /// The very words.
    pub quote: String,
}

/// A field for which sources say different things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disputed {
    /// As it was wanted.
    pub path: SmolStr,
    /// Each value with what speaks for it, in the order of the sources.
    pub values: Vec<Found>,
}

/// A text that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The line above, where the channel has one.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// What it says about them, each with what it rests on.
    pub claims: Vec<Claim>,
}

/// Something that a draft says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The words of the draft.
    pub text: String,
    /// What they rest on, out of the assignment; never empty.
    pub evidence: Vec<EvidenceId>,
}

/// What a conversation shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insight {
    /// Of what kind.
    pub kind: InsightKind,
    /// The phrase set's or objection's name; for a need, the need.
    pub value: SmolStr,
    /// The very words, blanks aside.
    pub quote: String,
    /// Of which conversation.
    pub source: EvidenceId,
}

/// The kinds of insights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsightKind {
    /// They said one of a set of phrases, or the like.
    Said,
    /// They object.
    Objection,
    /// They object without saying so.
    HiddenObjection,
    /// They need something. Phrases do not find that.
    Need,
}

/// How good a text is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The points of the line that it earns.
    pub value: Fixed,
    /// That line, as written.
    pub line: SmolStr,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
}

/// Why a line is earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// `a number`
    pub words: String,
    /// The words of the text that show it; none where it is about the whole text or about what is not there.
    pub quote: Option<String>,
}

/// When something could be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// For what.
    pub what: SmolStr,
    /// In the order of time.
    pub slots: Vec<Slot>,
}

/// A time that is free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// From.
    pub from: Timestamp,
    /// To.
    pub to: Timestamp,
    /// In the zone of whom it is for: `Tuesday 1 December 2026, 09:00 to 09:30 (Pacific/Auckland)`.
    pub words: String,
}

/// Something that stayed open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPoint {
    /// A path, a rubric's name, what was to be scheduled.
    pub what: SmolStr,
    /// Why.
    pub why: String,
}
