//! `priority { … }`: which agent goes first, line by line.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Others, Priority, PriorityLine, Situation};

use super::act;
use super::expression::{self, Want};
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn priority(&mut self, clause: &Clause, form: Form) -> Option<Priority> {
        self.read(clause, form, |_, _| Some(()))?;
        let lines = Self::inner(clause).iter().filter_map(|clause| self.priority_line(clause)).collect();
        Some(Priority { lines })
    }

    /// One line of priorities, or of a refinement of them.
    pub(super) fn priority_line(&mut self, clause: &Clause) -> Option<PriorityLine> {
        let form = self.form(clause, Context::Priority)?;
        self.read(clause, form, |_, node| line(&node))
    }
}

fn line(node: &Node<'_>) -> Option<PriorityLine> {
    let mut names = node.all(Rule::name).map(|name| name.name());
    let situation = match node.child(Rule::situation) {
        Some(situation) => Some(self::situation(&situation)?),
        None => None,
    };
    Some(PriorityLine {
        agent: names.next()?,
        over: names.collect(),
        situation,
        others: match node.child(Rule::others) {
            Some(others) if others.has(Rule::STOP) => Others::Stop,
            _ => Others::Wait,
        },
        because: act::because(node),
        span: node.span(),
    })
}

fn situation(node: &Node<'_>) -> Option<Situation> {
    if let Some(condition) = node.child(Rule::condition) {
        return expression::condition(&condition, Want::Condition).map(Situation::Holds);
    }
    let mut paths = node.all(Rule::path).map(|path| path.path());
    Some(Situation::IsIn { record: paths.next()?, place: paths.next()?, span: node.span() })
}
