//! How wide words are, and how letters are drawn: by a font that is part of the program, so that a picture needs none of the machine's.
//!
//! In a browser words are set in the reader's own font, which is about as wide.

use ttf_parser::{Face, GlyphId};
use unicode_width::UnicodeWidthStr as _;

/// Roboto, the letters of the Latin scripts. See `foresight/fonts/README.md`.
const FONT: &[u8] = include_bytes!("../../fonts/Roboto-Latin.ttf");

/// The font; none where it is damaged, which a test rules out.
pub(super) fn face() -> Option<Face<'static>> {
    Face::parse(FONT, 0).ok()
}

/// How wide words of a size are. A letter that the font does not have is as wide as its columns on a terminal.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let face = face();
    let letter = |letter: char| {
        let known = face.as_ref().and_then(|face| advance(face, face.glyph_index(letter)?));
        known.unwrap_or_else(|| {
            let columns = letter.encode_utf8(&mut [0; 4]).width();
            0.6 * f64::from(u8::try_from(columns).unwrap_or(2))
        })
    };
    text.chars().map(letter).sum::<f64>() * size
}

/// How far the next letter is, for a size of one.
pub(super) fn advance(face: &Face<'_>, glyph: GlyphId) -> Option<f64> {
    Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
}

/// The widest letters that browsers set words in are as much wider.
const SLACK: f64 = 1.07;

/// As much of it as fits, with `…` where some is left out.
pub(super) fn cut(text: &str, size: f64, room: f64) -> String {
    let room = room / SLACK;
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while !kept.is_empty() && width(&kept, size) + width("…", size) > room {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// The widest of some words.
pub(super) fn widest<'t>(texts: impl IntoIterator<Item = &'t str>, size: f64) -> f64 {
    texts.into_iter().map(|text| width(text, size)).fold(0.0, f64::max) * SLACK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_their_widths() {
        assert!(face().is_some());
        assert!(width("iiii", 12.0) < width("mmmm", 12.0) / 2.0);
        assert!((width("ab", 24.0) - 2.0 * width("ab", 12.0)).abs() < 1e-9);
        for letter in "Māori, “naïve” – ½ … ≥ 50 %, Łódź".chars().filter(|letter| *letter != ' ') {
            assert!(face().unwrap().glyph_index(letter).is_some(), "{letter}");
        }
        // Not of the font: two columns.
        assert!((width("株", 10.0) - 12.0).abs() < 1e-9);
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        assert_eq!(cut("LeadGeneration", 12.0, 200.0), "LeadGeneration");
        let cut = cut("LeadGeneration", 12.0, 60.0);
        assert!(cut.starts_with("LeadG") && cut.ends_with('…') && width(&cut, 12.0) <= 60.0, "{cut}");
    }
}
