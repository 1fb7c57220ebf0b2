//! Which workflow hands over to which.

use serde_json::{Value, json};

use crate::support::{Editor, HILL, Manner, WORK, draw, draw_files, world};

async fn item(editor: &mut Editor, needle: &str) -> Value {
    let answer = editor.ask("textDocument/prepareCallHierarchy", editor.at(WORK, needle)).await;
    answer[0].clone()
}

#[tokio::test]
async fn who_hands_over_to_whom() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORK]).await;
    let mut found = String::new();
    for needle in ["workflow Find‸ing for", "stage Cal‸ling {", "test \"a da‸mp house"] {
        let item = item(&mut editor, needle).await;
        if item.is_null() {
            found.push_str(&format!("── {needle}: nothing\n"));
            continue;
        }
        let word = format!("{}: {}", item["name"].as_str().unwrap(), item["detail"].as_str().unwrap());
        found.push_str(&format!("── {needle}\n"));
        found.push_str(&draw(&editor.text(WORK), editor.unit, &[(item["selectionRange"].clone(), word)]));
        for (method, end) in [("callHierarchy/outgoingCalls", "to"), ("callHierarchy/incomingCalls", "from")] {
            let calls = editor.ask(method, json!({ "item": item })).await;
            for call in calls.as_array().unwrap() {
                let other = &call[end];
                found.push_str(&format!("{end} {}\n", other["name"].as_str().unwrap()));
                // The ranges are of the one who hands over.
                let file = if end == "to" { &item["uri"] } else { &other["uri"] };
                let ranges = call["fromRanges"].as_array().unwrap().iter();
                let places = ranges.map(|range| (file.as_str().unwrap().to_owned(), range.clone(), String::new()));
                let places: Vec<_> = places.collect();
                found.push_str(&draw_files(&editor, places));
            }
        }
    }
    insta::assert_snapshot!(found);
    // What is no workflow, and what is there no more.
    let answer = editor.ask("textDocument/prepareCallHierarchy", editor.at(HILL, "score ic‸p for")).await;
    assert_eq!(answer, Value::Null);
    let gone = item(&mut editor, "workflow Hos‸ting").await;
    editor.replace_all(WORK, "");
    for method in ["callHierarchy/outgoingCalls", "callHierarchy/incomingCalls"] {
        let calls = editor.ask(method, json!({ "item": gone })).await;
        assert!(calls.is_null() || calls == json!([]), "{calls}");
    }
    editor.leave().await;
}
