//! Property: a scorer that was moved to another instant says what one says that was linked for it.

use compiler::program::ScoreId;
use jiff::SignedDuration;
use proptest::prelude::*;
use runtime::score::Scorer;

use crate::generator::Choices;
use crate::playbook::{CONTACT, now};

/// What a scorer says of all scores of a record, to the letter.
fn said(scorer: &Scorer, facts: &runtime::facts::Facts) -> String {
    let Some(row) = scorer.row(CONTACT, facts) else { return String::new() };
    let Some(evaluation) = scorer.evaluate(CONTACT, &row) else { return String::new() };
    let mut said = String::new();
    for (score, _) in (0..).map(ScoreId).zip(&scorer.program().scores) {
        let ledger = scorer.ledger(score, &row, &evaluation).map(|ledger| ledger.to_string());
        said.push_str(&format!("{:?} {:?}\n", evaluation.score(score), evaluation.possible(score).collect::<Vec<_>>()));
        said.push_str(&ledger.unwrap_or_default());
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn moved_is_as_good_as_linked(
        choices in proptest::collection::vec(any::<u16>(), 0..500),
        moves in proptest::collection::vec(-40_000_i64..4_000_000, 1..4),
    ) {
        let mut choices = Choices::new(&choices);
        let (coverage, program, facts) = (choices.coverage(), choices.program(), choices.facts());
        let mut scorer = Scorer::link(&program, now(), &coverage).unwrap();
        // What is kept to be used again is from before it moved.
        said(&scorer, &facts);
        for seconds in moves {
            let then = scorer.now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
            let anew = Scorer::link(&program, then, &coverage).unwrap();
            if scorer.move_to(then) {
                prop_assert_eq!(said(&scorer, &facts), said(&anew, &facts));
            } else {
                scorer = anew;
            }
        }
    }
}

#[test]
fn a_scorer_that_others_hold_is_not_moved() {
    let choices = Choices::new(&[]).program();
    let mut scorer = Scorer::link(&choices, now(), &runtime::facts::Coverage::default()).unwrap();
    let held = scorer.clone();
    assert!(!scorer.move_to(now().checked_add(SignedDuration::from_hours(1)).unwrap()));
    drop(held);
    assert!(scorer.move_to(now().checked_add(SignedDuration::from_hours(1)).unwrap()));
}
