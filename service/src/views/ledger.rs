//! A score as a ledger that adds up: layer by layer, line by line, with what is not known, what to ask next and what would change the route.

use compiler::program::{Asked, Fixed, Origin, Program, Rule, ScoreId};
use jiff::Timestamp;
use runtime::crm::RecordId;
use runtime::facts::Facts;
use runtime::records;
use runtime::score::{Ledger as Lines, Line, OpenLine, RuleLine, Scorer};
use serde::Serialize;
use utoipa::ToSchema;

use super::contacts::Contact;
use super::number::Number;
use crate::pool::Reader;
use crate::problem::Problem;

/// A score of a record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ledger {
    /// Whose.
    contact: Contact,
    /// Which score.
    score_name: String,
    /// As of when.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// As far as is known.
    #[schema(value_type = f64)]
    score: Number,
    /// At least, whatever turns out.
    #[schema(value_type = f64)]
    low: Number,
    /// At most.
    #[schema(value_type = f64)]
    high: Number,
    /// Where it routes.
    route: Option<Route>,
    /// Too few decisions are known: a person is asked before the route acts.
    provisional: bool,
    /// What it is made of.
    layers: Vec<Layer>,
    /// What the weights of the layers that count add, where others wait for their event.
    #[schema(value_type = f64)]
    rescaled: Number,
    /// What to ask next, the most telling first.
    questions: Vec<Question>,
    /// The smallest change that would route it otherwise.
    nearest_flip: Option<Flip>,
}

/// Where a score routes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Route {
    /// `hot`
    name: String,
    /// Nothing unknown can change it.
    certain: bool,
    /// Why, in the playbook's words.
    because: Option<String>,
}

/// A layer with the lines that add up to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Layer {
    /// None for rules that stand directly in the score.
    name: Option<String>,
    /// 25 for 25%; none in a score without weights.
    #[schema(value_type = Option<f64>)]
    weight: Option<Number>,
    /// The sum of the lines and the clamp.
    #[schema(value_type = f64)]
    points: Number,
    /// What keeps it within 0 to 100.
    #[schema(value_type = f64)]
    clamp: Number,
    /// What it gives to the score.
    #[schema(value_type = f64)]
    contributes: Number,
    /// The event that it waits for; it does not count until that is reported.
    left_out_until: Option<String>,
    /// The rules that give points.
    pub(crate) lines: Vec<Points>,
    /// The rules that may yet.
    undecided: Vec<Undecided>,
}

/// Points for a reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Points {
    /// Its stable name: `behavioral.3`.
    rule: String,
    /// What it gives today.
    #[schema(value_type = f64)]
    pub(crate) points: Number,
    /// The playbook's words for it, or else the facts.
    words: String,
    /// What made it hold.
    facts: String,
    /// What was said.
    quote: Option<String>,
    /// When the newest evidence is from, where points fade.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Where the rule stands: `stackmates.playbook:38`.
    place: String,
}

/// A rule that could still give or take points.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Undecided {
    /// Its stable name.
    rule: String,
    /// The least that it may give.
    #[schema(value_type = f64)]
    from: Number,
    /// The most.
    #[schema(value_type = f64)]
    to: Number,
    /// The playbook's words for it, or else the condition.
    words: String,
    /// What is not known.
    unknown: String,
    /// Where the rule stands.
    place: String,
}

/// A fact that nobody knows and a rule asks for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Question {
    /// `company.employees`, `meeting.attended`, `conversation`
    about: String,
    /// In words: `whether meeting.attended happened`.
    words: String,
    /// The route furthest from the present one that it could bring.
    could_route: Option<String>,
    /// The largest change of the score that it could bring.
    #[schema(value_type = f64)]
    could_change: Number,
}

/// What would route it otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Flip {
    /// In words.
    words: String,
    /// Where it would route.
    route: Option<String>,
    /// What the score would be.
    #[schema(value_type = f64)]
    score: Number,
}

/// The score of that name; without one, the first of the client's own files, or else of the modules that it uses.
///
/// # Errors
/// Where there is none.
pub(crate) fn score(program: &Program, named: Option<&str>) -> Result<ScoreId, Problem> {
    if let Some(name) = named {
        let missing =
            || Problem::not_found(format!("the playbook has no score `{}`", name.chars().take(80).collect::<String>()));
        return program.score(name).ok_or_else(missing);
    }
    program.first_score().ok_or_else(|| Problem::not_found("the playbook has no score"))
}

/// The scores, linked for an instant.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn scorer(reader: &Reader, now: Timestamp) -> Result<Scorer, Problem> {
    let coverage = reader.crm.coverage(&reader.program)?;
    Scorer::link_shared(std::sync::Arc::clone(&reader.program), now, &coverage).map_err(|_| Problem::internal())
}

/// The ledger of a record.
///
/// # Errors
/// Where there is no such record or score.
pub(crate) fn of(reader: &Reader, now: Timestamp, named: Option<&str>, id: i64) -> Result<Ledger, Problem> {
    with(reader, &scorer(reader, now)?, named, id)
}

