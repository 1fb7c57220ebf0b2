//! What the compiler says of scores is so: whatever it calls impossible comes about for none of many contacts, by the naive reference
//! and by the engine, and each witness passes as a test of the playbook that it was found in.

use std::collections::{BTreeMap, BTreeSet};

use compiler::compile::{Compiled, compile_text};
use compiler::diagnostics::{Diagnostic, Severity};
use compiler::program::{Condition, EntityId, Fixed, Program, RuleForm, ScoreId, ScoreRef, Value};
use compiler::{Range, Trend, ends_of, range_of, trends};
use proptest::prelude::*;
use runtime::facts::{Coverage, Facts};
use runtime::score::Scorer;

use crate::playbook::now;
use crate::reference::World;
use crate::written::{Chooser, REST, Written, compiled, lines_before};

/// Contacts for each playbook, and sources for so many of them.
const CONTACTS: usize = 200;
const OF_ONE_SOURCE: usize = 25;

fn choices(most: usize) -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), most / 4..most)
}

/// The numbers of the rules, or lines of the route, that the findings with these codes stand on.
fn on(whole: &str, compiled: &Compiled, codes: &[&str], numbers: &[u32]) -> BTreeSet<usize> {
    let found = compiled.diagnostics.iter().filter(|found| codes.contains(&found.code.id));
    let at = found.filter_map(|found| {
        let file = found.primary.file;
        let text = &compiled.files.files[file.index()].text;
        let lines = compiler::diagnostics::lines::Lines::of(text);
        let line = lines.position(text, found.primary.span.start).line;
        let line = line + lines_before(whole, compiled.files.name(file))?;
        numbers.iter().position(|number| *number == line)
    });
    at.collect()
}

/// A playbook, what was found in it, and the same without what is an error.
struct Checked {
    written: Written,
    compiled: Compiled,
    dead: BTreeSet<usize>,
    twice: BTreeSet<usize>,
    unreachable: BTreeSet<usize>,
    gap: bool,
    /// Without the rules and lines above.
    text: String,
    program: Program,
}

/// None where there is an error of another kind, which is no matter of these proofs.
fn checked(mut written: Written) -> Option<Checked> {
    let (text, rules, lines) = written.whole();
    let compiled = compiled(&text);
    let ours = ["E0404", "E0405", "E0406", "E0407", "E0408"];
    let other = |found: &&Diagnostic| found.severity == Severity::Error && !ours.contains(&found.code.id);
    if let Some(other) = compiled.diagnostics.iter().find(other) {
        panic!("the generator writes what does not compile: {}\n{text}", other.headline);
    }
    let dead = on(&text, &compiled, &["E0407"], &rules);
    let twice = on(&text, &compiled, &["E0408"], &rules);
    let unreachable = on(&text, &compiled, &["E0404", "E0405"], &lines);
    let gap = compiled.diagnostics.iter().any(|found| found.code.id == "E0406");
    // Where the last line is for nobody the others are for all.
    let last = text.lines().position(|line| line.ends_with(REST)).map(|at| u32::try_from(at).unwrap() + 1);
    if last.is_some_and(|last| !on(&text, &compiled, &["E0405"], &[last]).is_empty()) {
        written.otherwise = false;
    }
    written.otherwise |= gap || unreachable.len() == lines.len();
    let text =
        written.text(&|rule| !dead.contains(&rule) && !twice.contains(&rule), &|line| !unreachable.contains(&line));
    let program = crate::written::compiled(&text).program?;
    Some(Checked { written, compiled, dead, twice, unreachable, gap, text, program })
}

/// A condition that is dead, as its opposite tells it.
fn dead_condition(condition: &str) -> Option<(Program, Condition)> {
    let program = compile_text("denied.playbook", &Written::denied(condition)).program?;
    let score = program.score("fit")?;
    let RuleForm::When(Condition::Not(inner)) = &program.scores[score.index()].layers[0].rules[0].form else {
        return None;
    };
    let inner = (**inner).clone();
    Some((program, inner))
}

fn line_conditions(written: &Written) -> Option<Vec<Condition>> {
    let of = |line: &String| {
        let program = compile_text("line.playbook", &written.line_alone(line)).program?;
        let score = program.score("fit")?;
        program.scores[score.index()].routes.first()?.condition.clone()
    };
    written.lines.iter().map(of).collect()
}

