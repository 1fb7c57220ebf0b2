//! What can be done about what is under the cursor, and what comes of it.

use serde_json::{Value, json};

use crate::support::{Editor, Fixture, HILL, Manner, RIVER, Unit, WORDS, WORK, uri, world};

/// What can be done in a range.
pub(crate) async fn actions(editor: &mut Editor, path: &str, range: &Value, only: Option<&str>) -> Vec<Value> {
    let context = match only {
        Some(kind) => json!({ "diagnostics": [], "only": [kind] }),
        None => json!({ "diagnostics": [] }),
    };
    let params = json!({ "textDocument": { "uri": uri(path) }, "range": range, "context": context });
    editor.ask("textDocument/codeAction", params).await.as_array().unwrap().clone()
}

async fn actions_at(editor: &mut Editor, path: &str, needle: &str, only: Option<&str>) -> Vec<Value> {
    let at = editor.at(path, needle)["position"].clone();
    actions(editor, path, &json!({ "start": at, "end": at }), only).await
}

fn titles(actions: &[Value]) -> String {
    let title = |action: &Value| {
        let mark = if action["isPreferred"] == true { ", preferred" } else { "" };
        format!("{} ({}{mark})", action["title"].as_str().unwrap(), action["kind"].as_str().unwrap())
    };
    actions.iter().map(title).collect::<Vec<_>>().join("\n")
}

fn titled(actions: &[Value], title: &str) -> Value {
    let found = actions.iter().find(|action| action["title"].as_str().unwrap().contains(title));
    found.unwrap_or_else(|| panic!("nothing is called {title}:\n{}", titles(actions)))["edit"].clone()
}

async fn assert_no_findings(editor: &mut Editor) {
    for (path, findings) in editor.all_findings().await {
        assert_eq!(findings, Vec::<Value>::new(), "{path}:\n{}", editor.text(&path));
    }
}

#[tokio::test]
async fn what_can_be_done() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    assert_eq!(actions_at(&mut editor, HILL, "bui‸lt < 1990", None).await, Vec::<Value>::new());
    editor.exchange(HILL, "built < 1990", "builtt < 1990");
    let found = actions_at(&mut editor, HILL, "bui‸ltt < 1990", None).await;
    insta::assert_snapshot!(titles(&found), @"write `built` (quickfix)");
    // Each says which finding it mends.
    assert_eq!(found[0]["diagnostics"][0], editor.findings(HILL).await[0]);
    // An editor that asks at the cursor brings what was found on its line along.
    let (at, told) = (editor.at(HILL, "whe‸n builtt")["position"].clone(), editor.findings(HILL).await);
    let params = json!({
        "textDocument": { "uri": uri(HILL) },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": told },
    });
    assert_eq!(editor.ask("textDocument/codeAction", params).await, json!(found));
    // Elsewhere there is nothing to mend; what is asked for by kind is all that is given.
    assert_eq!(actions_at(&mut editor, HILL, "curr‸ency", None).await, Vec::<Value>::new());
    assert_eq!(actions_at(&mut editor, HILL, "bui‸ltt < 1990", Some("refactor")).await, Vec::<Value>::new());
    assert_eq!(actions_at(&mut editor, HILL, "bui‸ltt < 1990", Some("quickfix")).await, found);
    editor.apply(&titled(&found, "built"));
    assert_no_findings(&mut editor).await;
    editor.leave().await;
}

#[tokio::test]
async fn a_lint_is_allowed_for_a_reason() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let end = editor.text(HILL).len();
    editor.change(HILL, end..end, "\nphrases nobody { \"asks\" }\n");
    let found = actions_at(&mut editor, HILL, "phrases no‸body", None).await;
    insta::assert_snapshot!(titles(&found), @r"
    allow `unused-declaration` here, for a reason to be written (quickfix)
    move `nobody` to `shared/nobody.playbook`, for all clients (refactor.move)
    ");
    editor.apply(&titled(&found, "allow `unused-declaration` here"));
    // Without a reason the switch is a finding itself.
    let findings = editor.findings(HILL).await;
    let codes: Vec<&str> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["E0791", "unused-declaration"]);
    editor.exchange(HILL, "because \"\"", "because \"for later\"");
    assert_no_findings(&mut editor).await;
    insta::assert_snapshot!(&editor.text(HILL)[end..]);
    editor.leave().await;
}

#[tokio::test]
async fn the_record_that_shows_a_finding_is_offered_as_a_test() {
    let fixture = Fixture::of(
        "//- /clients/a/a.playbook
client \"A\" { currency NZD }
use std.crm
score s for Contact {
  +50 when city is \"Nelson\" because \"near\"
  +50 when city is \"Dunedin\" because \"near\"
  route {
    hot  when s > 60
    warm when s >= 40
    cold otherwise
  }
}
",
    );
    let path = "/clients/a/a.playbook";
    let mut editor = Editor::with(fixture.disk(), &Manner::default(), &[path]).await;
    let findings = editor.findings(path).await;
    let mut shown = String::new();
    for finding in &findings {
        let found = actions(&mut editor, path, &finding["range"], None).await;
        shown.push_str(&format!("{}\n{}\n", finding["message"].as_str().unwrap(), titles(&found)));
    }
    insta::assert_snapshot!(shown);
    editor.leave().await;
}

