//! What agents say in confidence, kept sealed: the address that is told of a task wants its secrets back after a restart, when nobody is
//! there who could say them again. The key is in a file of its own, which only the service's user reads; `service.db` alone gives none away.

use std::fmt;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::surroundings::Surroundings;

/// Something nobody may read but the address that it is for. Whatever shows it shows that it is there.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) const fn new(text: String) -> Self {
        Self(text)
    }

    /// For the request that carries it, and for nothing else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Why something cannot be sealed. It says nothing of what it was.
#[derive(Debug, thiserror::Error)]
pub(super) enum SealError {
    #[error("the key of what is kept sealed cannot be read or made ({})", .0.kind())]
    Key(#[from] std::io::Error),
    #[error("it was sealed by another key, or for another place")]
    Broken,
}

/// A client's key.
pub(super) struct Sealer(LessSafeKey);

impl Sealer {
    /// By the key of a file, which is made where it is not there.
    ///
    /// # Errors
    /// Where it cannot be read or made.
    pub(super) fn of(path: &Path, surroundings: &Surroundings) -> Result<Self, SealError> {
        let mut key = [0; 32];
        match std::fs::File::open(path) {
            Ok(mut file) => file.read_exact(&mut key)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                key = surroundings.drawn()?;
                create(path, &key)?;
            }
            Err(error) => return Err(error.into()),
        }
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| SealError::Broken)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a text for a place: nowhere else it can be opened.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub(super) fn seal(&self, text: &str, place: &str, surroundings: &Surroundings) -> Result<Vec<u8>, SealError> {
        let drawn = surroundings.drawn()?;
        let nonce: [u8; NONCE_LEN] = *drawn.first_chunk().ok_or(SealError::Broken)?;
        let mut bytes = text.as_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut bytes)
            .map_err(|_| SealError::Broken)?;
        bytes.splice(0..0, nonce);
        Ok(bytes)
    }

    /// Opens what was sealed for a place.
    ///
    /// # Errors
    /// Where it was sealed by another key, or for another place.
    pub(super) fn open(&self, sealed: &[u8], place: &str) -> Result<String, SealError> {
        let (nonce, bytes) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Broken)?;
        let mut bytes = bytes.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, Aad::from(place), &mut bytes).map_err(|_| SealError::Broken)?;
        String::from_utf8(opened.to_vec()).map_err(|_| SealError::Broken)
    }
}

/// Writes the key under another name first: whoever finds the file finds all of it, and what a process left behind is in nobody's way.
fn create(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let half = path.with_extension("db-key-new");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    file.write_all(key)?;
    file.sync_all()?;
    std::fs::rename(&half, path)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    fn around() -> Surroundings {
        let last = AtomicU8::new(0);
        Surroundings {
            clock: Arc::new(jiff::Timestamp::default),
            environment: Arc::new(|_| None),
            entropy: Arc::new(move |bytes: &mut [u8]| {
                bytes.fill(last.fetch_add(1, Ordering::Relaxed));
                Ok(())
            }),
        }
    }

    #[test]
    fn what_is_sealed_is_opened_where_it_belongs_and_nowhere_else() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, around) = (tempfile::tempdir().unwrap(), around());
        let path = folder.path().join("service.db-key");
        let sealer = Sealer::of(&path, &around).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let sealed = sealer.seal("hush", "here", &around).unwrap();
        assert_ne!(sealed, sealer.seal("hush", "here", &around).unwrap());
        assert!(!sealed.windows(4).any(|four| four == b"hush"));
        let again = Sealer::of(&path, &around).unwrap();
        assert_eq!(again.open(&sealed, "here").unwrap(), "hush");
        assert!(again.open(&sealed, "there").is_err());
        for changed in 0..sealed.len() {
            let mut sealed = sealed.clone();
            sealed[changed] ^= 1;
            assert!(again.open(&sealed, "here").is_err(), "{changed}");
            assert!(again.open(&sealed[..changed], "here").is_err(), "{changed}");
        }
        let other = Sealer::of(&folder.path().join("other"), &around).unwrap();
        let error = other.open(&sealed, "here").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"));
        assert_eq!(format!("{:?}", Some(Secret::new("hush".to_owned()))), "Some([secret])");
    }
}
