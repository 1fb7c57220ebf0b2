//! The same leads judged by other engines, in one run with the model by hand and with ours: `cargo run --release`.
//!
//! Each peer decides the conditions of all rules, compiled once, over inputs that lie ready in its own kind of value; points,
//! clamps and routes are added up in Rust for all of them, which favours them. All have to agree on every lead.

#[path = "../../limits/leads.rs"]
mod leads;
#[path = "../../limits/limit.rs"]
mod limit;
#[path = "../../limits/measure.rs"]
mod measure;
#[path = "../../limits/ours.rs"]
mod ours;
mod rules;

use cel::{Context, Value};
use datalogic_rs::{Engine, ParsedData};
use leads::Lead;
use limit::Judged;
use measure::{contestant, side_by_side};
use ours::Ours;
use rules::{RULES, WEIGHTS};
use serde_json::json;
use zen_expression::vm::VM;
use zen_expression::{Scope, Variable};

const LEADS: usize = 20_000;
const SEED: u64 = 42;
const TURNS: usize = 5;

fn main() {
    let leads = leads::leads(SEED, LEADS);
    let expected: Vec<Judged> = leads.iter().map(limit::judge).collect();

    let ours = Ours::new();
    let (rows, batch) = (ours.rows(&leads), ours.batch(&leads));
    let mut evaluation = ours.evaluation();

    let engine = Engine::new();
    let logic: Vec<_> = RULES.iter().map(|rule| engine.compile(rule.json_logic).expect("JSONLogic")).collect();
    let json: Vec<ParsedData> =
        leads.iter().map(|lead| ParsedData::from_json(&as_json(lead).to_string()).expect("a lead")).collect();
    let mut session = engine.session();
    let mut json_logic = |data: &ParsedData| {
        let judged = add_up(|rule| session.eval_borrowed(&logic[rule], data).expect("a value").as_bool() == Some(true));
        session.reset();
        judged
    };

    let expressions: Vec<_> =
        RULES.iter().map(|rule| zen_expression::compile_expression(rule.zen).expect("a ZEN expression")).collect();
    let variables: Vec<Variable> = leads.iter().map(|lead| as_json(lead).into()).collect();
    let mut vm = VM::new();
    let mut zen = |lead: &Variable| {
        let scope = Scope::new(lead.clone());
        add_up(|rule| expressions[rule].evaluate_with_scope(&scope, &mut vm).expect("a value").as_bool() == Some(true))
    };

    let programs: Vec<_> =
        RULES.iter().map(|rule| cel::Program::compile(rule.cel).expect("a CEL expression")).collect();
    let root = Context::default();
    let contexts: Vec<Context<'_, '_>> = leads.iter().map(|lead| as_context(&root, lead)).collect();
    let cel =
        |context: &Context<'_, '_>| add_up(|rule| matches!(programs[rule].execute(context), Ok(Value::Bool(true))));

    for (place, expected) in expected.iter().enumerate() {
        assert_eq!(ours.judge(&rows[place], &mut evaluation), *expected, "ours, {:#?}", leads[place]);
        assert_eq!(json_logic(&json[place]), *expected, "JSONLogic, {:#?}", leads[place]);
        assert_eq!(zen(&variables[place]), *expected, "ZEN, {:#?}", leads[place]);
        assert_eq!(cel(&contexts[place]), *expected, "CEL, {:#?}", leads[place]);
    }
    let checksum = expected.iter().fold(0, |checksum, judged| mix(checksum, judged));
    println!("{LEADS} leads: all agree, checksum {checksum:016x}");

    side_by_side(
        "Peers, inputs ready, with fired rules",
        "lead",
        LEADS,
        TURNS,
        vec![
            contestant("by hand over strings, with the list of fired rules (the limit)", None, || {
                leads.iter().fold(0, |checksum, lead| {
                    let judged: Judged<Vec<&str>> = limit::judge(lead);
                    checksum ^ judged.composite as u64 ^ judged.fired.len() as u64
                })
            }),
            contestant("playbook, a batch", None, || {
                let outcomes = ours.judge_all(&batch);
                ours.of_record(&outcomes, LEADS - 1).composite as u64
            }),
            contestant("playbook, one at a time", None, || {
                rows.iter().fold(0, |checksum, row| mix(checksum, &ours.judge(row, &mut evaluation)))
            }),
            contestant("JSONLogic (datalogic-rs)", None, || {
                json.iter().fold(0, |checksum, lead| mix(checksum, &json_logic(lead)))
            }),
            contestant("ZEN expressions", None, || {
                variables.iter().fold(0, |checksum, lead| mix(checksum, &zen(lead)))
            }),
            contestant("CEL (cel)", None, || contexts.iter().fold(0, |checksum, lead| mix(checksum, &cel(lead)))),
        ],
    );
}

fn mix(checksum: u64, judged: &Judged) -> u64 {
    let one = (judged.composite as u64) << 32 ^ u64::from(judged.route) << 24 ^ u64::from(judged.fired);
    (checksum.rotate_left(5) ^ one).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Points, clamps and route of the rules that hold.
fn add_up(mut holds: impl FnMut(usize) -> bool) -> Judged {
    let (mut layers, mut fired) = ([0_i64; 4], 0);
    for (place, rule) in RULES.iter().enumerate() {
        if holds(place) {
            layers[rule.layer] += rule.points;
            fired |= 1 << place;
        }
    }
    let layers = layers.map(|points| points.clamp(0, 100));
    let composite = layers.iter().zip(WEIGHTS).map(|(points, weight)| points * weight).sum();
    let route = if composite >= 7000 && layers[3] >= 50 {
        0
    } else if composite >= 4500 {
        1
    } else {
        2
    };
    Judged { composite, route, fired }
}

fn as_json(lead: &Lead) -> serde_json::Value {
    json!({
        "industry": lead.industry, "employees": lead.employees, "country": lead.country, "tech": lead.tech, "title": lead.title,
        "source": lead.source, "opens_7d": lead.opens_7d, "opens_30d": lead.opens_30d, "clicks_7d": lead.clicks_7d,
        "clicks_30d": lead.clicks_30d, "pricing_views": lead.pricing_views, "replies_30d": lead.replies_30d,
        "replied": lead.replied, "response_hours": lead.response_hours, "meetings_booked": lead.meetings_booked,
        "meetings_attended": lead.meetings_attended, "docs_shared": lead.docs_shared, "docs_opened": lead.docs_opened,
        "stakeholders": lead.stakeholders, "objections": lead.objections, "stated_need": lead.stated_need,
        "actual_need": lead.actual_need, "budget_k": lead.budget_k, "timeline_days": lead.timeline_days,
        "last_activity_day": lead.last_activity_day, "consent": lead.consent,
    })
}

fn as_context<'p>(root: &'p Context<'p, 'p>, lead: &Lead) -> Context<'p, 'p> {
    let mut context = root.new_inner_scope();
    let serde_json::Value::Object(fields) = as_json(lead) else { panic!("a lead is an object") };
    for (name, value) in fields {
        let value = match value {
            serde_json::Value::Bool(yes) => Value::Bool(yes),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) if name != "response_hours" => Value::Int(whole),
                _ => Value::Float(number.as_f64().expect("a number")),
            },
            serde_json::Value::String(text) => text.as_str().into(),
            serde_json::Value::Array(values) => {
                values.iter().filter_map(|value| value.as_str()).collect::<Vec<_>>().into()
            }
            other => panic!("a lead has no {other}"),
        };
        context.add_variable_from_value(name, value);
    }
    context
}
