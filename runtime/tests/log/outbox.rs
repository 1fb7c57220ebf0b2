//! What leaves, leaves once: claims, retries, holders that die, dead letters, what is paused; leases, schedules, the inbox.

use jiff::SignedDuration;
use runtime::crm::log::{Asked, Claimant, Effect, Lease, LogError};
use runtime::engine::{Entry, EntryId, Override};

use crate::stand::{Stand, asked_for, contact, ended, question, queued, settled};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

impl Stand {
    fn claim(&mut self, holder: &str) -> Vec<Effect> {
        self.crm.claim_outbox(Claimant { holder, now: self.now, lease: MINUTE }, 10).unwrap()
    }

    fn claimed(&mut self, holder: &str) -> Vec<i64> {
        self.claim(holder).into_iter().map(|effect| effect.number.0).collect()
    }

    fn outbox(&self) -> Vec<String> {
        self.rows("SELECT number || ' ' || state || ' ' || ifnull(holder, '-') || ' ' || attempts FROM outbox ORDER BY number")
    }

    /// A run with a message that may go out; gives run, message and send.
    fn send(&mut self, id: i64) -> (i64, i64, i64) {
        let run = self.start(id, "Generation", "event:1");
        let message = self.write(id, run, "Hello");
        let send = self.decide(id, |_, _| vec![queued(run, message, "Hello")]).unwrap().turn.first.0;
        (run, message, send)
    }
}

#[test]
fn an_effect_is_claimed_by_one_and_settled_by_an_entry() {
    let mut stand = Stand::new();
    let (run, message, send) = stand.send(1);
    let effects = stand.claim("one");
    let [effect] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((effect.number, effect.message, effect.run), (EntryId(send), Some(EntryId(message)), EntryId(run)));
    assert!(matches!(&effect.entry, Entry::Queued { message: queued, .. } if queued.0 == message));
    assert_eq!((effect.attempt, effect.taken_over), (1, false));
    assert!(stand.claim("two").is_empty(), "one has it");
    stand.decide(1, |_, _| vec![Entry::Delivered { send: EntryId(send) }.into()]).unwrap();
    assert_eq!(stand.outbox().last().unwrap(), &format!("{send} done - 1"));
    let twice = stand.decide(1, |_, _| vec![Entry::Delivered { send: EntryId(send) }.into()]).unwrap_err();
    assert!(matches!(twice, LogError::NotThere { .. }), "{twice}");
    assert!(matches!(stand.crm.settle(EntryId(send), "one"), Err(LogError::ClaimLost { .. })));
    stand.wait(3600);
    assert!(stand.claim("two").is_empty(), "what is done is never taken again");
}

#[test]
fn a_dead_holders_claim_is_taken_over_when_its_time_has_passed_and_says_so() {
    let mut stand = Stand::new();
    let (_, _, send) = stand.send(1);
    assert_eq!(stand.claimed("one"), [send]);
    stand.wait(59);
    assert!(stand.claim("two").is_empty());
    stand.crm.renew_claim(EntryId(send), "one", stand.now + MINUTE).unwrap();
    stand.wait(59);
    assert!(stand.claim("two").is_empty(), "it was prolonged");
    stand.wait(1);
    let effects = stand.claim("two");
    assert_eq!((effects[0].attempt, effects[0].taken_over), (2, true));
    let late = stand.crm.retry_at(EntryId(send), "one", stand.now, "late").unwrap_err();
    insta::assert_snapshot!(late.to_string().replace(&send.to_string(), "N"), @"`one` does not hold effect N any more: its time has passed and somebody else took it, or it is settled");
    assert!(matches!(late, LogError::ClaimLost { .. }));
}

