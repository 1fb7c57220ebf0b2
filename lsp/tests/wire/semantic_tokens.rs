//! What each word is: the whole, what has changed, a part.

use serde_json::{Value, json};

use crate::support::editor::document;
use crate::support::{Editor, Fixture, HILL, Manner, Unit, WORK, uri, world};

/// A coloured piece: line, first unit, length, kind, modifiers.
type Piece = (usize, usize, usize, usize, usize);

/// The numbers of an answer as pieces; each has to stand behind the one before, and within its line.
fn pieces(data: &[usize], text: &str, unit: Unit) -> Vec<Piece> {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let (mut line, mut character, mut end) = (0, 0, 0);
    let mut found = Vec::new();
    assert_eq!(data.len() % 5, 0);
    for one in data.chunks(5) {
        if one[0] > 0 {
            (line, character, end) = (line + one[0], 0, 0);
        }
        character += one[1];
        assert!(character >= end, "pieces meet each other in line {}", line + 1);
        end = character + one[2];
        let length = unit.place(lines[line], lines[line].len()).character;
        assert!(end <= length && one[2] > 0, "a piece leaves line {}", line + 1);
        found.push((line, character, one[2], one[3], one[4]));
    }
    found
}

fn numbers(data: &Value) -> Vec<usize> {
    data.as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as usize).collect()
}

/// Each line that has pieces, and below it what they are.
fn drawn(editor: &Editor, text: &str, pieces: &[Piece]) -> String {
    let legend = &editor.begun["capabilities"]["semanticTokensProvider"]["legend"];
    let mut drawn = String::new();
    for (number, line) in text.lines().enumerate() {
        let of_line: Vec<String> = pieces
            .iter()
            .filter(|piece| piece.0 == number)
            .map(|(_, start, length, kind, modifiers)| {
                let range = json!({
                    "start": { "line": 0, "character": start },
                    "end": { "line": 0, "character": start + length },
                });
                let names = legend["tokenModifiers"].as_array().unwrap().iter().enumerate();
                let set = names.filter(|(bit, _)| modifiers & (1 << bit) != 0).map(|(_, name)| name.as_str().unwrap());
                let kind = legend["tokenTypes"][*kind].as_str().unwrap();
                let words: Vec<&str> = std::iter::once(kind).chain(set).collect();
                format!("{}:{}", &line[editor.unit.bytes(line, &range)], words.join("."))
            })
            .collect();
        if !of_line.is_empty() {
            drawn.push_str(&format!("{line}\n    {}\n", of_line.join("  ")));
        }
    }
    drawn
}

async fn full(editor: &mut Editor, path: &str) -> (String, Vec<usize>) {
    let answer = editor.ask("textDocument/semanticTokens/full", document(path)).await;
    (answer["resultId"].as_str().unwrap().to_owned(), numbers(&answer["data"]))
}

#[tokio::test]
async fn what_each_word_is() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let mut found = String::new();
    for path in [HILL, WORK] {
        let (_, data) = full(&mut editor, path).await;
        let text = editor.text(path);
        found.push_str(&drawn(&editor, &text, &pieces(&data, &text, editor.unit)));
    }
    insta::assert_snapshot!(found);
    editor.leave().await;
}

#[tokio::test]
async fn long_texts_are_coloured_line_by_line_in_every_unit() {
    for unit in ["utf-8", "utf-16", "utf-32"] {
        let fixture = Fixture::of(
            "//- /clients/a/a.playbook\ntemplate t {\n  subject \"é漢😀\" // 😀\n  body \"\"\"\n    Kia ora 😀\n\n    é\n  \"\"\"\n}\n",
        );
        let path = "/clients/a/a.playbook";
        // Windows ends lines with two letters.
        for text in [fixture.text(path).to_owned(), fixture.text(path).replace('\n', "\r\n")] {
            let mut editor = Editor::begin(fixture.disk(), &Manner::counting(unit)).await;
            editor.open_as(path, &text);
            let (_, data) = full(&mut editor, path).await;
            let pieces = pieces(&data, &text, editor.unit);
            let lines: Vec<usize> = pieces.iter().map(|piece| piece.0).collect();
            assert_eq!(lines, [0, 0, 1, 1, 1, 2, 2, 3, 5, 6], "{unit}: {pieces:?}");
            editor.leave().await;
        }
    }
}

/// The old numbers after the edits of a difference.
fn applied(mut data: Vec<usize>, edits: &Value) -> Vec<usize> {
    let mut edits: Vec<&Value> = edits.as_array().unwrap().iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit["start"].as_u64()));
    for edit in edits {
        let number = |name: &str| edit[name].as_u64().unwrap() as usize;
        let (start, count) = (number("start"), number("deleteCount"));
        let new = if edit["data"].is_null() { Vec::new() } else { numbers(&edit["data"]) };
        data.splice(start..start + count, new);
    }
    data
}

#[tokio::test]
async fn a_difference_makes_the_new_of_the_old() {
    let mut editor = Editor::with(world(), &Manner::default(), &[HILL]).await;
    let (mut id, mut data) = full(&mut editor, HILL).await;
    let changes = [
        ("built < 1990", "built < 1991"),
        ("+40  when symptoms", "// nothing\n    +40  when symptoms"),
        ("score icp for Contact {", "score icp for Contact"),
        ("score icp for Contact", "score icp for Contact {"),
        ("// nothing\n", "\n"),
        ("client \"Hillside\"", "// first of all\n\n\nclient \"Hillside\""),
    ];
    for (before, after) in changes {
        editor.exchange(HILL, before, after);
        let params = json!({ "textDocument": { "uri": uri(HILL) }, "previousResultId": id });
        let answer = editor.ask("textDocument/semanticTokens/full/delta", params).await;
        assert!(answer["data"].is_null(), "{before}: a difference is no whole");
        let changed = applied(data, &answer["edits"]);
        let (new_id, whole) = full(&mut editor, HILL).await;
        assert_eq!(changed, whole, "{before}");
        (id, data) = (new_id, whole);
    }
    // Nothing has changed: nothing to say. An old name: the whole again.
    let params = |id: &str| json!({ "textDocument": { "uri": uri(HILL) }, "previousResultId": id });
    let answer = editor.ask("textDocument/semanticTokens/full/delta", params(&id)).await;
    assert_eq!(answer["edits"], json!([]));
    let answer = editor.ask("textDocument/semanticTokens/full/delta", params("another")).await;
    assert_eq!(numbers(&answer["data"]), data);
    editor.leave().await;
}

#[tokio::test]
async fn a_range_is_part_of_the_whole() {
    let mut editor = Editor::with(world(), &Manner::default(), &[WORK]).await;
    let text = editor.text(WORK);
    let (_, data) = full(&mut editor, WORK).await;
    let whole = pieces(&data, &text, editor.unit);
    let lines = text.lines().count();
    for (start, end) in [(0, 0), (0, lines), (3, 9), (11, 12), (20, lines), (lines, lines + 9)] {
        let range = json!({ "start": { "line": start, "character": 0 }, "end": { "line": end, "character": 0 } });
        let params = json!({ "textDocument": { "uri": uri(WORK) }, "range": range });
        let answer = editor.ask("textDocument/semanticTokens/range", params).await;
        let part = pieces(&numbers(&answer["data"]), &text, editor.unit);
        let expected: Vec<Piece> = whole.iter().copied().filter(|piece| (start..end).contains(&piece.0)).collect();
        assert_eq!(part, expected, "lines {start} to {end}");
    }
    editor.leave().await;
}
