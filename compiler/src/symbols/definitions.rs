//! What is declared where, read off the syntax: all files as they are written, what a refinement replaced among it.

use language::Span;
use language::syntax::{
    ClientClause, Declaration, DeclarationKind, FieldDeclaration, Layer, Path, Phrases, Refine, RefineMembers, Route,
    Score, Source, TypeExpression, TypeKind, Workflow, WorkflowMember,
};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Definition, Role, Symbol, Use};
use crate::diagnostics::Files;
use crate::modules::{Used, Written};
use crate::program::FileId;

/// What the declarations say by themselves.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// By file and place.
    pub(super) definitions: Vec<Definition>,
    /// Names that only bring in or take away: `use std.crm`, `remove Drafting`.
    pub(super) uses: Vec<Use>,
    declared: FxHashSet<Symbol>,
}

impl Declared {
    /// Whether that is declared anywhere.
    pub(super) fn declares(&self, symbol: &Symbol) -> bool {
        self.declared.contains(symbol)
    }
}

/// In reading order, so that what is used is declared before what uses it.
pub(super) fn of(files: &Files, written: &[Written], used: &[Used]) -> Declared {
    let mut reading = Reading::default();
    for one in written.iter().filter(|one| one.stands) {
        reading.file = one.file;
        reading.declaration(&one.declaration);
    }
    for one in written.iter().filter(|one| !one.stands) {
        reading.file = one.file;
        reading.replaced(&one.declaration);
    }
    for one in used {
        reading.module(files, one);
    }
    for one in written.iter().filter(|one| one.stands) {
        if let DeclarationKind::Refine(refine) = &one.declaration.kind {
            reading.file = one.file;
            reading.removed(refine, written);
        }
    }
    let mut found = reading.found;
    found
        .definitions
        .sort_by(|left, right| (left.file, left.name, &left.symbol).cmp(&(right.file, right.name, &right.symbol)));
    found
}

#[derive(Default)]
struct Reading {
    file: FileId,
    found: Declared,
}

impl Reading {
    /// Declares it, or says more of it where it is declared.
    fn add(&mut self, symbol: Symbol, (name, whole): (Span, Span), docs: Option<&SmolStr>, again: Role) {
        let role = if self.found.declared.insert(symbol.clone()) { Role::First } else { again };
        let (file, docs) = (self.file, docs.cloned());
        self.found.definitions.push(Definition { symbol, file, name, whole, docs, role });
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let (span, docs) = (declaration.span, declaration.docs.as_ref());
        let plain = |reading: &mut Self, symbol: Symbol, name: Span| {
            reading.add(symbol, (name, span), docs, Role::Extends);
        };
        match &declaration.kind {
            DeclarationKind::Client(client) => {
                for clause in &client.clauses {
                    let ClientClause::People(people) = clause else { continue };
                    for (role, title) in people {
                        let places = (role.span, role.span.to(title.span));
                        self.add(Symbol::Person(role.text.clone()), places, None, Role::Extends);
                    }
                }
            }
            DeclarationKind::Entity(fields) | DeclarationKind::Extend(fields) => {
                plain(self, Symbol::Entity(fields.entity.text.clone()), fields.entity.span);
                self.fields(&fields.fields, &Owner::Entity(&fields.entity.text));
            }
            DeclarationKind::Event(event) => {
                let name = event.name.dotted();
                plain(self, Symbol::Event(name.clone()), event.name.span);
                self.fields(&event.fields, &Owner::Event(&name));
            }
            DeclarationKind::Fact(fact) => plain(self, Symbol::Fact(fact.name.text.clone()), fact.name.span),
            DeclarationKind::Score(score) => {
                plain(self, Symbol::Score(score.name.text.clone()), score.name.span);
                self.score(score);
            }
            DeclarationKind::Phrases(Phrases { name, .. }) => {
                plain(self, Symbol::Phrases(name.text.clone()), name.span);
            }
            DeclarationKind::Source(source) => plain(self, Symbol::Source(source.name.dotted()), source.name.span),
            DeclarationKind::Test(test) => plain(self, Symbol::Test(test.name.value.clone()), test.name.span),
            DeclarationKind::Scenario(scenario) => {
                plain(self, Symbol::Scenario(scenario.title.value.clone()), scenario.title.span);
            }
            DeclarationKind::Backtest(backtest) => {
                plain(self, Symbol::Backtest(backtest.title.value.clone()), backtest.title.span);
            }
            DeclarationKind::Agent(agent) => plain(self, Symbol::Agent(agent.name.text.clone()), agent.name.span),
            DeclarationKind::Action(action) => {
                let verb = action.name.text.clone();
                plain(self, Symbol::Action { verb: verb.clone(), way: None }, action.name.span);
                if let Some(way) = &action.object {
                    plain(self, Symbol::Action { verb, way: Some(way.text.clone()) }, way.span);
                }
            }
            DeclarationKind::Template(of) => plain(self, Symbol::Template(of.name.text.clone()), of.name.span),
            DeclarationKind::Experiment(of) => plain(self, Symbol::Experiment(of.name.text.clone()), of.name.span),
            DeclarationKind::Rubric(rubric) => plain(self, Symbol::Rubric(rubric.name.text.clone()), rubric.name.span),
            DeclarationKind::Publish(of) => plain(self, Symbol::Publication(of.name.text.clone()), of.name.span),
            DeclarationKind::Workflow(workflow) => {
                plain(self, Symbol::Workflow(workflow.name.text.clone()), workflow.name.span);
                self.workflow(workflow);
            }
            DeclarationKind::Goal(goal) => {
                if let Some(name) = &goal.name {
                    plain(self, Symbol::Goal(name.text.clone()), name.span);
                }
            }
            DeclarationKind::Refine(refine) => self.refine(declaration, refine),
            DeclarationKind::Use(_)
            | DeclarationKind::Permissions(_)
            | DeclarationKind::Priority(_)
            | DeclarationKind::ContactPolicy(_)
            | DeclarationKind::Feedback(_)
            | DeclarationKind::Forecast(_)
            | DeclarationKind::Broken { .. } => {}
        }
    }

