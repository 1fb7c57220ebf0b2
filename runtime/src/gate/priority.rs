//! Who goes first where several agents meet on one record.
//!
//! Lines are read from the top; of two agents, the first line that holds and names both decides. Unknown does not hold. Where no
//! line decides, they are in no order: the compiler asks for one, and at run time who came first goes first.

use std::cell::RefCell;

use compiler::program::{AgentId, Guard, Priority, Program};

/// The agent that goes first of those who meet on a record, given in the order in which they came: the first one whom no line puts
/// behind another one. Where the lines run in a circle, the one who came first. None where nobody came.
///
/// `judge` says whether a line's guard holds of the record; it is asked at most once a line.
pub fn first_of(
    program: &Program,
    agents: &[AgentId],
    judge: &mut dyn FnMut(&Guard) -> Option<bool>,
) -> Option<AgentId> {
    let known = RefCell::new(vec![None; program.priorities.len()]);
    let free = agents.iter().copied().find(|&agent| {
        let others: Vec<AgentId> = agents.iter().copied().filter(|&other| other != agent).collect();
        let loses = deciding(program, agent, &others, &mut |number, guard| {
            let before = known.borrow().get(number).copied().flatten();
            before.unwrap_or_else(|| {
                let holds = judge(guard) == Some(true);
                if let Some(slot) = known.borrow_mut().get_mut(number) {
                    *slot = Some(holds);
                }
                holds
            })
        });
        loses.is_none()
    });
    free.or_else(|| agents.first().copied())
}

/// The line that puts an agent behind one of the others on the same record, and that other one; the topmost of several. None where
/// nobody goes before it.
///
/// `judge` says whether a line's guard holds of the record; it is asked at most once a line, and only where its answer counts.
pub fn against<'p>(
    program: &'p Program,
    agent: AgentId,
    others: &[AgentId],
    judge: &mut dyn FnMut(&Guard) -> Option<bool>,
) -> Option<(&'p Priority, AgentId)> {
    deciding(program, agent, others, &mut |_, guard| judge(guard) == Some(true))
}

fn deciding<'p>(
    program: &'p Program,
    agent: AgentId,
    others: &[AgentId],
    holds: &mut dyn FnMut(usize, &Guard) -> bool,
) -> Option<(&'p Priority, AgentId)> {
    let mut open: Vec<AgentId> = others.iter().copied().filter(|&other| other != agent).collect();
    for (number, line) in program.priorities.iter().enumerate() {
        let is_over = |other: AgentId| other != line.first && (line.over.is_empty() || line.over.contains(&other));
        let counts = if line.first == agent {
            open.iter().any(|&other| is_over(other))
        } else {
            is_over(agent) && open.contains(&line.first)
        };
        if !counts || !line.guard.as_ref().is_none_or(|guard| holds(number, guard)) {
            continue;
        }
        if line.first != agent {
            return Some((line, line.first));
        }
        open.retain(|&other| !is_over(other));
        if open.is_empty() {
            return None;
        }
    }
    None
}