fn in_range(range: Range, cents: i128) -> bool {
    i128::from(range.low.0) <= cents * 10_000 && cents * 10_000 <= i128::from(range.high.0)
}

/// What is claimed, ready to be asked of one contact after the other.
struct Claims {
    fit: ScoreId,
    /// Of the score, then of its layers.
    ranges: Vec<Range>,
    dead: Vec<(Program, Condition)>,
    lines: Option<Vec<Condition>>,
    trends: Vec<(compiler::program::FieldPath, Trend)>,
    entity: EntityId,
}

impl Claims {
    fn of(checked: &Checked) -> Self {
        let program = &checked.program;
        let fit = program.score("fit").unwrap();
        let layers = u32::try_from(program.scores[fit.index()].layers.len()).unwrap();
        let parts = std::iter::once(None).chain((0..layers).map(Some));
        let claimed = !checked.unreachable.is_empty() || !checked.written.otherwise;
        let conditions: Vec<&str> = checked
            .written
            .layers
            .iter()
            .flat_map(|(_, rules)| rules)
            .map(|rule| rule.condition.strip_prefix("when ").unwrap_or("no"))
            .collect();
        Self {
            fit,
            ranges: parts.map(|layer| range_of(program, ScoreRef { score: fit, layer })).collect(),
            dead: checked.dead.iter().filter_map(|rule| dead_condition(conditions[*rule])).collect(),
            // Where a rule was left out that gives points, the lines were judged for another score.
            lines: (checked.twice.is_empty() && claimed).then(|| line_conditions(&checked.written)).flatten(),
            trends: trends(program, fit),
            entity: program.entity("Contact").unwrap(),
        }
    }