#[test]
fn what_fails_is_tried_again_later_and_lies_visibly_dead_at_last() {
    let mut stand = Stand::new();
    let (run, _, send) = stand.send(1);
    stand.claim("one");
    stand.crm.retry_at(EntryId(send), "one", stand.now + MINUTE, "no route to host").unwrap();
    assert_eq!(stand.outbox().last().unwrap(), &format!("{send} waiting - 1"));
    assert_eq!(stand.crm.next_effect().unwrap(), Some(stand.now + MINUTE));
    assert!(stand.claim("one").is_empty());
    stand.wait(60);
    let effects = stand.claim("one");
    assert_eq!((effects[0].attempt, effects[0].taken_over), (2, false), "it was given back, nobody died");
    let undelivered = |uncertain| Entry::Undelivered { send: EntryId(send), why: "mailbox is gone".into(), uncertain };
    stand.decide(1, |_, _| vec![undelivered(true).into()]).unwrap();
    let letters = stand.crm.dead_letters().unwrap();
    assert_eq!((letters[0].number, letters[0].attempts, letters[0].uncertain), (EntryId(send), 2, true));
    assert_eq!((letters[0].error.as_str(), letters[0].channel.as_deref()), ("mailbox is gone", Some("email")));
    stand.wait(3600);
    assert!(stand.claim("one").is_empty(), "uncertain is never tried again by itself");
    // It had gone out after all.
    stand.decide(1, |_, _| vec![Entry::Delivered { send: EntryId(send) }.into(), ended(run)]).unwrap();
    assert!(stand.crm.dead_letters().unwrap().is_empty());
}

#[test]
fn of_what_is_paused_nothing_is_taken() {
    let mut stand = Stand::new();
    let (run, _, send) = stand.send(1);
    let switch = |what: &str, paused| {
        vec![Entry::Switched { what: what.into(), paused, by: "founder".into(), why: Some("too many".into()) }.into()]
    };
    for what in ["everything", "agent Writer", "workflow Generation"] {
        stand.declare(switch(what, true)).unwrap();
        assert_eq!(stand.crm.paused().unwrap()[0].what, what);
        assert!(stand.claim("one").is_empty(), "{what}");
        stand.declare(switch(what, false)).unwrap();
    }
    assert!(stand.crm.paused().unwrap().is_empty());
    stand.declare(switch("agent LeadGen", true)).unwrap();
    for of in [None, Some(EntryId(run))] {
        let turn = |how| vec![Entry::Overridden { how, run: of, by: "founder".into() }.into()];
        stand.decide(1, |_, _| turn(Override::Pause)).unwrap();
        assert!(stand.claim("one").is_empty(), "{of:?}");
        stand.decide(1, |_, _| turn(Override::Resume)).unwrap();
    }
    assert_eq!(stand.claimed("one"), [send]);
}

#[test]
fn what_is_taken_back_before_it_began_is_void_and_no_dead_letter() {
    let mut stand = Stand::new();
    let (run, _, send) = stand.send(1);
    let work = stand.decide(1, |_, _| vec![asked_for(run, "Writer", "rate")]).unwrap().turn.first.0;
    let back = Entry::Undelivered { send: EntryId(send), why: "the run is over".into(), uncertain: false };
    stand.decide(1, |_, _| vec![back.into(), ended(run)]).unwrap();
    let outbox = stand.outbox();
    assert_eq!(&outbox[1..], [format!("{send} void - 0"), format!("{work} void - 0")]);
    assert!(stand.crm.dead_letters().unwrap().is_empty() && stand.claim("one").is_empty());
}

#[test]
fn an_answered_offer_is_asked_of_nobody_any_more() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let offered = Entry::Offered { run: EntryId(run), handoff: "to sales".into(), to: "Sales".into(), due: None };
    let offer = stand
        .decide(1, |first, _| {
            let accept = Entry::WorkAsked {
                run: EntryId(run),
                agent: "Closer".into(),
                action: runtime::engine::ACCEPT.into(),
                words: "take the handoff".into(),
                object: first.to_string().into(),
                channel: None,
            };
            vec![offered.into(), accept.into()]
        })
        .unwrap()
        .turn
        .first
        .0;
    assert_eq!(stand.claimed("one"), [offer + 1]);
    let answered = Entry::OfferAnswered { offer: EntryId(offer), accepted: true, by: "founder".into() };
    stand.decide(1, |_, _| vec![answered.into()]).unwrap();
    assert_eq!(stand.outbox(), [format!("{} done - 1", offer + 1)]);
}

