//! A change of a playbook for its readers: what it means, what it does to scores and to a CRM, gathered once and shown in three forms.

pub(crate) mod markdown;
pub(crate) mod page;
pub(crate) mod revision;

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::diff::{self, Area, Change, Kind, Pairing};
use compiler::program::{EntityId, Program, ScoreId};
use jiff::Timestamp;
use runtime::crm::{Crm, CrmError};
use runtime::diff::{Compared, Difference, Found, Moves, Reading, Side, Standing, instances, routes, search};
use runtime::score::Scorer;
use serde::Serialize;

use crate::evidence::Decimal;
use crate::layout::{count, listed};
use crate::people::{self, Person};

/// What a change means.
#[derive(Debug, Serialize)]
pub(crate) struct Changes {
    /// What stood there before, as it was named.
    pub(crate) before: String,
    /// What stands there now.
    pub(crate) after: String,
    /// Something will be decided or done otherwise.
    pub(crate) changed: bool,
    /// What, in words.
    pub(crate) changes: Vec<Change>,
    /// Score by score.
    pub(crate) scores: Vec<Verdict>,
    /// What it does to a CRM, where there is one at hand.
    pub(crate) crm: Option<OnCrm>,
}

/// What is known of a score.
#[derive(Debug, Serialize)]
pub(crate) struct Verdict {
    /// Its name.
    pub(crate) score: String,
    /// How it is known.
    pub(crate) verdict: Known,
    /// How many records were tried.
    pub(crate) tried: u64,
    /// A record that tells the two apart.
    pub(crate) witness: Option<Witness>,
}

/// How two scores are known to be the same, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Known {
    /// One value, range and route for every record.
    ProvenSame,
    /// A record tells them apart.
    Differs,
    /// Neither.
    NotFound,
    /// There was none before.
    New,
    /// There is none any more.
    Gone,
}

/// A record that tells two scores apart.
#[derive(Debug, Serialize)]
pub(crate) struct Witness {
    /// By what.
    pub(crate) difference: Difference,
    /// What the earlier score says.
    pub(crate) before: Said,
    /// What the later one says.
    pub(crate) after: Said,
    /// A test that holds now and did not before; none where what tells the two apart can be told to one of them only.
    pub(crate) test: Option<String>,
    /// The record in words, where there is no test.
    pub(crate) in_words: Option<String>,
}

/// What a score says of a record.
#[derive(Debug, Serialize)]
pub(crate) struct Said {
    score: Decimal,
    low: Decimal,
    high: Decimal,
    route: Option<String>,
    certain: bool,
}

/// What a change does to a CRM.
#[derive(Debug, Default, Serialize)]
pub(crate) struct OnCrm {
    /// The instant asked about.
    pub(crate) as_of: Option<Timestamp>,
    /// Who is routed otherwise, score by score.
    pub(crate) scores: Vec<OnScore>,
    /// Where live runs stand, stage by stage.
    pub(crate) runs: Vec<OnRuns>,
    /// What could not be looked at, and why.
    pub(crate) notes: Vec<String>,
}

/// Who is routed otherwise.
#[derive(Debug, Serialize)]
pub(crate) struct OnScore {
    pub(crate) score: String,
    /// What is scored, as one is called: `contact`.
    pub(crate) of: String,
    pub(crate) judged: u64,
    pub(crate) other_points: u64,
    pub(crate) moves: Vec<Move>,
    pub(crate) examples: Vec<Moved>,
}

/// So many go from one route to another.
#[derive(Debug, Serialize)]
pub(crate) struct Move {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) records: u64,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct Moved {
    pub(crate) id: i64,
    /// Who it is, where the reader sits at a terminal.
    #[serde(skip)]
    pub(crate) name: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) before: Decimal,
    pub(crate) after: Decimal,
}

