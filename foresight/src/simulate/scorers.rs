//! Scorers that move through time: one for each day where the playbook compares with the day, one for all time where it does not.

use jiff::Timestamp;
use runtime::calendar;
use runtime::score::{LinkError, Scorer};

use super::setting::Setting;

/// Scorers of one playbook, linked as often as has to be and no more.
pub(super) struct Scorers {
    /// The one at hand, with the day that it was linked for.
    current: (Timestamp, Scorer),
    /// The others.
    spare: Vec<(Timestamp, Scorer)>,
}

impl Scorers {
    pub(super) fn new(setting: &Setting) -> Result<Self, LinkError> {
        let day = calendar::day_start(&setting.book.zone, setting.from);
        Ok(Self { current: (day, setting.scorer(setting.from)?), spare: Vec::new() })
    }

    /// Has the one at hand judge as of an instant.
    pub(super) fn go_to(&mut self, setting: &Setting, now: Timestamp) -> Result<(), LinkError> {
        if self.current.1.move_to(now) {
            return Ok(());
        }
        let day = calendar::day_start(&setting.book.zone, now);
        let mut found = match self.spare.iter().position(|(known, _)| *known == day) {
            Some(place) => self.spare.swap_remove(place),
            None => (day, setting.scorer(now)?),
        };
        if !found.1.move_to(now) {
            found.1 = setting.scorer(now)?;
        }
        let before = std::mem::replace(&mut self.current, found);
        if before.0 != day {
            self.spare.push(before);
        }
        Ok(())
    }

    pub(super) const fn scorer(&self) -> &Scorer {
        &self.current.1
    }
}