#[test]
fn a_lease_ends_when_its_time_passes() {
    let mut stand = Stand::new();
    let lease = |agent: &str, holder: &str, until| Lease { agent: agent.into(), holder: holder.into(), until };
    let (now, record) = (stand.now, contact(1));
    let first = lease("LeadGen", "one", now + MINUTE);
    assert_eq!(stand.crm.lease(&record, &first, now).unwrap(), first);
    let second = lease("Closer", "two", now + MINUTE * 2);
    assert_eq!(stand.crm.lease(&record, &second, now).unwrap(), first, "the first has it");
    stand.crm.release(&record, &second).unwrap();
    assert_eq!(stand.crm.leased(&record).unwrap(), Some(first.clone()), "nobody gives back what another has");
    let longer = lease("LeadGen", "one", now + MINUTE * 3);
    assert_eq!(stand.crm.lease(&record, &longer, now).unwrap(), longer);
    assert_eq!(stand.crm.lease(&record, &second, now + MINUTE * 2).unwrap(), longer);
    let third = lease("Closer", "two", now + MINUTE * 9);
    assert_eq!(stand.crm.lease(&record, &third, now + MINUTE * 3).unwrap(), third, "its holder was taken for dead");
    stand.crm.release(&record, &third).unwrap();
    assert_eq!(stand.crm.leased(&record).unwrap(), None);
}

#[test]
fn a_slot_is_left_once() {
    let mut stand = Stand::new();
    let (one, two) = (stand.now, stand.now + MINUTE);
    assert_eq!(stand.crm.slot("Generation", 0).unwrap(), None);
    assert!(stand.crm.advance("Generation", 0, None, one).unwrap());
    assert!(!stand.crm.advance("Generation", 0, None, two).unwrap());
    assert!(stand.crm.advance("Generation", 0, Some(one), two).unwrap());
    assert!(!stand.crm.advance("Generation", 0, Some(one), two).unwrap(), "somebody was quicker");
    assert_eq!(stand.crm.slot("Generation", 0).unwrap(), Some(two));
}

#[test]
fn the_inbox_shows_each_what_they_may_answer_the_most_urgent_first() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let due = stand.now + MINUTE;
    let asked = stand
        .decide(1, |_, _| {
            vec![
                question(Some(run), Some("founder"), None),
                question(Some(run), None, Some(due)),
                question(Some(run), Some("sales"), None),
            ]
        })
        .unwrap()
        .turn
        .first
        .0;
    let review = stand.declare(vec![question(None, Some("founder"), None)]).unwrap().turn.first.0;
    let numbers = |stand: &Stand, asked: &Asked<'_>| -> Vec<i64> {
        stand.crm.inbox(asked).unwrap().into_iter().map(|inquiry| inquiry.question.id.0).collect()
    };
    assert_eq!(numbers(&stand, &Asked::default()), [asked + 1, asked, asked + 2, review]);
    let founder = Asked { whom: Some("founder"), ..Asked::default() };
    assert_eq!(numbers(&stand, &founder), [asked + 1, asked, review]);
    let one = contact(1);
    assert_eq!(numbers(&stand, &Asked { record: Some(&one), ..founder.clone() }), [asked + 1, asked]);
    stand.decide(1, |_, _| vec![settled(asked, Some(compiler::program::Settlement::Rejected))]).unwrap();
    assert_eq!(numbers(&stand, &founder), [asked + 1, review]);
    let all = stand.crm.inbox(&Asked { number: Some(EntryId(asked)), settled: true, ..Asked::default() }).unwrap();
    let answer = all[0].answer.clone().unwrap();
    assert_eq!((answer.how, answer.by.as_deref()), (Some(compiler::program::Settlement::Rejected), Some("founder")));
    assert_eq!(all[0].run, Some(("Generation".into(), "research".into())));
    // What the inbox shows of an open question is what its case has.
    let open = stand.crm.inbox(&Asked { record: Some(&one), ..Asked::default() }).unwrap();
    let mut questions: Vec<_> = open.into_iter().map(|inquiry| inquiry.question).collect();
    questions.sort_by_key(|question| question.id);
    assert_eq!(questions, stand.crm.case(&one).unwrap().case.questions);
}
