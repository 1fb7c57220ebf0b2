//! What a model answered, believed only where it can be looked up. One thing that cannot be refuses the whole answer: whoever
//! makes up one quote may have made up the others.

use compiler::program::Fixed;
use serde::Deserialize;
use smol_str::SmolStr;

use super::prompt;
use crate::agents::builtin::values;
use crate::agents::texts::occurs;
use crate::agents::{
    Assignment, Claim, Direction, Draft, Evidence, EvidenceId, Found, Insight, InsightKind, Named, OpenPoint, Outcome,
    Part, Phrases, PortError, PortErrorKind, Rating, Reason, RubricLine, Task, Wanted,
};

/// Why an answer is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It is not JSON of the form that was asked for.
    #[error("the model's answer is not of the form that was asked for: {0}")]
    NotOfTheForm(String),
    /// A quote that its source does not hold.
    #[error("the model quotes `{quote}`, which `{source_id}` does not say")]
    QuoteNotInSource {
        /// As it quoted.
        quote: String,
        /// Of what.
        source_id: EvidenceId,
    },
    /// Evidence that it was not given.
    #[error("the model names `{0}` as evidence, which it was not given")]
    NoSuchEvidence(EvidenceId),
    /// Something without evidence.
    #[error("the model says `{0}` without evidence")]
    WithoutEvidence(String),
    /// A field that nobody asked for.
    #[error("the model tells of `{0}`, which was not asked for")]
    NotAskedFor(SmolStr),
    /// A value that is none of the field's type.
    #[error("the model gives `{path}` a value that it cannot have: {why}")]
    NoSuchValue {
        /// Of what.
        path: SmolStr,
        /// Why not.
        why: String,
    },
    /// Phrases that the playbook does not have.
    #[error("the model reports `{value}` as {kind}, which the playbook does not listen for")]
    NotListenedFor {
        /// Of what kind.
        kind: String,
        /// Its name.
        value: SmolStr,
    },
    /// What we said ourselves is no insight.
    #[error("the model takes `{0}` for theirs, which we said ourselves")]
    OurOwnWords(EvidenceId),
    /// A claim that is not in the draft.
    #[error("the model claims `{0}`, which its draft does not say")]
    ClaimNotInDraft(String),
    /// A number out of nowhere.
    #[error("the model writes `{0}`, and neither the template nor the evidence of a claim has that number")]
    NumberWithoutEvidence(String),
    /// Points that no line of the rubric gives.
    #[error("the model gives `{0}` points, which no line of the rubric does")]
    NoSuchPoints(String),
}

