//! Properties: the engine agrees with the reference, one at a time and in batches; ledgers add up; ranges hold what may come.

use compiler::program::{Asked, Fixed, LabelId, ScoreId};
use proptest::prelude::*;
use runtime::facts::{Coverage, Facts, Reported};
use runtime::score::{Evaluation, Line, Scorer, Standing};

use crate::generator::Choices;
use crate::playbook::{CONTACT, now};
use crate::reference::{Outcome, Points, World};

fn choices() -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..500)
}

fn cents(fixed: Fixed) -> i128 {
    assert_eq!(fixed.0 % 10_000, 0, "{fixed} has more than two decimals");
    i128::from(fixed.0 / 10_000)
}

fn points(standing: Standing) -> Points {
    Points { value: cents(standing.value), low: cents(standing.low), high: cents(standing.high) }
}

/// What the engine says of a score, in the reference's words.
fn said(scorer: &Scorer, evaluation: &Evaluation, score: ScoreId) -> Outcome {
    let layers = scorer.program().scores[score.index()].layers.len();
    let layer = |layer| compiler::program::ScoreRef { score, layer: Some(u32::try_from(layer).unwrap()) };
    let mut possible: Vec<Option<u32>> = evaluation.possible(score).map(|LabelId(label)| Some(label)).collect();
    // Only the certainty tells whether no route is possible besides.
    if possible.is_empty() || (possible.len() == 1 && !evaluation.is_certain(score)) {
        possible.push(None);
    }
    Outcome {
        points: points(evaluation.score(score).unwrap()),
        layers: (0..layers).map(|number| points(scorer.standing(evaluation, layer(number)).unwrap())).collect(),
        route: evaluation.route(score).map(|LabelId(label)| label),
        possible,
        fired: evaluation.fired(score).collect(),
    }
}

/// Whether no route is possible cannot be seen beside two others.
fn comparable(mut outcome: Outcome) -> Outcome {
    outcome.possible.sort_by_key(|label| label.map_or(u32::MAX, |label| label));
    if outcome.possible.len() > 2 {
        outcome.possible.retain(Option::is_some);
    }
    outcome
}

