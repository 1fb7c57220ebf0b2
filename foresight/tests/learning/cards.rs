//! Proposals: shrunk to the card, signs and bounds kept, and the text that is written means what was proposed.

use std::collections::BTreeMap;

use compiler::program::{FieldPath, FileId, Fixed, Program, ScoreId, Value};
use foresight::learn::{Decision, Proposal, RARER, propose, written};
use foresight::statistics::Random;

const CARD: &str = r#"client "Acme" {
  people founder "Founder"
}
use std.crm
extend Contact {
  occupation: text?
  visits:     number?
  agreed:     yes/no?
}
score fit for Contact {
  layer who weight 60% {
    +60 when occupation is "baker"                 because "bakes"   // a comment that stays
    -30 when occupation is "thief"                 because "takes"
  }
  layer what weight 40% {
    +50 when agreed is yes                         because "wants it"
  }
  route {
    hot  when fit >= 40
    cold otherwise
  }
  learn {
    good on deal.won
    bad  on deal.lost
    trust after 40 decisions
    keep each weight from 30% to 70%
    adopt on approved by founder
  }
}
"#;

fn program(text: &str) -> Program {
    let compiled = compiler::compile::compile_text("card.playbook", text);
    let found: Vec<String> = compiled.diagnostics.iter().map(|found| found.headline.to_string()).collect();
    compiled.program.unwrap_or_else(|| panic!("{found:?}"))
}

fn path(program: &Program, name: &str) -> FieldPath {
    let entity = program.entity("Contact").unwrap();
    let fields = &program.entities[entity.index()].fields;
    let place = fields.iter().position(|field| field.name == name).unwrap();
    FieldPath { entity, relations: Vec::new(), field: compiler::program::FieldId(u32::try_from(place).unwrap()) }
}

/// Decisions whose outcomes come from the same chances by occupation, agreement and visits.
fn decisions(program: &Program, seed: u64, count: usize, chance: impl Fn(&str, bool, usize) -> f64) -> Vec<Decision> {
    let mut random = Random::new(seed);
    let decide = |random: &mut Random| {
        let occupation = ["baker", "thief", "clerk", "smith"][random.below(4)];
        let (agreed, visits) = (random.unit() < 0.5, random.below(20));
        let good = random.unit() < chance(occupation, agreed, visits);
        let fired = [occupation == "baker", occupation == "thief", agreed];
        Decision {
            rules: fired.iter().map(|fired| if *fired { 1.0 } else { 0.0 }).collect(),
            fields: vec![
                (path(program, "occupation"), Value::Text(occupation.into())),
                (path(program, "agreed"), Value::YesNo(agreed)),
                (path(program, "visits"), Value::Number(Fixed::from_integer(i64::try_from(visits).unwrap()))),
            ],
            good,
        }
    };
    (0..count).map(|_| decide(&mut random)).collect()
}

const CARD_ID: ScoreId = ScoreId(0);

fn keeps_its_bounds(program: &Program, proposal: &Proposal) {
    let applied = proposal.apply(program);
    let (before, after) = (&program.scores[0], &applied.scores[0]);
    let sum: i64 = after.layers.iter().map(|layer| layer.weight.unwrap().0).sum();
    assert_eq!(sum, Fixed::from_integer(100).0, "{proposal:?}");
    for (before, after) in before.layers.iter().zip(&after.layers) {
        let weight = after.weight.unwrap();
        assert!(weight >= Fixed::from_integer(30) && weight <= Fixed::from_integer(70), "{proposal:?}");
        for (before, after) in before.rules.iter().zip(&after.rules) {
            assert_eq!(before.points.0.signum(), after.points.0.signum(), "{proposal:?}");
        }
    }
}

#[test]
fn signs_and_bounds_are_kept_whatever_the_outcomes_say() {
    let program = program(CARD);
    // The wrong way round: whoever the card likes is bad.
    let against = |occupation: &str, agreed: bool, _: usize| match (occupation, agreed) {
        ("baker", _) | (_, true) => 0.1,
        ("thief", false) => 0.9,
        _ => 0.6,
    };
    for seed in 0..40 {
        for count in [10, 40, 160, 640] {
            keeps_its_bounds(&program, &propose(&program, CARD_ID, &decisions(&program, seed, count, against)));
            let noise = |_: &str, _: bool, _: usize| 0.4;
            keeps_its_bounds(&program, &propose(&program, CARD_ID, &decisions(&program, seed, count, noise)));
        }
    }
}

#[test]
fn few_outcomes_change_nothing_and_are_provisional() {
    let program = program(CARD);
    for seed in 0..20 {
        let proposal =
            propose(&program, CARD_ID, &decisions(&program, seed, 20, |_, agreed, _| if agreed { 0.8 } else { 0.2 }));
        assert!(proposal.provisional && proposal.is_empty(), "{proposal:?}");
    }
}

#[test]
fn many_decisions_of_one_kind_are_provisional_too() {
    let program = program(CARD);
    let proposal = propose(&program, CARD_ID, &decisions(&program, 1, 400, |_, _, _| 0.02));
    assert!(proposal.good < RARER && proposal.provisional);
}

#[test]
fn what_pays_is_learned() {
    let program = program(CARD);
    let visits_tell = |_: &str, _: bool, visits: usize| if visits >= 10 { 0.8 } else { 0.2 };
    let proposal = propose(&program, CARD_ID, &decisions(&program, 5, 800, visits_tell));
    let words: Vec<&str> = proposal.rules.iter().map(|rule| rule.words.as_str()).collect();
    assert!(words.iter().any(|words| words.starts_with("visits ")), "{words:?}");
    assert!(!proposal.provisional);
}

#[test]
fn what_is_written_means_what_was_proposed_and_leaves_the_rest_of_the_text_alone() {
    let program = program(CARD);
    let chances = |occupation: &str, agreed: bool, visits: usize| {
        0.1 + if occupation == "smith" { 0.4 } else { 0.0 }
            + if agreed { 0.2 } else { 0.0 }
            + if visits >= 12 { 0.25 } else { 0.0 }
    };
    let proposal = propose(&program, CARD_ID, &decisions(&program, 9, 1200, chances));
    assert!(!proposal.is_empty());
    let file = program.files.iter().position(|file| file == "card.playbook").unwrap();
    let own = BTreeMap::from([(FileId(u32::try_from(file).unwrap()), CARD.to_owned())]);
    let day = |day: i8| jiff::civil::date(2026, 11, day);
    let texts = written(&program, &proposal, &own, day(20)).unwrap();
    let text = texts.values().next().unwrap();
    let compiled = self::program(text);
    let learned = compiled.scores[0].learn.as_ref().and_then(|learn| learn.learned).unwrap();
    assert_eq!((u64::from(learned.decisions), learned.until), (proposal.decisions, day(20)), "{text}");
    let applied = proposal.apply(&program);
    for (one, other) in applied.scores[0].layers.iter().zip(&compiled.scores[0].layers) {
        assert_eq!(one.weight, other.weight);
        assert_eq!(one.rules.len(), other.rules.len(), "{text}");
        for (one, other) in one.rules.iter().zip(&other.rules) {
            assert_eq!((&one.id, one.points, &one.form), (&other.id, other.points, &other.form), "{text}");
            assert_eq!((&one.words, &one.because), (&other.words, &other.because), "{text}");
        }
    }
    assert!(text.contains("// a comment that stays"), "{text}");
    assert_eq!(language::format(text).text, *text);
}