/// The live runs of a stage.
#[derive(Debug, Serialize)]
pub(crate) struct OnRuns {
    pub(crate) workflow: String,
    pub(crate) stage: String,
    pub(crate) runs: u64,
    /// The later playbook has the stage.
    pub(crate) stays: bool,
    /// What is done there changed.
    pub(crate) changed: bool,
    /// So many have waited longer than the later playbook lets them.
    pub(crate) overdue: u64,
    /// Where they could go on, as far as can be told: `LeadQualification.Booked`.
    pub(crate) likely: Option<String>,
}

/// One side of a comparison.
#[derive(Debug)]
pub(crate) struct End {
    /// As it was named.
    pub(crate) name: String,
    /// What it means.
    pub(crate) program: Arc<Program>,
}

/// What is looked at beside the playbooks.
pub(crate) struct Looking<'l> {
    /// The CRM's file, where there is one.
    pub(crate) db: Option<&'l std::path::Path>,
    /// The instant asked about.
    pub(crate) now: Timestamp,
    /// Where the search for a record begins.
    pub(crate) seed: u64,
    /// So many records that are routed otherwise are named.
    pub(crate) shown: usize,
    /// Their names are read as well.
    pub(crate) names: bool,
}

/// Compares.
///
/// # Errors
/// Where a Program is damaged, or the CRM is.
pub(crate) fn between(before: &End, after: &End, looking: &Looking<'_>) -> anyhow::Result<Changes> {
    let changes = diff::diff(&before.program, &after.program);
    let pairs = diff::scores(&before.program, &after.program);
    let mut scores = Vec::new();
    for pair in &pairs {
        scores.push(verdict(pair, before, after, looking.seed)?);
    }
    let differs = scores.iter().any(|score| score.verdict != Known::ProvenSame);
    let changed = differs || changes.iter().any(|change| change.meaning);
    let crm = looking.db.map(|path| on_crm(path, before, after, &pairs, looking)).transpose()?;
    Ok(Changes { before: before.name.clone(), after: after.name.clone(), changed, changes, scores, crm })
}

fn verdict(pair: &Pairing, before: &End, after: &End, seed: u64) -> anyhow::Result<Verdict> {
    let plain = |verdict| Verdict { score: pair.name.to_string(), verdict, tried: 0, witness: None };
    let (old, new) = match (pair.before, pair.after) {
        (None, _) => return Ok(plain(Known::New)),
        (_, None) => return Ok(plain(Known::Gone)),
        (Some(_), Some(_)) if pair.same => return Ok(plain(Known::ProvenSame)),
        (Some(old), Some(new)) => (old, new),
    };
    let side = |end: &End, score| Side { program: Arc::clone(&end.program), score };
    let (found, tried) = search(&side(before, old), &side(after, new), seed)?;
    let verdict = if found.is_some() { Known::Differs } else { Known::NotFound };
    let witness = found.map(|found| witness(&found, (&before.program, old), (&after.program, new)));
    Ok(Verdict { tried, witness, ..plain(verdict) })
}

fn witness(found: &Found, old: (&Program, ScoreId), (program, score): (&Program, ScoreId)) -> Witness {
    let card = program.scores.get(score.index());
    let (name, entity) = card.map_or(("", EntityId(0)), |card| (card.name.as_str(), card.entity));
    let was = old.0.scores.get(old.1.index());
    // What a test expects has to be named so in both.
    let named = was.is_some_and(|was| was.name == name);
    let has = |route: &smol_str::SmolStr| was.is_some_and(|was| was.labels.contains(route));
    let known = found.after.route.as_ref().is_none_or(has);
    let (is, was) = expected(found, known);
    let expects = vec![(format!("{name} is {is}"), format!("before: {was}"))];
    let title = format!("{name} is {is} (was {was})");
    let test =
        (found.in_words.is_none() && named && (known || found.before.standing.value != found.after.standing.value))
            .then(|| found.example.test(program, entity, &title, &expects));
    let in_words = test.is_none().then(|| format!("{}: {name} is {is} (was {was})", found.told(program, entity)));
    Witness { difference: found.difference, before: said(&found.before), after: said(&found.after), test, in_words }
}

