//! What is proposed, drawn: the line with the place where somebody types, and below it what comes first of all that is proposed.
#![expect(clippy::string_slice, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use compiler::compile::{Compiled, Input, compile};
use compiler::diagnostics::{Severity, SourceText};
use compiler::modules::NoModules;
use compiler::program::FileId;
use language::{Token, parse};

use super::snippets::{SNIPPETS, Snippet, filled};
use super::*;

const CLIENT: &str = include_str!("fixtures/client.playbook");

fn compiled(texts: &[(String, String)]) -> Compiled {
    let files = texts.iter().map(|(name, text)| SourceText { name: name.as_str().into(), text: text.as_str().into() });
    compile(&Input { files: files.collect(), asked: Vec::new() }, &NoModules)
}

fn alone(text: &str) -> Compiled {
    compiled(&[("client.playbook".to_owned(), text.to_owned())])
}

fn proposals(text: &str, byte: usize) -> Proposed {
    let (parsed, compiled) = (parse(text), alone(text));
    let files = ["extra.playbook".to_owned(), "shared:bread.playbook".to_owned()];
    Around { text, parsed: &parsed, compiled: &compiled, files: &files }.proposed(byte as u32)
}

/// So many are drawn of each.
const DRAWN: usize = 14;

/// The client with lines put behind one of its own, which is named by its start; `‸` is where somebody types.
fn drawn(behind: &str, typed: &str) -> String {
    let at = match behind {
        "" => 0,
        _ => {
            let start = CLIENT.find(&format!("\n{behind}")).unwrap_or_else(|| panic!("no line {behind}")) + 1;
            start + CLIENT[start..].find('\n').unwrap() + 1
        }
    };
    let marked = format!("{}{typed}\n{}", &CLIENT[..at], &CLIENT[at..]);
    let byte = marked.find('‸').unwrap();
    let text = marked.replace('‸', "");
    let proposed = proposals(&text, byte);
    let mut drawing = format!("{typed}\n");
    let word = &text[proposed.word.range()];
    if !word.is_empty() {
        writeln!(drawing, "    (in place of `{word}`)").unwrap();
    }
    if proposed.found.is_empty() {
        drawing.push_str("    nothing\n");
    }
    for proposal in proposed.found.iter().take(DRAWN) {
        let kind = format!("{:?}", proposal.kind);
        writeln!(drawing, "    {:<24} {kind:<11} {}", proposal.label, proposal.detail).unwrap();
    }
    if proposed.found.len() > DRAWN {
        writeln!(drawing, "    … and {} more", proposed.found.len() - DRAWN).unwrap();
    }
    drawing.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn all(cases: &[(&str, &str)]) -> String {
    cases.iter().map(|(behind, typed)| drawn(behind, typed)).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn declarations() {
    insta::assert_snapshot!(all(&[
        ("", "‸"),
        ("", "wor‸"),
        ("", "use ‸"),
        ("", "use std.‸"),
        ("", "use std.presets.hub‸"),
        ("", "use ./‸"),
        ("", "extend ‸ {"),
        ("", "extend Company {\n  roof: ‸\n}"),
        ("", "fact x of ‸"),
        ("", "refine ‸"),
        ("", "refine score ‸"),
        ("", "feedback from Funnel to ‸"),
        ("", "source a from csv \"a.csv\" into ‸"),
        ("", "action offer ‸"),
        ("  currency", "  ‸"),
        ("  currency", "  allow points-‸ because \"known\""),
        ("", "// allow unused-‸"),
        ("", "rubric x from ‸"),
    ]));
}

#[test]
fn conditions() {
    let layer = "  layer place";
    insta::assert_snapshot!(all(&[
        (layer, "    ‸"),
        (layer, "    +10 ‸"),
        (layer, "    +10 when ‸"),
        (layer, "    +10 when company.‸"),
        (layer, "    +10 when company.indu‸stry is hospitality"),
        (layer, "    +10 when company.industry ‸"),
        (layer, "    +10 when company.industry is ‸"),
        (layer, "    +10 when company.industry is one of [construction, ‸"),
        (layer, "    +10 when company.needs_flour is ‸"),
        (layer, "    +10 when diet is vegan or ‸"),
        (layer, "    +10 when icp is ‸"),
        (layer, "    +10 when any ‸"),
        (layer, "    +10 when any tasting.‸"),
        (layer, "    +10 when any tasting.held where ‸"),
        (layer, "    +10 when any tasting.held where verdict is ‸"),
        (layer, "    +10 when any tasting.held ‸"),
        (layer, "    +10 when any tasting.held in the last 30 ‸"),
        (layer, "    +10 when any conversation mentions ‸"),
        (layer, "    +10 when objections.open has ‸"),
        (layer, "    +10 when median ‸"),
        (layer, "    +10 when median tasting.‸"),
        (layer, "    +10 when count of [tasting.held, ‸"),
        (layer, "    +10 when (company.ovens > 2 and ‸"),
        (layer, "    +5 each ‸"),
        (layer, "    +5 each tasting.held, ‸"),
        (layer, "    +10 wehn company.ovens > 2 and ‸"),
        ("  route", "    ‸"),
        ("score icp", "  layer x ‸"),
        ("score icp", "  layer x weight 10% fading ‸ {"),
    ]));
}

#[test]
fn workflows() {
    let stage = "  stage Inviting";
    let header = "workflow Tasting";
    insta::assert_snapshot!(all(&[
        (header, "  ‸"),
        (header, "  start ‸"),
        (header, "  start on ‸"),
        (header, "  start every ‸"),
        (header, "  start every mon to fri at 08:00 for ‸"),
        (header, "  start every mon at 08:00 for contacts where diet is ‸"),
        (header, "  stage New by ‸"),
        (header, "  stage New by human ‸"),
        (header, "  stage New at most 2 times, then ‸"),
        (header, "  stage New only when icp is hot, else ‸"),
        (header, "  handoff X to ‸"),
        (header, "  end X as ‸"),
        (stage, "    ‸"),
        (stage, "    do ‸"),
        (stage, "    do write ‸"),
        (stage, "    do write invitation via ‸"),
        (stage, "    do offer ‸"),
        (stage, "    do score ‸"),
        (stage, "    do score contact by ‸"),
        (stage, "    require message.‸"),
        (stage, "    ask ‸"),
        (stage, "    ask human to ‸"),
        (stage, "    ask human to approve ‸"),
        (stage, "    ask human to approve message, ‸"),
        (stage, "    next ‸"),
        (stage, "    next Dro‸pped otherwise"),
        (stage, "    next Dropped ‸"),
        (stage, "    next Dropped on ‸"),
        (stage, "    next Dropped when ‸"),
        (stage, "    next Dropped when company.ovens > 3 ‸"),
        (stage, "    next Dropped after 3 ‸"),
        ("  handoff Handover", "    brief contact, ‸"),
        ("  handoff Handover", "    accepted within 4 hours, else ask ‸"),
        ("", "refine workflow Funnel {\n  ‸\n}"),
        ("", "refine workflow Funnel {\n  stage Offered {\n    next ‸"),
    ]));
}

#[test]
fn tests_and_sources() {
    let test = "test \"a cafe";
    insta::assert_snapshot!(all(&[
        (test, "  ‸"),
        (test, "  given ‸"),
        (test, "  given contact { ‸ }"),
        (test, "  given contact { company { ‸"),
        (test, "  given contact { diet: ‸ }"),
        (test, "  given tasting.held { ‸ }"),
        (test, "  given contact in Tasting.‸"),
        (test, "  expect ‸"),
        (test, "  expect icp is ‸"),
        (test, "  expect icp is certainly ‸"),
        (test, "  expect asks ‸"),
        (test, "  expect contact is in ‸"),
        (test, "  when ‸"),
        (test, "  when LeadGen tries ‸"),
        ("", "source s from csv \"a.csv\" into Contact by ‸"),
        ("", "source s from csv \"a.csv\" into Contact by email {\n  ‸\n}"),
        ("", "source s from csv \"a.csv\" into Contact by email {\n  diet from \"Diet\" ‸\n}"),
        ("", "source s from csv \"a.csv\" into Contact by email {\n  diet from \"Diet\", \"v\" means ‸\n}"),
        ("", "source s from csv \"a.csv\" into Contact by email {\n  company from \"C\" lookup Company by ‸\n}"),
        ("", "source s from csv \"a.csv\" into Event {\n  name from \"What\", \"t\" means ‸\n}"),
        ("", "source s from csv \"a.csv\" into Event {\n  reports ‸\n}"),
    ]));
}

#[test]
fn the_team_and_what_success_is() {
    insta::assert_snapshot!(all(&[
        ("", "permissions {\n  |  | ‸\n}"),
        ("", "permissions {\n  |  | LeadGen |\n  | ‸\n}"),
        ("", "permissions {\n  |  | LeadGen |\n  | Contact.‸\n}"),
        ("", "permissions {\n  |  | LeadGen |\n  | Activity | ‸\n}"),
        ("", "permissions {\n  |  | LeadGen |\n  | Activity | write ‸\n}"),
        ("", "priority {\n  ‸\n}"),
        ("", "priority {\n  LeadGen over ‸\n}"),
        ("", "priority {\n  LeadGen over everyone while contact is ‸\n}"),
        ("", "contact policy {\n  ‸\n}"),
        ("", "contact policy {\n  consent for [‸\n}"),
        ("", "agent Baker {\n  runs ‸\n}"),
        ("", "experiment other {\n  try ‸\n}"),
        ("", "goal \"bread\" ‸"),
        ("", "goal \"bread\" at least 3 per week of ‸"),
        ("", "goal \"bread\" at least 3 per week of Tasting.‸"),
        ("", "goal \"bread\" at least 3 per week of Tasting.Waiting ‸"),
        ("template goodbye", "  ‸"),
        ("template goodbye", "  subject \"{contact.‸\""),
        ("template goodbye", "  body \"{‸}\""),
        ("client", "  timezone \"Pacific/Auck‸\""),
    ]));
}

#[test]
fn what_if_and_over_history() {
    insta::assert_snapshot!(all(&[
        ("", "scen‸"),
        ("", "scenario \"spring\" {\n  ‸\n}"),
        ("", "scenario \"spring\" {\n  leads 20 per ‸\n}"),
        ("", "scenario \"spring\" {\n  human ‸\n}"),
        ("", "scenario \"spring\" {\n  buyer ‸\n}"),
        ("", "scenario \"spring\" {\n  buyer buys 4% when ‸\n}"),
        ("", "scenario \"spring\" {\n  buyer reply.received after ‸\n}"),
        ("", "scenario \"spring\" {\n  expect ‸\n}"),
        ("", "backtest \"last year\" {\n  ‸\n}"),
        ("", "backtest \"last year\" {\n  of ‸\n}"),
        ("", "backtest \"last year\" {\n  expect ‸\n}"),
        ("", "backtest \"last year\" {\n  expect lift of ‸\n}"),
        ("", "forecast ‸"),
        ("", "forecast deal.probability from ‸"),
        ("", "forecast deal.probability from deal.stage learn from ‸"),
        ("", "publish proof on ‸"),
        ("", "publish proof on reply.received { ‸ }"),
        ("", "publish proof on end of ‸"),
        ("", "publish proof on end of Tasting { ‸ }"),
    ]));
}

#[test]
fn each_snippet_compiles_as_it_stands() {
    errors_of("the client", CLIENT);
    for Snippet { context, keyword, body } in SNIPPETS {
        let body = filled(body);
        let whole = match (context, *keyword) {
            (Context::File, "use") => body,
            (Context::File, "client") => {
                let (start, end) = (CLIENT.find("client \"").unwrap(), CLIENT.find("\n\nuse").unwrap());
                let people = "founder \"Founder\"";
                let body = body.replace(people, &format!("{people}, baker \"Head baker\""));
                format!("{}{body}{}", &CLIENT[..start], &CLIENT[end..])
            }
            // Who comes, stands in a file that a source reads: the one that its own snippet begins with.
            (Context::File, "scenario") => {
                let source = SNIPPETS.iter().find(|other| other.keyword == "source").map(|other| filled(other.body));
                format!("{CLIENT}\n{}\n{body}\n", source.unwrap())
            }
            // What turned out good or bad is the score's to say.
            (Context::File, "backtest") => {
                let learn = "learn {\n    good on deal.won\n    bad on deal.lost\n  }";
                format!("{CLIENT}\nrefine score icp {{\n  {learn}\n}}\n{body}\n")
            }
            (Context::File, _) => format!("{CLIENT}\n{body}\n"),
            (Context::Score, "route") => {
                let (before, behind) = CLIENT.split_at(CLIENT.find("  +10 when ovens").unwrap());
                format!("{before}{}\n{behind}", body.replace("icp >= 50", "loyalty >= 5"))
            }
            (Context::Layer, _) => format!("{CLIENT}\nscore wide for Contact {{\n{body}\n}}\n"),
            (Context::Score, _) => {
                let other = "layer other weight 50% {\n    +1 when diet is vegan\n  }";
                format!("{CLIENT}\nscore wide for Contact {{\n  {other}\n  {body}\n}}\n")
            }
            (Context::Workflow, "stage") => format!("{CLIENT}\n{WIDE}  {body}\n  end Done as done\n}}\n"),
            _ => format!("{CLIENT}\n{WIDE}  stage First {{\n    next Qualify otherwise\n  }}\n  {body}\n}}\n"),
        };
        errors_of(keyword, &whole);
    }
}

const WIDE: &str = "workflow Wide for Contact by human {\n  start on contact.created\n";

fn errors_of(what: &str, text: &str) {
    let compiled = alone(text);
    let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let errors: Vec<_> = errors.map(|found| (&found.headline, &found.primary.text)).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn places_in_a_snippet_are_filled_with_what_they_say() {
    assert_eq!(filled("a ${1:b} $1 ${2:c: d}$1!"), "a b b c: db!");
}

#[test]
fn no_prefix_of_a_text_is_too_much() {
    let compiled = alone(CLIENT);
    for (at, _) in CLIENT.char_indices() {
        let text = &CLIENT[..at];
        let parsed = parse(text);
        let around = Around { text, parsed: &parsed, compiled: &compiled, files: &[] };
        let word = around.proposed(at as u32).word;
        assert!(word.start <= word.end && word.end as usize <= at && text.is_char_boundary(word.start as usize));
        assert!(!text[word.range()].contains('\n'), "an edit stays in its line");
    }
}

#[test]
fn no_place_of_no_text_is_too_much() {
    let odd = "extend Contäct { é: one of [‸\n\"\"\"{ü.} // allow é\n  |||.. next 2x on";
    let compiled = alone(odd);
    let parsed = parse(odd);
    for byte in (0..=odd.len() + 3).filter(|byte| *byte > odd.len() || odd.is_char_boundary(*byte)) {
        let around = Around { text: odd, parsed: &parsed, compiled: &compiled, files: &[] };
        let word = around.proposed(byte as u32).word;
        assert!(word.end as usize > odd.len() || odd.get(word.range()).is_some());
    }
}

/// Both clients of the repository, file by file.
fn clients() -> Vec<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../playbooks");
    let read = |client: &str| {
        let mut files: Vec<(String, String)> = std::fs::read_dir(folder.join(client))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "playbook"))
            .map(|path| {
                (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
            })
            .collect();
        files.sort();
        files
    };
    ["stackmates", "sneakers"].map(read).to_vec()
}

/// Why a word that stands there cannot be proposed; none where it should be.
fn excused(place: &Place, word: &str) -> Option<&'static str> {
    let kinds: Vec<Token> = place.before.iter().map(|(kind, _)| *kind).collect();
    let context = place.context?;
    match (context, kinds.as_slice()) {
        (Context::Scenario, [Token::Buyer, .., Token::To] | [Token::Buyer, _]) => {
            Some("the first word of an event that a verb stands for")
        }
        (Context::Client, [Token::People, ..]) => Some("a role that is given a name"),
        (Context::File, [Token::Publish]) => Some("a new name"),
        (
            Context::File,
            [
                Token::Event
                | Token::Fact
                | Token::Score
                | Token::Phrases
                | Token::Objection
                | Token::Source
                | Token::Template
                | Token::Experiment
                | Token::Rubric
                | Token::Workflow
                | Token::Goal
                | Token::Agent,
            ],
        )
        | (Context::File, [Token::Event | Token::Source, _, Token::Dot] | [Token::Action, _]) => Some("a new name"),
        (Context::Fields, [] | [.., Token::Comma | Token::Dot]) => Some("a new field"),
        (Context::Fields, [.., Token::LeftBracket]) => Some("a new value"),
        (Context::Score, [Token::Layer]) => Some("a new layer"),
        (Context::Workflow, [Token::Stage | Token::Handoff | Token::End]) => Some("a new stage"),
        (Context::Workflow, [Token::End, _, Token::As]) => Some("a new outcome"),
        _ if word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase()) => Some("a value of a free text"),
        (Context::Permissions, _) => Some("a kind of activity or a field that nobody declared"),
        (Context::Stage, [Token::Ask, ..]) => Some("what is approved is named freely"),
        (Context::Stage, [Token::Do, ..]) => Some("what is offered is named freely"),
        (Context::Test, [Token::When, _, Token::Tries, ..]) => Some("what is tried is named freely"),
        (Context::Priority, [.., Token::LeftBracket | Token::Comma]) => Some("a value of a free text"),
        _ => None,
    }
}

