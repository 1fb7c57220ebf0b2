//! The score checks are sound: over generated scores and all facts of a small world, no score leaves its range, no rule called dead
//! fires, and no line called unreachable is reached.

#![expect(clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;

use compiler::compile::Compiled;
use compiler::program::{
    Comparison, Condition, FieldPath, Fixed, LabelId, Program, RuleForm, ScoreId, ScoreRef, Term, TextTerm,
};
use compiler::range_of;
use proptest::prelude::*;

/// What is known of a company.
#[derive(Clone, Debug)]
struct Facts {
    industry: Option<&'static str>,
    employees: Option<i64>,
    country: Option<&'static str>,
}

fn world() -> Vec<Facts> {
    let industries = [None, Some("construction"), Some("agency"), Some("software")];
    let sizes = [None, Some(0), Some(10), Some(20), Some(21), Some(50), Some(100), Some(250), Some(1000)];
    let countries = [None, Some("NZ"), Some("AU"), Some("NZL")];
    let mut all = Vec::new();
    for industry in industries {
        for employees in sizes {
            for country in countries {
                all.push(Facts { industry, employees, country });
            }
        }
    }
    all
}

fn atom() -> impl Strategy<Value = String> {
    let number = prop::sample::select(vec![0, 10, 20, 50, 100, 250]);
    prop_oneof![
        prop::sample::select(vec!["construction", "agency", "software"]).prop_map(|word| format!("industry is {word}")),
        prop::sample::select(vec!["construction", "agency"]).prop_map(|word| format!("industry is not {word}")),
        Just("industry is one of [construction, agency]".to_owned()),
        Just("industry is missing".to_owned()),
        (number.clone(), prop::sample::select(vec!["<", "<=", ">", ">="]))
            .prop_map(|(number, sign)| format!("employees {sign} {number}")),
        (number.clone(), number).prop_map(|(one, other)| format!(
            "employees is from {} to {}",
            one.min(other),
            one.max(other)
        )),
        Just("employees is known".to_owned()),
        prop::sample::select(vec!["NZ", "AU"]).prop_map(|word| format!("country is \"{word}\"")),
        Just("country starts \"NZ\"".to_owned()),
        Just("country is known".to_owned()),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    atom().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|inner| format!("not ({inner})")),
        ]
    })
}

fn rules(most: usize) -> impl Strategy<Value = Vec<String>> {
    let points = prop::sample::select(vec!["+10", "+25", "+40", "+100", "-15", "-30"]);
    prop::collection::vec(
        (points, condition()).prop_map(|(points, condition)| format!("{points} when {condition}")),
        1..most,
    )
}

fn line() -> impl Strategy<Value = String> {
    let threshold =
        (prop::sample::select(vec!["fit", "a", "b"]), prop::sample::select(vec![">=", "<", ">", "<="]), 0..120_i32)
            .prop_map(|(of, sign, number)| format!("{of} {sign} {number}"));
    (threshold, prop::option::of(condition()))
        .prop_map(|(threshold, other)| other.map_or(threshold.clone(), |other| format!("{threshold} and {other}")))
}

fn text(weights: Option<(u32, u32)>, layers: &(Vec<String>, Vec<String>), lines: &[String]) -> String {
    let (first, second) =
        weights.map_or_else(Default::default, |(one, other)| (format!(" weight {one}%"), format!(" weight {other}%")));
    let lines: String = lines.iter().enumerate().map(|(at, line)| format!("    l{at} when {line}\n")).collect();
    format!(
        "use std.crm\nscore fit for Company {{\n  layer a{first} {{\n    {}\n  }}\n  layer b{second} {{\n    {}\n  }}\n  route {{\n{lines}    rest otherwise\n  }}\n}}\n",
        layers.0.join("\n    "),
        layers.1.join("\n    ")
    )
}

