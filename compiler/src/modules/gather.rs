//! Follows `use` from the client's files: each module is loaded and read once, what is used before what uses it.

use std::sync::Arc;

use language::Span;
use language::syntax::{Declaration, DeclarationKind, Use};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::loader::{LoadError, Loader};
use super::{Declared, From, Kept, Modules, Used, duplicates, refine, standard};
use crate::codes;
use crate::compile::Input;
use crate::diagnostics::{Diagnostic, SourceText};
use crate::nearest::nearest;
use crate::program::FileId;

/// Reads the client's files and all they use, and applies their refinements.
pub(crate) fn gather(
    input: &Input,
    loader: &dyn Loader,
    kept: Option<&mut Kept>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Modules {
    let mut gathering = Gathering {
        loader,
        kept,
        diagnostics,
        modules: Modules::default(),
        read: Vec::new(),
        followed: 0,
        by_name: FxHashMap::default(),
    };
    for file in &input.files {
        gathering.add(file.clone(), From::Client, None);
    }
    let clients = gathering.read.len();
    for index in 0..clients {
        gathering.follow(index);
    }
    let Gathering { modules, read, .. } = gathering;
    let declarations = in_reading_order(read, clients);
    let (modules, refinements) = duplicates::keep_first(modules, declarations, diagnostics);
    refine::apply(modules, refinements, diagnostics)
}

struct Gathering<'a> {
    loader: &'a dyn Loader,
    /// What was read before; none where nobody will ask again.
    kept: Option<&'a mut Kept>,
    diagnostics: &'a mut Vec<Diagnostic>,
    modules: Modules,
    /// By file.
    read: Vec<Read>,
    /// How many of them are [`State::Followed`].
    followed: usize,
    by_name: FxHashMap<SmolStr, usize>,
}

/// A file that has been read.
struct Read {
    declarations: Vec<Arc<Declaration>>,
    state: State,
    /// Its place in the reading order, once it is [`State::Followed`].
    order: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its `use`s are not followed yet.
    New,
    /// They are being followed: to come upon it again is a cycle.
    Open,
    /// All that it uses is there.
    Followed,
}

/// A file whose `use`s are being followed: which one is next.
struct Step {
    file: usize,
    next: usize,
    /// The `use` that led here.
    by: Option<Span>,
}

