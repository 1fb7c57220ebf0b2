//! Which colours paints are, in light and in dark: told apart by the colour-blind too (M. Okabe and K. Ito, "Color Universal Design", 2008;
//! darker on white and lighter on black than theirs, so that lines have a contrast of 3 to 1 and words of 4.5).

use super::mark::Paint;

/// The colours of figures, for a page that has them within.
pub const STYLE: &str = include_str!("style.css");

/// By series, on white; more series begin again, told apart by their dashes and names.
const SERIES: [[u8; 3]; 4] = [[0, 96, 160], [184, 78, 0], [0, 122, 88], [150, 76, 124]];

/// How many series have a colour of their own.
pub(super) const COLOURS: usize = SERIES.len();

/// Red, green, blue and opacity, on white.
pub(super) fn on_white(paint: Paint) -> [u8; 4] {
    let [red, green, blue] = match paint {
        Paint::Paper => [255, 255, 255],
        Paint::Grid => [228, 226, 220],
        Paint::Axis => [120, 124, 130],
        Paint::Ink => [32, 36, 42],
        Paint::Soft => [84, 90, 98],
        Paint::Series(of) | Paint::Dashed(of) | Paint::Band(of) | Paint::Hollow(of) => {
            SERIES.get(of % COLOURS).copied().unwrap_or_default()
        }
    };
    [red, green, blue, if matches!(paint, Paint::Band(_)) { 51 } else { 255 }]
}

/// Which gaps the line of a series has: two of the same colour have others.
pub(super) const fn dashes(of: usize) -> usize {
    (of % COLOURS + of / COLOURS) % COLOURS
}

/// Lines and gaps, one after the other; none of a whole line.
pub(super) const fn gaps(of: usize) -> &'static [f32] {
    match dashes(of) {
        0 => &[],
        1 => &[7.0, 4.0],
        2 => &[2.0, 4.0],
        _ => &[10.0, 4.0, 2.0, 4.0],
    }
}

/// The classes of a mark in SVG.
pub(super) fn classes(paint: Paint) -> String {
    match paint {
        Paint::Paper => "f-paper".to_owned(),
        Paint::Grid => "f-grid".to_owned(),
        Paint::Axis => "f-axis".to_owned(),
        Paint::Ink => "f-ink".to_owned(),
        Paint::Soft => "f-soft".to_owned(),
        Paint::Series(of) => format!("f-{}", of % COLOURS),
        Paint::Dashed(of) => format!("f-{} f-dashed-{}", of % COLOURS, dashes(of)),
        Paint::Band(of) => format!("f-{} f-band", of % COLOURS),
        Paint::Hollow(of) => format!("f-{} f-hollow", of % COLOURS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance([red, green, blue]: [u8; 3]) -> f64 {
        let part = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.0722_f64.mul_add(part(blue), 0.2126_f64.mul_add(part(red), 0.7152 * part(green)))
    }

    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn colour(hex: &str) -> [u8; 3] {
        let all = u32::from_str_radix(hex, 16).unwrap();
        let [_, red, green, blue] = all.to_be_bytes();
        [red, green, blue]
    }

    #[test]
    fn lines_and_words_are_seen_on_both_grounds_and_pictures_have_the_same_colours() {
        let (light, dark) = STYLE.split_once("@media").unwrap();
        for (text, ground) in [(light, [252, 251, 248]), (dark, [21, 23, 26])] {
            for class in ["f-0", "f-1", "f-2", "f-3", "f-ink", "f-soft"] {
                let line = text.lines().find(|line| line.trim_start().starts_with(&format!(".{class} {{"))).unwrap();
                let (_, hex) = line.split_once('#').unwrap();
                let colour = colour(hex.split(';').next().unwrap());
                assert!(contrast(colour, ground) >= 4.5, "{class}: {}", contrast(colour, ground));
                let paint = match class {
                    "f-ink" => Paint::Ink,
                    "f-soft" => Paint::Soft,
                    series => Paint::Series(series.trim_start_matches("f-").parse().unwrap()),
                };
                if ground[0] > 200 {
                    assert_eq!(on_white(paint)[..3], colour, "{class}");
                }
            }
        }
    }
}
