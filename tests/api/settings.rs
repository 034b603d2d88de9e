//! Settings: each has the effect that `.env.example` describes.

mod limits;
mod log;
mod pool;
mod reached;
mod sign_in;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::app::App;
use crate::service::{Service, folder, until};

/// Timeout for immediate effects on a busy machine.
const SOON: Duration = Duration::from_secs(30);

/// A server on its own SQLite file, with these environment variables.
fn sqlite(variables: &[(&str, &str)]) -> (App, Service) {
    let app = folder();
    let service = Service::start_with(&app, "backoffice.db", variables);
    (app, service)
}

/// A rejected sign-in, sent in two halves.
const HALVES: [&str; 2] = [r#"{"email": "nobody@example.org", "#, r#""password": "a password of nobody"}"#];

/// A request in progress: half of its body is sent.
struct Halfway {
    stream: TcpStream,
}

impl Halfway {
    /// Sends the first half, and waits until the server has received it.
    fn begin(service: &Service) -> Self {
        let this = Self::send(service);
        // The question for the number is one itself.
        let is_two = || service.metric("http_requests_in_flight").filter(|count| *count > 1.5);
        until("the request is at hand", SOON, is_two);
        this
    }

    /// Sends the first half.
    fn send(service: &Service) -> Self {
        let mut stream = TcpStream::connect(service.address()).expect("connect");
        let length = HALVES.concat().len();
        write!(
            stream,
            "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{}",
            HALVES[0]
        )
        .expect("ask");
        // The request for the metric counts itself.
        Self { stream }
    }

    /// Sends the second half, and returns the response.
    fn finish(mut self) -> String {
        self.stream.write_all(HALVES[1].as_bytes()).expect("ask");
        self.answer()
    }

    /// Reads the response.
    fn answer(&mut self) -> String {
        self.stream.set_read_timeout(Some(SOON)).expect("a time");
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}
