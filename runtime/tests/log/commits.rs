//! One decision, one transaction: kept whole or not at all, by one process at a time, in one unbroken order.

use runtime::crm::log::{Change, Decision, LogError, Means, Raised, Seeded};
use runtime::crm::{Crm, CrmError, RecordId};
use runtime::engine::{Entry, EntryId, apply};

use crate::stand::{NOW, Stand, asked_for, contact, ended, entered, question, queued, settled, started, wrote, zone};

#[test]
fn a_decision_is_its_entries_their_fold_and_the_rows_that_follow() {
    let mut stand = Stand::new();
    let run = stand.start(4, "Generation", "event:17");
    stand.wait(90);
    let done = stand.decide(4, |_, standing| {
        assert_eq!((standing.revision, standing.case.runs.len()), (1, 1));
        vec![entered(run, Some("research"), "draft")]
    });
    let done = done.unwrap();
    let case = done.case.unwrap();
    assert_eq!((done.turn.first, done.entries, case.revision), (EntryId(3), 1, 2));
    assert_eq!(stand.crm.case(&contact(4)).unwrap(), case, "what was told is what is kept");
    assert_eq!(stand.crm.next_entry().unwrap(), EntryId(4));

    let mut folded = runtime::engine::Case::new(contact(4));
    for row in stand.rows("SELECT number, at, entry FROM log ORDER BY number") {
        let mut cells = row.splitn(3, '|');
        let (number, at) = (cells.next().unwrap().parse().unwrap(), cells.next().unwrap().parse().unwrap());
        let entry: Entry = serde_json::from_str(cells.next().unwrap()).unwrap();
        apply(&mut folded, EntryId(number), jiff::Timestamp::from_microsecond(at).unwrap(), &entry);
    }
    assert_eq!(folded, case.case);
    assert_eq!(
        stand.rows("SELECT number, workflow, record, \"trigger\", stage, ended FROM run"),
        ["1|Generation|4|event:17|draft|-"]
    );
    assert_eq!(
        stand.rows("SELECT number, workflow, from_stage, to_stage, agent, seconds, week FROM metric"),
        // It is Monday the 30th in UTC, and in Auckland as well.
        ["2|Generation|-|research|LeadGen|0|2026-W49", "3|Generation|research|draft|LeadGen|90|2026-W49"]
    );
}

#[test]
fn what_work_questions_and_sends_leave_behind() {
    let mut stand = Stand::new();
    let run = stand.start(2, "Generation", "event:1");
    let message = stand.write(2, run, "Hello Person2");
    assert_eq!(stand.crm.message_text(EntryId(message)).unwrap().as_deref(), Some("Hello Person2"));
    let change = Entry::Rewritten { message: EntryId(message), hash: crate::stand::hash("Hi"), by: "founder".into() };
    let change = runtime::crm::log::Sealed { entry: change, body: Some("Hi".into()) };
    let asked = stand.decide(2, |_, _| vec![question(Some(run), Some("founder"), None), change]).unwrap().turn.first.0;
    assert_eq!(stand.crm.message_text(EntryId(message)).unwrap().as_deref(), Some("Hi"));
    assert_eq!(stand.crm.sealed(EntryId(message)).unwrap().as_deref(), Some("Hello Person2"), "as it was first");
    let approved = Some(compiler::program::Settlement::Approved);
    let send =
        stand.decide(2, |_, _| vec![settled(asked, approved), queued(run, message, "Hi")]).unwrap().turn.first.0 + 1;
    stand.decide(2, |_, _| vec![Entry::Delivered { send: EntryId(send) }.into(), ended(run)]).unwrap();
    assert_eq!(
        stand.rows("SELECT number, run, whom, how, who, settled FROM question"),
        [format!("{asked}|{run}|founder|approved|founder|{}", send - 1)]
    );
    let delivered = send + 1;
    assert_eq!(
        stand.rows("SELECT number, version, text, sent FROM message"),
        [format!("{message}|2|{}|{delivered}", asked + 1)]
    );
    assert_eq!(
        stand.rows("SELECT kind, agent, channel, state FROM outbox ORDER BY number"),
        ["work|Writer|-|done", "send|Writer|email|done"]
    );
    assert_eq!(stand.rows("SELECT outcome FROM run"), ["won"]);
}