impl Gathering<'_> {
    /// Reads a file.
    fn add(&mut self, source: SourceText, from: From, by: Option<(FileId, Span)>) -> usize {
        let index = self.read.len();
        let file = file_id(index);
        let parsed = match &mut self.kept {
            Some(kept) => kept.read(&source, from == From::Standard),
            None => Arc::new(language::parse(&source.text)),
        };
        self.by_name.insert(source.name.clone(), index);
        self.modules.files.files.push(source);
        self.modules.from.push(from);
        self.modules.brought_by.push(by);
        for error in &parsed.errors {
            self.diagnostics.push(codes::syntax::diagnostic(&self.modules.files, file, error));
        }
        self.modules.switches.push(parsed.switches.clone());
        self.read.push(Read { declarations: parsed.file.declarations.clone(), state: State::New, order: 0 });
        index
    }

    /// Follows the `use`s of a file, and of what it uses, and so on.
    fn follow(&mut self, root: usize) {
        let mut steps = Vec::new();
        self.open(root, None, &mut steps);
        while let Some(step) = steps.last_mut() {
            let file = step.file;
            let Some(declarations) = self.read.get(file).map(|read| read.declarations.as_slice()) else { break };
            let wanted = declarations.iter().enumerate().skip(step.next).find_map(|(index, declaration)| {
                let DeclarationKind::Use(wanted) = &declaration.kind else { return None };
                Some((index, wanted.clone(), declaration.span))
            });
            let Some((index, wanted, span)) = wanted else {
                self.close(file);
                steps.pop();
                continue;
            };
            step.next = index + 1;
            let Some(target) = self.target(file, &wanted, span) else { continue };
            let module = file_id(target);
            self.modules.used.push(Used { file: file_id(file), span: wanted.path.span, module });
            match self.read.get(target).map(|read| read.state) {
                Some(State::New) => self.open(target, Some(span), &mut steps),
                // The files of one client stand beside each other: that one names another is no cycle.
                Some(State::Open) if self.modules.from.get(target) != Some(&From::Client) => {
                    self.cycle(&steps, target, span);
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, file: usize, by: Option<Span>, steps: &mut Vec<Step>) {
        if let Some(read) = self.read.get_mut(file)
            && read.state == State::New
        {
            read.state = State::Open;
            steps.push(Step { file, next: 0, by });
        }
    }

    fn close(&mut self, file: usize) {
        if let Some(read) = self.read.get_mut(file) {
            read.state = State::Followed;
            read.order = self.followed;
            self.followed += 1;
        }
    }

    /// The file that a `use` means, read where it is not yet.
    fn target(&mut self, user: usize, wanted: &Use, span: Span) -> Option<usize> {
        let user_id = file_id(user);
        let Some(name) = self.virtual_name(user, wanted) else {
            self.diagnostics.push(codes::modules::unknown_module::no_such_place(user_id, wanted));
            return None;
        };
        if let Some(&known) = self.by_name.get(name.as_str()) {
            return Some(known);
        }
        let standard = standard::shared(&name).map(|text| self.loader.standard(&name).unwrap_or(text));
        let loaded = match standard {
            Some(text) => Ok((text, From::Standard)),
            None if name.starts_with(standard::PREFIX) => Err(LoadError::NotThere),
            None => self.loader.load(&name).map(|text| (text, From::Loaded)),
        };
        match loaded {
            Ok((text, from)) => Some(self.add(SourceText { name: name.into(), text }, from, Some((user_id, span)))),
            Err(LoadError::NotThere) => {
                let known = self.known_modules(&name);
                let meant = nearest(&written(&name), known.iter().map(String::as_str)).map(str::to_owned);
                self.diagnostics
                    .push(codes::modules::unknown_module::diagnostic(user_id, wanted, &name, meant, &known));
                None
            }
            Err(LoadError::Unreadable(reason)) => {
                self.diagnostics
                    .push(codes::modules::unreadable_module::diagnostic(user_id, wanted, span, &name, &reason));
                None
            }
        }
    }

    /// The name that a `use` stands for; none where it starts with neither `std`, `shared` nor `./`.
    fn virtual_name(&self, user: usize, wanted: &Use) -> Option<String> {
        let words: Vec<&str> = wanted.path.parts.iter().map(|part| part.text.as_str()).collect();
        if !wanted.beside {
            let (place, rest) = words.split_first()?;
            return (matches!(*place, "std" | "shared") && !rest.is_empty())
                .then(|| format!("{place}:{}.playbook", rest.join("/")));
        }
        let user = self.modules.files.files.get(user)?.name.as_str();
        // `./x` beside `shared:agency/fields.playbook` is `shared:agency/x.playbook`.
        let folder = user.rfind(['/', ':']).and_then(|at| user.get(..=at)).unwrap_or_default();
        Some(format!("{folder}{}.playbook", words.join("/")))
    }

    /// The modules of the same place, as `use` writes them.
    fn known_modules(&self, name: &str) -> Vec<String> {
        let names = if name.starts_with(standard::PREFIX) {
            standard::names()
        } else {
            let mut names: Vec<String> = self.loader.names().iter().map(SmolStr::to_string).collect();
            let shared = name.starts_with("shared:");
            names.retain(|other| other.starts_with("shared:") == shared);
            names
        };
        names.iter().map(|name| written(name)).collect()
    }

    fn cycle(&mut self, steps: &[Step], target: usize, span: Span) {
        let Some(start) = steps.iter().position(|step| step.file == target) else { return };
        let mut places = Vec::new();
        for (step, next) in steps.iter().skip(start).zip(steps.iter().skip(start + 1)) {
            if let Some(by) = next.by {
                places.push((file_id(step.file), by));
            }
        }
        let Some(last) = steps.last() else { return };
        let user = file_id(last.file);
        self.diagnostics.push(codes::modules::module_cycle::diagnostic(
            &self.modules.files,
            user,
            span,
            file_id(target),
            &places,
        ));
    }
}

/// A virtual name as `use` writes it.
fn written(name: &str) -> String {
    if name.contains(':') {
        standard::dotted(name)
    } else {
        format!("./{}", name.strip_suffix(".playbook").unwrap_or(name))
    }
}

/// Modules in the order in which they were followed, then the client's files.
fn in_reading_order(read: Vec<Read>, clients: usize) -> Vec<Declared> {
    let mut files: Vec<(bool, usize, usize, Vec<Arc<Declaration>>)> = read
        .into_iter()
        .enumerate()
        .map(|(index, read)| {
            let client = index < clients;
            (client, if client { index } else { read.order }, index, read.declarations)
        })
        .collect();
    files.sort_by_key(|(client, order, ..)| (*client, *order));
    let placed =
        files.into_iter().flat_map(|(_, _, index, declarations)| declarations.into_iter().map(move |one| (index, one)));
    placed.map(|(index, declaration)| Declared::new(file_id(index), declaration)).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a playbook has fewer than four billion files")]
fn file_id(index: usize) -> FileId {
    FileId(index as u32)
}
