//! Servers for the ports to speak to: real processes on loopback that end with the test.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// In .ci/run what is missing fails; elsewhere it is told and left out.
const MUST: &str = "PLAYBOOK_TESTS_NEED_SERVERS";

pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    lines: Receiver<String>,
}

impl Server {
    /// None where this machine lacks what it needs.
    pub(crate) fn start(script: &str, arguments: &[&str]) -> Option<Self> {
        let module = if script == "smtp.py" { "aiosmtpd.smtp" } else { "http.server" };
        if !succeeds("python3", &["-c", &format!("import {module}")]) {
            return missing(&format!("python3 with the module `{module}`"));
        }
        let mut child = Command::new("python3")
            .arg(folder().join("servers").join(script))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What they say when a client goes away is meant by the tests.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = lines(child.stdout.take().unwrap());
        let port = lines.recv_timeout(Duration::from_secs(30)).expect("the server says its port").parse().unwrap();
        Some(Self { child, port, lines })
    }

    /// The next line that it prints.
    pub(crate) fn line(&self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_secs(5)).ok()
    }

    /// It has printed nothing more.
    pub(crate) fn is_silent(&self) -> bool {
        self.lines.try_recv().is_err()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ports")
}

/// Tells loudly that a test was not run.
pub(crate) fn missing<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os(MUST).is_none(), "{MUST} is set, and this machine has no {what}");
    eprintln!("\n*** NOT TESTED: this machine has no {what} ***\n");
    None
}

pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut run = Command::new(program);
    run.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    run.status().is_ok_and(|status| status.success())
}

thread_local! {
    /// One for each test: connections that are kept belong to the runtime that made them.
    static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
}

/// Waits for it, with a limit: nothing here may hang.
pub(crate) fn wait_for<T>(work: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(60);
    RUNTIME
        .with(|runtime| runtime.block_on(async { tokio::time::timeout(limit, work).await.expect("it ends in time") }))
}
