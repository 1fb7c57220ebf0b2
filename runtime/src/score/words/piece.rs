//! Words that are written once and appended often.

/// Words, padded to a length that the compiler knows: appending copies the padding along and takes it off again, which is a few
/// instructions where a copy of any length is a call. Most of a ledger is made of such words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::score) struct Piece {
    padded: Box<str>,
    length: usize,
}

impl<S: Into<String>> From<S> for Piece {
    fn from(words: S) -> Self {
        let mut padded: String = words.into();
        let length = padded.len();
        let known = [32, 64].into_iter().find(|known| length <= *known).unwrap_or(length);
        padded.extend(std::iter::repeat_n(' ', known - length));
        Self { padded: padded.into(), length }
    }
}

impl Piece {
    pub(in crate::score) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    #[inline(always)]
    pub(in crate::score) fn push(&self, out: &mut String) {
        let end = out.len() + self.length;
        // In each arm the length is a constant.
        match self.padded.len() {
            32 => out.push_str(&self.padded),
            64 => out.push_str(&self.padded),
            _ => return out.push_str(&self.padded),
        }
        out.truncate(end);
    }
}

/// The numbers from 0 to 999, each padded to four places.
static NUMBERS: [u8; 4000] = numbers();

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling, where a place outside does not compile")]
const fn numbers() -> [u8; 4000] {
    let mut all = [b' '; 4000];
    let mut number = 0;
    while number < 1000 {
        let (mut at, mut unit) = (4 * number, 100);
        while unit > 0 {
            if number >= unit || unit == 1 {
                all[at] = b'0' + (number / unit % 10) as u8;
                at += 1;
            }
            unit /= 10;
        }
        number += 1;
    }
    all
}

const NUMBER_WORDS: &str = match std::str::from_utf8(&NUMBERS) {
    Ok(words) => words,
    Err(_) => "",
};

/// A number below 1000.
#[inline]
pub(super) fn push_small(out: &mut String, number: u64) {
    let at = 4 * number as usize;
    if let Some(words) = NUMBER_WORDS.get(at..at + 4) {
        let end = out.len() + 1 + usize::from(number >= 10) + usize::from(number >= 100);
        out.push_str(words);
        out.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_what_was_written_whatever_their_length() {
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200] {
            let words = "ü€x".chars().cycle().take(length).collect::<String>();
            let mut out = "before ".to_owned();
            Piece::from(words.as_str()).push(&mut out);
            Piece::from(words.as_str()).push(&mut out);
            assert_eq!(out, format!("before {words}{words}"));
        }
    }

    #[test]
    fn small_numbers_are_what_they_are() {
        for number in 0..1000 {
            let mut out = "no ".to_owned();
            push_small(&mut out, number);
            assert_eq!(out, format!("no {number}"));
        }
    }
}
