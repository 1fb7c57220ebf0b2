//! Which preset a file is for: the one whose signature headers are all there, and none where that is not one alone.

use compiler::program::{Program, Source};

use super::header::Header;
use super::plan::is_key;

/// So many are named where none fits.
const NEAREST: usize = 3;

/// Which preset a file is for.
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

/// Compares the signatures of all sources that have one with the headers.
pub(super) fn detect<'p>(program: &'p Program, header: &Header) -> Detected<'p> {
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

/// Other sources whose columns are all there, those that read the most of them first: where a file was given to the wrong one.
pub(super) fn others(program: &Program, wrong: &Source, header: &Header) -> Vec<String> {
    let is_there = |names: &[smol_str::SmolStr]| header.find(names.iter().map(smol_str::SmolStr::as_str)).is_some();
    let mut fitting: Vec<(usize, &Source)> = Vec::new();
    for source in program.sources.iter().filter(|source| source.name != wrong.name && !source.mappings.is_empty()) {
        let has_signature = source.signature.iter().all(|name| is_there(std::slice::from_ref(name)));
        let wants = |mapping: &&compiler::program::Mapping| {
            source.signature.is_empty() || !mapping.optional || is_key(source, mapping)
        };
        if has_signature && source.mappings.iter().filter(wants).all(|mapping| is_there(&mapping.columns)) {
            let read = source.mappings.iter().filter(|mapping| is_there(&mapping.columns)).count();
            fitting.push((read, source));
        }
    }
    fitting.sort_by_key(|(read, source)| (source.preset, std::cmp::Reverse(*read)));
    fitting.truncate(NEAREST);
    fitting.into_iter().map(|(_, source)| source.name.to_string()).collect()
}
