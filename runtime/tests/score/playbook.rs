//! A small playbook built by hand, so that the scorer's tests do not wait for the compiler.

use compiler::program::*;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::syntax::{AggregateFunction, DurationUnit};
use runtime::facts::{Coverage, EventFact, Reported, Said};
use smol_str::SmolStr;

pub(crate) const CONTACT: EntityId = EntityId(0);
pub(crate) const COMPANY: EntityId = EntityId(1);

pub(crate) const CLICKED: EventId = EventId(0);
pub(crate) const REPLIED: EventId = EventId(1);
pub(crate) const ANSWERED: EventId = EventId(2);

pub(crate) const PAIN: PhrasesId = PhrasesId(0);

pub(crate) const INDUSTRIES: [&str; 4] = ["agency", "construction", "other", "solar_epc"];
pub(crate) const TOOLS: [&str; 3] = ["Excel", "Procore", "simPRO"];

/// Entities, events and phrases; no scores yet.
pub(crate) fn program() -> Program {
    let text = || Type::Text;
    let list = || Type::List(Box::new(Type::Text));
    let words = || Type::OneOf(INDUSTRIES.iter().map(|&word| word.into()).collect());
    let contact = vec![
        field("country", text(), true),
        field("visits", Type::Number, true),
        field("budget", Type::Money, true),
        field("home_owner", Type::YesNo, true),
        field("symptoms", list(), true),
        field("tags", list(), false),
        field("objections.open", Type::List(Box::new(Type::OneOf(vec!["price".into(), "too_custom".into()]))), true),
        field("born", Type::Date, true),
        field("region", text(), true),
        field("company", Type::Record(COMPANY), true),
    ];
    let company = vec![
        field("industry", words(), true),
        field("employees", Type::Number, true),
        field("country", text(), true),
        field("tools", list(), false),
        field("needs", list(), true),
    ];
    Program {
        format: FORMAT,
        client: Client {
            name: "Test".into(),
            currency: "NZD".into(),
            timezone: "Pacific/Auckland".into(),
            ..Client::default()
        },
        files: vec!["test.playbook".into()],
        entities: vec![entity("Contact", contact), entity("Company", company)],
        events: vec![
            event("email.clicked", vec![field("url", text(), true), field("depth", Type::Number, true)]),
            event(
                "reply.received",
                vec![
                    field("delay", Type::Duration, true),
                    field("words", Type::Number, true),
                    field("kind", words(), true),
                    field("automatic", Type::YesNo, true),
                ],
            ),
            event("objection.answered", vec![field("objection", text(), true)]),
        ],
        phrases: vec![
            phrases("bid_pain", false, &["tender deadline", "copy and paste"]),
            phrases("price", true, &["too expensive", "no budget"]),
            phrases("too_custom", true, &["too custom"]),
        ],
        ..Program::default()
    }
}

fn entity(name: &str, fields: Vec<Field>) -> Entity {
    Entity { name: name.into(), table: name.to_lowercase().into(), fields, docs: None }
}

fn field(name: &str, ty: Type, optional: bool) -> Field {
    Field {
        name: name.into(),
        column: name.replace('.', "_").into(),
        ty,
        optional,
        standard: true,
        origin: Origin::default(),
    }
}

fn event(name: &str, fields: Vec<Field>) -> Event {
    Event { name: name.into(), fields, docs: None, origin: Origin::default() }
}

fn phrases(name: &str, objection: bool, texts: &[&str]) -> PhraseSet {
    let texts = texts.iter().map(|&text| text.into()).collect();
    PhraseSet { name: name.into(), objection, hidden: false, texts, origin: Origin::default() }
}

/// `company.employees`, `visits`
pub(crate) fn path(name: &str) -> FieldPath {
    let program = program();
    let of = |entity: EntityId, name: &str| {
        let fields = &program.entities[entity.index()].fields;
        FieldId(u32::try_from(fields.iter().position(|field| field.name == name).unwrap()).unwrap())
    };
    match name.strip_prefix("company.") {
        Some(field) => {
            FieldPath { entity: CONTACT, relations: vec![of(CONTACT, "company")], field: of(COMPANY, field) }
        }
        None => FieldPath { entity: CONTACT, relations: vec![], field: of(CONTACT, name) },
    }
}

pub(crate) fn number(value: &str) -> Fixed {
    value.parse().unwrap()
}

pub(crate) fn texts(values: &[&str]) -> Vec<SmolStr> {
    let mut values: Vec<SmolStr> = values.iter().map(|&value| value.into()).collect();
    values.sort();
    values
}

pub(crate) fn term(name: &str) -> Term {
    Term::Field(path(name))
}

pub(crate) fn constant(value: &str) -> Term {
    Term::Constant(number(value))
}

