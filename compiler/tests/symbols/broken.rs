//! While somebody types, nearly everything is broken: what is still found is what it was, and stands where it stood.

use std::collections::BTreeSet;

use compiler::compile::{Compiled, Input, compile_again};
use compiler::diagnostics::SourceText;
use compiler::modules::{Kept, Texts};
use compiler::program::FileId;
use compiler::symbols::Symbol;
use language::Span;

use crate::cover::spellings;

const EVERY: &str = include_str!("every.playbook");

/// The client's text, and what compiles it again as it is typed, beside the module that it uses.
fn typed() -> (&'static str, impl FnMut(&str) -> Compiled) {
    let (text, module) = EVERY.split_once("// ── shared:base.playbook ──\n").expect("there are two files");
    let modules = Texts([("shared:base.playbook".into(), module.into())].into());
    let mut kept = Kept::default();
    let compiled = move |text: &str| {
        let files = vec![SourceText { name: "client.playbook".into(), text: text.into() }];
        compile_again(&Input { files, asked: Vec::new() }, &modules, &mut kept)
    };
    (text, compiled)
}

#[test]
fn a_beginning_has_no_other_names_than_the_whole() {
    let (text, mut compiled) = typed();
    let whole = names(&compiled(text));
    let mut most = 0;
    for (end, _) in text.char_indices().filter(|(end, _)| end % 11 == 0 || text[..*end].ends_with('\n')) {
        let begun = &text[..end];
        let found = compiled(begun);
        // The last word is not yet what it will be.
        let settled = begun.rfind(|letter: char| !letter.is_alphanumeric() && !"_.".contains(letter)).unwrap_or(0);
        for (span, symbol) in names(&found) {
            let written = &begun[span.range()];
            assert!(
                spellings(&symbol).iter().any(|spelling| spelling == written),
                "{symbol} is `{written}` up to {end}"
            );
            if span.range().end <= settled {
                let known = whole.contains(&(span, symbol.clone()));
                assert!(known, "{symbol} is found up to {end} and not in the whole");
                most += 1;
            }
        }
    }
    assert!(most > 10_000, "{most} names were compared");
}

#[test]
fn a_lost_line_takes_few_names_with_it() {
    let (text, mut compiled) = typed();
    let whole = names(&compiled(text)).len();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        // A clause that is being written anew: something stands there that nobody understands.
        if line.starts_with("    ") && !line.contains('{') {
            let broken = format!("{}    what is this\n{}", &text[..start], &text[end..]);
            let found = names(&compiled(&broken)).len();
            assert!(found + 20 >= whole, "of {whole} names {found} are left without the line `{}`", line.trim());
        }
        start = end;
    }
}

/// The names of the client's file.
fn names(compiled: &Compiled) -> BTreeSet<(Span, Symbol)> {
    compiled.symbols.in_file(FileId(0)).map(|found| (found.span, found.symbol.clone())).collect()
}
