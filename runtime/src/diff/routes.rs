//! Who of a CRM is routed otherwise: every record judged by both playbooks.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use compiler::program::{Fixed, ScoreId};
use smol_str::SmolStr;

use crate::crm::{Crm, CrmError, RecordId};
use crate::records;
use crate::score::Scorer;

/// A CRM as one of the playbooks sees it.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    /// Opened for that playbook.
    pub crm: &'r Crm,
    /// Linked for that playbook, for one instant.
    pub scorer: &'r Scorer,
    /// Which score.
    pub score: ScoreId,
}

/// Who is routed otherwise.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// How many records were judged.
    pub judged: u64,
    /// How many have other points and the same route.
    pub other_points: u64,
    /// How many go from which route to which.
    pub counts: BTreeMap<(Option<SmolStr>, Option<SmolStr>), u64>,
    /// The first of them, those whose points changed most first.
    pub examples: Vec<Moved>,
}

/// A record that is routed otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub id: RecordId,
    /// Where it went, and with how many points.
    pub before: (Option<SmolStr>, Fixed),
    /// Where it goes.
    pub after: (Option<SmolStr>, Fixed),
}

/// Judges every record by both; shows at most so many.
///
/// # Errors
/// Where the CRM cannot be read.
pub fn routes(before: Reading<'_>, after: Reading<'_>, shown: usize) -> Result<Moves, CrmError> {
    let was = judged(before)?;
    let mut moves = Moves::default();
    for (id, (route, value)) in judged(after)? {
        moves.judged += 1;
        let Some((old, points)) = was.get(&id) else { continue };
        if *old == route {
            moves.other_points += u64::from(*points != value);
            continue;
        }
        *moves.counts.entry((old.clone(), route.clone())).or_default() += 1;
        moves.examples.push(Moved { id, before: (old.clone(), *points), after: (route, value) });
    }
    let size = |moved: &Moved| moved.after.1.0.abs_diff(moved.before.1.0);
    moves.examples.sort_by_key(|moved| (std::cmp::Reverse(size(moved)), moved.id));
    moves.examples.truncate(shown);
    Ok(moves)
}

fn judged(reading: Reading<'_>) -> Result<BTreeMap<RecordId, (Option<SmolStr>, Fixed)>, CrmError> {
    let mut judged = BTreeMap::new();
    let Reading { crm, scorer, score } = reading;
    let Some(card) = scorer.program().scores.get(score.index()) else { return Ok(judged) };
    let Some(mut evaluation) = scorer.evaluation(card.entity) else { return Ok(judged) };
    records::visit(crm, scorer, card.entity, false, |id, builder| {
        scorer.evaluate_into(card.entity, &builder.finish(), &mut evaluation);
        let route = evaluation.route(score).and_then(|label| card.labels.get(label.index()).cloned());
        let value = evaluation.score(score).map(|standing| standing.value).unwrap_or_default();
        judged.insert(id, (route, value));
        ControlFlow::Continue(())
    })?;
    Ok(judged)
}
