//! What is the same in two texts: so much of their starts, and so much of their ends.

/// An edit, by what it left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// So many bytes at the start are the same.
    pub(crate) same_start: u32,
    /// The byte of the new text from which on nothing has changed.
    pub(crate) same_end: u32,
    /// How far behind its old place that end stands now.
    pub(crate) by: i32,
}

/// Which tokens of a text are other ones than before an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relexed {
    /// So many at the start are the same.
    pub(crate) from: u32,
    /// From this one on they are the same; it ends a line.
    pub(crate) to: u32,
    /// How many more tokens there are before that than there were.
    pub(crate) by: i32,
}

impl Edit {
    /// None for texts that are too large to be read.
    pub(crate) fn between(before: &str, after: &str) -> Option<Self> {
        let largest = before.len().max(after.len());
        if largest > crate::parsed::LARGEST {
            return None;
        }
        let (before, after) = (before.as_bytes(), after.as_bytes());
        let start = same_start(before, after);
        let end = same_end(before.get(start..)?, after.get(start..)?);
        let length = |text: &[u8]| i32::try_from(text.len()).ok();
        Some(Self {
            same_start: u32::try_from(start).ok()?,
            same_end: u32::try_from(after.len() - end).ok()?,
            by: length(after)? - length(before)?,
        })
    }

    /// Where a byte behind the edit stood before it.
    pub(crate) const fn before(&self, byte: u32) -> u32 {
        byte.saturating_add_signed(-self.by)
    }
}

/// So many bytes are compared at once.
const AT_ONCE: usize = 512;

fn same_start(left: &[u8], right: &[u8]) -> usize {
    let pieces = left.chunks_exact(AT_ONCE).zip(right.chunks_exact(AT_ONCE));
    let known = pieces.take_while(|(left, right)| left == right).count() * AT_ONCE;
    let rest = left.iter().skip(known).zip(right.iter().skip(known));
    known + rest.take_while(|(left, right)| left == right).count()
}

fn same_end(left: &[u8], right: &[u8]) -> usize {
    let pieces = left.rchunks_exact(AT_ONCE).zip(right.rchunks_exact(AT_ONCE));
    let known = pieces.take_while(|(left, right)| left == right).count() * AT_ONCE;
    let rest = left.iter().rev().skip(known).zip(right.iter().rev().skip(known));
    known + rest.take_while(|(left, right)| left == right).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_put_in_twice_is_found_once() {
        let edit = Edit::between("ab", "abab").unwrap();
        assert_eq!(edit, Edit { same_start: 2, same_end: 4, by: 2 });
        assert_eq!(edit.before(4), 2);
    }

    proptest! {
        #[test]
        fn all_but_the_edit_is_the_same(
            start in "[ab]{0,1200}", (before, after) in ("[ab]{0,3}", "[ab]{0,3}"), end in "[ab]{0,1200}",
        ) {
            let (before, after) = (format!("{start}{before}{end}"), format!("{start}{after}{end}"));
            let edit = Edit::between(&before, &after).unwrap();
            let (from, to) = (edit.same_start as usize, edit.same_end as usize);
            prop_assert_eq!(before.get(..from).unwrap(), after.get(..from).unwrap());
            prop_assert_eq!(before.get(edit.before(edit.same_end) as usize..).unwrap(), after.get(to..).unwrap());
            prop_assert!(from >= start.len() && from <= to && after.len() - to + from >= start.len().min(before.len()));
        }
    }
}
