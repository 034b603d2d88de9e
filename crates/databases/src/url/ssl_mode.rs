//! The TLS modes.

/// The TLS modes of libpq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    /// Never.
    Disable,
    /// Only if the server requires it.
    Allow,
    /// If the server offers it; libpq's default.
    Prefer,
    /// Always, without verification of the certificate.
    Require,
    /// Always, with a certificate of a trusted authority.
    VerifyCa,
    /// Always, with a certificate of a trusted authority for this host name.
    VerifyFull,
}

impl SslMode {
    /// The names in libpq, from the weakest mode to the strongest.
    pub const WORDS: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    /// Parses the name in libpq.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }

    /// The name in libpq.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}
