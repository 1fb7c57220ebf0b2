//! Whatever is told to a generated playbook in whatever order: every input goes through the invariants of `stand`.

use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;
use runtime::engine::{Answer, EntryId, Input, Override, Sending, WorkResult};

use super::generated::playbooks;
use super::stand::{Stand, contact, hash, wrote};

/// Something that may happen; numbers choose among what there is.
#[derive(Clone, Debug)]
enum Move {
    Event(u8, bool),
    Pass(u16),
    Wake,
    Answer(u8, u8, bool, bool),
    Work(u8, u8),
    Send(u8, u8),
    Offer(u8, bool),
    StepIn(u8, u8, bool),
    Rewrite(u8, bool),
    Fact(u8),
    Switch(u8),
    Try(u8),
    Erase,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => (any::<u8>(), any::<bool>()).prop_map(|(event, old)| Move::Event(event, old)),
        4 => (0u16..600).prop_map(Move::Pass),
        4 => Just(Move::Wake),
        10 => (any::<u8>(), any::<u8>(), any::<bool>(), any::<bool>()).prop_map(|(which, how, agent, why)| Move::Answer(which, how, agent, why)),
        10 => (any::<u8>(), any::<u8>()).prop_map(|(which, how)| Move::Work(which, how)),
        5 => (any::<u8>(), any::<u8>()).prop_map(|(which, how)| Move::Send(which, how)),
        3 => (any::<u8>(), any::<bool>()).prop_map(|(which, how)| Move::Offer(which, how)),
        2 => (any::<u8>(), any::<u8>(), any::<bool>()).prop_map(|(how, which, case)| Move::StepIn(how, which, case)),
        2 => (any::<u8>(), any::<bool>()).prop_map(|(which, agent)| Move::Rewrite(which, agent)),
        4 => any::<u8>().prop_map(Move::Fact),
        1 => any::<u8>().prop_map(Move::Switch),
        1 => any::<u8>().prop_map(Move::Try),
        1 => (0u8..20).prop_map(|chance| if chance == 0 { Move::Erase } else { Move::Wake }),
    ];
    vec(one, 1..60)
}

fn chosen<T>(among: &[T], which: u8) -> Option<&T> {
    among.get(usize::from(which) % among.len().max(1))
}

