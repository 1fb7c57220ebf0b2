//! What a person approves beside messages: it is done without asking again, once, and not for ever.

use runtime::engine::{Answer, Input};

use super::stand::{Stand, YES, words};

const VISITS: &str = "
workflow Work for Contact by Writer {
  start on contact.created
  stage Ask {
    ask human to approve ABOUT within 2 days
    next Rest on approved
    next No   on rejected or expired
  }
  stage Rest { next Offering after WAIT }
  stage Offering {
    do offer visit
    do offer OTHER
    next No after 20 days
  }
  end No as rejected
}";

fn stand(about: &str, wait: &str, other: &str) -> Stand {
    let text = VISITS.replace("ABOUT", about).replace("WAIT", wait).replace("OTHER", other);
    let mut stand = Stand::new(&text);
    stand.begin();
    stand
}

/// No port offers anything: a person does what another one, or the same, has approved.
fn unserved(stand: &mut Stand) -> Vec<String> {
    let work = stand.case.work[0].id;
    words(&stand.say(Input::Failed { work, why: "no port can do `offer visit`".into() }))
}

#[test]
fn what_a_stages_question_approved_is_not_asked_again() {
    for about in ["visit", "offer"] {
        let mut stand = stand(about, "1 hour", "trial");
        stand.answer(YES);
        assert_eq!(words(&stand.wait(1)), ["entered Offering", "work asked offer"]);
        assert_eq!(unserved(&mut stand), ["work failed", "asked errand"]);
        // Another thing is another question, and one yes is for one time.
        assert_eq!(words(&stand.answer(Answer::Done)), ["settled approved", "acted", "asked act"]);
    }
    let mut again = stand("visit", "1 hour", "visit");
    again.answer(YES);
    again.wait(1);
    unserved(&mut again);
    assert_eq!(words(&again.answer(Answer::Done)), ["settled approved", "acted", "asked act"]);
}

#[test]
fn an_approval_of_something_else_allows_nothing() {
    let mut stand = stand("tour", "1 hour", "trial");
    stand.answer(YES);
    assert_eq!(words(&stand.wait(1)), ["entered Offering", "asked act"]);
}

#[test]
fn an_approval_of_what_is_done_holds_for_fourteen_days() {
    let mut stand = stand("visit", "15 days", "trial");
    stand.answer(YES);
    assert_eq!(words(&stand.wait(15 * 24)), ["entered Offering", "asked act"]);
}

#[test]
fn an_errand_that_is_rejected_ends_the_run() {
    let mut stand = stand("visit", "1 hour", "trial");
    stand.answer(YES);
    stand.wait(1);
    unserved(&mut stand);
    assert_eq!(words(&stand.answer(Answer::Reject)), ["settled rejected", "ended rejected"]);
}