/// What the later score says, and the earlier one, by what tells them apart.
/// A route that only the later one has is told by the points, where they are others too.
fn expected(found: &Found, known: bool) -> (String, String) {
    let both = |words: fn(&Compared) -> String| (words(&found.after), words(&found.before));
    let routed = found.after.route.is_some();
    match found.difference {
        Difference::Route if routed && (known || found.before.standing.value == found.after.standing.value) => {
            both(|said| said.route.as_ref().map_or_else(|| "nowhere".to_owned(), ToString::to_string))
        }
        Difference::Range if routed && found.before.certain != found.after.certain => both(|said| {
            let how = if said.certain { "certainly" } else { "provisionally" };
            format!("{how} {}", said.route.as_ref().map_or("nowhere", smol_str::SmolStr::as_str))
        }),
        Difference::Route | Difference::Value => both(|said| said.standing.value.to_string()),
        Difference::Range => both(|said| {
            let standing = said.standing;
            format!("{}, could reach {}, could fall to {}", standing.value, standing.high, standing.low)
        }),
    }
}

fn said(compared: &Compared) -> Said {
    Said {
        score: Decimal(compared.standing.value),
        low: Decimal(compared.standing.low),
        high: Decimal(compared.standing.high),
        route: compared.route.as_ref().map(ToString::to_string),
        certain: compared.certain,
    }
}

/// What stands in the file is judged by both; where it cannot be read as one of them reads it, that is said.
fn on_crm(
    path: &std::path::Path,
    before: &End,
    after: &End,
    pairs: &[Pairing],
    looking: &Looking<'_>,
) -> anyhow::Result<OnCrm> {
    let mut seen = OnCrm { as_of: Some(looking.now), ..OnCrm::default() };
    let new = Crm::open_to_read(path, &after.program)?;
    let live = new.runs(None, true)?;
    seen.runs = instances(&before.program, &after.program, &live, looking.now).iter().map(runs).collect();
    let old = match Crm::open_to_read(path, &before.program) {
        Ok(old) => old,
        Err(error) => {
            seen.notes.push(format!(
                "who is routed otherwise cannot be told: `{}` {}",
                before.name,
                unreadable(&error)
            ));
            return Ok(seen);
        }
    };
    let scorer = |crm: &Crm, end: &End| -> anyhow::Result<Scorer> {
        Ok(Scorer::link_shared(Arc::clone(&end.program), looking.now, &crm.coverage(&end.program)?)?)
    };
    let (was, is) = (scorer(&old, before)?, scorer(&new, after)?);
    for pair in pairs.iter().filter(|pair| !pair.same) {
        let (Some(one), Some(other)) = (pair.before, pair.after) else { continue };
        let reading = |crm, scorer, score| Reading { crm, scorer, score };
        let moves = routes(reading(&old, &was, one), reading(&new, &is, other), looking.shown)?;
        let entity = after.program.scores.get(other.index()).map_or(EntityId(0), |score| score.entity);
        let names = if looking.names && !moves.examples.is_empty() {
            people::all(&new, &after.program, entity)?
        } else {
            std::collections::HashMap::new()
        };
        let of = after.program.entities.get(entity.index()).map_or("record", |entity| entity.table.as_str());
        seen.scores.push(on_score((pair, of), &moves, &names));
    }
    Ok(seen)
}

fn unreadable(error: &CrmError) -> String {
    format!("does not go with the CRM: {error}")
}

