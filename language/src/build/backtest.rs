//! `backtest "title" { … }`: what a score has to reach over history.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Backtest, BacktestClause};

use super::goal;
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn backtest(&mut self, clause: &Clause, form: Form) -> Option<Backtest> {
        let title = self.read(clause, form, |_, node| Some(node.child(Rule::text)?.quoted()))?;
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Backtest) {
                clauses.extend(self.read(clause, form, |_, node| line(&node)));
            }
        }
        Some(Backtest { title, clauses })
    }
}

fn line(node: &Node<'_>) -> Option<BacktestClause> {
    let span = node.span();
    let mut names = node.all(Rule::name).map(|name| name.name());
    Some(match node.rule() {
        Rule::of_score => BacktestClause::Of { score: names.next()?, span },
        Rule::judge => BacktestClause::Judge { from: node.child(Rule::DATE_LITERAL)?.date(), span },
        _ => {
            let (bound, amount) = goal::limit(&node.child(Rule::limit)?)?;
            let (figure, of) = (names.next()?, names.next());
            BacktestClause::Expect { figure, of, certainly: node.has(Rule::certain), bound, amount, span }
        }
    })
}
