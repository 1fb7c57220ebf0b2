//! Layout: what comes of the edits is what `playbook fmt` makes.

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, HILL, Manner, Place, WORK, uri, world};

const MESSY: &str = "client \"Ä😀\"   {\ncurrency NZD\n   timezone \"UTC\"\n}\nuse   std.crm\n\n\n\nphrases a { \"x\",\"y\"  }  // é😀\n\
                     score s for Contact {\n+10   when any conversation mentions a in the last 3 days because \"x\"\n\n\n  +5 when city is \"漢\" because \"y\"\n}\n\n\n";

const PATH: &str = "/clients/messy/messy.playbook";

fn options() -> Value {
    json!({ "tabSize": 2, "insertSpaces": true })
}

#[tokio::test]
async fn a_document_is_laid_out_as_the_command_does() {
    for unit in ["utf-8", "utf-16", "utf-32"] {
        for text in [
            MESSY.to_owned(),
            MESSY.replace('\n', "\r\n"),
            format!("\u{feff}{MESSY}"),
            MESSY.trim_end().to_owned(),
            String::new(),
        ] {
            let mut editor = Editor::begin(world(), &Manner::counting(unit)).await;
            editor.open_as(PATH, &text);
            let params = json!({ "textDocument": { "uri": uri(PATH) }, "options": options() });
            let edits = editor.ask("textDocument/formatting", params.clone()).await;
            editor.apply_to(PATH, edits.as_array().unwrap());
            assert_eq!(editor.text(PATH), language::format(&text).text);
            // What is laid out has nothing to be done.
            assert_eq!(editor.ask("textDocument/formatting", params).await, json!([]));
            editor.leave().await;
        }
    }
}

#[tokio::test]
async fn one_word_that_stands_wrong_is_one_small_edit() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    editor.exchange(HILL, "extend Contact {", "extend   Contact {");
    let params = json!({ "textDocument": { "uri": uri(HILL) }, "options": options() });
    let edits = editor.ask("textDocument/formatting", params).await;
    let edits = edits.as_array().unwrap();
    assert_eq!(edits.len(), 1);
    let text = editor.text(HILL);
    assert_eq!(&text[editor.unit.bytes(&text, &edits[0]["range"])], "  ");
    editor.leave().await;
}

#[tokio::test]
async fn a_range_lays_out_the_declarations_that_it_touches() {
    let mut editor = Editor::begin(world(), &Manner::default()).await;
    editor.open_as(PATH, MESSY);
    let at = editor.at(PATH, "phra‸ses a")["position"].clone();
    let params =
        json!({ "textDocument": { "uri": uri(PATH) }, "range": { "start": at, "end": at }, "options": options() });
    let edits = editor.ask("textDocument/rangeFormatting", params).await;
    editor.apply_to(PATH, edits.as_array().unwrap());
    insta::assert_snapshot!(editor.text(PATH));
    // All of it, by its range.
    let range = editor.unit.range(&editor.text(PATH), 0..editor.text(PATH).len());
    let params = json!({ "textDocument": { "uri": uri(PATH) }, "range": range, "options": options() });
    let edits = editor.ask("textDocument/rangeFormatting", params).await;
    editor.apply_to(PATH, edits.as_array().unwrap());
    let words = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(words(&editor.text(PATH)), words(MESSY));
    editor.leave().await;
}

/// Types a letter behind a needle's mark, and does what the server says then.
async fn typed(editor: &mut Editor, needle: &str, letter: &str) -> String {
    let text = editor.text(PATH);
    let at = editor.at(PATH, needle)["position"].clone();
    let byte = editor.unit.byte(&text, Place::of(&at));
    editor.change(PATH, byte..byte, letter);
    let after = editor.unit.place(&editor.text(PATH), byte + letter.len());
    let params = json!({
        "textDocument": { "uri": uri(PATH) }, "position": after.value(), "ch": letter, "options": options(),
    });
    let edits = editor.ask("textDocument/onTypeFormatting", params).await;
    editor.apply_to(PATH, edits.as_array().unwrap());
    editor.text(PATH)
}

#[tokio::test]
async fn a_brace_lays_out_what_it_closes() {
    let mut editor = Editor::begin(world(), &Manner::default()).await;
    editor.open_as(PATH, "client \"A\"   { currency NZD\n\n\n\nphrases   a { \"x\",\"y\"\n\n\nphrases   b { \"z\" }\n");
    insta::assert_snapshot!(typed(&mut editor, "\"x\",\"y\"‸\n", "}").await);
    editor.leave().await;
}

#[tokio::test]
async fn a_line_end_lays_out_what_is_done_and_leaves_what_is_being_written() {
    let mut editor = Editor::begin(world(), &Manner::default()).await;
    editor.open_as(PATH, "phrases   a { \"x\",\"y\" }\nphrases   b { \"z\" }\n");
    insta::assert_snapshot!(typed(&mut editor, "\"y\" }‸\n", "\n").await);
    let open = "score   s for Contact {\n    +1   when city is \"x\"\n}\n";
    editor.replace_all(PATH, open);
    // Within a declaration that is closed, too: the lines behind the cursor stay.
    insta::assert_snapshot!(typed(&mut editor, "is \"x\"‸\n", "\n").await);
    editor.replace_all(PATH, "score   s for Contact {\n    +1   when city is \"x\"");
    let after = typed(&mut editor, "Contact {‸\n", "\n").await;
    assert_eq!(after, "score   s for Contact {\n\n    +1   when city is \"x\"");
    editor.leave().await;
}

#[tokio::test]
async fn what_is_not_there_is_not_laid_out() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORK]).await;
    let mut params = document("/clients/hill/nothing.playbook");
    params["options"] = options();
    assert_eq!(editor.ask("textDocument/formatting", params).await, Value::Null);
    editor.leave().await;
}
