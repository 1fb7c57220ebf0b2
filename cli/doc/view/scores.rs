//! Score cards: layers, rules, thresholds, and what they rest on.

use compiler::program::{
    Condition, EventId, EventQuery, FieldPath, Layer, MappingTarget, RuleForm, Score as Card, ScoreId, ScoreRef,
    Target, Term, TextTerm, Type,
};
use compiler::{Trend, range_of, trends};
use serde::Serialize;
use smol_str::SmolStr;

use super::threshold::{Bar, bar, tone};
use super::{Mark, ahead, anchor, mark};
use crate::doc::words::{Words, duration, listed, number, plain, points, sentence};

/// A score card.
#[derive(Debug, Serialize)]
pub(super) struct Score {
    id: String,
    name: String,
    entity: String,
    docs: Option<SmolStr>,
    mark: Mark,
    low: String,
    high: String,
    weighted: bool,
    layers: Vec<LayerView>,
    bar: Option<Bar>,
    routes: Vec<Route>,
    trust: Option<u32>,
    /// What it learns from, in sentences.
    learns: Vec<String>,
    /// Which way it moves with a number, whatever else is so.
    trends: Vec<String>,
    /// What it asks for, and which sources report that.
    rests_on: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Serialize)]
struct LayerView {
    name: Option<String>,
    /// In percent.
    weight: Option<String>,
    low: String,
    high: String,
    fades: Option<String>,
    once: Option<String>,
    rules: Vec<Rule>,
    mark: Mark,
}

#[derive(Debug, Serialize)]
struct Rule {
    points: String,
    negative: bool,
    up_to: Option<String>,
    what: String,
    because: Option<SmolStr>,
    mark: Mark,
}

#[derive(Debug, Serialize)]
struct Route {
    label: String,
    tone: usize,
    when: Option<String>,
    because: Option<SmolStr>,
    mark: Mark,
}

/// What people say, as it is listened for.
#[derive(Debug, Serialize)]
pub(super) struct Phrases {
    name: String,
    kind: &'static str,
    texts: Vec<SmolStr>,
    mark: Mark,
}

/// All cards.
pub(super) fn all(words: Words<'_>) -> Vec<Score> {
    let numbered = (0..).map(ScoreId).zip(&words.program.scores);
    numbered.map(|(id, score)| card(words, id, score)).collect()
}

/// All sets of phrases.
pub(super) fn phrases(words: Words<'_>) -> Vec<Phrases> {
    let view = |set: &compiler::program::PhraseSet| Phrases {
        name: plain(&set.name),
        kind: match (set.objection, set.hidden) {
            (true, true) => "hidden objection",
            (true, false) => "objection",
            (false, _) => "phrases",
        },
        texts: set.texts.clone(),
        mark: mark(words, set.origin),
    };
    words.program.phrases.iter().map(view).collect()
}

fn card(words: Words<'_>, id: ScoreId, score: &Card) -> Score {
    let range = range_of(words.program, ScoreRef { score: id, layer: None });
    let layers = (0..).zip(&score.layers).map(|(place, layer)| {
        let range = range_of(words.program, ScoreRef { score: id, layer: Some(place) });
        LayerView {
            name: layer.name.as_deref().map(plain),
            weight: layer.weight.map(number),
            low: number(range.low),
            high: number(range.high),
            fades: layer.half_life.map(duration),
            once: layer.once.map(|event| words.event(event)),
            rules: layer.rules.iter().map(|rule| rule_view(words, rule)).collect(),
            mark: mark(words, layer.origin),
        }
    });
    let routes = score.routes.iter().map(|line| Route {
        label: score.labels.get(line.label.index()).map(|label| plain(label)).unwrap_or_default(),
        tone: tone(line.label.index(), score.labels.len()),
        when: line.condition.as_ref().map(|condition| words.condition(condition, false)),
        because: line.because.clone(),
        mark: mark(words, line.origin),
    });
    Score {
        id: anchor(&["score", &score.name]),
        name: plain(&score.name),
        entity: words.entity(score.entity),
        docs: score.docs.clone(),
        mark: mark(words, score.origin),
        low: number(range.low),
        high: number(range.high),
        weighted: score.weighted,
        layers: layers.collect(),
        bar: bar(score, id, range.low, range.high),
        routes: routes.collect(),
        trust: score.trust_after,
        learns: score.learn.as_ref().map(|learn| ahead::learning(words, learn)).unwrap_or_default(),
        trends: trends(words.program, id).into_iter().map(|(path, trend)| moved(words, &path, trend)).collect(),
        rests_on: rests_on(words, score),
    }
}

/// `More annual revenue never lowers it.`
fn moved(words: Words<'_>, path: &FieldPath, trend: Trend) -> String {
    let way = match trend {
        Trend::NeverLowers => "lowers",
        Trend::NeverRaises => "raises",
    };
    format!("More {} never {way} it.", words.field(path))
}

