//! Messages, resolved: templates, what is tried out, and how a text is rated.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{EventId, FieldPath, Fixed, Origin, Period, Subject};

/// A message to be filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// `first_touch`
    pub name: SmolStr,
    /// The line above; channels without one leave it out.
    pub subject: Option<Vec<Piece>>,
    /// The text.
    pub body: Vec<Piece>,
    /// Where it is declared.
    pub origin: Origin,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// As it is.
    Literal(SmolStr),
    /// `{contact.first_name else "there"}`
    Fill {
        /// Whose field.
        of: Subject,
        /// Which; walked from there.
        field: FieldPath,
        /// Where it is missing. The compiler has asked for one where that can be.
        otherwise: Option<SmolStr>,
    },
    /// `{sender.first_name}`: of the person who approves it; `{sender.name}`, `{sender.email}`, `{sender.title}`.
    Sender {
        /// Which.
        field: SmolStr,
        /// Where it is missing.
        otherwise: Option<SmolStr>,
    },
    /// `{client.name}`
    Client,
}

/// `experiment channel_mix { try email, linkedin, phone   success reply.received within 10 days }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// `channel_mix`
    pub name: SmolStr,
    /// What is tried, by name: all of one kind.
    pub arms: Vec<SmolStr>,
    /// Which kind.
    #[serde(default)]
    pub of: ArmKind,
    /// How the next one is chosen.
    pub choose: Choice,
    /// Each arm gets at least such a share, in percent, whatever was learned.
    pub at_least: Option<Fixed>,
    /// Such a share, in percent, gets an arm by lot and is what the others are compared with.
    pub hold_out: Option<Fixed>,
    /// What was seen counts half after so long, in seconds: for a world that changes.
    pub half_life: Option<Fixed>,
    /// When it ends by itself, and everybody gets the best one.
    pub stop: Option<Stop>,
    /// What counts.
    pub success: EventId,
    /// Within so long.
    pub within: Option<Period>,
    /// Where it is declared.
    pub origin: Origin,
}

/// What the arms of an experiment are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArmKind {
    /// `try email, phone`: over which one a message goes.
    #[default]
    Channels,
    /// `try intro, story`: which one is written.
    Templates,
}

/// How an experiment chooses. A pull counts when its window has closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Each as often: by lot.
    #[default]
    Evenly,
    /// By a draw from what each arm's share may be (Thompson 1933).
    Thompson,
    /// The one that could be best (UCB1, Auer et al. 2002).
    Ucb,
}

impl Choice {
    /// As a playbook writes it, behind `choose`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Evenly => "evenly",
            Self::Thompson => "by thompson",
            Self::Ucb => "by ucb",
        }
    }
}

/// `stop when one is best with 95% after 50 each`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// So probable, in percent, that it is the best.
    pub probability: Fixed,
    /// And each arm was tried so often, windows closed.
    pub after: u32,
}

/// A scorecard for a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rubric {
    /// `spcl`
    pub name: SmolStr,
    /// What is rated.
    pub from: RubricText,
    /// A person confirms each rating: anybody, or that role.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::said")]
    pub confirmed_by: Option<Option<SmolStr>>,
    /// Points and what earns them, as written.
    pub lines: Vec<(Fixed, SmolStr)>,
    /// Where it is declared.
    pub origin: Origin,
}

/// What a rubric reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RubricText {
    /// `from message`: what the run wrote last.
    Message,
    /// `from discovery.notes`: what was written down of such a talk.
    Notes(SmolStr),
}
