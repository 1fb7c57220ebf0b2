//! The names that a client has, read off its declarations: those of broken ones too, as far as they could be read. Knows nothing of
//! where a name may stand.

use compiler::compile::Compiled;
use compiler::modules::{Declared, From};
use compiler::program::FileId;
use language::Span;
use language::syntax::{
    Action, ClientClause, DeclarationKind, EventDeclaration, Fact, FieldDeclaration, Name, Phrases, Rubric, Score,
    Text, TypeExpression, TypeKind, Workflow, WorkflowMember,
};
use smol_str::SmolStr;

/// Whose name it is: the nearer, the likelier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Client,
    Module,
    Standard,
}

/// Something that is declared, with its place.
pub(super) struct Of<'w, T> {
    pub(super) what: &'w T,
    pub(super) file: FileId,
}

impl<T> Clone for Of<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Of<'_, T> {}

/// What a path stands for.
#[derive(Clone, Copy)]
pub(super) enum Meaning<'w> {
    /// A record of that kind.
    Record(&'w str),
    Field(&'w FieldDeclaration),
    Score(&'w Score),
    /// A score's layer, or a named calculation: a number or a yes and no.
    Number,
}

/// A client's names.
#[derive(Clone, Copy)]
pub(super) struct World<'w> {
    compiled: &'w Compiled,
}

impl<'w> World<'w> {
    pub(super) const fn new(compiled: &'w Compiled) -> Self {
        Self { compiled }
    }

    pub(super) fn side(self, file: FileId) -> Side {
        match self.compiled.modules.from.get(file.index()) {
            Some(From::Client) => Side::Client,
            Some(From::Loaded) => Side::Module,
            Some(From::Standard) | None => Side::Standard,
        }
    }

    fn each<T: 'w>(self, pick: impl Fn(&'w DeclarationKind) -> Option<&'w T> + 'w) -> impl Iterator<Item = Of<'w, T>> {
        self.declarations()
            .filter_map(move |declared| Some(Of { what: pick(&declared.declaration.kind)?, file: declared.file }))
    }

    pub(super) fn declarations(self) -> impl Iterator<Item = &'w Declared> {
        self.compiled.modules.declarations.iter()
    }

    pub(super) fn client_clauses(self) -> &'w [ClientClause] {
        self.compiled.modules.client().map_or(&[], |(_, client)| client.clauses.as_slice())
    }

    pub(super) fn client_file(self) -> FileId {
        self.compiled.modules.client().map_or(FileId(0), |(declared, _)| declared.file)
    }

    /// Role and title.
    pub(super) fn people(self) -> impl Iterator<Item = &'w (Name, Text)> {
        let people = |clause: &'w ClientClause| match clause {
            ClientClause::People(people) => Some(people),
            _ => None,
        };
        self.client_clauses().iter().filter_map(people).flatten()
    }

    pub(super) fn currency(self) -> Option<&'w Name> {
        self.client_clauses().iter().find_map(|clause| match clause {
            ClientClause::Currency(name) => Some(name),
            _ => None,
        })
    }

    /// `Contact`, each once.
    pub(super) fn entities(self) -> impl Iterator<Item = Of<'w, Name>> {
        self.each(|kind| match kind {
            DeclarationKind::Entity(fields) => Some(&fields.entity),
            _ => None,
        })
    }

    /// The entity that is meant by its name, its table or its plural: `Contact`, `contact`, `contacts`.
    pub(super) fn entity(self, word: &str) -> Option<&'w str> {
        let names = self.entities().map(|entity| entity.what.text.as_str());
        let mut same = names.filter(|name| is_called(name, word));
        same.next()
    }

    /// The fields of a record kind, those that the client adds last.
    pub(super) fn fields(self, entity: &str) -> impl Iterator<Item = Of<'w, FieldDeclaration>> {
        self.declarations().flat_map(move |declared| {
            let fields = match &declared.declaration.kind {
                DeclarationKind::Entity(fields) | DeclarationKind::Extend(fields) if fields.entity.text == entity => {
                    fields.fields.as_slice()
                }
                _ => &[],
            };
            let file = move |index| declared.member_file(index);
            fields.iter().enumerate().map(move |(index, what)| Of { what, file: file(index) })
        })
    }

    pub(super) fn events(self) -> impl Iterator<Item = Of<'w, EventDeclaration>> {
        self.each(|kind| match kind {
            DeclarationKind::Event(event) => Some(event),
            _ => None,
        })
    }

    /// The event of that name, or the only one that begins with that word.
    pub(super) fn event(self, name: &str) -> Option<Of<'w, EventDeclaration>> {
        let whole = self.events().find(|event| event.what.name.dotted() == name);
        whole.or_else(|| {
            let begins =
                |event: &Of<'w, EventDeclaration>| event.what.name.parts.first().is_some_and(|part| part.text == name);
            let mut short = self.events().filter(begins);
            short.next().filter(|_| short.next().is_none())
        })
    }

    pub(super) fn scores(self) -> impl Iterator<Item = Of<'w, Score>> {
        self.each(|kind| match kind {
            DeclarationKind::Score(score) => Some(score),
            _ => None,
        })
    }

    pub(super) fn score(self, name: &str) -> Option<Of<'w, Score>> {
        self.scores().find(|score| score.what.name.text == name)
    }

    pub(super) fn facts(self) -> impl Iterator<Item = Of<'w, Fact>> {
        self.each(|kind| match kind {
            DeclarationKind::Fact(fact) => Some(fact),
            _ => None,
        })
    }

    pub(super) fn phrases(self) -> impl Iterator<Item = Of<'w, Phrases>> {
        self.each(|kind| match kind {
            DeclarationKind::Phrases(phrases) => Some(phrases),
            _ => None,
        })
    }

    pub(super) fn actions(self) -> impl Iterator<Item = Of<'w, Action>> {
        self.each(|kind| match kind {
            DeclarationKind::Action(action) => Some(action),
            _ => None,
        })
    }

    pub(super) fn rubrics(self) -> impl Iterator<Item = Of<'w, Rubric>> {
        self.each(|kind| match kind {
            DeclarationKind::Rubric(rubric) => Some(rubric),
            _ => None,
        })
    }

    pub(super) fn workflows(self) -> impl Iterator<Item = Of<'w, Workflow>> {
        self.each(|kind| match kind {
            DeclarationKind::Workflow(workflow) => Some(workflow),
            _ => None,
        })
    }

    pub(super) fn workflow(self, name: &str) -> Option<Of<'w, Workflow>> {
        self.workflows().find(|workflow| workflow.what.name.text == name)
    }

    /// Stages, handoffs and ends, in order, with the files that they stand in.
    pub(super) fn stages(self, workflow: &str) -> impl Iterator<Item = Of<'w, WorkflowMember>> {
        let found = self.declarations().find_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Workflow(of) if of.name.text == workflow => Some((declared, of.members.as_slice())),
            _ => None,
        });
        found.into_iter().flat_map(|(declared, members)| {
            members.iter().enumerate().map(|(index, what)| Of { what, file: declared.member_file(index) })
        })
    }

    /// The declarations of a kind, as its keyword says it.
    pub(super) fn named(self, kind: &'w str) -> impl Iterator<Item = (SmolStr, Span, FileId)> {
        self.declarations().filter_map(move |declared| {
            let what = declared.declaration.kind.what();
            let same = what == kind || what == "objection" && kind == "phrases";
            let name = declared.declaration.kind.name().filter(|_| same)?;
            Some((name.text, name.span, declared.file))
        })
    }

    /// Over what a message may go: what a consent is given for.
    pub(super) fn channels(self) -> Vec<Of<'w, Name>> {
        let consent = self.event("consent.given");
        let of = consent.and_then(|event| {
            let field = event.what.fields.iter().find(|field| field.name.dotted() == "channel")?;
            Some((words(&field.ty), event.file))
        });
        let (words, file) = of.unwrap_or((&[], FileId(0)));
        words.iter().map(|what| Of { what, file }).collect()
    }

    /// What a path of a record means, as far as it leads.
    pub(super) fn meaning(self, entity: &'w str, path: &[&str]) -> Option<Meaning<'w>> {
        let Some((first, rest)) = path.split_first() else { return Some(Meaning::Record(entity)) };
        // Names may be dotted themselves: the longest that is there counts.
        for length in (1..=path.len()).rev() {
            let (name, rest) = path.split_at_checked(length)?;
            let name = name.join(".");
            let Some(field) = self.fields(entity).find(|field| field.what.name.dotted() == name) else { continue };
            return match self.relation(&field.what.ty) {
                Some(next) => self.meaning(next, rest),
                None if rest.is_empty() => Some(Meaning::Field(field.what)),
                None => None,
            };
        }
        if let Some(score) = self.score(first) {
            return Some(if rest.is_empty() { Meaning::Score(score.what) } else { Meaning::Number });
        }
        let layers = || self.scores().flat_map(|score| &score.what.body.layers);
        let known =
            self.facts().any(|fact| fact.what.name.text == *first) || layers().any(|layer| layer.name.text == *first);
        (known && rest.is_empty()).then_some(Meaning::Number)
    }

    /// The record kind that a field of that type holds one of.
    pub(super) fn relation(self, ty: &TypeExpression) -> Option<&'w str> {
        match &ty.kind {
            TypeKind::Named(name) => {
                self.entities().map(|entity| entity.what.text.as_str()).find(|entity| *entity == name.text)
            }
            _ => None,
        }
    }

    /// A type as it is written, on one line.
    pub(super) fn type_text(self, file: FileId, ty: &TypeExpression) -> String {
        let written = self.compiled.files.slice(file, ty.span);
        let text = written.split_whitespace().collect::<Vec<_>>().join(" ").replace("[ ", "[").replace(" ]", "]");
        match text.char_indices().nth(60) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}

/// Whether a record kind is meant: by its name, its table or its plural.
pub(super) fn is_called(entity: &str, word: &str) -> bool {
    let table = table(entity);
    entity == word || table == word || plural(&table) == word
}

/// `contact` of `Contact`
pub(super) fn table(entity: &str) -> String {
    entity.to_lowercase()
}

/// `companies` of `company`
pub(super) fn plural(table: &str) -> String {
    match table.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{table}s"),
    }
}

/// The words of a `one of`, within a list too.
pub(super) fn words(ty: &TypeExpression) -> &[Name] {
    match &ty.kind {
        TypeKind::OneOf(words) => words,
        TypeKind::List(of) => words(of),
        TypeKind::Named(_) | TypeKind::YesNo => &[],
    }
}

/// Whether it holds names of objections.
pub(super) fn holds_objections(ty: &TypeExpression) -> bool {
    match &ty.kind {
        TypeKind::Named(name) => name.text == "objection",
        TypeKind::List(of) => holds_objections(of),
        TypeKind::OneOf(_) | TypeKind::YesNo => false,
    }
}

/// Whether it is yes or no.
pub(super) fn is_yes_no(ty: &TypeExpression) -> bool {
    matches!(ty.kind, TypeKind::YesNo)
}
