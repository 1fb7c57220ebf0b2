//! What was read of each file the last time, for those who compile the same files again and again: an editor. A file that has not
//! changed is not read again, of one that has only what has.

use std::sync::{Arc, LazyLock};

use language::Parsed;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::standard;
use crate::diagnostics::SourceText;

/// The files of one client as they were read the last time, by their names.
#[derive(Debug, Default)]
pub struct Kept {
    files: FxHashMap<SmolStr, Entry>,
    /// Counts the compilations; what the last one did not ask for is forgotten by the next.
    round: u64,
}

#[derive(Debug)]
struct Entry {
    text: Arc<str>,
    parsed: Arc<Parsed>,
    asked_in: u64,
}

/// The standard library, read once for everybody.
static STANDARD: LazyLock<FxHashMap<String, Arc<Parsed>>> = LazyLock::new(|| {
    let read = |name: String| {
        let parsed = Arc::new(language::parse(standard::text(&name)?));
        Some((name, parsed))
    };
    standard::names().into_iter().filter_map(read).collect()
});

impl Kept {
    /// Begins another compilation.
    pub(crate) fn begin(&mut self) {
        let last = self.round;
        self.files.retain(|_, entry| entry.asked_in == last);
        self.round += 1;
    }

    /// A file, read.
    pub(crate) fn read(&mut self, source: &SourceText, is_standard: bool) -> Arc<Parsed> {
        if is_standard
            && standard::shared(&source.name).is_some_and(|text| is(&text, &source.text))
            && let Some(parsed) = STANDARD.get(source.name.as_str())
        {
            return Arc::clone(parsed);
        }
        let before = self.files.remove(&source.name);
        let parsed = match before {
            Some(Entry { text, parsed, .. }) if is(&text, &source.text) => parsed,
            // What nobody else has any more is not copied.
            Some(Entry { text, parsed, .. }) => {
                Arc::new(language::parse_again(Arc::unwrap_or_clone(parsed), &text, &source.text))
            }
            None => Arc::new(language::parse(&source.text)),
        };
        let entry = Entry { text: Arc::clone(&source.text), parsed: Arc::clone(&parsed), asked_in: self.round };
        self.files.insert(source.name.clone(), entry);
        parsed
    }

    /// What was read of a file; none where it was not asked for.
    #[must_use]
    pub fn parsed(&self, name: &str) -> Option<&Arc<Parsed>> {
        self.files.get(name).map(|entry| &entry.parsed).or_else(|| STANDARD.get(name))
    }
}

fn is(text: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(text, other) || text == other
}
