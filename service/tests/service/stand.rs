//! A folder of clients that goes away with the test, the service over it, and a clock that the test sets.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::import::{self, Request};
use serde_json::Value;
use service::access::role::Role;
use service::access::tokens::{Tokens, Wanted};
use service::config::Configuration;
use service::{Begun, Service, Surroundings};
use tokio::sync::oneshot;

use crate::wire::{Answer, send};

/// A Friday morning at the client's, within its hours.
pub(crate) const NOW: &str = "2026-11-19T21:00:00Z";
/// The secret of each webhook in these tests.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const CONFIGURATION: &str = r#"
[scheduler]
look_every = "50ms"
[limits]
head = "1s"
request = "20s"
body = 65536
[log]
level = "error"
[clients.hillside.webhooks.resend]
brings = "resend"
secret_env = "SECRET"
[clients.hillside.webhooks.replies]
brings = "events"
secret_env = "SECRET"
"#;

/// The service, at work.
pub(crate) struct Stand {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) at: SocketAddr,
    /// In the link by which a client can be made.
    pub(crate) key: Option<String>,
    configuration: String,
    clock: Arc<Mutex<Timestamp>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Stand {
    /// One client, Hillside, with three people, two of whom agreed to be written to.
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// The same, with more settings before the usual ones.
    pub(crate) fn with(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        client(folder.path(), "hillside");
        Self::over(folder, settings)
    }

    /// Over a folder.
    pub(crate) fn over(folder: tempfile::TempDir, settings: &str) -> Self {
        Self::limited(folder, settings, "")
    }

    /// The same, with more limits.
    pub(crate) fn limited(folder: tempfile::TempDir, settings: &str, limits: &str) -> Self {
        let usual = CONFIGURATION.replace("[limits]\n", &format!("[limits]\n{limits}\n"));
        Self::configured(folder, &format!("{settings}\n{usual}"))
    }

    /// Over a folder without a client.
    pub(crate) fn empty() -> Self {
        let (settings, _) = CONFIGURATION.split_once("[clients.").unwrap();
        Self::configured(tempfile::tempdir().unwrap(), settings)
    }

    fn configured(folder: tempfile::TempDir, settings: &str) -> Self {
        let clock = Arc::new(Mutex::new(NOW.parse().unwrap()));
        let configuration = format!("listen = \"127.0.0.1:0\"\n{settings}");
        let (Begun { address: at, key, .. }, stop, thread) = begin(folder.path(), &configuration, &clock);
        let stand = Self { folder, at, key, configuration, clock, stop: Some(stop), thread: Some(thread) };
        stand.until("it is ready", || stand.send("GET", "/ready", &[], b"").status == 200);
        stand
    }

    /// Begins once more over the same folder, at another address.
    pub(crate) fn begin_anew(&mut self) {
        self.stop();
        let (begun, stop, thread) = begin(self.folder.path(), &self.configuration, &self.clock);
        (self.at, self.stop, self.thread) = (begun.address, Some(stop), Some(thread));
        self.until("it is ready again", || self.send("GET", "/ready", &[], b"").status == 200);
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    pub(crate) fn client(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Time goes on.
    pub(crate) fn later(&self, by: jiff::SignedDuration) {
        let mut clock = self.clock.lock().unwrap();
        *clock = clock.checked_add(by).unwrap();
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        send(self.at, method, path, headers, body)
    }

    /// Reads as whoever has the token; a path below the client's begins with no `/api`.
    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.send("GET", &below(path), &[("Authorization", &format!("Bearer {token}"))], b"")
    }

    /// Sends JSON as whoever has the token.
    pub(crate) fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.post_with(token, path, &[], body)
    }

    /// The same, with more in its head.
    pub(crate) fn post_with(&self, token: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        headers.extend(more);
        self.send("POST", &below(path), &headers, body.to_string().as_bytes())
    }

    /// A token of Hillside's.
    pub(crate) fn token(&self, role: Role) -> String {
        token(&self.client("hillside"), role)
    }

    /// Waits for something that comes about by itself.
    pub(crate) fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < Duration::from_secs(60), "{what} did not come about");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// The first open question with a message, once there is one.
    pub(crate) fn question(&self, token: &str) -> Value {
        let found = |answer: &Answer| {
            let questions = answer.json()["questions"].as_array().cloned().unwrap_or_default();
            questions.into_iter().find(|question| !question["message"].is_null())
        };
        self.until("a draft is asked about", || found(&self.get(token, "/inbox")).is_some());
        // Others are asked by the same work: they are counted once it is done.
        self.until("all are asked", || {
            let asked = format!(
                "playbook_open_questions{{client=\"hillside\"}} {}\n",
                self.get(token, "/inbox").json()["total"]
            );
            self.send("GET", "/metrics", &[], b"").body.contains(&asked)
        });
        found(&self.get(token, "/inbox")).unwrap()
    }

    /// The letters that went out.
    pub(crate) fn letters(&self) -> usize {
        let Ok(entries) = std::fs::read_dir(self.client("hillside").join("outbox")) else { return 0 };
        entries.flatten().filter(|entry| entry.path().extension().is_some_and(|ending| ending == "eml")).count()
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the test itself is the one to be told.
            let _ = thread.join();
        }
    }
}

