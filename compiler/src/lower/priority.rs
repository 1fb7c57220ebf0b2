//! Who goes first: the client's own lines before those of the modules that it uses, each with the situation that it holds in.
//!
//! Priorities are about one contact: a line is judged of the contact that both agents have to do with, and `deal` is its deal.

use language::Span;
use language::syntax::{DeclarationKind, Others, PriorityLine, RefineMembers};
use rustc_hash::FxHashMap;

use super::Lowering;
use super::guard::{At, Place};
use crate::codes::modules::unknown_member;
use crate::codes::team::{priority_cycle, priority_of_itself, priority_unreachable};
use crate::program::{AgentId, FileId, Loser, Priority};

/// A line with its place, once its agents are known.
struct Line {
    file: FileId,
    span: Span,
    /// Into the lines of one table.
    table: usize,
    unconditional: bool,
    first: AgentId,
    over: Vec<AgentId>,
}

impl Lowering<'_> {
    pub(super) fn lower_priorities(&mut self) {
        let modules = self.modules;
        let mut tables: Vec<(u8, bool, FileId, &[PriorityLine])> = Vec::new();
        for declared in &modules.declarations {
            let (table, lines) = match &declared.declaration.kind {
                DeclarationKind::Priority(priority) => (true, &priority.lines),
                DeclarationKind::Refine(refine) => match &refine.members {
                    RefineMembers::Priority(lines) => {
                        for name in &refine.removes {
                            self.report(unknown_member::diagnostic(declared.file, name, "priority", None, &[]));
                        }
                        (false, lines)
                    }
                    _ => continue,
                },
                _ => continue,
            };
            tables.push((modules.side(declared.file), table, declared.file, lines));
        }
        tables.sort_by_key(|(side, table, ..)| (*side, *table));
        let mut lines = Vec::new();
        for (table, (.., file, written)) in tables.into_iter().enumerate() {
            for line in written {
                if let Some((line, priority)) = self.priority_line(file, table, line) {
                    lines.push(line);
                    self.said.priorities.push(priority);
                }
            }
        }
        self.unreachable(&lines);
        self.cycles(&lines);
    }

    fn priority_line(&mut self, file: FileId, table: usize, line: &PriorityLine) -> Option<(Line, Priority)> {
        let first = self.agent_named(file, &line.agent);
        let over = self.over(file, line, first);
        let guard = match &line.situation {
            Some(situation) => {
                let contact = self.names.entities.get("Contact").copied();
                self.situation(situation, At::new(file, contact, Place::Outside)).map(Some)
            }
            None => Some(None),
        };
        let (first, over, guard) = (first?, over?, guard?);
        let all = self.everyone_but(first);
        let unconditional = guard.is_none();
        let place = Line {
            file,
            span: line.span,
            table,
            unconditional,
            first,
            over: if over.is_empty() { all } else { over.clone() },
        };
        let priority = Priority {
            first,
            over,
            guard,
            loser: match line.others {
                Others::Wait => Loser::Waits,
                Others::Stop => Loser::Stops,
            },
            because: line.because.as_ref().map(|because| because.value.clone()),
            words: self.words(file, line.span),
            origin: self.origin(file, line.span),
        };
        Some((place, priority))
    }

    /// Before whom; empty for everyone.
    fn over(&mut self, file: FileId, line: &PriorityLine, first: Option<AgentId>) -> Option<Vec<AgentId>> {
        if let [only] = line.over.as_slice()
            && only.text == EVERYONE
        {
            return Some(Vec::new());
        }
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        let mut over = Vec::with_capacity(line.over.len());
        let mut sound = true;
        for name in &line.over {
            if name.text == EVERYONE {
                self.report(priority_of_itself::everyone_and_more(file, name));
                sound = false;
                continue;
            }
            if let Some(first) = seen.insert(&name.text, name.span) {
                self.report(priority_of_itself::twice(file, name, first));
                continue;
            }
            let Some(agent) = self.agent_named(file, name) else {
                sound = false;
                continue;
            };
            if Some(agent) == first {
                self.report(priority_of_itself::diagnostic(file, name, line.agent.span));
                sound = false;
                continue;
            }
            over.push(agent);
        }
        sound.then_some(over)
    }

    fn everyone_but(&self, first: AgentId) -> Vec<AgentId> {
        let all = (0..self.program.agents.len()).map(|place| AgentId(super::measure::count(place)));
        all.filter(|agent| *agent != first).collect()
    }

    /// A line all of whose pairs an unconditional line above has put in order, in the same table.
    fn unreachable(&mut self, lines: &[Line]) {
        let mut found = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            let above = |pair: (AgentId, AgentId)| {
                let mut above = lines.iter().take(place).filter(|above| above.table == line.table);
                above.find(|above| above.unconditional && above.decides(pair))
            };
            let deciding: Vec<Option<&Line>> = line.over.iter().map(|other| above((line.first, *other))).collect();
            // The other way round it is a cycle, and that is said.
            let turned = line.unconditional && deciding.iter().flatten().any(|above| line.over.contains(&above.first));
            if let (Some(Some(first)), true, false) = (deciding.first(), deciding.iter().all(Option::is_some), turned) {
                found.push(priority_unreachable::diagnostic(line.file, line.span, first.span));
            }
        }
        found.into_iter().for_each(|found| self.report(found));
    }

    /// Unconditional lines by which somebody goes before themselves.
    fn cycles(&mut self, lines: &[Line]) {
        let mut edges: Vec<(AgentId, AgentId, usize)> = Vec::new();
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.unconditional) {
            for other in &line.over {
                // Of two of one pair the first one counts, but for two that contradict each other in one table.
                let decided = edges.iter().any(|(first, second, by)| {
                    let pair = (*first, *second);
                    pair == (line.first, *other)
                        || (pair == (*other, line.first) && lines.get(*by).is_some_and(|by| by.table != line.table))
                });
                if decided {
                    continue;
                }
                if let Some(way) = way(&edges, *other, line.first) {
                    let names: Vec<_> = way.iter().map(|agent| self.agent_name(*agent)).collect();
                    let by: Vec<(FileId, Span)> = way
                        .windows(2)
                        .filter_map(|pair| {
                            let [first, second] = pair else { return None };
                            let (.., by) = edges.iter().find(|(a, b, _)| (a, b) == (first, second))?;
                            lines.get(*by).map(|line| (line.file, line.span))
                        })
                        .collect();
                    self.report(priority_cycle::diagnostic(line.file, line.span, &names, &by));
                    return;
                }
                edges.push((line.first, *other, place));
            }
        }
    }

    pub(super) fn agent_name(&self, agent: AgentId) -> smol_str::SmolStr {
        self.program.agents.get(agent.index()).map(|agent| agent.name.clone()).unwrap_or_default()
    }
}

impl Line {
    /// Whether it puts these two in order, whichever goes first.
    fn decides(&self, (one, other): (AgentId, AgentId)) -> bool {
        (self.first == one && self.over.contains(&other)) || (self.first == other && self.over.contains(&one))
    }
}

/// All other agents.
const EVERYONE: &str = "everyone";

/// The agents on the way from one to another, both included.
fn way(edges: &[(AgentId, AgentId, usize)], from: AgentId, to: AgentId) -> Option<Vec<AgentId>> {
    let mut came_from: FxHashMap<AgentId, AgentId> = FxHashMap::default();
    let mut next = vec![from];
    while let Some(at) = next.pop() {
        if at == to {
            let mut way = vec![to];
            while let Some(before) = way.last().and_then(|last| came_from.get(last)) {
                way.push(*before);
            }
            way.reverse();
            return Some(way);
        }
        for (_, second, _) in edges.iter().filter(|(first, ..)| *first == at) {
            if *second != from && !came_from.contains_key(second) {
                came_from.insert(*second, at);
                next.push(*second);
            }
        }
    }
    None
}
