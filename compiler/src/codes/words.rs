//! Small pieces of English that messages share.

use std::fmt::Display;

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
