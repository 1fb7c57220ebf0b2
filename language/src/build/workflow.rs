//! `workflow NAME for ENTITY { … }`: starts, stages, handoffs and ends.

use crate::Token;
use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{
    BriefForm, BriefItem, End, Expression, Handoff, HandoffClause, Next, NotAccepted, OnlyWhen, Rhythm, Stage,
    StageCap, StageClause, Start, StartForm, Way, Workflow, WorkflowMember,
};

use super::act;
use super::expression::{self, Want};
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn workflow(&mut self, clause: &Clause, form: Form) -> Option<Workflow> {
        let mut workflow = self.read(clause, form, |_, node| {
            let mut names = node.all(Rule::name);
            Some(Workflow {
                name: names.next()?.name(),
                entity: names.next()?.name(),
                by: act::actor(&node),
                members: Vec::new(),
            })
        })?;
        for clause in Self::inner(clause) {
            workflow.members.extend(self.workflow_member(clause));
        }
        Some(workflow)
    }

    /// One clause of a workflow, or of a refinement of one.
    pub(super) fn workflow_member(&mut self, clause: &Clause) -> Option<WorkflowMember> {
        let form = self.form(clause, Context::Workflow)?;
        match form.rule {
            Rule::stage => self.stage(clause, form).map(WorkflowMember::Stage),
            Rule::handoff => self.handoff(clause, form).map(WorkflowMember::Handoff),
            _ => self.read(clause, form, |_, node| member(&node)),
        }
    }

    fn stage(&mut self, clause: &Clause, form: Form) -> Option<Stage> {
        let span = self.whole(clause);
        let stage = self.read(clause, form, |_, node| {
            let cap = match node.child(Rule::cap) {
                Some(cap) => Some(self::cap(&cap)?),
                None => None,
            };
            let only_when = match node.child(Rule::only_when) {
                Some(only) => Some(self::only_when(&only)?),
                None => None,
            };
            Some(Stage {
                name: node.child(Rule::name)?.name(),
                cap,
                by: act::actor(&node),
                only_when,
                clauses: Vec::new(),
                span,
            })
        });
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Stage) {
                clauses.extend(self.read(clause, form, |_, node| stage_clause(&node)));
            }
        }
        stage.map(|stage| Stage { clauses, ..stage })
    }

    fn handoff(&mut self, clause: &Clause, form: Form) -> Option<Handoff> {
        let span = self.whole(clause);
        let handoff = self.read(clause, form, |_, node| {
            let mut names = node.all(Rule::name);
            Some(Handoff { name: names.next()?.name(), to: names.next()?.name(), clauses: Vec::new(), span })
        });
        let mut clauses = Vec::new();
        for clause in Self::inner(clause) {
            if let Some(form) = self.form(clause, Context::Handoff) {
                clauses.extend(self.read(clause, form, |_, node| handoff_clause(&node)));
            }
        }
        handoff.map(|handoff| Handoff { clauses, ..handoff })
    }
}

fn member(node: &Node<'_>) -> Option<WorkflowMember> {
    let span = node.span();
    Some(match node.rule() {
        Rule::status => WorkflowMember::Status { maturity: act::maturity(&node.child(Rule::maturity)?), span },
        Rule::start => WorkflowMember::Start(Start { form: start(node)?, span }),
        _ => WorkflowMember::End(End {
            name: node.child(Rule::name)?.name(),
            outcome: node.child(Rule::path)?.path(),
            because: act::because(node),
            span,
        }),
    })
}

fn start(node: &Node<'_>) -> Option<StartForm> {
    let filter = || expression::filter(node);
    Some(match node.children().nth(1)?.token() {
        Token::On => StartForm::On { event: node.child(Rule::path)?.path(), filter: filter()? },
        Token::When => {
            let condition = node.child(Rule::condition)?;
            match node.child(Rule::crosses) {
                Some(crosses) => StartForm::Crosses {
                    subject: expression::condition(&condition, Want::Term)?,
                    rises: crosses.has(Rule::RISES),
                    threshold: expression::term(&crosses.child(Rule::term)?)?,
                },
                None => StartForm::When(expression::condition(&condition, Want::Condition)?),
            }
        }
        _ => StartForm::Every {
            rhythm: rhythm(node)?,
            at: node.child(Rule::TIME_LITERAL).map(|time| time.time()),
            records: node.child(Rule::name).map(|records| records.name()),
            filter: filter()?,
            at_most: node.child(Rule::NUMBER).map(|number| number.count()),
        },
    })
}

