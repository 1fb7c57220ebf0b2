//! Which source a file is for: one of the playbook's own whose columns are all there, else the preset whose signature headers are, and none
//! where that is not one alone.

use std::path::Path;

use compiler::program::{Program, Source};

use super::header::Header;
use super::plan::is_key;

/// So many are named where none fits.
const NEAREST: usize = 3;

/// Which source a file is for.
#[derive(Clone, Debug)]
pub enum Detected<'p> {
    /// This one.
    One(&'p Source),
    /// Several fit: somebody has to choose.
    Several(Vec<&'p Source>),
    /// None fits.
    None {
        /// Those that lack the least, each with the headers that are not there.
        nearest: Vec<(&'p Source, Vec<String>)>,
    },
}

/// Compares the columns of the playbook's own sources, and then the signatures of all that have one, with the headers.
pub(super) fn any<'p>(program: &'p Program, header: &Header, file: &Path) -> Detected<'p> {
    let own = own(program, header, file);
    match own.as_slice() {
        [] => by_signature(program, header),
        [only] => Detected::One(only),
        _ => Detected::Several(own),
    }
}

/// Those of the playbook's own that read every column they name; of several those that name a file called so, else those that read the
/// most of it.
fn own<'p>(program: &'p Program, header: &Header, file: &Path) -> Vec<&'p Source> {
    let is_own = |source: &&Source| !source.preset && source.signature.is_empty();
    let mut fitting: Vec<(usize, &Source)> = program
        .sources
        .iter()
        .filter(is_own)
        .filter_map(|source| read_of(source, header).map(|read| (read, source)))
        .collect();
    let is_called_so = |source: &Source| {
        source
            .files
            .iter()
            .any(|named| file.file_name().is_some() && Path::new(named.as_str()).file_name() == file.file_name())
    };
    if fitting.iter().any(|(_, source)| is_called_so(source)) {
        fitting.retain(|(_, source)| is_called_so(source));
    }
    let most = fitting.iter().map(|(read, _)| *read).max();
    fitting.into_iter().filter(|(read, _)| Some(*read) == most).map(|(_, source)| source).collect()
}

/// Compares the signatures of all sources that have one with the headers.
pub(super) fn by_signature<'p>(program: &'p Program, header: &Header) -> Detected<'p> {
    let mut fitting = Vec::new();
    let mut nearest: Vec<(&Source, Vec<String>)> = Vec::new();
    for source in program.sources.iter().filter(|source| !source.signature.is_empty()) {
        let missing: Vec<String> = source
            .signature
            .iter()
            .filter(|name| header.find([name.as_str()]).is_none())
            .map(ToString::to_string)
            .collect();
        if missing.is_empty() {
            fitting.push(source);
        } else if missing.len() < source.signature.len() {
            nearest.push((source, missing));
        }
    }
    if let [only] = fitting.as_slice() {
        return Detected::One(only);
    }
    if !fitting.is_empty() {
        return Detected::Several(fitting);
    }
    nearest.sort_by_key(|(source, missing)| missing.len() * 100 / source.signature.len().max(1));
    nearest.truncate(NEAREST);
    Detected::None { nearest }
}

/// How many columns a source reads of a file; none where one is not there that it cannot do without.
fn read_of(source: &Source, header: &Header) -> Option<usize> {
    let is_there = |names: &[smol_str::SmolStr]| header.find(names.iter().map(smol_str::SmolStr::as_str)).is_some();
    let wants = |mapping: &&compiler::program::Mapping| {
        source.signature.is_empty() || !mapping.optional || is_key(source, mapping)
    };
    let fits = !source.mappings.is_empty()
        && source.signature.iter().all(|name| is_there(std::slice::from_ref(name)))
        && source.mappings.iter().filter(wants).all(|mapping| is_there(&mapping.columns));
    fits.then(|| source.mappings.iter().filter(|mapping| is_there(&mapping.columns)).count())
}

/// Other sources whose columns are all there, those that read the most of them first: where a file was given to the wrong one.
pub(super) fn others(program: &Program, wrong: &Source, header: &Header) -> Vec<String> {
    let others = program.sources.iter().filter(|source| source.name != wrong.name);
    let mut fitting: Vec<(usize, &Source)> =
        others.filter_map(|source| read_of(source, header).map(|read| (read, source))).collect();
    fitting.sort_by_key(|(read, source)| (source.preset, std::cmp::Reverse(*read)));
    fitting.truncate(NEAREST);
    fitting.into_iter().map(|(_, source)| source.name.to_string()).collect()
}
