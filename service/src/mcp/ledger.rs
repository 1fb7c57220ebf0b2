//! A score as an agent may see it: the playbook's words for each line, and none of the facts behind it, which are granted by themselves.

use compiler::program::{EntityId, Rule, ScoreId};
use jiff::Timestamp;
use runtime::crm::RecordId;
use runtime::records;
use runtime::score::Line;
use serde_json::{Value, json};

use crate::pool::Reader;
use crate::problem::Problem;
use crate::views::ledger::scorer;
use crate::views::number::Number;

/// The ledger of a record.
///
/// # Errors
/// Where there is no such record.
pub(super) fn of(reader: &Reader, entity: EntityId, score: ScoreId, id: i64, now: Timestamp) -> Result<Value, Problem> {
    let missing = || Problem::not_found("there is no such record");
    let scorer = scorer(reader, now)?;
    let card = reader.program.scores.get(score.index()).ok_or_else(missing)?;
    let facts = records::facts(&reader.crm, &scorer, entity, RecordId(id))?.ok_or_else(missing)?;
    let row = scorer.row(entity, &facts).ok_or_else(missing)?;
    let evaluation = scorer.evaluate(entity, &row).ok_or_else(missing)?;
    let lines = scorer.ledger(score, &row, &evaluation).ok_or_else(missing)?;
    let said = |rule: &Rule| rule.because.clone().unwrap_or_else(|| rule.words.clone());
    let mut made_of = Vec::new();
    for line in lines.lines() {
        made_of.push(match line {
            Line::Rule(rule) => {
                json!({ "points": Number(rule.points), "because": said(rule.rule), "rule": rule.rule.id })
            }
            Line::Clamp { points, .. } => json!({ "points": Number(points), "because": "a layer goes from 0 to 100" }),
            Line::Rescaled { points } => {
                json!({ "points": Number(points), "because": "layers that wait do not count" })
            }
            Line::Layer { name, points, .. } => json!({ "layer": name, "adds": Number(points) }),
            Line::LeftOut { name, event, .. } => json!({ "layer": name, "waits_for": event }),
        });
    }
    let open = lines.open().into_iter().map(|open| {
        let (from, to) = open.range();
        json!({ "from": Number(from), "to": Number(to), "because": said(open.rule), "rule": open.rule.id })
    });
    let open: Vec<Value> = open.collect();
    let standing = lines.standing();
    let ask: Vec<String> =
        scorer.questions(score, &facts).iter().map(|question| scorer.asked_words(&question.asked)).collect();
    Ok(json!({
        "contact": id,
        "score_name": card.name,
        "as_of": now,
        "score": Number(standing.value),
        "low": Number(standing.low),
        "high": Number(standing.high),
        "route": lines.routed().map(|routed| routed.label.to_string()),
        "certain": lines.routed().is_some_and(|routed| routed.certain),
        "lines": made_of,
        "open": open,
        "ask": ask,
    }))
}