fn scores(scorer: &Scorer) -> impl Iterator<Item = ScoreId> {
    (0..u32::try_from(scorer.program().scores.len()).unwrap()).map(ScoreId)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_reference_agree(choices in choices()) {
        let mut choices = Choices::new(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let scorer = Scorer::link(&program, now(), &coverage).unwrap();
        let row = scorer.row(CONTACT, &facts).unwrap();
        let evaluation = scorer.evaluate(CONTACT, &row).unwrap();
        let world = World { program: &program, facts: &facts, coverage: &coverage, now: now() };
        for score in scores(&scorer) {
            let expected = comparable(world.score(score.index()));
            prop_assert_eq!(comparable(said(&scorer, &evaluation, score)), expected, "score {} of {:#?}", score.0, program.scores);
        }
    }

    #[test]
    fn batches_say_what_rows_say(choices in choices(), records in 1_usize..150) {
        let mut choices = Choices::new(&choices);
        let (coverage, program) = (choices.coverage(), choices.program());
        let several: Vec<Facts> = (0..4).map(|_| choices.facts()).collect();
        let scorer = Scorer::link(&program, now(), &coverage).unwrap();
        let mut batch = scorer.batch(CONTACT).unwrap();
        let mut builder = scorer.builder(CONTACT, false).unwrap();
        for record in 0..records {
            scorer.fill(CONTACT, &mut builder, &several[record % 4]);
            builder.finish_into(&mut batch);
        }
        let outcomes = scorer.evaluate_batch(CONTACT, &batch).unwrap();
        prop_assert_eq!(outcomes.len(), records);
        let alone: Vec<Evaluation> = several
            .iter()
            .map(|facts| scorer.evaluate(CONTACT, &scorer.row(CONTACT, facts).unwrap()).unwrap())
            .collect();
        for record in 0..records {
            let one = &alone[record % 4];
            for score in scores(&scorer) {
                prop_assert_eq!(outcomes.score(score, record), one.score(score));
                prop_assert_eq!(outcomes.route(score, record), one.route(score));
                prop_assert_eq!(outcomes.is_certain(score, record), one.is_certain(score));
                prop_assert_eq!(outcomes.fired(score, record).collect::<Vec<_>>(), one.fired(score).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn ledger_lines_add_up(choices in choices()) {
        let mut choices = Choices::new(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let scorer = Scorer::link(&program, now(), &coverage).unwrap();
        let row = scorer.row(CONTACT, &facts).unwrap();
        let evaluation = scorer.evaluate(CONTACT, &row).unwrap();
        for score in scores(&scorer) {
            let ledger = scorer.ledger(score, &row, &evaluation).unwrap();
            let (mut of_layer, mut total, mut rules) = (0, 0, 0);
            for line in ledger.lines() {
                match line {
                    Line::Rule(_) | Line::Clamp { .. } => of_layer += cents(line.points()),
                    Line::Layer { value, .. } => {
                        prop_assert_eq!(of_layer, cents(value));
                        of_layer = 0;
                        total += cents(line.points());
                    }
                    Line::LeftOut { .. } => of_layer = 0,
                    Line::Rescaled { .. } => total += cents(line.points()),
                }
                rules += usize::from(matches!(line, Line::Rule(_)));
            }
            prop_assert_eq!(total, cents(ledger.standing().value));
            prop_assert_eq!(rules, evaluation.fired(score).count());
            prop_assert!(ledger.to_string().starts_with("score "));
        }
    }

    #[test]
    fn ranges_hold_whatever_the_unknown_turns_out_to_be(choices in choices()) {
        let mut choices = Choices::monotone(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let (less, less_coverage) = choices.forget(&facts, &coverage);
        let judge = |facts: &Facts, coverage: &Coverage| {
            let scorer = Scorer::link(&program, now(), coverage).unwrap();
            let evaluation = scorer.evaluate(CONTACT, &scorer.row(CONTACT, facts).unwrap()).unwrap();
            (scorer, evaluation)
        };
        let ((scorer, known), (_, partly)) = (judge(&facts, &coverage), judge(&less, &less_coverage));
        for score in scores(&scorer) {
            let (all, range) = (known.score(score).unwrap(), partly.score(score).unwrap());
            prop_assert!(range.low <= all.value && all.value <= range.high, "{all:?} is not within {range:?}");
            prop_assert!(range.low <= range.value && range.value <= range.high);
            if let Some(route) = known.route(score).filter(|_| partly.is_certain(score)) {
                prop_assert_eq!(partly.possible(score).collect::<Vec<_>>(), vec![route]);
            }
        }
    }

    #[test]
    fn order_of_what_happened_does_not_matter(choices in choices()) {
        let mut choices = Choices::new(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let scorer = Scorer::link(&program, now(), &coverage).unwrap();
        let mut reversed = facts.clone();
        reversed.events.reverse();
        reversed.conversations.reverse();
        let judge = |facts: &Facts| scorer.evaluate(CONTACT, &scorer.row(CONTACT, facts).unwrap()).unwrap();
        let (forward, backward) = (judge(&facts), judge(&reversed));
        for score in scores(&scorer) {
            prop_assert_eq!(said(&scorer, &forward, score), said(&scorer, &backward, score));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flip_does_route_otherwise_and_questions_are_unknown(choices in choices()) {
        let mut choices = Choices::new(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let scorer = Scorer::link(&program, now(), &coverage).unwrap();
        let evaluation = scorer.evaluate(CONTACT, &scorer.row(CONTACT, &facts).unwrap()).unwrap();
        for score in scores(&scorer) {
            if let Some(flip) = scorer.nearest_flip(score, &facts) {
                prop_assert_ne!(flip.route, evaluation.route(score));
                prop_assert!((1..=2).contains(&flip.asked.len()) && flip.words.starts_with("if "), "{}", flip.words);
            }
            for question in scorer.questions(score, &facts) {
                if let Asked::Event(event) = question.asked {
                    let ever = |reported: &Reported| *reported == crate::playbook::ever();
                    let reported = coverage.events.get(&event).is_some_and(ever);
                    let judged = facts.events.iter().any(|known| known.event == event);
                    prop_assert!(!reported || judged, "{question:?}: all that happened is reported, and nothing did");
                }
            }
        }
    }
}

/// What a property says of cases that never happen is worth nothing: the generator reaches them all.
#[test]
fn the_generator_reaches_every_kind_of_outcome() {
    let mut seen: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let mut state = 7_u64;
    for _ in 0..500 {
        let choices: Vec<u16> = (0..500)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 48) as u16
            })
            .collect();
        let mut choices = Choices::new(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let scorer = Scorer::link(&program, now(), &coverage).unwrap();
        let row = scorer.row(CONTACT, &facts).unwrap();
        let evaluation = scorer.evaluate(CONTACT, &row).unwrap();
        let mut saw = |what, happened: bool| *seen.entry(what).or_default() += usize::from(happened);
        for score in scores(&scorer) {
            let standing = evaluation.score(score).unwrap();
            saw("a rule that fires", evaluation.fired(score).next().is_some());
            saw("a score that is open", !standing.is_decided());
            saw("a score that is decided", standing.is_decided());
            saw("a route that is certain", evaluation.is_certain(score) && evaluation.route(score).is_some());
            saw("a route that is not", !evaluation.is_certain(score));
            saw("a flip", scorer.nearest_flip(score, &facts).is_some());
            saw("a question that could change the route", {
                scorer.questions(score, &facts).iter().any(|question| question.route.is_some())
            });
            let ledger = scorer.ledger(score, &row, &evaluation).unwrap();
            for line in ledger.lines() {
                match line {
                    Line::Rule(line) => {
                        saw("points that faded", line.points != line.rule.points && line.age.is_some());
                        saw("a quote", line.quote().is_some());
                    }
                    Line::Clamp { .. } => saw("a clamp", true),
                    Line::LeftOut { .. } => saw("a layer left out", true),
                    Line::Rescaled { .. } => saw("rescaled weights", true),
                    Line::Layer { .. } => {}
                }
            }
        }
    }
    for (what, times) in &seen {
        assert!(*times >= 10, "{what}: only {times} times");
    }
    assert_eq!(seen.len(), 12, "{seen:?}");
}
