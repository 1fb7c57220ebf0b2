//! Rubrics: what a text is worth, line by line, and who confirms it.

use language::Span;
use language::syntax::{self, DeclarationKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use crate::codes::messages::{rubric_lines, rubric_source};
use crate::modules::Declared;
use crate::program::{FileId, Fixed, Rubric, RubricId, RubricText};

impl Lowering<'_> {
    pub(super) fn collect_rubrics(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Rubric(rubric) = &declared.declaration.kind else { continue };
            let from = self.rubric_text(declared.file, rubric);
            let confirmed_by = rubric.confirmed_by.as_ref().and_then(|actor| self.person_of(declared.file, actor));
            let lines = self.rubric_lines(declared, rubric);
            let origin = self.origin(declared.file, rubric.name.span);
            let id = RubricId(count(self.program.rubrics.len()));
            self.names.rubrics.insert(rubric.name.text.clone(), id);
            self.program.rubrics.push(Rubric {
                name: rubric.name.text.clone(),
                from: from.unwrap_or(RubricText::Message),
                confirmed_by,
                lines,
                origin,
            });
        }
    }

    /// `message`, or the notes of something that happened.
    fn rubric_text(&mut self, file: FileId, rubric: &syntax::Rubric) -> Option<RubricText> {
        match rubric.from.parts.as_slice() {
            [message] if message.text == "message" => Some(RubricText::Message),
            [of, notes] if notes.text == "notes" => Some(RubricText::Notes(of.text.clone())),
            _ => {
                self.report(rubric_source::diagnostic(file, &rubric.from));
                None
            }
        }
    }

    fn rubric_lines(&mut self, declared: &Declared, rubric: &syntax::Rubric) -> Vec<(Fixed, SmolStr)> {
        let mut seen: FxHashMap<Fixed, (FileId, Span)> = FxHashMap::default();
        let mut lines = Vec::with_capacity(rubric.lines.len());
        for (index, line) in rubric.lines.iter().enumerate() {
            let file = declared.member_file(index);
            if let Some(first) = seen.insert(line.points.value, (file, line.span)) {
                self.report(rubric_lines::twice(file, line.span, line.points.value, first));
                continue;
            }
            lines.push((line.points.value, line.text.value.clone()));
        }
        if lines.len() < 2 && !declared.declaration.broken {
            self.report(rubric_lines::too_few(declared.file, &rubric.name));
        }
        lines
    }
}
