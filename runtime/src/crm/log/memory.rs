//! The cases that a connection wrote last, so that whoever goes on with one need not read it again. It knows no SQL, and never says
//! by itself whether it is still right: the group asks, once it is the only one that writes.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Standing;
use crate::engine::RecordRef;

/// So many cases make a half of it.
const HALF: usize = 2_048;

/// Cases as they stand in the file, as long as nobody else has written to it.
#[derive(Debug, Default)]
pub(in crate::crm) struct Memory(RefCell<Halves>);

/// Two halves, of which the elder is forgotten as a whole once the younger is full: what is used stays, and the room is bounded.
#[derive(Debug, Default)]
struct Halves {
    /// What the connection said last of other connections' doings.
    version: Option<i64>,
    younger: HashMap<RecordRef, Standing>,
    elder: HashMap<RecordRef, Standing>,
}

impl Memory {
    /// Forgets everything where the file is at another version than it was.
    pub(super) fn is_at(&self, version: i64) {
        let mut halves = self.0.borrow_mut();
        if halves.version != Some(version) {
            *halves = Halves { version: Some(version), ..Halves::default() };
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        self.0.take();
    }

    /// The case, which has to be put back by whoever leaves it as it is.
    pub(super) fn take(&self, record: &RecordRef) -> Option<Standing> {
        let mut halves = self.0.borrow_mut();
        halves.younger.remove(record).or_else(|| halves.elder.remove(record))
    }

    /// The case as the file has it.
    pub(super) fn put(&self, standing: Standing) {
        let mut halves = self.0.borrow_mut();
        if halves.younger.len() >= HALF {
            halves.elder = std::mem::take(&mut halves.younger);
        }
        let record = standing.case.record.clone();
        halves.elder.remove(&record);
        halves.younger.insert(record, standing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Case;

    fn standing(id: i64, revision: i64) -> Standing {
        let record = RecordRef { entity: "Contact".into(), id };
        Standing { case: Case::new(record), revision, wake: None }
    }

    #[test]
    fn it_has_bounds_and_keeps_what_is_used() {
        let memory = Memory::default();
        let busy = standing(-1, 1);
        for id in 0..10 * HALF as i64 {
            memory.put(standing(id, 1));
            let kept = memory.take(&busy.case.record);
            assert_eq!(kept.is_some(), id > 0);
            memory.put(busy.clone());
        }
        let halves = memory.0.borrow();
        assert!(halves.younger.len() + halves.elder.len() <= 2 * HALF);
        assert!(halves.elder.len() >= HALF - 1);
    }

    #[test]
    fn the_last_word_on_a_case_is_the_one_that_it_has() {
        let memory = Memory::default();
        memory.put(standing(7, 1));
        for id in 100..100 + HALF as i64 {
            memory.put(standing(id, 1));
        }
        memory.put(standing(7, 2));
        let record = standing(7, 0).case.record;
        assert_eq!(memory.take(&record), Some(standing(7, 2)));
        assert_eq!(memory.take(&record), None);
    }

    #[test]
    fn of_another_version_it_knows_nothing() {
        let memory = Memory::default();
        memory.is_at(4);
        memory.put(standing(1, 1));
        memory.is_at(4);
        assert_eq!(memory.take(&standing(1, 0).case.record), Some(standing(1, 1)));
        memory.put(standing(1, 1));
        memory.is_at(5);
        assert_eq!(memory.take(&standing(1, 0).case.record), None);
    }
}
