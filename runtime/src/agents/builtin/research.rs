//! Research out of what is there: the facts of the assignment and the research notes. Nothing is guessed: sources that say
//! different things are both reported, and what nobody says stays open.

use compiler::program::Value;
use smol_str::{SmolStr, format_smolstr};

use super::notes::{Note, Notes, normal};
use super::values;
use crate::agents::{Assignment, Disputed, Evidence, Found, OpenPoint, Outcome, PortError, Wanted};

pub(super) fn research(
    assignment: &Assignment,
    wanted: &[Wanted],
    currency: &str,
    notes: Option<&Notes>,
) -> Result<Outcome, PortError> {
    let told = match notes {
        Some(notes) => notes.about(&names(assignment))?,
        None => Vec::new(),
    };
    let entity = match &assignment.task {
        crate::agents::Task::Research { entity, .. } => entity.as_str(),
        _ => "",
    };
    let mut outcome = Outcome::default();
    for field in wanted {
        let mut values: Vec<Found> = known(assignment, field).into_iter().collect();
        for note in told.iter().filter(|note| is_about(&note.key, &field.path, entity)) {
            match values::read(&note.value, &field.ty, currency) {
                Ok(value) => put(&mut values, field, value, evidence(note)),
                Err(why) => outcome.open.push(OpenPoint {
                    what: field.path.clone(),
                    why: format!("`{}`, {}: {why}", note.file, note.locator),
                }),
            }
        }
        match values.len() {
            0 if outcome.open.iter().any(|open| open.what == field.path) => {}
            0 => {
                let why = "neither the CRM nor a research note says it".to_owned();
                outcome.open.push(OpenPoint { what: field.path.clone(), why });
            }
            1 => outcome.found.append(&mut values),
            _ => outcome.disputed.push(Disputed { path: field.path.clone(), values }),
        }
    }
    Ok(outcome)
}

/// By what notes are found: every domain and address among the facts.
fn names(assignment: &Assignment) -> Vec<SmolStr> {
    let tells = |path: &str| path.ends_with(".domain") || path.ends_with(".email");
    let texts = assignment.facts.iter().filter(|given| tells(&given.path)).filter_map(|given| match &given.value {
        Value::Text(text) => Some(normal(text)),
        _ => None,
    });
    texts.filter(|name| !name.is_empty()).collect()
}

/// What the CRM has, as old as it is: research does not make it younger.
fn known(assignment: &Assignment, field: &Wanted) -> Option<Found> {
    let given = assignment.fact(&field.path)?;
    let evidence = Evidence { source: "crm".into(), locator: given.evidence.0.clone(), quote: given.words.to_string() };
    Some(Found {
        path: field.path.clone(),
        value: given.value.clone(),
        evidence: vec![evidence],
        observed: given.observed,
    })
}

/// The same value again is more evidence for it, and as young as the youngest.
fn put(values: &mut Vec<Found>, field: &Wanted, value: Value, evidence: Evidence) {
    if let Some(same) = values.iter_mut().find(|found| found.value == value) {
        same.evidence.push(evidence);
        same.observed = None;
        return;
    }
    values.push(Found { path: field.path.clone(), value, evidence: vec![evidence], observed: None });
}

fn evidence(note: &Note) -> Evidence {
    Evidence { source: note.file.clone(), locator: note.locator.clone(), quote: note.quote.clone() }
}

/// In a note about the record itself `industry` is enough for `company.industry`.
fn is_about(key: &str, path: &str, entity: &str) -> bool {
    key == path || format_smolstr!("{entity}.{key}") == *path
}
