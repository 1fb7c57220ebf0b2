//! What the client declares and nothing names. A word counts as named wherever it stands outside comments and texts, in what cannot
//! run yet as well: whoever is in doubt is not accused.

use language::Span;
use language::syntax::{DeclarationKind, TemplatePiece};
use rustc_hash::FxHashMap;

use crate::codes::lints::unused_declaration;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::FileId;

struct Candidate<'a> {
    what: &'static str,
    name: String,
    /// The word by which it is looked for.
    word: &'a str,
    file: FileId,
    span: Span,
}

pub(super) fn run(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let candidates = candidates(modules);
    if candidates.is_empty() {
        return;
    }
    // How often a word stands more often than it is declared.
    let mut named: FxHashMap<&str, i64> = FxHashMap::default();
    // Most words begin with another letter, or have another length, than all that are looked for.
    let mut alike = [0u64; 256];
    for candidate in &candidates {
        *named.entry(candidate.word).or_default() -= 1;
        if let Some(lengths) = alike.get_mut(first_byte(candidate.word)) {
            *lengths |= 1 << (candidate.word.len() % 64);
        }
    }
    for (index, file) in modules.files.files.iter().enumerate() {
        #[expect(clippy::cast_possible_truncation, reason = "a playbook has fewer than four billion files")]
        if !modules.is_standard(FileId(index as u32)) {
            words(&file.text, |word| {
                let lengths = alike.get(first_byte(word)).copied().unwrap_or_default();
                if lengths & (1 << (word.len() % 64)) != 0
                    && let Some(count) = named.get_mut(word)
                {
                    *count += 1;
                }
            });
        }
    }
    // What stands in quotes names nothing, but for the placeholders of a template.
    for declared in &modules.declarations {
        let DeclarationKind::Template(template) = &declared.declaration.kind else { continue };
        for piece in template.parts.iter().flat_map(|part| &part.pieces) {
            let TemplatePiece::Placeholder { path, .. } = piece else { continue };
            for part in &path.parts {
                if let Some(count) = named.get_mut(part.text.as_str()) {
                    *count += 1;
                }
            }
        }
    }
    for candidate in candidates {
        if named.get(candidate.word).is_some_and(|count| *count <= 0) {
            diagnostics.push(unused_declaration::diagnostic(
                candidate.file,
                candidate.span,
                candidate.what,
                &candidate.name,
            ));
        }
    }
}

fn candidates(modules: &Modules) -> Vec<Candidate<'_>> {
    let mut found = Vec::new();
    for declared in modules.declarations.iter().filter(|declared| modules.is_client(declared.file)) {
        let file = declared.file;
        let mut add = |what, name: String, word, span| found.push(Candidate { what, name, word, file, span });
        match &declared.declaration.kind {
            DeclarationKind::Fact(fact) => {
                add("fact", fact.name.text.to_string(), fact.name.text.as_str(), fact.name.span);
            }
            // An objection is listened for without being named: hearing it fills `objections.open`.
            DeclarationKind::Phrases(phrases) if !phrases.objection => {
                add("phrases", phrases.name.text.to_string(), phrases.name.text.as_str(), phrases.name.span);
            }
            DeclarationKind::Event(event) => {
                if let Some(first) = event.name.parts.first() {
                    add("event", event.name.dotted().to_string(), first.text.as_str(), event.name.span);
                }
            }
            DeclarationKind::Extend(fields) => {
                for field in &fields.fields {
                    if let Some(last) = field.name.parts.last() {
                        add("field", field.name.dotted().to_string(), last.text.as_str(), field.name.span);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn first_byte(word: &str) -> usize {
    word.bytes().next().map_or(0, usize::from)
}

/// The words of a text, without those in comments and quotes.
fn words<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = find(text, at, "\n"),
            b'"' if text.get(at..at + 3) == Some("\"\"\"") => at = find(text, at + 3, "\"\"\"") + 3,
            b'"' => at = end_of_text(bytes, at + 1),
            byte if byte.is_ascii_alphabetic() || *byte == b'_' || *byte >= 0x80 => {
                let start = at;
                while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80) {
                    at += 1;
                }
                each(text.get(start..at).unwrap_or_default());
            }
            _ => at += 1,
        }
    }
}

fn find(text: &str, from: usize, what: &str) -> usize {
    text.get(from..).and_then(|rest| rest.find(what)).map_or(text.len(), |at| from + at)
}

/// One past the closing quote; the end of the line where there is none.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' => return at,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn comments_and_texts_name_nothing() {
        let mut found = Vec::new();
        words("fact a is b // c\n\"d \\\" e\" f \"\"\"g\nh\"\"\" i2", |word| found.push(word));
        assert_eq!(found, ["fact", "a", "is", "b", "f", "i2"]);
    }
}
