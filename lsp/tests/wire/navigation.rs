//! From a name to where it is declared, refined and used.

use serde_json::{Value, json};

use crate::support::{Editor, HILL, Manner, RIVER, WORDS, WORK, draw, draw_files, world};

/// The places of an answer, below what was asked.
async fn places(editor: &mut Editor, method: &'static str, path: &str, needle: &str, context: Value) -> String {
    let mut params = editor.at(path, needle);
    if !context.is_null() {
        params["context"] = context;
    }
    let answer = editor.ask(method, params).await;
    let Some(answer) = answer.as_array() else { return format!("── {needle}: nothing\n\n") };
    let places =
        answer.iter().map(|place| (place["uri"].as_str().unwrap().to_owned(), place["range"].clone(), String::new()));
    format!("{needle}\n{}\n", draw_files(editor, places))
}

#[tokio::test]
async fn definitions() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    assert!(editor.disk.get("/std/crm.playbook").is_none());
    let mut found = String::new();
    for (path, needle) in [
        (WORK, "by ic‸p\n"),
        (WORK, "handoff Invite to Hos‸ting"),
        (WORK, "next Go‸ne   when"),
        (WORK, "quiz.com‸pleted {"),
        (RIVER, "expect fi‸t is"),
        (HILL, "refine score fi‸t {"),
        (WORDS, "mentions urg‸ency in"),
        (HILL, "use shared.wo‸rds"),
        (HILL, "use std.cr‸m"),
        // Into the standard library, whose text is put where the editor can show it.
        (WORDS, "when ci‸ty is"),
        (HILL, "score icp for Con‸tact"),
        (WORK, "do schedule vi‸sit"),
        (HILL, "curr‸ency"),
    ] {
        found.push_str(&places(&mut editor, "textDocument/definition", path, needle, Value::Null).await);
    }
    insta::assert_snapshot!(found);
    assert!(editor.disk.get("/std/crm.playbook").is_some());
    editor.leave().await;
}

#[tokio::test]
async fn implementations() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for (path, needle) in [
        (WORDS, "score fi‸t for"),
        (HILL, "layer pla‸ce weight"),
        (HILL, "score icp for Con‸tact"),
        (WORK, "by ic‸p\n"),
    ] {
        found.push_str(&places(&mut editor, "textDocument/implementation", path, needle, Value::Null).await);
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn references() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let (all, uses) = (json!({ "includeDeclaration": true }), json!({ "includeDeclaration": false }));
    let mut found = String::new();
    for (path, needle, context) in [
        (HILL, "score ic‸p for", &all),
        (HILL, "score ic‸p for", &uses),
        // In both clients, and in what they share.
        (WORDS, "score fi‸t for", &all),
        (RIVER, "expect fi‸t is", &uses),
        (WORDS, "phrases urg‸ency {", &all),
        (HILL, "[condensation, mou‸ld]", &all),
    ] {
        found.push_str(&places(&mut editor, "textDocument/references", path, needle, context.clone()).await);
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn highlights() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for (path, needle) in
        [(WORK, "workflow Hos‸ting"), (HILL, "symp‸toms:"), (WORK, "next Inv‸ite when"), (HILL, "hot  w‸hen")]
    {
        let answer = editor.ask("textDocument/documentHighlight", editor.at(path, needle)).await;
        let Some(answer) = answer.as_array() else {
            found.push_str(&format!("{needle}: nothing\n"));
            continue;
        };
        let word = |kind: &Value| ["", "text", "read", "write"][kind.as_u64().unwrap() as usize].to_owned();
        let marks: Vec<_> = answer.iter().map(|one| (one["range"].clone(), word(&one["kind"]))).collect();
        found.push_str(&format!("{needle}\n{}\n", draw(&editor.text(path), editor.unit, &marks)));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn linked_editing() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for (path, needle) in [
        (WORK, "workflow Hos‸ting"),
        (WORK, "  stage Cal‸ling"),
        (HILL, "symp‸toms:"),
        // Named in another file too: not while typing.
        (HILL, "score ic‸p for"),
        // Written in two ways.
        (HILL, "event quiz.comp‸leted"),
    ] {
        let answer = editor.ask("textDocument/linkedEditingRange", editor.at(path, needle)).await;
        let Some(ranges) = answer["ranges"].as_array() else {
            found.push_str(&format!("{needle}: nothing\n"));
            continue;
        };
        let marks: Vec<_> = ranges.iter().map(|range| (range.clone(), String::new())).collect();
        let pattern = answer["wordPattern"].as_str().unwrap();
        found.push_str(&format!("{needle} {pattern}\n{}\n", draw(&editor.text(path), editor.unit, &marks)));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}
