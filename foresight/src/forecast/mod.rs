//! What is foretold of open records: how likely each is won, and what comes in by month, with intervals.
//!
//! A `forecast` learns from the records that are decided, shrunk to the share that all of them have in common, and says nothing of its own
//! where too few are. What is foretold is shown; the field that it is about stays what somebody wrote into it.

mod model;
mod months;
mod read;

use std::sync::Arc;

use compiler::program::{Forecast, Program};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::crm::{Crm, CrmError};
use runtime::metrics::statistics::Share;
use runtime::score::LinkError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use months::Month;

use crate::statistics::Estimate;

/// So many of the rarer outcome have to be known before anything but the common share is foretold.
pub const RARER: usize = 10;

/// So many have to be decided, not all of them alike, before anything is foretold at all: of fewer nobody could say what a share is.
pub const DECIDED: u64 = 10;

/// What is foretold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Foretold {
    /// As written, from the field on.
    pub words: String,
    /// Of the decided ones, those that were won.
    pub decided: Share,
    /// Nothing is foretold, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_little: Option<String>,
    /// The facts told nothing apart yet, and why: every open record has the common share.
    pub common: Option<String>,
    /// Learned from the older seven tenths and asked of the newer three: how often a won one was foretold more than a lost one.
    pub auc: Estimate,
    /// The same, as the mean squared distance of the chance from what came; and that of the common share beside it.
    pub brier: Option<(f64, f64)>,
    /// Each open record, the likeliest first.
    pub open: Vec<Open>,
    /// What comes in, month by month; what is not dated to a month within two years is left out.
    pub months: Vec<Month>,
    /// Open records whose worth nobody knows: they count in no month.
    pub without_worth: u64,
    /// Open records of some worth that count in no month, because nobody expects them to close on a day to come and nothing that was won says how
    /// long it takes.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub undated: u64,
    /// What else is to be known of how records were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_nought(number: &u64) -> bool {
    *number == 0
}

/// An open record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// Its row.
    pub id: i64,
    /// What it is called, where it is called anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How likely it is won: from 0 to 1; none where nothing is foretold.
    pub chance: Option<f64>,
    /// What it is worth, in the client's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<f64>,
    /// What its facts say, as they were read.
    pub facts: Vec<(String, String)>,
}

/// Why nothing can be foretold.
#[derive(Debug, Error)]
pub enum ForecastError {
    /// The CRM cannot be read.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The Program is damaged.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// Foretells what a forecast is about, as of an instant. The seed is that of the months' intervals.
///
/// # Errors
/// Where the CRM cannot be read.
pub fn foretell(
    crm: &Crm,
    program: &Arc<Program>,
    forecast: &Forecast,
    now: Timestamp,
    seed: u64,
) -> Result<Foretold, ForecastError> {
    let zone = TimeZone::get(&program.client.timezone).unwrap_or(TimeZone::UTC);
    let read::Read { cases, remarks } = read::cases(crm, program, forecast, now)?;
    let won = cases.iter().filter(|case| case.outcome.is_some_and(|(won, _)| won)).count() as u64;
    let decided = cases.iter().filter(|case| case.outcome.is_some()).count() as u64;
    let too_little = too_little(won, decided);
    let learned = model::learn(&cases);
    let judged = model::judge(&cases);
    let mut open: Vec<Open> = cases
        .iter()
        .filter(|case| case.outcome.is_none())
        .map(|case| Open {
            id: case.id,
            name: case.name.clone(),
            chance: too_little.is_none().then(|| learned.chance(case)),
            worth: case.worth,
            facts: case.facts.iter().map(|fact| (fact.name.clone(), fact.said())).collect(),
        })
        .collect();
    let months::Months { months, undated } = match too_little {
        Some(_) => months::Months::default(),
        None => months::months(&cases, &learned, &zone, now, seed),
    };
    let without_worth = open.iter().filter(|open| open.worth.is_none()).count() as u64;
    let chance = |open: &Open| open.chance.unwrap_or(0.0);
    open.sort_by(|one, other| chance(other).total_cmp(&chance(one)).then(one.id.cmp(&other.id)));
    Ok(Foretold {
        words: forecast.words.to_string(),
        decided: Share::new(won, decided),
        common: learned.common().filter(|_| too_little.is_none()),
        too_little,
        auc: judged.auc,
        brier: judged.brier,
        open,
        months,
        without_worth,
        undated,
        remarks,
    })
}

fn too_little(won: u64, decided: u64) -> Option<String> {
    if decided == 0 {
        Some("nothing is decided yet, so nothing is foretold".to_owned())
    } else if decided < DECIDED {
        Some(format!("{decided} decided are too few to foretell anything from: it takes {DECIDED}"))
    } else if won == 0 || won == decided {
        let how = if won == 0 { "lost" } else { "won" };
        Some(format!("all {decided} decided ones were {how}: from one outcome alone nothing is foretold"))
    } else {
        None
    }
}
