//! Other people's clients, as far as this machine has them. `PLAYBOOK_PEERS` names a Python environment with them, as .ci/run makes one;
//! where it is set, what is missing fails, and elsewhere it is told and left out.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const PEERS: &str = "PLAYBOOK_PEERS";

/// What is kept of them here.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service/peers")
}

/// A package for Node, with a Node that is new enough for it.
pub(crate) fn node(package: &str) -> Option<(String, PathBuf)> {
    let node = program("node");
    let is_new = "process.exit(Number.parseInt(process.versions.node) < 22 ? 1 : 0)";
    if !succeeds(&node, &["-e", is_new]) {
        return missing("Node 22 or newer");
    }
    let path = folder().join("node_modules").join(package);
    if !path.join("package.json").exists() {
        return missing(&format!("npm package {package}: run `npm ci` in service/tests/service/peers"));
    }
    Some((node, path))
}

/// A Python that has a module.
pub(crate) fn python(module: &str) -> Option<String> {
    let python = program(if std::env::var_os(PEERS).is_some() { "python" } else { "python3" });
    if !succeeds(&python, &["-c", &format!("import {module}")]) {
        return missing(&format!("Python module {module}"));
    }
    Some(python)
}

fn program(name: &str) -> String {
    match std::env::var_os(PEERS) {
        Some(peers) => Path::new(&peers).join("bin").join(name).to_string_lossy().into_owned(),
        None => name.to_owned(),
    }
}

fn missing<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os(PEERS).is_none(), "{PEERS} is set, and there is no {what}");
    eprintln!("\n*** NOT TESTED: this machine has no {what} ***\n");
    None
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut run = Command::new(program);
    run.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    run.status().is_ok_and(|status| status.success())
}

/// Runs one to its end, which has to come in time.
pub(crate) fn run(command: &mut Command) -> Output {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let read = |pipe: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let (mut pipe, mut bytes) = (pipe, Vec::new());
            let _ = pipe.read_to_end(&mut bytes);
            bytes
        })
    };
    let stdout = read(Box::new(child.stdout.take().unwrap()));
    let stderr = read(Box::new(child.stderr.take().unwrap()));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > Duration::from_secs(240) {
            let _ = child.kill();
            let _ = child.wait();
            panic!("it did not end in time: {}", String::from_utf8_lossy(&stdout.join().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    Output { status, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
}
