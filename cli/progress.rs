//! How far long work is: a bar that moves on a terminal, a line a minute elsewhere, nothing for what is short.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::layout::thousands;
use crate::terminal::Terminal;

/// How long work may take before anyone wants to hear of it.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often to write a line where nobody watches.
const PAUSE: Duration = Duration::from_secs(60);

/// Work of a known size.
pub(crate) struct Progress<'a> {
    terminal: &'a Terminal,
    label: String,
    size: u64,
    began: Instant,
    said: Instant,
    bar: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    /// Of that many bytes; nothing is shown yet.
    pub(crate) fn new(terminal: &'a Terminal, label: impl Into<String>, size: u64) -> Self {
        let now = Instant::now();
        Self { terminal, label: label.into(), size, began: now, said: now, bar: None }
    }

    /// So much of it is done: in the size's own unit, and in one for readers.
    pub(crate) fn at(&mut self, bytes: u64, rows: u64, unit: &str) {
        if self.began.elapsed() < PATIENCE {
            return;
        }
        if !self.terminal.is_interactive() {
            if self.said.elapsed() >= PAUSE {
                self.said = Instant::now();
                let percent = (bytes * 100).checked_div(self.size).unwrap_or(100).min(100);
                let rows = thousands(rows);
                self.terminal.say(&format!("{}: {percent}%, {rows} {unit}\n", self.label));
            }
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(self.size), ProgressDrawTarget::stderr());
            // A template that does not parse is a mistake of this file; the plain bar does as well.
            if let Ok(style) =
                ProgressStyle::with_template("{prefix}  {wide_bar:.cyan/dim} {percent:>3}%  {msg}, {eta} left")
            {
                bar.set_style(style.progress_chars("━━─"));
            }
            bar.set_prefix(self.label.clone());
            bar
        });
        bar.set_message(format!("{} {unit}", thousands(rows)));
        bar.set_position(bytes);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}
