//! The chain of hashes notices whatever is changed, taken away or put elsewhere; and replay, whatever else was.

use proptest::prelude::*;
use runtime::crm::Crm;
use runtime::engine::{Entry, EntryId};

use crate::stand::{Stand, ended, entered, question, queued, settled};

/// Runs with texts, questions and an end: a log with every kind of row behind it.
fn lived() -> Stand {
    let mut stand = Stand::new();
    let mut last = 0;
    for id in 1..=3 {
        let run = stand.start(id, "Generation", "event:1");
        last = run;
        stand.wait(60);
        let text = format!("Hello Person{id}");
        let message = stand.write(id, run, &text);
        let asked = stand.decide(id, |_, _| vec![question(Some(run), None, None)]).unwrap().turn.first.0;
        stand.decide(id, |_, _| vec![settled(asked, None), entered(run, Some("research"), "send")]).unwrap();
        stand.decide(id, |_, _| vec![queued(run, message, &text)]).unwrap();
    }
    let switched = Entry::Switched { what: "agent Closer".into(), paused: true, by: "founder".into(), why: None };
    stand.declare(vec![switched.into()]).unwrap();
    stand.decide(3, |_, _| vec![ended(last)]).unwrap();
    stand
}

/// Somebody with a prompt and time: no trigger stands in the way.
fn tamper(stand: &Stand, statements: &str) -> usize {
    let sql = stand.sql();
    sql.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; DROP TRIGGER log_is_consecutive; \
         DROP TRIGGER log_is_not_changed; DROP TRIGGER log_is_not_shortened; DROP TRIGGER seal_is_not_changed",
    )
    .unwrap();
    let before = sql.total_changes();
    sql.execute_batch(statements).unwrap();
    usize::try_from(sql.total_changes() - before).unwrap()
}

#[test]
fn a_log_that_nobody_touched_is_whole() {
    let stand = lived();
    let verified = stand.crm.verify().unwrap().unwrap();
    assert_eq!(verified.entries, stand.count("log"));
    assert_eq!((verified.erased, verified.clock_set_back, verified.last.len()), (0, 0, 64));
    let replayed = stand.crm.replay(&stand.zone).unwrap();
    assert_eq!((replayed.different, replayed.cases), (0, 3), "{:#?}", replayed.differences);
    assert_eq!(replayed.entries, u64::try_from(verified.entries).unwrap());
    let reading = Crm::open_to_read(stand.path(), &stand.program).unwrap();
    assert_eq!(reading.verify().unwrap().unwrap(), verified);
    assert_eq!(reading.replay(&stand.zone).unwrap(), replayed);
    assert_eq!(Stand::new().crm.verify().unwrap().unwrap().entries, 0, "an empty log is whole");
}

