//! Messages over standard input and output.
//!
//! They are read by `lsp-server`. Its writer takes a tree of JSON values, and building that takes longer than the
//! outline of a large file itself, so outgoing messages are serialised before they are sent here.

use std::io::{self, Write as _};
use std::panic::resume_unwind;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use lsp_server::Message;

/// The other end of standard input and output.
pub(super) struct Transport {
    /// Takes messages as JSON.
    pub(super) sender: Sender<String>,
    pub(super) receiver: Receiver<Message>,
    pub(super) threads: TransportThreads,
}

/// Ends when the input has ended and nothing can be sent any more.
pub(super) struct TransportThreads {
    input: JoinHandle<io::Result<()>>,
    output: JoinHandle<io::Result<()>>,
}

impl Transport {
    pub(super) fn stdio() -> io::Result<Self> {
        // Whoever sends waits for a client that does not read.
        let (sender, outgoing) = bounded::<String>(1);
        let (incoming, receiver) = bounded(0);
        let read = move || {
            let mut input = io::stdin().lock();
            while let Some(message) = Message::read(&mut input)? {
                let is_exit = matches!(&message, Message::Notification(told) if told.method == "exit");
                if incoming.send(message).is_err() || is_exit {
                    break;
                }
            }
            Ok(())
        };
        let write = move || {
            let mut output = io::stdout().lock();
            outgoing.into_iter().try_for_each(|text| {
                write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
                output.flush()
            })
        };
        let input = thread::Builder::new().name("input".to_owned()).spawn(read)?;
        let output = thread::Builder::new().name("output".to_owned()).spawn(write)?;
        Ok(Self { sender, receiver, threads: TransportThreads { input, output } })
    }
}

impl TransportThreads {
    /// Waits for both. An error is that of the first that could not go on.
    pub(super) fn join(self) -> io::Result<()> {
        for thread in [self.input, self.output] {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        }
        Ok(())
    }
}
