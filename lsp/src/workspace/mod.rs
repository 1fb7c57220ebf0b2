//! Which files make up which client: folders, open documents, shared modules and the standard library.
//!
//! A folder with playbooks in it is a client, and so is a text that lies in no folder. Where two files of a folder declare a `client`, as in one of
//! examples, each file stands for itself, as `playbook check` has it. A folder `shared` beside clients is none: its files belong to every
//! client that uses them. What is open in the editor stands for what is on the disk.

pub(crate) mod client;
pub(crate) mod disk;
pub(crate) mod document;
mod files;
mod loader;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use client::Client;
use compiler::modules::Loader as _;
use disk::Disk;
use document::Document;
use files::Files;
use loader::Beside;

pub(crate) use view::View;

/// The folder whose files belong to all clients beside it.
pub(crate) const SHARED: &str = "shared";

/// What a playbook's name ends in.
pub(crate) const ENDING: &str = "playbook";

/// Folders below a root that are searched for clients: so deep.
const DEEPEST: usize = 8;

/// The folder of a client that has nothing, beside what is shared. It is nowhere.
const NOBODY: &str = ".nobody";

/// Folders in which nobody keeps playbooks.
const SKIPPED: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// All clients, and the files that they are made of.
pub(crate) struct Workspace {
    pub(crate) files: Files,
    /// By their folder, or the file that stands alone.
    clients: BTreeMap<PathBuf, Client>,
    /// Open files that belong to whoever uses them, each as one uses it that has nothing else: somebody has to look at those that
    /// nobody uses yet.
    modules: BTreeMap<PathBuf, Client>,
    /// Folders in which each file is a client.
    several: BTreeSet<PathBuf>,
    roots: Vec<PathBuf>,
    /// Clients that are no longer there, of whom that has not been told.
    gone: Vec<PathBuf>,
}

