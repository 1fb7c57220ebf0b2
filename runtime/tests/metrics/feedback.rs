//! What one workflow learns from another: ends that share a reason.

use compiler::program::Feedback;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use runtime::engine::EntryId;
use runtime::metrics::feedback::{EndedRun, batches, due, ended_runs};

use crate::stand::{BEGIN, Log, program};

fn feedback(count: u32, in_a_row: bool) -> Feedback {
    let mut feedback = program().feedback.remove(0);
    (feedback.count, feedback.in_a_row) = (count, in_a_row);
    feedback
}

/// Ends, one a day: a letter is a reason, `.` none, `-` another outcome.
fn ends(words: &str) -> Vec<EndedRun> {
    let begin: Timestamp = BEGIN.parse().unwrap();
    let of = |(day, word): (usize, char)| EndedRun {
        run: EntryId(1000 - day as i64),
        entry: EntryId(day as i64 + 1),
        at: begin + SignedDuration::from_hours(24 * day as i64),
        outcome: if word == '-' { "won".into() } else { "disqualified".into() },
        reason: (word != '.').then(|| word.to_string().into()),
    };
    words.chars().enumerate().map(of).collect()
}

/// `a@3`: a batch for reason a that the third end completed.
fn found(feedback: &Feedback, words: &str) -> String {
    let batches = batches(feedback, &ends(words));
    batches.iter().map(|batch| format!("{}@{}", batch.reason, batch.upto)).collect::<Vec<_>>().join(" ")
}

#[test]
fn in_a_row_means_that_nothing_comes_between() {
    let feedback = feedback(3, true);
    assert_eq!(found(&feedback, "aaa"), "a@3");
    assert_eq!(found(&feedback, "aa"), "");
    assert_eq!(found(&feedback, "aabaaa"), "a@6", "another reason breaks the row");
    assert_eq!(found(&feedback, "aa-aaa"), "a@6", "another outcome does");
    assert_eq!(found(&feedback, "aa.aaa"), "a@6", "an end without a reason does");
    assert_eq!(found(&feedback, "..."), "", "no reason is none that is shared");
    assert_eq!(found(&feedback, "aaaaaaa"), "a@3 a@6", "each run is in one batch at most");
    assert_eq!(found(&feedback, "aaabbb"), "a@3 b@6");
}

#[test]
fn otherwise_thirty_days_count_and_what_comes_between_does_not() {
    let feedback = feedback(3, false);
    assert_eq!(found(&feedback, "abab-.ab"), "a@7 b@8");
    // The first is thirty days old when the third comes: it is too old.
    let far = format!("a{}aa", "-".repeat(28));
    assert_eq!(found(&feedback, &far), "");
    let near = format!("a{}aa", "-".repeat(27));
    assert_eq!(found(&feedback, &near), "a@30");
    assert_eq!(found(&feedback, &format!("{far}a")), "a@32");
}

#[test]
fn each_batch_fires_once() {
    let feedback = feedback(2, true);
    let ended = ends("aabba");
    let first = due(&feedback, &ended, EntryId(0)).unwrap();
    assert_eq!((first.reason.as_str(), first.runs.as_slice()), ("a", [EntryId(1000), EntryId(999)].as_slice()));
    let second = due(&feedback, &ended, first.upto).unwrap();
    assert_eq!((second.reason.as_str(), second.upto), ("b", EntryId(4)));
    assert_eq!(due(&feedback, &ended, second.upto), None);
}

#[test]
fn the_reason_is_the_ways_then_the_ends_then_the_way_itself() {
    let program = program();
    let mut log = Log::new();
    let cold = log.generation(1);
    log.drop_cold(&cold);
    let capped = log.generation(2);
    log.enter(&capped, Some("Rating"), "Dropped", "Dropped after 10 days", "Qualification");
    log.end(&capped, "disqualified", None);
    let said = log.generation(3);
    log.enter(&said, Some("Rating"), "Dropped", "Dropped after 10 days", "Qualification");
    log.end(&said, "disqualified", Some("nobody could tell"));
    log.generation(4);
    let ended = ended_runs(&program, &log.journal(), "Generation");
    let reasons: Vec<_> = ended.iter().map(|ended| ended.reason.as_deref().unwrap_or_default()).collect();
    assert_eq!(reasons, ["not our trade", "Dropped after 10 days", "nobody could tell"]);
    assert_eq!(ended_runs(&program, &log.journal(), "Selling"), []);
}

#[test]
fn runs_are_taken_in_the_order_in_which_they_ended() {
    let program = program();
    let mut log = Log::new();
    let (first, second) = (log.generation(1), log.generation(2));
    log.drop_cold(&second);
    log.drop_cold(&first);
    let ended = ended_runs(&program, &log.journal(), "Generation");
    assert_eq!(ended.iter().map(|ended| ended.run).collect::<Vec<_>>(), [second.id, first.id]);
}

proptest! {
    #[test]
    fn rows_are_what_reading_letter_by_letter_says(words in "[ab.-]{0,30}", count in 1u32..4) {
        let mut wanted = Vec::new();
        let (mut row, mut last) = (0, ' ');
        for (place, word) in words.chars().enumerate() {
            row = if word == last { row + 1 } else { 1 };
            last = word;
            if "ab".contains(word) && row == count {
                wanted.push(format!("{word}@{}", place + 1));
                row = 0;
            }
        }
        prop_assert_eq!(found(&feedback(count, true), &words), wanted.join(" "));
    }

    #[test]
    fn more_of_the_log_never_changes_an_earlier_batch(words in "[ab.-]{0,40}", more in "[ab.-]{0,10}", count in 1u32..4, in_a_row in any::<bool>()) {
        let feedback = feedback(count, in_a_row);
        let before = batches(&feedback, &ends(&words));
        let after = batches(&feedback, &ends(&format!("{words}{more}")));
        prop_assert_eq!(&after[..before.len()], before.as_slice());
    }
}
