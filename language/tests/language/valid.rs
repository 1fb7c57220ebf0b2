//! Every sound playbook is read without an error, and what is read is what it says.

use crate::support::{drawn, fixtures, read, sound_playbooks, told};
use insta::assert_snapshot;
use language::syntax::{DeclarationKind, ExpressionKind, RuleForm};

#[test]
fn sound_playbooks_have_no_errors() {
    for path in sound_playbooks() {
        let text = read(&path);
        let parsed = language::parse(&text);
        assert!(parsed.errors.is_empty(), "{}:\n{}", path.display(), drawn(&text, &parsed.errors));
        assert!(!parsed.file.declarations.is_empty(), "{}", path.display());
        crate::support::assert_tiled(&text, &parsed);
        for declaration in &parsed.file.declarations {
            assert!(!declaration.broken, "{}", path.display());
            assert!(!matches!(declaration.kind, DeclarationKind::Broken { .. }), "{}", path.display());
        }
    }
}

/// Each clause of a fixture, and below it what was read.
#[test]
fn fixtures_say_what_they_say() {
    for path in fixtures("valid") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = read(&path);
        let parsed = language::parse(&text);
        let mut seen = String::new();
        for declaration in &parsed.file.declarations {
            let header = text[declaration.span.range()].lines().next().unwrap();
            seen.push_str(header);
            seen.push('\n');
            if let Some(docs) = &declaration.docs {
                seen.push_str(&format!("  docs: {docs:?}\n"));
            }
            match &declaration.kind {
                DeclarationKind::Score(score) => {
                    for rule in score.body.rules.iter().chain(score.body.layers.iter().flat_map(|layer| &layer.rules)) {
                        seen.push_str(&format!("  {}\n", &text[rule.span.range()]));
                        seen.push_str(&format!("    {}\n", told(rule)));
                    }
                    for layer in &score.body.layers {
                        let layer = language::syntax::Layer { rules: Vec::new(), ..layer.clone() };
                        seen.push_str(&format!("  {}\n", told(&layer)));
                    }
                    seen.push_str(&format!("  {}\n", told(&score.fading)));
                    seen.push_str(&format!("  {}\n", told(&score.body.route)));
                    seen.push_str(&format!("  {}\n", told(&score.body.others)));
                }
                DeclarationKind::Source(source) => {
                    for clause in &source.clauses {
                        seen.push_str(&format!("  {}\n", told(clause)));
                    }
                    let source = language::syntax::Source { clauses: Vec::new(), ..source.clone() };
                    seen.push_str(&format!("  {}\n", told(&source)));
                }
                DeclarationKind::Test(test) => {
                    for clause in &test.clauses {
                        seen.push_str(&format!("  {}\n", told(clause)));
                    }
                }
                kind => seen.push_str(&format!("  {}\n", told(kind))),
            }
        }
        assert_snapshot!(name, seen);
    }
}

#[test]
fn spans_point_at_what_they_name() {
    let text = "// first\nscore icp for Contact {\n  +10 when (company.employees > 20) because \"large\"\n}\n";
    let parsed = language::parse(text);
    let DeclarationKind::Score(score) = &parsed.file.declarations[0].kind else { panic!("no score") };
    let at = |span: language::Span| &text[span.range()];
    assert_eq!(at(score.name.span), "icp");
    let rule = &score.body.rules[0];
    assert_eq!(at(rule.points_span), "+10");
    assert_eq!(at(rule.span), "+10 when (company.employees > 20) because \"large\"");
    let RuleForm::When(condition) = &rule.form else { panic!("no condition") };
    assert_eq!(at(condition.span), "company.employees > 20");
    let ExpressionKind::Predicate(predicate) = &condition.kind else { panic!("no predicate") };
    assert_eq!(at(predicate.subject.span), "company.employees");
    assert_eq!(at(rule.because.as_ref().unwrap().span), "\"large\"");
}

#[test]
fn an_editor_finds_tokens_and_clauses() {
    let text = "score icp for Contact {\n  layer a weight 20% {\n    +10 when home_owner\n  }\n}\n";
    let parsed = language::parse(text);
    let offset = u32::try_from(text.find("home_owner").unwrap() + 3).unwrap();
    let (token, span) = parsed.token_at(offset).unwrap();
    assert_eq!((token, &text[span.range()]), (language::Token::Word, "home_owner"));
    let clauses: Vec<_> =
        parsed.clauses_at(offset).into_iter().map(|clause| &text[parsed.span_of(clause).range()]).collect();
    assert_eq!(clauses.len(), 3);
    assert!(clauses[0].starts_with("score") && clauses[1].starts_with("layer"));
    assert_eq!(clauses[2], "+10 when home_owner");
}

#[test]
fn switches_know_their_lint_their_reason_and_their_line() {
    let text = "score a for Contact {\n  // allow scored-email-opens because \"they ask for it\"\n  +1 when any email.opened\n  \
                +1 when b // allow no-reason\n  // allow people to speak\n}\n";
    let parsed = language::parse(text);
    let seen: Vec<_> = parsed
        .switches
        .iter()
        .map(|switch| {
            let target = &text[switch.target.unwrap().range()];
            (switch.lint.text.as_str(), switch.because.as_ref().map(|because| because.value.as_str()), target)
        })
        .collect();
    assert_eq!(seen, [("scored-email-opens", Some("they ask for it"), "+"), ("no-reason", None, "+")]);
    assert_eq!(&text[parsed.switches[0].lint.span.range()], "scored-email-opens");
    assert_eq!(&text[parsed.switches[0].because.as_ref().unwrap().span.range()], "\"they ask for it\"");
}
