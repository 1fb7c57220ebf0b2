//! A letter on its way: time does not lead past it, counts from when it is out, and what was thought lost may be out after all.

use runtime::engine::{Entry, EntryId, Input};

use super::questions::LETTER;
use super::stand::{Stand, YES, words};

fn queued() -> (Stand, EntryId) {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.answer(YES);
    let send = stand.case.sends[0].id;
    (stand, send)
}

fn undelivered(send: EntryId, uncertain: bool) -> Input {
    Input::Undelivered { send, why: "the line broke".into(), uncertain }
}

#[test]
fn time_does_not_lead_past_a_letter_that_is_being_tried() {
    let (mut stand, send) = queued();
    assert!(stand.wait(21 * 24).is_empty(), "the stage has 20 days, and the letter is not out");
    assert_eq!(stand.case.sends.len(), 1);
    assert_eq!(words(&stand.say(Input::Delivered { send })), ["delivered", "acted"]);
    assert!(stand.wait(20 * 24 - 1).is_empty(), "the time counts from when it is out");
    assert_eq!(words(&stand.wait(1)), ["entered Late", "ended lost"]);
}

#[test]
fn time_does_not_lead_past_a_letter_that_was_given_up_before_somebody_has_said_what_now() {
    for uncertain in [false, true] {
        let (mut stand, send) = queued();
        assert_eq!(words(&stand.say(undelivered(send, uncertain))), ["undelivered", "asked trouble"]);
        assert!(stand.wait(21 * 24).is_empty());
        assert_eq!(stand.case.questions.len(), 1, "a person is still asked");
        assert_eq!(words(&stand.answer(YES)), ["settled approved", "denied approval", "asked act"]);
        assert!(stand.wait(21 * 24).is_empty(), "nor before they have said so once more");
    }
}

#[test]
fn what_is_out_after_all_is_asked_about_no_more() {
    let (mut stand, send) = queued();
    stand.say(undelivered(send, true));
    assert_eq!(words(&stand.say(Input::Delivered { send })), ["delivered", "settled void", "acted"]);
    assert!(stand.case.questions.is_empty() && stand.case.sends.is_empty() && stand.case.doubtful.is_empty());
    assert!(stand.case.runs[0].message.as_ref().unwrap().sent);
    assert_eq!(words(&stand.happen("reply.received")), ["entered Won", "ended won"]);
}

#[test]
fn what_is_out_after_all_is_sent_no_second_time() {
    let (mut stand, send) = queued();
    stand.say(undelivered(send, true));
    let entries = stand.answer(YES);
    assert_eq!(words(&entries), ["settled approved", "denied approval", "asked act"]);
    let Entry::Denied { reasons, .. } = &entries[1] else { panic!() };
    assert_eq!(reasons[0].1, "it was approved, and the send that used the approval up may have gone out");
    let (mut asked, first) = queued();
    asked.say(undelivered(first, true));
    asked.answer(YES);
    assert_eq!(words(&asked.say(Input::Delivered { send: first })), ["delivered", "settled void", "acted"]);
    // Or it was approved once more by then, and waits in the outbox.
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "queued"]);
    assert_eq!(words(&stand.say(Input::Delivered { send })), ["delivered", "undelivered", "acted"]);
    assert!(stand.case.sends.is_empty());
}

#[test]
fn what_did_not_get_out_was_approved_all_the_same() {
    let (mut stand, send) = queued();
    stand.say(undelivered(send, false));
    let entries = stand.answer(YES);
    let Entry::Denied { reasons, .. } = &entries[1] else { panic!() };
    assert_eq!(reasons[0].1, "it was approved, and the send that used the approval up did not get out");
}
