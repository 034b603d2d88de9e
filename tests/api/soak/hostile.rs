//! Clients that send slowly, do not read, or send anything: each kind again and again, with an address of their own.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The share of their address: half of MAX_CONCURRENT_REQUESTS.
pub(super) const CONNECTIONS: u64 = 64;
/// Together more clients than the share, so that some are refused at any time.
const CLIENTS_OF_A_KIND: usize = 12;
/// Of those that have a whole page, or a whole body, in the memory of the server.
const LARGE_CLIENTS: usize = 4;
/// A client that is connected for longer was not disconnected: thirty times CLIENT_TIMEOUT, for busy machines.
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    SlowHead,
    Silent,
    SlowBody,
    NonReader,
    Pipeline,
    LargeBody,
    Garbage,
    Disconnect,
}

const KINDS: [Kind; 8] = [
    Kind::SlowHead,
    Kind::Silent,
    Kind::SlowBody,
    Kind::NonReader,
    Kind::Pipeline,
    Kind::LargeBody,
    Kind::Garbage,
    Kind::Disconnect,
];

/// Runs until the end; how often each kind was connected and disconnected.
pub(super) fn attack(address: &str, token: &str, is_over: &AtomicBool) -> BTreeMap<Kind, u64> {
    let address: SocketAddr = address.parse().expect("an address");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut tasks = JoinSet::new();
        for kind in KINDS {
            let is_large = matches!(kind, Kind::NonReader | Kind::LargeBody);
            for _ in 0..if is_large { LARGE_CLIENTS } else { CLIENTS_OF_A_KIND } {
                let (token, stopped) = (token.to_owned(), stopped.clone());
                tasks.spawn(async move { (kind, repeat(kind, address, &token, stopped).await) });
            }
        }
        while !is_over.load(SeqCst) {
            sleep(Duration::from_millis(50)).await;
        }
        stop.send_replace(true);
        let mut counts = BTreeMap::new();
        while let Some(ended) = tasks.join_next().await {
            let (kind, count) = ended.expect("disconnected in time");
            *counts.entry(kind).or_default() += count;
        }
        counts
    })
}

async fn repeat(
    kind: Kind,
    address: SocketAddr,
    token: &str,
    stopped: tokio::sync::watch::Receiver<bool>,
) -> u64 {
    let mut count = 0;
    while !*stopped.borrow() {
        // Refused while the share is used up.
        if let Ok(stream) = connect(address).await {
            let ended = timeout(LONGEST, once(kind, stream, token)).await;
            assert!(ended.is_ok(), "{kind:?} was connected for longer than {LONGEST:?}");
            // An error is a disconnection as well.
            count += u64::from(ended.is_ok_and(|outcome| outcome.is_ok_and(|is_served| is_served)));
        }
        sleep(Duration::from_millis(20)).await;
    }
    count
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.2:0".parse().expect("an address"))?;
    // Little is in the buffers of the system.
    socket.set_recv_buffer_size(16 * 1024)?;
    socket.connect(address).await
}

/// Is hostile once, until the server closes the connection. Whether it was served before, and not refused at once.
async fn once(kind: Kind, mut stream: TcpStream, token: &str) -> io::Result<bool> {
    let began = tokio::time::Instant::now();
    let login =
        "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ";
    match kind {
        Kind::SlowHead => trickle(&mut stream, b"GET /health/live HTTP/1.1\r\nx: ").await,
        Kind::Silent => read_to_end(&mut stream).await,
        Kind::SlowBody => trickle(&mut stream, format!("{login}100000\r\n\r\n").as_bytes()).await,
        Kind::NonReader => {
            let list = "GET /api/report-runs?limit=200 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ";
            trickle(&mut stream, format!("{list}{token}\r\n\r\n").as_bytes()).await;
        }
        Kind::Pipeline => {
            let many = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(500);
            trickle(&mut stream, many.as_bytes()).await;
        }
        Kind::LargeBody => {
            let length = 1024 * 1024;
            stream.write_all(format!("{login}{length}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
            let body = format!("{{\"email\":[{}", "1,".repeat(length / 2));
            stream.write_all(&body.as_bytes()[..length]).await?;
            read_to_end(&mut stream).await;
            return Ok(true);
        }
        Kind::Garbage => {
            stream.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]).await?;
            stream.write_all(&[0xff; 10_000]).await?;
            read_to_end(&mut stream).await;
            return Ok(true);
        }
        Kind::Disconnect => {
            stream.write_all(format!("{login}1000\r\n\r\n{{\"email\":").as_bytes()).await?;
            sleep(Duration::from_millis(50)).await;
            return Ok(true);
        }
    }
    // CLIENT_TIMEOUT has passed for those that were served.
    Ok(began.elapsed() >= Duration::from_millis(900))
}

/// Sends these bytes, and then one more again and again, until the server closes the connection. Reads nothing.
async fn trickle(stream: &mut TcpStream, first: &[u8]) {
    let mut outcome = stream.write_all(first).await;
    while outcome.is_ok() {
        sleep(Duration::from_millis(100)).await;
        // Not `write_all`: a server that does not read must not keep this client waiting.
        outcome = match stream.try_write(b"x") {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        };
    }
}

async fn read_to_end(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = stream.read(&mut buffer).await {}
}