/// The same, by scores that are linked already.
///
/// # Errors
/// As [`of`].
pub(crate) fn with(reader: &Reader, scorer: &Scorer, named: Option<&str>, id: i64) -> Result<Ledger, Problem> {
    let program = &reader.program;
    let score = score(program, named)?;
    let missing = || Problem::not_found(format!("there is no record {id} of that score"));
    let card = program.scores.get(score.index()).ok_or_else(missing)?;
    let facts = records::facts(&reader.crm, scorer, card.entity, RecordId(id))?.ok_or_else(missing)?;
    let row = scorer.row(card.entity, &facts).ok_or_else(missing)?;
    let evaluation = scorer.evaluate(card.entity, &row).ok_or_else(missing)?;
    let lines = scorer.ledger(score, &row, &evaluation).ok_or_else(missing)?;
    let (layers, rescaled) = layers(program, &lines);
    let standing = lines.standing();
    let route = lines.routed().map(|routed| Route {
        name: routed.label.to_string(),
        certain: routed.certain,
        because: routed
            .line
            .because
            .as_ref()
            .map(ToString::to_string)
            .or_else(|| Some(routed.line.words.to_string()).filter(|words| !words.is_empty())),
    });
    let flip = scorer.nearest_flip(score, &facts).map(|flip| Flip {
        words: flip.words,
        route: flip.route.and_then(|label| card.labels.get(label.index())).map(ToString::to_string),
        score: Number(flip.value),
    });
    Ok(Ledger {
        contact: runtime::people::one(&reader.crm, program, card.entity, RecordId(id))?.into(),
        score_name: card.name.to_string(),
        as_of: scorer.now(),
        score: Number(standing.value),
        low: Number(standing.low),
        high: Number(standing.high),
        route,
        provisional: !scorer.trusted(score, reader.crm.decisions(&card.name)?),
        layers,
        rescaled: Number(rescaled),
        questions: questions(scorer, score, &facts),
        nearest_flip: flip,
    })
}

/// What to ask next.
pub(crate) fn questions(scorer: &Scorer, score: ScoreId, facts: &Facts) -> Vec<Question> {
    let labels = scorer.program().scores.get(score.index()).map(|score| score.labels.as_slice()).unwrap_or_default();
    let questions = scorer.questions(score, facts).into_iter().map(|question| Question {
        words: match question.asked {
            Asked::Field(_) => question.words.replace(['_', '.'], " "),
            Asked::Event(_) => format!("whether {} happened", question.words),
            Asked::Conversation => "what they say".to_owned(),
        },
        about: question.words,
        could_route: question.route.and_then(|label| labels.get(label.index())).map(ToString::to_string),
        could_change: Number(question.points),
    });
    questions.collect()
}

/// The layers, each with its lines, and what rescaling weights adds.
pub(crate) fn layers(program: &Program, ledger: &Lines<'_>) -> (Vec<Layer>, Fixed) {
    let mut layers: Vec<Layer> = Vec::new();
    let (mut lines, mut clamp, mut rescaled) = (Vec::new(), Fixed::ZERO, Fixed::ZERO);
    for line in ledger.lines() {
        let (name, weight, value, contributes, until) = match line {
            Line::Rule(rule) => {
                lines.push(points(program, &rule));
                continue;
            }
            Line::Clamp { points, .. } => {
                clamp = points;
                continue;
            }
            Line::Rescaled { points } => {
                rescaled = points;
                continue;
            }
            Line::Layer { name, weight, value, points, .. } => (name, weight, value, points, None),
            Line::LeftOut { name, event, .. } => (name, None, Fixed::ZERO, Fixed::ZERO, Some(event.to_string())),
        };
        layers.push(Layer {
            name: name.map(ToString::to_string),
            weight: weight.map(Number),
            points: Number(value),
            clamp: Number(std::mem::take(&mut clamp)),
            contributes: Number(contributes),
            left_out_until: until,
            lines: std::mem::take(&mut lines),
            undecided: Vec::new(),
        });
    }
    for open in ledger.open() {
        if let Some(layer) = layers.get_mut(open.layer) {
            layer.undecided.push(undecided(program, &open));
        }
    }
    (layers, rescaled)
}

fn points(program: &Program, line: &RuleLine<'_>) -> Points {
    let Rule { id, because, origin, .. } = line.rule;
    let facts = line.facts();
    Points {
        rule: id.to_string(),
        points: Number(line.points),
        words: because.as_ref().map_or_else(|| facts.clone(), ToString::to_string),
        facts,
        quote: line.quote().map(|quote| quote.text),
        at: line.at(),
        place: place(program, *origin),
    }
}

fn undecided(program: &Program, line: &OpenLine<'_>) -> Undecided {
    let Rule { id, because, words, origin, .. } = line.rule;
    let (from, to) = line.range();
    let mut unknown = String::new();
    line.push_unknown(&mut unknown);
    Undecided {
        rule: id.to_string(),
        from: Number(from),
        to: Number(to),
        words: because.as_ref().unwrap_or(words).to_string(),
        unknown,
        place: place(program, *origin),
    }
}

fn place(program: &Program, origin: Origin) -> String {
    let file = program.files.get(origin.file.index()).map(ToString::to_string).unwrap_or_default();
    format!("{file}:{}", origin.line)
}
