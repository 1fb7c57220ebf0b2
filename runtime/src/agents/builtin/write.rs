//! Drafts: a template filled from what is known. Whatever it says about them is a claim that names its evidence.

use smol_str::SmolStr;

use crate::agents::{Assignment, Claim, Draft, Outcome, Part, PortError};

/// Who writes.
pub(super) struct Who<'a> {
    pub(super) sender: &'a [(SmolStr, SmolStr)],
    pub(super) client: &'a str,
}

pub(super) fn write(
    assignment: &Assignment,
    subject: Option<&[Part]>,
    body: &[Part],
    who: &Who<'_>,
) -> Result<Outcome, PortError> {
    let mut claims = Vec::new();
    let subject = match subject {
        Some(parts) => Some(one_line(&filled(assignment, parts, who, &mut claims)?)),
        None => None,
    };
    let body = filled(assignment, body, who, &mut claims)?;
    Ok(Outcome { draft: Some(Draft { subject, body, claims }), ..Outcome::default() })
}

fn filled(
    assignment: &Assignment,
    parts: &[Part],
    who: &Who<'_>,
    claims: &mut Vec<Claim>,
) -> Result<String, PortError> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal(words) => text.push_str(words),
            Part::Client => text.push_str(who.client),
            Part::Fact { path, otherwise } => match (assignment.fact(path), otherwise) {
                (Some(given), _) if !given.words.is_empty() => {
                    text.push_str(&given.words);
                    let claim = Claim { text: given.words.to_string(), evidence: vec![given.evidence.clone()] };
                    if !claims.contains(&claim) {
                        claims.push(claim);
                    }
                }
                (_, Some(otherwise)) => text.push_str(otherwise),
                (_, None) => return Err(missing(path)),
            },
            Part::Sender { field, otherwise } => {
                let known = who.sender.iter().find(|(name, words)| name == field && !words.is_empty());
                match (known, otherwise) {
                    (Some((_, words)), _) => text.push_str(words),
                    (None, Some(otherwise)) => text.push_str(otherwise),
                    (None, None) => return Err(missing(&format!("sender.{field}"))),
                }
            }
        }
    }
    Ok(text)
}

/// A subject that a fact broke into lines would be two headers.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn missing(path: &str) -> PortError {
    PortError::refused(format!(
        "`{path}` is missing and the template says nothing for that case: fill it in, or write `{{{path} else \"…\"}}`"
    ))
}
