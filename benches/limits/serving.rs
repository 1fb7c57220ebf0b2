//! Events and approvals that come in over HTTP, beside what the store and the engine do of them alone, in this process and on the same disk.
//!
//! Alone: a runner keeps each of them in a transaction of its own, flushed, and works on what has come in after every hundred. Served: the same
//! playbook and contacts behind the whole service, with 1, 8 and 32 who send and wait for each answer, on the same two cores. The limit is said
//! twice: of the runner, and of SQLite that is given one row at a time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use compiler::program::Program;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::agents::config::{Ports, Surroundings as Around};
use runtime::crm::log::{Asked, Raised, Seeded};
use runtime::crm::{Crm, RecordId};
use runtime::import::{self, Request};
use runtime::runner::{Given, Runner};
use serde_json::{Value, json};
use service::access::role::Role;
use service::access::tokens::{Tokens, Wanted};
use service::config::Configuration;
use service::{Service, Surroundings};
use tokio::sync::oneshot;

const NOW: &str = "2026-11-19T21:00:00Z";
const PEOPLE: usize = 1000;
const EVENTS: usize = 3000;
const APPROVALS: usize = 300;
const TOGETHER: usize = 100;
const SENDERS: [usize; 3] = [1, 8, 32];

pub(crate) fn run() {
    let folder = folder();
    let raw = raw(&folder.path().join("raw.db"));
    let (events, approvals) = alone(&client(folder.path(), "alone"));
    println!("\n| one client, {PEOPLE} contacts | a second | of SQLite | of the store alone |\n|---|---|---|---|");
    let row = |what: &str, rate: f64, alone: Option<f64>| {
        let alone = alone.map_or(String::new(), |alone| format!("{:.2}", rate / alone));
        println!("| {what} | {rate:.0} | {:.2} | {alone} |", rate / raw);
    };
    row("SQLite, one row a flushed transaction", raw, None);
    row("events, the store alone", events, None);
    row("approvals, the store alone", approvals, None);
    let served = Served::begin(folder.path());
    for (turn, senders) in SENDERS.into_iter().enumerate() {
        row(&format!("events over HTTP, {senders} who send"), served.events(turn, senders), Some(events));
    }
    let mut drafts = served.drafts();
    for senders in SENDERS {
        let part = drafts.split_off(drafts.len() - APPROVALS);
        row(&format!("approvals over HTTP, {senders} who send"), served.approvals(&part, senders), Some(approvals));
    }
    served.stop();
}

/// A folder on the disk of the repository: what a file system in memory acknowledges, it has not flushed.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).expect("a folder for the clients")
}

/// How many rows a second SQLite keeps by itself.
fn raw(path: &Path) -> f64 {
    let connection = rusqlite::Connection::open(path).expect("a database");
    let begin = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event (what TEXT, at INTEGER)";
    connection.execute_batch(begin).expect("a table");
    let mut insert = connection.prepare("INSERT INTO event VALUES ('email.opened', ?)").expect("a statement");
    rate(EVENTS, || {
        for at in 0..EVENTS {
            insert.execute([at as i64]).expect("a row");
        }
    })
}

fn rate(many: usize, work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    many as f64 / began.elapsed().as_secs_f64()
}

fn now() -> Timestamp {
    NOW.parse().expect("an instant")
}

fn program() -> Arc<Program> {
    let text = include_str!("../../tests/service/day/orchard.playbook");
    Arc::new(compiler::compile::compile_text("orchard.playbook", text).program.expect("a playbook without errors"))
}

/// A client's folder with its people, who agreed to be written to.
fn client(within: &Path, name: &str) -> PathBuf {
    let folder = within.join(name);
    std::fs::create_dir(&folder).expect("a folder");
    let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).expect("a file");
    write("orchard.playbook", include_str!("../../tests/service/day/orchard.playbook"));
    let (mut people, mut consents) =
        ("First,Last,E-mail,Phone,Country\n".to_owned(), "E-mail,When,Channel,Basis,Proof\n".to_owned());
    for number in 0..PEOPLE {
        people.push_str(&format!("A{number},B,a{number}@guests.example,+64 2 5550 {number:04},NZ\n"));
        consents.push_str(&format!("a{number}@guests.example,2026-01-05 09:00,email,express,form {number}\n"));
    }
    write("people.csv", &people);
    write("consents.csv", &consents);
    let program = program();
    let mut crm = Crm::open(&folder.join("crm.db"), &program).expect("a CRM");
    for source in &program.sources {
        let file = folder.join(format!("{}.csv", source.name));
        let request = Request { program: &program, source, file: &file, now: now(), dry_run: false, rejected: None };
        import::run(&mut crm, &request, &mut |_| {}).expect("an import");
    }
    folder
}

