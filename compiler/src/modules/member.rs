//! What a refinement changed: kept so that `show --resolved` and the editor can say what each refined part replaced.

use language::Span;
use smol_str::SmolStr;

use crate::program::FileId;

/// One member of a declaration that a refinement changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refined {
    /// Into [`super::Modules::declarations`].
    pub declaration: usize,
    /// The member as a reader calls it: `layer behavioral`, `route`, `field tools`, `phrases`.
    pub member: SmolStr,
    /// What became of it.
    pub change: Change,
    /// Where the refinement says so.
    pub by: (FileId, Span),
}

/// What became of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stands for the one that stood there.
    Replaced(FileId, Span),
    /// The one that stood there is gone.
    Removed(FileId, Span),
    /// There was none.
    Added,
}
