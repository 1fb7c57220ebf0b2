//! What stands at a name is its symbol's name; each use has a definition; and no word of a playbook is left out without a reason.

use std::collections::{BTreeMap, BTreeSet};

use compiler::compile::Compiled;
use compiler::modules::Change;
use compiler::program::FileId;
use compiler::symbols::{Role, Symbol};
use language::{Span, Token};

use crate::playbooks;

#[test]
fn what_stands_there_is_its_name() {
    for playbook in playbooks::all() {
        let compiled = playbook.compiled();
        let mut seen = 0;
        for (index, file) in compiled.files.files.iter().enumerate() {
            for found in compiled.symbols.in_file(id(index)) {
                let written = &file.text[found.span.range()];
                let spellings = spellings(found.symbol);
                assert!(
                    spellings.iter().any(|spelling| spelling == written),
                    "{}: `{written}` is {} in {}",
                    playbook.name,
                    found.symbol,
                    file.name
                );
                seen += 1;
            }
        }
        assert!(seen > 20, "{} has {seen} names", playbook.name);
    }
}

/// How a symbol may be written.
pub(crate) fn spellings(symbol: &Symbol) -> Vec<String> {
    let name = symbol.name().to_string();
    match symbol {
        // By its table, and several of it.
        Symbol::Entity(_) => {
            let table = name.to_lowercase();
            let plural = table.strip_suffix('y').map_or_else(|| format!("{table}s"), |stem| format!("{stem}ies"));
            vec![name, table, plural]
        }
        // By its first word, where its facts are named.
        Symbol::Event(_) => {
            let word = name.split('.').next().unwrap_or_default().to_owned();
            vec![name, word]
        }
        // How many mails are sent: `at most 3 emails per day`.
        Symbol::Action { way: Some(_), .. } => vec![format!("{name}s"), name],
        Symbol::Test(_) | Symbol::Scenario(_) | Symbol::Backtest(_) => vec![format!("\"{name}\"")],
        // `std.crm` is `std:crm.playbook`, `base` behind `./` the file beside.
        Symbol::Module(_) => {
            let path = name.strip_suffix(".playbook").unwrap_or(&name).replace([':', '/'], ".");
            let last = path.rsplit('.').next().unwrap_or_default().to_owned();
            vec![path, last]
        }
        _ => vec![name],
    }
}

#[test]
fn every_use_has_one_first_definition() {
    for playbook in playbooks::all() {
        let compiled = playbook.compiled();
        let symbols = &compiled.symbols;
        for found in symbols.all_uses() {
            let firsts = symbols.definitions(&found.symbol).filter(|definition| definition.role == Role::First).count();
            assert_eq!(firsts, 1, "{}: {}", playbook.name, found.symbol);
        }
        let mut places = BTreeSet::new();
        for definition in symbols.all_definitions() {
            assert!(definition.whole.start <= definition.name.start && definition.name.end <= definition.whole.end);
            let place = (definition.file, definition.name, definition.symbol.clone());
            assert!(places.insert(place), "{}: {} is declared twice in one place", playbook.name, definition.symbol);
        }
        for used in symbols.all_uses() {
            assert!(
                places.insert((used.file, used.span, used.symbol.clone())),
                "{}: {} is twice in one place",
                playbook.name,
                used.symbol
            );
        }
    }
}

#[test]
fn what_stands_at_each_byte_is_what_the_list_says() {
    for playbook in playbooks::all().into_iter().take(2) {
        let compiled = playbook.compiled();
        for (index, file) in compiled.files.files.iter().enumerate() {
            let all: Vec<(Span, Symbol)> =
                compiled.symbols.in_file(id(index)).map(|found| (found.span, found.symbol.clone())).collect();
            for offset in 0..=u32::try_from(file.text.len()).expect("a short file") {
                let wanted = all.iter().find(|(span, _)| (span.start..=span.end).contains(&offset));
                let found = compiled.symbols.at(id(index), offset).map(|(span, symbol)| (span, symbol.clone()));
                assert_eq!(found.as_ref(), wanted, "{} at {offset} of {}", playbook.name, file.name);
            }
        }
    }
}

