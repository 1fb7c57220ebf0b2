//! What the caller has to give: the texts of modules that are neither the client's files nor the standard library.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

/// Gives the texts of modules. A name is a path with slashes: `shared:agency/fields.playbook` for `use shared.agency.fields`
/// (the folder `playbooks/shared/`), `fields.playbook` for `use ./fields` in a file of the client's folder.
pub trait Loader {
    /// The text of that module.
    ///
    /// # Errors
    /// [`LoadError::NotThere`] where there is none, [`LoadError::Unreadable`] where it cannot be read.
    fn load(&self, name: &str) -> Result<Arc<str>, LoadError>;

    /// A text that stands for a file of the standard library, where somebody works on that.
    fn standard(&self, _name: &str) -> Option<Arc<str>> {
        None
    }

    /// The names that there are, for "did you mean"; empty where nobody knows.
    fn names(&self) -> Vec<SmolStr> {
        Vec::new()
    }
}

/// Why a module's text is not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// There is no such module.
    #[error("there is no such file")]
    NotThere,
    /// There is one, but its text is not to be had; the reason is the caller's: `permission denied`, `not UTF-8 at byte 7`.
    #[error("{0}")]
    Unreadable(String),
}

/// A loader of nothing: for texts that use the standard library at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModules;

impl Loader for NoModules {
    fn load(&self, _: &str) -> Result<Arc<str>, LoadError> {
        Err(LoadError::NotThere)
    }
}

/// A loader of texts held in memory: for tests, and for editors.
#[derive(Clone, Debug, Default)]
pub struct Texts(pub BTreeMap<SmolStr, Arc<str>>);

impl Loader for Texts {
    fn load(&self, name: &str) -> Result<Arc<str>, LoadError> {
        self.0.get(name).cloned().ok_or(LoadError::NotThere)
    }

    fn names(&self) -> Vec<SmolStr> {
        self.0.keys().cloned().collect()
    }
}
