//! One client counted: opens its CRM to read it, judges every record by the playbook that is open, and by the one on the disk where that
//! routes otherwise, and puts names to the examples. Runs on the worker's thread; how long the CRM takes is no one else's affair.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use compiler::program::{EntityId, Program, ScoreId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runtime::crm::log::LogError;
use runtime::crm::{Crm, CrmError, RecordId};
use runtime::people;
use runtime::score::{LinkError, Scorer};
use smol_str::SmolStr;

use super::AsOf;
use super::base::{Base, JudgedAt, Open};
use super::counts::{Counts, Example, Group, Moves, OfLine, OfRule, OfScore, OfStage, SHOWN, points};
use super::places::Places;
use super::stamp::Stamp;
use super::tally::{self, Judged, Reading, Tally};
use crate::workspace::client::Compilation;
use crate::workspace::disk::Disk;

/// The name of a client's CRM, in its folder.
pub(super) const CRM: &str = "crm.db";

/// So much of a CRM is kept in memory while it is read, in KiB.
const CACHE: u32 = 16 << 10;

/// So long an instant stands while the CRM is the same: what was judged by it need not be judged again.
const STANDS: SignedDuration = SignedDuration::from_mins(1);

/// What is to be counted.
#[derive(Clone)]
pub(super) struct Wanted {
    /// Not kept for it: whoever types on takes from it what has not changed.
    pub(super) compilation: Weak<Compilation>,
    /// The client's.
    pub(super) folder: PathBuf,
    pub(super) program: Arc<Program>,
    /// What is open of it.
    pub(super) open: Vec<(PathBuf, Arc<str>)>,
    /// The playbook is what it was when it was last counted.
    pub(super) only_if_crm_changed: bool,
}

/// What came of it.
pub(super) enum Outcome {
    Counted(Counts),
    /// There is no CRM.
    NoCrm,
    /// All is as it was.
    Same,
    /// Nobody waits for it any more.
    Stopped,
    /// The playbook has changed meanwhile; what it is now is asked about when it is understood.
    Gone,
}

/// Why nothing could be counted: never in the CRM's words, which may hold what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the CRM is locked by another process")]
    Locked,
    #[error("`crm.db` is no CRM that this version can read")]
    NoCrm,
    #[error("the CRM is another client's, or holds amounts in another currency")]
    OtherClient,
    #[error("a field of the playbook does not go with the CRM's column")]
    OtherField,
    #[error("the CRM cannot be read")]
    Unreadable,
    #[error("the scores cannot be linked")]
    Scores,
}

impl From<CrmError> for Failure {
    fn from(error: CrmError) -> Self {
        match error {
            CrmError::Locked { .. } => Self::Locked,
            CrmError::NotADatabase { .. } | CrmError::NotACrm { .. } | CrmError::Newer { .. } => Self::NoCrm,
            CrmError::OtherClient { .. } | CrmError::OtherCurrency { .. } => Self::OtherClient,
            CrmError::ChangedType { .. } | CrmError::TakenColumn { .. } | CrmError::NoPlace { .. } => Self::OtherField,
            _ => Self::Unreadable,
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        if let LogError::Crm(error) = error { error.into() } else { Self::Unreadable }
    }
}

impl From<LinkError> for Failure {
    fn from(_: LinkError) -> Self {
        Self::Scores
    }
}

/// What is kept of a client from one count to the next.
#[derive(Default)]
pub(super) struct Memory {
    /// The CRM as it was when it was last counted.
    counted: Option<Option<Stamp>>,
    /// The instant that was last asked about, and the state of the CRM then.
    asked: Option<(Stamp, Timestamp)>,
    base: Option<Base>,
}

/// What is around a count.
pub(super) struct Around<'w> {
    pub(super) disk: &'w Arc<dyn Disk>,
    pub(super) as_of: &'w AsOf,
    /// Whether anybody still waits for the result.
    pub(super) goes_on: &'w dyn Fn() -> bool,
}

