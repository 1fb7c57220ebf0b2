//! Counts against naive ones: record by record from its facts, and routes as `playbook diff` has them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use compiler::program::{Fixed, ScoreId};
use runtime::crm::{Crm, RecordId};
use runtime::score::Scorer;
use runtime::{diff, records};

use super::stand::{Stand, as_of, now};
use crate::live::counting::{Around, Memory, Outcome, Wanted, count};
use crate::live::counts::{Counts, Example, SHOWN};
use crate::workspace::client::Compilation;

fn wanted(compilation: &Arc<Compilation>, stand: &Stand, open: Option<&str>) -> Wanted {
    Wanted {
        compilation: Arc::downgrade(compilation),
        folder: compilation.folder.clone(),
        program: compilation.program.clone().unwrap(),
        open: open.map(|text| vec![(stand.playbook(), text.into())]).unwrap_or_default(),
        only_if_crm_changed: false,
    }
}

fn counted(wanted: &Wanted, memory: &mut Memory, stand: &Stand) -> Option<Counts> {
    let around = Around { disk: &stand.disk, as_of: &as_of(), goes_on: &|| true };
    match count(wanted, memory, &around).unwrap() {
        Outcome::Counted(counts) => Some(counts),
        Outcome::Same => None,
        _ => panic!("nobody has stopped it, and there is a CRM"),
    }
}

fn scorer(crm: &Crm, compilation: &Compilation) -> Scorer {
    let program = compilation.program.clone().unwrap();
    let coverage = crm.coverage(&program).unwrap();
    Scorer::link_shared(program, now(), &coverage).unwrap()
}

fn ids(examples: &[Example]) -> Vec<RecordId> {
    examples.iter().map(|example| RecordId(example.id)).collect()
}

/// The first few by points, of equal ones the older.
fn best(mut all: Vec<(Fixed, RecordId)>) -> Vec<RecordId> {
    all.sort_by_key(|(value, id)| (Reverse(*value), *id));
    all.into_iter().take(SHOWN).map(|(_, id)| id).collect()
}

#[test]
fn every_figure_is_what_counting_one_by_one_gives() {
    let stand = Stand::new();
    let compilation = stand.compilation();
    let counts = counted(&wanted(&compilation, &stand, None), &mut Memory::default(), &stand).unwrap();
    let program = compilation.program.clone().unwrap();
    let crm = stand.read(&program);
    let scorer = scorer(&crm, &compilation);
    assert!(!program.scores.is_empty());
    for (id, score) in (0..).zip(&program.scores) {
        let mut all = Vec::new();
        records::visit(&crm, &scorer, score.entity, false, |id, builder| {
            builder.finish();
            all.push(id);
            ControlFlow::Continue(())
        })
        .unwrap();
        let mut rules: BTreeMap<String, Vec<(Fixed, RecordId)>> = BTreeMap::new();
        let mut labels: BTreeMap<String, Vec<(Fixed, RecordId)>> = BTreeMap::new();
        let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
        for record in &all {
            let facts = records::facts(&crm, &scorer, score.entity, *record).unwrap().unwrap();
            let row = scorer.row(score.entity, &facts).unwrap();
            let evaluation = scorer.evaluate(score.entity, &row).unwrap();
            let ledger = scorer.ledger(ScoreId(id), &row, &evaluation).unwrap();
            let value = ledger.standing().value;
            for line in ledger.lines() {
                if let runtime::score::Line::Rule(rule) = line {
                    rules.entry(rule.rule.id.to_string()).or_default().push((value, *record));
                }
            }
            if let Some(routed) = ledger.routed() {
                labels.entry(routed.label.to_string()).or_default().push((value, *record));
                *lines.entry(routed.line.origin.line).or_default() += 1;
            }
        }
        let of_score = counts.score(&score.name).unwrap();
        assert_eq!(of_score.judged, all.len() as u64);
        for (label, group) in &of_score.labels {
            let naive = labels.remove(label.as_str()).unwrap_or_default();
            assert_eq!((group.count, ids(&group.examples)), (naive.len() as u64, best(naive)), "{label}");
        }
        for (line, counted) in score.routes.iter().zip(&of_score.lines) {
            assert_eq!(counted.group.count, lines.get(&line.origin.line).copied().unwrap_or(0), "{}", line.words);
            assert_eq!(counted.place.as_ref().unwrap().line as u32 + 1, line.origin.line);
        }
        for layer in &score.layers {
            for (index, rule) in layer.rules.iter().enumerate() {
                let group = of_score.rule(layer.name.as_deref(), index).unwrap();
                let naive = rules.remove(rule.id.as_str()).unwrap_or_default();
                assert_eq!((group.count, ids(&group.examples)), (naive.len() as u64, best(naive)), "{}", rule.id);
            }
        }
        assert!(rules.is_empty() && labels.is_empty(), "{rules:?} {labels:?}");
    }
    let icp = counts.score("icp").unwrap();
    assert!(icp.judged > 50 && icp.rules.iter().filter(|rule| rule.group.count > 0).count() > 5, "{icp:#?}");
}

