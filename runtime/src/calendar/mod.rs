//! Forward time: when a period is over, when a schedule fires next, when somebody is open, when a day, week or month began.
//!
//! Pure: the instant, the zone and the client come in. Two rules make every local time an instant, across every change of the
//! clocks: a local time is reached at the first instant at which the clock shows it or a later one. So one that is skipped
//! is reached when the clock jumps over it, and one that exists twice is reached the first time. What lies beyond all
//! calendars is [`Timestamp::MAX`](jiff::Timestamp::MAX): it never comes. How long ago a window began is
//! [`crate::score::window::ago`]'s to say.

mod after;
mod begin;
mod hours;
mod reminder;
mod schedule;

pub use after::{after, no_sooner_than};
pub use begin::{day_start, month_start, reaches, week_start};
pub use hours::{OpenHours, Opening};
pub use reminder::{in_hours, reminder};
pub use schedule::next;
