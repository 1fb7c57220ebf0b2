//! A client at work in a folder of its own, driven the way people drive it: by commands, at instants that the test names.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Desk, Ran};

/// When the work begins: the day after the newest event of the samples.
pub(super) const START: &str = "2026-11-20 09:00";

/// A client at work.
pub(super) struct Client {
    pub(super) desk: Desk,
    /// Its folder.
    pub(super) name: &'static str,
    /// The source that its later events come in by.
    pub(super) events: &'static str,
    /// Who answers what anybody may answer.
    pub(super) by: &'static str,
}

impl Client {
    /// Stackmates, before its first run.
    pub(super) fn stackmates() -> Self {
        Self { desk: Desk::with("playbooks/stackmates"), name: "stackmates", events: "events", by: "founder" }
    }

    /// Sneakers Media, before its first run.
    pub(super) fn sneakers() -> Self {
        Self { desk: Desk::with("playbooks/sneakers"), name: "sneakers", events: "visits", by: "owner" }
    }

    /// Both, before their first runs.
    pub(super) fn both() -> [Self; 2] {
        [Self::stackmates(), Self::sneakers()]
    }

    /// Imports its samples and works until all of it waits.
    pub(super) fn started(self) -> Self {
        self.at(START, &["run"]).expect(0);
        self
    }

    /// Runs a verb on it at an instant: `["approve", "12"]` becomes `playbook approve CLIENT 12 --now …`.
    pub(super) fn at(&self, now: &str, verb: &[&str]) -> Ran {
        let (verb, rest) = verb.split_first().unwrap();
        self.desk.run(&[&[*verb, self.name], rest, &["--now", now, "--seed", "7"]].concat())
    }

    /// Works through time.
    pub(super) fn until(&self, from: &str, until: &str) {
        self.at(from, &["run", "--until", until]).expect(0);
    }

    /// Writes a file of its later events and imports it.
    pub(super) fn happens(&self, now: &str, source: &str, rows: &str) {
        let file = format!("{}/now.csv", self.name);
        self.desk.file(&file, rows);
        self.at(now, &["import", source, &file]).expect(0);
        self.at(now, &["run"]).expect(0);
    }

    /// The open questions.
    pub(super) fn inbox(&self, now: &str) -> Vec<Value> {
        self.at(now, &["inbox", "--json"]).expect(0).json().as_array().unwrap().clone()
    }

    /// The e-mails that wait for a person, to people who have agreed to be written to and of whom that can be proven.
    pub(super) fn drafts(&self) -> Vec<Draft> {
        let mut drafts = self.all_drafts();
        drafts.retain(|draft| self.may_be_written_to(draft.contact));
        assert!(drafts.len() >= 2, "too few drafts to try anything on: {}", drafts.len());
        drafts
    }

    /// The e-mails that wait for a person.
    pub(super) fn all_drafts(&self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let log = self.log();
        for question in self.inbox(START) {
            let message = question["message"]["number"].as_i64();
            let written = log.iter().find(|entry| message.is_some() && entry["number"].as_i64() == message);
            if written.is_some_and(|written| written["entry"]["result"]["wrote"]["channel"] == "email") {
                drafts.push(Draft {
                    question: question["number"].to_string(),
                    run: question["run"].to_string(),
                    hash: question["message"]["hash"].as_str().unwrap().to_owned(),
                    body: question["message"]["body"].as_str().unwrap().to_owned(),
                    contact: written.unwrap()["record"]["id"].as_i64().unwrap(),
                });
            }
        }
        drafts
    }

    fn may_be_written_to(&self, contact: i64) -> bool {
        let database = rusqlite::Connection::open(self.desk.path(&format!("{}/crm.db", self.name))).unwrap();
        let proven = "SELECT count(*) FROM consent WHERE contact_id = ?1 AND channel = 'email' AND proof IS NOT NULL";
        database.query_row(proven, [contact], |row| row.get::<_, i64>(0)).unwrap() > 0
    }

    /// Says yes to everything that is asked, and to what is asked because of that, until nothing is open but what cannot be sent.
    pub(super) fn approve_all(&self, now: &str) {
        let mut left = BTreeSet::new();
        for _ in 0..200 {
            let open = self.inbox(now);
            let next = open.iter().find(|question| !left.contains(&question["number"].to_string()));
            let Some(question) = next else { return };
            let number = question["number"].to_string();
            let words = question["words"].as_str().unwrap();
            if words.contains("cannot be sent") {
                left.insert(number);
                continue;
            }
            let by = question["whom"].as_str().unwrap_or(self.by);
            let mut verb = vec!["approve", number.as_str(), "--by", by];
            verb.extend(["--why", "looks right"]);
            if question["rating"].is_object() && question["rating"]["proposed"].is_null() {
                verb.extend(["--value", "3"]);
            }
            self.at(now, &verb).expect(0);
        }
        panic!("the questions never end");
    }

    /// The log, an entry a line.
    pub(super) fn log(&self) -> Vec<Value> {
        let printed = self.at(START, &["log", "--json"]).expect(0).stdout;
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The entries of one kind.
    pub(super) fn entries(&self, kind: &str) -> Vec<Value> {
        self.log().into_iter().filter(|entry| entry["entry"]["kind"] == kind).collect()
    }

    /// The letters in the outbox folder.
    pub(super) fn letters(&self) -> Vec<String> {
        let folder = self.desk.path(&format!("{}/outbox", self.name));
        let Ok(folder) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut letters: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        letters.sort();
        for letter in &letters {
            assert_eq!(letter.extension().and_then(|ending| ending.to_str()), Some("eml"), "{letter:?}");
        }
        letters.into_iter().map(|letter| std::fs::read_to_string(letter).unwrap()).collect()
    }

    /// Every letter is one that a person approved as it is, every approval sent one letter at most, and the log is whole.
    #[track_caller]
    pub(super) fn assert_sound(&self) {
        let log = self.log();
        let of = |kind: &'static str| log.iter().filter(move |entry| entry["entry"]["kind"] == kind);
        let mut used = BTreeSet::new();
        let mut letters = 0;
        for queued in of("queued") {
            let (approval, hash) = (&queued["entry"]["approval"], &queued["entry"]["hash"]);
            let answer = of("settled").find(|answer| answer["number"] == *approval);
            let answer = answer.unwrap_or_else(|| panic!("nobody approved {queued}"));
            assert_eq!(answer["entry"]["hash"], *hash, "another text was approved: {queued}");
            let how = answer["entry"]["how"].as_str().unwrap();
            assert!(how == "approved" || how == "changed", "{answer}");
            assert!(answer["entry"]["by"].is_string(), "a person answers: {answer}");
            assert!(used.insert(approval.to_string()), "one approval, two letters: {queued}");
            let is_out = of("delivered").any(|delivered| delivered["entry"]["send"] == queued["number"]);
            letters += usize::from(is_out && queued["entry"]["channel"] == "email");
        }
        assert_eq!(self.letters().len(), letters, "one letter for each e-mail that the log says is out");
        self.at(START, &["log", "verify"]).expect(0);
        self.at(START, &["replay"]).expect(0);
    }
}

/// An e-mail that waits for a person.
pub(super) struct Draft {
    pub(super) question: String,
    pub(super) run: String,
    pub(super) hash: String,
    pub(super) body: String,
    pub(super) contact: i64,
}