#[test]
fn nothing_starts_twice_and_no_workflow_is_at_work_twice() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:17");
    let twice = stand.decide(1, |_, _| vec![started(1, "Generation", "event:18")]).unwrap_err();
    assert!(matches!(twice, LogError::AlreadyRunning { .. }), "{twice}");
    stand.decide(1, |_, _| vec![ended(run)]).unwrap();
    let again = stand.decide(1, |_, _| vec![started(1, "Generation", "event:17")]).unwrap_err();
    insta::assert_snapshot!(again, @"`event:17` has started `Generation` for Contact 1 already, and nothing starts twice");
    assert!(matches!(again, LogError::AlreadyStarted { .. }), "{again}");
    assert!(stand.crm.has_started("Generation", "event:17", &contact(1)).unwrap());
    assert_eq!((stand.count("log"), stand.count("run")), (3, 1), "what was refused left nothing");
    // Another workflow, another record, another trigger are other runs.
    stand.start(1, "Qualification", "event:17");
    stand.start(2, "Generation", "schedule:0:2026-11-30T08:00");
    stand.start(1, "Generation", "schedule:0:2026-11-30T08:00");
}

#[test]
fn entries_about_what_is_not_there_are_refused_and_leave_nothing() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:17");
    let before = (stand.count("log"), stand.rows("SELECT * FROM case_file"));
    let wrong = [
        entered(99, None, "draft"),
        ended(99),
        settled(run, None),
        wrote(run, "text"),
        Entry::Delivered { send: EntryId(run) }.into(),
        Entry::Reminded { question: EntryId(run), next: None }.into(),
        Entry::WorkFailed { work: EntryId(run), why: "no".into() }.into(),
    ];
    for entry in wrong {
        let error = stand.decide(1, |_, _| vec![asked_for(run, "Writer", "write"), entry.clone()]).unwrap_err();
        assert!(matches!(error, LogError::NotThere { .. }), "{entry:?}: {error}");
        assert_eq!((stand.count("log"), stand.rows("SELECT * FROM case_file")), before);
        assert_eq!(stand.count("outbox"), 0);
    }
    // A run of somebody else is not there either.
    for entry in [entered(run, None, "draft"), moved(run)] {
        let error = stand.decide(2, |_, _| vec![entry]).unwrap_err();
        assert!(matches!(error, LogError::NotThere { what: "run", .. }), "{error}");
    }
    let nobody = stand.declare(vec![started(1, "Generation", "event:18")]).unwrap_err();
    assert!(matches!(nobody, LogError::NoCase { .. }), "{nobody}");
    // The log goes on where it was.
    assert_eq!(stand.decide(1, |_, _| vec![ended(run)]).unwrap().turn.first, EntryId(3));
}

fn moved(run: i64) -> runtime::crm::log::Sealed {
    let (workflow, version) = ("Other".into(), "v2".into());
    Entry::Moved { run: EntryId(run), workflow, version, by: "founder".into() }.into()
}

#[test]
fn of_two_processes_that_decide_from_the_same_case_one_decides_again() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:17");
    let mut other = Crm::open(stand.path(), &stand.program).unwrap();
    let (standing, first) = (other.case(&contact(1)).unwrap(), other.next_entry().unwrap());
    stand.decide(1, |_, _| vec![entered(run, Some("research"), "draft")]).unwrap();

    let (zone, mut salts) = (zone(), Seeded::new(2));
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut salts };
    let decision = || Decision { entries: vec![ended(run)], ..Decision::default() };
    let stale = Change { standing, first, decision: decision() };
    let error = other.commit(stale, &mut means).unwrap_err();
    assert!(matches!(error, LogError::Conflict { .. }), "{error}");
    // The case is as it was, but the number is taken.
    let elsewhere = Change { standing: other.case(&contact(1)).unwrap(), first, decision: decision() };
    let error = other.commit(elsewhere, &mut means).unwrap_err();
    assert!(matches!(error, LogError::Overtaken { wanted: EntryId(3), next: EntryId(4) }), "{error}");
    let (standing, first) = (other.case(&contact(1)).unwrap(), other.next_entry().unwrap());
    let done = other.commit(Change { standing, first, decision: decision() }, &mut means).unwrap();
    assert_eq!(done.turn.first, EntryId(4));
    assert_eq!(stand.crm.case(&contact(1)).unwrap(), done.case.unwrap());
}

#[test]
fn a_clock_that_is_set_back_is_lifted_and_seen() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:17");
    stand.wait(-3600);
    let done = stand.decide(1, |_, _| vec![entered(run, Some("research"), "draft")]).unwrap();
    assert!(done.clock_set_back);
    assert_eq!(done.turn.now, NOW.parse().unwrap());
    assert_eq!(stand.rows("SELECT (at - clock) / 1000000 FROM log WHERE clock IS NOT NULL"), ["3600"]);
    stand.wait(3601);
    let done = stand.decide(1, |_, _| vec![ended(run)]).unwrap();
    assert!(!done.clock_set_back && done.turn.now == stand.now);
}

