//! Why a Program cannot be linked.

use smol_str::SmolStr;

/// Why a Program cannot be linked. The compiler refuses most of these before; a Program from elsewhere may have them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The client's time zone is not one.
    #[error("the client's time zone `{0}` is not known: write an IANA name such as `Pacific/Auckland`")]
    Zone(SmolStr),
    /// A number names something that is not there.
    #[error("the compiled playbook is damaged: {0} is not there; compile it again")]
    Broken(&'static str),
    /// A score depends on itself.
    #[error("the score `{0}` depends on itself: take one of the references out")]
    Cycle(SmolStr),
    /// A score of one entity reads one of another.
    #[error("the score `{0}` belongs to another record: a score can only read scores of its own record")]
    OtherEntity(SmolStr),
    /// More points than the scorer calculates with.
    #[error("the points of the score `{0}` could add up to more than 20 million: make them smaller")]
    TooManyPoints(SmolStr),
    /// More labels than a word has bits.
    #[error("the score `{0}` has more than 63 routes")]
    TooManyLabels(SmolStr),
    /// More constants than a code holds.
    #[error("`{0}` is compared with more than 65,000 words")]
    TooManyWords(SmolStr),
    /// A filter reads something else than the event's facts and the record's fields.
    #[error("`where` on `{0}` may only read the event's own facts and the record's fields")]
    Filter(SmolStr),
    /// The phrases cannot be made into one automaton.
    #[error("there are too many phrases to listen for: {0}")]
    Phrases(String),
}