fn rule_view(words: Words<'_>, rule: &compiler::program::Rule) -> Rule {
    let (what, up_to) = match &rule.form {
        RuleForm::When(condition) => (words.condition(condition, false), None),
        RuleForm::Each { query, up_to } => {
            let each = format!("each time: {}{}", words.events(query, "or"), words.circumstances(query));
            (each, Some(number(*up_to)))
        }
    };
    Rule {
        points: points(rule.points),
        negative: rule.points.0 < 0,
        up_to,
        what: sentence(&what),
        because: rule.because.clone(),
        mark: mark(words, rule.origin),
    }
}

/// What a card asks for.
#[derive(Default)]
struct Asked {
    fields: Vec<FieldPath>,
    /// None is a conversation.
    events: Vec<Option<EventId>>,
}

/// What a card asks for, in its order, and which of the client's sources report that.
fn rests_on(words: Words<'_>, score: &Card) -> Vec<(String, Vec<String>)> {
    let mut asked = Asked::default();
    for rule in score.layers.iter().flat_map(|layer: &Layer| &layer.rules) {
        match &rule.form {
            RuleForm::When(condition) => asked.condition(condition),
            RuleForm::Each { query, .. } => asked.query(query),
        }
    }
    score.routes.iter().filter_map(|line| line.condition.as_ref()).for_each(|condition| asked.condition(condition));
    let sources = || words.program.sources.iter().filter(|source| !source.preset);
    let fields = asked.fields.iter().map(|path| {
        let by = sources().filter(|source| fills(words, source, path)).map(|source| plain(&source.name)).collect();
        (words.field(path), by)
    });
    let events = asked.events.iter().map(|event| {
        let delivers = |source: &&compiler::program::Source| source.reports.iter().any(|report| report.event == *event);
        let by = sources().filter(delivers).map(|source| plain(&source.name)).collect();
        (event.map_or_else(|| "conversations".to_owned(), |event| words.event(event)), by)
    });
    fields.chain(events).collect()
}

/// Whether a source has a column for a field, seen from what the source fills.
fn fills(words: Words<'_>, source: &compiler::program::Source, path: &FieldPath) -> bool {
    let Target::Records { entity, .. } = &source.target else { return false };
    let relation = |id: compiler::program::FieldId| {
        let entity = words.program.entities.get(entity.index())?;
        match entity.fields.get(id.index())?.ty {
            Type::Record(target) => Some(target),
            _ => None,
        }
    };
    let Some(target) = end_of(words, path) else { return false };
    source.mappings.iter().any(|mapping| match &mapping.target {
        MappingTarget::Field(field) => *entity == target && *field == path.field,
        MappingTarget::RelationField { relation: of, field } => relation(*of) == Some(target) && *field == path.field,
        _ => false,
    })
}

/// Whose field a path ends at.
fn end_of(words: Words<'_>, path: &FieldPath) -> Option<compiler::program::EntityId> {
    path.relations.iter().try_fold(path.entity, |entity, step| {
        match words.program.entities.get(entity.index())?.fields.get(step.index())?.ty {
            Type::Record(target) => Some(target),
            _ => None,
        }
    })
}

impl Asked {
    fn field(&mut self, path: &FieldPath) {
        if !self.fields.contains(path) {
            self.fields.push(path.clone());
        }
    }

    fn event(&mut self, event: Option<EventId>) {
        if !self.events.contains(&event) {
            self.events.push(event);
        }
    }

    fn query(&mut self, query: &EventQuery) {
        query.events.iter().for_each(|event| self.event(Some(*event)));
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Field(path) => self.field(path),
            Term::Aggregate(aggregate) => self.query(&aggregate.query),
            Term::Arithmetic { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            Term::Constant(_) | Term::EventField(_) | Term::Score(_) | Term::Today | Term::Now => {}
        }
    }

    fn text(&mut self, term: &TextTerm) {
        match term {
            TextTerm::Field(path) => self.field(path),
            TextTerm::Latest(aggregate) => self.query(&aggregate.query),
            TextTerm::EventField(_) => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => self.condition(inner),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Condition::Compare { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            Condition::Between { term, low, high } => [term, low, high].into_iter().for_each(|term| self.term(term)),
            Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => self.text(term),
            Condition::Same { left, right } => {
                self.text(left);
                self.text(right);
            }
            Condition::Has { list, .. } => self.field(list),
            Condition::HasOf { list, other, .. } => {
                self.field(list);
                self.field(other);
            }
            Condition::Known(field) => self.field(field),
            Condition::Happened { query, .. } => self.query(query),
            Condition::Mentions { .. } => self.event(None),
            Condition::Routed { .. } => {}
        }
    }
}

/// What a set of phrases is called where all of them are listed.
impl Phrases {
    pub(super) fn definition(&self) -> (String, String) {
        let texts = listed(self.texts.iter().map(|text| format!("“{text}”")), "or");
        (self.name.clone(), format!("Said in a mail, call or meeting: {texts}."))
    }
}
