//! F6: nothing leaves without a person who approved exactly that, from whatever side it is tried.

use std::process::Stdio;

use super::client::{Client, START};

#[test]
fn nothing_is_sent_before_a_person_says_so() {
    for client in Client::both() {
        let client = client.started();
        client.until("2026-11-20 10:00", "2026-12-04 10:00");
        assert_eq!(client.letters().len(), 0, "two weeks with nobody there: no letter");
        client.assert_sound();
    }
}

#[test]
fn one_approval_sends_one_letter_with_the_approved_words() {
    for client in Client::both() {
        let client = client.started();
        let draft = client.drafts().remove(0);
        let approve = ["approve", &draft.question, "--by", client.by, "--hash", &draft.hash];
        client.at("2026-11-20 10:00", &approve).expect(0);
        let letters = client.letters();
        assert_eq!(letters.len(), 1);
        let (line, _) = draft.body.split_once(',').unwrap();
        assert!(letters[0].contains(line), "{}", letters[0]);
        assert!(letters[0].contains("List-Unsubscribe-Post"), "{}", letters[0]);
        // Neither the same answer again nor time nor another run nor a replay sends another one.
        client.at("2026-11-20 10:00", &approve).expect(1);
        client.at("2026-11-20 11:00", &["approve", &draft.question, "--by", client.by]).expect(1);
        client.at("2026-11-20 11:00", &["run"]).expect(0);
        client.at("2026-11-20 11:00", &["replay"]).expect(0);
        client.until("2026-11-20 11:00", "2026-11-24 08:00");
        assert_eq!(client.letters().len(), 1);
        client.assert_sound();
    }
}

#[test]
fn an_approval_is_of_the_text_that_was_seen() {
    let client = Client::stackmates().started();
    let draft = client.drafts().remove(0);
    let other = "0".repeat(64);
    let refused = client.at(START, &["approve", &draft.question, "--by", "founder", "--hash", &other]).expect(1);
    assert!(refused.stderr.contains("look at it again"), "{}", refused.page());
    assert_eq!(client.letters().len(), 0);
    // Somebody else's words take its place; who still has the old ones in mind comes too late.
    let words = "Hi, these are words of my own.";
    client.at(START, &["change", &draft.question, "--by", "founder", "--body", words]).expect(0);
    client.at(START, &["approve", &draft.question, "--by", "founder", "--hash", &draft.hash]).expect(1);
    client.at("2026-11-20 10:00", &["run"]).expect(0);
    let letters = client.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains(words) && !letters[0].contains("Hamilton"), "{}", letters[0]);
    client.assert_sound();
}

#[test]
fn who_was_not_asked_and_a_no_send_nothing() {
    let client = Client::stackmates().started();
    let drafts = client.drafts();
    let [first, second, ..] = drafts.as_slice() else { panic!("two drafts") };
    client.at(START, &["approve", &first.question, "--by", "LeadGen"]).expect(2);
    client.at(START, &["approve", &first.question, "--by", "somebody"]).expect(2);
    client.at(START, &["reject", &second.question, "--by", "founder", "--why", "not now"]).expect(0);
    client.at(START, &["approve", &second.question, "--by", "founder"]).expect(1);
    assert_eq!(client.letters().len(), 0);
    client.assert_sound();
}

#[test]
fn a_question_that_expired_is_not_open_any_more_even_with_the_clock_set_back() {
    for client in Client::both() {
        let client = client.started();
        let draft = client.drafts().remove(0);
        // Nobody has run anything meanwhile: the limit itself closes it.
        client.at("2026-11-25 10:00", &["approve", &draft.question, "--by", client.by]).expect(1);
        client.at("2026-11-25 10:00", &["run"]).expect(0);
        client.at("2026-11-20 10:00", &["approve", &draft.question, "--by", client.by]).expect(1);
        client.at("2026-11-20 10:00", &["run"]).expect(0);
        assert_eq!(client.letters().len(), 0);
        client.assert_sound();
    }
}

#[test]
fn a_clock_that_was_set_back_sends_nothing_again() {
    for client in Client::both() {
        let client = client.started();
        let draft = client.drafts().remove(0);
        client.at("2026-11-20 10:00", &["approve", &draft.question, "--by", client.by]).expect(0);
        for now in ["2026-11-20 09:00", "2026-11-19 10:00", "2026-10-01 10:00"] {
            client.at(now, &["run"]).expect(0);
            client.at(now, &["approve", &draft.question, "--by", client.by]).expect(1);
        }
        assert_eq!(client.letters().len(), 1);
        client.assert_sound();
    }
}

#[test]
fn of_several_processes_at_once_one_is_heard() {
    for client in Client::both() {
        let client = client.started();
        let drafts = client.drafts();
        let draft = &drafts[0];
        let now = "2026-11-20 10:00";
        let spawn = |verb: &[&str]| {
            let arguments = [verb, &["--now", now]].concat();
            let mut command = client.desk.command(&arguments);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let approve = ["approve", client.name, &draft.question, "--by", client.by];
        let mut processes: Vec<_> = (0..4).map(|_| spawn(&approve)).collect();
        processes.extend((0..2).map(|_| spawn(&["run", client.name])));
        let codes: Vec<_> =
            processes.into_iter().map(|process| process.wait_with_output().unwrap().status.code()).collect();
        let (answers, runs) = codes.split_at(4);
        assert_eq!(answers.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
        assert!(answers.iter().all(|code| matches!(code, Some(0 | 1))), "{codes:?}");
        assert!(runs.iter().all(|code| *code == Some(0)), "{codes:?}");
        // Who was heard may have left the letter to another process that had claimed it.
        client.at(now, &["run"]).expect(0);
        assert_eq!(client.letters().len(), 1);
        client.assert_sound();
    }
}

#[test]
fn an_approval_that_nobody_could_use_for_two_weeks_is_asked_for_anew() {
    let client = Client::stackmates().started();
    let draft = client.drafts().remove(0);
    client.at(START, &["pause", "everything", "--by", "founder"]).expect(0);
    client.at(START, &["approve", &draft.question, "--by", "founder"]).expect(0);
    client.at("2026-12-08 10:00", &["resume", "everything", "--by", "founder"]).expect(0);
    assert_eq!(client.letters().len(), 0);
    let inbox = client.inbox("2026-12-08 10:00");
    let again = inbox.iter().find(|question| question["run"].as_i64() == draft.run.parse().ok()).expect("asked anew");
    assert_eq!(again["message"]["hash"], draft.hash.as_str());
    assert!(again["notes"].to_string().contains("expired"), "{again}");
    client.at("2026-12-08 10:00", &["approve", &again["number"].to_string(), "--by", "founder"]).expect(0);
    assert_eq!(client.letters().len(), 1);
    client.assert_sound();
}
