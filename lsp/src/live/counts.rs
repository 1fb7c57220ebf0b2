//! What a client's CRM says of its playbook: figures with three examples each, by the names of the playbook. Data only.

use std::path::Path;

use compiler::program::Fixed;
use smol_str::SmolStr;

use super::places::Place;

/// So many examples of each.
pub(crate) const SHOWN: usize = 3;

/// What a client's CRM says of its playbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    /// In the order of the playbook.
    pub(crate) scores: Vec<OfScore>,
    /// Stages that live runs are in.
    pub(crate) stages: Vec<OfStage>,
    /// The instant asked about, in words.
    pub(crate) as_of: String,
}

/// A score over all records that it judges.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfScore {
    pub(crate) name: SmolStr,
    /// What several of them are called: `contacts`.
    pub(crate) of: String,
    /// How many records there are.
    pub(crate) judged: u64,
    /// Where they are routed, the best first; empty where the score routes nothing.
    pub(crate) labels: Vec<(SmolStr, Group)>,
    /// Those for whom no line of the route holds.
    pub(crate) nowhere: Group,
    /// Line by line of the route: whom that very line routes.
    pub(crate) lines: Vec<OfLine>,
    /// Rule by rule: to whom it gives points.
    pub(crate) rules: Vec<OfRule>,
    /// Who is routed otherwise by the playbook on the disk; none where that is proven to be nobody.
    pub(crate) moves: Option<Moves>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfLine {
    pub(crate) place: Option<Place>,
    pub(crate) label: SmolStr,
    pub(crate) group: Group,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfRule {
    pub(crate) place: Option<Place>,
    pub(crate) layer: Option<SmolStr>,
    /// In its layer.
    pub(crate) index: usize,
    pub(crate) group: Group,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfStage {
    pub(crate) workflow: SmolStr,
    pub(crate) stage: SmolStr,
    pub(crate) group: Group,
}

/// Some records, and examples of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Group {
    pub(crate) count: u64,
    pub(crate) examples: Vec<Example>,
}

/// A record, as the CRM names it. It is shown to whoever asks, and written to no log.
#[derive(Clone, PartialEq)]
pub(crate) struct Example {
    pub(crate) id: i64,
    /// Its name, or else its address, or else its number.
    pub(crate) name: String,
    /// What tells it apart from others of that name; may be empty.
    pub(crate) beside: String,
    /// Why it is an example: `82 points`.
    pub(crate) detail: String,
}

/// Who is routed otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Moves {
    /// From where, to where, how many; the most first.
    pub(crate) routes: Vec<(Option<SmolStr>, Option<SmolStr>, u64)>,
    /// Those whose points change most first.
    pub(crate) examples: Vec<Example>,
}

impl std::fmt::Debug for Example {
    /// Without anything personal: this may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Example").field("id", &self.id).field("detail", &self.detail).finish_non_exhaustive()
    }
}

impl Moves {
    pub(crate) fn total(&self) -> u64 {
        self.routes.iter().map(|(_, _, count)| count).sum()
    }
}

impl Counts {
    /// Whether both show the same, but for the instant.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        self.scores == other.scores && self.stages == other.stages
    }

    pub(crate) fn score(&self, name: &str) -> Option<&OfScore> {
        self.scores.iter().find(|score| score.name == name)
    }

    /// The live runs of a stage; none where the playbook has no such stage or none is there.
    pub(crate) fn stage(&self, workflow: &str, stage: &str) -> Option<&Group> {
        let found = self.stages.iter().find(|found| found.workflow == workflow && found.stage == stage);
        found.map(|found| &found.group)
    }
}

impl OfScore {
    /// Whom a label gets, whatever line it is by.
    pub(crate) fn label(&self, name: &str) -> Option<&Group> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, group)| group)
    }

    /// A rule by its place in its layer.
    #[cfg(test)]
    pub(crate) fn rule(&self, layer: Option<&str>, index: usize) -> Option<&Group> {
        let found = self.rules.iter().find(|rule| rule.layer.as_deref() == layer && rule.index == index);
        found.map(|rule| &rule.group)
    }

    /// The rule that is written so in that file; of several the nearest.
    pub(crate) fn rule_at(&self, path: &Path, text: &str, line: usize) -> Option<&OfRule> {
        nearest(&self.rules, |rule| rule.place.as_ref(), (path, text, line))
    }

    /// The line of the route that is written so in that file; of several the nearest.
    pub(crate) fn line_at(&self, path: &Path, text: &str, line: usize) -> Option<&OfLine> {
        nearest(&self.lines, |line| line.place.as_ref(), (path, text, line))
    }
}

fn nearest<'c, T>(
    all: &'c [T],
    place: impl Fn(&T) -> Option<&Place>,
    (path, text, line): (&Path, &str, usize),
) -> Option<&'c T> {
    let there = all.iter().filter_map(|one| Some((one, place(one)?)));
    let same = there.filter(|(_, place)| place.text == text && place.path == path);
    same.min_by_key(|(_, place)| place.line.abs_diff(line)).map(|(one, _)| one)
}

/// `82 points`
pub(super) fn points(value: Fixed) -> String {
    if value == Fixed::from_integer(1) { "1 point".to_owned() } else { format!("{value} points") }
}
