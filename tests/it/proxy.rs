//! A proxy in front of PostgreSQL that counts the messages of a client and injects a fault at one of them, or at all
//! from one on.

use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::link::Link;
use crate::wire::Message;

/// The injected fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// None: the messages are counted only.
    Nothing,
    /// The server returns an error.
    Fail,
    /// The connection is closed before the message is passed on.
    Drop,
    /// The message is passed on and executed, the connection is closed before the response.
    Swallow,
    /// The program is killed before the message is passed on.
    Kill,
    /// The program is killed after the message was executed.
    KillAfter,
    /// The program receives Ctrl-C, and the message is passed on.
    Interrupt,
    /// From this message on no connection passes a byte, until `thaw`.
    Freeze,
    /// The message is delayed.
    Delay,
    /// At random, by this seed, messages are delayed and connections are closed, at most ten times.
    Weather(u64),
}

/// When the fault occurs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) fault: Fault,
    /// At this message, counted from 1 over all connections.
    pub(crate) at: u64,
    /// At this message and every later one.
    pub(crate) lasting: bool,
}

impl Plan {
    /// No fault.
    pub(crate) const NOTHING: Self = Self { fault: Fault::Nothing, at: u64::MAX, lasting: false };

    fn hits(&self, number: u64) -> bool {
        number == self.at || (self.lasting && number > self.at)
    }
}

/// A pseudorandom number: the same for the same seed and position.
pub(crate) fn scattered(seed: u64, place: u64) -> u64 {
    // SplitMix64, by Sebastiano Vigna.
    let mut z = seed.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Sends `signal` to a process of this test.
pub(crate) fn signal(process: u32, signal: &str) {
    let status = Command::new("kill").args([signal, &process.to_string()]).status().expect("run kill");
    assert!(status.success(), "kill {signal} {process}");
}

/// The shared state of all connections through a proxy.
pub(crate) struct Shared {
    pub(crate) upstream: (String, u16),
    plan: Plan,
    seen: Mutex<Vec<u8>>,
    drops: AtomicU64,
    fired: Mutex<Option<String>>,
    program: AtomicU32,
    pub(crate) frozen: AtomicBool,
    closed: AtomicBool,
}

/// A proxy that listens until this value is dropped.
pub(crate) struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Listens at a free port of this machine, for the server at `host` and `port`.
    pub(crate) fn start(host: &str, port: u16, plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("listen");
        let this = Self {
            port: listener.local_addr().expect("address").port(),
            shared: Arc::new(Shared {
                upstream: (host.to_owned(), port),
                plan,
                seen: Mutex::new(Vec::new()),
                drops: AtomicU64::new(0),
                fired: Mutex::new(None),
                program: AtomicU32::new(0),
                frozen: AtomicBool::new(false),
                closed: AtomicBool::new(false),
            }),
        };
        let shared = Arc::clone(&this.shared);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if shared.closed.load(SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // An error ends the connection, which the client detects.
                std::thread::spawn(move || client.and_then(|client| Link::serve(client, &shared)));
            }
        });
        this
    }

    /// The port to connect to.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Sets the process that is killed or interrupted.
    pub(crate) fn set_program(&self, process: u32) {
        self.shared.program.store(process, SeqCst);
    }

    /// The kinds of the messages seen.
    pub(crate) fn seen(&self) -> Vec<u8> {
        self.shared.seen.lock().expect("no panic").clone()
    }

    /// Resumes the connections.
    pub(crate) fn thaw(&self) {
        self.shared.frozen.store(false, SeqCst);
    }

    /// The first message with a fault, if any; random delays do not count.
    pub(crate) fn fired(&self) -> Option<String> {
        self.shared.fired.lock().expect("no panic").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.closed.store(true, SeqCst);
        // Unblocks the listener.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

impl Shared {
    /// Sends a signal to the program.
    pub(crate) fn signal(&self, name: &str) {
        // The program may send its first message before its process id is set.
        while self.program.load(SeqCst) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        signal(self.program.load(SeqCst), name);
    }

    /// Counts this message.
    pub(crate) fn count(&self, message: &Message) -> u64 {
        let mut seen = self.seen.lock().expect("no panic");
        seen.push(message.kind);
        u64::try_from(seen.len()).expect("not so many")
    }

    /// Whether the network is down permanently.
    pub(crate) fn is_gone(&self) -> bool {
        let plan = self.plan;
        let seen = self.seen.lock().expect("no panic").len();
        plan.fault == Fault::Drop && plan.lasting && u64::try_from(seen).is_ok_and(|seen| seen >= plan.at)
    }

    /// Waits until bytes may pass.
    pub(crate) fn wait_while_frozen(&self) {
        while self.frozen.load(SeqCst) && !self.closed.load(SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The fault at this message, if any.
    pub(crate) fn fault_at(&self, number: u64, message: &Message) -> Fault {
        let fault = match self.plan.fault {
            Fault::Weather(seed) => match scattered(seed, number) {
                word if word % 80 == 0 && self.drops.fetch_add(1, SeqCst) < 10 => Fault::Drop,
                word if word % 8 == 1 => Fault::Delay,
                _ => Fault::Nothing,
            },
            fault if self.plan.hits(number) => fault,
            _ => Fault::Nothing,
        };
        let is_breeze = fault == Fault::Delay && self.plan.fault != Fault::Delay;
        if fault != Fault::Nothing && !is_breeze {
            let mut fired = self.fired.lock().expect("no panic");
            fired.get_or_insert_with(|| format!("message {number}: {}", message.shown()));
        }
        fault
    }
}
