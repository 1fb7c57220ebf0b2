//! The chain of hashes: over which bytes each goes. It knows no database.
//!
//! A hash is the blake3 of 111 bytes of fixed width, numbers with the least byte first, and then the two texts:
//!
//! ```text
//! 32  the hash before; zeros for the first entry
//!  8  number
//!  8  at, in microseconds from 1970-01-01 UTC
//!  1  whether the clock had been set back, and  8  what it said, or 0
//!  1  whether it belongs to a case,  4  the length of the entity's name in bytes, or 0, and  8  the record, or 0
//!  8  the length of the entry's JSON in bytes
//!  1  whether something is sealed, and  32  the seal's hash, or zeros
//!     the entity's name
//!     the entry's JSON as it is stored
//! ```
//!
//! As every length stands before the texts, no two entries have the same bytes. A seal's hash is the blake3 of 32 bytes of salt
//! and the body's bytes.

/// A blake3 hash.
pub(super) type Hash = [u8; 32];

/// What stands before the first entry.
pub(super) const BEFORE_ALL: Hash = [0; 32];

/// What a hash is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'a> {
    pub(super) previous: &'a Hash,
    pub(super) number: i64,
    pub(super) at: i64,
    pub(super) clock: Option<i64>,
    pub(super) case: Option<(&'a str, i64)>,
    pub(super) entry: &'a [u8],
    pub(super) seal: Option<&'a Hash>,
}

impl Link<'_> {
    /// The hash; the buffer is only there to be used again.
    pub(super) fn hash(&self, buffer: &mut Vec<u8>) -> Hash {
        let (entity, record) = self.case.unwrap_or(("", 0));
        buffer.clear();
        buffer.extend_from_slice(self.previous);
        buffer.extend_from_slice(&self.number.to_le_bytes());
        buffer.extend_from_slice(&self.at.to_le_bytes());
        buffer.push(u8::from(self.clock.is_some()));
        buffer.extend_from_slice(&self.clock.unwrap_or(0).to_le_bytes());
        buffer.push(u8::from(self.case.is_some()));
        buffer.extend_from_slice(&u32::try_from(entity.len()).unwrap_or(u32::MAX).to_le_bytes());
        buffer.extend_from_slice(&record.to_le_bytes());
        buffer.extend_from_slice(&(self.entry.len() as u64).to_le_bytes());
        buffer.push(u8::from(self.seal.is_some()));
        buffer.extend_from_slice(self.seal.unwrap_or(&BEFORE_ALL));
        buffer.extend_from_slice(entity.as_bytes());
        buffer.extend_from_slice(self.entry);
        *blake3::hash(buffer).as_bytes()
    }
}

/// The hash of what is sealed.
pub(super) fn seal(salt: &Hash, body: &str) -> Hash {
    *blake3::Hasher::new().update(salt).update(body.as_bytes()).finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: Link<'_> =
        Link { previous: &BEFORE_ALL, number: 1, at: 2, clock: None, case: None, entry: b"{}", seal: None };

    #[test]
    fn whatever_differs_gives_another_hash() {
        let (one, seal) = ([1; 32], [2; 32]);
        let links = [
            LINK,
            Link { previous: &one, ..LINK },
            Link { number: 2, ..LINK },
            Link { at: 3, ..LINK },
            Link { clock: Some(0), ..LINK },
            Link { case: Some(("", 0)), ..LINK },
            Link { case: Some(("Deal", 0)), ..LINK },
            Link { case: Some(("Deal{", 0)), entry: b"}", ..LINK },
            Link { case: Some(("Deal", 1)), ..LINK },
            Link { entry: b"{ }", ..LINK },
            Link { seal: Some(&BEFORE_ALL), ..LINK },
            Link { seal: Some(&seal), ..LINK },
        ];
        let mut buffer = Vec::new();
        let mut hashes: Vec<Hash> = links.iter().map(|link| link.hash(&mut buffer)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), links.len());
    }

    #[test]
    fn the_encoding_is_the_one_described() {
        let mut buffer = Vec::new();
        let link = Link { clock: Some(1), case: Some(("Contact", 7)), seal: Some(&[9; 32]), ..LINK };
        link.hash(&mut buffer);
        let mut wanted = vec![0; 32];
        wanted.extend([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
        wanted.extend([1, 1, 0, 0, 0, 0, 0, 0, 0]);
        wanted.extend([1, 7, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
        wanted.extend([2, 0, 0, 0, 0, 0, 0, 0, 1]);
        wanted.extend([9; 32]);
        assert_eq!(wanted.len(), 111);
        wanted.extend(b"Contact{}");
        assert_eq!(buffer, wanted);
    }
}
