//! Which name stands where, and what it stands for: for an editor that goes to a definition, finds references and renames.
//!
//! What a name means is what the lowering found it to mean, never a guess. Put into order and words once somebody asks: whoever only
//! wants the findings pays nothing for it.

mod definitions;
mod symbol;

pub use symbol::Symbol;

use std::sync::OnceLock;

use language::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::diagnostics::Files;
use crate::lower::Recorded;
use crate::modules::{Used, Written};
use crate::program::FileId;

/// Where something is declared, refined or extended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What is declared.
    pub symbol: Symbol,
    /// Which file.
    pub file: FileId,
    /// Its name; empty, at the start of the file, for a module.
    pub name: Span,
    /// All that declares it.
    pub whole: Span,
    /// The text of the `///` lines above.
    pub docs: Option<SmolStr>,
    /// Whether it is the first.
    pub role: Role,
}

/// What a definition is among those of the same symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Where it is declared.
    First,
    /// `extend Contact`, a field whose words a client says, another action with the same verb.
    Extends,
    /// `refine score icp`, or a member of a refinement that its base has as well.
    Refines,
    /// A module's, which one nearer to the client stands for. What is inside of it means nothing here.
    Replaced,
}

/// Where a name is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which file.
    pub file: FileId,
    /// The name: of `company.industry` each part by itself, of an event both words.
    pub span: Span,
    /// What it stands for.
    pub symbol: Symbol,
}

/// A name in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence<'s> {
    /// Which file.
    pub file: FileId,
    /// The name.
    pub span: Span,
    /// What it stands for.
    pub symbol: &'s Symbol,
    /// What it defines; none where it is a use.
    pub definition: Option<&'s Definition>,
}

/// All names of the files of a client, its modules among them.
#[derive(Debug)]
pub struct Symbols {
    files: Files,
    written: Vec<Written>,
    used: Vec<Used>,
    recorded: Recorded,
    ordered: OnceLock<Ordered>,
}

/// By file and place.
#[derive(Debug)]
struct Ordered {
    definitions: Vec<Definition>,
    uses: Vec<Use>,
    places: Vec<Place>,
    of: FxHashMap<Symbol, Places>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    file: FileId,
    span: Span,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Into the definitions.
    Definition(usize),
    /// Into the uses.
    Use(usize),
}

/// Of one symbol.
#[derive(Debug, Default)]
struct Places {
    definitions: Vec<usize>,
    uses: Vec<usize>,
}

impl Symbols {
    pub(crate) fn new(files: Files, written: Vec<Written>, used: Vec<Used>, recorded: Recorded) -> Self {
        Self { files, written, used, recorded, ordered: OnceLock::new() }
    }

    /// What stands there: the offset is in the name, or right behind it. Where one name stands for several things (a fact of several
    /// events) it is the first of them; [`Self::all_at`] has all.
    #[must_use]
    pub fn at(&self, file: FileId, offset: u32) -> Option<(Span, &Symbol)> {
        self.all_at(file, offset).next().map(|found| (found.span, found.symbol))
    }

