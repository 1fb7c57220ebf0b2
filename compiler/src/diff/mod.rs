//! What a change of a playbook means: two Programs in, changes in words out.
//!
//! It compares meaning, not text: order of declarations, layout, comments, names of files and what is only said another way are no
//! change. Pure; what needs facts or a CRM is the run time's. Two scores are *proven* the same here ([`same_score`]); where they are
//! not, the run time looks for a record that tells them apart.

mod data;
mod foresight;
mod goals;
mod messages;
mod normal;
mod policy;
mod rights;
mod rules;
mod scores;
mod stages;
pub mod words;
mod workflows;

use serde::Serialize;
use smol_str::SmolStr;

use crate::program::{Program, ScoreId, Workflow};
use normal::Normal;

pub use scores::Pairing;

/// What a change is about, in the order in which a reader wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Who may do what.
    Rights,
    /// What reaches a person or spends money, and which questions stand before it.
    Gates,
    /// Stages, ways out, time limits.
    Workflows,
    /// Layers, rules, routes.
    Scores,
    /// When somebody may be written to.
    ContactPolicy,
    /// Who goes first.
    Priorities,
    /// Templates, experiments, rubrics.
    Messages,
    /// Goals and feedback.
    Goals,
    /// What a score learns from, scenarios, back-tests, forecasts, what is published.
    Foresight,
    /// The client's settings, fields, events, facts, phrases, sources.
    Data,
    /// Tests: proof, not behaviour.
    Tests,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It was not there.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
    /// It has another name, as far as can be told by what it does.
    Renamed,
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is about.
    pub area: Area,
    /// What exactly: `LeadQualification.Invite`, `icp`, `LeadGen`.
    pub of: String,
    /// How.
    pub kind: Kind,
    /// In words, to be read behind [`Change::of`].
    pub words: String,
    /// What stood there before, where one thing took another's place.
    pub before: Option<String>,
    /// What stands there now.
    pub after: Option<String>,
    /// Something will be decided or done otherwise; otherwise only words for readers and proofs changed.
    pub meaning: bool,
}

/// The changes from one Program to another, by area, then by what they are about, as the later one has it.
#[must_use]
pub fn diff(before: &Program, after: &Program) -> Vec<Change> {
    let mut changes = Changes { list: Vec::new() };
    let both = Both::new(before, after);
    rights::compare(&both, &mut changes);
    workflows::compare(&both, &mut changes);
    scores::compare(&both, &mut changes);
    policy::compare(&both, &mut changes);
    messages::compare(&both, &mut changes);
    goals::compare(&both, &mut changes);
    foresight::compare(&both, &mut changes);
    data::compare(&both, &mut changes);
    let mut list = changes.list;
    list.sort_by_key(|change| change.area);
    list
}

/// Whether two scores are proven the same: they give the same value, range and route to every record, at every instant.
#[must_use]
pub fn same_score(before: (&Program, ScoreId), after: (&Program, ScoreId)) -> bool {
    Normal::by_content(before.0).score(before.1) == Normal::by_content(after.0).score(after.1)
}

/// The scores of both, paired by name, and by content where just one of each is left over.
#[must_use]
pub fn scores(before: &Program, after: &Program) -> Vec<Pairing> {
    scores::pairs(&Both::new(before, after))
}

/// Where a live run of a workflow's stage stands under the other Program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// The same workflow has a stage of that name; whether what is done there changed.
    Stays {
        /// It is another stage by the same name.
        changed: bool,
    },
    /// There is no such stage; the one that does the same, where there is one.
    Gone {
        /// `LeadQualification.Booked`
        likely: Option<(SmolStr, SmolStr)>,
    },
}

/// Where a run in that stage would be under the later Program.
#[must_use]
pub fn whereabouts(before: &Program, after: &Program, workflow: &str, stage: &str) -> Whereabouts {
    workflows::whereabouts(&Both::new(before, after), workflow, stage)
}

/// Two Programs, with their normal forms by name.
struct Both<'p> {
    before: Side<'p>,
    after: Side<'p>,
}

/// One of them.
struct Side<'p> {
    program: &'p Program,
    normal: Normal<'p>,
    words: words::Words<'p>,
}

impl<'p> Both<'p> {
    fn new(before: &'p Program, after: &'p Program) -> Self {
        let side = |program| Side { program, normal: Normal::by_name(program), words: words::Words::new(program) };
        Self { before: side(before), after: side(after) }
    }
}

/// What was found.
struct Changes {
    list: Vec<Change>,
}

impl Changes {
    fn added(&mut self, area: Area, of: impl Into<String>, words: impl Into<String>) {
        self.push(area, of, Kind::Added, words);
    }

    fn removed(&mut self, area: Area, of: impl Into<String>, words: impl Into<String>) {
        self.push(area, of, Kind::Removed, words);
    }

    fn push(&mut self, area: Area, of: impl Into<String>, kind: Kind, words: impl Into<String>) {
        let (of, words) = (of.into(), words.into());
        self.list.push(Change { area, of, kind, words, before: None, after: None, meaning: true });
    }

    /// One thing took another's place.
    fn changed(
        &mut self,
        area: Area,
        of: impl Into<String>,
        words: impl Into<String>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) {
        self.push(area, of, Kind::Changed, words);
        if let Some(change) = self.list.last_mut() {
            (change.before, change.after) = (Some(before.into()), Some(after.into()));
        }
    }

    /// Where a value is another.
    fn value(&mut self, area: Area, of: &str, what: &str, before: &str, after: &str) {
        if before != after {
            self.changed(area, of, format!("{what} {after} (was {before})"), before, after);
        }
    }

    /// Only words for readers changed.
    fn only_words(&mut self, area: Area, of: impl Into<String>, words: impl Into<String>) {
        self.push(area, of, Kind::Changed, words);
        if let Some(change) = self.list.last_mut() {
            change.meaning = false;
        }
    }
}

/// Things of the two sides that belong together by name, in the later one's order; then those that only the earlier one has.
fn paired<'a, T>(before: &'a [T], after: &'a [T], name: impl Fn(&T) -> SmolStr) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let find = |among: &'a [T], wanted: &T| {
        let wanted = name(wanted);
        among.iter().find(|known| name(known) == wanted)
    };
    let mut pairs: Vec<_> = after.iter().map(|thing| (find(before, thing), Some(thing))).collect();
    pairs.extend(before.iter().filter(|thing| find(after, thing).is_none()).map(|thing| (Some(thing), None)));
    pairs
}

/// Items of two lists that are equal leave both, each once.
fn without_equal<T>(before: &mut Vec<T>, after: &mut Vec<T>, equal: impl Fn(&T, &T) -> bool) {
    before.retain(|thing| match after.iter().position(|other| equal(thing, other)) {
        Some(place) => {
            after.remove(place);
            false
        }
        None => true,
    });
}

/// `a workflow for Contact`
fn workflow_words(side: &Side<'_>, workflow: &Workflow) -> String {
    let entity = side.words.entity(workflow.entity);
    format!("a workflow for {entity}, run by {}", side.words.actor(&workflow.by))
}

/// `because "…"`, or that nobody says why.
fn reason(words: Option<&SmolStr>) -> String {
    if words.is_none() { " without a reason".to_owned() } else { because(words) }
}

/// `because "…"`, or nothing.
fn because(words: Option<&SmolStr>) -> String {
    words.map(|words| format!(" because {}", words::quoted(words))).unwrap_or_default()
}
