//! Two clients and what they share, which most tests look at: the files under `world/`.

use super::Memory;

pub(crate) const HILL: &str = "/clients/hill/hill.playbook";
pub(crate) const WORK: &str = "/clients/hill/work.playbook";
pub(crate) const RIVER: &str = "/clients/river/river.playbook";
pub(crate) const WORDS: &str = "/clients/shared/words.playbook";

/// A disk with them.
pub(crate) fn world() -> Memory {
    let disk = Memory::default();
    disk.put(HILL, include_str!("../world/hill/hill.playbook"));
    disk.put(WORK, include_str!("../world/hill/work.playbook"));
    disk.put(RIVER, include_str!("../world/river/river.playbook"));
    disk.put(WORDS, include_str!("../world/shared/words.playbook"));
    disk
}
