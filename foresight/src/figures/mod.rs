//! Pictures of numbers: each kind a file, each picture a list of marks that is written as SVG or painted as PNG.
//!
//! They know no playbook, no file and no page: titles, words and numbers come in, and beside the picture stand its numbers as a table. Nothing
//! is told by colour alone: series have names at their ends, intervals have caps, and every mark says its number.

mod axis;
mod calibration;
mod columns;
mod comparison;
mod font;
mod funnel;
mod histogram;
mod intervals;
mod lines;
mod mark;
mod number;
mod paint;
mod posterior;
mod raster;
mod shift;
mod svg;

pub use calibration::calibration;
pub use columns::{Column, Columns, columns};
pub use comparison::{Compared, comparison};
pub use funnel::{Step, funnel};
pub use histogram::{Histogram, histogram};
pub use intervals::{Intervals, Row, intervals};
pub use lines::{Lines, Point, Series, lines};
pub use number::{number, signed, thousands};
pub use paint::STYLE;
pub use posterior::{Arm, Posterior, posterior};
pub use raster::PictureError;
pub use shift::{Moved, shift};

use mark::{Anchor, Mark, Paint, words};

/// How wide every figure is, in units of its own.
const WIDTH: f64 = 720.0;
/// Around a figure that is a file of its own.
const MARGIN: f64 = 18.0;
/// And above it, for its title.
const HEADING: f64 = 30.0;

/// A picture, and the numbers that it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// In lower case, with hyphens: unique on a page, and the name of its files.
    pub id: String,
    /// What it is of.
    pub title: String,
    /// What it shows and how it is read, for whoever does not see it too.
    pub description: String,
    /// Its numbers.
    pub numbers: Numbers,
    height: f64,
    marks: Vec<Mark>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Numbers {
    /// Over its columns.
    pub columns: Vec<String>,
    /// The first cell says what the row is of.
    pub rows: Vec<Vec<String>>,
}

/// What all kinds are given.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// See [`Figure::id`].
    pub id: &'a str,
    /// See [`Figure::title`].
    pub title: &'a str,
    /// See [`Figure::description`].
    pub description: &'a str,
}

impl Figure {
    fn new(about: About<'_>, height: f64, marks: Vec<Mark>, numbers: Numbers) -> Self {
        Self {
            id: about.id.to_owned(),
            title: about.title.to_owned(),
            description: about.description.to_owned(),
            numbers,
            height,
            marks,
        }
    }

    /// How wide and how high it is as a file of its own.
    const fn framed(&self) -> (f64, f64) {
        (WIDTH + 2.0 * MARGIN, self.height + 2.0 * MARGIN + HEADING)
    }

    /// Its title, as it is drawn where no page says it.
    fn heading(&self) -> Mark {
        words((0.0, -14.0), font::cut(&self.title, 16.0, WIDTH), Anchor::Start, 16.0, Paint::Ink)
    }

    /// As a file of its own, with its colours for light and dark.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::alone(self)
    }

    /// The same under another name, for a page that has one of that name already.
    #[must_use]
    pub fn renamed(mut self, id: String) -> Self {
        self.id = id;
        self
    }

    /// As an element of a page that has [`STYLE`].
    #[must_use]
    pub fn element(&self) -> String {
        svg::element(self)
    }

    /// As pixels, on white; `scale` of them for each unit.
    ///
    /// # Errors
    /// Where it has no size that can be painted.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, PictureError> {
        raster::png(self, scale)
    }
}

impl Numbers {
    fn of(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows: rows.into_iter().collect() }
    }
}
