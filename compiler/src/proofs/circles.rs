//! Lines of priority that hold only while something is so, and that go round in a circle while all of it is.
//!
//! Those that always hold are looked at where the table is read. Here a circle is three agents or more, each put before the next one by the
//! first line that holds of the two, where nothing that the lines ask for excludes another.

use language::Span;
use language::syntax::DeclarationKind;

use crate::codes::team::priority_cycle;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{AgentId, FileId, Priority, Program, WorkflowId};

use super::wanted::{Known, Scene, Wanted};

/// More agents than this are in no circle that is looked for.
const LONGEST: usize = 6;
/// So many steps are looked at.
const STEPS: usize = 20_000;

pub(super) fn run(program: &Program, modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let lines = &program.priorities;
    if lines.iter().all(|line| line.guard.is_none()) {
        return;
    }
    let scene = Scene { program, complete: false };
    let mut search = Search { scene, edges: edges(program), steps: 0 };
    for first in (0..program.agents.len()).filter_map(|agent| u32::try_from(agent).ok()).map(AgentId) {
        let mut way = vec![first];
        let mut by = Vec::new();
        if search.round(&mut way, &mut by, &Wanted::default()) {
            let names: Vec<_> = way
                .iter()
                .filter_map(|agent| program.agents.get(agent.index()).map(|agent| agent.name.clone()))
                .collect();
            let places: Vec<Option<(FileId, Span)>> = by.iter().map(|(_, _, line, _)| place(modules, line)).collect();
            let words: Vec<&str> = by.iter().map(|(_, _, line, _)| line.words.as_str()).collect();
            if let Some(Some((file, span))) = places.last() {
                let others: Vec<(FileId, Span)> = places.iter().rev().skip(1).rev().flatten().copied().collect();
                diagnostics.push(priority_cycle::while_all_hold((*file, *span), &names, &others, &words));
            }
            return;
        }
    }
}

/// Who is put before whom, by which line, and its number.
type Edge<'p> = (AgentId, AgentId, &'p Priority, usize);

/// Who is put before whom by which line, where no line above always decides between the two.
fn edges(program: &Program) -> Vec<Edge<'_>> {
    let mut edges: Vec<Edge<'_>> = Vec::new();
    let mut settled: Vec<(AgentId, AgentId)> = Vec::new();
    for (at, line) in program.priorities.iter().enumerate() {
        let all = (0..program.agents.len()).filter_map(|agent| u32::try_from(agent).ok()).map(AgentId);
        let over: Vec<AgentId> =
            if line.over.is_empty() { all.filter(|agent| *agent != line.first).collect() } else { line.over.clone() };
        for other in over {
            let pair = (line.first.min(other), line.first.max(other));
            if settled.contains(&pair) {
                continue;
            }
            edges.push((line.first, other, line, at));
            if line.guard.is_none() {
                settled.push(pair);
            }
        }
    }
    edges
}

struct Search<'p> {
    scene: Scene<'p>,
    edges: Vec<Edge<'p>>,
    steps: usize,
}

impl<'p> Search<'p> {
    /// Goes on from the last agent of the way until it is back at the first one.
    fn round(&mut self, way: &mut Vec<AgentId>, by: &mut Vec<Edge<'p>>, wanted: &Wanted<'p>) -> bool {
        let (Some(first), Some(last)) = (way.first().copied(), way.last().copied()) else { return false };
        for place in 0..self.edges.len() {
            let Some(edge @ (before, after, line, _)) = self.edges.get(place).copied() else { continue };
            // The circle is told from its first agent on.
            if before != last || after != first && (after < first || way.contains(&after) || way.len() == LONGEST) {
                continue;
            }
            self.steps += 1;
            if self.steps > STEPS || after == first && way.len() < 3 {
                continue;
            }
            let mut wanted = wanted.clone();
            let holds =
                line.guard.as_ref().is_none_or(|guard| self.scene.collect(guard, false, &mut wanted, 0).is_ok());
            if !holds || clashes(self.scene.program, &wanted) {
                continue;
            }
            by.push(edge);
            if after == first {
                // With all that holds then, a line further up may decide.
                let decided = by.iter().any(|edge| self.is_decided(*edge, &wanted));
                if !decided && by.iter().any(|(_, _, line, _)| line.guard.is_some()) {
                    return true;
                }
                by.pop();
                continue;
            }
            way.push(after);
            if self.round(way, by, &wanted) {
                return true;
            }
            way.pop();
            by.pop();
        }
        false
    }

    /// Whether a line above decides between the two, the other way round, whenever this one would.
    fn is_decided(&self, (before, after, _, line): Edge<'p>, wanted: &Wanted<'p>) -> bool {
        self.edges.iter().any(|(one, other, above, at)| {
            *at < line
                && (*one, *other) == (after, before)
                && above.guard.as_ref().is_none_or(|guard| self.scene.follows(wanted, guard, false))
        })
    }
}

/// A contact has one run of a workflow at most, and so is in one of its stages; of deals there may be several.
fn clashes(program: &Program, wanted: &Wanted<'_>) -> bool {
    let deal = program.entity("Deal");
    let one_run = |workflow: WorkflowId| {
        program.workflows.get(workflow.index()).is_some_and(|workflow| Some(workflow.entity) != deal)
    };
    wanted.engine.iter().any(|(known, so)| match known {
        Known::In(workflow, Some(stage)) if *so => wanted.engine.iter().any(|(other, also)| match other {
            Known::In(same, Some(elsewhere)) => *also && same == workflow && elsewhere != stage && one_run(*workflow),
            Known::In(same, None) => !*also && same == workflow,
            _ => false,
        }),
        _ => false,
    })
}

/// Where a line of priority stands.
fn place(modules: &Modules, line: &Priority) -> Option<(FileId, Span)> {
    modules.declarations.iter().find_map(|declared| {
        let DeclarationKind::Priority(priority) = &declared.declaration.kind else { return None };
        priority.lines.iter().enumerate().find_map(|(at, written)| {
            let file = declared.member_file(at);
            let number = modules.files.line(file, written.span.start);
            let stands = file == line.origin.file && u32::try_from(number) == Ok(line.origin.line);
            stands.then_some((file, written.span))
        })
    })
}
