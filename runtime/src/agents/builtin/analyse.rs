//! Conversations, by phrases: what they said that the playbook listens for, each with the sentence as a quote.

use std::collections::BTreeSet;

use compiler::program::PhrasesId;

use crate::agents::{Assignment, Direction, Insight, InsightKind, OpenPoint, Outcome, Phrases, PhrasesKind, PortError};
use crate::score::phrases::{PhraseFinder, fold, sentence};

/// Each set is reported once for a conversation, with the first sentence that holds it. What we said ourselves does not count.
pub(super) fn analyse(assignment: &Assignment, sets: &[Phrases]) -> Result<Outcome, PortError> {
    let mut outcome = Outcome::default();
    let mut heard = assignment.conversations.iter().filter(|heard| heard.direction == Direction::Inbound).peekable();
    if heard.peek().is_none() {
        let why = "they have said nothing that is on record".to_owned();
        outcome.open.push(OpenPoint { what: "conversations".into(), why });
        return Ok(outcome);
    }
    let numbered = (0_u32..)
        .zip(sets)
        .flat_map(|(number, set)| set.texts.iter().map(move |text| (PhrasesId(number), text.as_str())));
    let finder = PhraseFinder::new(numbered)
        .map_err(|error| PortError::refused(format!("the phrases cannot be searched for: {error}")))?;
    for heard in heard {
        let mut folded = String::new();
        fold(&heard.text, &mut folded);
        let mut told = BTreeSet::new();
        for find in finder.finds(&folded) {
            let Some(set) = sets.get(find.set.index()).filter(|_| told.insert(find.set)) else { continue };
            outcome.insights.push(Insight {
                kind: kind(set.kind),
                value: set.name.clone(),
                quote: uncut(&sentence(&heard.text, find.start, find.end)).to_owned(),
                source: heard.id.clone(),
            });
        }
    }
    Ok(outcome)
}

/// Without the signs that a long sentence was cut, which the text does not have.
fn uncut(quote: &str) -> &str {
    let quote = quote.strip_prefix("… ").unwrap_or(quote);
    quote.strip_suffix(" …").unwrap_or(quote)
}

const fn kind(kind: PhrasesKind) -> InsightKind {
    match kind {
        PhrasesKind::Said => InsightKind::Said,
        PhrasesKind::Objection => InsightKind::Objection,
        PhrasesKind::HiddenObjection => InsightKind::HiddenObjection,
    }
}