/// The input that a move comes to; none where it changes the world around the case, or there is nothing of its kind.
fn input(stand: &mut Stand, step: &Move, number: usize) -> Option<Input> {
    let now = stand.now;
    Some(match *step {
        Move::Event(event, old) => {
            let events = ["reply.received", "page.viewed", "meeting.booked", "email.opened"];
            let at = if old { now - SignedDuration::from_hours(30) } else { now };
            let cause = if event % 5 == 0 { stand.case.runs.first().map(|run| run.id) } else { None };
            let row = i64::try_from(number).unwrap() + 1;
            Input::Happened { event: (*chosen(&events, event)?).into(), of: contact(), row, at, cause }
        }
        Move::Pass(minutes) => {
            stand.now += SignedDuration::from_mins(i64::from(minutes) * 7);
            return None;
        }
        Move::Wake => {
            stand.now = stand.wake.unwrap_or(now).max(now);
            Input::Woke
        }
        Move::Answer(which, how, agent, why) => {
            let question = chosen(&stand.case.questions, which)?;
            let answer = match how % 6 {
                0 => Answer::Reject,
                1 => Answer::Change { hash: hash(&format!("own {number}")) },
                3 | 4 if question.options.iter().any(|option| option == "rate") => {
                    Answer::Rate { value: if how > 100 { "4" } else { "2" }.parse().unwrap() }
                }
                _ if question.options.iter().any(|option| option == "done") => Answer::Done,
                2 => Answer::Approve { hash: Some(hash("what was seen")) },
                _ => Answer::Approve { hash: None },
            };
            let by = if agent { "Writer".into() } else { question.whom.clone().unwrap_or_else(|| "founder".into()) };
            let by = if how % 7 == 6 { "closer".into() } else { by };
            Input::Answered { question: question.id, answer, by, why: why.then(|| "because".to_owned()), record: None }
        }
        Move::Work(which, how) => {
            let work = chosen(&stand.case.work, which)?.clone();
            let message = stand.case.run(work.run).and_then(|run| run.message.as_ref());
            let result = match (how % 8, work.action.as_str()) {
                (0, _) => return Some(Input::Failed { work: work.id, why: "no answer".into() }),
                (1, _) => WorkResult::Nothing,
                (2, _) => wrote(&format!("draft {number}"), "letter"),
                (_, "write") => wrote(&format!("draft {number}"), if how % 2 == 0 { "email" } else { "linkedin" }),
                (_, "rate") => WorkResult::Rated {
                    rubric: "tone".into(),
                    value: Some("3".parse().unwrap()),
                    message: message.map(|message| message.hash.clone()),
                },
                _ => WorkResult::Found { kept: 1, refused: 0 },
            };
            Input::Done { work: work.id, result }
        }
        Move::Send(which, how) => {
            let send = chosen(&stand.case.sends, which).map_or(EntryId(3), |send| send.id);
            match how % 4 {
                0 => Input::Undelivered { send, why: "the line broke".into(), uncertain: how > 100 },
                _ => Input::Delivered { send },
            }
        }
        Move::Offer(which, accepted) => {
            let offer = chosen(&stand.case.handoffs, which)?.id;
            Input::OfferAnswered { offer, accepted, by: "Seller".into(), why: None, record: None }
        }
        Move::StepIn(how, which, case) => {
            let kind = [Override::Pause, Override::Resume, Override::Resume, Override::Cancel][usize::from(how % 4)];
            let mut targets: Vec<EntryId> = stand.case.runs.iter().map(|run| run.id).collect();
            targets.extend(stand.case.work.iter().map(|work| work.id));
            targets.extend(stand.case.sends.iter().map(|send| send.id));
            let run = if case { None } else { chosen(&targets, which).copied() };
            Input::Override { kind, run, by: "founder".into(), why: None }
        }
        Move::Rewrite(which, agent) => {
            let message = chosen(&stand.case.runs, which)?.message.as_ref()?.id;
            let by = if agent { "Writer" } else { "founder" };
            Input::Rewritten { message, hash: hash(&format!("rewritten {number}")), by: by.into(), agent }
        }
        Move::Fact(which) => {
            let facts = &mut stand.facts;
            match which % 8 {
                0 => facts.route = if facts.route == "hot" { "cold".into() } else { "hot".into() },
                1 => facts.certain = !facts.certain,
                2 => facts.trusted = !facts.trusted,
                3 | 4 => drop(facts.known.insert("job_title")),
                5 => drop(facts.known.remove("job_title")),
                6 => facts.sending = Sending::Now,
                _ if which > 128 => facts.sending = Sending::Never(vec!["there is no consent".into()]),
                _ => facts.sending = Sending::Later(now + SignedDuration::from_hours(11), "at night".into()),
            }
            return None;
        }
        Move::Switch(which) => {
            let what = *chosen(&["agent Writer", "workflow Work", "workflow Deals", "everything"], which)?;
            if !stand.switches.remove(what) {
                stand.switches.insert(what.into());
                return None;
            }
            // As the runner does it: whatever stood still looks around.
            Input::Woke
        }
        Move::Try(which) => {
            let acts = stand.book.program.workflows.iter().flat_map(|workflow| &workflow.stages);
            let acts: Vec<_> = acts
                .filter_map(|stage| match &stage.kind {
                    compiler::program::StageKind::Stage(body) => Some(&body.acts),
                    _ => None,
                })
                .flatten()
                .collect();
            Input::Tried { agent: "Writer".into(), act: (*chosen(&acts, which)?).clone() }
        }
        Move::Erase => Input::Erased { by: "founder".into() },
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_invariant_holds(which in any::<prop::sample::Index>(), moves in moves()) {
        let all = playbooks();
        let (_, program) = &all[which.index(all.len())];
        let mut stand = Stand::of(std::sync::Arc::clone(program));
        stand.begin();
        for (number, step) in moves.iter().enumerate() {
            if let Some(input) = input(&mut stand, step, number) {
                // A refusal is an answer, too; then nothing has changed.
                let before = stand.case.clone();
                if stand.tell(&input).is_err() {
                    prop_assert_eq!(&before, &stand.case);
                }
            }
        }
    }
}

/// The generator reaches what the invariants are about.
#[test]
fn the_generated_playbooks_get_somewhere() {
    let mut reached = std::collections::BTreeSet::new();
    let diligent = [
        Move::Work(0, 3),
        Move::Answer(0, 3, false, true),
        Move::Send(0, 1),
        Move::Offer(0, true),
        Move::Event(0, false),
        Move::Wake,
    ];
    // Nobody answers, and every route is provisional.
    let idle = [Move::Work(0, 3), Move::Wake];
    for (_, program) in playbooks() {
        for (steps, certain) in [(diligent.as_slice(), true), (idle.as_slice(), false)] {
            let mut stand = Stand::of(std::sync::Arc::clone(program));
            stand.facts.known.insert("job_title");
            (stand.facts.certain, stand.facts.route) = (certain, if certain { "cold".into() } else { "hot".into() });
            stand.begin();
            for number in 0..60usize {
                let step = match &steps[number % steps.len()] {
                    Move::Event(..) => Move::Event(u8::try_from(number).unwrap(), false),
                    other => other.clone(),
                };
                if let Some(input) = input(&mut stand, &step, number) {
                    // What is refused leads nowhere, and the next move may.
                    let _ = stand.tell(&input);
                }
            }
            let entries: Vec<_> = stand.log.into_iter().map(|(_, entry)| entry).collect();
            reached.extend(super::stand::words(&entries));
        }
    }
    for wanted in [
        "queued",
        "delivered",
        "offered",
        "offer answered",
        "scored",
        "settled approved",
        "settled expired",
        "ended won",
        "ended lost",
        "ended handed off",
        "held",
        "denied approval",
        "asked way",
        "work asked rate",
    ] {
        assert!(reached.contains(wanted), "{wanted} is not among {reached:#?}");
    }
}
