//! People step in: one action, one run, one contact, an agent, a workflow, everything. And forgetting.

use runtime::engine::{Entry, EntryId, Input, Override, Refusal};

use super::questions::LETTER;
use super::stand::{Stand, YES, words};

#[test]
fn a_paused_contact_stands_still_and_goes_on_from_there() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.step_in(Override::Pause, None);
    assert_eq!(stand.wake, None);
    assert_eq!(words(&stand.write("a")), ["work done", "acted"], "what was under way is kept");
    assert!(stand.wait(400).is_empty());
    assert_eq!(words(&stand.step_in(Override::Resume, None)), ["overridden", "asked stage"]);
}

#[test]
fn a_paused_run_leaves_the_others_alone() {
    let mut stand = Stand::new(&format!(
        "{LETTER}
priority {{
  Writer over Seller
}}
workflow Other for Contact by Seller {{
  start on email.clicked
  stage Wait {{
    next Done on reply.received
    next Done after 9 days
  }}
  end Done as done
}}"
    ));
    stand.begin();
    stand.happen("email.clicked");
    let run = stand.run();
    stand.step_in(Override::Pause, Some(run));
    assert_eq!(words(&stand.happen("reply.received")), ["entered Done", "put off", "ended done"]);
    stand.write("a");
    assert!(stand.case.questions.is_empty());
    stand.step_in(Override::Resume, Some(run));
    assert_eq!(stand.case.questions.len(), 1);
}

#[test]
fn what_is_cancelled_is_over() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.answer(YES);
    let run = stand.run();
    let entries = stand.step_in(Override::Cancel, Some(run));
    assert_eq!(words(&entries), ["overridden", "undelivered", "ended cancelled"]);
    let refused =
        stand.tell(&Input::Override { kind: Override::Cancel, run: Some(run), by: "founder".into(), why: None });
    assert!(matches!(refused, Err(Refusal::NotUnderWay(_))));
}

#[test]
fn one_action_is_cancelled_and_a_person_says_what_happens_instead() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    let work = stand.case.work[0].id;
    assert_eq!(words(&stand.step_in(Override::Cancel, Some(work))), ["work failed", "asked trouble"]);
    stand.answer(YES);
    stand.write("a");
    stand.answer(YES);
    let send = stand.case.sends[0].id;
    assert_eq!(words(&stand.step_in(Override::Cancel, Some(send))), ["undelivered", "asked trouble"]);
    assert!(stand.case.sends.is_empty());
}

#[test]
fn an_agent_that_is_paused_does_nothing_more_and_time_goes_on() {
    let mut stand = Stand::new(LETTER);
    stand.switches.insert("agent Writer".into());
    assert_eq!(words(&stand.begin()), ["started Work", "entered Draft"]);
    assert!(stand.wake.is_some(), "it looks whether the agent is back");
    stand.switches.clear();
    assert_eq!(words(&stand.wait(24)), ["work asked write"]);
}

#[test]
fn a_workflow_or_everything_that_is_paused_starts_nothing_and_moves_nothing() {
    for what in ["workflow Work", "everything"] {
        let mut stand = Stand::new(LETTER);
        stand.switches.insert(what.into());
        assert_eq!(words(&stand.begin()), ["put off"], "{what}");
        stand.switches.clear();
        let entries = stand.say(Input::Woke);
        assert_eq!(words(&entries), ["taken up", "started Work", "entered Draft", "work asked write"], "{what}");
        stand.switches.insert(what.into());
        assert_eq!(words(&stand.write("a")), ["work done", "acted"], "{what}");
        stand.switches.clear();
        assert_eq!(words(&stand.say(Input::Woke)), ["asked stage"], "{what}");
    }
}

#[test]
fn of_who_is_forgotten_nothing_runs_and_nothing_is_told() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    let entries = stand.say(Input::Erased { by: "founder".into() });
    assert_eq!(words(&entries), ["settled void", "ended erased", "erased"]);
    assert_eq!(stand.wake, None);
    assert_eq!(stand.tell(&Input::Woke), Err(Refusal::Erased));
    let erased = Entry::Erased { by: "founder".into() };
    assert_eq!(stand.log.last().map(|(_, entry)| entry), Some(&erased));
    assert!(stand.case.run(EntryId(1)).is_none());
}
