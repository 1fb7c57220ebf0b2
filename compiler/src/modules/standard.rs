//! The standard library, embedded: its files under virtual names, so that messages and jumps can show them.

use std::sync::{Arc, LazyLock};

use include_dir::{Dir, include_dir};
use rustc_hash::FxHashMap;

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../stdlib");

/// The prefix of the names of the standard library's files, as in `std:crm.playbook`.
pub const PREFIX: &str = "std:";

/// The text of a file by its virtual name, `std:crm.playbook`.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    FOLDER.get_file(name.strip_prefix(PREFIX)?)?.contents_utf8()
}

/// The same, once for everybody who keeps it.
pub(crate) fn shared(name: &str) -> Option<Arc<str>> {
    static TEXTS: LazyLock<FxHashMap<String, Arc<str>>> = LazyLock::new(|| {
        let named = |name: String| text(&name).map(|text| (name, Arc::from(text)));
        names().into_iter().filter_map(named).collect()
    });
    TEXTS.get(name).map(Arc::clone)
}

/// The virtual names of all files, sorted.
#[must_use]
pub fn names() -> Vec<String> {
    let mut names = Vec::new();
    collect(&FOLDER, &mut names);
    names.sort();
    names
}

fn collect(folder: &Dir<'static>, names: &mut Vec<String>) {
    for file in folder.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "playbook")) {
        let path: Vec<_> = file.path().iter().map(|part| part.to_string_lossy()).collect();
        names.push(format!("{PREFIX}{}", path.join("/")));
    }
    for below in folder.dirs() {
        collect(below, names);
    }
}

/// A virtual name as `use` writes it: `std.presets.hubspot` for `std:presets/hubspot.playbook`.
#[must_use]
pub fn dotted(name: &str) -> String {
    let path = name.strip_suffix(".playbook").unwrap_or(name);
    path.replace([':', '/'], ".")
}

/// The module, as `use` writes it, that declares `name` with that keyword (`entity Contact`, `event page.viewed`): for
/// "add `use std.crm`".
///
/// It reads the texts' first columns only: what starts a declaration stands there and nothing else does.
#[must_use]
pub fn module_declaring(keyword: &str, name: &str) -> Option<String> {
    names()
        .into_iter()
        .find(|file| text(file).is_some_and(|text| declares(text, keyword, name)))
        .map(|file| dotted(&file))
}

fn declares(text: &str, keyword: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some(keyword) && words.next() == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_virtual_names() {
        assert!(names().contains(&"std:crm.playbook".to_owned()), "{:?}", names());
        assert!(text("std:presets/hubspot.playbook").is_some_and(|text| text.contains("source hubspot.contacts")));
        assert!(text("crm.playbook").is_none() && text("std:../Cargo.toml").is_none());
        assert_eq!(dotted("std:presets/hubspot.playbook"), "std.presets.hubspot");
    }

    #[test]
    fn the_module_of_a_name_is_found() {
        assert_eq!(module_declaring("entity", "Contact").as_deref(), Some("std.crm"));
        assert_eq!(module_declaring("event", "page.viewed").as_deref(), Some("std.crm"));
        assert_eq!(module_declaring("entity", "Spaceship"), None);
    }
}
