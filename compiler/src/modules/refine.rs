//! Applies `refine`: a named member replaces the base's member of that name whole, the others stay, `remove` removes.
//!
//! A source may also be given fields that its base does not map: that is how a client's own column comes in.

use std::sync::Arc;

use language::Span;
use language::syntax::{
    Declaration, DeclarationKind, Name, Refine, RefineMembers, Score, ScoreBody, Source, SourceClause,
};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

use super::member::{Change, Refined};
use super::{Declared, MemberFiles, Modules};
use crate::codes::modules::{nameless_member, refined_twice, unknown_base, unknown_member};
use crate::diagnostics::Diagnostic;
use crate::nearest::nearest;
use crate::program::FileId;

/// Applies the refinements in order.
pub(super) fn apply(mut modules: Modules, refinements: Vec<Declared>, diagnostics: &mut Vec<Diagnostic>) -> Modules {
    if refinements.is_empty() {
        return modules;
    }
    let bases = bases(&modules);
    let mut seen = FxHashMap::default();
    for declared in refinements {
        let Declared { file, declaration, .. } = declared;
        let Declaration { kind: DeclarationKind::Refine(refine), span, .. } = &*declaration else { continue };
        let Some(base) = find(&bases, &modules, file, refine, diagnostics) else { continue };
        if is_read_beside_its_base(&refine.members) {
            modules.declarations.push(Declared::new(file, Arc::clone(&declaration)));
            continue;
        }
        let mut refining = Refining {
            base,
            file,
            span: *span,
            name: refine_name(refine),
            seen: &mut seen,
            modules: &mut modules,
            diagnostics,
        };
        refining.apply(refine.clone());
    }
    modules
}

/// Declarations by the word that refines them and their name.
fn bases(modules: &Modules) -> FxHashMap<(SmolStr, SmolStr), usize> {
    let mut bases = FxHashMap::default();
    for (index, declared) in modules.declarations.iter().enumerate() {
        let key = match &declared.declaration.kind {
            DeclarationKind::Score(score) => ("score".into(), score.name.text.clone()),
            DeclarationKind::Phrases(phrases) if phrases.objection => ("objection".into(), phrases.name.text.clone()),
            DeclarationKind::Phrases(phrases) => ("phrases".into(), phrases.name.text.clone()),
            DeclarationKind::Source(source) => ("source".into(), source.name.dotted()),
            DeclarationKind::Broken { name: Some(name) } => ("".into(), name.text.clone()),
            DeclarationKind::Use(_)
            | DeclarationKind::Refine(_)
            | DeclarationKind::Extend(_)
            | DeclarationKind::Broken { name: None } => continue,
            kind => (kind.what().into(), kind.name().map(|name| name.text).unwrap_or_default()),
        };
        bases.entry(key).or_insert(index);
    }
    bases
}

/// Tables and lists without names: the refinement stays, and what reads them reads it first.
const fn is_read_beside_its_base(members: &RefineMembers) -> bool {
    matches!(members, RefineMembers::Permissions(_) | RefineMembers::Priority(_) | RefineMembers::ContactPolicy(_))
}

fn refine_name(refine: &Refine) -> SmolStr {
    refine.name.as_ref().map(language::syntax::Path::dotted).unwrap_or_default()
}

fn find(
    bases: &FxHashMap<(SmolStr, SmolStr), usize>,
    modules: &Modules,
    file: FileId,
    refine: &Refine,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let (kind, name) = (refine.kind.text.as_str(), refine_name(refine));
    if let Some(index) = bases.get(&(refine.kind.text.clone(), name.clone())) {
        return Some(*index);
    }
    // Its header could not be read, and that has been said.
    let broken = bases.contains_key(&(SmolStr::default(), name.clone()));
    if !broken {
        let mut names: Vec<&str> =
            bases.keys().filter(|(word, _)| *word == kind).map(|(_, base)| base.as_str()).collect();
        names.sort_unstable();
        let elsewhere = bases
            .iter()
            .find(|((word, base), _)| !word.is_empty() && *base == name)
            .map(|((word, _), index)| (word.as_str(), *index));
        let elsewhere = elsewhere.and_then(|(word, index)| Some((word, modules.declarations.get(index)?)));
        diagnostics.push(unknown_base::diagnostic(file, refine, nearest(&name, names.iter().copied()), elsewhere));
    }
    None
}

