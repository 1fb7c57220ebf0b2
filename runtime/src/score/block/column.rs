//! A column of sixty-four numbers or sets of bits, kept as narrow as they allow: what is read from memory counts more than
//! what is done with it.

use language::SCALE;

use crate::score::plan::{RangeTest, SetTest};

/// Numbers in millionths, or as wholes where all are whole; or bits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// Whole numbers.
    Short(Box<[i16; 64]>),
    /// Whole numbers.
    Middle(Box<[i32; 64]>),
    /// Millionths.
    Long(Box<[i64; 64]>),
    /// Bits, of sixteen.
    FewBits(Box<[u16; 64]>),
    /// Bits.
    Bits(Box<[u64; 64]>),
}

impl Column {
    pub(super) fn of_numbers(numbers: [i64; 64]) -> Self {
        let whole = numbers.iter().all(|number| number % SCALE == 0);
        if !whole {
            return Self::Long(numbers.into());
        }
        let wholes = numbers.map(|number| number / SCALE);
        if let Some(short) = narrowed(&wholes, |whole| i16::try_from(whole).ok()) {
            return Self::Short(short);
        }
        narrowed(&wholes, |whole| i32::try_from(whole).ok()).map_or_else(|| Self::Long(numbers.into()), Self::Middle)
    }

    pub(super) fn of_bits(bits: [i64; 64]) -> Self {
        narrowed(&bits, |bits| u16::try_from(bits).ok())
            .map_or_else(|| Self::Bits(bits.map(i64::cast_unsigned).into()), Self::FewBits)
    }

    /// The lanes that lie in a range.
    #[inline]
    pub(super) fn in_range(&self, test: &RangeTest) -> u64 {
        match self {
            Self::Short(wholes) => {
                let (low, high) = test.wholes();
                let (Ok(low), Ok(high)) = (i16::try_from(low.max(-32_768)), i16::try_from(high.min(32_767))) else {
                    return 0;
                };
                super::pick(wholes, |whole| (whole >= low) & (whole <= high))
            }
            Self::Middle(wholes) => {
                let (low, high) = test.wholes();
                super::pick(wholes, |whole| (whole >= low) & (whole <= high))
            }
            Self::Long(numbers) => super::pick(numbers, |number| test.holds(number)),
            Self::FewBits(_) | Self::Bits(_) => 0,
        }
    }

    /// The lanes that have any, or all, of some bits.
    #[inline]
    pub(super) fn has(&self, test: &SetTest) -> u64 {
        match self {
            Self::FewBits(bits) => {
                #[expect(clippy::cast_possible_truncation, reason = "the bits above are not in the column")]
                let few = test.mask as u16;
                match test.all {
                    true if u64::from(few) != test.mask => 0,
                    true => super::pick(bits, |bits| bits & few == few),
                    false => super::pick(bits, |bits| bits & few != 0),
                }
            }
            Self::Bits(bits) => super::pick(bits, |bits| test.holds(bits)),
            Self::Short(_) | Self::Middle(_) | Self::Long(_) => 0,
        }
    }

    pub(super) fn numbers(&self) -> [i64; 64] {
        match self {
            Self::Short(wholes) => wholes.map(|whole| i64::from(whole) * SCALE),
            Self::Middle(wholes) => wholes.map(|whole| i64::from(whole) * SCALE),
            Self::Long(numbers) => **numbers,
            Self::FewBits(bits) => bits.map(i64::from),
            Self::Bits(bits) => bits.map(u64::cast_signed),
        }
    }

    pub(super) fn number(&self, lane: usize) -> i64 {
        let number = match self {
            Self::Short(wholes) => wholes.get(lane).map(|&whole| i64::from(whole) * SCALE),
            Self::Middle(wholes) => wholes.get(lane).map(|&whole| i64::from(whole) * SCALE),
            Self::Long(numbers) => numbers.get(lane).copied(),
            Self::FewBits(bits) => bits.get(lane).map(|&bits| i64::from(bits)),
            Self::Bits(bits) => bits.get(lane).map(|bits| bits.cast_signed()),
        };
        number.unwrap_or_default()
    }
}

fn narrowed<T: Copy + Default>(numbers: &[i64; 64], narrow: impl Fn(i64) -> Option<T>) -> Option<Box<[T; 64]>> {
    let mut column = Box::new([T::default(); 64]);
    for (place, &number) in column.iter_mut().zip(numbers) {
        *place = narrow(number)?;
    }
    Some(column)
}

/// Sixty-four noughts and ones as bits.
#[inline]
pub(super) fn pack(holds: &[u8; 64]) -> u64 {
    let mut word = 0;
    for (place, eight) in holds.as_chunks::<8>().0.iter().enumerate() {
        // The product brings the lowest bit of each byte to the highest byte, in order.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word |= bits << (8 * place);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_the_order_of_lanes() {
        let mut holds = [0; 64];
        for lane in [0, 3, 8, 17, 40, 63] {
            holds[lane] = 1;
        }
        assert_eq!(pack(&holds), 1 | 1 << 3 | 1 << 8 | 1 << 17 | 1 << 40 | 1 << 63);
        assert_eq!(pack(&[1; 64]), !0);
    }

    #[test]
    fn ranges_mean_the_same_however_narrow_the_column() {
        let bounds =
            [i64::MIN, -40_000 * SCALE, -5 * SCALE, -1, 0, 1, 5 * SCALE, 5 * SCALE + 1, 40_000 * SCALE, i64::MAX];
        let values = [-40_000, -6, -5, -1, 0, 1, 5, 6, 32_767, 40_000, 3_000_000_000_i64];
        for most in [7, 9, 10, 11] {
            let mut numbers = [0; 64];
            values.iter().take(most).enumerate().for_each(|(lane, value)| numbers[lane] = value * SCALE);
            let column = Column::of_numbers(numbers);
            assert_eq!(column.numbers(), numbers);
            for low in bounds {
                for high in bounds.into_iter().filter(|high| *high >= low) {
                    let test = RangeTest::new(0, 0, low, high.abs_diff(low));
                    let expected = numbers
                        .iter()
                        .enumerate()
                        .fold(0, |word, (lane, &number)| word | u64::from(number >= low && number <= high) << lane);
                    assert_eq!(column.in_range(&test), expected, "from {low} to {high} in {column:?}");
                }
            }
        }
    }
}
