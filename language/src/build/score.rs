//! `score NAME for ENTITY { … }`: layers, rules, the route, and what else a score says.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{DurationLiteral, Layer, OtherScoreClause, Route, RouteLine, RuleForm, Score, ScoreBody};
use crate::{Fixed, Token};

use super::act;
use super::expression::{self, Want};
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn score(&mut self, clause: &Clause, form: Form) -> Option<Score> {
        let mut score = self.read(clause, form, |_, node| {
            let mut names = node.all(Rule::name);
            Some(Score {
                name: names.next()?.name(),
                entity: names.next()?.name(),
                fading: fading(&node),
                body: ScoreBody::default(),
            })
        })?;
        for clause in Self::inner(clause) {
            self.score_clause(clause, &mut score.body);
        }
        Some(score)
    }

    /// One clause of a score, or of a refinement of one.
    pub(super) fn score_clause(&mut self, clause: &Clause, body: &mut ScoreBody) {
        let Some(form) = self.form(clause, Context::Score) else { return };
        match form.rule {
            Rule::layer => {
                let layer = self.layer(clause, form);
                body.layers.extend(layer);
            }
            Rule::points_rule => {
                let rule = self.read(clause, form, |_, node| rule(&node));
                body.rules.extend(rule);
            }
            Rule::route => {
                let route = self.route(clause, form);
                if body.route.is_none() {
                    body.route = route;
                } else {
                    body.others.push(OtherScoreClause::Route(self.tokens.span(clause.core.start)));
                }
            }
            Rule::learn => body.others.extend(self.learn(clause, form).map(OtherScoreClause::Learn)),
            _ => body.others.extend(self.kill(clause, form).map(OtherScoreClause::Kill)),
        }
    }

    fn layer(&mut self, clause: &Clause, form: Form) -> Option<Layer> {
        let span = self.whole(clause);
        let layer = self.read(clause, form, |_, node| {
            let percent =
                |weight: Node<'_>| weight.child(Rule::PERCENT).map(|percent| (percent.number(), percent.span()));
            Some(Layer {
                name: node.child(Rule::name)?.name(),
                weight: node.child(Rule::weight).and_then(percent),
                fading: fading(&node),
                once: node.child(Rule::once).and_then(|once| Some(once.child(Rule::path)?.path())),
                rules: Vec::new(),
                span,
            })
        });
        let mut rules = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Layer) {
                rules.extend(self.read(clause, form, |_, node| rule(&node)));
            }
        }
        layer.map(|layer| Layer { rules, ..layer })
    }

    fn route(&mut self, clause: &Clause, form: Form) -> Option<Route> {
        let read = self.read(clause, form, |_, _| Some(()));
        let mut lines = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Route) {
                lines.extend(self.read(clause, form, |_, node| route_line(&node)));
            }
        }
        read.map(|()| Route { lines, span: self.whole(clause) })
    }
}

fn fading(node: &Node<'_>) -> Option<DurationLiteral> {
    node.child(Rule::fading)?.child(Rule::duration)?.duration()
}

fn rule(node: &Node<'_>) -> Option<crate::syntax::Rule> {
    let mut children = node.children();
    let points = children.next()?;
    let form = children.next()?;
    let value = signed(&points)?;
    let form = match form.rule() {
        Rule::when if form.has(Rule::change) => change(&form)?,
        Rule::when => RuleForm::When(expression::condition(&form.child(Rule::condition)?, Want::Condition)?),
        _ => {
            let up_to = form.child(Rule::up_to).and_then(|up_to| up_to.child(Rule::NUMBER));
            RuleForm::Each {
                query: expression::query(&form.child(Rule::query)?)?,
                up_to: up_to.map(|number| (number.number(), number.span())),
            }
        }
    };
    Some(crate::syntax::Rule {
        points: value,
        points_span: points.span(),
        form,
        because: act::because(node),
        span: node.span(),
    })
}

/// `+30`, `-10`
fn signed(points: &Node<'_>) -> Option<Fixed> {
    let value = points.child(Rule::NUMBER)?.number();
    Some(if points.token() == Token::Minus { Fixed::ZERO.minus(value) } else { value })
}

/// From a `when` that compares with an earlier time.
fn change(when: &Node<'_>) -> Option<RuleForm> {
    let (condition, change) = (when.child(Rule::condition)?, when.child(Rule::change)?);
    Some(RuleForm::Change {
        subject: expression::condition(&condition, Want::Term)?,
        fell: change.has(Rule::FELL),
        by: act::percent(&change.child(Rule::PERCENT)?),
        against: change.child(Rule::duration)?.duration()?,
        span: condition.span().to(change.span()),
    })
}

fn route_line(node: &Node<'_>) -> Option<RouteLine> {
    let condition = match node.child(Rule::condition) {
        Some(condition) => Some(expression::condition(&condition, Want::Condition)?),
        None => None,
    };
    Some(RouteLine { label: node.child(Rule::name)?.name(), condition, because: act::because(node), span: node.span() })
}