fn begin(
    folder: &Path,
    configuration: &str,
    clock: &Arc<Mutex<Timestamp>>,
) -> (Begun, oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let (told, begun) = std::sync::mpsc::channel();
    let (path, time) = (folder.to_owned(), Arc::clone(clock));
    let configuration = Configuration::read(configuration).unwrap();
    let thread = std::thread::spawn(move || {
        let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        tokio.block_on(async {
            let service = Service::begin(&path, configuration, around(time)).await.unwrap();
            told.send(service.begun().unwrap()).unwrap();
            service.run(async move { drop(stopped.await) }).await;
        });
    });
    (begun.recv().unwrap(), stop, thread)
}

fn below(path: &str) -> String {
    if path.starts_with("/api") { path.to_owned() } else { format!("/api/v1/clients/hillside{path}") }
}

pub(crate) fn around(clock: Arc<Mutex<Timestamp>>) -> Surroundings {
    Surroundings {
        clock: Arc::new(move || *clock.lock().unwrap()),
        environment: Arc::new(|name| matches!(name, "SECRET" | "TOKEN").then(|| SECRET.to_owned())),
        entropy: entropy(),
    }
}

/// Bytes that differ each time, from the names that the standard library draws for its maps.
fn entropy() -> service::Entropy {
    use std::hash::{BuildHasher as _, Hasher as _};
    Arc::new(|bytes: &mut [u8]| {
        for byte in bytes {
            *byte = std::hash::RandomState::new().build_hasher().finish() as u8;
        }
        Ok(())
    })
}

/// The repository's file.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// A client's folder under a name, with its people in its CRM.
pub(crate) fn client(folder: &Path, name: &str) {
    let own = folder.join(name);
    std::fs::create_dir(&own).unwrap();
    for file in ["hillside.playbook", "ports.toml", "people.csv", "consents.csv"] {
        std::fs::copy(repository("tests/hillside").join(file), own.join(file)).unwrap();
    }
    let text = std::fs::read_to_string(own.join("hillside.playbook")).unwrap();
    let program = compiler::compile::compile_text("hillside.playbook", &text).program.unwrap();
    let mut crm = Crm::open(&own.join("crm.db"), &program).unwrap();
    for name in ["people", "consents"] {
        let source = program.sources.iter().find(|source| source.name == name).unwrap();
        let file = own.join(format!("{name}.csv"));
        let now = NOW.parse().unwrap();
        let request = Request { program: &program, source, file: &file, now, dry_run: false, rejected: None };
        import::run(&mut crm, &request, &mut |_| {}).unwrap();
    }
}

/// A token of one of the playbook's agents.
pub(crate) fn agent_token(folder: &Path, agent: &str) -> String {
    let wanted = Wanted { role: Role::Agent, name: "An agent", person: None, agent: Some(agent), lasts: None };
    Tokens::of(folder).unwrap().create(&wanted, NOW.parse().unwrap(), &entropy()).unwrap().1
}

/// A token of the client in a folder.
pub(crate) fn token(folder: &Path, role: Role) -> String {
    let wanted = Wanted {
        role,
        name: "Somebody",
        person: role.answers().then_some("owner"),
        agent: (!role.is_person()).then_some("LeadGen"),
        lasts: Some(jiff::SignedDuration::from_hours(24 * 90)),
    };
    Tokens::of(folder).unwrap().create(&wanted, NOW.parse().unwrap(), &entropy()).unwrap().1
}
