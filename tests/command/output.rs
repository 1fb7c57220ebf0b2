//! What happens to the output: pipes that close, disks that are full, colours.

use std::io::Read as _;
use std::process::Stdio;

use crate::support::{Desk, skipped};

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    let mut child = desk
        .command(&["completions", "zsh"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Closed before a byte is read: the script is larger than a pipe holds.
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_full_disk_behind_stdout_is_said() {
    let Ok(full) = std::fs::File::create("/dev/full") else {
        skipped("there is no /dev/full here");
        return;
    };
    let output = Desk::new().command(&["completions", "zsh"]).stdin(Stdio::null()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"error: could not write the output: no space left on device");
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let desk = Desk::new();
    desk.file("a.playbook", "client \"A\" {\n  curency NZD\n}\n");
    let plain = desk.run(&["check", "a.playbook"]).expect(1);
    let coloured = desk.run(&["--color", "always", "check", "a.playbook"]);
    assert!(coloured.stdout.contains('\u{1b}'), "{}", coloured.page());
    let stripped = strip(&coloured.stdout);
    assert_eq!(stripped, plain.stdout, "colour changes nothing but colour");
}

fn strip(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}
