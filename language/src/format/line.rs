//! A line of the text being laid out, before its columns are known.

use crate::Token;

/// One line; a `"""` in it may make it several.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    /// How many blanks it begins with.
    pub(super) indent: usize,
    /// Its tokens, with one blank wherever there may be more.
    pub(super) text: String,
    /// Where its tokens are in `text`, for the stops.
    pub(super) marks: Vec<Mark>,
    /// Where it is padded, in order.
    pub(super) stops: Vec<Stop>,
    /// The comment behind it, or the comment that it is.
    pub(super) comment: Option<&'a str>,
    /// An empty line goes before it.
    pub(super) blank_before: bool,
    /// Lines of one group share their stops' columns.
    pub(super) group: usize,
    /// Kept to the byte, with its line end.
    pub(super) verbatim: bool,
}

/// A token of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// What it is.
    pub(super) kind: Token,
    /// Where it begins in the line's text.
    pub(super) at: usize,
    /// How many brackets and braces are open around it, on this line.
    pub(super) depth: usize,
}

/// A place where a line is padded to a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    /// Where in the line's text.
    pub(super) at: usize,
    /// Which of its group's columns, from the left.
    pub(super) column: usize,
    /// The least number of blanks before it, where it is not the only one in its column.
    pub(super) gap: usize,
    /// Where more than this stands before it, the others do not wait for it.
    pub(super) widest: usize,
}

impl Line<'_> {
    /// Whether nothing but a comment is on it.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How wide its text is, with its indentation; none where a `"""` spans lines.
    pub(super) fn width(&self) -> Option<usize> {
        (!self.verbatim && !self.text.contains('\n')).then(|| self.indent + self.text.chars().count())
    }
}
