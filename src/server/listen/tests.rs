//! Over TCP, on a free port of the loopback interface.

mod clients;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Instant;

use axum::routing::get;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};
use openssl::x509::{X509, X509Name};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::server::tls::TlsError;

/// Timeout of each test.
const LIMIT: Duration = Duration::from_secs(20);

struct TestServer {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    outcome: JoinHandle<ServeOutcome>,
    gate: Arc<Notify>,
    received: Arc<Notify>,
}

impl TestServer {
    /// `/slow` responds when the gate is opened, and signals when the request was received.
    async fn start(serving: Serving) -> Self {
        Self::start_with(serving, Router::new()).await
    }

    /// With more routes.
    async fn start_with(serving: Serving, more: Router) -> Self {
        let (gate, received) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (held, notify) = (Arc::clone(&gate), Arc::clone(&received));
        let slow = async move || {
            notify.notify_one();
            held.notified().await;
            "at last"
        };
        let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let router = Router::new().route("/peer", get(peer)).route("/slow", get(slow)).merge(more);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { stopped.await.expect("the test stops it") };
        let outcome = tokio::spawn(serve(listener, router, serving, stopped));
        Self { address, stop, outcome, gate, received }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("it listens")
    }

    async fn stop(self) -> ServeOutcome {
        self.stop.send(()).expect("it is running");
        timeout(LIMIT, self.outcome).await.expect("it ends").expect("it does not panic")
    }
}

fn serving() -> Serving {
    Serving {
        tls: None,
        connections: 100,
        connections_of_one: None,
        grace: LIMIT,
        patience: LIMIT,
        pace: Pace::over(LIMIT),
    }
}

async fn say(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("the server reads");
}

async fn ask(stream: &mut TcpStream, path: &str) {
    say(stream, &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
}

/// Reads until `end` is received.
async fn read_to(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        let byte = timeout(LIMIT, stream.read_u8()).await.expect("in time").expect(&text);
        text.push(char::from(byte));
    }
    text
}

/// Reads until the server closes the connection.
async fn read_all(mut stream: TcpStream) -> String {
    let mut text = String::new();
    timeout(LIMIT, stream.read_to_string(&mut text))
        .await
        .expect("it is closed in time")
        .expect("it is closed well");
    text
}

#[tokio::test]
async fn a_handler_knows_its_client_and_connections_are_kept() {
    let server = TestServer::start(serving()).await;
    let mut client = server.connect().await;
    let own = client.local_addr().expect("its address").to_string();
    for _ in 0..2 {
        ask(&mut client, "/peer").await;
        assert!(read_to(&mut client, &own).await.starts_with("HTTP/1.1 200 OK\r\n"));
    }
    assert_eq!(server.stop().await, ServeOutcome { cut_off: 0 });
}

#[tokio::test]
async fn shutdown_finishes_requests_in_progress_and_closes_idle_connections() {
    let server = TestServer::start(serving()).await;
    let (mut idle, silent, mut slow) =
        (server.connect().await, server.connect().await, server.connect().await);
    ask(&mut idle, "/peer").await;
    let own = idle.local_addr().expect("its address").to_string();
    read_to(&mut idle, &own).await;
    ask(&mut slow, "/slow").await;
    server.received.notified().await;

    let (address, gate) = (server.address, Arc::clone(&server.gate));
    let end = tokio::spawn(server.stop());
    assert_eq!(read_all(idle).await, "");
    assert_eq!(read_all(silent).await, "");
    TcpStream::connect(address).await.expect_err("nobody new comes in");
    assert!(!end.is_finished());
    gate.notify_one();
    let answer = read_all(slow).await;
    assert!(answer.ends_with("at last") && answer.contains("connection: close"), "{answer}");
    assert_eq!(end.await.expect("no panic"), ServeOutcome { cut_off: 0 });
}

#[tokio::test]
async fn connections_beyond_the_grace_period_are_closed_and_counted() {
    let server = TestServer::start(Serving { grace: Duration::from_millis(50), ..serving() }).await;
    let mut clients = [server.connect().await, server.connect().await];
    for client in &mut clients {
        ask(client, "/slow").await;
        server.received.notified().await;
    }
    assert_eq!(server.stop().await, ServeOutcome { cut_off: 2 });
    for client in clients {
        assert_eq!(read_all(client).await, "");
    }
}