fn rhythm(node: &Node<'_>) -> Option<Rhythm> {
    if let Some(duration) = node.child(Rule::duration) {
        return duration.duration().map(Rhythm::Duration);
    }
    if let Some(unit) = node.child(Rule::unit) {
        return Some(Rhythm::Unit(unit.unit(), unit.span()));
    }
    let mut days = node.all(Rule::weekday).map(|day| day.name());
    let first = days.next()?;
    let last = days.next().unwrap_or_else(|| first.clone());
    Some(Rhythm::Weekdays(first, last))
}

fn cap(node: &Node<'_>) -> Option<StageCap> {
    Some(StageCap { times: node.child(Rule::NUMBER)?.count(), then: node.child(Rule::name)?.name(), span: node.span() })
}

fn only_when(node: &Node<'_>) -> Option<OnlyWhen> {
    Some(OnlyWhen { condition: condition(node)?, otherwise: node.child(Rule::name)?.name(), span: node.span() })
}

fn condition(node: &Node<'_>) -> Option<Expression> {
    expression::condition(&node.child(Rule::condition)?, Want::Condition)
}

fn stage_clause(node: &Node<'_>) -> Option<StageClause> {
    let span = node.span();
    Some(match node.rule() {
        Rule::do_act => StageClause::Do { act: act::act(&node.child(Rule::act)?)?, span },
        Rule::require => {
            let conditions = node.all(Rule::condition);
            let conditions = conditions.map(|condition| expression::condition(&condition, Want::Condition));
            StageClause::Require { conditions: conditions.collect::<Option<_>>()?, span }
        }
        Rule::ask => StageClause::Ask(act::ask(node)?),
        _ => StageClause::Next(Next {
            target: node.child(Rule::name)?.name(),
            way: way(node)?,
            because: act::because(node),
            span,
        }),
    })
}

fn way(node: &Node<'_>) -> Option<Way> {
    Some(match node.children().nth(2)?.token() {
        Token::When => Way::When(condition(node)?),
        Token::On => Way::On(act::paths(node)),
        Token::After => Way::After(node.child(Rule::duration)?.duration()?),
        _ => Way::Otherwise,
    })
}

fn handoff_clause(node: &Node<'_>) -> Option<HandoffClause> {
    let span = node.span();
    Some(match node.rule() {
        Rule::brief => {
            let items = node.all(Rule::brief_item).map(|item| brief_item(&item)).collect::<Option<_>>()?;
            HandoffClause::Brief { items, span }
        }
        _ => {
            let name = node.child(Rule::name).map(|name| name.name());
            let asks = node.has(Rule::ASK);
            let otherwise = name.map(|name| if asks { NotAccepted::Ask(name) } else { NotAccepted::Next(name) });
            HandoffClause::Accepted { within: act::within(node)?, otherwise, span }
        }
    })
}

fn brief_item(node: &Node<'_>) -> Option<BriefItem> {
    let count = node.child(Rule::NUMBER).map(|number| number.count());
    let name = node.child(Rule::name).map(|name| name.name());
    let form = match (node.child(Rule::path), count) {
        (None, Some(count)) if node.has(Rule::TOP) => BriefForm::Top(count, name?),
        (None, Some(count)) => BriefForm::Last(count, name?),
        (Some(path), _) => match name {
            Some(name) if !node.has(Rule::BY) => BriefForm::Qualified(path.path(), name),
            by => BriefForm::Plain { path: path.path(), by },
        },
        (None, None) => return None,
    };
    Some(BriefItem { form, span: node.span() })
}
