//! Lenses that count nothing: a scenario has one to simulate it.

use serde_json::json;

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, world};

#[tokio::test]
async fn a_scenario_is_simulated_in_a_terminal() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let end = editor.text(HILL).len();
    let scenario =
        "\nscenario \"may's first\" {\n  leads 20 per week from \"sample/contacts.csv\" for 8 weeks\n  seed  42\n}\n";
    editor.change(HILL, end..end, scenario);
    let lenses = editor.ask("textDocument/codeLens", document(HILL)).await;
    let of_scenario = |lens: &&serde_json::Value| lens["command"]["title"] == "simulate";
    let lens = lenses.as_array().unwrap().iter().find(of_scenario).unwrap();
    assert_eq!(lens["range"]["start"]["line"], json!(editor.text(HILL)[..end + 1].matches('\n').count()));
    let command = &lens["command"];
    assert_eq!(command["arguments"][0]["scenario"], "may's first");
    // An editor that has a terminal does it by itself; any other is told how.
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    let answer = editor.ask("workspace/executeCommand", params).await;
    assert_eq!(answer, r"in a terminal: playbook simulate '/clients/hill' 'may'\''s first'");
    editor.leave().await;
}
