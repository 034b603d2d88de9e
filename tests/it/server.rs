//! `app serve`: start and end.

use crate::app::App;
use crate::cluster::TestDatabase;

#[test]
fn serve_creates_a_file_listens_on_loopback_and_shuts_down() {
    use std::io::{BufRead as _, Read as _, Write as _};

    let app = App::new();
    let mut command = app.command(&["serve", "--port", "0"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("start");
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut line).expect("read");
    let address = line.trim().rsplit_once("http://").expect("an address").1.to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{line}");
    let mut stream = std::net::TcpStream::connect(&address).expect("connect");
    write!(stream, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("ask");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"backend\":\"sqlite\""), "{answer}");
    let status = std::process::Command::new("kill").arg(child.id().to_string()).status().expect("kill");
    assert!(status.success());
    assert_eq!(child.wait().expect("end").code(), Some(0));
    app.expect(0, &["db", "health"]);
}

/// The pool opens connections in the background, which must have finished before OpenSSL's clean-up at exit.
#[test]
fn serve_shuts_down_while_its_pool_opens_connections() {
    use std::io::{BufRead as _, Read as _, Write as _};

    let target = TestDatabase::create();
    let app = App::new();
    app.expect(0, &["db", "setup", "--database-url", target.url()]);
    for _ in 0..8 {
        let mut command = app.command(&["serve", "--port", "0", "--database-url", target.url()]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
        let mut child = command.spawn().expect("start");
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("read");
        let address = line.trim().rsplit_once("http://").expect("an address").1.to_owned();
        let mut stream = std::net::TcpStream::connect(&address).expect("connect");
        write!(stream, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("ask");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answer");
        assert!(answer.contains("\"backend\":\"postgres\""), "{answer}");
        std::process::Command::new("kill").arg(child.id().to_string()).status().expect("kill");
        assert_eq!(child.wait().expect("end").code(), Some(0));
    }
}

#[test]
fn serve_refuses_a_database_that_is_not_up_to_date() {
    let target = TestDatabase::create();
    let app = App::new();
    for (state, says) in [("empty", "no tables of this application"), ("older", "not up to date")] {
        if state == "older" {
            app.expect(0, &["db", "setup", "--database-url", target.url()]);
            app.expect(0, &["db", "rollback", "--yes", "--database-url", target.url()]);
        }
        let ended = app.expect(10, &["serve", "--port", "0", "--database-url", target.url()]);
        assert!(ended.stderr.contains(says), "{state}: {}", ended.stderr);
        assert!(ended.stderr.contains("app db setup"), "{state}: {}", ended.stderr);
    }
}
