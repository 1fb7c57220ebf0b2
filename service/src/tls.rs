//! Encrypted connections in the process itself: TLS 1.2 and 1.3 by rustls, with a certificate that is read again when its file was changed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::Tls;

/// Why connections cannot be encrypted.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file.
    #[error("`{}` has no {what} in PEM: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// `certificate` or `key`
        what: &'static str,
        /// In the library's words.
        why: String,
    },
    /// Certificate and key are not of each other, or of a kind that nobody takes.
    #[error("the certificate in `{}` cannot be used with its key: {why}", path.display())]
    Unfit {
        /// The certificate's file.
        path: PathBuf,
        /// In the library's words.
        why: String,
    },
}

/// When files were changed.
type Stamp = [Option<SystemTime>; 2];

/// What connections are encrypted by.
pub(crate) struct Certificates {
    settings: Tls,
    now: Mutex<(Stamp, Arc<ServerConfig>)>,
}

impl Certificates {
    /// # Errors
    /// Where the files cannot be used.
    pub(crate) fn read(settings: Tls) -> Result<Self, TlsError> {
        let now = Mutex::new((stamp(&settings), configured(&settings)?));
        Ok(Self { settings, now })
    }

    /// Takes a connection in hand.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&now.1))
    }

    /// Reads the files again where they were changed. Broken ones leave those before in use.
    pub(crate) fn look(&self) {
        let stamp = stamp(&self.settings);
        if self.now.lock().unwrap_or_else(PoisonError::into_inner).0 == stamp {
            return;
        }
        match configured(&self.settings) {
            Ok(read) => {
                *self.now.lock().unwrap_or_else(PoisonError::into_inner) = (stamp, read);
                tracing::info!("the certificate was read again");
            }
            Err(error) => tracing::error!(why = %error, "a changed certificate is not taken"),
        }
    }
}

fn stamp(settings: &Tls) -> Stamp {
    let changed = |path: &Path| path.metadata().and_then(|known| known.modified()).ok();
    [changed(&settings.certificate), changed(&settings.key)]
}

fn configured(settings: &Tls) -> Result<Arc<ServerConfig>, TlsError> {
    let Tls { certificate, key } = settings;
    let unread = |path: &Path, what, why: String| TlsError::File { path: path.to_owned(), what, why };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain: Vec<CertificateDer<'static>> =
        chain.map_err(|error| unread(certificate, "certificate", error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unread(key, "key", error.to_string()))?;
    let unfit = |error: rustls::Error| TlsError::Unfit { path: certificate.clone(), why: error.to_string() };
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
