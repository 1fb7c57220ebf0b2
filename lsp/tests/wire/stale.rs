//! Nothing is said of a text that has changed meanwhile.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, WORK, uri, world};

/// Holds the server up, asks, and changes the text before the server comes to the question.
async fn overtaken(method: &'static str, params: Value) -> Result<Value, Value> {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    editor.findings(HILL).await;
    editor.disk.hold();
    // It waits for the disk with this one.
    editor.open_as("/clients/hill/more.playbook", "");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let id = editor.send(method, params);
    editor.exchange(HILL, "icp >= 50", "icp >= wrong");
    tokio::time::sleep(Duration::from_millis(50)).await;
    editor.disk.release();
    let answer = editor.answer(id).await;
    // Once it has come to the edit, it answers about the newest text.
    assert_eq!(editor.findings(HILL).await.len(), 1);
    editor.leave().await;
    answer
}

#[tokio::test]
async fn findings_that_edits_overtake_are_asked_for_again() {
    for (method, params) in
        [("textDocument/diagnostic", document(HILL)), ("workspace/diagnostic", json!({ "previousResultIds": [] }))]
    {
        let refusal = overtaken(method, params).await.unwrap_err();
        assert_eq!(refusal["code"], -32802, "{refusal}");
        assert_eq!(refusal["data"], json!({ "retriggerRequest": true }));
    }
}

#[tokio::test]
async fn colours_hints_and_lenses_that_edits_overtake_are_of_a_modified_text() {
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let text = json!({ "uri": uri(HILL) });
    for (method, params) in [
        ("textDocument/semanticTokens/full", document(HILL)),
        ("textDocument/semanticTokens/full/delta", json!({ "textDocument": text, "previousResultId": "1" })),
        ("textDocument/semanticTokens/range", json!({ "textDocument": text, "range": range })),
        ("textDocument/inlayHint", json!({ "textDocument": text, "range": range })),
        ("textDocument/codeLens", document(HILL)),
    ] {
        let refusal = overtaken(method, params).await.unwrap_err();
        assert_eq!(refusal["code"], -32801, "{method}: {refusal}");
    }
}

#[tokio::test]
async fn what_is_asked_after_an_edit_is_about_the_text_after_it() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORK]).await;
    for round in 0..20 {
        editor.exchange(HILL, "score icp for", "score icq for");
        let pulled = editor.send("textDocument/diagnostic", document(WORK));
        editor.answer(pulled).await.map(|report| assert!(!report["items"].as_array().unwrap().is_empty())).unwrap();
        editor.exchange(HILL, "score icq for", "score icp for");
        // Never of the text before the edit that was told before.
        let pulled = editor.send("textDocument/diagnostic", document(WORK));
        let report = editor.answer(pulled).await.unwrap();
        assert_eq!(report["items"], json!([]), "round {round}");
    }
    editor.leave().await;
}