    /// Only that it was there: it declares nothing.
    fn replaced(&mut self, declaration: &Declaration) {
        let (symbol, name) = match &declaration.kind {
            DeclarationKind::Workflow(of) => (Symbol::Workflow(of.name.text.clone()), of.name.span),
            DeclarationKind::Template(of) => (Symbol::Template(of.name.text.clone()), of.name.span),
            DeclarationKind::Experiment(of) => (Symbol::Experiment(of.name.text.clone()), of.name.span),
            DeclarationKind::Rubric(of) => (Symbol::Rubric(of.name.text.clone()), of.name.span),
            DeclarationKind::Goal(of) => match &of.name {
                Some(name) => (Symbol::Goal(name.text.clone()), name.span),
                None => return,
            },
            _ => return,
        };
        let (file, docs, whole) = (self.file, declaration.docs.clone(), declaration.span);
        self.found.definitions.push(Definition { symbol, file, name, whole, docs, role: Role::Replaced });
    }

    fn fields(&mut self, fields: &[FieldDeclaration], owner: &Owner<'_>) {
        for field in fields {
            let name = field.name.dotted();
            self.add(owner.field(&name), (field.name.span, field.span), None, Role::Extends);
            self.words(&field.ty, &name, owner);
        }
    }

    fn words(&mut self, ty: &TypeExpression, field: &SmolStr, owner: &Owner<'_>) {
        match &ty.kind {
            TypeKind::OneOf(words) => {
                for word in words {
                    self.add(owner.value(field, &word.text), (word.span, word.span), None, Role::Extends);
                }
            }
            TypeKind::List(of) => self.words(of, field, owner),
            TypeKind::Named(_) | TypeKind::YesNo => {}
        }
    }

    fn score(&mut self, score: &Score) {
        self.layers(&score.name.text, &score.body.layers);
        self.route(&score.name.text, score.body.route.as_ref());
    }

    fn layers(&mut self, score: &SmolStr, layers: &[Layer]) {
        for layer in layers {
            let symbol = Symbol::Layer { score: score.clone(), name: layer.name.text.clone() };
            self.add(symbol, (layer.name.span, layer.span), None, Role::Refines);
        }
    }

    /// Each line says when it is routed so: the first one of a route is the definition, the others use it.
    fn route(&mut self, score: &SmolStr, route: Option<&Route>) {
        let mut seen = FxHashSet::default();
        for line in route.into_iter().flat_map(|route| &route.lines) {
            let symbol = Symbol::Label { score: score.clone(), name: line.label.text.clone() };
            if seen.insert(&line.label.text) {
                self.add(symbol, (line.label.span, line.span), None, Role::Refines);
            } else {
                self.found.uses.push(Use { file: self.file, span: line.label.span, symbol });
            }
        }
    }

    fn workflow(&mut self, workflow: &Workflow) {
        self.members(&workflow.name.text, &workflow.members);
    }

    fn members(&mut self, workflow: &SmolStr, members: &[WorkflowMember]) {
        for member in members {
            if let Some(name) = member.name() {
                let symbol = Symbol::Stage { workflow: workflow.clone(), name: name.text.clone() };
                self.add(symbol, (name.span, member.span()), None, Role::Refines);
            }
            if let WorkflowMember::End(end) = member {
                let symbol = Symbol::Outcome { workflow: workflow.clone(), name: end.outcome.dotted() };
                self.add(symbol, (end.outcome.span, end.span), None, Role::Extends);
            }
        }
    }

