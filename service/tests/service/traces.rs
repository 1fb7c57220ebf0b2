//! Spans that a collector on loopback is told, by a service in a process of its own: who listens to spans is one for all of a process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value, json};
use service::access::role::Role;

use crate::listener::{Asked, listen};
use crate::stand::{around, client, token};
use crate::wire::{Answer, send};

const FOLDER: &str = "PLAYBOOK_TEST_OF_TRACES";

/// Not a test: the service that the others are about.
#[test]
#[ignore = "a process for the other tests here"]
fn served() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let configuration = std::fs::read_to_string(folder.join("service.toml")).unwrap();
    let configuration = service::config::Configuration::read(&configuration).unwrap();
    let clock = std::sync::Arc::new(std::sync::Mutex::new(crate::stand::NOW.parse().unwrap()));
    let mut around = around(clock);
    around.environment =
        std::sync::Arc::new(|name| (name == "HEADERS").then(|| "authorization=Bearer%20s3cret".to_owned()));
    service::serve(&folder, configuration, around, |begun| {
        std::fs::write(folder.join("half"), begun.address.to_string()).unwrap();
        std::fs::rename(folder.join("half"), folder.join("at")).unwrap();
    })
    .unwrap();
}

/// The service, in a process of its own.
struct Served {
    folder: tempfile::TempDir,
    at: SocketAddr,
    child: Child,
}