impl Workspace {
    pub(crate) fn new(disk: Arc<dyn Disk>, standard: Option<PathBuf>) -> Self {
        Self {
            files: Files::new(disk, standard),
            clients: BTreeMap::new(),
            modules: BTreeMap::new(),
            several: BTreeSet::new(),
            roots: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// The folders that are open in the editor, from now on.
    pub(crate) fn set_roots(&mut self, roots: Vec<PathBuf>) {
        self.roots = roots;
        self.look_for_clients();
    }

    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Finds the clients below the roots, and those of the open documents.
    pub(crate) fn look_for_clients(&mut self) {
        let mut found = BTreeSet::new();
        for root in self.roots.clone() {
            self.clients_below(&root, 0, &mut found);
        }
        let mut modules = BTreeMap::new();
        for path in self.files.open_paths() {
            match self.home(&path) {
                Some(folder) => found.extend([folder]),
                None => {
                    let known = self.modules.remove(&path);
                    let client = known.or_else(|| Some(Client::of_module(path.clone(), self.module(&path)?)));
                    modules.extend(client.map(|client| (path, client)));
                }
            }
        }
        self.modules = modules;
        self.several = found.iter().filter(|folder| self.holds_several(folder)).cloned().collect();
        let (several, single): (BTreeSet<_>, BTreeSet<_>) =
            found.into_iter().partition(|folder| self.several.contains(folder));
        let each = several.iter().flat_map(|folder| self.files.playbooks(folder));
        let found: BTreeSet<PathBuf> = single.into_iter().chain(each).collect();
        let gone = self.clients.keys().filter(|folder| !found.contains(*folder)).cloned();
        self.gone.extend(gone);
        self.clients.retain(|folder, _| found.contains(folder));
        for folder in found {
            self.clients.entry(folder.clone()).or_insert_with(|| Client::new(folder));
        }
    }

    fn clients_below(&self, folder: &Path, depth: usize, found: &mut BTreeSet<PathBuf>) {
        let mut is_client = false;
        for (path, is_folder) in self.files.list(folder) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if is_folder {
                let skipped = name.starts_with('.') || SKIPPED.contains(&name.as_str());
                if !skipped && depth < DEEPEST {
                    self.clients_below(&path, depth + 1, found);
                }
            } else {
                is_client |= is_playbook(&path);
            }
        }
        if is_client && !self.is_for_all(folder) {
            found.insert(folder.to_owned());
        }
    }

    /// Whether the files of a folder belong to whoever uses them.
    fn is_for_all(&self, folder: &Path) -> bool {
        self.shared(folder).is_some() || self.files.is_standard_folder(folder)
    }

    /// The folder `shared` that a folder is or lies in. One that a root lies in is called so by chance.
    fn shared<'p>(&self, folder: &'p Path) -> Option<&'p Path> {
        let is_named = |folder: &&Path| folder.file_name().is_some_and(|name| name == SHARED);
        let holds_none = |folder: &&Path| !self.roots.iter().any(|root| root != *folder && root.starts_with(folder));
        folder.ancestors().filter(is_named).find(holds_none)
    }

    /// A file that belongs to whoever uses it, as they do, and the folder of a client that could.
    fn module(&self, path: &Path) -> Option<(PathBuf, String)> {
        let name = match self.shared(path.parent()?) {
            Some(shared) => {
                let inside = path.strip_prefix(shared).ok()?.to_string_lossy().replace('\\', "/");
                (shared.parent()?, format!("{}{inside}", loader::SHARED_PREFIX))
            }
            None => (path.parent()?, self.files.standard_name(path)?),
        };
        Some((name.0.join(NOBODY), name.1))
    }

    /// The client that a file belongs to by where it lies; none where it belongs to whoever uses it.
    fn own_client(&self, path: &Path) -> Option<PathBuf> {
        let home = self.home(path)?;
        Some(if self.several.contains(&home) { path.to_owned() } else { home })
    }

    /// Whether each file of a folder stands for itself.
    fn holds_several(&self, folder: &Path) -> bool {
        let declare = |path: &PathBuf| self.files.text(path).is_some_and(|text| declares_client(&text));
        folder.is_absolute() && self.files.playbooks(folder).iter().filter(|path| declare(path)).nth(1).is_some()
    }

    /// The folder that a file lies in; none where it belongs to whoever uses it.
    fn home(&self, path: &Path) -> Option<PathBuf> {
        if !path.is_absolute() {
            return Some(path.to_owned());
        }
        let folder = path.parent()?;
        (!self.is_for_all(folder)).then(|| folder.to_owned())
    }

    /// The clients that a file is part of: its own, or all that use it. All clients are compiled to find out who does.
    pub(crate) fn users(&mut self, path: &Path) -> Vec<PathBuf> {
        if let Some(folder) = self.own_client(path) {
            return vec![folder];
        }
        let folders: Vec<PathBuf> = self.clients.keys().cloned().collect();
        let uses = |folder: &PathBuf| {
            let compiled = self.compiled(folder)?;
            compiled.paths.iter().any(|used| used == path).then(|| folder.clone())
        };
        folders.iter().filter_map(uses).collect()
    }

    /// A client as it is now.
    pub(crate) fn compiled(&mut self, folder: &Path) -> Option<Arc<client::Compilation>> {
        let client = self.clients.get_mut(folder).or_else(|| self.modules.get_mut(folder))?;
        Some(client.compiled(&self.files))
    }

    /// All clients' folders.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        self.clients.keys().cloned().collect()
    }

    /// The first client of which there is something new; one with an open file before others.
    pub(crate) fn first_untold(&self) -> Option<PathBuf> {
        let open = self.files.open_paths();
        let is_open = |folder: &Path| open.iter().any(|path| path == folder || path.parent() == Some(folder));
        let all = || self.clients.values().chain(self.modules.values());
        let untold = || all().filter(|client| client.is_untold());
        untold().find(|client| is_open(&client.folder)).or_else(|| untold().next()).map(|client| client.folder.clone())
    }

    /// The clients that have gone since this was asked last.
    pub(crate) fn take_gone(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.gone)
    }

    /// What is new of a client has been told.
    pub(crate) fn is_told(&mut self, folder: &Path) {
        if let Some(client) = self.clients.get_mut(folder).or_else(|| self.modules.get_mut(folder)) {
            client.is_told();
        }
    }

    /// What a client was when it was last compiled; none where it has changed since.
    pub(crate) fn fresh(&self, folder: &Path) -> Option<Arc<client::Compilation>> {
        self.clients.get(folder)?.fresh()
    }

    /// A document is open now, or is so with another text.
    pub(crate) fn set_document(&mut self, path: &Path, document: Document) {
        let declares = declares_client(&document.text);
        let declared = self.files.document(path).is_some_and(|before| declares_client(&before.text));
        let is_new = self.files.set_document(path, document);
        if is_new || declares != declared {
            self.look_for_clients();
        }
        self.has_changed(path);
    }

    /// A document is no longer open: what is on the disk counts again.
    pub(crate) fn close_document(&mut self, path: &Path) {
        self.files.close_document(path);
        self.look_for_clients();
        self.has_changed(path);
    }

    /// Files on the disk are others now, or gone, or new.
    pub(crate) fn files_changed(&mut self, paths: &[PathBuf]) {
        for path in paths {
            self.files.forget(path);
        }
        self.look_for_clients();
        for path in paths {
            self.has_changed(path);
        }
    }

    /// Whoever is made of that file has to be compiled again.
    fn has_changed(&mut self, path: &Path) {
        let own = self.own_client(path);
        for client in self.clients.values_mut().chain(self.modules.values_mut()) {
            if own.as_deref() == Some(client.folder.as_path())
                || (own.is_none() || client.may_use(path)) && client.uses(path)
                || own.is_none() && !client.is_fresh()
            {
                client.has_changed();
            }
        }
    }

    /// Throws away what was worked out. The texts stay.
    pub(crate) fn forget_all_but_texts(&mut self) {
        for client in self.clients.values_mut().chain(self.modules.values_mut()) {
            client.begin_anew();
        }
    }

    /// A file seen through its client, or the first of its clients; none where it belongs to none.
    pub(crate) fn view(&mut self, uri: &Uri) -> Option<View> {
        let path = path_of(uri);
        let own = self.own_client(&path).map(|folder| vec![folder]);
        for folder in own.unwrap_or_else(|| self.folders()) {
            let compilation = self.compiled(&folder);
            if let Some(view) = compilation.and_then(|compilation| View::new(self, compilation, &path)) {
                return Some(view);
            }
        }
        self.view_of_module(&path)
    }

    /// An open file that belongs to whoever uses it, where nobody does.
    fn view_of_module(&mut self, path: &Path) -> Option<View> {
        let compilation = self.modules.get_mut(path)?.compiled(&self.files);
        View::new(self, compilation, path)
    }

    /// A client seen through its first file; none where it has none.
    pub(crate) fn first_view(&mut self, folder: &Path) -> Option<View> {
        let compilation = self.compiled(folder)?;
        let path = compilation.paths.first()?.clone();
        View::new(self, compilation, &path)
    }

    /// The playbooks that a client's files may use: those of its folder, and those in `shared` beside it with `shared:` before them.
    pub(crate) fn module_names(&self, folder: &Path) -> Vec<String> {
        let folder = if is_playbook(folder) { folder.parent().unwrap_or(folder) } else { folder };
        let names = Beside { files: &self.files, folder }.names();
        names.iter().map(ToString::to_string).collect()
    }

    /// What a file says.
    pub(crate) fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.files.text(path)
    }

    /// A file seen through each of its clients.
    pub(crate) fn views(&mut self, path: &Path) -> Vec<View> {
        let mut views = Vec::new();
        for folder in self.users(path) {
            if let Some(compilation) = self.compiled(&folder) {
                views.extend(View::new(self, compilation, path));
            }
        }
        if views.is_empty() {
            views.extend(self.view_of_module(path));
        }
        views
    }

    /// A path as the editor names it: as it named it itself where it did.
    pub(crate) fn uri(&self, path: &Path) -> Option<Uri> {
        if let Some(document) = self.files.document(path) {
            return Some(document.uri.clone());
        }
        if path.is_absolute() { Uri::from_file_path(path) } else { Uri::from_str(&path.to_string_lossy()).ok() }
    }
}

/// A client as it is on the disk, whatever is open.
pub(crate) fn on_disk(disk: &Arc<dyn Disk>, folder: &Path) -> Arc<client::Compilation> {
    Client::new(folder.to_owned()).compiled(&Files::new(Arc::clone(disk), None))
}

/// Whether a text declares a client: what starts a declaration stands at a line's beginning, and nothing else does.
fn declares_client(text: &str) -> bool {
    const WORD: &str = "client ";
    text.starts_with(WORD) || memchr::memmem::find(text.as_bytes(), b"\nclient ").is_some()
}

/// Whether a path is called like a playbook.
pub(crate) fn is_playbook(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

/// The path that an editor means. What is no file is known by what the editor calls it, which is no absolute path.
pub(crate) fn path_of(uri: &Uri) -> PathBuf {
    let is_file = uri.as_str().starts_with("file:");
    let path = is_file.then(|| uri.to_file_path()).flatten();
    path.map_or_else(|| PathBuf::from(uri.as_str()), std::borrow::Cow::into_owned)
}
