//! Who comes first: every record judged, the best first, with the reasons and what would have to be asked.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use compiler::program::{Fixed, LabelId, ScoreId};
use runtime::crm::RecordId;
use runtime::facts::Facts;
use runtime::records;
use runtime::score::{Scorer, Standing};
use serde::Serialize;

use crate::desk::Desk;
use crate::evidence::{self, Decimal, Layer, Points};
use crate::exit::Failure;
use crate::layout::listed;
use crate::people::{self, Person};
use crate::questions::{self, Question};

/// How many reasons a list shows of each record.
const REASONS: usize = 4;

/// Whom to rank.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// By which score; the playbook's first one where none is named.
    pub(crate) score: Option<String>,
    /// Only those routed so.
    pub(crate) route: Option<String>,
    /// At most so many.
    pub(crate) limit: Option<usize>,
}

/// A ranked list.
#[derive(Debug, Serialize)]
pub(crate) struct Ranking {
    /// Whose.
    pub(crate) client: String,
    /// When.
    pub(crate) as_of: jiff::Timestamp,
    /// By which score.
    pub(crate) score_name: String,
    /// How many records there are in all.
    pub(crate) scored: usize,
    /// How many are routed where, the best first.
    pub(crate) routes: Vec<RouteCount>,
    /// The ranked records.
    pub(crate) contacts: Vec<Ranked>,
}

/// How many records are routed so.
#[derive(Debug, Serialize)]
pub(crate) struct RouteCount {
    /// None where no line of the route holds.
    pub(crate) route: Option<String>,
    /// How many in all.
    pub(crate) count: usize,
    /// For how many of them nothing unknown can change it.
    pub(crate) certain: usize,
}

/// A record in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Ranked {
    /// From 1, over all records.
    pub(crate) rank: usize,
    /// Who it is.
    pub(crate) contact: Person,
    /// As it stands.
    pub(crate) score: Decimal,
    /// The lowest it could become, whatever the unknown turns out to be.
    pub(crate) low: Decimal,
    /// The highest.
    pub(crate) high: Decimal,
    /// Where it routes.
    pub(crate) route: Option<String>,
    /// Nothing unknown can change the route.
    pub(crate) certain: bool,
    /// Too few decisions are known: a person is asked before the route acts.
    pub(crate) provisional: bool,
    /// The score's layers and what each gives.
    pub(crate) layers: Vec<Share>,
    /// What speaks loudest: the strongest line of each layer, those first that move the score most.
    pub(crate) reasons: Vec<Points>,
    /// What to ask next, the most telling first.
    pub(crate) questions: Vec<Question>,
}

/// A layer in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Share {
    name: Option<String>,
    points: Decimal,
    contributes: Decimal,
}

/// A record judged, before anything is put into words.
struct Judged {
    id: RecordId,
    standing: Standing,
    route: Option<LabelId>,
    certain: bool,
}

/// Judges all records and puts those wanted into words.
///
/// # Errors
/// Where the CRM cannot be read, or score or route are not the playbook's.
pub(crate) fn ranking(desk: &Desk, wanted: &Wanted) -> anyhow::Result<Ranking> {
    let score = desk.score(wanted.score.as_deref())?;
    let program = &desk.program;
    let Some(card) = program.scores.get(score.index()) else {
        return Err(anyhow::anyhow!("the playbook has no score"));
    };
    let route = wanted.route.as_deref().map(|route| label(card, route)).transpose()?;
    let scorer = desk.scorer()?;
    let judged = judge(desk, &scorer, score)?;
    let routes = counted(card, &judged);
    let trusted = scorer.trusted(score, desk.crm.decisions(&card.name)?);
    let mut people = people::all(&desk.crm, program, card.entity)?;

    let chosen = judged.iter().enumerate().filter(|(_, judged)| route.is_none() || judged.route == route);
    let mut contacts = Vec::new();
    for (place, judged) in chosen.take(wanted.limit.unwrap_or(usize::MAX)) {
        let Some(facts) = records::facts(&desk.crm, &scorer, card.entity, judged.id)? else { continue };
        let contact = people.remove(&judged.id).unwrap_or_default();
        contacts.extend(ranked(&scorer, score, &facts, place + 1, contact, trusted));
    }
    Ok(Ranking {
        client: program.client.name.to_string(),
        as_of: desk.now,
        score_name: card.name.to_string(),
        scored: judged.len(),
        routes,
        contacts,
    })
}

