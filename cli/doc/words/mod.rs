//! What a playbook means, in the words of somebody who does not write playbooks. It knows the Program, nothing of pages.

mod condition;
mod name;
mod process;
mod time;

pub(super) use condition::duration;
pub(super) use name::{plain, quoted, spaced};
pub(super) use process::{matured, stage_name};
pub(super) use time::{clock, hours, period};

pub(super) use foresight::reports::words::sentence;

use compiler::program::{EntityId, EventId, Fixed, Origin, Program};

use crate::layout;

/// A Program, to be put into words.
#[derive(Clone, Copy)]
pub(super) struct Words<'p> {
    pub(super) program: &'p Program,
}

impl Words<'_> {
    /// `contact`
    pub(super) fn entity(self, id: EntityId) -> String {
        self.program.entities.get(id.index()).map(|entity| plain(&entity.name).to_lowercase()).unwrap_or_default()
    }

    /// `page viewed`
    pub(super) fn event(self, id: EventId) -> String {
        self.program.events.get(id.index()).map(|event| plain(&event.name)).unwrap_or_default()
    }

    /// The title of a role; `anybody on the team` for none. A role that the client names nobody for keeps its name.
    pub(super) fn role(self, role: Option<&str>) -> String {
        let Some(role) = role.filter(|role| *role != "human") else { return ANYBODY.to_owned() };
        let people = &self.program.client.people;
        people.iter().find(|(known, _)| known == role).map_or_else(|| plain(role), |(_, title)| title.to_string())
    }

    /// `NZD 50,000`
    pub(super) fn money(self, amount: Fixed) -> String {
        format!("{} {}", self.program.client.currency, number(amount))
    }

    /// Where something comes from.
    pub(super) fn origin(self, origin: Origin) -> Whose {
        match self.program.files.get(origin.file.index()) {
            Some(name) if name.starts_with("std:") => Whose::Standard,
            Some(name) if name.starts_with("shared:") => Whose::Shared,
            _ => Whose::Own,
        }
    }
}

/// Whoever is asked where no role is named.
pub(super) const ANYBODY: &str = "anybody on the team";

/// Whose words something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whose {
    /// The client's own.
    Own,
    /// A module that several clients share.
    Shared,
    /// The standard library's.
    Standard,
}

/// `1,234.5`
pub(super) fn number(number: Fixed) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), layout::thousands);
    fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"))
}

/// `+15`, `−30`
pub(super) fn points(points: Fixed) -> String {
    if points.0 < 0 { number(points) } else { format!("+{}", number(points)) }
}

/// `a`, `a and b`, `a, b and c`
pub(super) fn listed<T: AsRef<str>>(words: impl IntoIterator<Item = T>, and: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
    layout::listed(&words, and)
}

#[cfg(test)]
mod tests;
