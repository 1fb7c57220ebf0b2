//! `scenario "title" { … }`: what if.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Scenario, ScenarioClause};

use super::act;
use super::expression::{self, Want};
use super::goal;
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
        Rule::human | Rule::person_habit => {
            let whom = if node.rule() == Rule::human { None } else { Some(names.next()?) };
            let at_most = match (node.child(Rule::NUMBER), node.child(Rule::per)) {
                (Some(count), Some(per)) => Some((count.count(), act::per(&per)?)),
                _ => None,
            };
            let (act, chance, within) = (names.next()?, percents.next()?, act::within(node));
            ScenarioClause::Person { whom, act, chance, within, at_most, span }
        }
        Rule::in_seeds => {
            let limit = node.child(Rule::share_limit)?;
            let share = act::percent(&limit.child(Rule::PERCENT)?);
            ScenarioClause::Expect { goal: names.next()?, bound: goal::bound(&limit), share, span }
        }
        _ => {
            let chance = percents.next()?;
            let when = match node.child(Rule::condition) {
                Some(condition) => Some((expression::condition(&condition, Want::Condition)?, percents.next()?)),
                None => None,
            };
            let path = |rule| node.child(rule).and_then(|part| Some(part.child(Rule::path)?.path()));
            let (object, after, instead) = (path(Rule::to_what), path(Rule::since_what), path(Rule::instead));
            let act = node.child(Rule::path)?.path();
            ScenarioClause::Buyer { act, object, after, chance, within: act::within(node), when, instead, span }
        }
    })
}