pub(crate) fn compare(left: Term, operator: Comparison, right: Term) -> Condition {
    Condition::Compare { left, operator, right }
}

pub(crate) fn between(name: &str, low: &str, high: &str) -> Condition {
    Condition::Between { term: term(name), low: constant(low), high: constant(high) }
}

pub(crate) fn one_of(name: &str, values: &[&str]) -> Condition {
    Condition::OneOf { term: TextTerm::Field(path(name)), values: texts(values) }
}

pub(crate) fn has(name: &str, which: Which, values: &[&str]) -> Condition {
    Condition::Has { list: path(name), which, values: texts(values) }
}

pub(crate) fn days(amount: u32) -> Option<Window> {
    Some(Window { amount, unit: DurationUnit::Day, business: false })
}

pub(crate) fn query(event: EventId, filter: Option<Condition>, window: Option<Window>) -> EventQuery {
    EventQuery { events: vec![event], filter: filter.map(Box::new), window }
}

pub(crate) fn happened(query: EventQuery, at_least: u32, at_most: Option<u32>) -> Condition {
    Condition::Happened { query, at_least, at_most }
}

pub(crate) fn any(query: EventQuery) -> Condition {
    happened(query, 1, None)
}

pub(crate) fn aggregate(function: AggregateFunction, field: &str, query: EventQuery) -> Aggregate {
    Aggregate { function, field: (function != AggregateFunction::Count).then(|| field.into()), query }
}

pub(crate) fn when(points: &str, condition: Condition) -> Rule {
    rule(points, RuleForm::When(condition))
}

pub(crate) fn each(points: &str, query: EventQuery, up_to: &str) -> Rule {
    rule(points, RuleForm::Each { query, up_to: number(up_to) })
}

fn rule(points: &str, form: RuleForm) -> Rule {
    Rule {
        id: "rule".into(),
        points: number(points),
        form,
        because: Some("it is so".into()),
        words: "as written".into(),
        origin: Origin { file: FileId(0), line: 7 },
    }
}

pub(crate) fn layer(name: &str, weight: Option<&str>, half_life_days: Option<i64>, rules: Vec<Rule>) -> Layer {
    Layer {
        name: Some(name.into()),
        weight: weight.map(number),
        half_life: half_life_days.map(|days| Fixed::from_integer(days * 86_400)),
        once: None,
        rules,
        origin: Origin::default(),
    }
}

/// Routes are (label, condition), best first; a last one without a condition is `otherwise`.
pub(crate) fn score(name: &str, layers: Vec<Layer>, routes: Vec<(&str, Option<Condition>)>) -> Score {
    let mut labels: Vec<SmolStr> = Vec::new();
    for (label, _) in &routes {
        let label = SmolStr::from(*label);
        labels.retain(|known| *known != label);
        labels.push(label);
    }
    let line = |(label, condition): (&str, Option<Condition>)| RouteLine {
        label: LabelId(u32::try_from(labels.iter().position(|known| known == label).unwrap()).unwrap()),
        condition,
        because: None,
        words: SmolStr::default(),
        origin: Origin::default(),
    };
    Score {
        name: name.into(),
        entity: CONTACT,
        docs: None,
        weighted: layers.iter().any(|layer| layer.weight.is_some()),
        layers,
        routes: routes.into_iter().map(line).collect(),
        labels: labels.clone(),
        trust_after: None,
        learn: None,
        kill: None,
        origin: Origin::default(),
    }
}

/// `score` or one of its layers, as a term.
pub(crate) fn standing(score: u32, layer: Option<u32>) -> Term {
    Term::Score(ScoreRef { score: ScoreId(score), layer })
}

/// A Thursday morning in Auckland, well away from clock changes.
pub(crate) fn now() -> Timestamp {
    "2026-05-21T09:00:00".parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone()).unwrap().timestamp()
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Pacific/Auckland").unwrap()
}

pub(crate) fn days_ago(days: i64) -> Timestamp {
    now() - jiff::SignedDuration::from_hours(24 * days)
}

pub(crate) fn happening(event: EventId, days: i64, fields: Vec<(&str, Value)>) -> EventFact {
    EventFact {
        event,
        at: days_ago(days),
        fields: fields.into_iter().map(|(name, value)| (name.into(), value)).collect(),
    }
}

pub(crate) fn said(days: i64, text: &str) -> Said {
    Said { at: days_ago(days), text: text.into() }
}

pub(crate) fn ever() -> Reported {
    Reported { since: Timestamp::MIN, until: None }
}

/// Everything is reported, since ever.
pub(crate) fn all_reported() -> Coverage {
    Coverage { events: (0..3).map(|event| (EventId(event), ever())).collect(), conversations: Some(ever()) }
}
