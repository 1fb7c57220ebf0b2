//! `learn { … }` and `kill when … { … }` of a score.

use crate::Token;
use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Kill, KillClause, Learn, LearnClause, Outcome};

use super::act;
use super::expression::{self, Want};
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// What a score learns from.
    pub(super) fn learn(&mut self, clause: &Clause, form: Form) -> Option<Learn> {
        let read = self.read(clause, form, |_, _| Some(()));
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Learn) {
                clauses.extend(self.read(clause, form, |_, node| learn_clause(&node)));
            }
        }
        read.map(|()| Learn { clauses, keyword: self.tokens.span(clause.core.start), span: self.whole(clause) })
    }

    /// When a score is given up.
    pub(super) fn kill(&mut self, clause: &Clause, form: Form) -> Option<Kill> {
        let (keyword, span) = (self.tokens.span(clause.core.start), self.whole(clause));
        let kill = self.read(clause, form, |_, node| {
            let mut numbers = node.all(Rule::NUMBER).map(|number| number.count());
            Some(Kill {
                scored: numbers.next()?,
                entity: node.child(Rule::name)?.name(),
                fewer_than: numbers.next()?,
                event: node.child(Rule::path)?.path(),
                within: act::within(&node)?,
                clauses: Vec::new(),
                keyword,
                span,
            })
        });
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Kill) {
                clauses.extend(self.read(clause, form, |_, node| kill_clause(&node)));
            }
        }
        kill.map(|kill| Kill { clauses, ..kill })
    }
}

fn learn_clause(node: &Node<'_>) -> Option<LearnClause> {
    let span = node.span();
    Some(match node.rule() {
        Rule::good if node.has(Rule::condition) => LearnClause::Holds {
            good: node.token() == Token::Good,
            condition: expression::condition(&node.child(Rule::condition)?, Want::Condition)?,
            span,
        },
        Rule::good => {
            let outcomes = node.all(Rule::outcome).map(|outcome| self::outcome(&outcome)).collect::<Option<_>>()?;
            match node.token() {
                Token::Good => LearnClause::Good { outcomes, span },
                _ => LearnClause::Bad { outcomes, span },
            }
        }
        Rule::trust => LearnClause::Trust { decisions: node.child(Rule::NUMBER)?.count(), span },
        Rule::keep => {
            let mut percents = node.all(Rule::PERCENT).map(|percent| act::percent(&percent));
            LearnClause::Keep { from: percents.next()?, to: percents.next()?, span }
        }
        Rule::learned => LearnClause::Learned {
            decisions: node.child(Rule::NUMBER)?.count(),
            until: node.child(Rule::DATE_LITERAL)?.date(),
            span,
        },
        _ => LearnClause::Adopt { by: node.child(Rule::name)?.name(), span },
    })
}

fn outcome(node: &Node<'_>) -> Option<Outcome> {
    let mut paths = node.all(Rule::path).map(|path| path.path());
    let event = paths.next()?;
    Some(match (node.child(Rule::duration), paths.next()) {
        (Some(after), Some(since)) => Outcome::Silence { event, after: after.duration()?, since, span: node.span() },
        _ => Outcome::Event(event),
    })
}

fn kill_clause(node: &Node<'_>) -> Option<KillClause> {
    let span = node.span();
    let mut names = node.all(Rule::name).map(|name| name.name());
    let first = names.next()?;
    Some(match node.rule() {
        Rule::pause => KillClause::Pause { workflow: first, span },
        _ => KillClause::Diagnose { whom: first, by: names.next(), span },
    })
}
