//! `refine KIND NAME { members }`: what a client changes in a declaration of a used module.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Refine, RefineMembers, ScoreBody};

use super::reader::Reader;

/// What stands in the block of a kind, by its keyword.
pub(crate) fn context(kind: &str) -> Option<Context> {
    Some(match kind {
        "score" => Context::Score,
        "phrases" | "objection" => Context::Phrases,
        "source" => Context::Source,
        "workflow" => Context::Workflow,
        "agent" => Context::Agent,
        "template" => Context::Template,
        "experiment" => Context::Experiment,
        "rubric" => Context::Rubric,
        "publish" => Context::Publish,
        "action" | "event" | "entity" => Context::Fields,
        "permissions" => Context::Permissions,
        "priority" => Context::Priority,
        "contact policy" | "contact" => Context::ContactPolicy,
        _ => return None,
    })
}

impl Reader<'_> {
    /// The declaration.
    pub(super) fn refine(&mut self, clause: &Clause, form: Form) -> Option<Refine> {
        let (kind, name) = self.read(clause, form, |_, node| {
            let kind = node.child(Rule::refined).or_else(|| node.child(Rule::only_one))?;
            let mut kind = kind.name();
            if kind.text.starts_with("contact") {
                // However many blanks stand between.
                kind.text = "contact policy".into();
            }
            Some((kind, node.child(Rule::path).map(|path| path.path())))
        })?;
        let context = context(&kind.text)?;
        let mut removes = Vec::new();
        let mut members = match context {
            Context::Score => RefineMembers::Score(ScoreBody::default()),
            Context::Phrases => RefineMembers::Phrases(Vec::new()),
            Context::Source => RefineMembers::Source(Vec::new()),
            Context::Workflow => RefineMembers::Workflow(Vec::new()),
            Context::Agent => RefineMembers::Agent(Vec::new()),
            Context::Permissions => RefineMembers::Permissions(Vec::new()),
            Context::Priority => RefineMembers::Priority(Vec::new()),
            Context::ContactPolicy => RefineMembers::ContactPolicy(Vec::new()),
            Context::Template => RefineMembers::Template(Vec::new()),
            Context::Experiment => RefineMembers::Experiment(Vec::new()),
            Context::Rubric => RefineMembers::Rubric(Vec::new()),
            Context::Publish => RefineMembers::Publish(Vec::new()),
            _ => RefineMembers::Fields(Vec::new()),
        };
        for clause in Self::inner(clause) {
            if self.is_remove(clause) {
                removes.extend(self.read(clause, Self::REMOVE, |_, node| Some(node.child(Rule::name)?.name())));
                continue;
            }
            match &mut members {
                RefineMembers::Score(body) => self.score_clause(clause, body),
                RefineMembers::Phrases(texts) => texts.extend(self.phrase_texts(clause)),
                RefineMembers::Source(clauses) => clauses.extend(self.source_clause(clause)),
                RefineMembers::Workflow(members) => members.extend(self.workflow_member(clause)),
                RefineMembers::Agent(clauses) => clauses.extend(self.agent_clause(clause)),
                RefineMembers::Permissions(rows) => rows.extend(self.permission_row(clause)),
                RefineMembers::Priority(lines) => lines.extend(self.priority_line(clause)),
                RefineMembers::ContactPolicy(clauses) => clauses.extend(self.contact_policy_clause(clause)),
                RefineMembers::Template(parts) => parts.extend(self.template_part(clause)),
                RefineMembers::Experiment(clauses) => clauses.extend(self.experiment_clause(clause)),
                RefineMembers::Rubric(lines) => lines.extend(self.rubric_line(clause)),
                RefineMembers::Publish(items) => items.extend(self.publish_items(clause)),
                RefineMembers::Fields(fields) => fields.extend(self.field_line(clause)),
            }
        }
        Some(Refine { kind, name, members, removes })
    }
}
