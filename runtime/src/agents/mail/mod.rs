//! Carriers of letters: into a folder (the embedded default), over SMTP, over the Resend API.

mod folder;
mod message;
mod resend;
mod smtp;

pub use folder::FolderMailer;
pub use resend::ResendMailer;
pub use smtp::{Security, SmtpMailer, SmtpServer};

use super::texts::in_short;
use super::{Letter, PortError};

/// The carrier's words about a letter, without the address that they may repeat: they go into the log.
fn without_addresses(words: &str, letter: &Letter) -> String {
    let mut words = words.to_owned();
    let reply_to = letter.reply_to.iter().map(|mailbox| (mailbox, "[reply-to]"));
    for (mailbox, place) in [(&letter.to, "[recipient]"), (&letter.from, "[sender]")].into_iter().chain(reply_to) {
        if let Some(name) = mailbox.name.as_ref().filter(|name| !name.is_empty()) {
            for named in [format!("{name} <{}>", mailbox.address), format!("\"{name}\" <{}>", mailbox.address)] {
                words = words.replace(&named, place);
            }
        }
        words = words.replace(mailbox.address.as_str(), place);
        words = words.replace(&mailbox.address.to_lowercase(), place);
    }
    in_short(&words)
}

/// What every carrier would refuse, before one has it.
pub(super) fn check(letter: &Letter) -> Result<(), PortError> {
    check_key(letter)?;
    message::message(letter).map(|_| ())
}

/// A key that can stand in a file's name and in a header.
fn check_key(letter: &Letter) -> Result<(), PortError> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    let key = &letter.key;
    if key.is_empty() || key.len() > 200 || key.starts_with('.') || !key.chars().all(fits) {
        return Err(PortError::refused(format!(
            "`{key}` cannot be a letter's key: 1 to 200 of `A-Z a-z 0-9 . _ -`, not beginning with a point"
        )));
    }
    Ok(())
}
