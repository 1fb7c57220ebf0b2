//! The playbook as it stands after `use` and `refine`, in the language itself: what `playbook show --resolved` prints.
//!
//! Every declaration is there, under the name of the file that it comes from; each refined member says in a comment who refined it
//! and where the base's was. Scores and layers say how far they can go. The text parses again, and means the same.

use language::Span;
use language::syntax::{DeclarationKind, WorkflowMember};
use rustc_hash::FxHashMap;

use crate::checks::range_of;
use crate::diagnostics::lines::Lines;
use crate::modules::{Change, Declared, Modules, Refined};
use crate::program::{FileId, Program};

/// The resolved text, laid out. Without a program (where something is an error) it says nothing of ranges.
#[must_use]
pub fn resolved(modules: &Modules, program: Option<&Program>) -> String {
    resolved_of(modules, program, |_| true)
}

/// As [`resolved`], of the declarations that are wanted; nothing where none is.
#[must_use]
pub fn resolved_of(modules: &Modules, program: Option<&Program>, wanted: impl Fn(&Declared) -> bool) -> String {
    let mut changes: FxHashMap<usize, Vec<&Refined>> = FxHashMap::default();
    for refined in &modules.refined {
        changes.entry(refined.declaration).or_default().push(refined);
    }
    let mut places = Places { modules, lines: FxHashMap::default() };
    let mut text = String::new();
    let mut file = None;
    for (index, declared) in modules.declarations.iter().enumerate().filter(|(_, declared)| wanted(declared)) {
        if file != Some(declared.file) {
            file = Some(declared.file);
            text.push_str(&format!("// ── from {} ──\n\n", modules.files.name(declared.file)));
        }
        for line in declared.declaration.docs.iter().flat_map(|docs| docs.lines()) {
            text.push_str(&format!("/// {}\n", line.trim()));
        }
        let changes = changes.get(&index).map_or(&[][..], Vec::as_slice);
        text.push_str(&places.declaration(declared, changes, program));
        text.push_str("\n\n");
    }
    language::format(text.trim_end()).text
}

/// One stage, handoff or end of a workflow as it stands, with the place that it comes from; none where there is none called so.
#[must_use]
pub fn resolved_stage(modules: &Modules, workflow: &str, stage: &str) -> Option<String> {
    let of = |declared: &&Declared| match &declared.declaration.kind {
        DeclarationKind::Workflow(written) => written.name.text.eq_ignore_ascii_case(workflow),
        _ => false,
    };
    let declared = modules.declarations.iter().find(of)?;
    let DeclarationKind::Workflow(written) = &declared.declaration.kind else { return None };
    let is_it = |member: &WorkflowMember| member.name().is_some_and(|name| name.text.eq_ignore_ascii_case(stage));
    let (at, member) = written.members.iter().enumerate().find(|(_, member)| is_it(member))?;
    let span = member.span();
    let file = declared.member_file(at);
    let place = Places { modules, lines: FxHashMap::default() }.place((file, span));
    // As the formatter has it, within its workflow.
    let whole = format!("workflow {} for Contact {{\n{}\n}}", written.name.text, modules.text(file, span));
    let laid_out = language::format(&whole).text;
    let inside = laid_out.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with('}'));
    let lines: Vec<&str> = inside.map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    Some(format!("// {}, from {place}\n{}\n", written.name.text, lines.join("\n")))
}

struct Places<'a> {
    modules: &'a Modules,
    lines: FxHashMap<FileId, Lines>,
}

/// A part of a declaration's own text that gives way to another.
struct Edit {
    span: Span,
    text: String,
}

