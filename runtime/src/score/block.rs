//! Facts made ready: what rules read, as integers and bits, for one record or for sixty-four side by side.

mod column;

use super::plan::{CodeTest, RangeTest, SetTest};
use column::{Column, pack};

/// How many of each kind of cell a record has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Whole numbers: millionths, instants in microseconds, counts, hundredths of points.
    pub(super) numbers: usize,
    /// Texts and words, as places in a dictionary of the constants that the playbook compares with; 0 is any other.
    pub(super) codes: usize,
    /// Lists, as bits of such a dictionary.
    pub(super) sets: usize,
    /// Yes/no.
    pub(super) flags: usize,
    /// What may be missing.
    pub(super) known: usize,
}

/// Cells as the evaluator sees them, a word of lanes at a time.
pub(super) trait Cells<const L: usize> {
    /// The lanes in which a number lies in a range.
    fn in_range(&self, test: &RangeTest) -> u64;
    /// The lanes in which a text is one of some words.
    fn is_one_of(&self, test: &CodeTest) -> u64;
    /// The lanes in which a list has any, or all, of some words.
    fn has(&self, test: &SetTest) -> u64;
    /// The lanes in which a number passes.
    fn pick_numbers(&self, cell: u32, test: impl Fn(i64) -> bool) -> u64 {
        let numbers = self.numbers(cell);
        pick(&numbers, test)
    }
    /// A text's code in every lane.
    fn codes(&self, cell: u32) -> [u16; L];
    /// A number in every lane.
    fn numbers(&self, cell: u32) -> [i64; L];
    /// A number in one lane.
    fn number_in(&self, cell: u32, lane: usize) -> i64;
    /// The lanes in which a flag is set.
    fn flags(&self, cell: u32) -> u64;
    /// The lanes in which something is known.
    fn knows(&self, cell: u32) -> u64;
}

/// A word with the lanes in which the test holds.
#[inline]
pub(super) fn pick<const L: usize, T: Copy>(values: &[T; L], test: impl Fn(T) -> bool) -> u64 {
    if L == 64 {
        let mut holds = [0; 64];
        for (holds, &value) in holds.iter_mut().zip(values) {
            *holds = u8::from(test(value));
        }
        return pack(&holds);
    }
    let mut word = 0;
    for (lane, &value) in values.iter().enumerate() {
        word |= u64::from(test(value)) << lane;
    }
    word
}

/// Cells that a record keeps where it lies; more are kept elsewhere. Records are looked at in long rows of them.
const KEPT: usize = 32;

/// One record: numbers, sets, codes, then flags and known as bits.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    kept: [u64; KEPT],
    others: Box<[u64]>,
    sets: u32,
    codes: u32,
    flags: u32,
    known: u32,
}

impl Record {
    pub(super) fn new(shape: Shape) -> Self {
        let sets = shape.numbers;
        let codes = sets + shape.sets;
        let flags = codes + shape.codes;
        let known = flags + shape.flags.div_ceil(64);
        let words = known + shape.known.div_ceil(64);
        let place = |words: usize| u32::try_from(words).unwrap_or(u32::MAX);
        Self {
            kept: [0; KEPT],
            others: if words > KEPT { vec![0; words].into() } else { Box::default() },
            sets: place(sets),
            codes: place(codes),
            flags: place(flags),
            known: place(known),
        }
    }

    /// Takes another over, in its own memory where that is large enough.
    pub(super) fn copy_from(&mut self, other: &Self) {
        if self.others.len() == other.others.len() {
            self.kept = other.kept;
            self.others.copy_from_slice(&other.others);
            (self.sets, self.codes) = (other.sets, other.codes);
            (self.flags, self.known) = (other.flags, other.known);
        } else {
            *self = other.clone();
        }
    }

    #[inline]
    fn words(&self) -> &[u64] {
        if self.others.is_empty() { &self.kept } else { &self.others }
    }

    #[inline]
    fn word(&self, from: u32, cell: u32) -> u64 {
        self.words().get((from + cell) as usize).copied().unwrap_or_default()
    }

    fn set_at(&mut self, from: u32, cell: u32, value: u64) {
        let words = if self.others.is_empty() { self.kept.as_mut_slice() } else { &mut self.others };
        if let Some(word) = words.get_mut((from + cell) as usize) {
            *word = value;
        }
    }

    fn set_bit(&mut self, from: u32, bit: u32, value: bool) {
        let word = self.word(from, bit / 64) & !(1 << (bit % 64));
        self.set_at(from, bit / 64, word | u64::from(value) << (bit % 64));
    }

    pub(super) fn set_number(&mut self, cell: u32, value: i64) {
        self.set_at(0, cell, value.cast_unsigned());
    }

    pub(super) fn set_code(&mut self, cell: u32, value: u16) {
        self.set_at(self.codes, cell, u64::from(value));
    }

    pub(super) fn set_set(&mut self, cell: u32, value: u64) {
        self.set_at(self.sets, cell, value);
    }

    pub(super) fn set_flag(&mut self, cell: u32, value: bool) {
        self.set_bit(self.flags, cell, value);
    }