#[test]
fn what_was_done_to_a_log_is_said() {
    let told = [
        "UPDATE log SET entry = replace(entry, 'research', 'rejected') WHERE number = 2",
        "DELETE FROM log WHERE number = 4",
        "DELETE FROM log WHERE number = (SELECT max(number) FROM log)",
        "UPDATE seal SET body = 'Hello You' WHERE number = (SELECT min(number) FROM seal)",
        "DELETE FROM seal WHERE number = (SELECT max(number) FROM seal)",
        "UPDATE log SET number = -1 WHERE number = 5; UPDATE log SET number = 5 WHERE number = 6; UPDATE log SET number = 6 WHERE number = -1",
        "INSERT INTO seal (number, salt, body) VALUES (1, zeroblob(32), 'x')",
    ];
    let mut all = String::new();
    for statement in told {
        let stand = lived();
        assert!(tamper(&stand, statement) > 0, "{statement}");
        all.push_str(&format!("{statement}\n    {}\n", stand.crm.verify().unwrap().unwrap_err()));
    }
    insta::assert_snapshot!(all, @r"
    UPDATE log SET entry = replace(entry, 'research', 'rejected') WHERE number = 2
        the log is broken at entry 2: it was changed
    DELETE FROM log WHERE number = 4
        the log is broken at entry 4: it is missing
    DELETE FROM log WHERE number = (SELECT max(number) FROM log)
        the log is broken at entry 26: the log should end with entry 26 and ends with 25
    UPDATE seal SET body = 'Hello You' WHERE number = (SELECT min(number) FROM seal)
        the log is broken at entry 4: what is sealed for it was changed
    DELETE FROM seal WHERE number = (SELECT max(number) FROM seal)
        the log is broken at entry 20: what was sealed for it is missing, and the person was not erased
    UPDATE log SET number = -1 WHERE number = 5; UPDATE log SET number = 5 WHERE number = 6; UPDATE log SET number = 6 WHERE number = -1
        the log is broken at entry 5: it does not follow the entry before it
    INSERT INTO seal (number, salt, body) VALUES (1, zeroblob(32), 'x')
        the log is broken at entry 1: something is sealed for it, and it says that nothing is
    ");
}

#[test]
fn what_differs_from_the_log_is_said() {
    let mut all = String::new();
    for statement in [
        "UPDATE run SET stage = 'won' WHERE number = 1",
        "DELETE FROM question WHERE number = (SELECT min(number) FROM question)",
        "INSERT INTO metric SELECT 999, run, workflow, from_stage, to_stage, agent, entered, left, seconds, week FROM metric LIMIT 1",
        "UPDATE case_file SET body = replace(body, '\"stage\":\"send\"', '\"stage\":\"research\"') WHERE record = 1",
        "UPDATE case_file SET body = '{' WHERE record = 2",
        "DELETE FROM case_file WHERE record = 1",
        "UPDATE outbox SET state = 'done', ready = NULL WHERE number = (SELECT max(number) FROM outbox)",
        "DELETE FROM switch",
        "UPDATE message SET hash = 'abc' WHERE number = (SELECT min(number) FROM message)",
    ] {
        let stand = lived();
        assert!(tamper(&stand, statement) > 0, "{statement}");
        let replayed = stand.crm.replay(&stand.zone).unwrap();
        all.push_str(&format!("{statement}\n"));
        for difference in replayed.differences {
            all.push_str(&format!("    {}: {}\n", difference.what, difference.how));
        }
        assert!(stand.crm.verify().unwrap().is_ok(), "the log itself is whole");
    }
    insta::assert_snapshot!(all, @r#"
    UPDATE run SET stage = 'won' WHERE number = 1
        run 1: stage is `won`, and the log says `send`
    DELETE FROM question WHERE number = (SELECT min(number) FROM question)
        question 5: it is missing
    INSERT INTO metric SELECT 999, run, workflow, from_stage, to_stage, agent, entered, left, seconds, week FROM metric LIMIT 1
        metric 999: the log knows nothing of it
    UPDATE case_file SET body = replace(body, '"stage":"send"', '"stage":"research"') WHERE record = 1
        the case of Contact 1: runs differ from what its entries fold to
    UPDATE case_file SET body = '{' WHERE record = 2
        the case of Contact 2: it cannot be read: EOF while parsing an object at line 1 column 1
    DELETE FROM case_file WHERE record = 1
        the case of Contact 1: runs, sends, lineage differ from what its entries fold to
    UPDATE outbox SET state = 'done', ready = NULL WHERE number = (SELECT max(number) FROM outbox)
        outbox 24: settled is `1`, and the log says `0`
    DELETE FROM switch
        switch agent Closer: it is missing
    UPDATE message SET hash = 'abc' WHERE number = (SELECT min(number) FROM message)
        message 4: hash is `abc`, and the log says `340586c846b44de2c44daff855e1ca6a26ee9d60850ce4aee3e023d9fd0d3d62`
    "#);
}

/// The quick look sees what is changed or lost among the last entries, and says nothing of those before them.
#[test]
fn the_end_of_the_log_is_looked_at_quickly() {
    assert_eq!(lived().crm.verify_last(5).unwrap(), Ok(()));
    assert_eq!(lived().crm.verify_last(1_000).unwrap(), Ok(()));
    assert_eq!(Stand::new().crm.verify_last(5).unwrap(), Ok(()));
    let found = |change: &str, entries: i64| {
        let stand = lived();
        tamper(&stand, change);
        stand.crm.verify_last(entries).unwrap().err().map(|broken| broken.number.0)
    };
    let last = lived().count("log");
    let changed = format!("UPDATE log SET entry = replace(entry, ':', ': ') WHERE number = {}", last - 4);
    assert_eq!((found(&changed, 5), found(&changed, 1_000)), (Some(last - 4), Some(last - 4)));
    assert_eq!(found(&changed, 4), None, "it is not among the last four");
    let lost = format!("DELETE FROM log WHERE number = {last}");
    assert_eq!((found(&lost, 5), found(&lost, 1_000)), (Some(last), Some(last)));
    assert_eq!(found(&format!("DELETE FROM log WHERE number = {}", last - 2), 5), Some(last - 2));
    assert_eq!(found("DELETE FROM log", 5), Some(last - 5));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_cell_is_noticed(number in 1_i64..=24, column in 0_usize..9, bump in 1_i64..1000, place in 0_usize..400) {
        let stand = lived();
        let name = ["number", "at", "clock", "entity", "record", "entry", "seal", "previous", "hash"][column];
        let sql = stand.sql();
        let read = format!("SELECT {name} FROM log WHERE number = ?1");
        let old: rusqlite::types::Value = sql.query_row(&read, [number], |row| row.get(0)).unwrap();
        let flip = |mut bytes: Vec<u8>| { let at = place % bytes.len(); bytes[at] ^= 1; bytes };
        let new = match &old {
            rusqlite::types::Value::Null => rusqlite::types::Value::Integer(bump),
            rusqlite::types::Value::Integer(old) => rusqlite::types::Value::Integer(old + bump),
            rusqlite::types::Value::Text(text) => {
                rusqlite::types::Value::Text(String::from_utf8(flip(text.clone().into_bytes())).unwrap())
            }
            rusqlite::types::Value::Blob(bytes) => rusqlite::types::Value::Blob(flip(bytes.clone())),
            other => other.clone(),
        };
        drop(sql);
        tamper(&stand, "SELECT 1");
        // A cell that the column's type, or a number that another entry has, keeps out cannot be written in the first place.
        let update = format!("UPDATE log SET {name} = ?2 WHERE number = ?1");
        let sql = stand.sql();
        sql.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        if sql.execute(&update, (number, &new)).is_ok() {
            let broken = stand.crm.verify().unwrap();
            prop_assert!(broken.is_err(), "{name} of {number}: {old:?} became {new:?}");
        }
    }

    #[test]
    fn any_lost_or_exchanged_entry_is_noticed(one in 1_i64..=24, other in 1_i64..=24, lost in any::<bool>()) {
        let stand = lived();
        if lost {
            tamper(&stand, &format!("DELETE FROM log WHERE number = {one}"));
        } else {
            prop_assume!(one != other);
            tamper(&stand, &format!(
                "UPDATE log SET number = -1 WHERE number = {one}; UPDATE log SET number = {one} WHERE number = {other}; \
                 UPDATE log SET number = {other} WHERE number = -1"
            ));
        }
        prop_assert!(stand.crm.verify().unwrap().is_err());
    }

    /// Whatever entries come, in whatever order, state is their fold; what does not fit is refused and leaves nothing.
    #[test]
    fn replay_gives_the_state_whatever_was_decided(acts in proptest::collection::vec((0_u8..12, 1_i64..4, 0_usize..5), 1..60)) {
        let mut stand = Stand::new();
        let (mut runs, mut works, mut messages, mut questions, mut sends) = (vec![], vec![], vec![], vec![], vec![]);
        for (step, (act, id, pick)) in acts.into_iter().enumerate() {
            stand.wait(i64::try_from(pick).unwrap() * 7 - 3);
            let of = |list: &Vec<i64>| list.iter().rev().nth(pick).copied().unwrap_or(1);
            let (run, work, message, asked, send) =
                (of(&runs), of(&works), of(&messages), of(&questions), of(&sends));
            let next = stand.crm.next_entry().unwrap().0;
            let trigger = format!("event:{}", step / 3);
            let done = stand.decide(id, |_, _| match act {
                0 | 1 => vec![crate::stand::started(id, "Generation", &trigger), entered(next, None, "research")],
                2 => vec![entered(run, Some("research"), "send")],
                3 => vec![crate::stand::asked_for(run, "Writer", "write")],
                4 => vec![crate::stand::wrote(work, "Hello")],
                5 => vec![question(Some(run), None, Some("2026-12-01T00:00:00Z".parse().unwrap()))],
                6 => vec![settled(asked, Some(compiler::program::Settlement::Approved))],
                7 => vec![queued(run, message, "Hello")],
                8 => vec![Entry::Delivered { send: EntryId(send) }.into()],
                9 => vec![Entry::Undelivered { send: EntryId(send), why: "no".into(), uncertain: pick == 0 }.into()],
                10 => vec![ended(run)],
                _ => vec![Entry::Overridden { how: runtime::engine::Override::Pause, run: None, by: "founder".into() }.into()],
            });
            if done.is_ok() {
                match act {
                    0 | 1 => runs.push(next),
                    3 => works.push(next),
                    4 => messages.push(next),
                    5 => questions.push(next),
                    7 => sends.push(next),
                    _ => {}
                }
            } else {
                prop_assert_eq!(stand.crm.next_entry().unwrap().0, next);
            }
        }
        prop_assert!(stand.crm.verify().unwrap().is_ok());
        let replayed = stand.crm.replay(&stand.zone).unwrap();
        prop_assert_eq!(replayed.differences, vec![]);
    }
}
