//! What has to be so at the end, read by an auditor: off the log, the letters and the database, not off what the command says of itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::desk::{CONTACTS, Desk, REPLIES};

/// Where everything stands, without numbers and instants, which a disturbed run may have others of.
#[derive(Debug, PartialEq)]
pub(crate) struct End {
    workflows: Value,
    open_questions: Value,
    dead_letters: Value,
    outbox: BTreeMap<String, i64>,
    runs: BTreeMap<String, i64>,
    letters: BTreeSet<String>,
}

pub(crate) fn end(desk: &Desk, letters: &[String], now: &str) -> End {
    let sent = letters.len();
    let once: BTreeSet<String> = letters.iter().cloned().collect();
    assert_eq!(once.len(), sent, "a letter went out twice: {letters:#?}");
    every_event_is_there(desk);
    the_log_is_whole(desk, now);
    every_letter_was_approved(desk, now, sent);
    let status: Value = serde_json::from_str(&desk.finish(&["status", ".", "--now", now, "--json"])).unwrap();
    End {
        workflows: status["workflows"].clone(),
        open_questions: status["open_questions"].clone(),
        dead_letters: status["dead_letters"].clone(),
        outbox: counts(desk, "SELECT kind || ' ' || state, count(*) FROM outbox GROUP BY 1"),
        runs: counts(desk, "SELECT record || ' ' || stage || ' ' || ifnull(outcome, 'live'), 1 FROM run"),
        letters: once,
    }
}

/// The letters in the folder, each as `recipient subject`; nothing else is there.
pub(crate) fn letters_in_folder(desk: &Desk) -> Vec<String> {
    let mut letters = Vec::new();
    for entry in std::fs::read_dir(desk.path("outbox")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "eml") {
            // A process that was killed while it wrote left this: it has not its name, so it is no letter.
            assert!(path.file_name().unwrap().to_str().unwrap().starts_with('.'), "{}", path.display());
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let header = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.rsplit_once('<').map_or(line, |(_, address)| address.trim_end_matches('>')).to_owned()
        };
        letters.push(format!("{} {}", header("To: "), header("Subject: ")));
    }
    letters
}

fn counts(desk: &Desk, sql: &str) -> BTreeMap<String, i64> {
    let connection = desk.database();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn every_event_is_there(desk: &Desk) {
    let events =
        counts(desk, "SELECT name, count(*) FROM event JOIN event_kind AS known ON known.id = kind GROUP BY 1");
    let wanted = [("consent.given", CONTACTS), ("reply.received", REPLIES)];
    for (name, count) in wanted {
        assert_eq!(events.get(name).copied(), i64::try_from(count).ok(), "{name}: {events:?}");
    }
    let runs = counts(desk, "SELECT entity || ' ' || record, count(*) FROM run GROUP BY 1");
    assert_eq!(runs.len(), CONTACTS, "every contact was begun with");
    assert!(runs.values().all(|runs| *runs == 1), "{runs:?}");
}

fn the_log_is_whole(desk: &Desk, now: &str) {
    desk.finish(&["log", ".", "verify", "--now", now]);
    let replayed: Value = serde_json::from_str(&desk.finish(&["replay", ".", "--now", now, "--json"])).unwrap();
    assert_eq!(replayed["differences"], Value::Array(Vec::new()));
    let check: String = desk.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

/// Each send has an answer of its own by a person to exactly its hash, before it; and each is delivered once.
fn every_letter_was_approved(desk: &Desk, now: &str, sent: usize) {
    let log = desk.finish(&["log", ".", "--now", now, "--json"]);
    let entries: BTreeMap<i64, Value> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|logged| (logged["number"].as_i64().unwrap(), logged["entry"].clone()))
        .collect();
    let of = |kind: &str| entries.iter().filter(move |(_, entry)| entry["kind"] == kind).collect::<Vec<_>>();
    let mut used = BTreeSet::new();
    for (number, queued) in of("queued") {
        let approval = queued["approval"].as_i64().unwrap();
        assert!(approval < *number && used.insert(approval), "{number}: {queued}");
        let answer = &entries[&approval];
        assert_eq!((answer["kind"].as_str(), answer["by"].as_str()), (Some("settled"), Some("founder")), "{answer}");
        assert_eq!((answer["how"].as_str(), &answer["hash"]), (Some("approved"), &queued["hash"]), "{answer}");
    }
    let delivered: Vec<i64> = of("delivered").iter().map(|(_, entry)| entry["send"].as_i64().unwrap()).collect();
    let once: BTreeSet<i64> = delivered.iter().copied().collect();
    let queued: BTreeSet<i64> = of("queued").iter().map(|(number, _)| **number).collect();
    assert_eq!(once.len(), delivered.len(), "something was delivered twice");
    assert_eq!(once, queued, "everything that was queued is delivered");
    assert_eq!(sent, queued.len(), "as many letters as sends");
    let started =
        of("started").iter().map(|(_, entry)| entry["record"]["id"].as_i64().unwrap()).collect::<BTreeSet<_>>();
    assert_eq!(started.len(), CONTACTS);
}