impl From<AnswerError> for PortError {
    fn from(error: AnswerError) -> Self {
        let kind = match error {
            // A slip of the pen; the next answer may be whole.
            AnswerError::NotOfTheForm(_) => PortErrorKind::Broken,
            _ => PortErrorKind::Refused,
        };
        Self::new(kind, error.to_string())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Researched {
    facts: Vec<Fact>,
    #[serde(default)]
    open: Vec<OpenPoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    path: SmolStr,
    value: String,
    source: EvidenceId,
    quote: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    subject: Option<String>,
    body: String,
    claims: Vec<Claim>,
    #[serde(default)]
    open: Vec<OpenPoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rated {
    points: Option<String>,
    #[serde(default)]
    reasons: Vec<RatedReason>,
    #[serde(default)]
    open: Vec<OpenPoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatedReason {
    words: String,
    quote: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Analysed {
    insights: Vec<Insight>,
    #[serde(default)]
    open: Vec<OpenPoint>,
}

/// What an agent outside brings, in the form of a model's answer, and believed as one: but what it has looked up itself may rest on a
/// page, `https://…`, whose words nobody here can check; the log keeps both.
///
/// # Errors
/// Where it breaks a rule; then nothing of it counts.
pub fn believed(assignment: &Assignment, answer: &str) -> Result<Outcome, AnswerError> {
    outcome(assignment, answer, true)
}

/// The outcome, without what it cost.
pub(super) fn read(assignment: &Assignment, answer: &str) -> Result<Outcome, AnswerError> {
    outcome(assignment, answer, false)
}

fn outcome(assignment: &Assignment, answer: &str, looks_up: bool) -> Result<Outcome, AnswerError> {
    let answer = unfenced(answer);
    match &assignment.task {
        Task::Research { wanted, currency, .. } => researched(assignment, (wanted, currency), form(answer)?, looks_up),
        Task::Write { subject, body, sender, .. } => {
            let own =
                subject.iter().flatten().chain(body).filter_map(literal).chain(sender.iter().map(|(_, words)| words));
            written(assignment, subject.is_some(), &own.map(SmolStr::as_str).collect::<Vec<_>>(), form(answer)?)
        }
        Task::Rate { lines, text, .. } => rated(lines, text, form(answer)?),
        Task::Analyse { phrases } => analysed(assignment, phrases, form(answer)?),
        Task::Schedule { .. } => Err(AnswerError::NotOfTheForm("free times are not asked of a model".to_owned())),
        Task::Mark { .. } => {
            Err(AnswerError::NotOfTheForm("what the playbook says is not asked of a model".to_owned()))
        }
    }
}

fn form<'a, T: Deserialize<'a>>(answer: &'a str) -> Result<T, AnswerError> {
    serde_json::from_str(answer).map_err(|error| AnswerError::NotOfTheForm(error.to_string()))
}

/// Many models put JSON between fences, whatever they are told.
fn unfenced(answer: &str) -> &str {
    let answer = answer.trim();
    let inside = answer.strip_prefix("```json").or_else(|| answer.strip_prefix("```"));
    inside.and_then(|rest| rest.strip_suffix("```")).unwrap_or(answer).trim()
}

fn literal(part: &Part) -> Option<&SmolStr> {
    match part {
        Part::Literal(words) => Some(words),
        Part::Fact { otherwise, .. } | Part::Sender { otherwise, .. } => otherwise.as_ref(),
        Part::Client => None,
    }
}

/// The text that an evidence id stands for.
fn source<'a>(assignment: &'a Assignment, id: &EvidenceId) -> Result<&'a str, AnswerError> {
    let heard = assignment.conversations.iter().find(|heard| heard.id == *id).map(|heard| heard.text.as_str());
    let given = || assignment.facts.iter().find(|given| given.evidence == *id).map(|given| given.words.as_str());
    heard.or_else(given).ok_or_else(|| AnswerError::NoSuchEvidence(id.clone()))
}

fn quoted(text: &str, quote: &str, source_id: &EvidenceId) -> Result<(), AnswerError> {
    if occurs(quote, text) {
        return Ok(());
    }
    Err(AnswerError::QuoteNotInSource { quote: quote.to_owned(), source_id: source_id.clone() })
}

fn researched(
    assignment: &Assignment,
    (wanted, currency): (&[Wanted], &str),
    answer: Researched,
    looks_up: bool,
) -> Result<Outcome, AnswerError> {
    let mut outcome = Outcome { open: answer.open, ..Outcome::default() };
    for fact in answer.facts {
        let field = wanted
            .iter()
            .find(|field| field.path == fact.path)
            .ok_or_else(|| AnswerError::NotAskedFor(fact.path.clone()))?;
        let is_page = looks_up && fact.source.0.starts_with("https://") && !fact.quote.trim().is_empty();
        if !is_page {
            quoted(source(assignment, &fact.source)?, &fact.quote, &fact.source)?;
        }
        let value = values::read(&fact.value, &field.ty, currency)
            .map_err(|why| AnswerError::NoSuchValue { path: fact.path.clone(), why })?;
        let observed = assignment.conversations.iter().find(|heard| heard.id == fact.source).map(|heard| heard.at);
        let given = assignment.facts.iter().find(|given| given.evidence == fact.source);
        outcome.found.push(Found {
            path: fact.path,
            value,
            evidence: vec![Evidence {
                source: if looks_up { "agent" } else { "model" }.into(),
                locator: fact.source.0,
                quote: fact.quote,
            }],
            observed: observed.or_else(|| given.and_then(|given| given.observed)),
        });
    }
    Ok(outcome)
}

fn written(assignment: &Assignment, has_subject: bool, own: &[&str], answer: Written) -> Result<Outcome, AnswerError> {
    let subject = answer.subject.filter(|_| has_subject);
    let text = format!("{}\n{}", subject.as_deref().unwrap_or_default(), answer.body);
    let mut backed: Vec<&str> = own.to_vec();
    for claim in &answer.claims {
        if !occurs(&claim.text, &text) {
            return Err(AnswerError::ClaimNotInDraft(claim.text.clone()));
        }
        if claim.evidence.is_empty() {
            return Err(AnswerError::WithoutEvidence(claim.text.clone()));
        }
        let mut its_own = own.to_vec();
        for id in &claim.evidence {
            its_own.push(source(assignment, id)?);
        }
        numbers_are_backed(&claim.text, &its_own)?;
        backed.push(&claim.text);
    }
    numbers_are_backed(&text, &backed)?;
    let draft = Draft { subject, body: answer.body, claims: answer.claims };
    Ok(Outcome { draft: Some(draft), open: answer.open, ..Outcome::default() })
}

/// Each number of the text stands in one of the others, too.
fn numbers_are_backed(text: &str, by: &[&str]) -> Result<(), AnswerError> {
    let known: Vec<&str> = by.iter().flat_map(|text| numbers(text)).collect();
    match numbers(text).find(|number| !known.contains(number)) {
        Some(number) => Err(AnswerError::NumberWithoutEvidence(number.to_owned())),
        None => Ok(()),
    }
}

/// `12`, `4.5`, `1,200`, `24/7`
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | ',' | '/')))
        .map(|number| number.trim_matches(['.', ',', '/']))
        .filter(|number| !number.is_empty())
}

