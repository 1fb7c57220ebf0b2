//! The built-in workers: what they find, write, hear and propose, and what they say where they cannot.

use std::path::Path;

use compiler::program::{Type, Value};
use jiff::civil::date;
use proptest::prelude::*;
use runtime::agents::builtin::{BuiltIn, Notes};
use runtime::agents::{Assignment, Busy, Outcome, Part, Phrases, PhrasesKind, PortErrorKind, Task, Wanted, occurs};

use super::stand::{assignment, fact, instant, literal, research, schedule, text, write};

fn notes() -> Notes {
    Notes::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ports/notes"))
}

fn outcome(assignment: &Assignment) -> Outcome {
    BuiltIn::new(Some(notes())).outcome(assignment).unwrap()
}

#[test]
fn research_reports_what_sources_say_and_guesses_nothing() {
    let wanted = [
        ("company.industry", Type::OneOf(vec!["construction".into(), "retail".into()])),
        ("company.revenue", Type::Money),
        ("company.tools", Type::List(Box::new(Type::Text))),
        ("company.employees", Type::Number),
        ("company.founded", Type::Number),
        ("company.country", Type::Text),
    ];
    insta::assert_json_snapshot!(outcome(&assignment(research(&wanted))));
}

#[test]
fn research_without_notes_has_the_crm_alone_and_makes_nothing_younger() {
    let asked = assignment(research(&[("company.employees", Type::Number), ("company.revenue", Type::Money)]));
    for worker in [BuiltIn::new(None), BuiltIn::new(Some(Notes::new("no/such/folder".into())))] {
        let outcome = worker.outcome(&asked).unwrap();
        assert_eq!(outcome.found.len(), 1);
        assert_eq!(outcome.found[0].observed, Some(instant("2026-03-01T00:00:00Z")));
        assert_eq!(outcome.open[0].what, "company.revenue");
    }
}

#[test]
fn notes_that_cannot_be_read_are_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("acme.example.md"), b"industry: Caf\xe9").unwrap();
    let asked = assignment(research(&[("company.industry", Type::Text)]));
    let error = BuiltIn::new(Some(Notes::new(folder.path().to_owned()))).outcome(&asked).unwrap_err();
    assert_eq!(error.to_string(), "the research note `acme.example.md` is not UTF-8: save it so");
}

#[test]
fn drafts_are_filled_and_each_fact_is_a_claim() {
    let task = write(
        vec![fact("company.name", Some("Your team")), literal(": bids\n without the weekend")],
        vec![
            literal("Hi "),
            fact("contact.first_name", Some("there")),
            literal(",\n\n"),
            fact("company.employees", None),
            literal(" people, and "),
            fact("company.tools", Some("no tool")),
            literal("?\n\n"),
            Part::Sender { field: "first_name".into(), otherwise: None },
            literal(" of "),
            Part::Client,
        ],
    );
    insta::assert_json_snapshot!(outcome(&assignment(task)).draft);
}

#[test]
fn a_missing_fact_is_an_error_with_its_name() {
    let task = write(Vec::new(), vec![fact("company.industry", None)]);
    let error = BuiltIn::default().outcome(&assignment(task)).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Refused);
    insta::assert_snapshot!(error, @"`company.industry` is missing and the template says nothing for that case: fill it in, or write `{company.industry else \"…\"}`");
}

fn listening() -> Task {
    let set = |name: &str, kind, texts: &[&str]| Phrases {
        name: name.into(),
        kind,
        texts: texts.iter().map(|text| (*text).into()).collect(),
    };
    Task::Analyse {
        phrases: vec![
            set("bid_pain", PhrasesKind::Said, &["copy and paste", "lost bids"]),
            set("timing", PhrasesKind::Objection, &["not this quarter", "maybe later"]),
            set("brush_off", PhrasesKind::HiddenObjection, &["send me something"]),
        ],
    }
}

#[test]
fn conversations_are_analysed_by_phrases_and_only_theirs() {
    insta::assert_json_snapshot!(outcome(&assignment(listening())).insights);
}

#[test]
fn silence_is_said_to_be_silence() {
    let mut asked = assignment(listening());
    asked.conversations.clear();
    assert_eq!(outcome(&asked).open[0].why, "they have said nothing that is on record");
}

proptest! {
    /// Whatever they say, however long the sentence: each quote is in what was said.
    #[test]
    fn quotes_occur_in_the_source(before in "(?s).{0,400}", after in "(?s).{0,400}") {
        let mut asked = assignment(listening());
        asked.conversations.truncate(2);
        asked.conversations[1].text = format!("{before} copy and\tpaste {after}").into();
        for insight in outcome(&asked).insights {
            prop_assert!(occurs(&insight.quote, &asked.conversations[1].text), "{:?}", insight.quote);
        }
    }
}