#[test]
fn who_would_move_is_who_is_routed_otherwise() {
    let stand = Stand::new();
    let before = stand.compilation();
    let text = stand.text().replace("icp >= 45", "icp >= 20").replace("icp >= 70 and investment >= 50", "icp >= 40");
    assert_ne!(text, stand.text());
    let after = stand.compiled_with(&text);
    let mut memory = Memory::default();
    let counts = counted(&wanted(&after, &stand, Some(&text)), &mut memory, &stand).unwrap();

    let (was, is) = (before.program.clone().unwrap(), after.program.clone().unwrap());
    let (old, new) = (stand.read(&was), stand.read(&is));
    let (one, other) = (scorer(&old, &before), scorer(&new, &after));
    let reading = |crm, scorer, score| diff::Reading { crm, scorer, score };
    let (first, second) = (was.score("icp").unwrap(), is.score("icp").unwrap());
    let naive = diff::routes(reading(&old, &one, first), reading(&new, &other, second), SHOWN).unwrap();

    let moves = counts.score("icp").unwrap().moves.as_ref().unwrap();
    assert!(moves.total() > 3, "{moves:?}");
    let counted: BTreeMap<_, _> =
        moves.routes.iter().map(|(from, to, count)| ((from.clone(), to.clone()), *count)).collect();
    assert_eq!(counted, naive.counts);
    assert_eq!(ids(&moves.examples), naive.examples.iter().map(|moved| moved.id).collect::<Vec<_>>());

    // What is kept of the playbook on the disk gives the same again; once it is saved, nobody moves.
    let again = counted_again(&after, &stand, &text, &mut memory);
    assert_eq!(again.score("icp").unwrap().moves.as_ref(), Some(moves));
    std::fs::write(stand.playbook(), &text).unwrap();
    let saved = counted_again(&after, &stand, &text, &mut memory);
    assert!(saved.scores.iter().all(|score| score.moves.is_none()));
}

fn counted_again(compilation: &Arc<Compilation>, stand: &Stand, text: &str, memory: &mut Memory) -> Counts {
    counted(&wanted(compilation, stand, Some(text)), memory, stand).unwrap()
}

#[test]
fn runs_are_counted_where_they_are() {
    let stand = Stand::at_work();
    let compilation = stand.compilation();
    let counts = counted(&wanted(&compilation, &stand, None), &mut Memory::default(), &stand).unwrap();
    let crm = stand.read(compilation.program.as_ref().unwrap());
    let mut naive: BTreeMap<(String, String), u64> = BTreeMap::new();
    for run in crm.runs(None, true).unwrap() {
        let (stage, _) = run.stage.unwrap();
        *naive.entry((run.workflow.to_string(), stage.to_string())).or_default() += 1;
    }
    assert!(!naive.is_empty());
    assert_eq!(counts.stages.len(), naive.len());
    for ((workflow, stage), runs) in naive {
        let group = counts.stage(&workflow, &stage).unwrap();
        assert_eq!((group.count, group.examples.len()), (runs, SHOWN.min(runs as usize)), "{workflow}.{stage}");
        assert!(group.examples.iter().all(|example| !example.name.is_empty()));
    }
}

#[test]
fn a_crm_that_has_not_changed_is_not_read_again() {
    let stand = Stand::new();
    let compilation = stand.compilation();
    let mut memory = Memory::default();
    let mut wanted = wanted(&compilation, &stand, None);
    wanted.only_if_crm_changed = true;
    let first = counted(&wanted, &mut memory, &stand).unwrap();
    assert_eq!(counted(&wanted, &mut memory, &stand), None);
    let file = std::fs::OpenOptions::new().append(true).open(stand.crm()).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(counted(&wanted, &mut memory, &stand), Some(first));
}

#[test]
fn whoever_is_no_longer_waited_for_is_stopped_between_two_records() {
    let stand = Stand::new();
    let compilation = stand.compilation();
    let asked = AtomicU64::new(0);
    let goes_on = || asked.fetch_add(1, Ordering::SeqCst) < 10;
    let around = Around { disk: &stand.disk, as_of: &as_of(), goes_on: &goes_on };
    let outcome = count(&wanted(&compilation, &stand, None), &mut Memory::default(), &around);
    assert!(matches!(outcome, Ok(Outcome::Stopped)));
    assert_eq!(asked.into_inner(), 11);
}

#[test]
fn without_a_crm_nothing_is_counted() {
    let stand = Stand::without_crm();
    let compilation = stand.compilation();
    let around = Around { disk: &stand.disk, as_of: &as_of(), goes_on: &|| true };
    let outcome = count(&wanted(&compilation, &stand, None), &mut Memory::default(), &around);
    assert!(matches!(outcome, Ok(Outcome::NoCrm)));
}