/// One refinement at work on its base.
pub(super) struct Refining<'a> {
    pub(super) base: usize,
    pub(super) file: FileId,
    pub(super) span: Span,
    name: SmolStr,
    /// Who refined which member of which declaration, by side: the client's or a module's.
    seen: &'a mut FxHashMap<(usize, SmolStr, bool), (FileId, Span)>,
    pub(super) modules: &'a mut Modules,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Refining<'_> {
    fn apply(&mut self, refine: Refine) {
        let Some(declared) = self.modules.declarations.get_mut(self.base) else { return };
        // Taken out while it is changed: what is recorded and reported meanwhile is about the modules as well.
        let hollow = DeclarationKind::Broken { name: None };
        let mut kind = std::mem::replace(&mut Arc::make_mut(&mut declared.declaration).kind, hollow);
        let file = declared.file;
        let mut files = declared.members.take().unwrap_or_else(|| Box::new(member_files(file, &kind)));
        match (&mut kind, refine.members) {
            (DeclarationKind::Score(score), RefineMembers::Score(body)) => {
                self.score(score, body, &mut files);
                self.remove_layers(score, &refine.removes, &mut files);
            }
            (DeclarationKind::Phrases(phrases), RefineMembers::Phrases(texts)) => {
                if let (Some(first), Some(last)) = (phrases.texts.first(), phrases.texts.last())
                    && !texts.is_empty()
                {
                    let replaced =
                        Change::Replaced(files.members.first().copied().unwrap_or(file), first.span.to(last.span));
                    self.record("phrases".into(), replaced, self.span);
                    files.members = vec![self.file; texts.len()];
                    phrases.texts = texts;
                }
                for name in &refine.removes {
                    self.unknown(name, &[]);
                }
            }
            (DeclarationKind::Source(source), RefineMembers::Source(clauses)) => {
                self.source(source, clauses, &mut files);
                self.remove_fields(source, &refine.removes, &mut files);
            }
            (kind, members) => self.list_of(kind, members, &refine.removes, &mut files),
        }
        if let Some(declared) = self.modules.declarations.get_mut(self.base) {
            Arc::make_mut(&mut declared.declaration).kind = kind;
            declared.members = Some(files);
        }
    }

    fn score(&mut self, score: &mut Score, body: ScoreBody, files: &mut MemberFiles) {
        for layer in body.layers {
            let place = score.body.layers.iter().position(|base| base.name.text == layer.name.text);
            let Some((place, base)) = place.and_then(|at| Some((at, score.body.layers.get_mut(at)?))) else {
                let known: Vec<&str> = score.body.layers.iter().map(|layer| layer.name.text.as_str()).collect();
                self.unknown(&layer.name, &known);
                continue;
            };
            let base_file = files.members.get(place).copied().unwrap_or(self.file);
            let member = format_smolstr!("layer {}", layer.name.text);
            if self.record(member, Change::Replaced(base_file, base.span), layer.span) {
                *base = layer;
                put(&mut files.members, place, self.file);
            }
        }
        if let Some(route) = body.route {
            let change =
                score.body.route.as_ref().map_or(Change::Added, |base| Change::Replaced(files.route, base.span));
            if self.record("route".into(), change, route.span) {
                score.body.route = Some(route);
                files.route = self.file;
            }
        }
        for other in body.others {
            match score.body.others.iter().position(|base| base.what() == other.what()) {
                Some(place) => {
                    put(&mut files.others, place, self.file);
                    if let Some(base) = score.body.others.get_mut(place) {
                        *base = other;
                    }
                }
                None => {
                    score.body.others.push(other);
                    files.others.push(self.file);
                }
            }
        }
        if let Some(rule) = body.rules.first() {
            self.diagnostics.push(nameless_member::diagnostic(self.file, rule.span, &self.name));
        }
    }

    fn remove_layers(&mut self, score: &mut Score, removes: &[Name], files: &mut MemberFiles) {
        for name in removes {
            if let Some(place) = score.body.layers.iter().position(|layer| layer.name.text == name.text) {
                let layer = score.body.layers.remove(place);
                let base_file = take(&mut files.members, place, self.file);
                self.record(format_smolstr!("layer {}", name.text), Change::Removed(base_file, layer.span), name.span);
            } else if name.text == "route" && score.body.route.is_some() {
                if let Some(route) = score.body.route.take() {
                    self.record("route".into(), Change::Removed(files.route, route.span), name.span);
                }
            } else if let Some(place) = score.body.others.iter().position(|other| other.what() == name.text) {
                score.body.others.remove(place);
                take(&mut files.others, place, self.file);
            } else {
                let known: Vec<&str> =
                    score.body.layers.iter().map(|layer| layer.name.text.as_str()).chain(["route"]).collect();
                self.unknown(name, &known);
            }
        }
    }

    fn source(&mut self, source: &mut Source, clauses: Vec<SourceClause>, files: &mut MemberFiles) {
        // All `reports` of a refinement stand for all of the base's: two of them are no contradiction.
        let mut fresh_reports = true;
        for clause in clauses {
            let (member, span) = member_of(&clause);
            let is_report = matches!(clause, SourceClause::Reports { .. });
            let place = source.clauses.iter().position(|base| member_of(base).0 == member);
            match place.filter(|_| !is_report || std::mem::take(&mut fresh_reports)) {
                Some(place) => {
                    let base_file = files.members.get(place).copied().unwrap_or(self.file);
                    let base_span = source.clauses.get(place).map_or(span, |base| member_of(base).1);
                    if self.record(member, Change::Replaced(base_file, base_span), span) {
                        if let Some(base) = source.clauses.get_mut(place) {
                            *base = clause;
                        }
                        put(&mut files.members, place, self.file);
                    }
                }
                None => {
                    if is_report {
                        let by = (self.file, span);
                        self.modules.refined.push(Refined {
                            declaration: self.base,
                            member,
                            change: Change::Added,
                            by,
                        });
                    } else if !self.record(member, Change::Added, span) {
                        continue;
                    }
                    source.clauses.push(clause);
                    files.members.push(self.file);
                }
            }
        }
    }

    fn remove_fields(&mut self, source: &mut Source, removes: &[Name], files: &mut MemberFiles) {
        for name in removes {
            let is_it = |clause: &SourceClause| {
                let (member, _) = member_of(clause);
                member == name.text || member.strip_prefix("field ") == Some(name.text.as_str())
            };
            if let Some(place) = source.clauses.iter().position(is_it) {
                let (member, span) = member_of(&source.clauses.remove(place));
                let base_file = take(&mut files.members, place, self.file);
                self.record(member, Change::Removed(base_file, span), name.span);
            } else {
                let members: Vec<SmolStr> = source.clauses.iter().map(|clause| member_of(clause).0).collect();
                let known: Vec<&str> =
                    members.iter().map(|member| member.strip_prefix("field ").unwrap_or(member)).collect();
                self.unknown(name, &known);
            }
        }
    }

    pub(super) fn unknown(&mut self, name: &Name, known: &[&str]) {
        let meant = nearest(&name.text, known.iter().copied());
        self.diagnostics.push(unknown_member::diagnostic(self.file, name, &self.name, meant, known));
    }

    /// Notes the change; not where the same member was refined by the same side before: then it says so.
    pub(super) fn record(&mut self, member: SmolStr, change: Change, span: Span) -> bool {
        let key = (self.base, member.clone(), self.modules.is_client(self.file));
        if let Some(before) = self.seen.insert(key, (self.file, span)) {
            self.diagnostics.push(refined_twice::diagnostic(self.file, span, &member, &self.name, before));
            return false;
        }
        self.modules.refined.push(Refined { declaration: self.base, member, change, by: (self.file, span) });
        true
    }
}

