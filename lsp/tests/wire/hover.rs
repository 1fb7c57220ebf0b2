//! What is said of what stands under the cursor.

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, Fixture, HILL, Manner, RIVER, WORDS, WORK, draw, world};

async fn hovered(editor: &mut Editor, path: &str, needle: &str) -> String {
    let answer = editor.ask("textDocument/hover", editor.at(path, needle)).await;
    if answer.is_null() {
        return format!("── {needle}\nnothing\n");
    }
    assert_eq!(answer["contents"]["kind"], "markdown");
    let words = answer["contents"]["value"].as_str().unwrap().trim_end();
    let text = editor.text(path);
    let marked = draw(&text, editor.unit, &[(answer["range"].clone(), String::new())]);
    format!("── {needle}\n{marked}{words}\n\n")
}

#[tokio::test]
async fn what_is_said_of_names() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut said = String::new();
    for (path, needle) in [
        (HILL, "score ic‸p for Contact"),
        (WORK, "by ic‸p\n"),
        (HILL, "layer behav‸ioral weight"),
        (HILL, "when any quiz.comp‸leted where"),
        (HILL, "+40  when symp‸toms has"),
        (HILL, "any of [mou‸ld]"),
        (HILL, "refine score fi‸t {"),
        (WORDS, "mentions urg‸ency in"),
        (RIVER, "expect fi‸t is"),
        (WORDS, "city i‸s"),
        (WORDS, "when ci‸ty is"),
        (WORK, "handoff Inv‸ite to"),
        (WORK, "to Hos‸ting {"),
        (WORK, "do schedule vi‸sit"),
        (WORK, "by Fin‸der {"),
        (WORK, "human own‸er {"),
        (HILL, "use shared.wo‸rds"),
        (HILL, "use std.cr‸m"),
        (HILL, "currency  NZ‸D"),
    ] {
        said.push_str(&hovered(&mut editor, path, needle).await);
    }
    insta::assert_snapshot!(said);
    editor.leave().await;
}

#[tokio::test]
async fn what_is_refined_is_explained_before_its_block_is_there() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let end = editor.text(HILL).len();
    editor.change(HILL, end..end, "\nrefine workflow Hosting\n\nrefine score icp");
    let said = hovered(&mut editor, HILL, "refine workflow Host‸ing\n").await;
    assert!(said.contains("workflow from `work.playbook`"), "{said}");
    let said = hovered(&mut editor, HILL, "refine score ic‸p").await;
    assert!(said.contains("score from `"), "{said}");
    editor.exchange(HILL, "refine workflow Hosting\n", "refine workflow Nothing\n");
    assert_eq!(hovered(&mut editor, HILL, "refine workflow Noth‸ing").await, "── refine workflow Noth‸ing\nnothing\n");
    editor.leave().await;
}

#[tokio::test]
async fn a_lint_that_is_switched_off_is_explained() {
    let fixture = Fixture::of(
        "//- /clients/a/a.playbook
client \"A\" { currency NZD }
use std.crm
// allow unused-declaration because \"for later\"
phrases later { \"x\" }
",
    );
    let path = "/clients/a/a.playbook";
    let mut editor = Editor::with(fixture.disk(), &Manner::default(), &[path]).await;
    assert_eq!(editor.findings(path).await, Vec::<Value>::new());
    let said = hovered(&mut editor, path, "allow unused-decl‸aration").await;
    assert!(said.contains("unused-declaration"), "{said}");
    assert_eq!(hovered(&mut editor, path, "for la‸ter\"").await, "── for la‸ter\"\nnothing\n");
    editor.leave().await;
}

#[tokio::test]
async fn in_a_broken_file_the_rest_is_still_explained() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    editor.exchange(HILL, "+100 when built < 1990", "+100 when built <");
    let said = hovered(&mut editor, HILL, "+40  when symp‸toms has").await;
    assert!(said.contains("symptoms: list of one of [condensation, mould]?"), "{said}");
    // Half a declaration at the end of the file.
    let end = editor.text(HILL).len();
    editor.change(HILL, end..end, "\nscore half for Contact {\n  +10 when symptoms has any of [mould");
    let said = hovered(&mut editor, HILL, "score ha‸lf for").await;
    assert!(said.contains("score half for Contact"), "{said}");
    assert_eq!(
        editor
            .ask(
                "textDocument/hover",
                json!({ "textDocument": document(HILL)["textDocument"], "position": { "line": 9999, "character": 3 } })
            )
            .await,
        Value::Null
    );
    editor.leave().await;
}
