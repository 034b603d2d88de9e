//! The messages of PostgreSQL's protocol, version 3, that the proxy parses.

use std::io::{Error, ErrorKind, Read, Result};

/// The response to a client that requests TLS or GSSAPI encryption.
pub(crate) const NO_ENCRYPTION: &[u8] = b"N";

/// A protocol message.
pub(crate) struct Message {
    /// The type byte; 0 for the first message of a client, which has none.
    pub(crate) kind: u8,
    bytes: Vec<u8>,
}

impl Message {
    /// Reads the next message.
    pub(crate) fn read(from: &mut impl Read) -> Result<Self> {
        let mut kind = [0];
        from.read_exact(&mut kind)?;
        Self::read_rest(from, Some(kind[0]))
    }

    /// Reads the first message of a client.
    pub(crate) fn read_first(from: &mut impl Read) -> Result<Self> {
        Self::read_rest(from, None)
    }

    fn read_rest(from: &mut impl Read, kind: Option<u8>) -> Result<Self> {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        // The length includes itself.
        let rest = u32::from_be_bytes(length).checked_sub(4).and_then(|rest| usize::try_from(rest).ok());
        let rest = rest.ok_or_else(|| Error::new(ErrorKind::InvalidData, "a message of negative length"))?;
        let mut bytes: Vec<u8> = kind.into_iter().chain(length).collect();
        let begin = bytes.len();
        bytes.resize(begin + rest, 0);
        from.read_exact(&mut bytes[begin..])?;
        Ok(Self { kind: kind.unwrap_or(0), bytes })
    }

    fn new(kind: u8, body: &[u8]) -> Self {
        let length = u32::try_from(body.len() + 4).expect("a short message");
        Self { kind, bytes: [&[kind][..], &length.to_be_bytes(), body].concat() }
    }

    /// The complete message.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether it requests encryption: SSLRequest or GSSENCRequest.
    pub(crate) fn asks_for_encryption(&self) -> bool {
        self.kind == 0
            && [80_877_103_u32, 80_877_104].iter().any(|code| self.bytes[4..] == code.to_be_bytes()[..])
    }

    /// Whether this message of a client makes the server execute something. Of the messages of one extended query only
    /// Execute counts, so that each statement counts once.
    pub(crate) fn acts(&self) -> bool {
        matches!(self.kind, b'Q' | b'E' | b'd' | b'c')
    }

    /// Whether this message of a server ends its response: ReadyForQuery, CopyInResponse or CopyOutResponse.
    pub(crate) fn ends_answer(&self) -> bool {
        matches!(self.kind, b'Z' | b'G' | b'H' | b'W')
    }

    /// The replacement for this message that makes the server return an error, with client and server still in sync.
    pub(crate) fn made_to_fail(&self) -> Self {
        const FAILS: &str = "SELECT 'failed by the proxy'::integer";
        match self.kind {
            // A failed COMMIT ends the transaction.
            b'Q' if self.bytes[5..].starts_with(b"COMMIT") => {
                Self::new(b'Q', format!("ROLLBACK; {FAILS}\0").as_bytes())
            }
            b'Q' => Self::new(b'Q', format!("{FAILS}\0").as_bytes()),
            b'E' => Self::new(b'E', b"failed by the proxy\0\0\0\0\0"),
            // CopyFail. The server ignores the CopyData that may follow.
            _ => Self::new(b'f', b"failed by the proxy\0"),
        }
    }

    /// The text of a simple query, for assertion messages.
    pub(crate) fn shown(&self) -> String {
        let body: Vec<u8> = self.bytes.iter().skip(5).take(70).copied().collect();
        format!("{} {}", char::from(self.kind), String::from_utf8_lossy(&body).escape_debug())
    }
}
