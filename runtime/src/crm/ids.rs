//! What rows are called: one type for each table, so that a company's number is never taken for a contact's.

use std::fmt;

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

row_ids! {
    /// A row of `contact`.
    ContactId,
    /// A row of any entity's table; which one, the context says.
    RecordId,
    /// A row of `import`.
    ImportId,
    /// A row of `event_kind`.
    KindId,
}

impl From<ContactId> for RecordId {
    fn from(id: ContactId) -> Self {
        Self(id.0)
    }
}