#[test]
fn the_log_is_neither_changed_nor_shortened_nor_replaced() {
    let mut stand = Stand::new();
    stand.start(1, "Generation", "event:17");
    let sql = stand.sql();
    for (wrong, told) in [
        ("UPDATE log SET at = at + 1", "the log is not changed"),
        ("DELETE FROM log WHERE number = 2", "nothing is taken from the log"),
        ("INSERT OR REPLACE INTO log SELECT * FROM log WHERE number = 2", "has no gaps, and nothing in it is replaced"),
        (
            "INSERT INTO log (number, at, entry, previous, hash) VALUES (9, 0, '{}', zeroblob(32), zeroblob(32))",
            "has no gaps",
        ),
    ] {
        let error = sql.execute(wrong, []).unwrap_err().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
    assert_eq!(stand.count("log"), 2);
}

#[test]
fn cases_are_woken_in_time_order() {
    let mut stand = Stand::new();
    for (id, minutes) in [(1, 30), (2, 10), (3, 20), (4, 90)] {
        let run = stand.start(id, "Generation", "event:1");
        let until = stand.now + jiff::SignedDuration::from_mins(minutes);
        let held = Entry::Held { run: EntryId(run), until, why: "quiet hours".into() };
        stand.decide(id, |_, _| vec![held.into()]).unwrap();
    }
    let start: jiff::Timestamp = NOW.parse().unwrap();
    assert_eq!(stand.crm.next_wake().unwrap(), Some(start + jiff::SignedDuration::from_mins(10)));
    let due = |minutes: i64, limit: u32| -> Vec<i64> {
        let then = start + jiff::SignedDuration::from_mins(minutes);
        stand.crm.due(then, limit).unwrap().into_iter().map(|due| due.record.id).collect()
    };
    assert_eq!(due(9, 10), Vec::<i64>::new());
    assert_eq!(due(30, 10), [2, 3, 1]);
    assert_eq!(due(30, 2), [2, 3]);
}

#[test]
fn nobody_is_woken_a_part_of_a_microsecond_too_early() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let until: jiff::Timestamp = "2026-11-30T09:00:00.000000001Z".parse().unwrap();
    stand.decide(1, |_, _| vec![Entry::Held { run: EntryId(run), until, why: "later".into() }.into()]).unwrap();
    assert!(stand.crm.due("2026-11-30T09:00:00Z".parse().unwrap(), 1).unwrap().is_empty());
    assert_eq!(stand.crm.due("2026-11-30T09:00:00.000001Z".parse().unwrap(), 1).unwrap().len(), 1);
}

#[test]
fn events_and_cursors_are_part_of_the_decision() {
    let mut stand = Stand::new();
    let (zone, now) = (zone(), stand.now);
    let raised = |event: &str| Raised {
        contact: RecordId(3),
        event: event.into(),
        at: now,
        facts: Some("{\"channel\":\"email\"}".into()),
        external_id: Some(format!("entry:{event}")),
    };
    let mut means = Means { now, zone: &zone, randomness: &mut stand.salts };
    let done = stand.crm.decide(&contact(3), &mut means, |_, _, _| {
        let entries = vec![started(3, "Generation", "event:1")];
        let raised = vec![raised("outreach.sent"), raised("email.sent")];
        Ok::<_, LogError>(Decision { entries, raised, seen: vec![("events".into(), 7)], ..Decision::default() })
    });
    assert_eq!(done.unwrap().events, [1, 2]);
    assert_eq!(stand.crm.cursor("events").unwrap(), 7);
    // The same event again is refused, and takes the rest of the decision with it.
    let again = stand.crm.decide(&contact(3), &mut means, |_, _, _| {
        let raised = vec![raised("email.sent")];
        let entries = vec![started(3, "Other", "event:1")];
        Ok::<_, LogError>(Decision { entries, raised, ..Decision::default() })
    });
    assert!(again.is_err());
    assert_eq!((stand.count("log"), stand.count("event"), stand.count("run")), (1, 2, 1));
    assert_eq!(stand.rows("SELECT id FROM next_event"), ["3"]);
}

#[test]
fn one_refused_decision_leaves_the_rest_of_the_group() {
    let mut stand = Stand::new();
    let zone = zone();
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut stand.salts };
    let mut group = stand.crm.group().unwrap();
    let mut decide = |id: i64, trigger: &str| {
        group.decide(&contact(id), &mut means, |_, _, _| {
            let entries = vec![started(id, "Generation", trigger)];
            Ok::<_, LogError>(Decision { entries, ..Decision::default() })
        })
    };
    assert_eq!(decide(1, "event:1").unwrap().turn.first, EntryId(1));
    assert!(decide(1, "event:2").is_err());
    assert_eq!(decide(2, "event:3").unwrap().turn.first, EntryId(2));
    let path = group.crm().path().to_path_buf();
    let seen = rusqlite::Connection::open(&path).unwrap();
    let count = |sql: &str| -> i64 { seen.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("SELECT count(*) FROM log"), 0, "nothing is kept before the group is finished");
    group.finish().unwrap();
    assert_eq!(count("SELECT count(*) FROM log"), 2);
    // A group that is dropped has never been.
    let mut group = stand.crm.group().unwrap();
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut stand.salts };
    group.declare(&Decision { entries: vec![question(None, None, None)], ..Decision::default() }, &mut means).unwrap();
    drop(group);
    assert_eq!(count("SELECT count(*) FROM log"), 2);
    assert_eq!(stand.crm.next_entry().unwrap(), EntryId(3));
}

