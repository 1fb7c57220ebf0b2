//! Pauses and time: no time limit runs in one, and what several pauses have in common is made up for once.

use std::sync::Arc;

use compiler::program::Program;
use jiff::{SignedDuration, Timestamp};
use runtime::engine::{Entry, Input, Override, Pause, Standstill};

use super::questions::LETTER;
use super::stand::{Stand, YES, program, words};

/// Waits for an answer of theirs, nine days long.
const PATIENT: &str = "
workflow Work for Contact by Writer {
  start on contact.created
  stage Waiting {
    next Done on reply.received
    next Late after 9 days
  }
  end Done as won
  end Late as lost
}";

/// What is paused, since when, as the shell would know it.
#[derive(Default)]
struct Paused(Vec<Pause>);

impl Paused {
    fn begin(&mut self, stand: &mut Stand, what: &Standstill) {
        match what {
            Standstill::Record => drop(stand.step_in(Override::Pause, None)),
            Standstill::Run(run) => drop(stand.step_in(Override::Pause, Some(*run))),
            Standstill::Switch(what) => drop(stand.switches.insert(what.clone())),
        }
        self.0.push(Pause { what: what.clone(), since: stand.now });
    }

    fn end(&mut self, stand: &mut Stand, what: &Standstill) -> Vec<Entry> {
        let mut entries = stand.say(Input::StoodStill { ends: what.clone(), pauses: self.0.clone() });
        self.0.retain(|pause| pause.what != *what);
        entries.extend(match what {
            Standstill::Record => stand.step_in(Override::Resume, None),
            Standstill::Run(run) => stand.step_in(Override::Resume, Some(*run)),
            Standstill::Switch(what) => {
                stand.switches.remove(what);
                stand.say(Input::Woke)
            }
        });
        entries
    }
}

fn switch(what: &str) -> Standstill {
    Standstill::Switch(what.into())
}

#[test]
fn a_stage_has_as_much_time_left_after_a_pause_as_before_it() {
    for what in [None, Some(Standstill::Record), Some(switch("workflow Work")), Some(switch("everything"))] {
        let mut stand = Stand::new(PATIENT);
        stand.begin();
        let what = what.unwrap_or(Standstill::Run(stand.run()));
        let mut paused = Paused::default();
        stand.wait(4 * 24);
        paused.begin(&mut stand, &what);
        stand.wait(30 * 24);
        let resumed = words(&paused.end(&mut stand, &what));
        assert!(resumed.starts_with(&["stood still".to_owned()]), "{what:?}: {resumed:?}");
        assert_eq!(words(&stand.wait(5 * 24 - 1)), [""; 0], "{what:?}");
        assert_eq!(words(&stand.wait(1)), ["entered Late", "ended lost"], "{what:?}");
    }
}

#[test]
fn while_an_agent_is_paused_time_leads_on() {
    let mut stand = Stand::new(PATIENT);
    stand.begin();
    Paused::default().begin(&mut stand, &switch("agent Writer"));
    assert_eq!(words(&stand.wait(9 * 24)), ["entered Late", "ended lost"]);
}

#[test]
fn another_ones_pause_stops_no_time() {
    let mut stand = Stand::new(PATIENT);
    stand.begin();
    let mut paused = Paused::default();
    for what in [switch("workflow Other"), switch("agent Seller")] {
        paused.begin(&mut stand, &what);
        stand.wait(24);
        assert_eq!(words(&paused.end(&mut stand, &what)), [""; 0], "{what:?}");
    }
    assert_eq!(words(&stand.wait(7 * 24)), ["entered Late", "ended lost"]);
}

#[test]
fn a_letters_time_begins_when_it_is_out_pause_or_not() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.answer(YES);
    let mut paused = Paused::default();
    stand.wait(1);
    paused.begin(&mut stand, &Standstill::Record);
    stand.wait(10);
    let send = stand.case.sends[0].id;
    stand.say(Input::Delivered { send });
    stand.wait(10);
    paused.end(&mut stand, &Standstill::Record);
    let sent = stand.case.runs[0].sent.unwrap();
    assert_eq!(stand.case.runs[0].since(), sent + SignedDuration::from_hours(10), "twenty days from then");
}

#[test]
fn a_handoff_is_offered_as_long_after_a_pause_as_before_it() {
    let mut stand = Stand::new(&super::handoffs::HANDOFF.replace("RECEIVER", "Seller"));
    stand.begin();
    let due = stand.case.handoffs[0].due.unwrap();
    let mut paused = Paused::default();
    stand.wait(1);
    paused.begin(&mut stand, &switch("everything"));
    assert_eq!(words(&stand.wait(7 * 24)), [""; 0]);
    assert_eq!(words(&stand.say(Input::Woke)), [""; 0], "nobody is late in a pause");
    assert_eq!(words(&paused.end(&mut stand, &switch("everything"))), ["stood still"]);
    assert_eq!(stand.case.handoffs[0].due, Some(due + SignedDuration::from_hours(7 * 24)));
    assert_eq!(words(&stand.wait(3)), ["offer answered", "asked handoff"]);
}

/// Every way in which two pauses can lie to one another, beside counting the hours in which anything is paused.
#[test]
fn what_two_pauses_have_in_common_is_made_up_for_once() {
    let letter = LETTER.replace("next Late on expired", "next Late on expired\n    next Late after 9 days");
    let program = Arc::new(program(&letter).unwrap());
    let pairs = [
        (Standstill::Record, switch("everything")),
        (switch("workflow Work"), Standstill::Record),
        (switch("agent Writer"), switch("everything")),
    ];
    for (one, other) in &pairs {
        for times in 0..6_i64.pow(4) {
            let at = |place: u32| times / 6_i64.pow(place) % 6;
            let (one, other) = ((one, at(0)..at(1)), (other, at(2)..at(3)));
            if one.1.is_empty() || other.1.is_empty() {
                continue;
            }
            played(&program, &[one, other]);
        }
    }
}

fn played(program: &Arc<Program>, pauses: &[(&Standstill, std::ops::Range<i64>)]) {
    let mut stand = Stand::of(Arc::clone(program));
    stand.begin();
    stand.write("a");
    let begun = stand.now;
    let mut paused = Paused::default();
    for hour in 0..=6 {
        stand.now = begun + SignedDuration::from_hours(hour);
        for (what, _) in pauses.iter().filter(|(_, hours)| hours.end == hour) {
            paused.end(&mut stand, what);
        }
        for (what, _) in pauses.iter().filter(|(_, hours)| hours.start == hour) {
            paused.begin(&mut stand, what);
        }
    }
    let stood = |of_run: bool| {
        let counts = |what: &Standstill| !of_run || *what != switch("agent Writer");
        let is_off = |hour: &i64| pauses.iter().any(|(what, hours)| counts(what) && hours.contains(hour));
        SignedDuration::from_hours(i64::try_from((0..6).filter(is_off).count()).unwrap())
    };
    let after = |length: SignedDuration| -> Timestamp { begun + length };
    let due = stand.case.questions[0].due.unwrap();
    assert_eq!(due, after(stood(false) + SignedDuration::from_hours(48)), "the question, {pauses:?}");
    assert_eq!(stand.case.runs[0].since(), after(stood(true)), "the stage, {pauses:?}");
}