    /// The name in the header refines; of the members, each that the base has.
    fn refine(&mut self, declaration: &Declaration, refine: &Refine) {
        let Some(path) = &refine.name else { return };
        let Some(symbol) = refined(refine, path) else { return };
        // What is refined nowhere declared is an error, and declares nothing.
        if !self.found.declares(&symbol) {
            return;
        }
        self.add(symbol, (path.span, declaration.span), declaration.docs.as_ref(), Role::Refines);
        let name = path.dotted();
        match &refine.members {
            RefineMembers::Score(body) => {
                self.layers(&name, &body.layers);
                self.route(&name, body.route.as_ref());
            }
            RefineMembers::Workflow(members) => self.members(&name, members),
            _ => {}
        }
    }

    fn module(&mut self, files: &Files, used: &Used) {
        let Some(module) = files.files.get(used.module.index()) else { return };
        let symbol = Symbol::Module(module.name.clone());
        self.found.uses.push(Use { file: used.file, span: used.span, symbol: symbol.clone() });
        if self.found.declared.insert(symbol.clone()) {
            let whole = Span::new(0, u32::try_from(module.text.len()).unwrap_or(u32::MAX));
            let (file, name) = (used.module, Span::default());
            self.found.definitions.push(Definition { symbol, file, name, whole, docs: None, role: Role::First });
        }
    }

    /// `remove Drafting` names what the base has.
    fn removed(&mut self, refine: &Refine, written: &[Written]) {
        let of = refine.name.as_ref().map(Path::dotted).unwrap_or_default();
        for name in &refine.removes {
            let text = name.text.clone();
            let meant = match &refine.members {
                RefineMembers::Score(_) => vec![Symbol::Layer { score: of.clone(), name: text }],
                RefineMembers::Workflow(_) => vec![Symbol::Stage { workflow: of.clone(), name: text }],
                RefineMembers::Source(_) => filled(written, &of).map_or_else(Vec::new, |source| match source {
                    [entity] => vec![Symbol::Field { entity: entity.text.clone(), name: text }],
                    event => vec![Symbol::EventField { event: joined(event), name: text }],
                }),
                RefineMembers::Permissions(_) => {
                    vec![Symbol::Entity(text.clone()), Symbol::Action { verb: text, way: None }]
                }
                _ => Vec::new(),
            };
            if let Some(symbol) = meant.into_iter().find(|symbol| self.found.declares(symbol)) {
                self.found.uses.push(Use { file: self.file, span: name.span, symbol });
            }
        }
    }
}

/// Whose fields they are.
enum Owner<'o> {
    Entity(&'o SmolStr),
    Event(&'o SmolStr),
}

impl Owner<'_> {
    fn field(&self, name: &SmolStr) -> Symbol {
        match self {
            Self::Entity(entity) => Symbol::Field { entity: (*entity).clone(), name: name.clone() },
            Self::Event(event) => Symbol::EventField { event: (*event).clone(), name: name.clone() },
        }
    }

    fn value(&self, field: &SmolStr, name: &SmolStr) -> Symbol {
        let (field, name) = (field.clone(), name.clone());
        match self {
            Self::Entity(entity) => Symbol::Value { entity: (*entity).clone(), field, name },
            Self::Event(event) => Symbol::EventValue { event: (*event).clone(), field, name },
        }
    }
}

/// What a refinement refines, by the word of its kind.
fn refined(refine: &Refine, path: &Path) -> Option<Symbol> {
    let name = path.dotted();
    Some(match refine.kind.text.as_str() {
        "score" => Symbol::Score(name),
        "workflow" => Symbol::Workflow(name),
        "phrases" | "objection" => Symbol::Phrases(name),
        "source" => Symbol::Source(name),
        "agent" => Symbol::Agent(name),
        "template" => Symbol::Template(name),
        "experiment" => Symbol::Experiment(name),
        "rubric" => Symbol::Rubric(name),
        "publish" => Symbol::Publication(name),
        "event" => Symbol::Event(name),
        "entity" => Symbol::Entity(name),
        "action" => Symbol::Action { verb: name, way: None },
        _ => return None,
    })
}

/// What the source of that name fills.
fn filled<'w>(written: &'w [Written], name: &str) -> Option<&'w [language::syntax::Name]> {
    written.iter().find_map(|one| match &one.declaration.kind {
        DeclarationKind::Source(Source { name: own, into, .. }) if own.dotted() == name => Some(into.parts.as_slice()),
        _ => None,
    })
}

fn joined(parts: &[language::syntax::Name]) -> SmolStr {
    parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".").into()
}