fn on_score(
    (pair, of): (&Pairing, &str),
    moves: &Moves,
    names: &std::collections::HashMap<runtime::crm::RecordId, Person>,
) -> OnScore {
    let text = |route: &Option<smol_str::SmolStr>| route.as_ref().map(ToString::to_string);
    OnScore {
        score: pair.name.to_string(),
        of: of.to_owned(),
        judged: moves.judged,
        other_points: moves.other_points,
        moves: moves
            .counts
            .iter()
            .map(|((from, to), records)| Move { from: text(from), to: text(to), records: *records })
            .collect(),
        examples: moves
            .examples
            .iter()
            .map(|moved| Moved {
                id: moved.id.0,
                name: names.get(&moved.id).filter(|person| person.is_named()).map(Person::title),
                from: text(&moved.before.0),
                to: text(&moved.after.0),
                before: Decimal(moved.before.1),
                after: Decimal(moved.after.1),
            })
            .collect(),
    }
}

fn runs(instances: &runtime::diff::Instances) -> OnRuns {
    let (stays, changed, overdue, likely) = match &instances.standing {
        Standing::Stay { changed, overdue } => (true, *changed, *overdue, None),
        Standing::Gone { likely } => {
            (false, false, 0, likely.as_ref().map(|(workflow, stage)| format!("{workflow}.{stage}")))
        }
    };
    let (workflow, stage) = (instances.workflow.to_string(), instances.stage.to_string());
    OnRuns { workflow, stage, runs: instances.runs, stays, changed, overdue, likely }
}

impl Changes {
    /// The areas that something changed in, each with its changes in order.
    pub(crate) fn areas(&self) -> BTreeMap<Area, Vec<&Change>> {
        let mut areas: BTreeMap<Area, Vec<&Change>> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.meaning) {
            areas.entry(change.area).or_default().push(change);
        }
        areas
    }

    /// What changed in words for readers alone.
    pub(crate) fn only_words(&self) -> Vec<&Change> {
        self.changes.iter().filter(|change| !change.meaning).collect()
    }

    /// `rights 2 gained, 1 lost; 1 change in gates; icp routes otherwise`
    pub(crate) fn in_short(&self) -> String {
        if !self.changed {
            let scores = count(self.scores.len() as u64, "score is", "scores are");
            let proven = if self.scores.is_empty() { String::new() } else { format!("; {scores} proven the same") };
            return format!("nothing changed in meaning{proven}");
        }
        let mut parts: Vec<String> = Vec::new();
        for (area, changes) in self.areas() {
            let of = |kind: Kind| changes.iter().filter(|change| change.kind == kind).count() as u64;
            let (added, removed) = (of(Kind::Added), of(Kind::Removed));
            let other = changes.len() as u64 - added - removed;
            // A line about rights is one right; elsewhere what came or went may be any part of a thing.
            if area != Area::Rights {
                let changes = count(changes.len() as u64, "change", "changes");
                parts.push(format!("{changes} in {}", in_sentence(area)));
                continue;
            }
            let all = [(added, "gained"), (removed, "lost"), (other, "changed")];
            let said: Vec<String> = all
                .into_iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, verb)| format!("{number} {verb}"))
                .collect();
            parts.push(format!("rights {}", said.join(", ")));
        }
        parts.extend(self.scores.iter().filter_map(Verdict::in_short));
        let stuck: u64 =
            self.crm.iter().flat_map(|crm| &crm.runs).filter(|runs| !runs.stays).map(|runs| runs.runs).sum();
        if stuck > 0 {
            parts.push(format!("{} without a stage", count(stuck, "live run", "live runs")));
        }
        let moved: u64 =
            self.crm.iter().flat_map(|crm| &crm.scores).flat_map(|score| &score.moves).map(|of| of.records).sum();
        if moved > 0 {
            parts.push(format!("{} routed otherwise", count(moved, "record is", "records are")));
        }
        parts.join("; ")
    }
}

impl Verdict {
    fn in_short(&self) -> Option<String> {
        let name = &self.score;
        match (self.verdict, &self.witness) {
            (Known::Differs, Some(witness)) => Some(match witness.difference {
                Difference::Route => format!("`{name}` routes otherwise"),
                Difference::Value => format!("`{name}` gives other points"),
                Difference::Range => format!("`{name}` knows other limits"),
            }),
            (Known::NotFound, _) => Some(format!("`{name}` is not proven the same")),
            _ => None,
        }
    }

