//! Two scores side by side: what is proven the same is the same for whatever record, and a record that is said to tell two apart does,
//! by the naive reference as well.

use std::sync::Arc;

use compiler::diff::same_score;
use compiler::program::{Comparison, Condition, Fixed, Program, RuleForm, ScoreId, Term};
use jiff::Timestamp;
use proptest::prelude::*;
use runtime::diff::{Found, Side, search};
use runtime::facts::{Coverage, Facts};
use runtime::score::Scorer;

use crate::generator::Choices;
use crate::playbook::{CONTACT, now, zone};
use crate::reference::{Outcome, World};

/// Choices that follow from a seed.
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn choices(&mut self) -> Vec<u16> {
        (0..500).map(|_| u16::try_from(self.below(1 << 16)).unwrap()).collect()
    }

    fn program(&mut self) -> Program {
        let choices = self.choices();
        Choices::new(&choices).program()
    }

    fn record(&mut self) -> (Coverage, Facts) {
        let choices = self.choices();
        let mut choices = Choices::new(&choices);
        (choices.coverage(), choices.facts())
    }

    /// The same, told otherwise: what is denied twice only where points do not fade.
    fn told_otherwise(&mut self, condition: &Condition, fading: bool) -> Condition {
        let told = match condition {
            Condition::Not(inner) => Condition::Not(Box::new(self.told_otherwise(inner, true))),
            Condition::All(parts) => Condition::All(self.parts(parts, fading)),
            Condition::Any(parts) => Condition::Any(self.parts(parts, fading)),
            Condition::Compare { left, operator, right } => self.compared(left, *operator, right),
            Condition::Between {
                term: term @ Term::Field(_),
                low: low @ Term::Constant(_),
                high: high @ Term::Constant(_),
            } => {
                let side =
                    |operator, bound: &Term| Condition::Compare { left: term.clone(), operator, right: bound.clone() };
                Condition::All(vec![side(Comparison::AtMost, high), side(Comparison::AtLeast, low)])
            }
            other => other.clone(),
        };
        match self.below(6) {
            0 if !fading => Condition::Not(Box::new(Condition::Not(Box::new(told)))),
            1 => Condition::All(vec![told]),
            2 => Condition::Any(vec![told.clone(), told]),
            _ => told,
        }
    }

    fn parts(&mut self, parts: &[Condition], fading: bool) -> Vec<Condition> {
        let mut parts: Vec<Condition> = parts.iter().map(|part| self.told_otherwise(part, fading)).collect();
        if parts.len() > 1 {
            let by = self.below(parts.len());
            parts.rotate_left(by);
        }
        parts
    }

    fn compared(&mut self, left: &Term, operator: Comparison, right: &Term) -> Condition {
        use Comparison::{AtLeast, AtMost, Equal, Less, More, NotEqual};
        if let (More, Term::Constant(Fixed(bound)), 0) = (operator, right, self.below(2)) {
            let right = Term::Constant(Fixed(bound + 1));
            return Condition::Compare { left: left.clone(), operator: AtLeast, right };
        }
        let mirrored = match operator {
            Less => More,
            AtMost => AtLeast,
            More => Less,
            AtLeast => AtMost,
            same @ (Equal | NotEqual) => same,
        };
        Condition::Compare { left: right.clone(), operator: mirrored, right: left.clone() }
    }

    /// The same playbook, told otherwise.
    fn rewritten(&mut self, program: &Program) -> Program {
        let mut program = program.clone();
        for score in &mut program.scores {
            for layer in &mut score.layers {
                let fading = layer.half_life.is_some();
                for rule in &mut layer.rules {
                    if let RuleForm::When(condition) = &mut rule.form {
                        *condition = self.told_otherwise(condition, fading);
                    }
                    rule.because = None;
                }
                let by = self.below(layer.rules.len().max(1));
                layer.rules.rotate_left(by);
            }
            for line in &mut score.routes {
                if let Some(condition) = &mut line.condition {
                    *condition = self.told_otherwise(condition, false);
                }
            }
        }
        program
    }

    /// One thing of it changed, most often.
    fn changed(&mut self, program: &Program) -> Program {
        let mut changed = program.clone();
        let other = self.program();
        let score = self.below(changed.scores.len());
        let score = &mut changed.scores[score];
        let layers = score.layers.len();
        let layer = &mut score.layers[self.below(layers)];
        let rules = layer.rules.len();
        let place = self.below(rules);
        match self.below(5) {
            0 => layer.rules[place].points = Fixed(layer.rules[place].points.0 + 5_000_000),
            1 => drop(layer.rules.remove(place)),
            2 => layer.half_life = Some(Fixed::from_integer(86_400 * 5)),
            3 => {
                // Of the first score no rule reads another one.
                let rule = other.scores[0].layers[0].rules[0].clone();
                layer.rules.push(rule);
            }
            _ => {
                if let RuleForm::When(condition) = &mut layer.rules[place].form {
                    *condition = Condition::Not(Box::new(condition.clone()));
                }
            }
        }
        changed
    }
}

