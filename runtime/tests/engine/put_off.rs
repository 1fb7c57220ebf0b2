//! What arrives while something is paused: nothing of it is lost, it is worked off in order, and nothing starts twice.

use jiff::SignedDuration;
use runtime::engine::{Entry, Input, Override};

use super::stand::{Stand, contact, words};

/// Three stages, each left by an event, and a start by one more.
const STEPS: &str = "
workflow Work for Contact by Writer {
  start on page.viewed
  stage First {
    next Second on email.clicked
    next Done   after 20 days
  }
  stage Second {
    next Third on reply.received
    next Done  after 20 days
  }
  stage Third {
    next Done on meeting.attended
    next Done after 20 days
  }
  end Done as done
}";

fn pause(stand: &mut Stand, what: &str) {
    match what {
        "contact" => drop(stand.step_in(Override::Pause, None)),
        "run" => {
            let run = stand.run();
            stand.step_in(Override::Pause, Some(run));
        }
        what => drop(stand.switches.insert(what.into())),
    }
}

fn resume(stand: &mut Stand, what: &str) -> Vec<Entry> {
    match what {
        "contact" => stand.step_in(Override::Resume, None),
        "run" => {
            let run = stand.run();
            stand.step_in(Override::Resume, Some(run))
        }
        what => {
            stand.switches.remove(what);
            stand.say(Input::Woke)
        }
    }
}

const WHAT: [&str; 4] = ["contact", "run", "workflow Work", "everything"];

#[test]
fn events_that_arrive_during_a_pause_open_their_ways_in_order_once_it_is_over() {
    for what in WHAT {
        let mut stand = Stand::new(STEPS);
        stand.happen("page.viewed");
        pause(&mut stand, what);
        stand.now += SignedDuration::from_hours(5);
        assert_eq!(words(&stand.happen("email.clicked")), ["put off"], "{what}");
        stand.now += SignedDuration::from_hours(5);
        assert_eq!(words(&stand.happen("reply.received")), ["put off"], "{what}");
        assert!(stand.happen("document.shared").is_empty(), "{what}: it opens nothing, paused or not");
        stand.now += SignedDuration::from_hours(100);
        let entries = words(&resume(&mut stand, what));
        let entries: Vec<&str> = entries.iter().map(String::as_str).filter(|word| *word != "overridden").collect();
        assert_eq!(entries, ["taken up", "entered Second", "taken up", "entered Third"], "{what}");
        assert!(stand.case.put_off.is_empty(), "{what}");
        stand.happen("meeting.attended");
        assert_eq!(stand.stage(), "ended done", "{what}");
    }
}

#[test]
fn an_agent_that_is_paused_keeps_no_event_from_opening_its_way() {
    let mut stand = Stand::new(STEPS);
    stand.happen("page.viewed");
    stand.switches.insert("agent Writer".into());
    assert_eq!(words(&stand.happen("email.clicked")), ["entered Second"]);
}

#[test]
fn what_happened_before_the_stage_was_entered_opens_nothing_after_a_pause_either() {
    let mut stand = Stand::new(STEPS);
    stand.happen("page.viewed");
    let before = stand.now - SignedDuration::from_hours(1);
    pause(&mut stand, "run");
    let late = Input::Happened { event: "email.clicked".into(), of: contact(), row: 90, at: before, cause: None };
    assert!(stand.say(late.clone()).is_empty());
    resume(&mut stand, "run");
    pause(&mut stand, "contact");
    stand.say(late);
    resume(&mut stand, "contact");
    assert_eq!(stand.stage(), "First");
}

#[test]
fn an_event_that_came_in_time_beats_the_time_limit_that_passed_during_the_pause() {
    let mut stand = Stand::new(STEPS);
    stand.happen("page.viewed");
    pause(&mut stand, "contact");
    stand.now += SignedDuration::from_hours(24);
    stand.happen("email.clicked");
    stand.now += SignedDuration::from_hours(24 * 30);
    resume(&mut stand, "contact");
    assert_eq!(stand.stage(), "Second");
}

#[test]
fn what_would_have_started_a_run_starts_one_once_it_may() {
    for what in ["contact", "workflow Work", "everything"] {
        let mut stand = Stand::new(STEPS);
        pause(&mut stand, what);
        stand.happen("page.viewed");
        stand.happen("page.viewed");
        stand.happen("email.clicked");
        assert!(stand.case.runs.is_empty(), "{what}");
        let entries = words(&resume(&mut stand, what));
        let entries: Vec<&str> = entries.iter().map(String::as_str).filter(|word| *word != "overridden").collect();
        let wanted = ["taken up", "started Work", "entered First", "taken up", "taken up", "entered Second"];
        assert_eq!(entries, wanted, "{what}: the second visit finds a run, and the click moves it");
        let again = Input::Happened { event: "page.viewed".into(), of: contact(), row: 1, at: stand.now, cause: None };
        stand.happen("reply.received");
        stand.happen("meeting.attended");
        assert!(stand.say(again).is_empty(), "{what}: one run for an event");
    }
}

#[test]
fn what_is_resumed_takes_its_own_and_leaves_the_rest() {
    let mut stand = Stand::new(STEPS);
    stand.happen("page.viewed");
    pause(&mut stand, "run");
    pause(&mut stand, "workflow Work");
    stand.happen("email.clicked");
    assert!(words(&resume(&mut stand, "run")).iter().all(|word| word == "overridden"), "its workflow is paused still");
    resume(&mut stand, "workflow Work");
    assert_eq!(stand.stage(), "Second");
}

#[test]
fn what_comes_after_a_pause_comes_after_what_came_during_it() {
    let mut stand = Stand::new(STEPS);
    stand.happen("page.viewed");
    pause(&mut stand, "everything");
    stand.happen("email.clicked");
    // It was resumed, and an event comes in before anything else looked around.
    stand.switches.clear();
    let entries = words(&stand.happen("reply.received"));
    assert_eq!(entries, ["taken up", "entered Second", "entered Third"]);
}

#[test]
fn a_run_that_is_cancelled_during_the_pause_is_moved_by_nothing() {
    let mut stand = Stand::new(STEPS);
    stand.happen("page.viewed");
    pause(&mut stand, "run");
    stand.happen("email.clicked");
    let run = stand.run();
    stand.step_in(Override::Cancel, Some(run));
    assert!(stand.case.put_off.is_empty());
    assert!(stand.say(Input::Woke).is_empty());
}

#[test]
fn a_threshold_that_was_crossed_during_a_pause_starts_whoever_is_still_beyond_it() {
    for what in ["contact", "workflow Work", "everything"] {
        for still in [true, false] {
            let mut stand = Stand::new(&STEPS.replace("on page.viewed", "when velocity rises above 3"));
            stand.facts.value = Some("1".parse().unwrap());
            stand.happen("email.clicked");
            pause(&mut stand, what);
            stand.facts.value = Some("5".parse().unwrap());
            stand.happen("email.clicked");
            assert!(stand.case.runs.is_empty(), "{what}");
            stand.facts.value = Some(if still { "4" } else { "2" }.parse().unwrap());
            resume(&mut stand, what);
            assert_eq!(stand.case.runs.len(), usize::from(still), "{what}");
            assert!(stand.case.put_off.is_empty(), "{what}");
            assert!(stand.say(Input::Woke).is_empty(), "{what}: once");
        }
    }
}