/// Counts, or says why not.
pub(super) fn count(wanted: &Wanted, memory: &mut Memory, around: &Around<'_>) -> Result<Outcome, Failure> {
    let folder = wanted.folder.as_path();
    let path = folder.join(CRM);
    let stamp = Stamp::of(&path);
    if wanted.only_if_crm_changed && memory.counted == Some(stamp) {
        return Ok(Outcome::Same);
    }
    let Some(stamp) = stamp else {
        memory.counted = Some(None);
        return Ok(Outcome::NoCrm);
    };
    memory.counted = None;
    let opened = Opened::new(&path, folder, &wanted.program, around)?;
    let now = match memory.asked {
        Some((known, at)) if known == stamp && is_recent(at, opened.now) => at,
        _ => opened.now,
    };
    memory.asked = Some((stamp, now));
    let scorer = scorer(&opened.crm, &wanted.program, now)?;
    let Some(before) = before(wanted, memory, (&path, stamp, now), around)? else { return Ok(Outcome::Stopped) };
    let by_score: HashMap<ScoreId, &Judged> = before
        .iter()
        .filter_map(|(after, before)| Some((*after, memory.base.as_ref()?.judged.as_ref()?.scores.get(before)?)))
        .collect();
    let reading = Reading { crm: &opened.crm, scorer: &scorer, goes_on: around.goes_on };
    let Some(counted) = tally::count(reading, &by_score)? else { return Ok(Outcome::Stopped) };
    let mut words = Words { crm: &opened.crm, program: &wanted.program, known: BTreeMap::new() };
    let Some(compilation) = wanted.compilation.upgrade() else { return Ok(Outcome::Gone) };
    let mut places = Places::of(&compilation);
    drop(compilation);
    let scores = words.scores(counted, &mut places)?;
    let stages = words.stages()?;
    memory.counted = Some(Some(stamp));
    Ok(Outcome::Counted(Counts { scores, stages, as_of: as_of(now, &wanted.program) }))
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    let since = now.duration_since(at);
    since >= SignedDuration::ZERO && since < STANDS
}

/// A CRM opened for a playbook, and the instant that is asked about.
struct Opened {
    crm: Crm,
    now: Timestamp,
}

impl Opened {
    fn new(path: &Path, folder: &Path, program: &Program, around: &Around<'_>) -> Result<Self, CrmError> {
        let crm = Crm::open_to_read(path, program)?;
        crm.limit_cache(CACHE)?;
        let now = (around.as_of)(&crm, folder);
        Ok(Self { crm, now })
    }
}

fn scorer(crm: &Crm, program: &Arc<Program>, now: Timestamp) -> Result<Scorer, Failure> {
    Ok(Scorer::link_shared(Arc::clone(program), now, &crm.coverage(program)?)?)
}

/// Which scores are compared with which of the playbook on the disk, whose judgement is in the memory then. None where it was stopped.
fn before(
    wanted: &Wanted,
    memory: &mut Memory,
    (path, stamp, now): (&Path, Stamp, Timestamp),
    around: &Around<'_>,
) -> Result<Option<Vec<(ScoreId, ScoreId)>>, Failure> {
    let nothing = Ok(Some(Vec::new()));
    let open: &Open = &wanted.open;
    if !Base::differs(around.disk.as_ref(), open) {
        return nothing;
    }
    // Of one that has changed meanwhile nothing comes in the end.
    let Some(paths) = wanted.compilation.upgrade().map(|compilation| compilation.paths.clone()) else { return nothing };
    let base = Base::brought_up_to_date(memory.base.take(), around.disk, &wanted.folder, &paths);
    let base = memory.base.insert(base);
    let Some(program) = base.program.clone() else { return nothing };
    let pairs = compiler::diff::scores(&program, &wanted.program);
    let pairs: Vec<(ScoreId, ScoreId)> =
        pairs.iter().filter(|pair| !pair.same).filter_map(|pair| Some((pair.after?, pair.before?))).collect();
    let is_known = base.judged.as_ref().is_some_and(|judged| judged.stamp == stamp && judged.now == now);
    if !pairs.is_empty() && !is_known {
        base.judged = None;
        // What is on the disk may not go with the CRM: then nobody can say who was where.
        let Ok(crm) = Crm::open_to_read(path, &program) else { return nothing };
        crm.limit_cache(CACHE)?;
        let scorer = scorer(&crm, &program, now)?;
        let Some(scores) = tally::judge(Reading { crm: &crm, scorer: &scorer, goes_on: around.goes_on })? else {
            return Ok(None);
        };
        base.judged = Some(JudgedAt { stamp, now, scores });
    }
    Ok(Some(pairs))
}

/// `28 Nov 2026, 09:00 (Pacific/Auckland)`
fn as_of(now: Timestamp, program: &Program) -> String {
    let zone = &program.client.timezone;
    format!("{} ({zone})", local(now, program).strftime("%-d %b %Y, %H:%M"))
}

fn local(at: Timestamp, program: &Program) -> jiff::Zoned {
    at.to_zoned(TimeZone::get(&program.client.timezone).unwrap_or(TimeZone::UTC))
}

/// A record in a stage: since when, and which one.
type At = (Timestamp, SmolStr, RecordId);

/// Puts names to numbers, each once.
struct Words<'w> {
    crm: &'w Crm,
    program: &'w Program,
    known: BTreeMap<(EntityId, RecordId), people::Person>,
}

