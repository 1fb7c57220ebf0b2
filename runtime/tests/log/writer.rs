//! A thread that writes for many: one flush for all that is asked at once, and nobody is told before it.

use runtime::crm::log::{Decision, LogError, LogWriter, Means, Seeded};
use runtime::engine::EntryId;

use crate::stand::{Stand, contact, entered, started, zone};

fn start(writer: &LogWriter, id: i64, trigger: &str) -> runtime::crm::log::Ticket<EntryId, LogError> {
    let trigger = trigger.to_owned();
    writer.ask(move |group| {
        let (zone, mut salts) = (zone(), Seeded::new(3));
        let mut means = Means { now: crate::stand::NOW.parse().unwrap(), zone: &zone, randomness: &mut salts };
        let done = group.decide(&contact(id), &mut means, |_, _, turn| {
            let entries = vec![started(id, "Generation", &trigger), entered(turn.first.0, None, "research")];
            Ok::<_, LogError>(Decision { entries, ..Decision::default() })
        });
        Ok(done?.turn.first)
    })
}

#[test]
fn everybody_is_told_what_became_of_theirs() {
    let Stand { folder: _folder, crm, program, .. } = Stand::new();
    let path = crm.path().to_path_buf();
    let writer = LogWriter::start(crm, 100);
    let tickets: Vec<_> = (1..=9).map(|id| start(&writer, id, "event:1")).collect();
    let again = start(&writer, 1, "event:1");
    let firsts: Vec<i64> = tickets.into_iter().map(|ticket| ticket.wait().unwrap().0).collect();
    assert_eq!(firsts, (0..9).map(|turn| turn * 2 + 1).collect::<Vec<i64>>());
    assert!(matches!(again.wait(), Err(LogError::AlreadyStarted { .. })), "one refused takes nothing with it");
    let crm = writer.stop().unwrap();
    assert_eq!(crm.verify().unwrap().unwrap().entries, 18);
    assert_eq!(runtime::crm::Crm::open(&path, &program).unwrap().replay(&zone()).unwrap().different, 0);
}

#[test]
fn who_is_told_that_it_is_kept_finds_it_in_the_file() {
    let Stand { folder: _folder, crm, .. } = Stand::new();
    let seen = rusqlite::Connection::open(crm.path()).unwrap();
    let writer = LogWriter::start(crm, 4);
    for round in 0..20 {
        let tickets: Vec<_> = (1..=9).map(|id| start(&writer, id, &format!("event:{round}"))).collect();
        let kept = tickets.into_iter().filter_map(|ticket| ticket.wait().ok()).map(|first| {
            let there = "SELECT count(*) FROM log WHERE number = ?1";
            seen.query_row(there, [first.0], |row| row.get::<_, i64>(0)).unwrap()
        });
        assert_eq!(kept.sum::<i64>(), if round == 0 { 9 } else { 0 }, "a workflow is at work on each already");
    }
}

#[test]
fn a_group_that_cannot_be_kept_is_told_to_each() {
    let Stand { folder: _folder, crm, .. } = Stand::new();
    let path = crm.path().to_path_buf();
    let pages: i64 =
        rusqlite::Connection::open(&path).unwrap().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    crm.limit_pages(pages).unwrap();
    let writer = LogWriter::start(crm, 100);
    let long = "words ".repeat(5_000);
    let tickets: Vec<_> = (1..=9).map(|id| start(&writer, id, &format!("{long}{id}"))).collect();
    for ticket in tickets {
        let error = ticket.wait().unwrap_err().to_string();
        assert!(error.contains("the disk is full") || error.contains("disk was full"), "{error}");
    }
    let crm = writer.stop().unwrap();
    assert_eq!(crm.verify().unwrap().unwrap().entries, 0);
    // And the same where nobody may begin.
    crm.limit_pages(i64::from(u32::MAX) - 2).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writer = LogWriter::start(crm, 100);
    let refused = start(&writer, 1, "event:1");
    assert!(refused.wait().unwrap_err().to_string().contains("is locked"));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(start(&writer, 1, "event:1").wait().unwrap(), EntryId(1));
}