fn rated(lines: &[RubricLine], text: &Named, answer: Rated) -> Result<Outcome, AnswerError> {
    let mut outcome = Outcome { open: answer.open, ..Outcome::default() };
    let Some(points) = answer.points else { return Ok(outcome) };
    let value: Option<Fixed> = points.parse().ok();
    let line = lines
        .iter()
        .find(|line| Some(line.points) == value)
        .ok_or_else(|| AnswerError::NoSuchPoints(points.clone()))?;
    if answer.reasons.is_empty() {
        return Err(AnswerError::WithoutEvidence(line.earns.to_string()));
    }
    let mut reasons = Vec::new();
    for reason in answer.reasons {
        quoted(&text.text, &reason.quote, &text.id)?;
        reasons.push(Reason { words: reason.words, quote: Some(reason.quote) });
    }
    outcome.rating = Some(Rating { value: line.points, line: line.earns.clone(), reasons });
    Ok(outcome)
}

fn analysed(assignment: &Assignment, phrases: &[Phrases], answer: Analysed) -> Result<Outcome, AnswerError> {
    for insight in &answer.insights {
        let heard = assignment
            .conversations
            .iter()
            .find(|heard| heard.id == insight.source)
            .ok_or_else(|| AnswerError::NoSuchEvidence(insight.source.clone()))?;
        if heard.direction == Direction::Outbound {
            return Err(AnswerError::OurOwnWords(insight.source.clone()));
        }
        quoted(&heard.text, &insight.quote, &insight.source)?;
        let kind = match insight.kind {
            InsightKind::Need if insight.value.trim().is_empty() => {
                return Err(AnswerError::NotOfTheForm("a need without words".to_owned()));
            }
            InsightKind::Need => continue,
            InsightKind::Said => "said",
            InsightKind::Objection => "objection",
            InsightKind::HiddenObjection => "hidden_objection",
        };
        if !phrases.iter().any(|set| set.name == insight.value && prompt::kind(set.kind) == kind) {
            return Err(AnswerError::NotListenedFor { kind: kind.replace('_', " "), value: insight.value.clone() });
        }
    }
    Ok(Outcome { insights: answer.insights, open: answer.open, ..Outcome::default() })
}
