//! One connection through the proxy: that of the client and that to the server, with the faults in between.

use std::io::{BufReader, BufWriter, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};
use std::time::Duration;

use crate::proxy::{Fault, Shared};
use crate::wire::{Message, NO_ENCRYPTION};

/// The response of the server is passed on.
const PASS: u8 = 0;
/// The response is dropped, and the connection is closed when it is complete.
const CLOSE: u8 = 1;
/// As above, and the program is killed.
const KILL: u8 = 2;

/// A connection of a client, and the corresponding one to the server.
pub(crate) struct Link<'a> {
    client: TcpStream,
    server: TcpStream,
    answer: AtomicU8,
    shared: &'a Shared,
}

impl Link<'_> {
    /// Serves a client until one side closes.
    pub(crate) fn serve(mut client: TcpStream, shared: &Shared) -> Result<()> {
        let first = loop {
            let first = Message::read_first(&mut client)?;
            if !first.asks_for_encryption() {
                break first;
            }
            client.write_all(NO_ENCRYPTION)?;
        };
        shared.wait_while_frozen();
        if shared.is_gone() {
            return Ok(());
        }
        let (host, port) = &shared.upstream;
        let mut server = TcpStream::connect((host.as_str(), *port))?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        server.write_all(first.bytes())?;
        let link = Link { client, server, answer: AtomicU8::new(PASS), shared };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The end of one direction ends the connection.
                let _ended = link.pass_answers();
                link.close();
            });
            let _ended = link.pass_requests();
            // The server executes what was sent last, even if the client is gone.
            let _closed = link.server.shutdown(Shutdown::Write);
            let _closed = link.client.shutdown(Shutdown::Read);
        });
        Ok(())
    }

    fn close(&self) {
        // They may already be closed, from either end.
        let _closed = self.client.shutdown(Shutdown::Both);
        let _closed = self.server.shutdown(Shutdown::Both);
    }

    fn pass_requests(&self) -> Result<()> {
        let mut from = BufReader::new(&self.client);
        let mut to = BufWriter::new(&self.server);
        loop {
            let message = Message::read(&mut from)?;
            self.shared.wait_while_frozen();
            if message.acts() {
                let number = self.shared.count(&message);
                let fault = self.shared.fault_at(number, &message);
                if !self.let_pass(fault, &message, &mut to)? {
                    return Ok(());
                }
            } else {
                to.write_all(message.bytes())?;
            }
            flush_when_empty(&from, &mut to)?;
        }
    }

    /// Passes the message on, subject to the fault; returns whether the connection continues.
    fn let_pass(&self, fault: Fault, message: &Message, to: &mut impl Write) -> Result<bool> {
        match fault {
            Fault::Fail => {
                to.write_all(message.made_to_fail().bytes())?;
                return Ok(true);
            }
            Fault::Drop => {
                self.close();
                return Ok(false);
            }
            Fault::Kill => {
                self.shared.signal("-KILL");
                self.close();
                return Ok(false);
            }
            Fault::Swallow => self.answer.store(CLOSE, SeqCst),
            Fault::KillAfter => self.answer.store(KILL, SeqCst),
            Fault::Interrupt => self.shared.signal("-INT"),
            Fault::Freeze => self.shared.frozen.store(true, SeqCst),
            Fault::Delay => std::thread::sleep(Duration::from_millis(10)),
            Fault::Nothing | Fault::Weather(_) => {}
        }
        self.shared.wait_while_frozen();
        to.write_all(message.bytes())?;
        // CopyData has no response.
        if message.kind == b'd' && matches!(fault, Fault::Swallow | Fault::KillAfter) {
            to.flush()?;
            self.end_unanswered();
            return Ok(false);
        }
        Ok(true)
    }

    fn pass_answers(&self) -> Result<()> {
        let mut from = BufReader::new(&self.server);
        let mut to = BufWriter::new(&self.client);
        loop {
            let message = Message::read(&mut from)?;
            self.shared.wait_while_frozen();
            if self.answer.load(SeqCst) == PASS {
                to.write_all(message.bytes())?;
                flush_when_empty(&from, &mut to)?;
            } else if message.ends_answer() {
                self.end_unanswered();
                return Ok(());
            }
        }
    }

    fn end_unanswered(&self) {
        if self.answer.load(SeqCst) == KILL {
            self.shared.signal("-KILL");
        }
        let _closed = self.client.shutdown(Shutdown::Both);
    }
}

/// Flushes the output when no more input is buffered.
fn flush_when_empty(from: &BufReader<impl Read>, to: &mut impl Write) -> Result<()> {
    if from.buffer().is_empty() { to.flush() } else { Ok(()) }
}