/// How many events and approvals a second a runner does by itself.
fn alone(folder: &Path) -> (f64, f64) {
    let program = program();
    let environment = |_: &str| None;
    let zone = TimeZone::get(&program.client.timezone).expect("a zone");
    let around = Around { client: folder, environment: &environment, zone, spent: Default::default() };
    let ports = Ports::beside(around).expect("ports");
    let crm = Crm::open(&folder.join("crm.db"), &program).expect("a CRM");
    let mut runner = Runner::new(crm, program, ports, Box::new(Seeded::new(1)), "bench".to_owned()).expect("a runner");
    runner.work(now()).expect("work");
    let events = rate(EVENTS, || {
        for number in 0..EVENTS {
            let raised = Raised {
                contact: RecordId(1 + (number % PEOPLE) as i64),
                event: "email.opened".into(),
                at: now(),
                facts: None,
                external_id: Some(format!("token 0: alone.{number}")),
            };
            runner.happened(vec![raised], now()).expect("an event");
            if number % TOGETHER == TOGETHER - 1 {
                runner.work(now()).expect("work");
            }
        }
    });
    let questions = runner.crm.inbox(&Asked::default()).expect("an inbox");
    let approvals = rate(APPROVALS, || {
        for (number, inquiry) in questions.iter().take(APPROVALS).enumerate() {
            let (_, hash, _) = runner.message_of(inquiry).expect("a message").expect("a draft");
            runner.answer(inquiry.question.id, Given::Approve(Some(hash)), "founder", None, now()).expect("an answer");
            if number % TOGETHER == TOGETHER - 1 {
                runner.work(now()).expect("work");
            }
        }
    });
    (events, approvals)
}

/// The service, at work.
struct Served {
    at: SocketAddr,
    token: String,
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Served {
    fn begin(within: &Path) -> Self {
        let root = within.join("served");
        std::fs::create_dir(&root).expect("a folder");
        let folder = client(&root, "orchard");
        let entropy: service::Entropy =
            Arc::new(|bytes| getrandom::fill(bytes).map_err(|error| std::io::Error::other(error.to_string())));
        let wanted = Wanted { role: Role::Owner, name: "Bench", person: Some("founder"), agent: None, lasts: None };
        let tokens = Tokens::of(&folder).expect("tokens");
        let (_, token) = tokens.create(&wanted, now(), &entropy).expect("a token");
        let settings = "listen = \"127.0.0.1:0\"\n[calls]\nmost = 10000000\n[log]\nlevel = \"error\"\n";
        let configuration = Configuration::read(settings).expect("a configuration");
        let around = Surroundings { clock: Arc::new(now), environment: Arc::new(|_| None), entropy };
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, begun) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
            tokio.block_on(async {
                let service = Service::begin(&root, configuration, around).await.expect("a service");
                told.send(service.begun().expect("an address").address).expect("somebody who waits");
                service.run(async move { drop(stopped.await) }).await;
            });
        });
        let at = begun.recv().expect("an address");
        let served = Self { at, token, stop, thread };
        // Until the drafts are written nothing else is done.
        while served.get("inbox")["total"].as_u64() < Some(PEOPLE as u64) {
            std::thread::sleep(Duration::from_millis(50));
        }
        served
    }

    fn stop(self) {
        drop(self.stop);
        self.thread.join().expect("it stops in order");
    }

    fn get(&self, path: &str) -> Value {
        let mut line = Line::new(self.at);
        line.ask(&self.token, "GET", path, "");
        serde_json::from_str(&line.said).unwrap_or(Value::Null)
    }

    fn events(&self, turn: usize, senders: usize) -> f64 {
        self.together(senders, EVENTS, |number| {
            let contact = (1 + number % PEOPLE).to_string();
            let body = json!({"contact": contact, "event": "email.opened", "id": format!("bench.{turn}.{number}")});
            ("events".to_owned(), body)
        })
    }

    /// What it takes to approve each draft.
    fn drafts(&self) -> Vec<(String, Value)> {
        let mut drafts = Vec::new();
        while drafts.len() < PEOPLE {
            let page = self.get(&format!("inbox?limit=200&after={}", drafts.len()));
            for question in page["questions"].as_array().expect("questions") {
                let path = format!("inbox/{}/approve", question["number"]);
                drafts.push((path, json!({"hash": question["message"]["hash"]})));
            }
        }
        drafts
    }

    fn approvals(&self, drafts: &[(String, Value)], senders: usize) -> f64 {
        self.together(senders, drafts.len(), |number| drafts[number].clone())
    }

    /// How many of so many pieces of work are answered in a second.
    fn together(&self, senders: usize, many: usize, work: impl Fn(usize) -> (String, Value) + Sync) -> f64 {
        let next = AtomicUsize::new(0);
        rate(many, || {
            std::thread::scope(|scope| {
                for _ in 0..senders {
                    scope.spawn(|| {
                        let mut line = Line::new(self.at);
                        loop {
                            let number = next.fetch_add(1, Ordering::Relaxed);
                            if number >= many {
                                return;
                            }
                            let (path, body) = work(number);
                            let status = line.ask(&self.token, "POST", &path, &body.to_string());
                            assert!(status < 300, "{path}: {status} {}", line.said);
                        }
                    });
                }
            });
        })
    }
}

/// A connection that is kept open.
struct Line {
    stream: BufReader<TcpStream>,
    /// What the last answer said.
    said: String,
}

impl Line {
    fn new(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        Self { stream: BufReader::new(stream), said: String::new() }
    }

    /// Asks, waits for the answer, and gives its status.
    fn ask(&mut self, token: &str, method: &str, path: &str, body: &str) -> u16 {
        let head = format!(
            "{method} /api/v1/clients/orchard/{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(head.as_bytes()).expect("a request");
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("an answer");
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest.split(' ').next().and_then(|status| status.parse().ok()).expect("a status");
            }
            if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().expect("a length");
            }
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).expect("a body");
        self.said = String::from_utf8(bytes).expect("text");
        status
    }
}