    pub(super) fn set_known(&mut self, cell: u32, value: bool) {
        self.set_bit(self.known, cell, value);
    }

    #[inline]
    pub(super) fn number(&self, cell: u32) -> i64 {
        self.word(0, cell).cast_signed()
    }

    #[inline]
    pub(super) fn set(&self, cell: u32) -> u64 {
        self.word(self.sets, cell)
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "only codes of 16 bits are put there")]
    pub(super) fn code(&self, cell: u32) -> u16 {
        self.word(self.codes, cell) as u16
    }

    pub(super) fn flag(&self, cell: u32) -> bool {
        self.flags(cell) == 1
    }

    pub(super) fn is_known(&self, cell: u32) -> bool {
        self.knows(cell) == 1
    }
}

impl Cells<1> for Record {
    #[inline]
    fn in_range(&self, test: &RangeTest) -> u64 {
        u64::from(test.holds(self.number(test.number)))
    }

    #[inline]
    fn is_one_of(&self, test: &CodeTest) -> u64 {
        u64::from(test.holds(self.code(test.code)))
    }

    #[inline]
    fn has(&self, test: &SetTest) -> u64 {
        u64::from(test.holds(self.set(test.set)))
    }

    #[inline]
    fn codes(&self, cell: u32) -> [u16; 1] {
        [self.code(cell)]
    }

    #[inline]
    fn numbers(&self, cell: u32) -> [i64; 1] {
        [self.number(cell)]
    }

    #[inline]
    fn number_in(&self, cell: u32, _: usize) -> i64 {
        self.number(cell)
    }

    #[inline]
    fn flags(&self, cell: u32) -> u64 {
        self.word(self.flags, cell / 64) >> (cell % 64) & 1
    }

    #[inline]
    fn knows(&self, cell: u32) -> u64 {
        self.word(self.known, cell / 64) >> (cell % 64) & 1
    }
}

/// Sixty-four records in columns, each as narrow as its numbers allow; flags and known are a word of lanes a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    numbers: Box<[Column]>,
    codes: Box<[[u16; 64]]>,
    sets: Box<[Column]>,
    flags: Box<[u64]>,
    known: Box<[u64]>,
}

impl Block {
    /// Up to sixty-four records of one shape.
    pub(super) fn new(shape: Shape, records: &[Record]) -> Self {
        let cells = |count: usize| 0..u32::try_from(count).unwrap_or(u32::MAX);
        let numbers = |cell: u32| {
            let mut column = [0; 64];
            column.iter_mut().zip(records).for_each(|(place, record)| *place = record.number(cell));
            Column::of_numbers(column)
        };
        let codes = |cell: u32| {
            let mut column = [0; 64];
            column.iter_mut().zip(records).for_each(|(place, record)| *place = record.code(cell));
            column
        };
        let sets = |cell: u32| {
            let mut column = [0; 64];
            column.iter_mut().zip(records).for_each(|(place, record)| *place = record.set(cell).cast_signed());
            Column::of_bits(column)
        };
        let lanes = |bit: &dyn Fn(&Record) -> u64| {
            records.iter().zip(0..64).fold(0, |word, (record, lane)| word | bit(record) << lane)
        };
        Self {
            numbers: cells(shape.numbers).map(numbers).collect(),
            codes: cells(shape.codes).map(codes).collect(),
            sets: cells(shape.sets).map(sets).collect(),
            flags: cells(shape.flags).map(|cell| lanes(&|record| record.flags(cell))).collect(),
            known: cells(shape.known).map(|cell| lanes(&|record| record.knows(cell))).collect(),
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "all cells in a plan were handed out by the linker, for blocks of its shape"
)]
impl Cells<64> for Block {
    #[inline]
    fn in_range(&self, test: &RangeTest) -> u64 {
        self.numbers[test.number as usize].in_range(test)
    }

    #[inline]
    fn is_one_of(&self, test: &CodeTest) -> u64 {
        let codes = &self.codes[test.code as usize];
        if test.mask.count_ones() > 8 {
            return pick(codes, |code| test.holds(code));
        }
        // Each word compared by itself is sixteen lanes an instruction.
        let mut holds = [0_u16; 64];
        for word in super::evaluate::ones(test.mask) {
            for (holds, &code) in holds.iter_mut().zip(codes) {
                *holds |= u16::from(usize::from(code) == word);
            }
        }
        pick(&holds, |holds| holds != 0)
    }

    #[inline]
    fn has(&self, test: &SetTest) -> u64 {
        self.sets[test.set as usize].has(test)
    }

    #[inline]
    fn codes(&self, cell: u32) -> [u16; 64] {
        self.codes[cell as usize]
    }

    #[inline]
    fn numbers(&self, cell: u32) -> [i64; 64] {
        self.numbers[cell as usize].numbers()
    }

    #[inline]
    fn number_in(&self, cell: u32, lane: usize) -> i64 {
        self.numbers[cell as usize].number(lane)
    }

    #[inline]
    fn flags(&self, cell: u32) -> u64 {
        self.flags[cell as usize]
    }

    #[inline]
    fn knows(&self, cell: u32) -> u64 {
        self.known[cell as usize]
    }
}
