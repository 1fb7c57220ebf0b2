//! Refines what consists of a list: workflows, agents, templates, experiments, rubrics, what is published. A member of the refinement stands for all
//! members of that name; one that the base does not have is added.

use language::Span;
use language::syntax::{
    AgentClause, DeclarationKind, ExperimentClause, Name, PublishItem, RefineMembers, RubricLine, TemplatePart,
    TemplatePartKind, WorkflowMember,
};
use rustc_hash::FxHashSet;
use smol_str::{SmolStr, format_smolstr};

use super::MemberFiles;
use super::member::{Change, Refined};
use super::refine::{Refining, take};
use crate::codes::modules::fields_not_refined;
use crate::codes::team::action_block;
use crate::program::FileId;

/// What a member is called, and where it stands.
trait Member {
    /// For a reader: `stage Invite`.
    fn member(&self) -> SmolStr;
    /// What `remove` calls it; none where nothing does.
    fn name(&self) -> Option<SmolStr>;
    /// The clause.
    fn span(&self) -> Span;
    /// There may be several of that name.
    fn repeats(&self) -> bool {
        false
    }
}

impl Refining<'_> {
    pub(super) fn list_of(
        &mut self,
        kind: &mut DeclarationKind,
        members: RefineMembers,
        removes: &[Name],
        files: &mut MemberFiles,
    ) {
        match (kind, members) {
            (DeclarationKind::Workflow(base), RefineMembers::Workflow(new)) => {
                self.list(&mut base.members, new, removes, files);
            }
            (DeclarationKind::Agent(base), RefineMembers::Agent(new)) => {
                self.list(&mut base.clauses, new, removes, files);
            }
            (DeclarationKind::Template(base), RefineMembers::Template(new)) => {
                self.list(&mut base.parts, new, removes, files);
            }
            (DeclarationKind::Experiment(base), RefineMembers::Experiment(new)) => {
                self.list(&mut base.clauses, new, removes, files);
            }
            (DeclarationKind::Rubric(base), RefineMembers::Rubric(new)) => {
                self.list(&mut base.lines, new, removes, files);
            }
            (DeclarationKind::Publish(base), RefineMembers::Publish(new)) => {
                self.list(&mut base.items, new, removes, files);
            }
            (DeclarationKind::Entity(base), RefineMembers::Fields(_)) => {
                self.diagnostics.push(fields_not_refined::entity(self.file, self.span, &base.entity.text));
            }
            (DeclarationKind::Event(base), RefineMembers::Fields(_)) => {
                self.diagnostics.push(fields_not_refined::event(self.file, self.span, &base.name.dotted()));
            }
            (DeclarationKind::Action(action), RefineMembers::Fields(_)) => {
                self.diagnostics.push(action_block::refined(self.file, self.span, &action.name.text));
            }
            _ => {}
        }
    }

    fn list<T: Member>(&mut self, base: &mut Vec<T>, new: Vec<T>, removes: &[Name], files: &mut MemberFiles) {
        let known: Vec<SmolStr> = base.iter().filter_map(Member::name).collect();
        let mut begun: FxHashSet<SmolStr> = FxHashSet::default();
        for member in new {
            let (called, span) = (member.member(), member.span());
            let again = !begun.insert(called.clone());
            if again && member.repeats() {
                let by = (self.file, span);
                let change = Change::Added;
                self.modules.refined.push(Refined { declaration: self.base, member: called, change, by });
                self.put(base, member, None, files);
                continue;
            }
            let stood = position(base, |other| same(other, &member)).filter(|_| !again);
            let change = match stood.and_then(|place| Some((place, base.get(place)?.span()))) {
                Some((place, span)) => Change::Replaced(file_of(files, place, self.file), span),
                None => Change::Added,
            };
            if !self.record(called.clone(), change, span) {
                continue;
            }
            // All that the base says of it gives way, where it says it several times.
            if let Some(first) = stood {
                while let Some(place) = base.iter().rposition(|other| same(other, &member)).filter(|at| *at > first) {
                    let gone = base.remove(place);
                    let of = take(&mut files.members, place, self.file);
                    let change = Change::Removed(of, gone.span());
                    let by = (self.file, span);
                    let member = format_smolstr!("another {called}");
                    self.modules.refined.push(Refined { declaration: self.base, member, change, by });
                }
            }
            self.put(base, member, stood, files);
        }
        self.remove(base, removes, &known, files);
    }

    /// In the place of the one that stood there, else last.
    fn put<T>(&mut self, base: &mut Vec<T>, member: T, place: Option<usize>, files: &mut MemberFiles) {
        let slot = place.and_then(|place| Some((base.get_mut(place)?, files.members.get_mut(place)?)));
        match slot {
            Some((slot, file)) => (*slot, *file) = (member, self.file),
            None => {
                base.push(member);
                files.members.push(self.file);
            }
        }
    }

    fn remove<T: Member>(&mut self, base: &mut Vec<T>, removes: &[Name], known: &[SmolStr], files: &mut MemberFiles) {
        for name in removes {
            let mut met = false;
            while let Some(place) = position(base, |member| member.name().as_ref() == Some(&name.text)) {
                let member = base.remove(place);
                let of = take(&mut files.members, place, self.file);
                let change = Change::Removed(of, member.span());
                let called = if met { format_smolstr!("another {}", member.member()) } else { member.member() };
                self.record(called, change, name.span);
                met = true;
            }
            if !met {
                let mut known: Vec<&str> = known.iter().map(SmolStr::as_str).collect();
                known.dedup();
                self.unknown(name, &known);
            }
        }
    }
}

