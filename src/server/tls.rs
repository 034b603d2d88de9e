//! TLS termination with a certificate and key from PEM files.
//!
//! TLS 1.2 and 1.3, HTTP/1.1. The files are read once, at startup.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls_pki_types::pem::{self, PemObject as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// A loaded certificate and key.
#[derive(Clone)]
pub struct TlsConfig(Arc<ServerConfig>);

/// Why a certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file cannot be read.
    #[error("read certificate `{}`", path.display())]
    ReadCertificate {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: pem::Error,
    },
    /// The file is not a PEM file, or contains no certificate.
    #[error("`{}` contains no certificate: expected a `-----BEGIN CERTIFICATE-----` block", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The key file cannot be read.
    #[error("read private key `{}`", path.display())]
    ReadKey {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: pem::Error,
    },
    /// The file contains no key, or an encrypted one.
    #[error(
        "`{}` contains no private key: expected an unencrypted `-----BEGIN PRIVATE KEY-----` block",
        path.display()
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key does not match the certificate.
    #[error("private key `{}` does not match certificate `{}`", key.display(), certificate.display())]
    Mismatch {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// rustls rejects the certificate or key.
    #[error("use certificate `{}` with private key `{}`", certificate.display(), key.display())]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// The cause.
        #[source]
        source: rustls::Error,
    },
}

impl TlsConfig {
    /// Reads a certificate chain and its key.
    ///
    /// # Errors
    /// When a file cannot be read or has other contents, or when key and certificate do not match.
    pub fn from_pem(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let (certificate_path, key_path) = (certificate.to_owned(), key.to_owned());
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| TlsError::ReadCertificate { path: certificate.to_owned(), source })?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate { path: certificate_path });
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(|source| match source {
            pem::Error::NoItemsFound => TlsError::NoKey { path: key.to_owned() },
            source => TlsError::ReadKey { path: key.to_owned(), source },
        })?;
        let usable = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let mut config = usable.map_err(|source| match source {
            rustls::Error::InconsistentKeys(_) => {
                TlsError::Mismatch { certificate: certificate_path, key: key_path }
            }
            source => TlsError::Unusable { certificate: certificate_path, key: key_path, source },
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn acceptor(&self) -> tokio_rustls::TlsAcceptor {
        tokio_rustls::TlsAcceptor::from(Arc::clone(&self.0))
    }
}
