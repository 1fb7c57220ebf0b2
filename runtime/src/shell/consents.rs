//! Events that speak of consent: what each of them does to the ledger and the suppression list, whatever the playbook makes of it.

use smol_str::SmolStr;

/// What an event does about consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consenting {
    /// One is given.
    Given {
        /// For which channel.
        channel: SmolStr,
        /// On what it rests.
        basis: SmolStr,
        /// Where that can be seen.
        proof: Option<String>,
    },
    /// Nobody writes any more.
    Ended {
        /// The channel for which consents are withdrawn; none where none is.
        withdrawn: Option<SmolStr>,
        /// Over which channel addresses are left alone; every one where absent.
        suppressed: Option<SmolStr>,
        /// Why.
        reason: &'static str,
    },
}

/// What an event does about consent; `fact` gives a text among its facts. Nothing for most events.
///
/// # Errors
/// Where a fact cannot be read.
pub fn consenting<E>(
    event: &str,
    mut fact: impl FnMut(&str) -> Result<Option<String>, E>,
) -> Result<Option<Consenting>, E> {
    Ok(Some(match event {
        "consent.given" => Consenting::Given {
            channel: fact("channel")?.map_or_else(|| "email".into(), SmolStr::from),
            basis: fact("basis")?.map_or_else(|| "given".into(), SmolStr::from),
            proof: fact("proof")?,
        },
        "consent.withdrawn" => {
            let channel = fact("channel")?.map_or_else(|| SmolStr::new_static("email"), SmolStr::from);
            let (withdrawn, suppressed) = (Some(channel.clone()), Some(channel));
            Consenting::Ended { withdrawn, suppressed, reason: "asked not to be written to" }
        }
        "email.unsubscribed" => {
            let channel = || Some(SmolStr::new_static("email"));
            Consenting::Ended { withdrawn: channel(), suppressed: channel(), reason: "unsubscribed" }
        }
        "email.complained" => Consenting::Ended { withdrawn: None, suppressed: None, reason: "complained" },
        "email.bounced" if fact("kind")?.as_deref() == Some("permanent") => Consenting::Ended {
            withdrawn: None,
            suppressed: Some("email".into()),
            reason: "the address does not exist",
        },
        _ => return Ok(None),
    }))
}
