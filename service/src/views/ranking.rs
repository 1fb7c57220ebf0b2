//! Who comes first: every record judged, the best first, with the reasons and what would have to be asked.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use compiler::program::{Fixed, LabelId};
use jiff::Timestamp;
use runtime::crm::RecordId;
use runtime::score::Standing;
use runtime::{people, records};
use serde::Serialize;
use utoipa::ToSchema;

use super::contacts::Contact;
use super::ledger::{self, Points, Question};
use super::number::Number;
use crate::pool::Reader;
use crate::problem::Problem;

/// How many reasons a list shows of each record.
const REASONS: usize = 4;

/// A ranked list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ranking {
    /// By which score.
    score_name: String,
    /// All scores of the playbook.
    scores: Vec<String>,
    /// How many records there are in all.
    scored: usize,
    /// How many are routed where, the best first.
    routes: Vec<RouteCount>,
    /// From the place that was asked for on.
    contacts: Vec<Ranked>,
    /// What to send as `after` for the next page; none on the last one.
    next: Option<usize>,
}

/// How many records are routed so.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RouteCount {
    /// None where no line of the route holds.
    route: Option<String>,
    /// How many in all.
    count: usize,
    /// For how many of them nothing unknown can change it.
    certain: usize,
}

/// A record in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ranked {
    /// From 1, over all records.
    rank: usize,
    /// Who it is.
    contact: Contact,
    /// As it stands.
    #[schema(value_type = f64)]
    score: Number,
    /// The lowest it could become, whatever the unknown turns out to be.
    #[schema(value_type = f64)]
    low: Number,
    /// The highest.
    #[schema(value_type = f64)]
    high: Number,
    /// Where it routes.
    route: Option<String>,
    /// Nothing unknown can change the route.
    certain: bool,
    /// What speaks loudest.
    reasons: Vec<Points>,
    /// What to ask next.
    question: Option<Question>,
}

struct Judged {
    id: RecordId,
    standing: Standing,
    route: Option<LabelId>,
    certain: bool,
}

/// Judges all records and puts those that are asked for into words: from that place on, so many.
///
/// # Errors
/// Where the CRM cannot be read, or the playbook has no such score.
pub(crate) fn ranking(
    reader: &Reader,
    now: Timestamp,
    named: Option<&str>,
    after: usize,
    limit: usize,
) -> Result<Ranking, Problem> {
    let program = &reader.program;
    let score = ledger::score(program, named)?;
    let card = program.scores.get(score.index()).ok_or_else(Problem::internal)?;
    let scorer = ledger::scorer(reader, now)?;
    let mut judged = Vec::new();
    if let Some(mut evaluation) = scorer.evaluation(card.entity) {
        records::visit(&reader.crm, &scorer, card.entity, false, |id, builder| {
            scorer.evaluate_into(card.entity, &builder.finish(), &mut evaluation);
            if let Some(standing) = evaluation.score(score) {
                let (route, certain) = (evaluation.route(score), evaluation.is_certain(score));
                judged.push(Judged { id, standing, route, certain });
            }
            ControlFlow::Continue(())
        })?;
    }
    judged.sort_by_key(|judged| (Reverse(judged.standing.value), judged.id));
    let labels = (0..).zip(&card.labels).map(|(id, label)| (Some(LabelId(id)), Some(label.to_string())));
    let routes = labels.chain([(None, None)]).map(|(id, route)| {
        let of_route = || judged.iter().filter(|judged| judged.route == id);
        RouteCount { route, count: of_route().count(), certain: of_route().filter(|judged| judged.certain).count() }
    });
    let routes =
        routes.filter(|counted| counted.route.is_some() || counted.count > 0 && !card.labels.is_empty()).collect();
    let mut contacts = Vec::new();
    for (place, judged) in judged.iter().enumerate().skip(after).take(limit) {
        let Some(facts) = records::facts(&reader.crm, &scorer, card.entity, judged.id)? else { continue };
        let Some(row) = scorer.row(card.entity, &facts) else { continue };
        let Some(evaluation) = scorer.evaluate(card.entity, &row) else { continue };
        let Some(lines) = scorer.ledger(score, &row, &evaluation) else { continue };
        contacts.push(Ranked {
            rank: place + 1,
            contact: people::one(&reader.crm, program, card.entity, judged.id)?.into(),
            score: Number(judged.standing.value),
            low: Number(judged.standing.low),
            high: Number(judged.standing.high),
            route: judged.route.and_then(|label| card.labels.get(label.index())).map(ToString::to_string),
            certain: judged.certain,
            reasons: reasons(&ledger::layers(program, &lines).0),
            question: ledger::questions(&scorer, score, &facts).into_iter().next().filter(|_| !judged.certain),
        });
    }
    let next = (after + limit < judged.len()).then_some(after + limit);
    let scores = program.scores.iter().map(|score| score.name.to_string()).collect();
    Ok(Ranking { score_name: card.name.to_string(), scores, scored: judged.len(), routes, contacts, next })
}

/// The strongest line of each layer, those first that have most points, then the second strongest.
fn reasons(layers: &[ledger::Layer]) -> Vec<Points> {
    let mut all: Vec<(usize, Fixed, &Points)> = Vec::new();
    for layer in layers {
        let size = |line: &Points| if line.points.0 < Fixed::ZERO { Fixed(-line.points.0.0) } else { line.points.0 };
        let mut lines: Vec<(Fixed, &Points)> = layer.lines.iter().map(|line| (size(line), line)).collect();
        lines.sort_by_key(|(size, _)| Reverse(*size));
        all.extend(lines.into_iter().enumerate().map(|(place, (size, line))| (place, size, line)));
    }
    all.sort_by_key(|(place, size, _)| (*place, Reverse(*size)));
    all.into_iter().take(REASONS).map(|(_, _, line)| line.clone()).collect()
}
