//! What is so after every input, whatever the playbook.

use compiler::program::{Settlement, StageKind, WayWhen};
use jiff::Timestamp;
use runtime::engine::{Case, Entry, EntryId, Input, Override, Run, apply};

use super::stand::Stand;

/// An input that was taken, and what followed.
pub(crate) struct Told<'t> {
    pub(crate) stand: &'t Stand,
    pub(crate) before: &'t Case,
    pub(crate) input: &'t Input,
    pub(crate) first: EntryId,
    pub(crate) entries: &'t [Entry],
}

pub(crate) fn hold(told: &Told<'_>) {
    folding_gives_the_case(told);
    one_run_for_a_workflow_and_record(told.stand);
    nothing_goes_out_unapproved(told);
    nothing_moves_in_a_paused_case(told);
    let stand = told.stand;
    assert!(stand.wake.is_none_or(|wake| wake > stand.now), "{:?} is not later than {}", stand.wake, stand.now);
    for run in &stand.case.runs {
        assert!(goes_on(stand, run), "nothing leads on: {run:#?}\nafter {:?}\n{:#?}", told.input, stand.case);
    }
    for question in &stand.case.questions {
        let passed = question.due.is_some_and(|due| due <= stand.now);
        let run = question.run.and_then(|run| stand.case.run(run));
        let off = |run: &Run| {
            let workflow = format!("workflow {}", run.workflow);
            let is_off = |switch: &str| switch == "everything" || switch == workflow || switch.starts_with("agent ");
            stand.switches.iter().any(|switch| is_off(switch))
        };
        let paused = stand.case.paused.is_some() || run.is_some_and(|run| run.paused.is_some() || off(run));
        assert!(!passed || paused, "nobody can answer {question:#?}\nat {}", stand.now);
    }
}

fn folding_gives_the_case(told: &Told<'_>) {
    let mut case = told.before.clone();
    for (number, entry) in (told.first.0..).zip(told.entries) {
        let text = serde_json::to_string(entry).unwrap();
        let kept: Entry = serde_json::from_str(&text).unwrap();
        assert_eq!(*entry, kept, "an entry survives being kept");
        apply(&mut case, EntryId(number), told.stand.now, &kept);
    }
    assert_eq!(case, told.stand.case);
}

fn one_run_for_a_workflow_and_record(stand: &Stand) {
    let mut seen = std::collections::BTreeSet::new();
    for run in &stand.case.runs {
        assert!(seen.insert((&run.workflow, &run.record)), "two runs of {} for {:?}", run.workflow, run.record);
    }
}

/// What the log says of a message: its hash, and when it got it.
fn hash_of(log: &[(Timestamp, Entry)], message: EntryId) -> Option<(String, i64)> {
    let mut hash = None;
    for (number, (_, entry)) in (1..).zip(log) {
        match entry {
            Entry::WorkDone { result: runtime::engine::WorkResult::Wrote { hash: written, .. }, .. }
                if number == message.0 =>
            {
                hash = Some((written.to_string(), number));
            }
            Entry::Rewritten { message: of, hash: written, .. } if *of == message => {
                hash = Some((written.to_string(), number));
            }
            _ => {}
        }
    }
    hash
}

/// Read off the log alone, as an auditor would.
fn nothing_goes_out_unapproved(told: &Told<'_>) {
    let stand = told.stand;
    for (number, entry) in (told.first.0..).zip(told.entries) {
        let Entry::Queued { message, hash, approval, .. } = entry else { continue };
        let so_far = &stand.log[..usize::try_from(number).unwrap() - 1];
        let (stands, since) = hash_of(so_far, *message).expect("the message was written");
        assert_eq!(stands, hash.as_str(), "what goes out is what stands");
        let place = usize::try_from(approval.0).unwrap() - 1;
        let Some((at, Entry::Settled { how, by, hash: approved, until, .. })) = so_far.get(place) else {
            panic!("{approval} is no answer")
        };
        assert!(matches!(how, Some(Settlement::Approved | Settlement::Changed)), "{how:?}");
        let is_person = |by: &str| ["founder", "closer", "human"].contains(&by);
        assert!(by.as_ref().is_some_and(|by| is_person(by)), "{by:?} is no person");
        assert_eq!(approved.as_ref(), Some(hash), "the approval is of exactly this");
        assert!(approval.0 > since, "the text was changed after it was approved");
        assert!(*at <= stand.now && until.is_none_or(|until| until > stand.now), "the approval has expired");
        let used = |entry: &Entry| matches!(entry, Entry::Queued { approval: known, .. } if known == approval);
        assert!(!so_far.iter().any(|(_, entry)| used(entry)), "an approval allows one send");
    }
}

fn nothing_moves_in_a_paused_case(told: &Told<'_>) {
    let is_resumed = matches!(told.input, Input::Override { kind: Override::Resume, .. });
    if told.before.paused.is_none() || is_resumed {
        return;
    }
    let is_persons = matches!(told.input, Input::Answered { .. });
    let takes_handoff = matches!(told.input, Input::OfferAnswered { accepted: true, .. });
    for entry in told.entries {
        let moves = match entry {
            Entry::WorkAsked { .. } | Entry::Scored { .. } | Entry::Offered { .. } | Entry::Side { .. } => true,
            Entry::Queued { .. } => !is_persons,
            Entry::Started { .. } | Entry::Entered { .. } => !is_persons && !takes_handoff,
            _ => false,
        };
        assert!(!moves, "{entry:?} in a paused case, after {:?}", told.input);
    }
}

/// Something will lead a run on: time, a person, an agent, a port, an event, or whoever paused it.
fn goes_on(stand: &Stand, run: &Run) -> bool {
    let (case, id) = (&stand.case, run.id);
    let switched = stand.switches.iter().any(|what| what != "everything");
    if case.paused.is_some() || run.paused.is_some() || stand.switches.contains("everything") {
        return true;
    }
    let workflow = stand.book.program.workflows.iter().find(|workflow| workflow.name == run.workflow);
    let stage = workflow.and_then(|workflow| workflow.stages.iter().find(|stage| stage.name == run.stage));
    let by_event = match stage.map(|stage| &stage.kind) {
        Some(StageKind::Stage(body)) => body.ways.iter().any(|way| matches!(way.when, WayWhen::On(_))),
        // Where the playbook no longer has the stage, a person is asked.
        None | Some(StageKind::Handoff(_) | StageKind::End(_)) => false,
    };
    stand.wake.is_some()
        || by_event
        || switched
        || case.questions.iter().any(|asked| asked.run == Some(id))
        || case.work.iter().any(|work| work.run == id)
        || case.sends.iter().any(|send| send.run == id)
}
