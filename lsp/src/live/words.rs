//! Counts in words: short ones for a lens or a hint, Markdown with examples for who points at something.

use super::counting::NOWHERE;
use super::counts::{Counts, Example, Group, Moves, OfScore};

/// Behind what was counted before the playbook had errors.
pub(crate) const STALE: &str = "as of the last playbook without errors";

/// `37 of 412`
pub(crate) fn of_all(group: &Group, score: &OfScore) -> String {
    format!("{} of {}", group.count, score.judged)
}

/// `hot 12 · warm 48 · cold 352`; how many there are where the score routes nothing.
pub(crate) fn routes(score: &OfScore) -> String {
    if score.judged == 0 {
        return format!("no {} yet", score.of);
    }
    if score.labels.is_empty() {
        return format!("{} {}", score.judged, score.of);
    }
    let mut parts: Vec<String> = score.labels.iter().map(|(label, group)| format!("{label} {}", group.count)).collect();
    if score.nowhere.count > 0 {
        parts.push(format!("{NOWHERE} {}", score.nowhere.count));
    }
    parts.join(" · ")
}

/// `8 would move: 5 warm → hot, 3 cold → warm`
pub(crate) fn moves(moves: &Moves) -> String {
    let total = moves.total();
    if total == 0 {
        return "nobody would move".to_owned();
    }
    let one = |(from, to, count): &(_, _, u64)| {
        let name =
            |route: &Option<smol_str::SmolStr>| route.as_ref().map_or(NOWHERE, smol_str::SmolStr::as_str).to_owned();
        format!("{count} {} → {}", name(from), name(to))
    };
    let parts: Vec<String> = moves.routes.iter().map(one).collect();
    format!("{total} would move: {}", parts.join(", "))
}

/// `3 runs here`
pub(crate) fn runs(group: &Group) -> String {
    match group.count {
        0 => "no runs here".to_owned(),
        1 => "1 run here".to_owned(),
        count => format!("{count} runs here"),
    }
}

/// A figure and its examples, a line each.
pub(crate) fn with_examples(first: String, examples: &[Example]) -> Vec<String> {
    std::iter::once(first).chain(examples.iter().map(example)).collect()
}

fn example(example: &Example) -> String {
    let beside = if example.beside.is_empty() { String::new() } else { format!(", {}", escaped(&example.beside)) };
    format!("- {}{beside} ({})", escaped(&example.name), escaped(&example.detail))
}

/// When it was counted, and whether the playbook has changed since.
pub(crate) fn when(counts: &Counts, is_stale: bool) -> String {
    let stale = if is_stale { format!("; {STALE}") } else { String::new() };
    format!("*as of {}{stale}*", escaped(&counts.as_of))
}

/// As the CRM has it, and nothing of it is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(
            letter,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$'
        ) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_markup() {
        let named = Example {
            id: 7,
            name: "[click](command:x) <b>".to_owned(),
            beside: "A_B".to_owned(),
            detail: "82 points".to_owned(),
        };
        assert_eq!(example(&named), "- \\[click\\](command:x) \\<b\\>, A\\_B (82 points)");
        assert_eq!(format!("{named:?}"), "Example { id: 7, detail: \"82 points\", .. }");
    }

    #[test]
    fn moves_in_words() {
        let to = |label: &str| Some(label.into());
        let routes = vec![(to("warm"), to("hot"), 5), (None, to("warm"), 3)];
        let said = moves(&Moves { routes, examples: Vec::new() });
        assert_eq!(said, "8 would move: 5 warm → hot, 3 nowhere → warm");
        assert_eq!(moves(&Moves::default()), "nobody would move");
    }
}