#[test]
fn where_a_contact_stands_is_what_the_playbook_says_and_rests_on_it() {
    let stage = Wanted { path: "contact.lifecycle_stage".into(), ty: Type::OneOf(vec!["customer".into()]) };
    let marked = outcome(&assignment(Task::Mark { stage, word: "customer".into() }));
    let [found] = marked.found.as_slice() else { panic!("{marked:?}") };
    assert_eq!((found.path.as_str(), &found.value), ("contact.lifecycle_stage", &Value::Text("customer".into())));
    assert_eq!((found.evidence[0].source.as_str(), found.evidence[0].quote.as_str()), ("playbook", "mark customer"));
}

fn proposed(asked: &Assignment) -> Vec<String> {
    outcome(asked)
        .proposal
        .map(|proposal| proposal.slots.into_iter().map(|slot| slot.words).collect())
        .unwrap_or_default()
}

#[test]
fn proposals_are_free_times_inside_the_hours() {
    let mut asked = assignment(schedule(45, 5, "2026-11-30T20:10:00Z"));
    let Task::Schedule { busy, holidays, .. } = &mut asked.task else { panic!("it is to be scheduled") };
    busy.push(Busy { from: instant("2026-11-30T21:00:00Z"), to: instant("2026-12-01T03:15:00Z") });
    holidays.push(date(2026, 12, 3));
    insta::assert_snapshot!(proposed(&asked).join("\n"));
}

#[test]
fn the_clock_may_change_on_the_way() {
    // In Auckland the clock goes from 02:00 to 03:00 on 27 September 2026, and the hours here begin at night.
    let mut asked = assignment(schedule(60, 3, "2026-09-26T12:00:00Z"));
    asked.now = instant("2026-09-26T12:00:00Z");
    let Task::Schedule { hours, .. } = &mut asked.task else { panic!("it is to be scheduled") };
    hours.days = [true; 7];
    hours.from = jiff::civil::time(1, 30, 0, 0);
    hours.to = jiff::civil::time(5, 0, 0, 0);
    insta::assert_snapshot!(proposed(&asked).join("\n"));
}

#[test]
fn no_time_is_said_and_no_zone_is_refused() {
    let mut asked = assignment(schedule(600, 3, "2026-11-30T20:10:00Z"));
    assert_eq!(outcome(&asked).open[0].why, "no 600 minutes are free within 60 days");
    let Task::Schedule { zone, .. } = &mut asked.task else { panic!("it is to be scheduled") };
    *zone = "Mars/Olympus".into();
    let error = BuiltIn::default().outcome(&asked).unwrap_err();
    assert_eq!(error.to_string(), "there is no zone `Mars/Olympus`: name one of IANA's, `Europe/Berlin`");
}

proptest! {
    /// Against the plain rule: inside the hours, ahead of now, beside what is taken, in order and apart.
    #[test]
    fn slots_keep_every_rule(
        starts in proptest::collection::vec(0_i64..14 * 24 * 60, 0..30),
        minutes in 5_u32..200,
        ahead in 0_i64..300 * 24,
    ) {
        let now = instant("2026-01-01T00:00:00Z") + jiff::SignedDuration::from_hours(ahead);
        let taken: Vec<Busy> = starts
            .iter()
            .map(|start| now + jiff::SignedDuration::from_mins(*start))
            .map(|from| Busy { from, to: from + jiff::SignedDuration::from_mins(95) })
            .collect();
        let mut asked = assignment(schedule(minutes, 8, "2026-01-01T00:00:00Z"));
        asked.now = now;
        let Task::Schedule { busy, .. } = &mut asked.task else { panic!("it is to be scheduled") };
        busy.clone_from(&taken);
        let slots = outcome(&asked).proposal.unwrap().slots;
        prop_assert_eq!(slots.len(), 8);
        for slot in &slots {
            prop_assert!(slot.from >= now);
            prop_assert_eq!(slot.to.duration_since(slot.from), jiff::SignedDuration::from_mins(i64::from(minutes)));
            prop_assert!(taken.iter().all(|busy| slot.to <= busy.from || busy.to <= slot.from));
            let (from, to) = (local(slot.from), local(slot.to));
            prop_assert!(from.weekday().to_monday_zero_offset() < 5);
            prop_assert_eq!(from.date(), to.date());
            prop_assert!(from.time() >= jiff::civil::time(9, 0, 0, 0) && to.time() <= jiff::civil::time(17, 0, 0, 0));
        }
        prop_assert!(slots.windows(2).all(|pair| pair[0].to <= pair[1].from));
    }
}

fn local(at: jiff::Timestamp) -> jiff::Zoned {
    at.in_tz("Pacific/Auckland").unwrap()
}

#[test]
fn an_assignment_survives_being_stored() {
    for task in [listening(), schedule(30, 2, "2026-11-30T20:10:00Z"), research(&[("company.revenue", Type::Money)])] {
        let mut asked = assignment(task);
        asked.facts.push(text("company.tools", "Procore"));
        let stored = serde_json::to_string(&asked).unwrap();
        assert_eq!(serde_json::from_str::<Assignment>(&stored).unwrap(), asked);
        let done = outcome(&asked);
        let stored = serde_json::to_string(&done).unwrap();
        assert_eq!(serde_json::from_str::<Outcome>(&stored).unwrap(), done);
    }
}
