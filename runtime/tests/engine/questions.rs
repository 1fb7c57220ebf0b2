//! Questions: asked once, reminded of, expired; an approval is of exactly the text that was seen.

use runtime::engine::{Answer, Entry, Input, Override, Pause, QuestionKind, Refusal, Standstill, WorkResult};

use super::stand::{Stand, YES, hash, words};

pub(crate) const LETTER: &str = "
workflow Work for Contact by Writer {
  start on contact.created
  stage Draft {
    do write hello via email
    ask human to approve or change message within 2 days, remind every 6 hours
    next Out  on approved
    next No   on rejected
    next Late on expired
  }
  stage Out {
    do send message
    next Won  on reply.received
    next Late after 20 days
  }
  end Won as won
  end No as rejected
  end Late as lost
}";

#[test]
fn a_question_is_asked_reminded_of_and_expires() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    assert_eq!(words(&stand.write("a")), ["work done", "acted", "asked stage"]);
    assert_eq!(words(&stand.wait(47)), ["reminded", "reminded"]);
    assert_eq!(words(&stand.wait(1)), ["settled expired", "entered Late", "ended lost"]);
    let too_late = stand.tell(&Input::Answered {
        question: runtime::engine::EntryId(6),
        answer: YES,
        by: "founder".into(),
        why: None,
        record: None,
    });
    assert!(matches!(too_late, Err(Refusal::NoSuchQuestion(_))), "{too_late:?}");
}

/// Something else is told to the case before anybody woke it.
#[test]
fn what_is_due_is_done_whatever_else_happens_at_that_instant() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.now += jiff::SignedDuration::from_hours(49);
    assert!(matches!(stand.answer_as(YES, "founder", None), Err(Refusal::Expired { .. })), "the time is over");
    assert_eq!(words(&stand.happen("page.viewed")), ["settled expired", "entered Late", "ended lost"]);
}

/// Paused after an hour, for a week.
#[test]
fn while_it_is_paused_nobody_is_reminded_and_no_time_limit_runs() {
    let ways: [(Option<Override>, Option<&str>); 5] = [
        (Some(Override::Pause), None),
        (None, Some("everything")),
        (None, Some("workflow Work")),
        (None, Some("agent Writer")),
        (None, None),
    ];
    for (of_the_run, switch) in ways {
        let mut stand = Stand::new(LETTER);
        stand.begin();
        stand.write("a");
        let run = stand.run();
        stand.wait(1);
        let since = stand.now;
        let what = match (of_the_run, switch) {
            (Some(how), _) => {
                stand.step_in(how, Some(run));
                Standstill::Run(run)
            }
            (None, Some(switch)) => {
                stand.switches.insert(switch.into());
                Standstill::Switch(switch.into())
            }
            (None, None) => {
                stand.step_in(Override::Pause, None);
                Standstill::Record
            }
        };
        stand.wait(7 * 24);
        stand.say(Input::Woke);
        let said = words(&stand.log.iter().map(|(_, entry)| entry.clone()).collect::<Vec<_>>());
        assert!(!said.iter().any(|word| word == "reminded" || word == "settled expired"), "{what:?}: {said:?}");
        let pauses = vec![Pause { what: what.clone(), since }];
        assert_eq!(words(&stand.say(Input::StoodStill { ends: what.clone(), pauses })), ["prolonged"], "{what:?}");
        stand.switches.clear();
        if switch.is_none() {
            assert_eq!(words(&stand.step_in(Override::Resume, of_the_run.map(|_| run))), ["overridden"], "{what:?}");
        }
        stand.say(Input::Woke);
        // As after the first hour: 47 hours are left, and people are reminded while the client is open.
        assert_eq!(words(&stand.wait(46)), ["reminded", "reminded"], "{what:?}");
        assert_eq!(words(&stand.wait(1)), ["settled expired", "entered Late", "ended lost"], "{what:?}");
    }
}

#[test]
fn who_answers_in_a_pause_is_not_too_late() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.switches.insert("everything".into());
    stand.wait(100);
    assert_eq!(words(&stand.answer(YES)), ["settled approved"]);
    // Another one's pause stops nobody's time.
    let mut other = Stand::new(LETTER);
    other.begin();
    other.write("a");
    other.switches.insert("workflow Other".into());
    other.switches.insert("agent Seller".into());
    assert_eq!(words(&other.wait(48)).last().map(String::as_str), Some("ended lost"));
}

#[test]
fn what_asks_about_a_message_is_withdrawn_once_nobody_may_write_any_more() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    assert_eq!(words(&stand.happen("page.viewed")), [""; 0]);
    stand.facts.left_alone = Some("they unsubscribed".into());
    assert_eq!(words(&stand.happen("email.unsubscribed")), ["settled void", "asked trouble"]);
    let Some((_, Entry::Settled { why: Some(why), .. })) = stand.log.iter().rev().nth(1).cloned() else { panic!() };
    assert_eq!(why, "the contact must not be written to any more: they unsubscribed");
    // It is said once, no yes helps, and it is asked anew once they want to be written to again.
    assert_eq!(words(&stand.happen("page.viewed")), [""; 0]);
    assert!(stand.answer_as(YES, "founder", None).is_err());
    stand.facts.left_alone = None;
    assert_eq!(words(&stand.say(Input::Woke)), ["settled void", "asked stage"]);
    stand.facts.left_alone = Some("they unsubscribed".into());
    stand.say(Input::Woke);
    assert_eq!(words(&stand.answer(Answer::Reject)), ["settled rejected", "ended rejected"]);
}

