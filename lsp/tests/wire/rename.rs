//! Another name for something, in every file; what cannot be renamed is refused in words.

use serde_json::{Value, json};

use crate::support::{Editor, HILL, Manner, RIVER, WORDS, WORK, draw, draw_files, world};

#[tokio::test]
async fn what_would_be_renamed() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for (path, needle) in [
        (HILL, "score ic‸p for"),
        (WORK, "by ic‸p\n"),
        (HILL, "any quiz.comp‸leted where"),
        (WORK, "test \"a damp hou‸se counts\""),
        (HILL, "score icp for Con‸tact"),
        (WORDS, "when ci‸ty is"),
        (HILL, "use shared.wo‸rds"),
        (HILL, "laye‸r house"),
    ] {
        let words = match editor.try_ask("textDocument/prepareRename", editor.at(path, needle)).await {
            Ok(Value::Null) => "nothing\n".to_owned(),
            Ok(answer) => {
                let mark = (answer["range"].clone(), answer["placeholder"].as_str().unwrap().to_owned());
                draw(&editor.text(path), editor.unit, &[mark])
            }
            Err(refusal) => format!("refused ({}): {}\n", refusal["code"], refusal["message"].as_str().unwrap()),
        };
        found.push_str(&format!("── {needle}\n{words}\n"));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

/// Renames, draws what changes, applies it, and wants nothing to be found in any client.
async fn renamed(editor: &mut Editor, path: &str, needle: &str, name: &str) -> String {
    let mut params = editor.at(path, needle);
    params["newName"] = json!(name);
    let edit = editor.ask("textDocument/rename", params).await;
    let mut places = Vec::new();
    for file in edit["documentChanges"].as_array().unwrap() {
        for edit in file["edits"].as_array().unwrap() {
            let uri = file["textDocument"]["uri"].as_str().unwrap().to_owned();
            places.push((uri, edit["range"].clone(), edit["newText"].as_str().unwrap().to_owned()));
        }
    }
    let drawn = draw_files(editor, places);
    editor.apply(&edit);
    for (path, findings) in editor.all_findings().await {
        assert_eq!(findings, Vec::<Value>::new(), "{path} after renaming to {name}");
    }
    format!("{needle} to {name}\n{drawn}\n")
}

#[tokio::test]
async fn a_name_is_exchanged_in_all_files() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORDS]).await;
    let mut found = String::new();
    for (path, needle, name) in [
        (WORK, "by ic‸p\n", "heat"),
        // Shared by both clients, and refined by one.
        (RIVER, "expect fi‸t is", "suits"),
        (HILL, "layer pla‸ce weight", "where_they_are"),
        (WORDS, "phrases urg‸ency {", "hurry"),
        (HILL, "any quiz.comp‸leted where", "quiz.done"),
        (HILL, "[dry, da‸mp]", "wet"),
        (HILL, "buil‸t: ", "year_built"),
        (WORK, "by Fin‸der {", "Scout"),
        (WORK, "workflow Hos‸ting", "Guests"),
        (WORK, "stage Cal‸ling", "Phoning"),
        (WORK, "end Lo‸st as", "Missed"),
        (HILL, "people    own‸er", "boss"),
        (WORK, "test \"a damp hou‸se counts\"", "damp \"counts\""),
    ] {
        found.push_str(&renamed(&mut editor, path, needle, name).await);
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn an_editor_without_versions_gets_edits_without_them() {
    let mut manner = Manner::default();
    manner.capabilities["workspace"].as_object_mut().unwrap().remove("workspaceEdit");
    let mut editor = Editor::with(world(), &manner, &[HILL]).await;
    let mut params = editor.at(WORK, "by ic‸p\n");
    params["newName"] = json!("heat");
    let edit = editor.ask("textDocument/rename", params).await;
    assert!(edit["documentChanges"].is_null());
    editor.apply(&edit);
    assert!(editor.all_findings().await.values().all(Vec::is_empty));
    assert!(editor.text(HILL).contains("score heat for Contact"));
    editor.leave().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL, WORDS]).await;
    let mut found = String::new();
    for (path, needle, name) in [
        (HILL, "score ic‸p for", "2nd"),
        (HILL, "score ic‸p for", "two words"),
        (HILL, "score ic‸p for", ""),
        (HILL, "score ic‸p for", "fit"),
        (HILL, "score ic‸p for", "a.b"),
        // Of another kind, and read as that where it stands.
        (HILL, "score ic‸p for", "built"),
        (HILL, "layer hou‸se", "symptoms"),
        (HILL, "buil‸t: ", "icp"),
        (HILL, "people    own‸er", "Finder"),
        // Free for the client that is open, and not for the other one that shares it.
        (WORDS, "phrases urg‸ency {", "icp"),
        (HILL, "any quiz.comp‸leted where", "done"),
        (HILL, "score icp for Con‸tact", "Person"),
        (HILL, "use shared.wo‸rds", "phrases"),
        (WORK, "test \"a damp hou‸se counts\"", " "),
    ] {
        let mut params = editor.at(path, needle);
        params["newName"] = json!(name);
        let words = match editor.try_ask("textDocument/rename", params).await {
            Ok(answer) => format!("done: {answer}"),
            Err(refusal) => format!("({}) {}", refusal["code"], refusal["message"].as_str().unwrap()),
        };
        found.push_str(&format!("{needle} to `{name}`\n  {words}\n"));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn a_name_that_the_standard_library_asks_for_stays() {
    let client = "/clients/asked/asked.playbook";
    let text = "use std.workflows\n\nscore icp for Contact {\n  +10 when phone is known because \"there\"\n  route {\n    \
                hot  when icp >= 5\n    warm when icp >= 3\n    cold otherwise\n  }\n}\n";
    let mut editor = Editor::with(world(), &Manner::default(), &[]).await;
    editor.open_as(client, text);
    let mut params = editor.at(client, "score ic‸p for");
    params["newName"] = json!("rank");
    let refusal = editor.try_ask("textDocument/rename", params).await.unwrap_err();
    let words = refusal["message"].as_str().unwrap();
    assert!(words.starts_with("score `icp` is asked for by the standard library as well, in `"), "{words}");
    editor.leave().await;
}