#[test]
fn wherever_a_word_stands_it_is_proposed() {
    let (mut words, mut proposed_words) = (0, 0);
    let mut excuses: BTreeMap<&str, usize> = BTreeMap::new();
    let mut missed = Vec::new();
    for files in clients() {
        let compiled = compiled(&files);
        for (name, text) in &files {
            let parsed = parse(text);
            let around = Around { text, parsed: &parsed, compiled: &compiled, files: &[] };
            for index in 0..parsed.tokens.len() {
                let span = parsed.tokens.span(index);
                if !parsed.tokens.kind(index).is_word() {
                    continue;
                }
                words += 1;
                let proposed = around.proposed(span.start);
                let rest = text[proposed.word.start as usize..].split_whitespace().collect::<Vec<_>>().join(" ");
                let stands = |label: &str| {
                    rest.strip_prefix(label)
                        .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
                };
                if proposed.found.iter().any(|proposal| stands(&proposal.label)) {
                    proposed_words += 1;
                    continue;
                }
                let word = &text[span.range()];
                let excuse = place_at(&parsed, text, span.start).and_then(|place| excused(&place, word));
                match excuse {
                    Some(excuse) => *excuses.entry(excuse).or_default() += 1,
                    None => {
                        let line = text[..span.start as usize].matches('\n').count() + 1;
                        missed
                            .push(format!("{name}:{line}: {word} in `{}`", text.lines().nth(line - 1).unwrap().trim()));
                    }
                }
            }
        }
    }
    let excused: usize = excuses.values().sum();
    let share = f64::from(proposed_words) * 100.0 / f64::from(words);
    println!(
        "{proposed_words} of {words} words proposed ({share:.1}%), {excused} excused, {} missed\n{excuses:#?}",
        missed.len()
    );
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(share >= 95.0, "only {share:.1}% of words are proposed");
}

#[test]
fn what_is_said_of_a_field_is_the_comment_behind_it() {
    let text = CLIENT.replace("+10 when ovens", "+10 when ‸ovens");
    let byte = text.find('‸').unwrap();
    let proposed = proposals(&text.replace('‸', ""), byte);
    let ovens = proposed.found.iter().find(|proposal| proposal.label == "ovens").unwrap();
    let (file, name) = ovens.declared.unwrap();
    assert_eq!((file, &CLIENT[name.range()]), (FileId(0), "ovens"));
    assert_eq!(ovens.detail, "number?");
}
