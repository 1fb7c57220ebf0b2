//! What is at the other end of stdout and stderr: its width, its colours, and whether anyone is there at all.

use std::io::{IsTerminal as _, Write as _};

use anyhow::Context as _;

use crate::harmless;

/// Without a terminal, lines are as wide as this, wherever they are written.
const PLAIN_WIDTH: usize = 100;
/// Narrower than this nothing can be laid out.
const LEAST_WIDTH: usize = 40;
/// Wider than this a line is hard to follow with the eye.
const MOST_WIDTH: usize = 140;

/// When to colour. Its variants have no docs: clap would make every help page longer by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// Where output goes, and how it may look there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    width: usize,
    paint: Paint,
    error_paint: Paint,
    interactive: bool,
}

impl Terminal {
    /// Looks at stdout, stderr and NO_COLOR once.
    pub(crate) fn new(choice: ColorChoice) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let coloured = |is_terminal: bool| match choice {
            ColorChoice::Auto => is_terminal && !no_color,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let width = out.then(|| comfy_table::Table::new().width()).flatten().map_or(PLAIN_WIDTH, usize::from);
        Self {
            width: width.clamp(LEAST_WIDTH, MOST_WIDTH),
            paint: Paint { on: coloured(out) },
            error_paint: Paint { on: coloured(err) },
            interactive: err,
        }
    }

    /// How many columns a line may have.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The colours of stdout.
    pub(crate) fn paint(&self) -> Paint {
        self.paint
    }

    /// The colours of stderr.
    pub(crate) fn error_paint(&self) -> Paint {
        self.error_paint
    }

    /// Somebody watches stderr: a progress bar may move there.
    pub(crate) fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// Writes to stdout, all at once, without what a terminal would obey: only our own colours are left.
    ///
    /// # Errors
    /// Where stdout takes no more; a reader that went away is told apart by `exit::explain`.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        self.print_as_is(&harmless::harmless(text, self.paint.on))
    }

    /// Writes to stdout byte for byte: what is a file of its own.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    #[expect(clippy::unused_self, reason = "all that prints is asked of the terminal")]
    pub(crate) fn print_as_is(&self, text: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("could not write the output")
    }

    /// Writes a JSON document and a line end to stdout.
    ///
    /// # Errors
    /// As [`Terminal::print`].
    pub(crate) fn print_json(&self, value: &impl serde::Serialize) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value).context("could not write JSON")?;
        text.push('\n');
        self.print_as_is(&harmless::escaped(&text))
    }

    /// Writes to stderr; where that is impossible there is nobody left to tell.
    pub(crate) fn say(&self, text: &str) {
        let text = harmless::harmless(text, self.error_paint.on);
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// None at all.
    #[cfg(test)]
    pub(crate) fn none() -> Self {
        Self { on: false }
    }

    /// Whether it does anything.
    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// For what is looked for first.
    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// For what is looked for last.
    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// For what is wrong.
    pub(crate) fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    /// For what is well.
    pub(crate) fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// For what needs a look.
    pub(crate) fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }

    /// For what helps.
    pub(crate) fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }

    /// For a route, by its place among those there are: the first green, the last dim, those between yellow.
    pub(crate) fn route(self, order: &[&str], route: &str, text: &str) -> String {
        match order.iter().position(|known| *known == route) {
            Some(0) => self.green(text),
            Some(place) if place + 1 < order.len() => self.yellow(text),
            _ => self.dim(text),
        }
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