impl Words<'_> {
    fn example(&mut self, entity: EntityId, id: RecordId, detail: String) -> Result<Example, CrmError> {
        if !self.known.contains_key(&(entity, id)) {
            self.known.insert((entity, id), people::one(self.crm, self.program, entity, id)?);
        }
        let person = self.known.get(&(entity, id));
        let (name, beside) = person.map(|person| (person.title(), person.beside().to_owned())).unwrap_or_default();
        Ok(Example { id: id.0, name, beside, detail })
    }

    fn group(&mut self, entity: EntityId, tally: &Tally) -> Result<Group, CrmError> {
        let examples = tally.best.iter().map(|(value, id)| self.example(entity, *id, points(*value)));
        Ok(Group { count: tally.count, examples: examples.collect::<Result<_, _>>()? })
    }

    fn scores(
        &mut self,
        mut counted: HashMap<ScoreId, tally::OfScore>,
        places: &mut Places,
    ) -> Result<Vec<OfScore>, CrmError> {
        let mut scores = Vec::new();
        for (id, score) in (0..).zip(&self.program.scores) {
            let Some(counted) = counted.remove(&ScoreId(id)) else { continue };
            let entity = score.entity;
            let mut labels = Vec::new();
            for (label, tally) in score.labels.iter().zip(&counted.labels) {
                labels.push((label.clone(), self.group(entity, tally)?));
            }
            let mut lines = Vec::new();
            for (line, tally) in score.routes.iter().zip(&counted.lines) {
                let label = score.labels.get(line.label.index()).cloned().unwrap_or_default();
                lines.push(OfLine { place: places.take(line.origin), label, group: self.group(entity, tally)? });
            }
            let mut rules = Vec::new();
            let sources =
                score.layers.iter().flat_map(|layer| layer.rules.iter().enumerate().map(move |rule| (layer, rule)));
            for ((layer, (index, rule)), tally) in sources.zip(&counted.rules) {
                let place = places.take(rule.origin);
                rules.push(OfRule { place, layer: layer.name.clone(), index, group: self.group(entity, tally)? });
            }
            scores.push(OfScore {
                name: score.name.clone(),
                of: self.several(entity),
                judged: counted.judged,
                labels,
                nowhere: self.group(entity, &counted.nowhere)?,
                lines,
                rules,
                moves: counted.moves.map(|moves| self.moves(entity, moves)).transpose()?,
            });
        }
        Ok(scores)
    }

    fn moves(&mut self, entity: EntityId, moves: tally::Moves) -> Result<Moves, CrmError> {
        let mut routes: Vec<_> = moves.counts.into_iter().map(|((from, to), count)| (from, to, count)).collect();
        routes.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
        let named = |route: &Option<SmolStr>| route.clone().unwrap_or_else(|| NOWHERE.into());
        let mut examples = Vec::new();
        for moved in &moves.examples {
            let (was, is) = (moved.before.1, points(moved.after.1));
            let value = if was == moved.after.1 { is } else { format!("{was} → {is}") };
            let detail = format!("{} → {}, {value}", named(&moved.before.0), named(&moved.after.0));
            examples.push(self.example(entity, moved.id, detail)?);
        }
        Ok(Moves { routes, examples })
    }

    /// Live runs by stage; as examples those that have been there longest.
    fn stages(&mut self) -> Result<Vec<OfStage>, Failure> {
        let mut by_stage: BTreeMap<(SmolStr, SmolStr), Vec<At>> = BTreeMap::new();
        for run in self.crm.runs(None, true)? {
            let Some((stage, since)) = run.stage else { continue };
            let there = by_stage.entry((run.workflow, stage)).or_default();
            there.push((since, run.record.entity, RecordId(run.record.id)));
        }
        let mut stages = Vec::new();
        for ((workflow, stage), mut runs) in by_stage {
            runs.sort();
            let mut examples = Vec::new();
            for (since, entity, id) in runs.iter().take(SHOWN) {
                let Some(entity) = self.program.entity(entity) else { continue };
                let detail = format!("since {}", local(*since, self.program).strftime("%-d %b %Y"));
                examples.push(self.example(entity, *id, detail)?);
            }
            stages.push(OfStage { workflow, stage, group: Group { count: runs.len() as u64, examples } });
        }
        Ok(stages)
    }

    /// `contacts`
    fn several(&self, entity: EntityId) -> String {
        let one = self.program.entities.get(entity.index()).map_or("record", |entity| entity.table.as_str());
        one.strip_suffix('y').map_or_else(|| format!("{one}s"), |stem| format!("{stem}ies"))
    }
}

/// Where no line of a route holds.
pub(super) const NOWHERE: &str = "nowhere";
