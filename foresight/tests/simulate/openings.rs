//! An experiment whose arms are messages, in a market where one of them is known to work: it is learned, counted, and the same each time.

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::program::{ArmKind, Choice, FieldId, FieldPath, Program, Value};
use foresight::simulate::{Figures, Pool, Prototype, Setting, play, report};
use jiff::{SignedDuration, Timestamp};
use runtime::agents::builtin::BuiltIn;
use runtime::crm::Reachable;
use runtime::facts::Facts;

/// A monday.
const FROM: &str = "2026-11-01T11:00:00Z";

fn program() -> Program {
    let text = include_str!("../../../examples/experiment/experiment.playbook");
    let compiled = compiler::compile::compile_unproven("experiment.playbook", text);
    let found: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
    compiled.program.unwrap_or_else(|| panic!("{found:#?}"))
}

/// Twenty people who differ in nothing but their address.
fn pool(program: &Program) -> Pool {
    let entity = program.entity("Contact").unwrap();
    let place = program.entities[entity.index()].fields.iter().position(|field| field.name == "email").unwrap();
    let field = FieldPath { entity, relations: Vec::new(), field: FieldId(u32::try_from(place).unwrap()) };
    let record = |number: usize| {
        let email = format!("p{number}@home.example");
        let fields = BTreeMap::from([(field.clone(), Value::Text(email.as_str().into()))]);
        let reachable = Reachable { email: Some(email.into()), ..Reachable::default() };
        Prototype { reachable, facts: Facts { fields, ..Facts::default() } }
    };
    Pool { from: "people.csv".into(), records: (0..20).map(record).collect(), as_of: FROM.parse().unwrap() }
}

fn played(turn: impl Fn(&mut Program), seeds: u64) -> (Setting, Vec<Figures>) {
    let mut program = program();
    turn(&mut program);
    let pool = pool(&program);
    let from: Timestamp = FROM.parse().unwrap();
    let until = from.checked_add(SignedDuration::from_hours(24 * 7 * 10)).unwrap();
    let setting = Setting::new(Arc::new(program), 0, vec![pool], BuiltIn::new(None), from, Some(until)).unwrap();
    let figures = play(&setting, seeds, &|_| {}).unwrap();
    (setting, figures)
}

/// Assumed: 40 leads a week for eight weeks; the story is answered 45 times of a hundred, the question five times.
#[test]
fn the_message_that_works_is_written_more_often_in_every_seed() {
    let (setting, figures) = played(|_| {}, 20);
    assert_eq!(program().experiments[0].of, ArmKind::Templates);
    for seed in &figures {
        let [question, story] = seed.experiments[0].as_slice() else { panic!("two arms") };
        assert!(story.pulls > 2 * question.pulls, "{question:?} {story:?}");
        // By lot: a tenth is held out, and each has a tenth at least; none of them is ever left out.
        assert!(question.pulls * 20 > story.pulls, "{question:?} {story:?}");
    }
    let report = report(&setting, &figures).unwrap();
    let arms = &report.experiments[0].arms;
    assert_eq!(arms.iter().map(|arm| arm.arm.as_str()).collect::<Vec<_>>(), ["question", "story"]);
}

#[test]
fn evenly_each_message_is_written_as_often() {
    let evenly = |program: &mut Program| {
        let tried = &mut program.experiments[0];
        (tried.choose, tried.stop) = (Choice::Evenly, None);
    };
    let (_, figures) = played(evenly, 20);
    let sum = |arm: usize| figures.iter().map(|seed| seed.experiments[0][arm].pulls).sum::<u64>() as f64;
    let (question, story) = (sum(0), sum(1));
    // Five standard deviations of a fair coin.
    assert!((question - story).abs() < 5.0 * (question + story).sqrt(), "{question} {story}");
    assert!(question + story > 20.0 * 40.0 * 7.0, "all who came were written to: {question} {story}");
}
