//! A new client works from its first minute.

use crate::support::{Desk, NOW};

#[test]
fn a_new_client_passes_everything() {
    let desk = Desk::new();
    insta::assert_snapshot!("made", desk.run(&["new", "hillside", "--now", "2026-11-20"]).expect(0).page());
    desk.run(&["check", "hillside", "--deny", "warnings"]).expect(0);
    desk.run(&["fmt", "--check", "hillside"]).expect(0);
    desk.run(&["test", "hillside"]).expect(0);
    insta::assert_snapshot!("run", desk.run(&["run", "hillside", "--now", NOW]).expect(0).page());
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let desk = Desk::new();
    desk.file("hillside/notes.txt", "mine");
    insta::assert_snapshot!(desk.run(&["new", "hillside"]).expect(3).page());
    assert_eq!(desk.read("hillside/notes.txt"), "mine");
}