    /// All that stands there.
    pub fn all_at(&self, file: FileId, offset: u32) -> impl Iterator<Item = Occurrence<'_>> {
        let ordered = self.ordered();
        let behind = ordered.places.partition_point(|place| (place.file, place.span.start) <= (file, offset));
        let before = ordered.places.get(..behind).unwrap_or_default();
        let span = before.last().filter(|place| place.file == file && offset <= place.span.end).map(|place| place.span);
        let same = before.iter().rev().take_while(move |place| place.file == file && Some(place.span) == span);
        let first = behind - same.count();
        let found = ordered.places.get(first..behind).unwrap_or_default();
        found.iter().filter_map(|place| ordered.occurrence(place))
    }

    /// Where it is declared, refined and extended: the first one first, then by file and place.
    pub fn definitions(&self, symbol: &Symbol) -> impl Iterator<Item = &Definition> {
        let ordered = self.ordered();
        let places = ordered.of.get(symbol).map(|places| places.definitions.as_slice()).unwrap_or_default();
        places.iter().filter_map(|place| ordered.definitions.get(*place))
    }

    /// Where it is used, by file and place.
    pub fn uses(&self, symbol: &Symbol) -> impl Iterator<Item = &Use> {
        let ordered = self.ordered();
        let places = ordered.of.get(symbol).map(|places| places.uses.as_slice()).unwrap_or_default();
        places.iter().filter_map(|place| ordered.uses.get(*place))
    }

    /// All names of a file, in the order in which they stand there.
    pub fn in_file(&self, file: FileId) -> impl Iterator<Item = Occurrence<'_>> {
        let ordered = self.ordered();
        let first = ordered.places.partition_point(|place| place.file < file);
        let places = ordered.places.get(first..).unwrap_or_default();
        places.iter().take_while(move |place| place.file == file).filter_map(|place| ordered.occurrence(place))
    }

    /// All definitions of all files, by file and place.
    #[must_use]
    pub fn all_definitions(&self) -> &[Definition] {
        &self.ordered().definitions
    }

    /// All uses of all files, by file and place.
    #[must_use]
    pub fn all_uses(&self) -> &[Use] {
        &self.ordered().uses
    }

    fn ordered(&self) -> &Ordered {
        self.ordered.get_or_init(|| Ordered::of(self))
    }
}

impl Ordered {
    fn of(symbols: &Symbols) -> Self {
        let Symbols { files, written, used, recorded, .. } = symbols;
        let mut found = definitions::of(files, written, used);
        let defined: FxHashMap<(FileId, Span), &Symbol> = found
            .definitions
            .iter()
            .map(|definition| ((definition.file, definition.name), &definition.symbol))
            .collect();
        let known = |symbol: &Symbol| found.declares(symbol);
        let mut uses: Vec<Use> = Vec::new();
        for (file, span, symbol) in recorded.in_words(files) {
            // A name that refines or extends is read as a use of what it refines.
            if defined.get(&(file, span)).is_some_and(|defined| **defined == symbol) {
                continue;
            }
            let symbol = match &symbol {
                // What a field of type `objection` holds is declared by the objections.
                Symbol::Value { name, .. } | Symbol::EventValue { name, .. } if !known(&symbol) => {
                    let phrases = Symbol::Phrases(name.clone());
                    if !known(&phrases) {
                        continue;
                    }
                    phrases
                }
                _ => symbol,
            };
            uses.push(Use { file, span, symbol });
        }
        uses.append(&mut found.uses);
        uses.sort_by(|left, right| (left.file, left.span, &left.symbol).cmp(&(right.file, right.span, &right.symbol)));
        uses.dedup();
        let definitions = found.definitions;
        let mut places: Vec<Place> = Vec::with_capacity(definitions.len() + uses.len());
        let mut of: FxHashMap<Symbol, Places> = FxHashMap::default();
        for (index, definition) in definitions.iter().enumerate() {
            // A module is a file, and no name in it.
            if !definition.name.is_empty() {
                places.push(Place { file: definition.file, span: definition.name, what: What::Definition(index) });
            }
            entry(&mut of, &definition.symbol).definitions.push(index);
        }
        for (index, used) in uses.iter().enumerate() {
            places.push(Place { file: used.file, span: used.span, what: What::Use(index) });
            entry(&mut of, &used.symbol).uses.push(index);
        }
        places.sort_by_key(|place| (place.file, place.span, place.what));
        for places in of.values_mut() {
            places
                .definitions
                .sort_by_key(|index| definitions.get(*index).map(|definition| definition.role != Role::First));
        }
        Self { definitions, uses, places, of }
    }

    fn occurrence(&self, place: &Place) -> Option<Occurrence<'_>> {
        let (symbol, definition) = match place.what {
            What::Definition(index) => {
                let definition = self.definitions.get(index)?;
                (&definition.symbol, Some(definition))
            }
            What::Use(index) => (&self.uses.get(index)?.symbol, None),
        };
        Some(Occurrence { file: place.file, span: place.span, symbol, definition })
    }
}

fn entry<'o>(of: &'o mut FxHashMap<Symbol, Places>, symbol: &Symbol) -> &'o mut Places {
    if !of.contains_key(symbol) {
        of.insert(symbol.clone(), Places::default());
    }
    of.entry(symbol.clone()).or_default()
}
