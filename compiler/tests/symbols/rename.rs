//! A name is exchanged for another wherever it stands, and the playbook means what it meant before, up to that name.

use std::collections::BTreeMap;

use compiler::compile::Compiled;
use compiler::diagnostics::SourceText;
use compiler::program::FileId;
use compiler::symbols::Symbol;

use crate::cover::spellings;
use crate::playbooks;

/// So many symbols of each kind are tried in each playbook.
const MOST: usize = 4;

#[test]
fn a_name_is_exchanged_and_the_meaning_stays() {
    let mut tried: BTreeMap<&'static str, usize> = BTreeMap::new();
    for playbook in playbooks::all() {
        let before = playbook.compiled();
        let mut of_kind: BTreeMap<&'static str, usize> = BTreeMap::new();
        for symbol in own(&before, playbook.files.len()) {
            let count = of_kind.entry(symbol.kind()).or_default();
            *count += 1;
            if *count <= MOST {
                *tried.entry(symbol.kind()).or_default() += 1;
                exchange(&before, &playbook.files, &symbol);
            }
        }
    }
    for kind in [
        "field",
        "event",
        "event fact",
        "fact",
        "score",
        "layer",
        "route",
        "phrases",
        "person",
        "template",
        "experiment",
        "workflow",
        "stage",
        "goal",
        "value",
        "source",
    ] {
        assert!(tried.contains_key(kind), "no {kind} was tried: {tried:?}");
    }
}

/// Symbols that stand in the client's files and nowhere else.
fn own(compiled: &Compiled, files: usize) -> Vec<Symbol> {
    let is_own = |file: FileId| file.index() < files;
    let mut found: Vec<Symbol> =
        compiled.symbols.all_definitions().iter().map(|definition| definition.symbol.clone()).collect();
    found.sort();
    found.dedup();
    found.retain(|symbol| {
        compiled.symbols.definitions(symbol).all(|definition| is_own(definition.file))
            && compiled.symbols.uses(symbol).all(|used| is_own(used.file))
            // A text and a file are not words, and a title is in no condition.
            && !matches!(
                symbol,
                Symbol::Test(_) | Symbol::Scenario(_) | Symbol::Backtest(_) | Symbol::Module(_) | Symbol::Publication(_)
            )
            && !told_by_a_verb(compiled, symbol)
    });
    found
}

/// `buyer books assessment` means `assessment.booked`: called otherwise, it would not, and that is an error.
fn told_by_a_verb(compiled: &Compiled, symbol: &Symbol) -> bool {
    let Symbol::Event(name) = symbol else { return false };
    let word = name.split('.').next().unwrap_or_default();
    let lines = compiled.files.files.iter().flat_map(|file| file.text.lines());
    lines.map(str::trim).any(|line| line.starts_with("buyer ") && line.split(' ').any(|part| part == word))
}

fn exchange(before: &Compiled, files: &[SourceText], symbol: &Symbol) {
    // As long as the old one: the places of everything else stay.
    let fresh = fresh(symbol.name());
    let mut texts: Vec<String> = files.iter().map(|file| file.text.to_string()).collect();
    let places = before.symbols.definitions(symbol).map(|definition| (definition.file, definition.name));
    let places = places.chain(before.symbols.uses(symbol).map(|used| (used.file, used.span)));
    for (file, span) in places {
        let old = texts[file.index()][span.range()].to_owned();
        // An event by its first word is the first word of the new name, a table the new name in lower case.
        let place = spellings(symbol).iter().position(|spelling| *spelling == old).expect("it is one of its spellings");
        let new = match symbol {
            Symbol::Event(_) if place == 1 => fresh.split('.').next().unwrap_or_default().to_owned(),
            _ => fresh.clone(),
        };
        texts[file.index()].replace_range(span.range(), &new);
    }
    let files: Vec<SourceText> =
        files.iter().zip(texts).map(|(file, text)| SourceText { name: file.name.clone(), text: text.into() }).collect();
    let after = playbooks::compiled(&files);
    assert_eq!(findings(&after), findings(before), "{symbol}");
    let (program, old) = (after.program.as_ref(), before.program.as_ref());
    let (program, old) = (program.unwrap_or_else(|| panic!("{symbol}")), old.expect("it compiles"));
    assert!(words(program, &[]) != words(old, &[]), "{symbol} is nowhere");
    let exchanged: Vec<(String, String)> =
        fresh.split('.').zip(symbol.name().split('.')).map(|(new, old)| (new.to_owned(), old.to_owned())).collect();
    let (new, old) = (words(program, &exchanged), words(old, &[]));
    let differing = new.iter().zip(&old).find(|(new, old)| new != old);
    assert!(new == old, "{symbol}: {differing:?}");
}

/// A name that is nowhere, of the same form.
fn fresh(name: &str) -> String {
    let letter = |(place, old): (usize, char)| match old {
        '.' | '_' => old,
        old if old.is_uppercase() => 'Q',
        _ if place % 2 == 0 => 'q',
        _ => 'z',
    };
    name.chars().enumerate().map(letter).collect()
}

fn findings(compiled: &Compiled) -> Vec<(&'static str, u32, u32)> {
    compiled.diagnostics.iter().map(|found| (found.code.id, found.primary.file.0, found.primary.span.start)).collect()
}

/// All words of a Program, sorted: lists in it are sorted by name.
fn words(program: &compiler::program::Program, exchanged: &[(String, String)]) -> Vec<String> {
    let stored = serde_json::to_string(program).expect("it is stored");
    let is_word = |letter: char| letter.is_alphanumeric();
    let mut words: Vec<String> = Vec::new();
    for word in stored.split(|letter: char| !is_word(letter) && letter != '_') {
        let old = exchanged.iter().find(|(new, _)| new == word).map_or(word, |(_, old)| old.as_str());
        words.push(old.to_owned());
    }
    words.sort();
    words
}