#[tokio::test]
async fn phrases_are_taken_out_of_phrases() {
    let fixture = Fixture::of(
        "//- /clients/a/a.playbook
client \"A\" { currency NZD }
use std.crm
objection price hidden { \"too expensive\", ‸\"no budget\", \"cheaper\"‸ }
score s for Contact { +1 when objections.open has price because \"x\" }
",
    );
    let (path, range) = fixture.marked(Unit::Utf16);
    let mut editor = Editor::with(fixture.disk(), &Manner::default(), &[path]).await;
    let found = actions(&mut editor, path, &range, Some("refactor.extract")).await;
    insta::assert_snapshot!(titles(&found), @"take these out, as phrases `price_more` (refactor.extract)");
    editor.apply(&titled(&found, "take these out"));
    insta::assert_snapshot!(editor.text(path));
    // All of them, or none, is nothing to take out.
    let all = editor.unit.range(&editor.text(path), 0..editor.text(path).len());
    assert_eq!(actions(&mut editor, path, &all, Some("refactor.extract")).await, Vec::<Value>::new());
    editor.leave().await;
}

#[tokio::test]
async fn a_declaration_moves_to_what_all_share_and_both_clients_compile() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let words = "/// Rain comes in.\nphrases leak { \"it drips\", \"wet wall\" }\n\n";
    editor.exchange(HILL, "event quiz.completed {", &format!("{words}event quiz.completed {{"));
    editor.exchange(
        HILL,
        "    +100 when built < 1990",
        "    +50 when any conversation mentions leak in the last 30 days because \"it drips\"\n    +50 when built < 1990",
    );
    let found = actions_at(&mut editor, HILL, "phrases le‸ak", Some("refactor")).await;
    insta::assert_snapshot!(titles(&found), @"move `leak` to `shared/leak.playbook`, for all clients (refactor.move)");
    editor.apply(&titled(&found, "move"));
    assert_no_findings(&mut editor).await;
    insta::assert_snapshot!(format!(
        "{}\n── shared\n{}",
        &editor.text(HILL)[..editor.text(HILL).find("agent").unwrap()],
        editor.text("/clients/shared/leak.playbook")
    ));
    // The other client can use it.
    editor.open(RIVER);
    editor.exchange(RIVER, "use shared.words", "use shared.words\nuse shared.leak");
    let end = editor.text(RIVER).len();
    editor.change(
        RIVER,
        end..end,
        "\nscore wet for Contact {\n  +10 when any conversation mentions leak in the last 30 days because \"it drips\"\n}\n",
    );
    assert_no_findings(&mut editor).await;
    // What names something of the client stays with it.
    assert_eq!(actions_at(&mut editor, HILL, "score ic‸p for", Some("refactor.move")).await, Vec::<Value>::new());
    // What is shared already is.
    editor.open(WORDS);
    assert_eq!(actions_at(&mut editor, WORDS, "phrases urg‸ency", Some("refactor.move")).await, Vec::<Value>::new());
    editor.leave().await;
}

#[tokio::test]
async fn what_is_added_to_a_file_of_windows_ends_its_lines_so() {
    let disk = world();
    let words =
        "// Apart from it.\n\n/// Rain comes in.\nphrases leak {\n  \"it drips\"\n}\n\nphrases nobody { \"asks\" }\n";
    let text = format!("{}\n{words}", disk.get(HILL).unwrap()).replace('\n', "\r\n");
    let mut editor = Editor::begin(disk, &Manner::default()).await;
    editor.open_as(HILL, &text);
    let found = actions_at(&mut editor, HILL, "phrases no‸body", None).await;
    editor.apply(&titled(&found, "allow `unused-declaration` here"));
    let found = actions_at(&mut editor, HILL, "phrases le‸ak", Some("refactor")).await;
    editor.apply(&titled(&found, "move"));
    let moved = "/// Rain comes in.\r\nphrases leak {\r\n  \"it drips\"\r\n}\r\n";
    assert_eq!(editor.text("/clients/shared/leak.playbook"), moved);
    let left = editor.text(HILL);
    assert!(left.contains("use shared.leak\r\n") && left.contains("// Apart from it.\r\n\r\n"), "{left}");
    assert_eq!(left.matches('\n').count(), left.matches("\r\n").count(), "{left:?}");
    editor.leave().await;
}

#[tokio::test]
async fn an_editor_that_makes_no_files_is_not_asked_to() {
    let mut manner = Manner::default();
    manner.capabilities["workspace"]["workspaceEdit"] = json!({});
    let mut editor = Editor::with(world(), &manner, &[WORK]).await;
    assert_eq!(actions_at(&mut editor, WORK, "workflow Hos‸ting", Some("refactor.move")).await, Vec::<Value>::new());
    editor.leave().await;
}

#[tokio::test]
async fn all_that_can_be_mended_safely_is_mended_at_once() {
    let fixture = Fixture::of(
        "//- /clients/a/a.playbook
client \"A\" { currency NZD }
use std.crm
score s for Contact {
  +50 when city = \"Nelson\" because \"near\"
  +50 when city = \"Dunedin\" because \"near\"
}
",
    );
    let path = "/clients/a/a.playbook";
    let mut editor = Editor::with(fixture.disk(), &Manner::default(), &[path]).await;
    let nowhere = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    // Whoever does not ask for it by name does not get it.
    assert_eq!(actions(&mut editor, path, &nowhere, None).await, Vec::<Value>::new());
    let found = actions(&mut editor, path, &nowhere, Some("source.fixAll")).await;
    insta::assert_snapshot!(titles(&found), @"mend all that can be mended safely (source.fixAll)");
    editor.apply(&found[0]["edit"]);
    insta::assert_snapshot!(editor.text(path));
    assert_no_findings(&mut editor).await;
    assert_eq!(actions(&mut editor, path, &nowhere, Some("source")).await, Vec::<Value>::new());
    editor.leave().await;
}
