//! A letter as a message of RFC 5322, built by lettre: the same letter is always the same bytes.

use std::time::SystemTime;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};

use crate::agents::letter;
use crate::agents::{Letter, PortError};

/// The message, and its `Message-ID` in angle brackets: made from the letter's key, so that each try has the same.
pub(super) fn message(letter: &Letter) -> Result<(Message, String), PortError> {
    let from = mailbox(&letter.from, "sender")?;
    let id = message_id(letter, from.email.domain());
    let mut builder = Message::builder()
        .date(SystemTime::from(letter.at))
        .message_id(Some(id.clone()))
        .from(from)
        .to(mailbox(&letter.to, "recipient")?)
        .subject(subject(letter)?);
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(mailbox(reply_to, "reply-to")?);
    }
    for (name, value) in unsubscribe(letter)? {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    let message = builder
        .header(ContentType::TEXT_PLAIN)
        .body(body(letter))
        .map_err(|error| PortError::refused(format!("the letter cannot be written: {error}")))?;
    Ok((message, id))
}

/// RFC 8058: where one click ends it, and that one click is enough.
pub(super) fn unsubscribe(letter: &Letter) -> Result<[(&'static str, String); 2], PortError> {
    let refused = |address: &str, why: &str| {
        PortError::refused(format!("`{address}` cannot be a letter's unsubscribe address: {why}"))
    };
    let plain = |address: &str| address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,\"".contains(&byte));
    let url = letter.unsubscribe.as_str();
    if !plain(url) || url.strip_prefix("https://").is_none_or(str::is_empty) {
        return Err(refused(url, "RFC 8058 wants `https://…`, without blanks and brackets"));
    }
    let mut list = format!("<{url}>");
    if let Some(mail) = &letter.unsubscribe_mail {
        if !plain(mail) || !mail.starts_with("mailto:") {
            return Err(refused(mail, "write `mailto:stop@example.com`"));
        }
        list.push_str(&format!(", <{mail}>"));
    }
    Ok([("List-Unsubscribe", list), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())])
}

/// The text, with where the sender can be found and how to end it below.
pub(super) fn body(letter: &Letter) -> String {
    let mut body = letter.body.trim_end().to_owned();
    body.push_str("\n\n-- \n");
    if let Some(postal) = &letter.postal {
        body.push_str(&postal.split_whitespace().collect::<Vec<_>>().join(" "));
        body.push('\n');
    }
    body.push_str("Unsubscribe: ");
    body.push_str(&letter.unsubscribe);
    body.push('\n');
    body
}

/// One line, or none at all.
pub(super) fn subject(letter: &Letter) -> Result<String, PortError> {
    if letter.subject.contains(['\r', '\n']) {
        return Err(PortError::refused("the letter's subject has more than one line: headers end with a line"));
    }
    Ok(letter.subject.clone())
}

/// As lettre understands it; the address itself is told to nobody.
pub(super) fn mailbox(mailbox: &letter::Mailbox, whose: &str) -> Result<Mailbox, PortError> {
    let email = mailbox
        .address
        .parse()
        .map_err(|error| PortError::refused(format!("the {whose}'s address is none: {error}")))?;
    let name = mailbox.name.as_ref().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(Mailbox::new(name.filter(|name| !name.is_empty()), email))
}

fn message_id(letter: &Letter, domain: &str) -> String {
    let hash = blake3::hash(letter.key.as_bytes()).to_hex();
    format!("<{}@{domain}>", hash.get(..32).unwrap_or_default())
}
