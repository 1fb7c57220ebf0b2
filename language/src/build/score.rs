//! `score NAME for ENTITY { … }`: layers, rules, the route, and what cannot run yet.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{
    ChangeRule, DurationLiteral, Layer, Name, OtherScoreClause, Route, RouteLine, RuleForm, Score, ScoreBody,
};
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
                let layer = self.layer(clause, form, &mut body.others);
                body.layers.extend(layer);
            }
            Rule::points_rule => {
                let rule = self.rule(clause, form, None, &mut body.others);
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

    fn layer(&mut self, clause: &Clause, form: Form, others: &mut Vec<OtherScoreClause>) -> Option<Layer> {
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
                rules.extend(self.rule(clause, form, layer.as_ref().map(|layer| &layer.name), others));
            }
        }
        layer.map(|layer| Layer { rules, ..layer })
    }

    fn rule(
        &mut self,
        clause: &Clause,
        form: Form,
        layer: Option<&Name>,
        others: &mut Vec<OtherScoreClause>,
    ) -> Option<crate::syntax::Rule> {
        self.read(clause, form, |_, node| {
            // A comparison with an earlier time has no meaning yet.
            match node.child(Rule::when).and_then(|when| when.child(Rule::change)) {
                Some(change) => {
                    others.push(OtherScoreClause::Change(change_rule(&node, &change, layer)?));
                    Some(None)
                }
                None => rule(&node).map(Some),
            }
        })?
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

fn change_rule(node: &Node<'_>, change: &Node<'_>, layer: Option<&Name>) -> Option<ChangeRule> {
    let points = node.child(Rule::points)?;
    Some(ChangeRule {
        layer: layer.cloned(),
        points: signed(&points)?,
        points_span: points.span(),
        sign: points.first()?.span(),
        subject: expression::condition(&node.child(Rule::when)?.child(Rule::condition)?, Want::Term)?,
        fell: change.has(Rule::FELL),
        by: act::percent(&change.child(Rule::PERCENT)?),
        against: change.child(Rule::duration)?.duration()?,
        because: act::because(node),
        span: node.span(),
    })
}

fn route_line(node: &Node<'_>) -> Option<RouteLine> {
    let condition = match node.child(Rule::condition) {
        Some(condition) => Some(expression::condition(&condition, Want::Condition)?),
        None => None,
    };
    Some(RouteLine { label: node.child(Rule::name)?.name(), condition, because: act::because(node), span: node.span() })
}
