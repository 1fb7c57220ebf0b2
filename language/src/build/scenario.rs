//! `scenario "title" { … }`: what if.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Scenario, ScenarioClause};

use super::act;
use super::expression::{self, Want};
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn scenario(&mut self, clause: &Clause, form: Form) -> Option<Scenario> {
        let title = self.read(clause, form, |_, node| Some(node.child(Rule::text)?.quoted()))?;
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Scenario) {
                clauses.extend(self.read(clause, form, |_, node| line(&node)));
            }
        }
        Some(Scenario { title, clauses })
    }
}

fn line(node: &Node<'_>) -> Option<ScenarioClause> {
    let span = node.span();
    let mut names = node.all(Rule::name).map(|name| name.name());
    let mut percents = node.all(Rule::PERCENT).map(|percent| act::percent(&percent));
    Some(match node.rule() {
        Rule::leads => ScenarioClause::Leads {
            count: node.child(Rule::NUMBER)?.count(),
            per: act::per(&node.child(Rule::per)?)?,
            from: node.child(Rule::text)?.quoted(),
            during: node.child(Rule::duration).and_then(|duration| duration.duration()),
            span,
        },
        Rule::seed => ScenarioClause::Seed { value: node.child(Rule::NUMBER)?.count(), span },
        Rule::human => {
            ScenarioClause::Human { act: names.next()?, chance: percents.next()?, within: act::within(node), span }
        }
        _ => {
            let chance = percents.next()?;
            let when = match node.child(Rule::condition) {
                Some(condition) => Some((expression::condition(&condition, Want::Condition)?, percents.next()?)),
                None => None,
            };
            let (act, object) = (names.next()?, names.next());
            ScenarioClause::Buyer { act, object, chance, within: act::within(node), when, span }
        }
    })
}
