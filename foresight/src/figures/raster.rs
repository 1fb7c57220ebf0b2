//! A figure as pixels, for where no SVG goes: slides, mails, chats. On white, in the colours of light.

use thiserror::Error;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint as Brush, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform,
};
use ttf_parser::{Face, OutlineBuilder};

use super::font::{advance, face, width};
use super::mark::{Anchor, Mark, Paint, Place, Shape};
use super::paint::{gaps, on_white};
use super::{Figure, HEADING, MARGIN};

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PictureError {
    /// It has no width or height, or more than fits.
    #[error("a picture of this size cannot be painted")]
    Size,
    /// Its pixels cannot be written as PNG.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(String),
}

/// Thin lines are as wide.
const THIN: f64 = 1.0;
/// Those of intervals.
const MIDDLE: f64 = 1.3;
/// And those of series.
const THICK: f64 = 2.0;

pub(super) fn png(figure: &Figure, scale: f32) -> Result<Vec<u8>, PictureError> {
    let size = |length: f64| pixels(length * f64::from(scale));
    let (wide, high) = figure.framed();
    let mut map = Pixmap::new(size(wide), size(high)).ok_or(PictureError::Size)?;
    map.fill(Color::WHITE);
    let turn = Transform::from_translate(narrow(MARGIN), narrow(MARGIN + HEADING)).post_scale(scale, scale);
    let canvas = Canvas { turn, face: face() };
    for mark in std::iter::once(&figure.heading()).chain(&figure.marks) {
        canvas.mark(mark, &mut map);
    }
    map.encode_png().map_err(|error| PictureError::Png(error.to_string()))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size that is too large is refused")]
fn pixels(length: f64) -> u32 {
    length.round() as u32
}

#[expect(clippy::cast_possible_truncation, reason = "a place within a picture")]
const fn narrow(value: f64) -> f32 {
    value as f32
}

struct Canvas {
    turn: Transform,
    face: Option<Face<'static>>,
}

impl Canvas {
    fn mark(&self, mark: &Mark, map: &mut Pixmap) {
        let is_hollow = matches!(mark.paint, Paint::Hollow(_));
        match &mark.shape {
            Shape::Line(places) => self.stroke(line(places, false), mark.paint, map),
            Shape::Area(places) => self.fill(line(places, true), mark.paint, map),
            Shape::Bar((x, y), width, height) => {
                let rect = Rect::from_xywh(narrow(*x), narrow(*y), narrow(*width), narrow(*height));
                self.fill(rect.map(PathBuilder::from_rect), mark.paint, map);
            }
            Shape::Dot((x, y), r) => {
                let path = PathBuilder::from_circle(narrow(*x), narrow(*y), narrow(*r));
                if is_hollow {
                    self.fill_with(path.clone(), [255; 4], map);
                    self.stroke(path, mark.paint, map);
                } else {
                    self.fill(path, mark.paint, map);
                }
            }
            Shape::Words { at, text, anchor, size } => {
                let path = self.face.as_ref().and_then(|face| written(face, *at, text, *anchor, *size));
                self.fill(path, mark.paint, map);
            }
        }
    }

    fn fill(&self, path: Option<Path>, paint: Paint, map: &mut Pixmap) {
        self.fill_with(path, on_white(paint), map);
    }

    fn fill_with(&self, path: Option<Path>, [red, green, blue, opacity]: [u8; 4], map: &mut Pixmap) {
        let Some(path) = path else { return };
        let mut brush = Brush { anti_alias: true, ..Brush::default() };
        brush.set_color_rgba8(red, green, blue, opacity);
        map.fill_path(&path, &brush, FillRule::Winding, self.turn, None);
    }

    fn stroke(&self, path: Option<Path>, paint: Paint, map: &mut Pixmap) {
        let Some(path) = path else { return };
        let [red, green, blue, opacity] = on_white(paint);
        let mut brush = Brush { anti_alias: true, ..Brush::default() };
        brush.set_color_rgba8(red, green, blue, opacity);
        let width = match paint {
            Paint::Grid | Paint::Axis => THIN,
            Paint::Ink => MIDDLE,
            _ => THICK,
        };
        let stroke = Stroke {
            width: narrow(width),
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            dash: dash(paint),
            ..Stroke::default()
        };
        map.stroke_path(&path, &brush, &stroke, self.turn, None);
    }
}

fn dash(paint: Paint) -> Option<StrokeDash> {
    let Paint::Dashed(of) = paint else { return None };
    StrokeDash::new(gaps(of).to_vec(), 0.0)
}

fn line(places: &[Place], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut places = places.iter().map(|(x, y)| (narrow(*x), narrow(*y)));
    let (x, y) = places.next()?;
    path.move_to(x, y);
    places.for_each(|(x, y)| path.line_to(x, y));
    if closed {
        path.close();
    }
    path.finish()
}

/// Letters, one after the other, with their feet on a line.
struct Letters {
    path: PathBuilder,
    x: f64,
    y: f64,
    scale: f64,
}

impl Letters {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let place = |from: f64, by: f32| narrow(f64::from(by).mul_add(self.scale, from));
        (place(self.x, x), place(self.y, -y))
    }
}

impl OutlineBuilder for Letters {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

fn written(face: &Face<'_>, (x, y): Place, text: &str, anchor: Anchor, size: f64) -> Option<Path> {
    let all = width(text, size);
    let x = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - all / 2.0,
        Anchor::End => x - all,
    };
    let mut letters = Letters { path: PathBuilder::new(), x, y, scale: size / f64::from(face.units_per_em()) };
    for letter in text.chars() {
        // A letter that the font does not have is drawn as it draws those: as a box.
        let glyph = face.glyph_index(letter).unwrap_or_default();
        face.outline_glyph(glyph, &mut letters);
        letters.x += match face.glyph_index(letter) {
            Some(glyph) => advance(face, glyph).unwrap_or(0.0) * size,
            None => width(letter.encode_utf8(&mut [0; 4]), size),
        };
    }
    letters.path.finish()
}
