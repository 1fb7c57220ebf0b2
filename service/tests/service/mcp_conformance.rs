//! The conformance tests of MCP's own project, each revision by the version that is meant for it, over the service's transport.

use std::net::SocketAddr;
use std::process::Command;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::any;
use service::mcp::transport::{Door, Settings};
use tokio::sync::oneshot;

use crate::mcp_fixtures::Fixtures;
use crate::peers;

/// Fixtures behind the service's own way in, on loopback, until it is dropped.
struct Served {
    at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    fn new() -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, at) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            tokio.block_on(async {
                let fixtures = Fixtures::new();
                let settings = Settings { public_url: "http://127.0.0.1".to_owned(), body: 1 << 20 };
                let door = std::sync::Arc::new(Door::new(&settings, move || fixtures.clone()));
                let answer = move |request: Request<Body>| {
                    let door = std::sync::Arc::clone(&door);
                    async move { door.answer("the tests", request).await }
                };
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                let serve = axum::serve(listener, Router::new().route("/mcp", any(answer)));
                tokio::select! {
                    served = serve.into_future() => served.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self { at: at.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Runs what a revision asks for; gives how many checks passed.
fn conforms(revision: &str, which: &[&str]) -> Option<usize> {
    let (node, package) = peers::node(&format!("mcp-conformance-{revision}"))?;
    let served = Served::new();
    let results = tempfile::tempdir().unwrap();
    let output = peers::run(
        Command::new(node)
            .arg(package.join("dist/index.js"))
            .args(["server", "--url", &format!("http://{}/mcp", served.at)])
            .args(which)
            .current_dir(results.path()),
    );
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = format!("{told}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{all}");
    // `Total: 84 passed, 0 failed`
    let total = told.lines().rev().find_map(|line| line.split_once("Total: ")).map(|(_, rest)| rest.to_owned());
    let total = total.unwrap_or_else(|| panic!("no total: {all}"));
    assert!(total.contains(" 0 failed"), "{all}");
    total.split(' ').next().and_then(|number| number.parse().ok())
}

#[test]
fn the_newer_revision_is_spoken_as_its_tests_ask() {
    if let Some(passed) = conforms("2026-07-28", &["--suite", "all", "--spec-version", "2026-07-28"]) {
        assert!(passed > 100, "{passed} checks");
    }
}

#[test]
fn the_older_revision_is_spoken_as_its_tests_ask() {
    if let Some(passed) = conforms("2025-11-25", &["--suite", "all", "--spec-version", "2025-11-25"]) {
        assert!(passed > 30, "{passed} checks");
    }
}
