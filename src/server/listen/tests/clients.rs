//! Clients that send or read slowly, pipeline requests, or open many connections.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::body::Bytes;
use axum::routing::post;

use super::*;

/// Long enough for a prompt client on a busy machine, and far below [`LIMIT`].
const PERIOD: Duration = Duration::from_millis(500);

/// More than the buffers of the system on both sides.
const LARGE: usize = 64 * 1024 * 1024;

fn paced(least: u64) -> Serving {
    Serving { pace: Pace { period: PERIOD, least }, ..serving() }
}

/// `/large` responds with [`LARGE`] bytes and is counted; `/length` with the length of the body of the request.
fn routes() -> (Router, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let calls = Arc::clone(&count);
    let large = Bytes::from(vec![b'x'; LARGE]);
    let large = async move || {
        calls.fetch_add(1, SeqCst);
        large.clone()
    };
    let length = async |body: Bytes| body.len().to_string();
    (Router::new().route("/large", get(large)).route("/length", post(length)), count)
}

async fn send_length(stream: &mut TcpStream, length: usize) {
    let head =
        format!("POST /length HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    say(stream, &head).await;
}

#[tokio::test]
async fn a_body_below_the_least_rate_is_given_up() {
    let server = TestServer::start_with(paced(1000), routes().0).await;
    for trickle in ["", "x"] {
        let started = Instant::now();
        let mut client = server.connect().await;
        send_length(&mut client, 100_000).await;
        let (mut read, mut write) = client.into_split();
        let sending = tokio::spawn(async move {
            // Ends with an error when the server closes the connection.
            while write.write_all(trickle.as_bytes()).await.is_ok() {
                sleep(PERIOD / 20).await;
            }
        });
        let mut answer = Vec::new();
        // Closed with unread bytes, which may be a reset.
        let _closed = timeout(LIMIT, read.read_to_end(&mut answer)).await.expect("it is closed in time");
        sending.abort();
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{:?}", String::from_utf8_lossy(&answer));
        assert!(started.elapsed() >= PERIOD && started.elapsed() < LIMIT / 2, "{:?}", started.elapsed());
    }
    server.stop().await;
}

#[tokio::test]
async fn a_steady_body_may_take_longer_than_a_period() {
    let server = TestServer::start_with(paced(10), routes().0).await;
    let started = Instant::now();
    let mut client = server.connect().await;
    send_length(&mut client, 3000).await;
    for _ in 0..30 {
        say(&mut client, &"x".repeat(100)).await;
        sleep(PERIOD / 10).await;
    }
    assert!(read_all(client).await.ends_with("3000"));
    assert!(started.elapsed() > PERIOD * 2);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off() {
    let (routes, _) = routes();
    let server = TestServer::start_with(paced(1000), routes).await;
    let mut client = server.connect().await;
    ask(&mut client, "/large").await;
    timeout(LIMIT, client.readable()).await.expect("in time").expect("the response begins");
    let started = Instant::now();
    // The grace period is longer than this: the connection ended before it.
    assert_eq!(server.stop().await, ServeOutcome { cut_off: 0 });
    assert!(started.elapsed() < LIMIT / 2, "{:?}", started.elapsed());
    let mut read = Vec::new();
    let _reset = timeout(LIMIT, client.read_to_end(&mut read)).await.expect("it is closed");
    assert!(read.len() < LARGE, "the response is not complete");
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_the_whole_response() {
    let server = TestServer::start_with(paced(1), routes().0).await;
    let mut client = server.connect().await;
    say(&mut client, "GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let started = Instant::now();
    let (mut count, mut buffer) = (0, vec![0; 1024 * 1024]);
    loop {
        let read = timeout(LIMIT, client.read(&mut buffer)).await.expect("in time").expect("not cut off");
        if read == 0 {
            break;
        }
        count += read;
        sleep(PERIOD / 50).await;
    }
    assert!(count > LARGE && started.elapsed() > PERIOD, "{count} {:?}", started.elapsed());
    server.stop().await;
}

#[tokio::test]
async fn of_a_pipeline_one_response_at_a_time_is_made() {
    let (routes, count) = routes();
    let server = TestServer::start_with(Serving { connections: 1, ..paced(1000) }, routes).await;
    let mut client = server.connect().await;
    let request = "GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n";
    say(&mut client, &request.repeat(20)).await;
    timeout(LIMIT, client.readable()).await.expect("in time").expect("the response begins");
    // The only place is free when the first is cut off.
    let mut next = server.connect().await;
    ask(&mut next, "/peer").await;
    let own = next.local_addr().expect("its address").to_string();
    read_to(&mut next, &own).await;
    assert_eq!(count.load(SeqCst), 1, "requests behind a response that is not read");
    drop((client, next));
    server.stop().await;

    // Those of a client that reads are answered in order.
    let server = TestServer::start(serving()).await;
    let mut client = server.connect().await;
    let own = client.local_addr().expect("its address").to_string();
    say(&mut client, &"GET /peer HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100)).await;
    for _ in 0..100 {
        assert!(read_to(&mut client, &own).await.starts_with("HTTP/1.1 200 OK\r\n"));
    }
    server.stop().await;
}

#[tokio::test]
async fn an_address_has_its_share_of_the_connections() {
    let server = TestServer::start(Serving { connections_of_one: Some(2), ..serving() }).await;
    let mut held = [server.connect().await, server.connect().await];
    for client in &mut held {
        let own = client.local_addr().expect("its address").to_string();
        ask(client, "/peer").await;
        read_to(client, &own).await;
    }
    let mut third = server.connect().await;
    let mut answer = Vec::new();
    let _reset = timeout(LIMIT, third.read_to_end(&mut answer)).await.expect("it is closed at once");
    assert!(answer.is_empty(), "{answer:?}");
    drop(held);
    // As soon as the server has noticed that they are closed.
    let accepted = async {
        loop {
            let mut client = server.connect().await;
            // It may be closed already.
            let _sent = client.write_all(b"GET /peer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
            let mut answer = Vec::new();
            let _closed = client.read_to_end(&mut answer).await;
            if answer.starts_with(b"HTTP/1.1 200") {
                return;
            }
        }
    };
    timeout(LIMIT, accepted).await.expect("places are free again");
    server.stop().await;
}

#[tokio::test]
async fn a_head_larger_than_the_buffer_is_refused() {
    let server = TestServer::start(serving()).await;
    let client = server.connect().await;
    let (mut read, mut write) = client.into_split();
    // It may be closed before all is sent.
    let sending = tokio::spawn(async move {
        let head = format!("GET /peer HTTP/1.1\r\nhost: x\r\nx: {}", "x".repeat(BUFFER_BYTES));
        let _closed = write.write_all(head.as_bytes()).await;
        write
    });
    let mut answer = Vec::new();
    let _reset = timeout(LIMIT, read.read_to_end(&mut answer)).await.expect("it is closed in time");
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"), "{answer:?}");
    drop(sending.await);
    server.stop().await;
}