    fn hold(
        &self,
        checked: &Checked,
        facts: &Facts,
        coverage: &Coverage,
        scorer: &Scorer,
    ) -> Result<(), TestCaseError> {
        let program = &checked.program;
        let world = World { program, facts, coverage, now: now() };
        let said = world.score(self.fit.index());
        let text = || format!("{}\n{facts:#?}", checked.text);
        for (range, points) in self.ranges.iter().zip(std::iter::once(&said.points).chain(&said.layers)) {
            for value in [points.value, points.low, points.high] {
                prop_assert!(
                    value != points.value || in_range(*range, value),
                    "{points:?} leaves {range:?}\n{}",
                    text()
                );
            }
        }
        let row = scorer.row(self.entity, facts).unwrap();
        let evaluation = scorer.evaluate(self.entity, &row).unwrap();
        let standing = evaluation.score(self.fit).unwrap();
        prop_assert!(in_range(self.ranges[0], i128::from(standing.value.0 / 10_000)), "{standing:?}\n{}", text());
        for (program, condition) in &self.dead {
            let world = World { program, facts, coverage, now: now() };
            prop_assert_ne!(world.holds(condition, None, false), Some(true), "{:?} fires\n{}", condition, text());
        }
        if let Some(lines) = &self.lines {
            let first = lines.iter().position(|line| world.holds(line, None, true) == Some(true));
            let reached = first.is_some_and(|first| checked.unreachable.contains(&first));
            prop_assert!(!reached, "line {first:?} is reached at {:?}\n{}", said.points, text());
            let none = first.is_none() && !checked.written.otherwise && !checked.gap;
            prop_assert!(!none, "no line is for {:?}\n{}", said.points, text());
        }
        for (field, trend) in &self.trends {
            let Some(Value::Number(before)) = facts.fields.get(field) else { continue };
            let mut more = facts.clone();
            more.fields.insert(field.clone(), Value::Number(before.plus(Fixed::from_integer(17))));
            let then = World { program, facts: &more, coverage, now: now() }.score(self.fit.index()).points.value;
            let as_claimed = match trend {
                Trend::NeverLowers => then >= said.points.value,
                Trend::NeverRaises => then <= said.points.value,
            };
            prop_assert!(as_claimed, "{trend:?} with more of {field:?}: {then} after {:?}\n{}", said.points, text());
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// 500 playbooks, two of five refined, with 200 contacts each: 100,000 executions by the reference and as many by the engine.
    #[test]
    fn what_is_called_impossible_never_happens(playbook in choices(240), contacts in choices(6000)) {
        let Some(checked) = checked(Chooser::new(&playbook).written()) else { return Ok(()) };
        let claims = Claims::of(&checked);
        let mut contacts = Chooser::new(&contacts);
        for _ in 0..CONTACTS / OF_ONE_SOURCE {
            let coverage = contacts.coverage(&checked.program);
            let scorer = Scorer::link(&checked.program, now(), &coverage).unwrap();
            for _ in 0..OF_ONE_SOURCE {
                claims.hold(&checked, &contacts.facts(&checked.program), &coverage, &scorer)?;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_witness_passes_as_a_test(playbook in choices(240)) {
        let Some(checked) = checked(Chooser::new(&playbook).written()) else { return Ok(()) };
        let witnesses = witnesses(&checked);
        replayed(&checked.text, &witnesses)?;
    }
}

/// The tests that the findings and the ranges bring.
fn witnesses(checked: &Checked) -> Vec<String> {
    // A rule that was left out may count in a witness of another finding, and a line may be named by one.
    let as_found = |found: &&Diagnostic| match found.code.id {
        "E0408" => true,
        "E0406" => checked.twice.is_empty() && checked.unreachable.is_empty(),
        _ => checked.twice.is_empty(),
    };
    let found = checked.compiled.diagnostics.iter().filter(as_found);
    let mut witnesses: Vec<String> = found.filter_map(|found| found.witness.clone()).collect();
    let fit = checked.program.score("fit").unwrap();
    let layers = u32::try_from(checked.program.scores[fit.index()].layers.len()).unwrap();
    for layer in std::iter::once(None).chain((0..layers).map(Some)) {
        let ends = ends_of(&checked.program, ScoreRef { score: fit, layer }).unwrap();
        witnesses.extend([ends.least, ends.most].into_iter().flatten());
    }
    witnesses
}

fn replayed(text: &str, witnesses: &[String]) -> Result<(), TestCaseError> {
    // Two findings may be shown by one record, and tests have names of their own.
    let numbered =
        witnesses.iter().enumerate().map(|(at, test)| test.replacen("test \"", &format!("test \"{at}: "), 1));
    let pasted = format!("{text}\n{}\n", numbered.collect::<Vec<_>>().join("\n\n"));
    let compiled = compiled(&pasted);
    let Some(program) = compiled.program else {
        let errors: Vec<&str> = compiled.diagnostics.iter().map(|found| found.headline.as_str()).collect();
        return Err(TestCaseError::fail(format!("{errors:?}\n{pasted}")));
    };
    for outcome in runtime::testing::run(&program) {
        prop_assert!(outcome.passed(), "{:#?}\n{pasted}", outcome.failures);
    }
    Ok(())
}

/// What a property says of findings that are never made is worth nothing: the generator leads to all of them, most with a witness,
/// and most ranges are shown to be exact.
#[test]
fn the_generator_leads_to_every_finding() {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut state = 7_u64;
    for _ in 0..400 {
        let choices: Vec<u16> = (0..240)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 48) as u16
            })
            .collect();
        let Some(checked) = checked(Chooser::new(&choices).written()) else { continue };
        found.entry("refined").or_default().0 += usize::from(checked.written.refined.is_some());
        for diagnostic in &checked.compiled.diagnostics {
            let (times, shown) = found.entry(diagnostic.code.id).or_default();
            *times += 1;
            *shown += usize::from(diagnostic.witness.is_some());
        }
        let fit = checked.program.score("fit").unwrap();
        let ends = ends_of(&checked.program, ScoreRef { score: fit, layer: None }).unwrap();
        for (name, end) in [("least", ends.least), ("most", ends.most)] {
            let (times, shown) = found.entry(name).or_default();
            *times += 1;
            *shown += usize::from(end.is_some());
        }
        let (times, _) = found.entry("trend").or_default();
        *times += trends(&checked.program, fit).len();
    }
    let enough = |what: &str, times: usize, shown_of_ten: usize| {
        let (all, shown) = found.get(what).copied().unwrap_or_default();
        assert!(all >= times && shown * 10 >= all * shown_of_ten, "{what}: {shown} of {all} are shown\n{found:?}");
    };
    enough("refined", 100, 0);
    enough("E0404", 20, 3);
    enough("E0405", 20, 5);
    enough("E0406", 20, 5);
    enough("E0407", 10, 0);
    enough("E0408", 10, 5);
    enough("useless-points", 20, 0);
    enough("implied-rule", 5, 5);
    enough("short-layer", 20, 5);
    enough("least", 300, 5);
    enough("most", 300, 4);
    enough("trend", 10, 0);
}
