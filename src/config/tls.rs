//! TLS files: certificate and key, both or neither. The files are not opened here.

use std::path::PathBuf;

use super::{ConfigError, Inputs, Row, Setting, row};

/// The TLS settings, with origins. Either both are set or neither is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// `TLS_CERT`.
    pub cert: Setting<Option<PathBuf>>,
    /// `TLS_KEY`.
    pub key: Setting<Option<PathBuf>>,
}

/// The PEM files for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by intermediate certificates.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Tls {
    pub(super) fn resolve(inputs: &Inputs) -> Result<Self, ConfigError> {
        let (cert, key) = (path(inputs, "TLS_CERT")?, path(inputs, "TLS_KEY")?);
        let (set, missing) = match (&cert.value, &key.value) {
            (Some(_), None) => (cert, key.name),
            (None, Some(_)) => (key, cert.name),
            (Some(_), Some(_)) | (None, None) => return Ok(Self { cert, key }),
        };
        Err(ConfigError::TlsIncomplete { name: set.name, origin: set.origin, missing })
    }

    /// The values without origins; `None` is plain HTTP.
    pub fn files(&self) -> Option<TlsFiles> {
        let files = self.cert.value.clone().zip(self.key.value.clone());
        files.map(|(cert, key)| TlsFiles { cert, key })
    }

    pub(super) fn describe(&self) -> Vec<Row> {
        let shown = |path: &Setting<Option<PathBuf>>| {
            path.value.as_ref().map_or("none".to_owned(), |path| path.display().to_string())
        };
        vec![
            row("TLS, certificate", &self.cert, shown(&self.cert)),
            row("TLS, key", &self.key, shown(&self.key)),
        ]
    }
}

fn path(inputs: &Inputs, name: &'static str) -> Result<Setting<Option<PathBuf>>, ConfigError> {
    let Some(typed) = inputs.get(name) else {
        return Ok(Setting::by_default(name, None));
    };
    // Paths are shown in errors; a private key that was set by mistake must not be.
    if typed.value.contains("-----BEGIN") {
        return Err(ConfigError::PemInsteadOfPath { name, origin: typed.origin });
    }
    Ok(typed.with(Some(PathBuf::from(typed.value))))
}
