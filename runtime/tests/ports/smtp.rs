//! Letters over SMTP to aiosmtpd: what is delivered, and what each kind of failure is taken for.

use std::time::{Duration, Instant};

use runtime::agents::mail::{Security, SmtpMailer, SmtpServer};
use runtime::agents::{Mailer as _, PortError, PortErrorKind, Receipt, Secret, next_try};

use super::letters::letter;
use super::server::{Server, missing, succeeds, wait_for};

fn mailer(port: u16, security: Security, change: impl FnOnce(&mut SmtpServer)) -> SmtpMailer {
    let mut server = SmtpServer {
        host: "localhost".into(),
        port,
        security,
        login: None,
        trusted: None,
        timeout: Duration::from_secs(2),
    };
    change(&mut server);
    SmtpMailer::new(server).unwrap()
}

fn plain(port: u16) -> SmtpMailer {
    mailer(port, Security::None, |_| {})
}

fn sent(mailer: &SmtpMailer, key: &str, to: &str) -> Result<Receipt, PortError> {
    wait_for(mailer.send(&letter(key, to)))
}

#[test]
fn a_letter_arrives_as_it_was_written() {
    let Some(server) = Server::start("smtp.py", &["plain"]) else { return };
    let receipt = sent(&plain(server.port), "send-1", "ana@acme.example").unwrap();
    assert_eq!(receipt.carrier, "2.0.0 OK: queued as 4711 for [recipient]");
    let taken: serde_json::Value = serde_json::from_str(&server.line().unwrap()).unwrap();
    assert_eq!(taken["from"], "mere@stackmates.example");
    assert_eq!(taken["to"], serde_json::json!(["ana@acme.example"]));
    let text = taken["text"].as_str().unwrap();
    for header in [
        "List-Unsubscribe: <https://stackmates.example/stop/send-1>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Reply-To: answers@stackmates.example",
        "Date: Mon, 30 Nov 2026 20:00:00 +0000",
        &format!("Message-ID: {}", receipt.message_id.unwrap()),
    ] {
        assert!(text.contains(header), "{header} in {text}");
    }
    assert!(text.contains("\r\n.\r\nMere"), "a line of one point is no end: {text}");
    assert!(server.is_silent(), "it arrived once");
}

#[test]
fn a_no_is_for_ever_or_for_later() {
    let Some(server) = Server::start("smtp.py", &["plain"]) else { return };
    let mailer = plain(server.port);
    let error = |to: &str| sent(&mailer, "send-1", to).unwrap_err();
    insta::assert_snapshot!(error("nobody@acme.example").detail);
    for to in ["nobody@acme.example", "spam@acme.example"] {
        assert_eq!(error(to).kind, PortErrorKind::Refused);
        assert_eq!(next_try(1, &error(to), "send-1"), None);
    }
    for to in ["greylisted@acme.example", "full@acme.example"] {
        assert_eq!(error(to).kind, PortErrorKind::Busy { retry_after: None }, "{:?}", error(to));
        assert!(next_try(1, &error(to), "send-1").is_some());
    }
    assert!(server.is_silent());
}

#[test]
fn before_the_text_nothing_was_sent_and_behind_it_nobody_can_tell() {
    let Some(server) = Server::start("smtp.py", &["plain"]) else { return };
    let mailer = plain(server.port);
    let kind = |to: &str| {
        let begun = Instant::now();
        let error = sent(&mailer, "send-1", to).unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(10), "time-outs hold");
        error
    };
    assert_eq!(kind("stalled@acme.example").kind, PortErrorKind::TimedOut);
    let hung_up = kind("hangup@acme.example");
    assert!(hung_up.is_retryable(), "{hung_up:?}");
    assert!(server.is_silent());
    for to in ["silent@acme.example", "lost@acme.example"] {
        let error = kind(to);
        assert_eq!(error.kind, PortErrorKind::Uncertain, "{error:?}");
        assert_eq!(next_try(1, &error, "send-1"), None);
        assert!(server.line().is_some(), "the server has it: it was right not to be sure");
    }
}

#[test]
fn nobody_there_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(sent(&plain(port), "send-1", "ana@acme.example").unwrap_err().kind, PortErrorKind::Unreachable);
}

/// A certificate for localhost that is good for a day, signed by nobody.
fn certificate() -> Option<(tempfile::TempDir, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    let made = succeeds(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ],
    );
    if !made {
        return missing("openssl that makes certificates");
    }
    Some((folder, certificate, key))
}

#[test]
fn encrypted_letters_go_to_who_is_trusted_and_knows_the_password() {
    let Some((_folder, certificate, key)) = certificate() else { return };
    let trusted = std::fs::read(&certificate).unwrap();
    let login = |password: &str| Some(("mere".into(), Secret::new(password.to_owned())));
    for (mode, security) in [("starttls", Security::Starttls), ("implicit", Security::Implicit)] {
        let Some(server) = Server::start("smtp.py", &[mode, &certificate, &key]) else { return };
        let good = mailer(server.port, security, |server| {
            server.trusted = Some(trusted.clone());
            server.login = login("let-me-in");
        });
        sent(&good, "send-1", "ana@acme.example").unwrap_or_else(|error| panic!("{mode}: {error:?}"));
        let taken: serde_json::Value = serde_json::from_str(&server.line().unwrap()).unwrap();
        assert!(mode == "implicit" || taken["tls"] == true, "{taken}");

        let stranger = mailer(server.port, security, |server| server.login = login("let-me-in"));
        let error = sent(&stranger, "send-2", "ana@acme.example").unwrap_err();
        assert!(error.detail.contains("certificate"), "{mode}: {error:?}");

        let wrong = mailer(server.port, security, |server| {
            server.trusted = Some(trusted.clone());
            server.login = login("guessed-wrong");
        });
        let error = sent(&wrong, "send-3", "ana@acme.example").unwrap_err();
        assert_eq!(error.kind, PortErrorKind::Refused, "{mode}: {error:?}");
        assert!(!format!("{error:?} {wrong:?}").contains("guessed-wrong"));
        assert!(server.is_silent());
    }
}

#[test]
fn no_letter_goes_in_the_clear_to_another_machine() {
    let Some(server) = Server::start("smtp.py", &["plain"]) else { return };
    let error = sent(&mailer(server.port, Security::Starttls, |_| {}), "send-1", "ana@acme.example").unwrap_err();
    insta::assert_snapshot!(error);
    let far = SmtpServer {
        host: "mail.example".into(),
        port: 25,
        security: Security::None,
        login: None,
        trusted: None,
        timeout: Duration::from_secs(2),
    };
    insta::assert_snapshot!(SmtpMailer::new(far).unwrap_err());
    assert!(server.is_silent());
}
