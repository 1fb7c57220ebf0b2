//! One client: compiled anew when it is asked for after something has changed, with what is kept of the last time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::compile::{Compiled, Input, compile_again};
use compiler::diagnostics::SourceText;
use compiler::modules::Kept;
use compiler::program::{FileId, Program};
use language::Parsed;

use super::files::Files;
use super::loader::Beside;

/// Findings that a file which comes may put an end to.
const MISSING: [&str; 2] = ["unknown-module", "unreadable-module"];

/// The one file of a client that only uses a module. It is nowhere.
const USING: &str = "using.playbook";

/// A client of the workspace.
pub(crate) struct Client {
    /// Its folder; the file itself where that stands alone.
    pub(crate) folder: PathBuf,
    /// Of one that only uses a module: its folder, and the module. What it is known by is that module's file then.
    module: Option<(PathBuf, String)>,
    kept: Kept,
    last: Option<Arc<Compilation>>,
    is_stale: bool,
    /// What is new of it has been told.
    is_told: bool,
}

/// A client, compiled.
#[derive(Debug)]
pub(crate) struct Compilation {
    /// Its client's folder.
    pub(crate) folder: PathBuf,
    /// What it means; none where something is an error.
    pub(crate) program: Option<Arc<Program>>,
    /// All else; its own `program` is taken out.
    pub(crate) compiled: Compiled,
    /// Where each file lies, by [`FileId`].
    pub(crate) paths: Vec<PathBuf>,
    /// What was read of each file, by [`FileId`].
    pub(crate) parsed: Vec<Arc<Parsed>>,
}

impl Client {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, module: None, kept: Kept::default(), last: None, is_stale: true, is_told: false }
    }

    /// A client that only uses a module: the module's file, the client's folder, the module's name.
    pub(super) fn of_module(path: PathBuf, module: (PathBuf, String)) -> Self {
        Self { module: Some(module), ..Self::new(path) }
    }

    /// Throws away what was worked out.
    pub(super) fn begin_anew(&mut self) {
        *self = Self { module: self.module.take(), ..Self::new(std::mem::take(&mut self.folder)) };
    }

    /// Whether something about it is new since it was last told.
    pub(super) const fn is_untold(&self) -> bool {
        self.is_stale || !self.is_told
    }

    pub(super) const fn is_told(&mut self) {
        self.is_told = true;
    }

    pub(super) const fn is_fresh(&self) -> bool {
        !self.is_stale
    }

    pub(super) const fn has_changed(&mut self) {
        self.is_stale = true;
    }

    /// Whether a file of another client may be one of its own: only what lies below its own folder can be.
    pub(super) fn may_use(&self, path: &Path) -> bool {
        let is_folder = self.folder.is_absolute() && !super::is_playbook(&self.folder);
        let base = match &self.module {
            Some((folder, _)) => folder.parent(),
            None if is_folder => Some(self.folder.as_path()),
            None => self.folder.parent(),
        };
        base.is_none_or(|base| path.starts_with(base))
    }

    /// Whether it was made of that file, or might have been.
    pub(super) fn uses(&self, path: &Path) -> bool {
        self.last.as_ref().is_some_and(|last| {
            // A module that was missing may have come.
            last.paths.iter().any(|used| used.starts_with(path))
                || last.compiled.diagnostics.iter().any(|found| MISSING.contains(&found.code.name))
        })
    }

    pub(super) fn fresh(&self) -> Option<Arc<Compilation>> {
        self.last.clone().filter(|_| !self.is_stale)
    }

    pub(super) fn compiled(&mut self, files: &Files) -> Arc<Compilation> {
        if let Some(last) = self.fresh() {
            return last;
        }
        // What nobody else has of it need not be copied then, and its memory is at hand: to take it apart later, while nobody waits,
        // makes each key a quarter slower, since what is new is then written where no cache has been.
        self.last = None;
        let module = self.module.as_ref();
        let is_folder = module.is_some() || self.folder.is_absolute() && !super::is_playbook(&self.folder);
        let base = if let Some((folder, _)) = module {
            folder.as_path()
        } else if is_folder {
            self.folder.as_path()
        } else {
            self.folder.parent().unwrap_or(&self.folder)
        };
        let own = if module.is_some() {
            Vec::new()
        } else if is_folder {
            files.playbooks(&self.folder)
        } else {
            vec![self.folder.clone()]
        };
        let source = |path: &PathBuf| {
            let name = path.file_name()?.to_string_lossy();
            Some(SourceText { name: name.as_ref().into(), text: files.text(path)? })
        };
        let using = module.map(|(_, name)| SourceText {
            name: USING.into(),
            text: format!("use {}\n", compiler::modules::standard::dotted(name)).into(),
        });
        let input = Input { files: own.iter().filter_map(source).chain(using).collect(), asked: Vec::new() };
        let loader = Beside { files, folder: base };
        let mut compiled = compile_again(&input, &loader, &mut self.kept);
        let program = compiled.program.take().map(Arc::new);
        let names = compiled.files.files.iter().map(|file| file.name.clone());
        let paths = names.clone().map(|name| if is_folder { loader.path(&name) } else { self.alone(&loader, &name) });
        let paths = paths.collect();
        let parsed = names.map(|name| self.kept.parsed(&name).cloned().unwrap_or_default()).collect();
        self.is_told = false;
        let compilation = Arc::new(Compilation { folder: self.folder.clone(), program, compiled, paths, parsed });
        self.last = Some(Arc::clone(&compilation));
        self.is_stale = false;
        compilation
    }

    /// The path of a file of a client that is one text by itself.
    fn alone(&self, loader: &Beside<'_>, name: &str) -> PathBuf {
        if self.folder.file_name().is_some_and(|own| own.to_string_lossy() == name) {
            self.folder.clone()
        } else {
            loader.path(name)
        }
    }
}

impl Compilation {
    /// The file that lies there.
    pub(crate) fn file(&self, path: &Path) -> Option<FileId> {
        let index = self.paths.iter().position(|used| used == path)?;
        u32::try_from(index).ok().map(FileId)
    }

    /// What the client calls itself; its folder's name where it does not say.
    pub(crate) fn name(&self) -> String {
        let named = self.compiled.modules.client().map(|(_, client)| client.name.value.to_string());
        named.unwrap_or_else(|| {
            self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        })
    }
}