/// A question about something else is nobody's letter.
#[test]
fn what_asks_about_something_else_stays_when_nobody_may_write_any_more() {
    let mut stand = Stand::new(&LETTER.replace("approve or change message", "approve going_on"));
    stand.begin();
    stand.write("a");
    stand.facts.left_alone = Some("they unsubscribed".into());
    assert_eq!(words(&stand.say(Input::Woke)), [""; 0]);
    assert_eq!(stand.case.questions.len(), 1);
}

#[test]
fn a_time_limit_begins_when_there_is_something_to_ask() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.wait(100);
    stand.write("a");
    let due = stand.case.questions[0].due.unwrap();
    assert_eq!(due, stand.now + jiff::SignedDuration::from_hours(48));
    // Asking anew, because the text was changed, does not begin it anew.
    stand.wait(1);
    let (message, _) = stand.message();
    let changed = Input::Rewritten { message, hash: hash("b"), by: "Writer".into(), agent: true };
    let mut early = Stand::new(LETTER);
    early.begin();
    early.write("a");
    let due = early.case.questions[0].due;
    early.wait(1);
    assert_eq!(words(&early.say(changed)), ["rewritten", "settled void", "asked stage"]);
    assert_eq!(early.case.questions[0].due, due);
}

#[test]
fn an_approval_is_of_what_was_seen() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    let seen = Answer::Approve { hash: Some(hash("something else")) };
    assert!(matches!(stand.answer_as(seen, "founder", None), Err(Refusal::Changed(_))));
    assert!(matches!(stand.answer_as(Answer::Done, "founder", None), Err(Refusal::NotAnOption { .. })));
    let approved = stand.answer(Answer::Approve { hash: Some(hash("a")) });
    assert_eq!(words(&approved), ["settled approved", "entered Out", "queued"]);
}

#[test]
fn an_agent_answers_no_question() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    let refused = stand.answer_as(YES, "Writer", None).unwrap_err();
    assert_eq!(refused.to_string(), format!("question {} is for a person, and `Writer` is an agent", stand.question()));
}

#[test]
fn a_changed_message_voids_question_and_approval() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    let first = stand.question();
    let (message, _) = stand.message();
    let rewritten = |text: &str| Input::Rewritten { message, hash: hash(text), by: "Writer".into(), agent: true };
    assert_eq!(words(&stand.say(rewritten("b"))), ["rewritten", "settled void", "asked stage"]);
    let old = Input::Answered { question: first, answer: YES, by: "founder".into(), why: None, record: None };
    assert!(matches!(stand.tell(&old), Err(Refusal::NoSuchQuestion(_))));
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "entered Out", "queued"]);
    let send = stand.case.sends[0].id;
    // On its way, it is changed once more.
    let entries = stand.say(rewritten("c"));
    assert_eq!(words(&entries), ["undelivered", "rewritten", "denied approval", "asked act"]);
    assert!(stand.case.sends.is_empty());
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "queued"]);
    assert_ne!(stand.case.sends[0].id, send);
    let send = stand.case.sends[0].id;
    assert_eq!(words(&stand.say(Input::Delivered { send })), ["delivered", "acted"]);
    assert!(matches!(stand.tell(&rewritten("d")), Err(Refusal::MessageGone(_))), "it is out");
}

#[test]
fn a_persons_own_words_are_approved_by_writing_them() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    let entries = stand.answer(Answer::Change { hash: hash("mine") });
    assert_eq!(words(&entries), ["rewritten", "settled changed", "entered Out", "queued"]);
    let Some(Entry::Queued { hash: queued, .. }) = entries.last() else { panic!() };
    assert_eq!(*queued, hash("mine"));
}

#[test]
fn a_rating_that_is_not_met_is_shown_and_needs_a_reason() {
    let mut stand = Stand::new(&LETTER.replace("    ask human", "    require message.tone >= 4\n    ask human"));
    stand.begin();
    assert_eq!(words(&stand.write("a")), ["work done", "acted", "work asked rate"]);
    let (_, message) = stand.message();
    let rated = |value: &str, message| WorkResult::Rated {
        rubric: "tone".into(),
        value: Some(value.parse().unwrap()),
        message: Some(message),
    };
    // A rating of another text says nothing.
    assert_eq!(words(&stand.done(rated("5", hash("else")))), ["work done", "work asked rate"]);
    assert_eq!(words(&stand.done(rated("3", message))), ["work done", "asked rating"], "a person confirms it");
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "rated", "asked stage"]);
    assert_eq!(stand.case.questions[0].notes, ["not there: message.tone >= 4"]);
    assert!(matches!(stand.answer_as(YES, "founder", None), Err(Refusal::ReasonNeeded(_))));
    let entries = stand.answer_as(YES, "founder", Some("it is fine")).unwrap();
    assert_eq!(words(&entries), ["settled approved", "entered Out", "queued"]);
    assert!(matches!(stand.case.questions.as_slice(), []));
}

#[test]
fn an_approval_expires() {
    let mut stand = Stand::new(LETTER);
    stand.begin();
    stand.write("a");
    stand.later(15 * 24, "the office is closed");
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "entered Out", "held"]);
    stand.facts.sending = runtime::engine::Sending::Now;
    let entries = stand.wait(15 * 24);
    assert_eq!(words(&entries), ["denied approval", "asked act"]);
    let Entry::Denied { reasons, .. } = &entries[0] else { panic!() };
    assert_eq!(reasons[0].1, "the approval has expired");
    assert!(matches!(stand.kind(), QuestionKind::Act { .. }));
    assert_eq!(words(&stand.answer(YES)), ["settled approved", "queued"]);
}
