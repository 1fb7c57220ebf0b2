//! A person who is forgotten: not a byte of them is left in the file, the chain verifies, and nobody writes to them again.

use runtime::crm::ContactId;
use runtime::crm::log::{Consent, Decision, LogError, Means, Suppressed};
use runtime::engine::Entry;

use crate::stand::{Stand, asked_for, contact, decision, question};

/// Words that are nobody else's.
const SECRETS: [&str; 14] = [
    "Zephyrine",
    "Quillfeather",
    "zephyrine@example.com",
    "+64 21 555 0199",
    "Hello Zephyrine draft",
    "older draft",
    "reason-for-rejecting",
    "said-in-a-call",
    "opened-a-secret-link",
    "form-of-consent-17",
    "550 no such user",
    "deal-of-hers",
    "task-about-her",
    "before-the-import",
];

fn told() -> Stand {
    let mut stand = Stand::new();
    stand
        .sql()
        .execute_batch(
            "INSERT INTO contact (id, first_name, last_name, email, phone, description, needs_stated) VALUES \
             (50, 'Zephyrine', 'Quillfeather', 'zephyrine@example.com', '+64 21 555 0199', 'Zephyrine', '[\"Zephyrine\"]'); \
             INSERT INTO deal (id, name, value, contact_id) VALUES (5, 'deal-of-hers', '100', 50); \
             INSERT INTO activity (id, kind, body, at, contact_id) VALUES (5, 'call', 'said-in-a-call', 1, 50); \
             INSERT INTO task (id, title, deal_id) VALUES (5, 'task-about-her', 5); \
             INSERT INTO event_kind (id, name) VALUES (1, 'page.viewed'); \
             INSERT INTO event (contact_id, at, id, kind, facts) VALUES (50, 1, 1, 1, '{\"path\":\"opened-a-secret-link\"}'); \
             INSERT INTO import (id, source, file, file_hash, started) VALUES (1, 's', 'f', printf('%064d', 0), 1); \
             INSERT INTO import_change (import_id, entity, record, before) VALUES (1, 'contact', 50, '{\"email\":\"before-the-import\"}')",
        )
        .unwrap();
    let run = stand.start(50, "Generation", "event:1");
    let message = stand.write(50, run, "older draft");
    let changed =
        Entry::Rewritten { message: runtime::engine::EntryId(message), hash: "abc".into(), by: "founder".into() };
    let changed = runtime::crm::log::Sealed { entry: changed, body: Some("Hello Zephyrine draft".into()) };
    let denied = runtime::crm::log::Sealed {
        entry: Entry::Allowed { agent: "Writer".into(), act: "read".into() },
        body: Some("reason-for-rejecting".into()),
    };
    stand
        .decide(50, |_, _| vec![changed, denied, question(Some(run), None, None), asked_for(run, "Writer", "rate")])
        .unwrap();
    let claimant =
        runtime::crm::log::Claimant { holder: "one", now: stand.now, lease: jiff::SignedDuration::from_secs(9) };
    let claimed = stand.crm.claim_outbox(claimant, 9).unwrap();
    stand.crm.retry_at(claimed[0].number, "one", stand.now, "550 no such user").unwrap();
    let consent = Consent {
        channel: "email".into(),
        basis: "opt-in".into(),
        proof: Some("form-of-consent-17".into()),
        given: stand.now,
        withdrawn: None,
    };
    stand.crm.give_consent(ContactId(50), &consent).unwrap();
    // Somebody else's text, that stays.
    let other = stand.start(2, "Generation", "event:1");
    stand.write(2, other, "Hello Person2");
    stand
}

/// The words that are in any file of the folder.
fn found(stand: &Stand) -> Vec<&'static str> {
    let files = std::fs::read_dir(stand.folder.path()).unwrap();
    let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    let has = |word: &&str| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
    SECRETS.into_iter().filter(has).collect()
}

fn erase(stand: &mut Stand) -> bool {
    let zone = stand.zone.clone();
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut stand.salts };
    let erased = stand.crm.erase(&contact(50), &mut means, |_, standing, turn| {
        let run = standing.case.runs[0].id.0;
        let entries = vec![crate::stand::ended(run), Entry::Erased { by: "founder".into() }.into()];
        Ok::<_, LogError>(decision(standing, turn, entries))
    });
    erased.unwrap().is_scrubbed
}

#[test]
fn nothing_of_an_erased_person_is_left_in_the_file_and_the_chain_verifies() {
    let mut stand = told();
    assert_eq!(found(&stand), SECRETS, "or the test would show nothing");
    let before = stand.crm.verify().unwrap().unwrap();
    assert!(erase(&mut stand));
    assert_eq!(found(&stand), Vec::<&str>::new());
    let verified = stand.crm.verify().unwrap().unwrap();
    assert_eq!((verified.entries, verified.erased), (before.entries + 2, 3));
    let replayed = stand.crm.replay(&stand.zone).unwrap();
    assert_eq!(replayed.differences, vec![]);
    assert!(stand.crm.case(&contact(50)).unwrap().case.erased);
    assert_eq!(stand.rows("SELECT value FROM deal WHERE id = 5"), ["100"], "figures say nothing of a person");
    assert_eq!(stand.rows("SELECT body FROM seal"), ["Hello Person2"]);
    assert_eq!(stand.rows("PRAGMA integrity_check"), ["ok"]);
    assert_eq!(stand.count("pragma_foreign_key_check"), 0);
}