/// Words that name nothing that anybody declares, and why.
const NAMELESS: &[(&str, &str)] = &[
    // Built in.
    ("text", "a type"),
    ("number", "a type"),
    ("percent", "a type"),
    ("money", "a type"),
    ("duration", "a type"),
    ("csv", "the format of a source"),
    ("contact", "whose an event is, in a source of events"),
    ("at", "when an event was, in a source of events"),
    ("name", "which event it was, in a source of events; and `client.name`"),
    ("external_id", "the key of an event, in a source of events"),
    ("client", "in a message: the client"),
    ("sender", "in a message: whoever sends it"),
    ("first_name", "of the sender"),
    ("message", "what was written and is sent"),
    ("complete", "all that a stage requires is there"),
    ("everyone", "all agents"),
    ("certain", "how sure a score is"),
    ("provisional", "how sure a score is"),
    ("rejected", "how a question was answered"),
    ("expired", "how a question was answered"),
    ("changed", "how a question was answered"),
    ("done", "what became of a stage"),
    ("entered", "what became of a stage"),
    ("spend", "what everything costs together"),
    ("reasons", "what a brief says"),
    ("activities", "what a brief says"),
    ("questions", "what a brief says"),
    ("notes", "what a rubric reads"),
    ("send", "what a policy is about"),
    ("sends", "what a policy is about"),
    // What a text field holds, and elsewhere the name of something.
    ("logistics", "what a card's own `industry` may be"),
    ("pipeline", "what a card's own `stated_need` may be"),
    ("proposal", "what `deal.stage` may be"),
    // Figures of a back-test, and how an experiment chooses.
    ("auc", "a figure"),
    ("r", "a figure"),
    ("accuracy", "a figure"),
    ("coverage", "a figure"),
    ("lift", "a figure"),
    ("conversion", "a figure"),
    ("calibration_error", "a figure"),
    ("evenly", "how an experiment chooses"),
    ("thompson", "how an experiment chooses"),
    ("ucb", "how an experiment chooses"),
    // What people do in a scenario.
    ("accepts", "takes over what is handed over"),
    ("adopts", "says yes to what was learned"),
    // Free words.
    ("approve", "what a person is asked to do"),
    ("change", "what a person is asked to do"),
    ("reject", "what a person is asked to do"),
];

/// Where a word is free: any word may stand there, and the compiler looks nothing up. By the words before it in its line.
const FREE: &[(&str, &str)] = &[
    ("currency", "a currency"),
    ("allow", "a lint"),
    ("ask ", "what a person is asked about"),
    ("write ", "the kind of an activity, in a table of permissions"),
    ("create ", "the kind of an activity, in a table of permissions"),
    ("from ", "whose notes a rubric reads"),
    ("brief", "fields by how they begin: `needs` is `needs.stated` and `needs.actual`"),
    ("do ", "what is done with, where no action is declared for it"),
    ("human ", "what somebody does in a scenario"),
    ("buyer ", "what somebody does in a scenario"),
    ("publish ", "what is published"),
];

#[test]
fn no_word_is_left_out_without_a_reason() {
    let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for playbook in playbooks::all() {
        let compiled = playbook.compiled();
        for (index, file) in compiled.files.files.iter().enumerate() {
            // The library's own words are looked at once, where nothing stands for any of them.
            if compiled.modules.is_standard(id(index)) && playbook.name != "std" {
                continue;
            }
            for (line, word) in uncovered(&compiled, index) {
                left.entry(word).or_default().push(format!("{}: {}", file.name, line.trim()));
            }
        }
    }
    let left: Vec<String> =
        left.iter().map(|(word, lines)| format!("{word} ({})\n    {}", lines.len(), lines[0])).collect();
    assert!(left.is_empty(), "{} words:\n{}", left.len(), left.join("\n"));
}

/// Words of a file where no name was found, each with the line before and behind it.
fn uncovered(compiled: &Compiled, index: usize) -> Vec<(String, String)> {
    let file = &compiled.files.files[index];
    let parsed = language::parse(&file.text);
    let names: Vec<Span> = compiled.symbols.in_file(id(index)).map(|found| found.span).collect();
    let declared: BTreeSet<&str> =
        compiled.symbols.all_definitions().iter().map(|definition| definition.symbol.name().as_str()).collect();
    let mut left = Vec::new();
    for at in 0..parsed.tokens.len() {
        let span = parsed.tokens.span(at);
        if !matches!(parsed.tokens.kind(at), Token::Word | Token::Capitals) || is_value(&file.text, span) {
            continue;
        }
        let word = &file.text[span.range()];
        // What a refinement replaced means nothing any more.
        let replaced = compiled.modules.refined.iter().any(|refined| match refined.change {
            Change::Replaced(of, whole) | Change::Removed(of, whole) => {
                of == id(index) && whole.start <= span.start && span.end <= whole.end
            }
            Change::Added => false,
        });
        let covered = replaced || names.iter().any(|name| name.start <= span.start && span.end <= name.end);
        let start = parsed.tokens.line_start(span.start) as usize;
        let line = file.text[start..].lines().next().unwrap_or_default();
        let before = &file.text[start..span.range().start];
        let free = FREE.iter().any(|(words, _)| before.contains(words));
        let nameless = NAMELESS.iter().any(|(nameless, _)| *nameless == word);
        let text_of_a_field = !declared.contains(word) && is_compared(before);
        if !covered && !free && !nameless && !text_of_a_field {
            left.push((line.to_owned(), word.to_owned()));
        }
    }
    left
}

/// Behind `is`, `has` and `means` and between brackets stands what a text may be, in any word that nobody declares.
fn is_compared(before: &str) -> bool {
    let before = before.trim_end();
    let last = before.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let open = before.rfind('[').is_some_and(|at| !before[at..].contains(']'));
    open || matches!(last, "is" | "not" | "has" | "or" | "means" | "mean") || before.ends_with(':')
}

/// `NZD 40`
fn is_value(text: &str, span: Span) -> bool {
    let behind = text[span.range().end..].trim_start_matches(' ');
    let word = &text[span.range()];
    word.len() == 3 && word.chars().all(char::is_uppercase) && behind.starts_with(|next: char| next.is_ascii_digit())
}

fn id(index: usize) -> FileId {
    FileId(u32::try_from(index).expect("few files"))
}
