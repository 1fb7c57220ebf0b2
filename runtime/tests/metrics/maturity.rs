//! How mature a workflow is, derived from facts.

use compiler::program::{Maturity, Program};
use jiff::SignedDuration;
use runtime::engine::{Entry, Override, QuestionKind};
use runtime::metrics::{Evidence, Matured, Proof, Signature, maturity};

use crate::stand::{Log, program, record};

const NOTHING: Evidence<'_> = Evidence { proofs: &[], signatures: &[], hash: "this text" };

fn generation(program: &Program, log: &Log, evidence: Evidence<'_>) -> Matured {
    maturity(program, &log.journal(), evidence, log.now).remove(0)
}

/// So many runs, each with one transition that counts.
fn ran(runs: i64) -> Log {
    let mut log = Log::new();
    for contact in 1..=runs {
        let run = log.generation(contact);
        log.wait_hours(1);
        log.drop_cold(&run);
    }
    log
}

fn signature(by: &str, hash: &str) -> Signature {
    Signature { by: by.into(), workflow: "Generation".into(), hash: hash.into() }
}

#[test]
fn a_text_without_words_or_limits_is_a_draft() {
    let mut program = program();
    let log = Log::new();
    assert_eq!(generation(&program, &log, NOTHING).derived, Maturity::Documented, "it has a comment");
    program.workflows[0].docs = None;
    assert_eq!(generation(&program, &log, NOTHING).derived, Maturity::Documented, "each stage has a way out by time");
    // Only the first stage's way by time goes: nobody leaves it by itself any more.
    let compiler::program::StageKind::Stage(body) = &mut program.workflows[0].stages[0].kind else { panic!() };
    body.ways.retain(|way| matches!(way.when, compiler::program::WayWhen::When(_)));
    let found = generation(&program, &log, NOTHING);
    assert_eq!(found.derived, Maturity::Draft);
    insta::assert_snapshot!("without-words-or-limits", found.missing.join("\n"));
}

#[test]
fn a_test_that_fails_keeps_it_a_draft() {
    let program = program();
    let log = Log::new();
    let proof = |workflow: &str, passed| Proof { name: "a lead".into(), workflows: vec![workflow.into()], passed };
    fn evidence(proofs: &[Proof]) -> Evidence<'_> {
        Evidence { proofs, ..NOTHING }
    }
    let failed = generation(&program, &log, evidence(&[proof("Generation", false)]));
    assert_eq!(failed.derived, Maturity::Draft);
    assert_eq!(failed.missing, ["the test `a lead` fails"]);
    assert_eq!((failed.tests.hits, failed.tests.of), (0, 1));
    let passed = generation(&program, &log, evidence(&[proof("Generation", true), proof("Selling", false)]));
    assert_eq!((passed.derived, passed.tests.of), (Maturity::Documented, 1), "another workflow's test is no matter");
}

#[test]
fn thirty_runs_and_few_deviations_are_measured() {
    let program = program();
    let short = generation(&program, &ran(29), NOTHING);
    assert_eq!((short.derived, short.overclaimed), (Maturity::Documented, true), "its author says `measured`");
    assert_eq!(short.missing, ["29 runs have ended in the last 90 days, and 30 have to"]);
    let log = ran(30);
    let found = generation(&program, &log, NOTHING);
    assert_eq!((found.derived, found.overclaimed, found.ended), (Maturity::Measured, false, 30));
    assert_eq!((found.undisturbed.hits, found.undisturbed.of), (30, 30), "reaching an end is no transition of its own");
    assert_eq!(found.missing, ["nobody among the client's `people` has signed this very text"]);
    let mut later = ran(30);
    later.now += SignedDuration::from_hours(24 * 90);
    assert_eq!(generation(&program, &later, NOTHING).derived, Maturity::Documented, "what is old says nothing");
}

#[test]
fn who_steps_in_and_what_fails_and_what_feeds_itself_are_deviations() {
    let program = program();
    let mut log = ran(30);
    let step_in = |log: &mut Log, contact: i64, how: u8| {
        let run = log.generation(contact);
        let case = Some(record("Contact", contact));
        match how {
            0 => drop(log.ask(&run, QuestionKind::Trouble(run.id), &[])),
            // The whole case is paused: so is the run on it.
            1 => drop(log.put(case, Entry::Overridden { how: Override::Pause, run: None, by: "founder".into() })),
            _ => drop(log.put(case, Entry::Caught { workflow: "Generation".into(), trigger: "event:1".into() })),
        }
        log.drop_cold(&run);
    };
    step_in(&mut log, 101, 0);
    step_in(&mut log, 102, 1);
    step_in(&mut log, 103, 2);
    let found = generation(&program, &log, NOTHING);
    // 33 transitions and a start that was caught; two were disturbed.
    assert_eq!((found.undisturbed.hits, found.undisturbed.of, found.derived), (31, 34, Maturity::Measured));
    step_in(&mut log, 104, 0);
    let found = generation(&program, &log, NOTHING);
    assert_eq!((found.undisturbed.hits, found.undisturbed.of, found.derived), (31, 35, Maturity::Documented));
    insta::assert_snapshot!("deviations", found.missing.join("\n"));
}

#[test]
fn a_named_person_signs_this_very_text() {
    let program = program();
    let log = ran(30);
    fn with(signatures: &[Signature]) -> Evidence<'_> {
        Evidence { signatures, ..NOTHING }
    }
    let derived = |signatures: &[Signature]| generation(&program, &log, with(signatures)).derived;
    assert_eq!(derived(&[signature("founder", "an older text")]), Maturity::Measured);
    assert_eq!(derived(&[signature("somebody", "this text")]), Maturity::Measured);
    let found = generation(&program, &log, with(&[signature("founder", "this text")]));
    assert_eq!((found.derived, found.signed.len(), found.missing.len()), (Maturity::Approved, 1, 0));
    let early = ran(3);
    let early = generation(&program, &early, with(&[signature("founder", "this text")]));
    assert_eq!(early.derived, Maturity::Documented, "no step is skipped");
}
