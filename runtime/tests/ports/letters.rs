//! Letters as they go out, and the folder that takes them.

use runtime::agents::mail::FolderMailer;
use runtime::agents::{Letter, Mailbox, Mailer as _, PortErrorKind};

use super::server::wait_for;
use super::stand::instant;

/// By Mere of Stackmates to somebody, all made up.
pub(crate) fn letter(key: &str, to: &str) -> Letter {
    Letter {
        key: key.into(),
        from: Mailbox { name: Some("Mere Ngata".into()), address: "mere@stackmates.example".into() },
        reply_to: Some(Mailbox { name: None, address: "answers@stackmates.example".into() }),
        to: Mailbox { name: Some("Ana Kahu".into()), address: to.into() },
        subject: "Bids without the weekend \u{2014} shall we?".to_owned(),
        body: "Kia ora Ana,\n\nhow many b\u{ed}ds do you write?\n.\nMere\n".to_owned(),
        unsubscribe: format!("https://stackmates.example/stop/{key}").into(),
        unsubscribe_mail: Some("mailto:stop@stackmates.example".into()),
        postal: Some("Stackmates, 1 Example Street, Auckland".into()),
        at: instant("2026-11-30T20:00:00Z"),
    }
}

#[test]
fn a_letter_is_a_message_with_one_click_to_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path().join("outbox"));
    let receipt = wait_for(mailer.send(&letter("send-1", "ana@acme.example"))).unwrap();
    assert!(!receipt.before);
    let text = std::fs::read_to_string(folder.path().join("outbox/send-1.eml")).unwrap();
    insta::assert_snapshot!(text.replace('\r', ""));
}

#[test]
fn a_key_is_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path().to_owned());
    let first = letter("send-1", "ana@acme.example");
    let receipts: Vec<_> = std::thread::scope(|scope| {
        let sends: Vec<_> = (0..8).map(|_| scope.spawn(|| wait_for(mailer.send(&first)).unwrap())).collect();
        sends.into_iter().map(|send| send.join().unwrap()).collect()
    });
    assert_eq!(receipts.iter().filter(|receipt| !receipt.before).count(), 1, "{receipts:?}");
    let mut later = first.clone();
    later.at = instant("2026-12-01T08:00:00Z");
    assert!(wait_for(mailer.send(&later)).unwrap().before, "a try after a crash is the same letter, whenever it comes");
    let mut other = first.clone();
    other.body.push_str("One more thing.");
    assert_eq!(wait_for(mailer.send(&other)).unwrap_err().kind, PortErrorKind::Refused);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["send-1.eml"], "no half of a letter stays behind");
}

#[test]
fn what_could_become_another_header_or_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path().to_owned());
    let good = letter("send-1", "ana@acme.example");
    let with = |change: fn(&mut Letter)| {
        let mut letter = good.clone();
        change(&mut letter);
        wait_for(mailer.send(&letter)).unwrap_err()
    };
    let errors = [
        with(|letter| letter.key = "../send-1".into()),
        with(|letter| letter.key = "".into()),
        with(|letter| letter.subject = "Hi\r\nBcc: all@acme.example".to_owned()),
        with(|letter| letter.to.address = "ana@acme.example\r\nBcc: all@acme.example".into()),
        with(|letter| letter.unsubscribe = "http://stackmates.example/stop".into()),
        with(|letter| letter.unsubscribe = "https://stackmates.example/>\r\nBcc: all@acme.example".into()),
        with(|letter| letter.unsubscribe_mail = Some("stop@stackmates.example".into())),
    ];
    assert!(errors.iter().all(|error| error.kind == PortErrorKind::Refused && !error.detail.contains("ana@")));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let mut named = good.clone();
    named.to.name = Some("Ana\r\nBcc: all@acme.example".into());
    wait_for(mailer.send(&named)).unwrap();
    let text = std::fs::read_to_string(folder.path().join("send-1.eml")).unwrap();
    assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
}