#[tokio::test]
async fn a_client_with_a_slow_request_head_or_none_is_disconnected() {
    // Long enough to read a prompt request on a busy machine.
    let patience = Duration::from_millis(500);
    let server = TestServer::start(Serving { patience, ..serving() }).await;
    // Before they connect: the server may accept one while the other is still connecting.
    let started = Instant::now();
    let (mut slow, silent) = (server.connect().await, server.connect().await);
    say(&mut slow, "GET /peer HTTP/1.1\r\nhost: loc").await;
    let answer = read_all(slow).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    read_all(silent).await;
    assert!(started.elapsed() >= patience && started.elapsed() < LIMIT / 2, "{:?}", started.elapsed());
    // The timeout does not apply to a slow response.
    let mut patient = server.connect().await;
    ask(&mut patient, "/slow").await;
    sleep(patience * 2).await;
    server.gate.notify_one();
    read_to(&mut patient, "at last").await;
    server.stop().await;
}

#[tokio::test]
async fn a_connection_above_the_limit_waits_for_another_to_close() {
    let server = TestServer::start(Serving { connections: 1, ..serving() }).await;
    let mut first = server.connect().await;
    ask(&mut first, "/peer").await;
    let own = first.local_addr().expect("its address").to_string();
    read_to(&mut first, &own).await;
    let mut second = server.connect().await;
    ask(&mut second, "/peer").await;
    let too_early = timeout(Duration::from_millis(100), second.readable()).await;
    too_early.expect_err("the only place is taken");
    drop(first);
    let own = second.local_addr().expect("its address").to_string();
    read_to(&mut second, &own).await;
    server.stop().await;
}

#[test]
fn only_errors_of_one_client_cause_no_delay() {
    for (error, pause) in [
        (io::Error::from(ErrorKind::ConnectionAborted), None),
        (io::Error::from(ErrorKind::ConnectionReset), None),
        // EMFILE and ENFILE: too many open files.
        (io::Error::from_raw_os_error(24), Some(PAUSE)),
        (io::Error::from_raw_os_error(23), Some(PAUSE)),
        (io::Error::from(ErrorKind::OutOfMemory), Some(PAUSE)),
    ] {
        assert_eq!(pause_after(&error), pause, "{error}");
    }
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a known curve");
    PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key")
}

fn certificate(key: &PKey<Private>) -> X509 {
    let make = || -> Result<X509, openssl::error::ErrorStack> {
        let mut name = X509Name::builder()?;
        name.append_entry_by_text("CN", "localhost")?;
        let name = name.build();
        let mut certificate = X509::builder()?;
        certificate.set_version(2)?;
        let number = Asn1Integer::from_bn(&*BigNum::from_u32(1)?)?;
        certificate.set_serial_number(&number)?;
        certificate.set_subject_name(&name)?;
        certificate.set_issuer_name(&name)?;
        certificate.set_pubkey(key)?;
        certificate.set_not_before(&*Asn1Time::days_from_now(0)?)?;
        certificate.set_not_after(&*Asn1Time::days_from_now(1)?)?;
        certificate.sign(key, MessageDigest::sha256())?;
        Ok(certificate.build())
    };
    make().expect("a certificate")
}

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self { folder: tempfile::tempdir().expect("a folder") };
        let key = key();
        files.write("cert.pem", &certificate(&key).to_pem().expect("PEM"));
        files.write("key.pem", &key.private_key_to_pem_pkcs8().expect("PEM"));
        files.write("sec1.pem", &key.ec_key().expect("an EC key").private_key_to_pem().expect("PEM"));
        files
    }

    fn write(&self, name: &str, text: &[u8]) {
        std::fs::write(self.path(name), text).expect("write a file");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, certificate: &str, key: &str) -> Result<TlsConfig, TlsError> {
        TlsConfig::from_pem(&self.path(certificate), &self.path(key))
    }
}