/// What a score says: value, range, route, certainty, and the same of each layer.
fn said(scorer: &Scorer, facts: &Facts, score: ScoreId) -> String {
    let evaluation = scorer.evaluate(CONTACT, &scorer.row(CONTACT, facts).unwrap()).unwrap();
    let labels = &scorer.program().scores[score.index()].labels;
    let route = evaluation.route(score).map(|label| labels[label.index()].clone());
    format!("{:?} {route:?} {}", evaluation.score(score), evaluation.is_certain(score))
}

fn ids(program: &Program) -> impl Iterator<Item = ScoreId> {
    (0..u32::try_from(program.scores.len()).unwrap()).map(ScoreId)
}

/// What the naive reference says.
fn reference(program: &Program, found: &Found, now: Timestamp, score: ScoreId) -> (Outcome, Option<String>) {
    let facts = found.example.facts(program, CONTACT, now, &zone());
    let coverage = found.example.coverage(program);
    let outcome = World { program, facts: &facts, coverage: &coverage, now }.score(score.index());
    let route = outcome.route.map(|label| program.scores[score.index()].labels[label as usize].to_string());
    (outcome, route)
}

fn test_now() -> Timestamp {
    jiff::civil::date(2026, 1, 5).at(9, 0, 0, 0).to_zoned(zone()).unwrap().timestamp()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proven_the_same_is_the_same(seed in any::<u64>()) {
        let mut seed = Seed(seed);
        let before = seed.program();
        let after = if seed.below(3) == 0 { seed.changed(&before) } else { seed.rewritten(&before) };
        let records: Vec<(Coverage, Facts)> = (0..12).map(|_| seed.record()).collect();
        for score in ids(&before).filter(|score| same_score((&before, *score), (&after, *score))) {
            for (coverage, facts) in &records {
                let judge = |program: &Program| said(&Scorer::link(program, now(), coverage).unwrap(), facts, score);
                prop_assert_eq!(judge(&before), judge(&after), "{:#?}\n{:#?}\n{:#?}", before.scores, after.scores, facts);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_that_tells_two_apart_does(seed in any::<u64>()) {
        let mut seed = Seed(seed);
        let before = Arc::new(seed.program());
        let after = Arc::new(seed.changed(&before));
        for score in ids(&before) {
            let side = |program: &Arc<Program>| Side { program: Arc::clone(program), score };
            let (found, tried) = search(&side(&before), &side(&after), 7).unwrap();
            prop_assert!(tried > 0);
            let Some(found) = found else { continue };
            prop_assert!(!same_score((&before, score), (&after, score)), "proven the same, and told apart by {:?}", found);
            let (was, was_route) = reference(&before, &found, test_now(), score);
            let (is, is_route) = reference(&after, &found, test_now(), score);
            let cents = |value: Fixed| i128::from(value.0 / 10_000);
            prop_assert_eq!(was.points.value, cents(found.before.standing.value));
            prop_assert_eq!(is.points.value, cents(found.after.standing.value));
            prop_assert_eq!(&was_route, &found.before.route.as_ref().map(ToString::to_string));
            prop_assert_eq!(&is_route, &found.after.route.as_ref().map(ToString::to_string));
            prop_assert!(
                was_route != is_route || was.points != is.points || was.possible != is.possible,
                "{:?}\n{:?}\n{:?}", found, was, is
            );
        }
    }
}

/// A search that finds nothing would pass the test above: of changed scores it tells most apart.
#[test]
fn most_changes_are_told_apart() {
    let mut seed = Seed(11);
    let (mut changed, mut told, mut routed) = (0, 0, 0);
    for _ in 0..16 {
        let before = Arc::new(seed.program());
        let after = Arc::new(seed.changed(&before));
        for score in ids(&before).filter(|score| !same_score((&before, *score), (&after, *score))) {
            let side = |program: &Arc<Program>| Side { program: Arc::clone(program), score };
            let (found, _) = search(&side(&before), &side(&after), 7).unwrap();
            changed += 1;
            told += usize::from(found.is_some());
            routed += usize::from(found.is_some_and(|found| found.before.route != found.after.route));
        }
    }
    assert!(changed >= 10, "only {changed} changed");
    assert!(told * 10 >= changed * 5, "of {changed} only {told} were told apart");
    assert!(routed >= 1, "none by their routes");
}

/// A proof that never succeeds would pass the first test above: of scores that are only told otherwise it proves nearly all the same.
#[test]
fn what_is_told_otherwise_is_proven_the_same() {
    let mut seed = Seed(23);
    let (mut told, mut proven) = (0, 0);
    for _ in 0..150 {
        let before = seed.program();
        let after = seed.rewritten(&before);
        for score in ids(&before) {
            told += 1;
            proven += usize::from(same_score((&before, score), (&after, score)));
        }
    }
    assert!(proven * 10 >= told * 9, "of {told} only {proven} are proven the same");
}
