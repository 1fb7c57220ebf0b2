//! What-ifs, resolved: who comes in, how people and buyers behave. All chances are in percent.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Condition, EventId, Fixed, Limit, Origin, Period};

/// `scenario "first quarter" { … }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// `first quarter`
    pub title: SmolStr,
    /// Who comes in.
    pub leads: Vec<LeadStream>,
    /// Of the random numbers; the first seed where there are many.
    pub seed: u64,
    /// How people answer what they are asked; the first line that fits the person and the question counts.
    pub people: Vec<PersonHabit>,
    /// What buyers do; each line by itself.
    pub buyers: Vec<BuyerHabit>,
    /// What has to come out.
    pub expectations: Vec<SeedExpectation>,
    /// Where it is declared.
    pub origin: Origin,
}

/// `leads 20 per week from "sample/contacts.csv" for 8 weeks`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadStream {
    /// So many.
    pub count: u32,
    /// In each of these.
    pub per: Period,
    /// Drawn with replacement from this file, which a source of the client reads.
    pub from: SmolStr,
    /// For so long; as long as the scenario runs where absent.
    pub during: Option<Period>,
    /// Where it stands.
    pub origin: Origin,
}

/// `founder approves 80% within 3 hours, at most 10 per day`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonHabit {
    /// A role; anybody where absent.
    pub whom: Option<SmolStr>,
    /// What they do.
    pub act: PersonAct,
    /// How often; otherwise they do the opposite.
    pub chance: Fixed,
    /// Answered evenly within this time, in their business hours; at once where absent.
    pub within: Option<Period>,
    /// No more than so many answers in each of these; the rest queue.
    pub at_most: Option<(u32, Period)>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a person does in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonAct {
    /// Says yes to what asks for approval; otherwise no.
    Approves,
    /// Accepts a handoff; otherwise leaves it.
    Accepts,
    /// Rates what is to be rated; the chance is that of the better half of the scale.
    Rates,
    /// Adopts what was learned, each week that brings a proposal.
    Adopts,
}

impl PersonAct {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Approves, Self::Accepts, Self::Rates, Self::Adopts];

    /// As a playbook writes it.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Approves => "approves",
            Self::Accepts => "accepts",
            Self::Rates => "rates",
            Self::Adopts => "adopts",
        }
    }
}

/// `buyer replies to outreach 14% within 5 days when icp >= 60, 3% otherwise`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuyerHabit {
    /// What they do.
    pub event: EventId,
    /// Each time that this happens to them; when they come in where absent.
    pub after: Option<EventId>,
    /// How often, while the condition holds.
    pub chance: Fixed,
    /// Evenly within this time; at once where absent.
    pub within: Option<Period>,
    /// While what holds, judged at that instant, and how often otherwise.
    pub when: Option<(Condition, Fixed)>,
    /// What happens instead where they do not: `, else meeting.missed`.
    pub otherwise: Option<EventId>,
    /// As written.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// `expect O1 in at least 80% of seeds`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedExpectation {
    /// Into [`super::Program::goals`].
    pub goal: u32,
    /// Reached in so many of the seeds.
    pub share: Limit,
    /// As written.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}
