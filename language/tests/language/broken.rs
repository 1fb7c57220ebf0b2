//! What is wrong with a playbook is said where it is wrong, in the language's words, and hides nothing else.

use crate::support::{drawn, fixtures, read};
use insta::assert_snapshot;
use language::SyntaxErrorKind;
use language::syntax::DeclarationKind;

#[test]
fn errors_are_drawn_where_they_are() {
    for path in fixtures("broken") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = read(&path);
        let parsed = language::parse(&text);
        assert!(!parsed.errors.is_empty(), "{name} is sound");
        crate::support::assert_tiled(&text, &parsed);
        assert_snapshot!(name, drawn(&text, &parsed.errors));
    }
}

#[test]
fn a_broken_clause_hides_neither_its_neighbours_nor_the_name() {
    let parsed = language::parse(&read(
        &fixtures("broken").into_iter().find(|path| path.ends_with("misspelt-words.playbook")).unwrap(),
    ));
    let DeclarationKind::Score(score) = &parsed.file.declarations[0].kind else { panic!("no score") };
    assert_eq!(score.name.text, "icp");
    assert!(parsed.file.declarations[0].broken);
    let DeclarationKind::Broken { name } = &parsed.file.declarations[1].kind else { panic!("a scroe is no score") };
    assert_eq!(name.as_ref().unwrap().text, "health");
}

#[test]
fn a_lost_brace_keeps_the_other_layers_and_declarations() {
    let parsed = language::parse(&read(
        &fixtures("broken").into_iter().find(|path| path.ends_with("lost-brace.playbook")).unwrap(),
    ));
    let DeclarationKind::Score(score) = &parsed.file.declarations[0].kind else { panic!("no score") };
    assert_eq!(score.body.layers.iter().map(|layer| layer.rules.len()).collect::<Vec<_>>(), [1, 1]);
    assert!(score.body.route.is_some());
    assert!(matches!(parsed.file.declarations[1].kind, DeclarationKind::Phrases(_)));
    assert!(!parsed.file.declarations[1].broken);
}

#[test]
fn one_lost_brace_in_any_place_loses_one_declaration() {
    let declaration = "score s for Contact {\n  layer a weight 100% {\n    +10 when home_owner\n  }\n  route {\n    hot otherwise\n  }\n}\n\n";
    let text = declaration.repeat(20);
    for (at, _) in text.match_indices(['{', '}']) {
        let broken = format!("{}{}", &text[..at], &text[at + 1..]);
        let parsed = language::parse(&broken);
        let sound = parsed.file.declarations.iter().filter(|declaration| !declaration.broken).count();
        assert!(sound >= 19, "{sound} of 20 without the brace at {at}");
        assert!(!parsed.errors.is_empty());
    }
}

#[test]
fn a_file_too_large_is_refused() {
    let parsed = language::parse(&" ".repeat((16 << 20) + 1));
    assert!(matches!(parsed.errors[0].kind, SyntaxErrorKind::TooLarge { .. }));
}

/// Each would take hours, or the stack, if anything here were not linear.
#[test]
fn monsters_are_read_in_time() {
    let nested =
        |open: &str, close: &str| format!("fact f of C is {}1{}\n", open.repeat(100_000), close.repeat(100_000));
    let monsters = [
        nested("(", ")"),
        nested("[", "]"),
        nested("(", ""),
        nested("a is (", " < 3)"),
        nested("not (", ")"),
        format!("{}x", "{".repeat(100_000)),
        "}".repeat(100_000),
        "}".repeat(100_000) + &"(".repeat(100_000),
        "score s for C {".repeat(50_000),
        "score s for C {\n".repeat(50_000),
        format!("phrases p {{ {} }}", "\"a\", ".repeat(150_000)),
        format!("fact f of C is {}1", "a or b and ".repeat(100_000)),
        format!("fact f of C is {}1", "1 + ".repeat(250_000)),
        format!("fact f of C is {}", "not ".repeat(250_000)),
        format!("fact f of C is a{}", ".a".repeat(500_000)),
        format!("extend C {{ a: {}text }}", "list of ".repeat(100_000)),
        "\"".repeat(1_000_000),
        "\"\"\"\n".repeat(200_001),
        "\\".repeat(1_000_000),
        "“".repeat(300_000),
        "“ ".repeat(100_000),
        "a ".repeat(500_000),
        "// allow a-b because \"x\" ".repeat(40_000),
        format!("test \"t\" {{ given c {} }}", "{ a ".repeat(60_000)),
        format!("test \"t\" {{\n given c {{ {} }}\n}}", "a {}, ".repeat(60_000)),
        format!("permissions {{\n  |{}\n}}", " | a".repeat(100_000) + " |"),
        format!("score s for C {{\n{}}}", "  +1 whn a\n".repeat(50_000)),
    ];
    for monster in monsters {
        let parsed = language::parse(&monster);
        crate::support::assert_tiled(&monster, &parsed);
        drop(language::format(&monster));
    }
}
