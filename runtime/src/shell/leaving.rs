//! The last look at a message before its port has it: everything is asked once more, because consent can be withdrawn meanwhile.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::kept::Kept;
use super::policy;
use crate::engine::{Case, EntryId, Send, Sending};
use crate::runner::Book;

/// Whether a queued message goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It does, to that contact.
    Now(Send, i64),
    /// Not before that instant.
    Later(Timestamp, SmolStr),
    /// The run went on, was cancelled, or the message was changed: it is not wanted any more.
    Unwanted,
    /// It does not, and why; it may have gone out where that is so.
    GivenUp(String, bool),
}

/// Whether a queued message goes out now. `contact` is whom the case is about; `doubtful` says why it may be out already.
///
/// # Errors
/// Where what is kept cannot be read.
pub fn leaving<K: Kept>(
    kept: &K,
    book: &Book,
    case: &Case,
    (send, agent): (EntryId, &str),
    contact: Option<i64>,
    doubtful: Option<&str>,
    now: Timestamp,
) -> Result<Leaving, K::Failure> {
    let Some(queued) = case.sends.iter().find(|queued| queued.id == send) else { return Ok(Leaving::Unwanted) };
    let message = case.run(queued.run).and_then(|run| run.message.as_ref());
    if message.is_none_or(|message| message.hash != queued.hash) {
        return Ok(Leaving::GivenUp("the message is not the one that was approved".into(), false));
    }
    if let Some(why) = doubtful {
        return Ok(Leaving::GivenUp(why.to_owned(), true));
    }
    if let Some(why) = book.keeps_in(agent, &queued.channel) {
        return Ok(Leaving::GivenUp(why, false));
    }
    let Some(contact) = contact else {
        return Ok(Leaving::GivenUp("there is no contact to write to".into(), false));
    };
    Ok(match policy::may_send(kept, book, contact, &queued.channel, now, Some(send))? {
        Sending::Now => Leaving::Now(queued.clone(), contact),
        Sending::Later(at, why) => Leaving::Later(at.max(now), why),
        Sending::Never(whys) => Leaving::GivenUp(whys.join("; "), false),
    })
}
