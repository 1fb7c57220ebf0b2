//! Small pieces of English that messages share.

use std::fmt::Display;

use language::Span;

use crate::diagnostics::{Diagnostic, Edit, Files};
use crate::program::FileId;

/// `` `a`, `b` and `c` ``; of more than `most` the first and how many more there are.
pub(crate) fn list<T: Display>(items: &[T], last: &str, most: usize) -> String {
    let quoted: Vec<String> = items.iter().take(most).map(|item| format!("`{item}`")).collect();
    join(&quoted, items.len().saturating_sub(most), last)
}

/// `a, b or c`, for items that are words already.
pub(crate) fn alternatives<T: Display>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    join(&items, 0, "or")
}

/// `a, b and c`, for items that are words already.
pub(crate) fn together(items: &[String]) -> String {
    join(items, 0, "and")
}

fn join(items: &[String], more: usize, last: &str) -> String {
    match (items, more) {
        ([], _) => String::new(),
        (all, 1..) => format!("{} and {more} more", all.join(", ")),
        ([only], 0) => only.clone(),
        ([all @ .., end], 0) => format!("{} {last} {end}", all.join(", ")),
    }
}

/// `1 rule`, `2 rules`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A finding about a name that a module of the library declares, with the line that brings it.
pub(crate) fn used(found: Diagnostic, files: &Files, file: FileId, module: &str) -> Diagnostic {
    let text = files.files.get(file.index()).map_or("", |file| &*file.text);
    let edit = Edit { file, span: place_of_use(text), replacement: format!("use {module}\n") };
    let help = format!("it comes with `use {module}`: add that line");
    found.help(help).fix(format!("add `use {module}`"), true, vec![edit])
}

/// Behind the last `use` of a file; where it has none, before its first line.
fn place_of_use(text: &str) -> Span {
    let mut end = 0;
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if line.starts_with("use ") && line.ends_with('\n') {
            place = end;
        }
    }
    let place = u32::try_from(place).unwrap_or_default();
    Span::new(place, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_english() {
        assert_eq!(list(&["a"], "and", 9), "`a`");
        assert_eq!(list(&["a", "b"], "or", 9), "`a` or `b`");
        assert_eq!(list(&["a", "b", "c"], "and", 9), "`a`, `b` and `c`");
        assert_eq!(list(&["a", "b", "c", "d"], "and", 2), "`a`, `b` and 2 more");
        assert_eq!(alternatives(&["a name", "`{`"]), "a name or `{`");
        assert_eq!(count(1, "rule", "rules"), "1 rule");
    }
}
