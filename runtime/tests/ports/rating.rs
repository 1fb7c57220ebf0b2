//! Ratings by rules: every criterion of the vocabulary with a text that earns it and one that does not; and no number where
//! no rule applies.

use compiler::program::Fixed;
use runtime::agents::builtin::BuiltIn;
use runtime::agents::{Outcome, occurs};

use super::stand::{assignment, rate, text};

fn rated(lines: &[(i64, &str)], message: &str) -> Outcome {
    let mut asked = assignment(rate("spcl", lines, message));
    asked.facts.push(text("company.tools", "Procore"));
    BuiltIn::default().outcome(&asked).unwrap()
}

const GOOD: &str = "Hi Ana, a builder of schools in Hamilton cut tender weekends from 4 to 1 last spring, \
                    says their case study: https://case.example/schools. You use Procore, so the checklist at the end \
                    works without us. Reply with a day, because the next tender is due soon. Thank you.";
const BAD: &str = "We are the leading agency. We want our work to grow and I would like 15 minutes of your time.";

#[test]
fn each_criterion_tells_texts_apart() {
    let cases = [
        ("a number", GOOD, "No digits here."),
        ("a source", GOOD, BAD),
        ("asks a question", "Shall we?", "We shall."),
        ("asks for nothing", GOOD, BAD),
        ("at most 20 words", BAD, GOOD),
        ("at least 20 words", GOOD, "Short."),
        ("names a result that few others could have brought", GOOD, "It went from 4 to 1."),
        ("names what we do for people like them", "We help builders.", GOOD),
        ("asks for a favour", BAD, GOOD),
        ("gives something to try that works without us", GOOD, BAD),
        ("says what to do next and why", GOOD, BAD),
        ("says only what we want", "We want a call.", GOOD),
        ("a proof by a third party, with a source", GOOD, "A builder says so."),
        ("a fact that can be checked", GOOD, "We are good."),
        ("praises itself", BAD, GOOD),
        ("their words, their day, one thing about them alone", GOOD, "Hi Ana of Acme Builders."),
        ("could have gone to anybody", "Hi Ana of Acme Builders.", GOOD),
        (
            "plain words",
            "You build. We write.",
            "Organisational interdependencies necessitate transformational leadership.",
        ),
        ("all four shown", GOOD, BAD),
        ("three shown", GOOD, BAD),
        ("nothing claimed without a source", "You have 40 people.", "We saved 300 hours."),
        (
            "clear and polite",
            "Hi Ana, thank you for the talk. Shall we go on next week?",
            "Go on, now, all of you, please",
        ),
        ("about us", BAD, "You and your team."),
    ];
    for (line, earns, does_not) in cases {
        let outcome = rated(&[(10, line)], earns);
        let rating = outcome.rating.unwrap_or_else(|| panic!("`{line}` is not earned: {:?}", outcome.open));
        assert_eq!(rating.value, Fixed::from_integer(10));
        assert!(!rating.reasons.is_empty(), "{line}");
        for quote in rating.reasons.iter().filter_map(|reason| reason.quote.as_ref()) {
            assert!(occurs(quote, earns), "{quote}");
        }
        let outcome = rated(&[(10, line)], does_not);
        assert_eq!(outcome.rating, None, "`{line}` by `{does_not}`");
        assert_eq!(outcome.open[0].why, "the text earns none of its lines", "{line}");
    }
}

#[test]
fn the_best_line_that_is_earned_counts_and_says_why() {
    let lines = [
        (0, "about us"),
        (100, "all four shown"),
        (30, "clear and polite"),
        (60, "three shown, nothing claimed without a source"),
    ];
    insta::assert_json_snapshot!(rated(&lines, GOOD).rating);
    insta::assert_json_snapshot!("about_us", rated(&lines, BAD).rating);
}

#[test]
fn a_line_that_no_rule_knows_ends_it_without_a_number() {
    let lines = [(5, "names the pain with a number, and means it"), (0, "praises itself")];
    let outcome = rated(&lines, BAD);
    assert_eq!(outcome.rating, None);
    insta::assert_snapshot!(outcome.open[0].why, @"no rule says when a text earns `names the pain with a number, and means it`; a person or a model has to rate it");
    let below = rated(&[(5, "praises itself"), (0, "whatever this is")], BAD);
    assert_eq!(
        below.rating.unwrap().value,
        Fixed::from_integer(5),
        "what lies below the line that is earned does not matter"
    );
}

/// The standard library's rubrics of messages are all in the vocabulary: a change of words there has to come here too.
#[test]
fn every_line_of_the_standard_rubrics_of_messages_is_known() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib/spcl.playbook");
    let source = std::fs::read_to_string(file).unwrap();
    let mut lines = 0;
    for line in source.lines().map(str::trim) {
        let Some((points, earns)) = line.split_once('"') else { continue };
        let Ok(points) = points.trim().parse::<i64>() else { continue };
        let earns = earns.strip_suffix('"').unwrap();
        for message in [GOOD, BAD] {
            let open = rated(&[(points, earns)], message).open;
            assert!(open.iter().all(|open| !open.why.starts_with("no rule")), "{earns}");
        }
        lines += 1;
    }
    assert!(lines >= 16, "{lines}");
}