fn member_files(file: FileId, kind: &DeclarationKind) -> MemberFiles {
    let (members, others) = match kind {
        DeclarationKind::Score(score) => (score.body.layers.len(), score.body.others.len()),
        DeclarationKind::Phrases(phrases) => (phrases.texts.len(), 0),
        DeclarationKind::Source(source) => (source.clauses.len(), 0),
        kind => (super::lists::length(kind), 0),
    };
    MemberFiles { members: vec![file; members], route: file, others: vec![file; others] }
}

/// A clause of a source as a reader calls it, and where it stands.
fn member_of(clause: &SourceClause) -> (SmolStr, Span) {
    let texts = |texts: &[language::syntax::Text]| match (texts.first(), texts.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    };
    match clause {
        SourceClause::Signature(headers) => ("signature".into(), texts(headers)),
        SourceClause::Reports { span, .. } => ("reports".into(), *span),
        SourceClause::Missing(cells) => ("missing".into(), texts(cells)),
        SourceClause::DecimalComma(span) => ("decimal".into(), *span),
        SourceClause::Separator(text) => ("separator".into(), text.span),
        SourceClause::Encoding(text) => ("encoding".into(), text.span),
        SourceClause::Field(field) => (format_smolstr!("field {}", field.target.dotted()), field.span),
    }
}

fn put(files: &mut [FileId], place: usize, file: FileId) {
    if let Some(slot) = files.get_mut(place) {
        *slot = file;
    }
}

pub(super) fn take(files: &mut Vec<FileId>, place: usize, default: FileId) -> FileId {
    if place < files.len() { files.remove(place) } else { default }
}
