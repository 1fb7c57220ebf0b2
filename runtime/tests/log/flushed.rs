//! What was acknowledged was flushed: seen from outside, in the system calls of a process of its own.
//!
//! It needs strace, and says so where that is not installed; everywhere else the fault tests kill processes instead.

use std::io::Write as _;
use std::process::Command;

use runtime::crm::log::{Decision, LogError, LogWriter, Means, Seeded};

use crate::stand::{Stand, contact, ended, entered, started, zone};

/// Whose marks in a trace are told apart from all else that is written.
const MARK: &str = "acknowledged-";
const CHILD: &str = "LOG_TEST_MARKS";

/// Only does something in the process that is traced: decides, and leaves a mark each time that it was told so.
#[test]
fn traced_process() {
    let Some(marks) = std::env::var_os(CHILD) else { return };
    let mut marks = std::fs::File::create(marks).unwrap();
    let mut mark = |what: &str| marks.write_all(format!("{MARK}{what}\n").as_bytes()).unwrap();
    let mut stand = Stand::new();
    mark("begin");
    for round in 0..10 {
        let run = stand.start(1, "Generation", &format!("event:{round}"));
        mark("one");
        stand.decide(1, |_, _| vec![ended(run)]).unwrap();
        mark("one");
    }
    let Stand { folder: _folder, crm, .. } = stand;
    let writer = LogWriter::start(crm, 100);
    for id in 1..=9 {
        let ticket = writer.ask(move |group| {
            let (zone, mut salts) = (zone(), Seeded::new(3));
            let mut means = Means { now: crate::stand::NOW.parse().unwrap(), zone: &zone, randomness: &mut salts };
            group.decide(&contact(id), &mut means, |_, _, turn| {
                let entries = vec![started(id, "Generation", "event:x"), entered(turn.first.0, None, "research")];
                Ok::<_, LogError>(Decision { entries, ..Decision::default() })
            })
        });
        ticket.wait().unwrap();
        mark("thread");
    }
}

#[test]
fn what_was_acknowledged_was_flushed_before() {
    if Command::new("strace").arg("-V").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=fsync,fdatasync,write,pwrite64", "-o"])
        .arg(&trace)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "flushed::traced_process"])
        .env(CHILD, folder.path().join("marks"))
        .output()
        .unwrap();
    if !traced.status.success() && String::from_utf8_lossy(&traced.stderr).contains("Operation not permitted") {
        return;
    }
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    let (mut marks, mut flushes, mut unflushed) = (0, 0, 0);
    for call in std::fs::read_to_string(&trace).unwrap().lines() {
        if call.contains("fsync(") || call.contains("fdatasync(") {
            flushes += 1;
            unflushed = 0;
        } else if call.contains("pwrite64(") {
            unflushed += 1;
        } else if call.contains(MARK) {
            if !call.contains("begin") {
                assert!(flushes > 0, "mark {marks} came without a flush");
                assert_eq!(unflushed, 0, "mark {marks} came before the last write was flushed");
            }
            (marks, flushes) = (marks + 1, 0);
        }
    }
    assert_eq!(marks, 30);
}
