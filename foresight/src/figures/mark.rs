//! What pictures are made of: lines, areas, bars, dots and words, at places in units of the picture.

/// A place: to the right, and downwards.
pub(super) type Place = (f64, f64);

/// A mark, with what it says to whoever points at it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) shape: Shape,
    pub(super) paint: Paint,
    /// Its number, in words; empty for what is no datum.
    pub(super) says: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Through these places.
    Line(Vec<Place>),
    /// Within these places.
    Area(Vec<Place>),
    /// From its upper left corner: how wide, how high.
    Bar(Place, f64, f64),
    Dot(Place, f64),
    Words {
        at: Place,
        text: String,
        anchor: Anchor,
        size: f64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a mark looks; which colours these are is said in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// What all lies on.
    Paper,
    /// What numbers are read against.
    Grid,
    /// Where they begin.
    Axis,
    /// Words.
    Ink,
    /// Words beside.
    Soft,
    /// A series, fully.
    Series(usize),
    /// A series, as a line with gaps.
    Dashed(usize),
    /// A series, only hinted at: an interval.
    Band(usize),
    /// A series, empty inside.
    Hollow(usize),
}

/// Words at a place.
pub(super) fn words(at: Place, text: impl Into<String>, anchor: Anchor, size: f64, paint: Paint) -> Mark {
    Mark { shape: Shape::Words { at, text: text.into(), anchor, size }, paint, says: String::new() }
}

/// A straight line that says nothing.
pub(super) fn rule(from: Place, to: Place, paint: Paint) -> Mark {
    Mark { shape: Shape::Line(vec![from, to]), paint, says: String::new() }
}

/// A mark that says something.
pub(super) fn datum(shape: Shape, paint: Paint, says: impl Into<String>) -> Mark {
    Mark { shape, paint, says: says.into() }
}

/// An interval along an axis, with caps at its ends, as one line.
pub(super) fn whisker(from: Place, to: Place, paint: Paint, says: impl Into<String>) -> Mark {
    const CAP: f64 = 4.0;
    let caps = |at: Place| {
        if (from.1 - to.1).abs() < 1e-9 {
            [(at.0, at.1 - CAP), (at.0, at.1 + CAP)]
        } else {
            [(at.0 - CAP, at.1), (at.0 + CAP, at.1)]
        }
    };
    let [one, other] = caps(from);
    let [third, fourth] = caps(to);
    datum(Shape::Line(vec![one, other, from, to, third, fourth]), paint, says)
}