impl Places<'_> {
    fn declaration(&mut self, declared: &Declared, changes: &[&Refined], program: Option<&Program>) -> String {
        let whole = declared.declaration.span;
        let mut edits = Vec::new();
        let mut added = Vec::new();
        self.members(declared, changes, program, &mut edits, &mut added);
        if let (DeclarationKind::Score(_), Some(program)) = (&declared.declaration.kind, program) {
            self.ranges(declared, program, &mut edits);
        }
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let (mut text, mut at) = (String::new(), whole.start);
        for edit in edits {
            text.push_str(self.modules.text(declared.file, Span::new(at, edit.span.start.max(at))));
            text.push_str(&edit.text);
            at = edit.span.end.max(at);
        }
        text.push_str(self.modules.text(declared.file, Span::new(at, whole.end)));
        if let (false, Some(end)) = (added.is_empty(), text.rfind('}')) {
            text.insert_str(end, &format!("{}\n", added.join("\n")));
        }
        text
    }

    /// What refinements put in the place of members, and what they add.
    fn members(
        &mut self,
        declared: &Declared,
        changes: &[&Refined],
        program: Option<&Program>,
        edits: &mut Vec<Edit>,
        added: &mut Vec<String>,
    ) {
        let mut done: Vec<&str> = Vec::new();
        for first in changes {
            if done.contains(&first.member.as_str()) {
                continue;
            }
            done.push(&first.member);
            // A member may have been refined more than once: the first change says what the base had, the last ones what stands now.
            let of_member: Vec<&&Refined> = changes.iter().filter(|change| change.member == first.member).collect();
            let Some(last) = of_member.last() else { continue };
            let now: Vec<String> = of_member
                .iter()
                .filter(|change| change.by.0 == last.by.0 && !matches!(change.change, Change::Removed(..)))
                .map(|change| self.outcome(declared, change, program))
                .collect();
            let text = match last.change {
                Change::Removed(..) => format!("// {} is removed by {}", last.member, self.place(last.by)),
                _ => now.join("\n  "),
            };
            match first.change {
                Change::Replaced(file, span) | Change::Removed(file, span) if file == declared.file => {
                    edits.push(Edit { span, text });
                }
                _ => added.push(format!("  {text}")),
            }
        }
    }

    /// A member as a refinement has it, with who says so.
    fn outcome(&mut self, declared: &Declared, change: &Refined, program: Option<&Program>) -> String {
        let by = self.place(change.by);
        let said = match change.change {
            Change::Replaced(file, span) => format!("// refined by {by}, in place of {}", self.place((file, span))),
            Change::Removed(..) | Change::Added => format!("// added by {by}"),
        };
        let (file, span) = change.by;
        let text = match &declared.declaration.kind {
            DeclarationKind::Phrases(phrases) => match (phrases.texts.first(), phrases.texts.last()) {
                (Some(first), Some(last)) => self.modules.text(declared.member_file(0), first.span.to(last.span)),
                _ => "",
            },
            _ => self.modules.text(file, span),
        };
        let range = self.layer_range(declared, change, program).unwrap_or_default();
        format!("{said}\n  {range}{text}")
    }

    /// The range of a layer that has been refined.
    fn layer_range(&self, declared: &Declared, change: &Refined, program: Option<&Program>) -> Option<String> {
        let (DeclarationKind::Score(score), Some(program)) = (&declared.declaration.kind, program) else { return None };
        let name = change.member.strip_prefix("layer ")?;
        Some(format!("{}\n  ", range(program, &score.name.text, Some(name))?))
    }

    /// How far a score and those of its layers go that stand in its own text.
    fn ranges(&self, declared: &Declared, program: &Program, edits: &mut Vec<Edit>) {
        let DeclarationKind::Score(score) = &declared.declaration.kind else { return };
        let start = declared.declaration.span.start;
        if let Some(text) = range(program, &score.name.text, None) {
            edits.push(Edit { span: Span::new(start, start), text: format!("{text}\n") });
        }
        let whole = declared.declaration.span;
        for (at, layer) in score.body.layers.iter().enumerate() {
            let here = declared.member_file(at) == declared.file
                && whole.start <= layer.span.start
                && layer.span.end <= whole.end;
            if let (true, Some(text)) = (here, range(program, &score.name.text, Some(&layer.name.text))) {
                edits.push(Edit { span: Span::new(layer.span.start, layer.span.start), text: format!("{text}\n  ") });
            }
        }
    }

    fn place(&mut self, (file, span): (FileId, Span)) -> String {
        let text = self.modules.files.files.get(file.index()).map_or("", |file| &file.text);
        let lines = self.lines.entry(file).or_insert_with(|| Lines::of(text));
        format!("{}:{}", self.modules.files.name(file), lines.position(text, span.start).line)
    }
}

/// `// icp goes from 0 to 100`
fn range(program: &Program, score: &str, layer: Option<&str>) -> Option<String> {
    let range = range_of(program, program.score_or_layer(score, layer)?);
    Some(format!("// {} goes from {} to {}", layer.unwrap_or(score), range.low, range.high))
}