    /// What is known of it, in a sentence.
    pub(crate) fn sentence(&self) -> Option<String> {
        let name = &self.score;
        match self.verdict {
            Known::ProvenSame => {
                Some(format!("`{name}` is proven the same: one value, range and route for every record"))
            }
            Known::Differs => Some(match self.witness.as_ref().and_then(|witness| witness.in_words.as_ref()) {
                Some(words) => {
                    format!("`{name}` is not the same, by what only one of the two playbooks can be told: {words}")
                }
                None => format!("`{name}` is not the same: this record tells the two apart"),
            }),
            Known::NotFound => Some(format!(
                "`{name}` is not proven the same, and none of {} tried tells the two apart",
                count(self.tried, "record", "records")
            )),
            Known::New | Known::Gone => None,
        }
    }
}

impl OnRuns {
    /// `LeadQualification.Invite: 12 runs stay`
    pub(crate) fn sentence(&self) -> String {
        let runs = count(self.runs, "run", "runs");
        let one = self.runs == 1;
        if self.stays {
            let stay = if one { "stays" } else { "stay" };
            let changed = if self.changed { ", in a stage that changed" } else { "" };
            let overdue = if self.overdue > 0 {
                let go = if self.overdue == 1 { "goes" } else { "go" };
                format!("; {} of them waited longer than is allowed now, and {go} on at once", self.overdue)
            } else {
                String::new()
            };
            return format!("{runs} {stay}{changed}{overdue}");
        }
        let likely = self.likely.as_ref().map_or_else(
            || "; say where with: playbook upgrade --map".to_owned(),
            |likely| {
                format!("; {likely} does the same: playbook upgrade --map {}.{}={likely}", self.workflow, self.stage)
            },
        );
        format!("{runs} {} without a stage{likely}", if one { "is" } else { "are" })
    }
}

/// What an area is called in a sentence.
const fn in_sentence(area: Area) -> &'static str {
    match area {
        Area::Rights => "rights",
        Area::Gates => "gates",
        Area::Workflows => "workflows",
        Area::Scores => "scores",
        Area::ContactPolicy => "the contact policy",
        Area::Priorities => "priorities",
        Area::Messages => "messages",
        Area::Goals => "goals",
        Area::Foresight => "learning and forecasts",
        Area::Data => "data",
        Area::Tests => "tests",
    }
}

/// The name of an area.
pub(crate) fn heading(area: Area) -> &'static str {
    match area {
        Area::Rights => "Rights",
        Area::Gates => "Gates, and what reaches outside",
        Area::Workflows => "Workflows",
        Area::Scores => "Scores",
        Area::ContactPolicy => "Contact policy",
        Area::Priorities => "Priorities",
        Area::Messages => "Messages",
        Area::Goals => "Goals and feedback",
        Area::Foresight => "Learning, scenarios, forecasts, publications",
        Area::Data => "Data",
        Area::Tests => "Tests",
    }
}

/// `+`, `-`, `~`
pub(crate) const fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "+",
        Kind::Removed => "-",
        Kind::Changed | Kind::Renamed => "~",
    }
}

/// `hot`, or `nowhere`.
pub(crate) fn route(route: Option<&String>) -> &str {
    route.map_or("nowhere", String::as_str)
}

/// Routes that records leave and come to, in a sentence.
pub(crate) fn routed(score: &OnScore) -> String {
    let moved: u64 = score.moves.iter().map(|of| of.records).sum();
    let mut parts = vec![if moved == 0 {
        format!("nobody of {} is routed otherwise", count(score.judged, "record", "records"))
    } else {
        format!("{moved} of {} routed otherwise", count(score.judged, "record is", "records are"))
    }];
    if score.other_points > 0 {
        parts.push(format!("{} other points and the same route", count(score.other_points, "has", "have")));
    }
    listed(&parts, "and")
}