fn label(card: &compiler::program::Score, route: &str) -> anyhow::Result<LabelId> {
    let place = card.labels.iter().position(|label| label == route).and_then(|place| u32::try_from(place).ok());
    place.map(LabelId).ok_or_else(|| {
        let labels: Vec<String> = card.labels.iter().map(|label| format!("`{label}`")).collect();
        let known =
            if labels.is_empty() { "it has no route".to_owned() } else { format!("it has {}", listed(&labels, "and")) };
        Failure::usage(format!("the score `{}` has no route `{route}`", card.name)).help(known).into()
    })
}

/// All records by their score, the best first; of equal ones the older record.
fn judge(desk: &Desk, scorer: &Scorer, score: ScoreId) -> anyhow::Result<Vec<Judged>> {
    let Some(card) = desk.program.scores.get(score.index()) else { return Ok(Vec::new()) };
    let Some(mut evaluation) = scorer.evaluation(card.entity) else { return Ok(Vec::new()) };
    let mut judged = Vec::new();
    records::visit(&desk.crm, scorer, card.entity, false, |id, builder| {
        scorer.evaluate_into(card.entity, &builder.finish(), &mut evaluation);
        if let Some(standing) = evaluation.score(score) {
            judged.push(Judged { id, standing, route: evaluation.route(score), certain: evaluation.is_certain(score) });
        }
        ControlFlow::Continue(())
    })?;
    judged.sort_by_key(|judged| (Reverse(judged.standing.value), judged.id));
    Ok(judged)
}

fn counted(card: &compiler::program::Score, judged: &[Judged]) -> Vec<RouteCount> {
    let labels = (0..).zip(&card.labels).map(|(id, label)| (Some(LabelId(id)), Some(label.to_string())));
    let all = labels.chain([(None, None)]).map(|(id, route)| {
        let of_route = || judged.iter().filter(|judged| judged.route == id);
        RouteCount { route, count: of_route().count(), certain: of_route().filter(|judged| judged.certain).count() }
    });
    all.filter(|counted| counted.route.is_some() || counted.count > 0 && !card.labels.is_empty()).collect()
}

fn ranked(
    scorer: &Scorer,
    score: ScoreId,
    facts: &Facts,
    rank: usize,
    contact: Person,
    trusted: bool,
) -> Option<Ranked> {
    let entity = scorer.program().scores.get(score.index())?.entity;
    let row = scorer.row(entity, facts)?;
    let evaluation = scorer.evaluate(entity, &row)?;
    let ledger = scorer.ledger(score, &row, &evaluation)?;
    let (layers, _) = evidence::layers(scorer.program(), &ledger);
    let standing = ledger.standing();
    let routed = ledger.routed();
    Some(Ranked {
        rank,
        contact,
        score: Decimal(standing.value),
        low: Decimal(standing.low),
        high: Decimal(standing.high),
        route: routed.as_ref().map(|routed| routed.label.to_string()),
        certain: routed.as_ref().is_some_and(|routed| routed.certain),
        provisional: !trusted,
        questions: questions::of(scorer, score, facts),
        reasons: reasons(&layers),
        layers: layers
            .into_iter()
            .map(|layer| Share { name: layer.name, points: layer.points, contributes: layer.contributes })
            .collect(),
    })
}

/// What speaks loudest: the strongest line of each layer, those first that move the score most, then the second strongest.
fn reasons(layers: &[Layer]) -> Vec<Points> {
    let mut all: Vec<(usize, i64, &Points)> = Vec::new();
    for layer in layers {
        let weight = layer.weight.map_or(Fixed::from_integer(100), |weight| weight.0);
        let mut lines: Vec<(i64, &Points)> =
            layer.lines.iter().map(|line| (line.points.0.times(weight).0.abs(), line)).collect();
        lines.sort_by_key(|(size, _)| Reverse(*size));
        all.extend(lines.into_iter().enumerate().map(|(place, (size, line))| (place, size, line)));
    }
    all.sort_by_key(|(place, size, _)| (*place, Reverse(*size)));
    all.into_iter().take(REASONS).map(|(_, _, line)| line.clone()).collect()
}
