//! Letters over the Resend API to a server of its protocol: once by key, and what each trouble is taken for.

use std::time::Duration;

use jiff::SignedDuration;
use runtime::agents::mail::ResendMailer;
use runtime::agents::{Mailer as _, PortError, PortErrorKind, Receipt, Secret, next_try};
use serde_json::Value;

use super::letters::letter;
use super::server::{Server, wait_for};

fn mailer(server: &Server) -> ResendMailer {
    let base = format!("http://127.0.0.1:{}", server.port);
    ResendMailer::new(Some(&base), Secret::new("re_test_key".to_owned()), Duration::from_secs(1)).unwrap()
}

fn sent(mailer: &ResendMailer, key: &str, to: &str) -> Result<Receipt, PortError> {
    wait_for(mailer.send(&letter(key, to)))
}

/// What the server sent, asked of the server.
fn letters(server: &Server) -> Vec<Value> {
    wait_for(async {
        let client = reqwest::Client::builder();
        let client = client.no_proxy().tls_backend_preconfigured(no_tls()).build().unwrap();
        let response = client.get(format!("http://127.0.0.1:{}/letters", server.port)).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        body["letters"].as_array().unwrap().clone()
    })
}

/// Everything here is on loopback and in the clear.
pub(crate) fn no_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

#[test]
fn a_letter_is_posted_as_documented_and_once_by_key() {
    let Some(server) = Server::start("resend.py", &[]) else { return };
    let mailer = mailer(&server);
    let first = sent(&mailer, "send-1", "ana@acme.example").unwrap();
    let again = sent(&mailer, "send-1", "ana@acme.example").unwrap();
    assert_eq!(first, again);
    let letters = letters(&server);
    assert_eq!(letters.len(), 1);
    insta::assert_json_snapshot!(letters[0]);
    let error = sent(&mailer, "send-1", "somebody.else@acme.example").unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Refused, "{error:?}");
}

#[test]
fn troubles_are_taken_for_what_they_are() {
    let Some(server) = Server::start("resend.py", &[]) else { return };
    let mailer = mailer(&server);
    let error = |to: &str| sent(&mailer, to.split_once('@').unwrap().0, to).unwrap_err();
    let limited = error("limited@acme.example");
    assert_eq!(limited.kind, PortErrorKind::Busy { retry_after: Some(SignedDuration::from_secs(7)) });
    assert!(next_try(1, &limited, "limited").unwrap() >= SignedDuration::from_secs(7));
    sent(&mailer, "limited", "limited@acme.example").unwrap();
    assert_eq!(error("quota@acme.example").kind, PortErrorKind::Busy { retry_after: None });
    assert_eq!(error("fault@acme.example").kind, PortErrorKind::Broken);
    sent(&mailer, "fault", "fault@acme.example").unwrap();
    let invalid = error("invalid@acme.example");
    assert_eq!(invalid.kind, PortErrorKind::Refused);
    insta::assert_snapshot!(invalid);
    assert_eq!(error("elsewhere@acme.example").kind, PortErrorKind::Refused, "no letter follows a redirect");
}

#[test]
fn a_letter_whose_fate_is_unknown_is_asked_for_again_and_not_sent_again() {
    let Some(server) = Server::start("resend.py", &[]) else { return };
    let mailer = mailer(&server);
    for (to, kind) in [
        ("slow@acme.example", PortErrorKind::TimedOut),
        ("dropped@acme.example", PortErrorKind::Broken),
        ("garbled@acme.example", PortErrorKind::Broken),
    ] {
        let key = to.split_once('@').unwrap().0;
        let error = sent(&mailer, key, to).unwrap_err();
        assert_eq!(error.kind, kind, "{to}: {error:?}");
        assert!(error.is_retryable());
        sent(&mailer, key, to).unwrap();
    }
    assert_eq!(letters(&server).len(), 3);
}

#[test]
fn a_second_try_while_the_first_is_at_work_waits() {
    let Some(server) = Server::start("resend.py", &[]) else { return };
    let mailer = mailer(&server);
    assert_eq!(sent(&mailer, "w", "working@acme.example").unwrap_err().kind, PortErrorKind::TimedOut);
    assert_eq!(sent(&mailer, "w", "working@acme.example").unwrap_err().kind, PortErrorKind::Busy { retry_after: None });
    std::thread::sleep(Duration::from_secs(2));
    sent(&mailer, "w", "working@acme.example").unwrap();
    assert_eq!(letters(&server).len(), 1);
}

#[test]
fn a_wrong_key_is_refused_and_shown_nowhere() {
    let Some(server) = Server::start("resend.py", &[]) else { return };
    let base = format!("http://127.0.0.1:{}", server.port);
    let mailer = ResendMailer::new(Some(&base), Secret::new("re_wrong".to_owned()), Duration::from_secs(1)).unwrap();
    let error = sent(&mailer, "send-1", "ana@acme.example").unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Refused);
    assert!(!format!("{error:?} {mailer:?}").contains("re_wrong"));
}