/// How many members a declaration has that is a list of them.
pub(super) fn length(kind: &DeclarationKind) -> usize {
    match kind {
        DeclarationKind::Workflow(workflow) => workflow.members.len(),
        DeclarationKind::Agent(agent) => agent.clauses.len(),
        DeclarationKind::Template(template) => template.parts.len(),
        DeclarationKind::Experiment(experiment) => experiment.clauses.len(),
        DeclarationKind::Rubric(rubric) => rubric.lines.len(),
        DeclarationKind::Publish(publish) => publish.items.len(),
        _ => 0,
    }
}

/// A stage may give way to a handoff: what has a name is told by it.
fn same<T: Member>(one: &T, other: &T) -> bool {
    match (one.name(), other.name()) {
        (Some(one), Some(other)) => one == other,
        _ => one.member() == other.member(),
    }
}

fn position<T>(base: &[T], is_it: impl FnMut(&T) -> bool) -> Option<usize> {
    base.iter().position(is_it)
}

fn file_of(files: &MemberFiles, place: usize, default: FileId) -> FileId {
    files.members.get(place).copied().unwrap_or(default)
}

impl Member for WorkflowMember {
    fn member(&self) -> SmolStr {
        match self {
            Self::Status { .. } => "status".into(),
            Self::Start(_) => "start".into(),
            Self::Stage(stage) => format_smolstr!("stage {}", stage.name.text),
            Self::Handoff(handoff) => format_smolstr!("handoff {}", handoff.name.text),
            Self::End(end) => format_smolstr!("end {}", end.name.text),
        }
    }

    fn name(&self) -> Option<SmolStr> {
        Some(self.name().map_or_else(|| Member::member(self), |name| name.text.clone()))
    }

    fn span(&self) -> Span {
        self.span()
    }

    fn repeats(&self) -> bool {
        matches!(self, Self::Start(_))
    }
}

impl Member for AgentClause {
    fn member(&self) -> SmolStr {
        match self {
            Self::Runs { .. } => "runs".into(),
            Self::Hands { .. } => "hands".into(),
        }
    }

    fn name(&self) -> Option<SmolStr> {
        Some(self.member())
    }

    fn span(&self) -> Span {
        match self {
            Self::Runs { span, .. } | Self::Hands { span, .. } => *span,
        }
    }

    fn repeats(&self) -> bool {
        true
    }
}

impl Member for TemplatePart {
    fn member(&self) -> SmolStr {
        match self.kind {
            TemplatePartKind::Subject => "subject".into(),
            TemplatePartKind::Body => "body".into(),
        }
    }

    fn name(&self) -> Option<SmolStr> {
        Some(self.member())
    }

    fn span(&self) -> Span {
        self.span
    }
}

impl Member for ExperimentClause {
    fn member(&self) -> SmolStr {
        self.what().into()
    }

    fn name(&self) -> Option<SmolStr> {
        Some(self.member())
    }

    fn span(&self) -> Span {
        self.span()
    }
}

impl Member for PublishItem {
    fn member(&self) -> SmolStr {
        self.path.dotted()
    }

    fn name(&self) -> Option<SmolStr> {
        Some(self.member())
    }

    fn span(&self) -> Span {
        self.span
    }
}

impl Member for RubricLine {
    fn member(&self) -> SmolStr {
        format_smolstr!("{} points", self.points.value)
    }

    fn name(&self) -> Option<SmolStr> {
        None
    }

    fn span(&self) -> Span {
        self.span
    }
}