#[test]
fn nobody_writes_to_them_again_when_they_come_back_in_an_import() {
    let mut stand = told();
    erase(&mut stand);
    let suppressed = |address: &str, channel: &str| stand.crm.suppressed(address, channel).unwrap();
    for (address, channel) in
        [("Zephyrine@Example.com ", "email"), ("+64 (21) 555-0199", "sms"), ("+64 21 5550199", "phone")]
    {
        assert_eq!(suppressed(address, channel).map(|because| because.reason).as_deref(), Some("erased"), "{address}");
    }
    assert_eq!(suppressed("p1@example.com", "email"), None);
}

#[test]
fn an_unsubscribed_address_is_known_again_for_its_channel() {
    let mut stand = Stand::new();
    let because = Suppressed { reason: "unsubscribed".into(), at: stand.now };
    stand.crm.suppress("p1@example.com", "email", &because, &mut stand.salts).unwrap();
    let later = Suppressed { reason: "complaint".into(), at: stand.now };
    stand.crm.suppress("P1@example.com", "email", &later, &mut stand.salts).unwrap();
    assert_eq!(stand.crm.suppressed("p1@EXAMPLE.com", "email").unwrap(), Some(because));
    assert_eq!(stand.crm.suppressed("p1@example.com", "sms").unwrap(), None);
    assert_eq!(stand.count("suppression"), 1);
}

#[test]
fn consent_is_kept_with_its_proof_and_taken_back_once() {
    let mut stand = Stand::new();
    let given = stand.now;
    let consent = |channel: &str| Consent {
        channel: channel.into(),
        basis: "opt-in".into(),
        proof: Some("form 3".into()),
        given,
        withdrawn: None,
    };
    stand.crm.give_consent(ContactId(1), &consent("email")).unwrap();
    stand.crm.give_consent(ContactId(1), &consent("sms")).unwrap();
    stand.wait(60);
    assert_eq!(stand.crm.withdraw_consent(ContactId(1), "email", stand.now).unwrap(), 1);
    assert_eq!(stand.crm.withdraw_consent(ContactId(1), "email", stand.now).unwrap(), 0);
    let kept = stand.crm.consents(ContactId(1)).unwrap();
    assert_eq!(kept, [Consent { withdrawn: Some(stand.now), ..consent("email") }, consent("sms")]);
    assert!(stand.crm.give_consent(ContactId(99), &consent("email")).is_err(), "there is no such contact");
}

#[test]
fn an_import_is_not_undone_once_its_people_have_consented() {
    let mut stand = Stand::new();
    let import = "INSERT INTO import (id, source, file, file_hash, started, created) VALUES (1, 's', 'f', printf('%064d', 0), 1, 9); \
                  UPDATE contact SET import_id = 1";
    stand.sql().execute_batch(import).unwrap();
    let consent =
        Consent { channel: "email".into(), basis: "opt-in".into(), proof: None, given: stand.now, withdrawn: None };
    stand.crm.give_consent(ContactId(1), &consent).unwrap();
    let error = stand.crm.undo(None, stand.now).unwrap_err();
    insta::assert_snapshot!(error, @"import 1 cannot be undone: the CRM itself has 1 of its own that belong to a contact made by this one; undo that first");
}

#[test]
fn a_reader_delays_the_scrubbing_and_nothing_else() {
    let mut stand = told();
    let reader = stand.sql();
    reader.execute_batch("BEGIN; SELECT count(*) FROM seal").unwrap();
    assert!(!erase(&mut stand), "somebody still reads the file as it was");
    assert!(stand.crm.sealed(runtime::engine::EntryId(4)).unwrap().is_none(), "but it is gone for whoever asks");
    reader.execute_batch("ROLLBACK").unwrap();
    assert!(stand.crm.scrub().unwrap());
    assert_eq!(found(&stand), Vec::<&str>::new());
}

#[test]
fn an_entry_that_says_so_is_what_erases() {
    let mut stand = told();
    let count = stand.count("seal");
    // Whatever fails after it in the same decision takes the erasing back too.
    let failed = stand.decide(50, |_, _| vec![Entry::Erased { by: "founder".into() }.into(), crate::stand::ended(999)]);
    assert!(failed.is_err());
    assert_eq!((stand.count("seal"), stand.count("suppression")), (count, 0));
    let nothing = Decision::default();
    let zone = stand.zone.clone();
    let mut means = Means { now: stand.now, zone: &zone, randomness: &mut stand.salts };
    stand.crm.erase(&contact(50), &mut means, |_, _, _| Ok::<_, LogError>(nothing)).unwrap();
    assert_eq!(stand.count("seal"), count, "without the entry nothing is forgotten");
}
