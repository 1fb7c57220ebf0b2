//! Sending: permission, priority, approval, contact policy, in this order; and what becomes of a send.

use runtime::engine::{Answer, Entry, Input, QuestionKind, Sending};

use super::questions::LETTER;
use super::stand::{Stand, YES, words, wrote};

#[track_caller]
fn queued(stand: &mut Stand) -> runtime::engine::EntryId {
    stand.begin();
    stand.write("a");
    stand.answer(YES);
    stand.case.sends[0].id
}

#[test]
fn a_send_that_has_to_wait_waits_until_then() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.later(11, "outside the hours of the contact");
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "entered Out", "held"]);
    assert_eq!(stand.case.runs[0].held.as_ref().unwrap().why, "outside the hours of the contact");
    assert!(stand.wait(10).is_empty());
    stand.facts.sending = Sending::Now;
    assert_eq!(words(&stand.wait(1)), ["queued"]);
}

#[test]
fn without_consent_nothing_is_sent_and_a_person_is_told() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.facts.sending = Sending::Never(vec!["there is no consent".into(), "it is on the suppression list".into()]);
    let entries = stand.answer(YES);
    assert_eq!(words(&entries), ["settled approved", "entered Out", "denied contact policy", "asked trouble"]);
    let Entry::Denied { reasons, .. } = &entries[2] else { panic!() };
    assert_eq!(reasons.len(), 2, "all reasons are in the log");
    let refused = stand.answer_as(YES, "founder", None).unwrap_err().to_string();
    assert!(refused.ends_with("while this is so: there is no consent; it is on the suppression list"), "{refused}");
    assert_eq!(stand.case.questions[0].options, ["reject"]);
    assert!(stand.say(Input::Woke).is_empty(), "nothing has changed");
    assert_eq!(words(&stand.answer(Answer::Reject)), ["settled rejected", "ended rejected"]);
}

#[test]
fn a_send_that_nothing_keeps_any_more_goes_on_by_itself() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.facts.sending = Sending::Never(vec!["there is no consent".into()]);
    stand.answer(YES);
    stand.facts.sending = Sending::Now;
    assert_eq!(words(&stand.say(Input::Woke)), ["settled void", "queued"]);
    // Whoever says yes before anybody has noticed is heard.
    let mut quick = Stand::new(LETTER);
    quick.begin();
    quick.write("a");
    quick.facts.sending = Sending::Never(vec!["there is no consent".into()]);
    quick.answer(YES);
    quick.facts.sending = Sending::Now;
    assert_eq!(words(&quick.answer(YES)), ["settled approved", "queued"]);
}

#[test]
fn what_failed_is_sent_again_only_with_a_new_approval() {
    let mut stand = Stand::new(LETTER);
    let send = queued(&mut stand);
    let failed = Input::Undelivered { send, why: "the line broke".into(), uncertain: true };
    assert_eq!(words(&stand.say(failed)), ["undelivered", "asked trouble"]);
    assert!(stand.case.questions[0].words.starts_with("this may have been sent, or not: the line broke"));
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "denied approval", "asked act"]);
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "queued"]);
}

#[test]
fn an_event_takes_a_send_back() {
    let mut stand = Stand::new(LETTER);
    queued(&mut stand);
    assert_eq!(words(&stand.happen("reply.received")), ["undelivered", "entered Won", "ended won"]);
    assert!(stand.case.sends.is_empty());
}

#[test]
fn a_message_is_sent_once() {
    let mut stand = Stand::new(&LETTER.replace("    do send message\n", "    do send message\n    do send message\n"));
    let send = queued(&mut stand);
    let entries = stand.say(Input::Delivered { send });
    assert_eq!(words(&entries), ["delivered", "acted", "denied approval", "asked trouble"]);
}

#[test]
fn over_a_channel_that_no_port_serves_a_person_sends() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.done(wrote("a", "linkedin"));
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "entered Out", "asked errand"]);
    let (message, _) = stand.message();
    assert_eq!(*stand.kind(), QuestionKind::Errand { send: Some(message) });
    assert_eq!(words(&stand.answer(Answer::Done)), ["settled approved", "queued", "delivered", "acted"]);
}

/// Whoever carries a message approves it by that, in a person's stage, too.
#[test]
fn a_message_that_a_person_carries_in_their_own_stage_is_on_the_log() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage Draft {
    do write hello via email
    next Out otherwise
  }
  stage Out by human closer {
    do send message
    next Won otherwise
  }
  end Won as won
}",
    );
    stand.begin();
    assert_eq!(words(&stand.write("a")), ["work done", "acted", "entered Out", "asked errand"]);
    let done = stand.answer_as(Answer::Done, "closer", None).unwrap();
    assert_eq!(words(&done), ["settled approved", "queued", "delivered", "acted", "entered Won", "ended won"]);
}

