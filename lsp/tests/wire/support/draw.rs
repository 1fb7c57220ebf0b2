//! Answers drawn into the text that they are about: the line, and below it what the answer marks.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Editor, Place, Unit, path_of};

/// A text's lines that have something to show, with carets below and a word behind them.
pub(crate) fn draw(text: &str, unit: Unit, marks: &[(Value, String)]) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut marks: Vec<(Place, Place, &str)> = marks
        .iter()
        .map(|(range, word)| {
            // Both have to be places of the text.
            unit.bytes(text, range);
            (Place::of(&range["start"]), Place::of(&range["end"]), word.as_str())
        })
        .collect();
    marks.sort();
    let mut drawn = String::new();
    let mut last = None;
    for (start, end, word) in marks {
        if last != Some(start.line) {
            drawn.push_str(&format!("{:>3} | {}\n", start.line + 1, lines[start.line]));
            last = Some(start.line);
        }
        let column = |place: Place| {
            let line_start = unit.byte(text, Place { character: 0, ..place });
            text[line_start..unit.byte(text, place)].chars().count()
        };
        let from = column(start);
        let (length, until) = if end.line == start.line {
            (column(end) - from, String::new())
        } else {
            (lines[start.line].chars().count() - from, format!(" (to {}:{})", end.line + 1, column(end) + 1))
        };
        let carets = if length == 0 { "|".to_owned() } else { "^".repeat(length) };
        let mut words = word.lines();
        let line = format!("    | {}{carets}{until} {}", " ".repeat(from), words.next().unwrap_or_default());
        drawn.push_str(&format!("{}\n", line.trim_end()));
        for more in words {
            drawn.push_str(format!("    | {}  {more}", " ".repeat(from)).trim_end());
            drawn.push('\n');
        }
    }
    drawn
}

/// Places of several files, each below its file's name.
pub(crate) fn draw_files(editor: &Editor, places: impl IntoIterator<Item = (String, Value, String)>) -> String {
    let mut files: BTreeMap<String, Vec<(Value, String)>> = BTreeMap::new();
    for (uri, range, word) in places {
        files.entry(path_of(&uri)).or_default().push((range, word));
    }
    let drawn = files.iter().map(|(path, marks)| {
        let text = editor.text(path);
        format!("── {path}\n{}", draw(&text, editor.unit, marks))
    });
    drawn.collect()
}
