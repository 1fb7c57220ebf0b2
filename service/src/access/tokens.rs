//! Making, listing and revoking a client's tokens: what `playbook token` does.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use runtime::crm::CrmError;
use runtime::crm::service_file::{ServiceFile, Token};

use super::role::Role;
use super::secret;
use crate::folder::{Folder, FolderError};
use crate::surroundings::Entropy;

/// The file with a client's tokens, in its folder.
pub struct Tokens {
    client: String,
    file: ServiceFile,
}

/// A token that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted<'w> {
    /// What may be done with it.
    pub role: Role,
    /// Whose it is, in words.
    pub name: &'w str,
    /// Which of the client's people answers with it.
    pub person: Option<&'w str>,
    /// Which agent acts with it.
    pub agent: Option<&'w str>,
    /// For how long it is worth something; for ever where nothing is said.
    pub lasts: Option<SignedDuration>,
}

/// Why a token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The folder is none that can be served.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The file.
    #[error(transparent)]
    File(#[from] CrmError),
    /// The system's randomness, or its memory.
    #[error("a token cannot be drawn: {0}")]
    Drawing(#[from] std::io::Error),
    /// It could not be hashed.
    #[error("the token could not be hashed")]
    Hash,
    /// The end lies beyond all time.
    #[error("the token would outlast the calendar: name a shorter time")]
    TooLong,
}

impl Tokens {
    /// Those of the client in a folder.
    ///
    /// # Errors
    /// Where the file cannot be opened.
    pub fn of(folder: &Path) -> Result<Self, TokenError> {
        let whole = folder.canonicalize().map_err(|why| FolderError::Unreadable { path: folder.to_owned(), why })?;
        let folder = Folder::of(whole)?;
        Ok(Self { file: ServiceFile::open(&folder.service_file())?, client: folder.name })
    }

    /// Makes one; gives its public part, and the token as it is shown this once.
    ///
    /// # Errors
    /// Where it cannot be drawn or kept.
    pub fn create(
        &self,
        wanted: &Wanted<'_>,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<(Token, String), TokenError> {
        let draw = || {
            let mut bytes = [0; 32];
            entropy(&mut bytes).map(|()| bytes)
        };
        let (shown, id, hash) = secret::made(&self.client, draw()?, draw()?, draw()?).ok_or(TokenError::Hash)?;
        let expires = wanted.lasts.map(|lasts| now.checked_add(lasts).map_err(|_| TokenError::TooLong)).transpose()?;
        let token = Token {
            id,
            hash,
            name: wanted.name.to_owned(),
            role: wanted.role.name().to_owned(),
            person: wanted.person.map(str::to_owned),
            agent: wanted.agent.map(str::to_owned),
            created: now,
            expires,
            revoked: None,
        };
        self.file.keep_token(&token)?;
        Ok((token, shown))
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn all(&self) -> Result<Vec<Token>, TokenError> {
        Ok(self.file.tokens()?)
    }

    /// From now on it is worth nothing. Whether there was one that was.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn revoke(&self, id: &str, now: Timestamp) -> Result<bool, TokenError> {
        Ok(self.file.revoke(id, now)?)
    }
}
