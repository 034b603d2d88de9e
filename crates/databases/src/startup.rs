//! The first messages of a connection to PostgreSQL, as far as a server says why it accepts none (PostgreSQL manual,
//! "Frontend/Backend Protocol", "Start-up"). Without TLS, password and session: nothing secret is sent.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use crate::url::PostgresUrl;

/// For the connection, and for each read.
const PATIENCE: Duration = Duration::from_secs(5);

/// Version 3.0 of the protocol.
const PROTOCOL: i32 = 3 << 16;

/// A longer message is not one of a server that refuses a connection.
const LONGEST: usize = 64 * 1024;

/// What a server answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It refuses the connection with this SQLSTATE.
    Refused {
        /// The code.
        state: String,
        /// Whether it had accepted the role without a password before.
        is_authenticated: bool,
    },
    /// It asks for a password, or accepts the connection.
    Goes,
}

/// Begins a connection as the role and to the database of `url`, and ends it. Only for a URL with one host.
///
/// # Errors
/// When there is no such server, or it does not speak the protocol.
pub(crate) fn begin(url: &PostgresUrl) -> io::Result<Answer> {
    let user = url.user().unwrap_or_default();
    let mut settings = Vec::new();
    for part in ["user", user, "database", url.database().unwrap_or(user)] {
        settings.extend_from_slice(part.as_bytes());
        settings.push(0);
    }
    settings.push(0);
    match url.hosts() {
        [(host, _)] if host.starts_with('/') => at_socket(host, url.port(), &settings),
        [(host, _)] if !host.is_empty() => {
            let mut last = io::Error::from(io::ErrorKind::NotFound);
            for address in (host.as_str(), url.port()).to_socket_addrs()? {
                match TcpStream::connect_timeout(&address, PATIENCE) {
                    Ok(stream) => {
                        stream.set_read_timeout(Some(PATIENCE))?;
                        return converse(stream, &settings);
                    }
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

#[cfg(unix)]
fn at_socket(folder: &str, port: u16, settings: &[u8]) -> io::Result<Answer> {
    let stream = std::os::unix::net::UnixStream::connect(format!("{folder}/.s.PGSQL.{port}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    converse(stream, settings)
}

#[cfg(not(unix))]
fn at_socket(_folder: &str, _port: u16, _settings: &[u8]) -> io::Result<Answer> {
    Err(io::ErrorKind::Unsupported.into())
}

fn converse(mut stream: impl Read + Write, settings: &[u8]) -> io::Result<Answer> {
    let length = i32::try_from(settings.len() + 8).map_err(|_too_long| io::ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_be_bytes(), &PROTOCOL.to_be_bytes(), settings].concat())?;
    let mut is_authenticated = false;
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length =
            usize::try_from(i32::from_be_bytes(length)).ok().and_then(|length| length.checked_sub(4));
        let length = length.filter(|length| *length <= LONGEST).ok_or(io::ErrorKind::InvalidData)?;
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        match kind {
            b'E' => {
                let state = state(&body).ok_or(io::ErrorKind::InvalidData)?;
                return Ok(Answer::Refused { state, is_authenticated });
            }
            // AuthenticationOk, or a request for a password.
            b'R' if body.starts_with(&[0; 4]) => is_authenticated = true,
            b'R' | b'Z' => return Ok(Answer::Goes),
            _ => {}
        }
    }
}

/// The SQLSTATE in an ErrorResponse: fields of a type (`C`), a text and a zero byte.
fn state(body: &[u8]) -> Option<String> {
    let mut fields = body.split(|byte| *byte == 0);
    let code = fields.find_map(|field| field.strip_prefix(b"C"))?;
    String::from_utf8(code.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that sends `answer` whatever it receives.
    struct Server(io::Cursor<Vec<u8>>);

    impl Read for Server {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for Server {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            Ok(buffer.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn answer(messages: &[(u8, &[u8])]) -> io::Result<Answer> {
        let mut bytes = Vec::new();
        for (kind, body) in messages {
            bytes.push(*kind);
            bytes.extend(i32::try_from(body.len() + 4).expect("short").to_be_bytes());
            bytes.extend_from_slice(body);
        }
        converse(Server(io::Cursor::new(bytes)), b"user\0u\0\0")
    }

    #[test]
    fn the_code_of_a_refusal_is_read() {
        let error: &[u8] = b"SSCHWERWIEGEND\0VFATAL\0C57P03\0Mdas Datenbanksystem startet\0\0";
        let refused = |is_authenticated| Answer::Refused { state: "57P03".to_owned(), is_authenticated };
        assert_eq!(answer(&[(b'E', error)]).expect("an answer"), refused(false));
        assert_eq!(
            answer(&[(b'R', &[0; 4]), (b'S', b"a\0b\0"), (b'E', error)]).expect("an answer"),
            refused(true)
        );
        assert_eq!(answer(&[(b'R', &[0, 0, 0, 10])]).expect("an answer"), Answer::Goes);
        assert_eq!(answer(&[(b'R', &[0; 4]), (b'Z', b"I")]).expect("an answer"), Answer::Goes);
        assert!(answer(&[(b'E', b"M\0\0")]).is_err() && answer(&[]).is_err());
    }
}
