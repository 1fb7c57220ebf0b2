//! The two ends of the line to an editor: stdin and stdout. Where they are pipes or sockets, as editors have it, they are waited for with
//! all else; of what is a file or a terminal a thread has to be, and each key would wait for it twice. Knows nothing of what is said.

use tokio::io::{AsyncRead, AsyncWrite};

/// What the editor says. Within a runtime only.
pub(crate) fn input() -> Box<dyn AsyncRead + Unpin> {
    #[cfg(unix)]
    if let Some(input) = unix::input() {
        return input;
    }
    Box::new(tokio::io::stdin())
}

/// What the editor hears. Within a runtime only.
pub(crate) fn output() -> Box<dyn AsyncWrite + Unpin> {
    #[cfg(unix)]
    if let Some(output) = unix::output() {
        return output;
    }
    Box::new(tokio::io::stdout())
}

#[cfg(unix)]
mod unix {
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::net;

    use tokio::io::{AsyncRead, AsyncWrite};
    use tokio::net::UnixStream;
    use tokio::net::unix::pipe::{Receiver, Sender};

    pub(super) fn input() -> Option<Box<dyn AsyncRead + Unpin>> {
        if let Ok(pipe) = Receiver::from_owned_fd(own(std::io::stdin())?) {
            return Some(Box::new(pipe));
        }
        Some(Box::new(socket(std::io::stdin())?))
    }

    pub(super) fn output() -> Option<Box<dyn AsyncWrite + Unpin>> {
        if let Ok(pipe) = Sender::from_owned_fd(own(std::io::stdout())?) {
            return Some(Box::new(pipe));
        }
        Some(Box::new(socket(std::io::stdout())?))
    }

    fn own(stream: impl AsFd) -> Option<OwnedFd> {
        stream.as_fd().try_clone_to_owned().ok()
    }

    fn socket(stream: impl AsFd) -> Option<UnixStream> {
        let socket = net::UnixStream::from(own(stream)?);
        // What is no socket has no address.
        socket.local_addr().ok()?;
        socket.set_nonblocking(true).ok()?;
        UnixStream::from_std(socket).ok()
    }
}
