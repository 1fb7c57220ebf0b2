//! Which preset a file is for: the one whose signature headers are all there, and none where that is not one alone.

use compiler::program::{Program, Source};

use super::header::Header;

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
