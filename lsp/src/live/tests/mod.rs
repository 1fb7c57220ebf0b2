//! Live data over the sample client of the repository: its figures against naive ones, and a session with an editor.

mod figures;
mod session;
mod stand;
