//! Which declarations a playbook consists of: the client's files, the modules they use, and the refinements applied.
//!
//! Knows files and the names of declarations; what is inside a declaration it moves about whole, and what names inside it
//! mean is for the lowering.

mod duplicates;
mod gather;
mod kept;
mod lists;
mod loader;
mod member;
mod refine;
pub mod standard;

pub use kept::Kept;
pub use loader::{LoadError, Loader, NoModules, Texts};
pub use member::{Change, Refined};

pub(crate) use gather::gather;

use std::sync::Arc;

use language::Span;
use language::syntax::{self, Declaration, DeclarationKind};

use crate::diagnostics::Files;
use crate::program::FileId;

/// Everything that a playbook consists of, before names are resolved.
#[derive(Debug, Default)]
pub struct Modules {
    /// The texts, by [`FileId`]: the client's first, then each module as it was met.
    pub files: Files,
    /// By [`FileId`].
    pub from: Vec<From>,
    /// The `use` that brought each file in, by [`FileId`]; none for the client's own.
    pub(crate) brought_by: Vec<Option<(FileId, Span)>>,
    /// Switch comments, by [`FileId`].
    pub switches: Vec<Vec<language::Switch>>,
    /// In reading order: what is used stands before what uses it, the client's own files last. `use` and applied `refine`
    /// declarations are gone (those of `permissions`, `priority` and `contact policy` stay: all of them are read one after the
    /// other); of two of the same name the first one is kept, but for an action that a client declares again;
    /// a workflow, template, experiment, rubric, goal or feedback of the client's own stands for the module's.
    pub declarations: Vec<Declared>,
    /// What refinements changed, in the order in which they were applied.
    pub refined: Vec<Refined>,
    /// All declarations as they are written, in reading order: `use` and `refine` among them, and what was replaced.
    pub(crate) written: Vec<Written>,
    /// What each `use` brings.
    pub(crate) used: Vec<Used>,
}

/// A declaration before refinements.
#[derive(Debug)]
pub(crate) struct Written {
    /// The file that it stands in.
    pub(crate) file: FileId,
    /// As it is written.
    pub(crate) declaration: Arc<Declaration>,
    /// Not where one nearer to the client stands for it.
    pub(crate) stands: bool,
}

/// A `use` of which the module is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// The file that it stands in.
    pub(crate) file: FileId,
    /// The path behind `use`.
    pub(crate) span: Span,
    /// What it brings.
    pub(crate) module: FileId,
}

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// It is one of the client's.
    Client,
    /// `use std.…`: part of this program.
    Standard,
    /// `use shared.…` or `use ./…`
    Loaded,
}

/// A declaration with its place.
#[derive(Debug)]
pub struct Declared {
    /// The file that its header stands in.
    pub file: FileId,
    /// With refinements applied.
    pub declaration: Arc<Declaration>,
    /// Where refined members stand; none where nothing was refined.
    pub(crate) members: Option<Box<MemberFiles>>,
}

/// The files that the members of a refined declaration stand in.
#[derive(Debug)]
pub(crate) struct MemberFiles {
    /// Of each layer of a score, each text of phrases, each clause or member of what else consists of a list of them.
    pub(crate) members: Vec<FileId>,
    /// Of a score's route.
    pub(crate) route: FileId,
    /// Of each of a score's other clauses.
    pub(crate) others: Vec<FileId>,
}

impl Modules {
    /// The client's own block, where there is one.
    #[must_use]
    pub fn client(&self) -> Option<(&Declared, &syntax::Client)> {
        self.declarations.iter().find_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Client(client) => Some((declared, client)),
            _ => None,
        })
    }

    /// Whether that file is one of the client's.
    #[must_use]
    pub fn is_client(&self, file: FileId) -> bool {
        self.from.get(file.index()) == Some(&From::Client)
    }

    /// Whether that file is part of the standard library.
    #[must_use]
    pub fn is_standard(&self, file: FileId) -> bool {
        self.from.get(file.index()) == Some(&From::Standard)
    }

    /// The first declaration of a kind, the client's own if there is one: its keyword.
    pub(crate) fn foremost(&self, is_wanted: impl Fn(&DeclarationKind) -> bool) -> Option<(FileId, Span)> {
        let wanted = self.declarations.iter().filter(|declared| is_wanted(&declared.declaration.kind));
        let declared = wanted.min_by_key(|declared| self.side(declared.file))?;
        Some((declared.file, declared.declaration.keyword))
    }

    /// Whose word counts first: 0 the client's own, 1 that of modules that it loads, 2 that of the standard library.
    pub(crate) fn side(&self, file: FileId) -> u8 {
        match self.from.get(file.index()) {
            Some(From::Client) => 0,
            Some(From::Loaded) => 1,
            Some(From::Standard) | None => 2,
        }
    }

    /// The client's own `use` through which a module's file came in; none for the client's own files.
    #[must_use]
    pub fn client_use(&self, mut file: FileId) -> Option<(FileId, Span)> {
        let mut found = None;
        // Each step leads to a file read earlier, so that this ends.
        while let Some((user, span)) = self.brought_by.get(file.index()).copied().flatten() {
            found = Some((user, span));
            file = user;
        }
        found
    }

    /// What stands there.
    #[must_use]
    pub fn text(&self, file: FileId, span: Span) -> &str {
        self.files.slice(file, span)
    }
}

impl Declared {
    pub(crate) fn new(file: FileId, declaration: Arc<Declaration>) -> Self {
        Self { file, declaration, members: None }
    }

    /// The file that a score's layer, a source's clause or a phrase stands in: its place in the list decides.
    ///
    /// Rules that stand directly in a score stand in [`Declared::file`].
    #[must_use]
    pub fn member_file(&self, index: usize) -> FileId {
        self.members.as_ref().and_then(|files| files.members.get(index).copied()).unwrap_or(self.file)
    }

    /// The file that a score's route stands in.
    #[must_use]
    pub fn route_file(&self) -> FileId {
        self.members.as_ref().map_or(self.file, |files| files.route)
    }

    /// The file that one of a score's other clauses (`learn`, `kill`) stands in.
    #[must_use]
    pub fn other_file(&self, index: usize) -> FileId {
        self.members.as_ref().and_then(|files| files.others.get(index).copied()).unwrap_or(self.file)
    }
}