#[tokio::test]
async fn with_a_certificate_only_tls_is_accepted() {
    let files = Files::new();
    let tls = files.read("cert.pem", "key.pem").expect("they go together");
    let server = TestServer::start(Serving { tls: Some(tls), ..serving() }).await;
    let address = server.address;
    let client = tokio::task::spawn_blocking(move || {
        use std::io::{Read as _, Write as _};
        let mut connector = SslConnector::builder(SslMethod::tls()).expect("TLS");
        connector.set_verify(SslVerifyMode::NONE);
        connector.set_alpn_protos(b"\x02h2\x08http/1.1").expect("protocols");
        let stream = std::net::TcpStream::connect(address).expect("it listens");
        let mut stream = connector.build().connect("localhost", stream).expect("a handshake");
        assert_eq!(stream.ssl().selected_alpn_protocol(), Some(b"http/1.1".as_slice()));
        write!(stream, "GET /peer HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("write");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("closed well");
        text
    });
    let text = client.await.expect("no panic");
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("\r\n127.0.0.1:"), "{text}");

    let mut plain = server.connect().await;
    ask(&mut plain, "/peer").await;
    let mut answer = Vec::new();
    // With or without a clean shutdown of TLS, no response may be received.
    let _closed = timeout(LIMIT, plain.read_to_end(&mut answer)).await.expect("it is closed in time");
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    assert_eq!(server.stop().await, ServeOutcome { cut_off: 0 });
}

#[tokio::test]
async fn a_missing_handshake_times_out() {
    let files = Files::new();
    let tls = files.read("cert.pem", "key.pem").expect("they go together");
    let patience = Duration::from_millis(200);
    let server = TestServer::start(Serving { tls: Some(tls.clone()), patience, ..serving() }).await;
    let started = Instant::now();
    assert_eq!(read_all(server.connect().await).await, "");
    assert!(started.elapsed() >= patience && started.elapsed() < LIMIT / 2, "{:?}", started.elapsed());
    server.stop().await;

    // It does not delay the shutdown either.
    let server = TestServer::start(Serving { tls: Some(tls), ..serving() }).await;
    let silent = server.connect().await;
    let started = Instant::now();
    assert_eq!(server.stop().await, ServeOutcome { cut_off: 0 });
    assert!(started.elapsed() < LIMIT / 2);
    drop(silent);
}

#[test]
fn errors_in_certificate_or_key_are_reported() {
    let files = Files::new();
    files.write("other.pem", &key().private_key_to_pem_pkcs8().expect("PEM"));
    files.write("text.pem", b"no PEM at all");
    files.write("torn.pem", b"-----BEGIN CERTIFICATE-----\nMIIB");
    files.write("nonsense.pem", b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    let cipher = openssl::symm::Cipher::aes_256_cbc();
    let locked = key().private_key_to_pem_pkcs8_passphrase(cipher, b"hush").expect("PEM");
    files.write("locked.pem", &locked);
    files.read("cert.pem", "sec1.pem").expect("the older form of a key is fine");
    for (certificate, key, said) in [
        ("missing.pem", "key.pem", "read certificate `missing.pem`"),
        ("cert.pem", "missing.pem", "read private key `missing.pem`"),
        ("text.pem", "key.pem", "`text.pem` contains no certificate"),
        ("key.pem", "key.pem", "`key.pem` contains no certificate"),
        ("torn.pem", "key.pem", "read certificate `torn.pem`"),
        ("cert.pem", "cert.pem", "`cert.pem` contains no private key"),
        ("cert.pem", "locked.pem", "`locked.pem` contains no private key"),
        ("cert.pem", "other.pem", "private key `other.pem` does not match certificate `cert.pem`"),
        ("nonsense.pem", "key.pem", "use certificate `nonsense.pem` with private key `key.pem`"),
    ] {
        let error = files.read(certificate, key).err().expect(said).to_string();
        let folder = format!("{}/", files.folder.path().display());
        let error = error.replace(&folder, "");
        assert!(error.starts_with(said), "{error}");
    }
}
