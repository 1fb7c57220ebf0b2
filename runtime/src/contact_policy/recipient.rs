//! What the guard has to know of who is written to.

use jiff::Timestamp;
use smol_str::SmolStr;

/// Who is written to, and how.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// `email`
    pub channel: &'a str,
    /// IANA, where it is known.
    pub timezone: Option<&'a str>,
    /// The consent ledger's entries about them.
    pub consents: &'a [Consent],
    /// Why they are never written to, where they are not: they asked for it, their address bounced, …
    pub suppressed: Option<&'a str>,
    /// What was sent to them, as long as it can count.
    pub sends: &'a [Sent],
}

/// An entry of the consent ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// For which channel.
    pub channel: SmolStr,
    /// When it was given.
    pub given_at: Timestamp,
    /// What shows that: the form's text and its row, the recording. One without is as good as none where the policy asks for
    /// consent, because the sender has to prove it (New Zealand's Unsolicited Electronic Messages Act 2007, s 9(3)).
    pub proof: Option<SmolStr>,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
}

/// Something that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// Over which channel.
    pub channel: SmolStr,
}
