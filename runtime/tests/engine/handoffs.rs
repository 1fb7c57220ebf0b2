//! Handoffs: taken, refused, not answered; never lost.

use runtime::engine::{Answer, Entry, Input, Override};

use super::stand::{Stand, YES, words};

pub(crate) const HANDOFF: &str = "
workflow Work for Contact by Writer {
  start on contact.created
  stage First {
    next Over otherwise
  }
  handoff Over to Deals {
    brief contact
    accepted within 4 hours, else ask closer
  }
}
workflow Deals for Contact by RECEIVER {
  stage Talk {
    next Done on reply.received
    next Done after 30 days
  }
  end Done as done
}";

fn stand(receiver: &str) -> Stand {
    let mut stand = Stand::new(&HANDOFF.replace("RECEIVER", receiver));
    stand.begin();
    stand
}

fn answered(stand: &Stand, accepted: bool) -> Input {
    let offer = stand.case.handoffs[0].id;
    Input::OfferAnswered { offer, accepted, by: "Seller".into(), why: None, record: None }
}

#[test]
fn a_handoff_that_is_taken_starts_the_other_workflow() {
    let mut stand = stand("Seller");
    assert_eq!(
        words(&stand.log.iter().map(|(_, entry)| entry.clone()).collect::<Vec<Entry>>())[2..],
        ["entered Over", "offered", "work asked accept"]
    );
    let taken = answered(&stand, true);
    assert_eq!(words(&stand.say(taken)), ["offer answered", "started Deals", "entered Talk", "ended handed off"]);
    assert!(stand.case.work.is_empty() && stand.case.handoffs.is_empty());
}

#[test]
fn a_handoff_that_is_refused_goes_to_the_person_named() {
    let mut given = stand("Seller");
    let refused = answered(&given, false);
    assert_eq!(words(&given.say(refused)), ["offer answered", "asked handoff"]);
    assert_eq!(given.case.questions[0].whom.as_deref(), Some("closer"));
    let approved = given.answer_as(YES, "closer", None).unwrap();
    assert_eq!(words(&approved), ["settled approved", "started Deals", "entered Talk", "ended handed off"]);
    let mut lost = stand("Seller");
    let refused = answered(&lost, false);
    lost.say(refused);
    let rejected = lost.answer_as(Answer::Reject, "closer", None).unwrap();
    assert_eq!(words(&rejected), ["settled rejected", "ended handoff refused"]);
}

#[test]
fn a_handoff_that_nobody_answers_goes_to_the_person_named_once() {
    let mut by_agent = stand("Seller");
    assert_eq!(words(&by_agent.wait(5)), ["offer answered", "asked handoff"]);
    let mut by_person = stand("human founder");
    assert_eq!(by_person.case.questions[0].whom.as_deref(), Some("founder"));
    assert_eq!(words(&by_person.wait(5)), ["offer answered", "settled void", "asked handoff"]);
    assert_eq!(by_person.case.questions[0].whom.as_deref(), Some("closer"));
}

#[test]
fn a_receiver_that_failed_is_asked_anew_when_a_person_says_so() {
    let mut stand =
        Stand::new(&HANDOFF.replace("RECEIVER", "Seller").replace(
            "    accepted within 4 hours, else ask closer\n",
            "    accepted within 40 days, else ask closer\n",
        ));
    stand.begin();
    let work = stand.case.work[0].id;
    assert_eq!(words(&stand.say(Input::Failed { work, why: "no answer".into() })), ["work failed", "asked trouble"]);
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "work asked accept"]);
    let taken = answered(&stand, true);
    stand.say(taken);
    assert_eq!(stand.stage(), "Talk");
}

#[test]
fn what_is_handed_over_in_a_pause_is_not_lost() {
    let mut paused = stand("Seller");
    paused.step_in(Override::Pause, None);
    let taken = answered(&paused, true);
    paused.say(taken);
    assert_eq!(paused.stage(), "Talk");
    let mut switched = stand("Seller");
    switched.switches.insert("workflow Deals".into());
    let taken = answered(&switched, true);
    switched.say(taken);
    assert_eq!(switched.stage(), "Talk");
}