/// Kleene's strong logic over what is known; none is unknown.
fn holds(program: &Program, condition: &Condition, facts: &Facts, scores: &[Fixed]) -> Option<bool> {
    let number = |term: &Term| match term {
        Term::Constant(value) => Some(*value),
        Term::Field(_) => facts.employees.map(Fixed::from_integer),
        Term::Score(of) => scores.get(of.layer.map_or(2, |layer| layer as usize)).copied(),
        other => panic!("{other:?} is not generated"),
    };
    let word = |term: &TextTerm| match term {
        TextTerm::Field(path) => known_word(program, path, facts),
        other => panic!("{other:?} is not generated"),
    };
    match condition {
        Condition::Not(inner) => holds(program, inner, facts, scores).map(|held| !held),
        Condition::All(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(program, part, facts, scores)).collect();
            if parts.contains(&Some(false)) { Some(false) } else { (!parts.contains(&None)).then_some(true) }
        }
        Condition::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(program, part, facts, scores)).collect();
            if parts.contains(&Some(true)) { Some(true) } else { (!parts.contains(&None)).then_some(false) }
        }
        Condition::Compare { left, operator, right } => {
            let (left, right) = (number(left)?, number(right)?);
            Some(match operator {
                Comparison::Less => left < right,
                Comparison::AtMost => left <= right,
                Comparison::More => left > right,
                Comparison::AtLeast => left >= right,
                Comparison::Equal => left == right,
                Comparison::NotEqual => left != right,
            })
        }
        Condition::Between { term, low, high } => {
            let term = number(term)?;
            Some(number(low)? <= term && term <= number(high)?)
        }
        Condition::OneOf { term, values } => word(term).map(|word| values.iter().any(|value| value == word)),
        Condition::Text { term, value, .. } => word(term).map(|word| word.starts_with(value.as_str())),
        Condition::Known(path) => Some(if program.path_name(path) == "employees" {
            facts.employees.is_some()
        } else {
            known_word(program, path, facts).is_some()
        }),
        other => panic!("{other:?} is not generated"),
    }
}

fn known_word(program: &Program, path: &FieldPath, facts: &Facts) -> Option<&'static str> {
    if program.path_name(path) == "industry" { facts.industry } else { facts.country }
}

/// The layers' values and the score's, then the ids of the rules that fired.
fn scored(program: &Program, facts: &Facts) -> (Vec<Fixed>, Vec<String>) {
    let score = program.scores.first().unwrap_or_else(|| panic!("there is a score"));
    let mut fired = Vec::new();
    let mut layers = Vec::new();
    for layer in &score.layers {
        let mut sum = Fixed::ZERO;
        for rule in &layer.rules {
            let RuleForm::When(condition) = &rule.form else { panic!("only `when` is generated") };
            if holds(program, condition, facts, &[]) == Some(true) {
                sum = sum.plus(rule.points);
                fired.push(rule.id.to_string());
            }
        }
        layers.push(if score.weighted { sum.clamp(Fixed::ZERO, Fixed::from_integer(100)) } else { sum });
    }
    let whole = score.layers.iter().zip(&layers).fold(Fixed::ZERO, |sum, (layer, value)| match layer.weight {
        Some(weight) => sum.plus(weight.times(*value).over(Fixed::from_integer(100)).unwrap_or(Fixed::ZERO)),
        None => sum.plus(*value),
    });
    layers.push(whole);
    (layers, fired)
}

/// The places, in the source, of what was called dead or unreachable.
fn called(compiled: &Compiled, codes: &[&str]) -> BTreeSet<u32> {
    let text = compiled.files.files.first().map_or("", |file| &file.text);
    let lines = compiler::diagnostics::lines::Lines::of(text);
    let found = compiled.diagnostics.iter().filter(|found| codes.contains(&found.code.id));
    found.map(|found| lines.position(text, found.primary.span.start).line).collect()
}