impl Served {
    fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        client(folder.path(), "hillside");
        let usual = "listen = \"127.0.0.1:0\"\n[scheduler]\nlook_every = \"50ms\"\n[log]\nlevel = \"debug\"\n";
        std::fs::write(folder.path().join("service.toml"), format!("{usual}{settings}")).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["traces::served", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let read = |path: &Path| std::fs::read_to_string(path).ok()?.parse().ok();
        let began = Instant::now();
        let at = loop {
            if let Some(at) = read(&folder.path().join("at")) {
                break at;
            }
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "{}",
                std::fs::read_to_string(folder.path().join("log")).unwrap()
            );
            std::thread::sleep(Duration::from_millis(30));
        };
        let served = Self { folder, at, child };
        while send(at, "GET", "/ready", &[], b"").status != 200 {
            std::thread::sleep(Duration::from_millis(30));
        }
        served
    }

    fn ask(&self, token: &str, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        headers.extend(more);
        let body = if method == "GET" { String::new() } else { body.to_string() };
        send(self.at, method, &format!("/api/v1/clients/hillside{path}"), &headers, body.as_bytes())
    }

    /// Tells it to stop, and gives how long it took and what it wrote.
    fn stop(&mut self) -> (Duration, String) {
        let began = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        (began.elapsed(), std::fs::read_to_string(self.folder.path().join("log")).unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A collector that takes all.
fn collector() -> (String, Receiver<Asked>) {
    listen(|_| Some(("200 OK", String::new())))
}

fn settings(url: &str) -> String {
    format!("[traces]\nendpoint = \"{url}\"\nheaders_env = \"HEADERS\"\n")
}

/// All spans that it was told, with its requests.
fn told(heard: &Receiver<Asked>) -> (Vec<Span>, Vec<Asked>) {
    let asked: Vec<Asked> = heard.try_iter().collect();
    let requests = asked.iter().map(|asked| ExportTraceServiceRequest::decode(asked.body.as_slice()).unwrap());
    let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|resource| resource.scope_spans);
    (scopes.flat_map(|scope| scope.spans).collect(), asked)
}

fn text(span: &Span, name: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == name);
    match found.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
        Some(Any::StringValue(text)) => text.clone(),
        Some(Any::IntValue(number)) => number.to_string(),
        other => panic!("{name} of {}: {other:?}", span.name),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_collector_is_told_what_was_asked_and_done_and_of_nobody() {
    let (url, heard) = collector();
    let mut served = Served::new(&settings(&url));
    let owner = token(&served.folder.path().join("hillside"), Role::Owner);
    let inbox = || served.ask(&owner, "GET", "/inbox", &[], &Value::Null).json();
    let question = || inbox()["questions"].as_array().unwrap().iter().find(|one| !one["message"].is_null()).cloned();
    let began = Instant::now();
    let question = loop {
        if let Some(question) = question() {
            break question;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "a draft is asked about");
    };
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let from = format!("00-{trace}-{parent}-01");
    let path = format!("/inbox/{}/approve", question["number"]);
    let yes = json!({ "hash": question["message"]["hash"] });
    assert_eq!(served.ask(&owner, "POST", &path, &[("traceparent", &from)], &yes).status, 200);
    assert_eq!(
        served.ask(&owner, "GET", "/contacts?search=ana@hillside-guests.example", &[], &Value::Null).status,
        200
    );
    assert_eq!(served.ask(&owner, "GET", "/contacts/1", &[("traceparent", "00-nonsense")], &Value::Null).status, 200);
    // Whoever asks not to be told of is not.
    let unsaid = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00";
    assert_eq!(served.ask(&owner, "GET", "/goals", &[("traceparent", unsaid)], &Value::Null).status, 200);
    assert_eq!(send(served.at, "BREW", "/coffee/ana@hillside-guests.example", &[], b"").status, 404);
    let outbox = served.folder.path().join("hillside/outbox");
    while !std::fs::read_dir(&outbox).is_ok_and(|files| files.count() > 0) {
        assert!(began.elapsed() < Duration::from_secs(60), "the letter goes out");
        std::thread::sleep(Duration::from_millis(30));
    }
    let (_, log) = served.stop();
    let (spans, asked) = told(&heard);
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    let named = |name: &str| spans.iter().filter(move |span| span.name == name).collect::<Vec<_>>();
    // Under whoever asked, with the pattern of the address and the answer.
    let [approved] = named("POST /api/v1/clients/{client}/inbox/{number}/approve")[..] else { panic!("{names:?}") };
    assert_eq!((hex(&approved.trace_id), hex(&approved.parent_span_id)), (trace.to_owned(), parent.to_owned()));
    assert_eq!(text(approved, "http.route"), "/api/v1/clients/{client}/inbox/{number}/approve");
    assert_eq!(
        (text(approved, "http.request.method"), text(approved, "http.response.status_code")),
        ("POST".to_owned(), "200".to_owned())
    );
    let ordered: Vec<&Span> =
        named("order").into_iter().filter(|span| span.parent_span_id == approved.span_id).collect();
    assert!(!ordered.is_empty() && ordered.iter().all(|span| hex(&span.trace_id) == trace), "{names:?}");
    // One that says nothing, or nonsense, begins a trace.
    let one = named("GET /api/v1/clients/{client}/contacts/{number}");
    assert!(one.len() == 1 && one[0].parent_span_id.is_empty() && hex(&one[0].trace_id) != trace, "{names:?}");
    assert!(named("GET /api/v1/clients/{client}/goals").is_empty(), "{names:?}");
    assert_eq!(named("_OTHER none").len(), 1, "{names:?}");
    // Ports are called at work.
    let work = named("work");
    let [letter] = named("mailer send")[..] else { panic!("{names:?}") };
    assert_eq!(
        (text(letter, "playbook.port"), text(letter, "playbook.verb")),
        ("mailer".to_owned(), "send".to_owned())
    );
    let of = work.iter().find(|work| work.span_id == letter.parent_span_id).unwrap_or_else(|| panic!("{names:?}"));
    assert_eq!((text(of, "playbook.client"), text(of, "playbook.sent")), ("hillside".to_owned(), "1".to_owned()));
    assert!(!named("worker write").is_empty(), "{names:?}");
    // Looking every fifty milliseconds is no work.
    assert!(work.iter().all(|work| text(work, "playbook.entries") != "0"), "{work:#?}");
    // Nothing but this is in any of them, and of nobody.
    for span in &spans {
        for attribute in &span.attributes {
            let known = [
                "http.request.method",
                "http.route",
                "http.response.status_code",
                "playbook.client",
                "playbook.entries",
                "playbook.sent",
                "playbook.failed",
                "playbook.port",
                "playbook.verb",
                "error.type",
            ];
            assert!(known.contains(&attribute.key.as_str()), "{} of {}", attribute.key, span.name);
        }
        assert!(span.events.is_empty() && span.links.is_empty(), "{span:?}");
    }
    let people = std::fs::read_to_string(served.folder.path().join("hillside/people.csv")).unwrap();
    let secrets: Vec<String> = people
        .lines()
        .skip(1)
        .flat_map(|line| line.split(','))
        .filter(|value| value.len() > 2 && !value.chars().all(|letter| letter.is_ascii_digit() || letter == '-'))
        .map(str::to_lowercase)
        .chain(["s3cret".to_owned(), owner.to_lowercase(), served.folder.path().display().to_string()])
        .collect();
    assert!(secrets.len() > 6, "{secrets:?}");
    // Ids of traces are bytes, of which any can be there.
    assert!(!format!("{spans:?}").contains('@'), "{spans:?}");
    for one in &asked {
        assert!(
            one.head.starts_with("post /v1/traces ") && one.head.contains("content-type: application/x-protobuf"),
            "{}",
            one.head
        );
        assert!(one.head.contains("authorization: bearer s3cret"), "{}", one.head);
        let body = String::from_utf8_lossy(&one.body).to_lowercase();
        for secret in &secrets {
            assert!(!body.contains(secret.as_str()), "{secret}");
        }
    }
    // The log has its own lines and no spans, and no secret either.
    assert!(log.contains("answered") && log.contains("stopped in order"), "{log}");
    assert!(!log.contains("s3cret") && !log.contains("otel.") && !log.contains("request{"), "{log}");
}

#[test]
fn a_collector_that_never_answers_delays_nothing() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut served = Served::new(&settings(&format!("http://{}", silent.local_addr().unwrap())));
    let owner = token(&served.folder.path().join("hillside"), Role::Owner);
    for _ in 0..50 {
        let began = Instant::now();
        assert_eq!(served.ask(&owner, "GET", "/inbox", &[], &Value::Null).status, 200);
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
    std::thread::sleep(Duration::from_millis(1200));
    let (took, log) = served.stop();
    assert!(took < Duration::from_secs(6), "{took:?}");
    assert!(log.contains("the last spans did not reach the collector"), "{log}");
}

#[test]
fn without_a_collector_nobody_is_told_anything() {
    let mut served = Served::new("");
    let owner = token(&served.folder.path().join("hillside"), Role::Owner);
    assert_eq!(served.ask(&owner, "GET", "/inbox", &[], &Value::Null).status, 200);
    let (_, log) = served.stop();
    assert!(log.contains("answered") && !log.contains("collector"), "{log}");
}
