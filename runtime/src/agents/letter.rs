//! A letter as the outbox hands it over: approved, addressed, complete. A carrier changes none of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A letter to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The same for every try of the same letter, and for no other: 1 to 200 characters out of `A-Z a-z 0-9 . _ -`.
    pub key: SmolStr,
    /// By whom.
    pub from: Mailbox,
    /// Where answers go, where that is elsewhere.
    pub reply_to: Option<Mailbox>,
    /// To whom.
    pub to: Mailbox,
    /// The line above.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Where one click ends it (RFC 8058): an `https` address that takes a POST without asking anything.
    pub unsubscribe: SmolStr,
    /// A `mailto:` that ends it, too.
    pub unsubscribe_mail: Option<SmolStr>,
    /// Where the sender can be found, added below the text where there is one.
    pub postal: Option<SmolStr>,
    /// When it was released: its `Date`.
    pub at: Timestamp,
}

/// An address with the name of whom it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// As people call them.
    pub name: Option<SmolStr>,
    /// `ana@example.com`
    pub address: SmolStr,
}

/// That a letter is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The `Message-ID` that it went out with, in angle brackets; by it bounces and answers are known again. None where the
    /// carrier makes its own.
    pub message_id: Option<SmolStr>,
    /// What the carrier calls it.
    pub carrier: SmolStr,
    /// It had been sent before, under the same key, and was not sent again.
    pub before: bool,
}
