//! Wrong states that the tables do not take, and queries that look at no more than they give.

use crate::stand::Stand;

#[test]
fn wrong_states_cannot_be_written() {
    let mut stand = Stand::new();
    stand.start(1, "Generation", "event:1");
    let sql = stand.sql();
    sql.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    let wrong = [
        ("UPDATE run SET ended = 1", "a run that ended has an outcome"),
        ("UPDATE run SET stage = NULL", "a stage was entered at some time"),
        ("UPDATE case_file SET revision = 0", "revisions are counted from 1"),
        ("UPDATE metric SET week = 'W48'", "a week is written as 2026-W48"),
        ("UPDATE metric SET from_stage = 'a'", "a stage that was left was entered before"),
        (
            "INSERT INTO outbox (number, kind, run, entity, record, agent, state) VALUES (1, 'work', 1, 'Contact', 1, 'A', 'waiting')",
            "what is open can be taken at some time",
        ),
        (
            "INSERT INTO outbox (number, kind, run, entity, record, agent, state, ready) VALUES (1, 'work', 1, 'Contact', 1, 'A', 'claimed', 1)",
            "what is claimed has a holder",
        ),
        (
            "INSERT INTO outbox (number, kind, run, entity, record, agent, state) VALUES (1, 'work', 1, 'Contact', 1, 'A', 'dead')",
            "what failed has an error",
        ),
        (
            "INSERT INTO outbox (number, kind, run, entity, record, agent, state, ready) VALUES (1, 'send', 1, 'Contact', 1, 'A', 'waiting', 1)",
            "a send has a message and a channel",
        ),
        (
            "INSERT INTO question (number, about, options, words, notes, asked, who) VALUES (1, '1', '[]', '', '[]', 1, 'me')",
            "an open question has no answer",
        ),
        (
            "INSERT INTO question (number, about, options, words, notes, asked, settled) VALUES (1, '1', '[]', '', '[]', 1, 1)",
            "what is settled was settled at some time",
        ),
        (
            "INSERT INTO consent (contact_id, channel, basis, given_at, withdrawn_at) VALUES (1, 'email', 'asked', 2, 1)",
            "consent is withdrawn after it was given",
        ),
        ("INSERT INTO seal (number, salt, body) VALUES (99, zeroblob(32), 'x')", "FOREIGN KEY"),
        (
            "INSERT INTO suppression (hash, channel, reason, at) VALUES (zeroblob(31), 'email', 'x', 1)",
            "a hash has 32 bytes",
        ),
        ("INSERT INTO log_head (only, number, at, hash) VALUES (2, 1, 1, zeroblob(32))", "there is one row"),
    ];
    for (statement, told) in wrong {
        let error = sql.execute(statement, []).expect_err(statement).to_string();
        assert!(error.contains(told), "{statement}: {error}");
    }
}

#[test]
fn who_is_woken_next_is_read_off_an_index() {
    let stand = Stand::new();
    let plan = |query: &str| stand.rows(&format!("EXPLAIN QUERY PLAN {query}"));
    let due = plan(
        "SELECT entity, record, wake_at FROM case_file WHERE wake_at <= 5 ORDER BY wake_at, entity, record LIMIT 3",
    );
    insta::assert_snapshot!(due.join("\n"), @"4|0|183|SEARCH case_file USING COVERING INDEX case_wake (wake_at<?)");
    let next = plan("SELECT min(wake_at) FROM case_file WHERE wake_at IS NOT NULL");
    insta::assert_snapshot!(next.join("\n"), @"3|0|202|SEARCH case_file USING COVERING INDEX case_wake (wake_at>?)");
}