/// A Program although there are findings: the same text with the codes' errors made harmless.
fn program_of(text: &str, drop: &BTreeSet<u32>) -> Option<Program> {
    let kept: String = text
        .lines()
        .enumerate()
        .filter(|(at, _)| !drop.contains(&(*at as u32 + 1)))
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    compiler::compile::compile_text("kept.playbook", &kept).program
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_possible_is_called_impossible(
        weights in prop::option::of((1_u32..100).prop_map(|one| (one, 100 - one))),
        layers in (rules(5), rules(4)),
        lines in prop::collection::vec(line(), 1..4),
    ) {
        let text = text(weights, &layers, &lines);
        let compiled = support::compiled("generated.playbook", &text, &[]);
        let others = compiled.diagnostics.iter().any(|found| found.code.id.starts_with('E') && !["E0404", "E0405", "E0407", "E0408"].contains(&found.code.id));
        prop_assume!(!others, "{}", support::drawn(&compiled));
        // What is called impossible is judged in a playbook of its own, where nothing else is.
        let dead = called(&compiled, &["E0407"]);
        for line in &dead {
            let rule = text.lines().nth(*line as usize - 1).unwrap_or_default();
            let condition = rule.split_once(" when ").map_or("", |(_, condition)| condition);
            // The opposite is never dead for the same reason, and its Program tells the condition.
            let opposite = format!("use std.crm\nscore fit for Company {{\n  +1 when not ({condition})\n}}\n");
            let Some(program) = compiler::compile::compile_text("opposite.playbook", &opposite).program else { continue };
            let RuleForm::When(Condition::Not(inner)) = &program.scores[0].layers[0].rules[0].form else { continue };
            for facts in world() {
                prop_assert_ne!(holds(&program, inner, &facts, &[]), Some(true), "{} fires for {:?}", condition, facts);
            }
        }
        let impossible = called(&compiled, &["E0404", "E0405"]);
        let mut drop: BTreeSet<u32> = &dead | &impossible;
        drop.extend(called(&compiled, &["E0408"]));
        let Some(program) = program_of(&text, &drop) else { return Ok(()) };
        let score = &program.scores[0];
        for facts in world() {
            let (values, fired) = scored(&program, &facts);
            for (layer, value) in values.iter().enumerate() {
                let of = ScoreRef { score: ScoreId(0), layer: (layer < score.layers.len()).then_some(layer as u32) };
                let range = range_of(&program, of);
                prop_assert!(range.low <= *value && *value <= range.high, "{value} of {of:?} is not in {range:?}: {facts:?} {fired:?}\n{text}");
            }
        }
        // Lines: in the text without dead rules and doubles, but with all lines, none called unreachable is the first to hold.
        let mut without_rules = dead.clone();
        without_rules.extend(called(&compiled, &["E0408"]));
        if without_rules.is_empty() && !impossible.is_empty() {
            let first_line = text.lines().position(|line| line.trim_start().starts_with("l0 when")).unwrap_or(0) as u32 + 1;
            let conditions = lines_of(&lines);
            if let Some(conditions) = conditions {
                for facts in world() {
                    let (values, _) = scored(&program, &facts);
                    let values: Vec<Fixed> = if values.len() == 3 { values } else { return Ok(()) };
                    let first = conditions.iter().position(|(program, condition)| holds(program, condition, &facts, &values) == Some(true));
                    if let Some(first) = first {
                        prop_assert!(!impossible.contains(&(first_line + first as u32)), "l{first} is reached for {facts:?} at {values:?}\n{text}");
                    }
                }
            }
        }
    }
}

/// The condition of each line, each compiled by itself beside layers that can be anything.
fn lines_of(lines: &[String]) -> Option<Vec<(Program, Condition)>> {
    let by_itself = |line: &String| {
        let text = format!(
            "use std.crm\nscore fit for Company {{\n  layer a {{\n    +1000 when employees >= 1\n    -1000 when employees < 1\n  }}\n  layer b {{\n    +1000 when country is \"NZ\"\n    -1000 when country is \"AU\"\n  }}\n  route {{\n    l when {line}\n    rest otherwise\n  }}\n}}\n"
        );
        let program = compiler::compile::compile_text("line.playbook", &text).program?;
        let condition = program.scores.first()?.routes.first()?.condition.clone()?;
        Some((program, condition))
    };
    lines.iter().map(by_itself).collect()
}

/// The label of a line, to see that routes are told apart by their order.
#[test]
fn labels_keep_the_order_of_their_lines() {
    let text = text(
        None,
        &(vec!["+10 when employees > 3".into()], vec!["+5 when country is \"NZ\"".into()]),
        &["fit >= 12".into(), "fit >= 8".into()],
    );
    let program = support::compiled("labels.playbook", &text, &[]).program.expect("it compiles");
    let labels: Vec<LabelId> = program.scores[0].routes.iter().map(|line| line.label).collect();
    assert_eq!(labels.len(), 3);
    assert_eq!(range_of(&program, ScoreRef { score: ScoreId(0), layer: None }).high, Fixed::from_integer(15));
}