#[test]
fn a_file_that_somebody_changed_by_hand_takes_the_whole_group_back() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    stand.sql().execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM run; DELETE FROM metric").unwrap();
    let (zone, now) = (zone(), stand.now);
    let mut means = Means { now, zone: &zone, randomness: &mut stand.salts };
    let mut group = stand.crm.group().unwrap();
    let mut decide = |id: i64, entries: Vec<runtime::crm::log::Sealed>| {
        group.decide(&contact(id), &mut means, |_, standing, turn| {
            Ok::<_, LogError>(crate::stand::decision(standing, turn, entries))
        })
    };
    decide(2, vec![started(2, "Generation", "event:2")]).unwrap();
    // The case has the run, so that nobody expects it to be refused.
    let error = decide(1, vec![entered(run, Some("research"), "draft")]).unwrap_err();
    assert!(matches!(error, LogError::NotThere { what: "run", .. }), "{error}");
    let after = decide(3, vec![started(3, "Generation", "event:3")]).unwrap_err();
    assert!(matches!(&after, LogError::NotKept { why } if *why == error.to_string()), "{after}");
    assert!(matches!(group.finish().unwrap_err(), LogError::NotKept { .. }));
    assert_eq!((stand.count("log"), stand.count("run"), stand.count("case_file")), (2, 0, 1));
    assert_eq!(stand.start(4, "Generation", "event:4"), 3, "the next one goes on where the log was");
}

#[test]
fn a_locked_file_and_a_full_disk_leave_nothing_half_done() {
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let before = (stand.rows("SELECT * FROM log"), stand.rows("SELECT * FROM case_file"));
    let other = stand.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = stand.decide(1, |_, _| vec![ended(run)]).unwrap_err();
    assert!(matches!(error, LogError::Crm(CrmError::Locked { .. })), "{error}");
    other.execute_batch("ROLLBACK").unwrap();

    let pages: i64 = other.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    stand.crm.limit_pages(pages + 1).unwrap();
    let long = "words ".repeat(5_000);
    let full =
        |stand: &mut Stand| stand.decide(1, |first, _| vec![asked_for(run, "Writer", "write"), wrote(first, &long)]);
    let error = full(&mut stand).unwrap_err();
    assert!(matches!(error, LogError::Crm(CrmError::Full { .. })), "{error}");
    assert_eq!((stand.rows("SELECT * FROM log"), stand.rows("SELECT * FROM case_file")), before);
    assert_eq!((stand.count("seal"), stand.count("outbox"), stand.count("message")), (0, 0, 0));
    stand.crm.limit_pages(i64::from(u32::MAX) - 2).unwrap();
    assert_eq!(full(&mut stand).unwrap().turn.first, EntryId(3));
    assert_eq!(stand.rows("PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn what_was_paused_by_itself_stays_so_when_all_of_the_contact_goes_on() {
    let overridden = |how, run: Option<i64>| -> runtime::crm::log::Sealed {
        Entry::Overridden { how, run: run.map(EntryId), by: "founder".into() }.into()
    };
    use runtime::engine::Override::{Pause, Resume};
    let mut stand = Stand::new();
    let run = stand.start(1, "Generation", "event:1");
    let other = stand.start(1, "Qualification", "event:1");
    for how in [(Pause, Some(run)), (Pause, None), (Resume, None)] {
        stand.decide(1, |_, _| vec![overridden(how.0, how.1)]).unwrap();
    }
    let paused = "SELECT number, paused FROM run ORDER BY number";
    assert_eq!(stand.rows(paused), [format!("{run}|founder"), format!("{other}|-")]);
    let case = stand.crm.case(&contact(1)).unwrap().case;
    assert!(case.paused.is_none() && case.run(EntryId(run)).unwrap().paused.is_some());
    // Work of the one is still not taken.
    stand.decide(1, |_, _| vec![asked_for(run, "Writer", "write"), asked_for(other, "Writer", "write")]).unwrap();
    let claimant =
        runtime::crm::log::Claimant { holder: "one", now: stand.now, lease: jiff::SignedDuration::from_secs(9) };
    let taken: Vec<_> = stand.crm.claim_outbox(claimant, 9).unwrap().into_iter().map(|effect| effect.run.0).collect();
    assert_eq!(taken, [other]);
    assert_eq!(stand.crm.replay(&zone()).unwrap().differences, []);
}