#[test]
fn nobody_sends_from_outside() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    let workflow = stand.book.program.workflows.iter().find(|workflow| workflow.name == "Work").unwrap();
    let compiler::program::StageKind::Stage(body) = &workflow.stages[1].kind else { panic!() };
    let act = body.acts[0].clone();
    let entries = stand.say(Input::Tried { agent: "Writer".into(), act });
    assert_eq!(words(&entries), ["denied approval"]);
}

const TWO: &str = "
priority { Seller over Writer while contact is in Deals, others WAY because \"one voice\" }
workflow Deals for Contact by Seller {
  start on meeting.booked
  stage Talk {
    next Done on meeting.accepted
    next Done after 30 days
  }
  end Done as done
}";

#[test]
fn whoever_comes_second_waits_or_is_over() {
    let text = |way: &str| format!("{}{LETTER}", TWO.replace("WAY", way));
    let mut waits = Stand::new(&text("wait"));
    waits.begin();
    waits.write("a");
    waits.happen("meeting.booked");
    assert_eq!(words(&waits.answer(YES)), ["settled approved", "entered Out", "denied priority", "held"]);
    assert_eq!(words(&waits.wait(2)), ["held", "held"], "it is tried again, and said once");
    let done = waits.happen("meeting.accepted");
    assert_eq!(words(&done), ["entered Done", "ended done"]);
    assert_eq!(words(&waits.wait(1)), ["queued"]);

    let mut stops = Stand::new(&text("stop"));
    stops.begin();
    stops.write("a");
    stops.happen("meeting.booked");
    assert_eq!(words(&stops.answer(YES)), ["settled approved", "entered Out", "denied priority", "ended denied"]);
}

#[test]
fn what_the_table_asks_a_person_for_is_asked_and_once_allowed_done() {
    let mut stand = Stand::new(
        "
workflow Work for Contact by Writer {
  start on contact.created
  stage Invite {
    do offer visit
    next Done otherwise
  }
  end Done as done
}",
    );
    assert_eq!(words(&stand.begin())[2..], ["asked act"]);
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "work asked offer"]);
    let done = stand.done(runtime::engine::WorkResult::Nothing);
    assert_eq!(words(&done), ["work done", "acted", "entered Done", "ended done"]);
}

/// The verb alone means the first way of sending that there is; what counts is the one that the message leaves by.
#[test]
fn a_message_may_only_leave_by_a_channel_that_is_granted() {
    // The compiler would have said so: the row is emptied behind its back.
    let without = |channel: &str| {
        let mut program = super::stand::program(&LETTER.replace("via email", "via sms")).unwrap();
        let denied: Vec<bool> =
            program.permissions.rows.iter().map(|row| program.about(&row.about) == channel).collect();
        for (row, denied) in program.permissions.rows.iter_mut().zip(denied) {
            if denied {
                row.cells.fill(compiler::program::Rights::default());
            }
        }
        let mut stand = Stand::of(std::sync::Arc::new(program));
        stand.begin();
        stand.done(wrote("a", "sms"));
        stand.answer(YES)
    };
    let entries = without("send.sms");
    assert_eq!(words(&entries), ["settled approved", "entered Out", "denied permission", "ended denied"]);
    let Entry::Denied { reasons, .. } = &entries[2] else { panic!() };
    assert_eq!(reasons[0].1, "`Writer` may not do `send.sms`: its cell in the row `send.sms` is empty");

    let entries = without("send.email");
    assert_eq!(words(&entries), ["settled approved", "entered Out", "asked errand"]);
}

/// The table names whose yes a message needs; a stage may have asked somebody else.
#[test]
fn a_yes_counts_only_from_the_role_that_the_table_names() {
    let text = super::stand::BEFORE
        .replace("| send, offer   | ask human | ask human |", "| send, offer   | ask founder | ask human |");
    let program = super::stand::program_of(&format!("{text}\n{LETTER}\n")).unwrap();
    let stand = || {
        let mut stand = Stand::of(std::sync::Arc::new(program.clone()));
        stand.begin();
        stand.write("a");
        stand
    };
    let mut other = stand();
    let entries = other.answer_as(YES, "closer", None).unwrap();
    assert_eq!(words(&entries), ["settled approved", "entered Out", "denied approval", "asked act"]);
    let Entry::Denied { reasons, .. } = &entries[2] else { panic!() };
    assert_eq!(reasons[0].1, "`closer` approved it, and the permission table wants `founder` to");
    assert!(other.case.sends.is_empty());
    let refused = other.answer_as(YES, "closer", None).unwrap_err().to_string();
    assert!(refused.ends_with("is for `founder`, not for `closer`"), "{refused}");
    assert_eq!(words(&other.answer_as(YES, "founder", None).unwrap()), ["settled approved", "queued"]);
    let mut own = stand();
    assert_eq!(words(&own.answer_as(YES, "founder", None).unwrap()), ["settled approved", "entered Out", "queued"]);
}
