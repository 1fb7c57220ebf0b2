//! What follows from an error is no news: an unknown name that stands in a declaration that could not be read whole.

use language::Span;
use language::syntax::DeclarationKind;
use rustc_hash::FxHashMap;

use crate::diagnostics::lines::Lines;
use crate::diagnostics::{Diagnostic, Files};
use crate::modules::Modules;
use crate::program::FileId;

/// Codes for names that nothing declares.
fn is_about_a_name(id: &str) -> bool {
    let of_workflows = ["E0801", "E0802", "E0807", "E0808", "E0821", "E0823", "E0824"];
    id.starts_with("E022") || id.starts_with("E023") || of_workflows.contains(&id)
}

/// Drops what would not be said if the broken declarations could be read.
pub(crate) fn suppress(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    swallowed_brackets(modules, diagnostics);
    permissions_lost(modules, diagnostics);
    behind_a_lost_brace(modules, diagnostics);
    if !diagnostics.iter().any(|found| is_about_a_name(found.code.id)) {
        return;
    }
    // How often each word stands in a broken declaration, beside where it is itself what nobody knows.
    let mut words: FxHashMap<&str, i64> = FxHashMap::default();
    let mut broken: Vec<(FileId, Span)> = Vec::new();
    for declared in &modules.declarations {
        // What a test or a source says declares no name.
        let declares = !matches!(declared.declaration.kind, DeclarationKind::Test(_) | DeclarationKind::Source(_));
        if declared.declaration.broken && declares {
            let span = declared.declaration.span;
            broken.push((declared.file, span));
            let text = modules.text(declared.file, span);
            for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
                *words.entry(word).or_default() += 1;
            }
        }
    }
    if broken.is_empty() {
        return;
    }
    broken.sort_unstable();
    let inside = |found: &Diagnostic| {
        let (file, at) = (found.primary.file, found.primary.span.start);
        let next = broken.partition_point(|(of, span)| (*of, span.start) <= (file, at));
        let before = next.checked_sub(1).and_then(|before| broken.get(before));
        before.is_some_and(|(of, span)| *of == file && at <= span.end)
    };
    for found in diagnostics.iter().filter(|found| is_about_a_name(found.code.id) && inside(found)) {
        if let Some(count) = words.get_mut(last_word(&modules.files, found)) {
            *count -= 1;
        }
    }
    let declared = |found: &Diagnostic| words.get(last_word(&modules.files, found)).is_some_and(|count| *count > 0);
    diagnostics.retain(|found| !is_about_a_name(found.code.id) || !declared(found));
}

/// A text without its closing quote takes the brackets behind it in: that nothing closes what they would is no news.
fn swallowed_brackets(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let texts: Vec<(FileId, Span)> = diagnostics
        .iter()
        .filter(|found| found.code.name == "unclosed-text")
        .map(|found| (found.primary.file, found.primary.span))
        .filter(|(file, span)| modules.text(*file, *span).contains(['}', ']', ')']))
        .take(100)
        .collect();
    if texts.is_empty() {
        return;
    }
    diagnostics.retain(|found| {
        let (file, span) = (found.primary.file, found.primary.span);
        let behind = |text: &(FileId, Span)| {
            text.0 == file
                && span.end <= text.1.start
                && !modules.text(file, Span::new(span.end, text.1.start)).contains('\n')
        };
        found.code.name != "unclosed" || !texts.iter().any(behind)
    });
}

/// A client's block that cannot be read may name its people and say its currency.
fn permissions_lost(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let clients = modules
        .declarations
        .iter()
        .map(|declared| (declared, &declared.declaration))
        .filter(|(declared, declaration)| modules.text(declared.file, declaration.keyword) == "client");
    let (mut broken, mut lost) = (false, false);
    for (_, declaration) in clients {
        let unread = matches!(declaration.kind, DeclarationKind::Broken { .. });
        lost |= unread;
        broken |= unread || declaration.broken;
    }
    diagnostics.retain(|found| match found.code.name {
        "unknown-person" => !broken,
        "other-currency" => !lost,
        _ => true,
    });
}

/// Where a block's `{` is lost, its `}` closes nothing, and its lines seem to stand outside of every block: one error is enough.
fn behind_a_lost_brace(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    // So many are looked at: in a hostile text each bracket may be a mistake.
    const MOST: usize = 100;
    if !diagnostics.iter().any(|found| found.code.name == "unopened") {
        return;
    }
    let lines: Vec<Lines> = modules.files.files.iter().map(|file| Lines::of(&file.text)).collect();
    let indent = |found: &Diagnostic| indent(&modules.files, &lines, found.primary.file, found.primary.span);
    let place = |found: &Diagnostic| (found.primary.file, found.primary.span.start);
    let mut closing: Vec<_> = diagnostics
        .iter()
        .filter(|found| found.code.name == "unopened" && modules.text(found.primary.file, found.primary.span) == "}")
        .map(|found| (place(found), indent(found)))
        .collect();
    closing.sort_unstable();
    let mut lost: Vec<_> = diagnostics
        .iter()
        .filter(|found| match found.code.name {
            "missing-block" => true,
            "unclosed-text" => modules.text(found.primary.file, found.primary.span).trim_end().ends_with('{'),
            "not-a-declaration" => indent(found) > 0,
            _ => false,
        })
        .map(|found| (place(found), found.code.name, indent(found)))
        .collect();
    lost.sort_unstable();
    let mut silenced: Vec<((FileId, u32), (FileId, u32))> = Vec::new();
    for (at, name, depth) in lost.into_iter().take(MOST) {
        if silenced.last().is_some_and(|(from, to)| *from < at && at < *to) {
            continue;
        }
        let closes = |(place, of): &&((FileId, u32), usize)| {
            let outside = if name == "not-a-declaration" { *of < depth } else { *of == depth };
            place.0 == at.0 && *place > at && outside
        };
        if let Some((end, _)) = closing.iter().find(closes) {
            silenced.push((at, *end));
        }
    }
    diagnostics.retain(|found| {
        let at = place(found);
        let next = silenced.partition_point(|(from, _)| *from < at);
        let before = next.checked_sub(1).and_then(|before| silenced.get(before));
        let Some((_, end)) = before.filter(|(_, end)| at <= *end) else { return true };
        at != *end && (!matches!(found.code.name, "not-a-declaration" | "unopened") || indent(found) == 0)
    });
}

/// How many blanks the line of a place begins with, as far as anyone indents.
fn indent(files: &Files, lines: &[Lines], file: FileId, span: Span) -> usize {
    const FURTHEST: usize = 200;
    let start = lines.get(file.index()).map_or(0, |lines| lines.start(lines.line(span.start)));
    let line = files.slice(file, Span::new(start, span.start));
    line.bytes().take(FURTHEST).take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The name that is not known: the last one of a path.
fn last_word<'a>(files: &'a Files, found: &Diagnostic) -> &'a str {
    let place = files.slice(found.primary.file, found.primary.span);
    place
        .rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .find(|word| !word.is_empty())
        .unwrap_or_default()
}
