//! The parts of a long list on their way to a reader.
//!
//! The end is told apart from a break: a list that breaks off ends with an error, however much of it
//! was still waiting to be read, so that a shorter file never looks whole.

use futures::{Stream, StreamExt, stream};
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Where parts are put.
pub struct Sender {
    parts: mpsc::Sender<Vec<u8>>,
    ended: oneshot::Sender<Result<()>>,
}

impl Sender {
    /// Sends a part, for as long as a reader may stall. An empty one asks whether there is a reader yet:
    /// a format that gives nothing for long is not made for nobody.
    ///
    /// # Errors
    /// `timed_out`.
    pub async fn send(&self, part: Vec<u8>) -> Result<()> {
        let seconds = limits::STREAM_STALL.as_secs();
        let left = || {
            let detail = format!("the reader took nothing for {seconds} seconds, or left");
            Error::new(Code::TimedOut, detail)
        };
        match part.is_empty() {
            true if self.parts.is_closed() => Err(left()),
            true => Ok(()),
            false => self.parts.send_timeout(part, limits::STREAM_STALL).await.map_err(|_| left()),
        }
    }

    /// Says how the list ended.
    pub fn end(self, ended: Result<()>) {
        drop(self.parts);
        // Nobody is told where nobody listens any more.
        let _ = self.ended.send(ended);
    }
}

/// Where parts are put, and where they come out.
pub fn parts() -> (Sender, impl Stream<Item = Result<Vec<u8>>> + Send) {
    let (parts, received) = mpsc::channel(limits::STREAM_PARTS);
    let (ended, how) = oneshot::channel();
    let body = stream::unfold(Some((received, how)), |state| async {
        let (mut received, how) = state?;
        if let Some(part) = received.recv().await {
            return Some((Ok(part), Some((received, how))));
        }
        match how.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some((Err(error), None)),
            Err(_) => Some((Err(Error::internal("the list ended without a word")), None)),
        }
    });
    (Sender { parts, ended }, body.fuse())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: impl Stream<Item = Result<Vec<u8>>>) -> Vec<Result<Vec<u8>, Code>> {
        body.map(|part| part.map_err(|error| error.code)).collect().await
    }

    #[tokio::test]
    async fn a_list_that_breaks_off_ends_with_an_error_however_much_of_it_waits() {
        let (sender, body) = parts();
        let mut expected = Vec::new();
        for part in 0..limits::STREAM_PARTS {
            sender.send(vec![part as u8]).await.expect("there is room");
            expected.push(Ok(vec![part as u8]));
        }
        sender.end(Err(Error::new(Code::TimedOut, "the reader stalled")));
        expected.push(Err(Code::TimedOut));
        assert_eq!(read(body).await, expected);
    }

    #[tokio::test]
    async fn nothing_is_made_for_a_reader_who_left() {
        let (sender, body) = parts();
        sender.send(Vec::new()).await.expect("there is a reader");
        drop(body);
        let left = sender.send(Vec::new()).await.map_err(|error| error.code);
        assert_eq!(left, Err(Code::TimedOut));
    }

    #[tokio::test]
    async fn a_list_whose_sender_is_lost_ends_with_an_error_and_a_whole_one_does_not() {
        let (sender, body) = parts();
        sender.send(vec![1]).await.expect("there is room");
        drop(sender);
        assert_eq!(read(body).await, [Ok(vec![1]), Err(Code::Internal)]);
        let (sender, body) = parts();
        sender.send(vec![1]).await.expect("there is room");
        sender.end(Ok(()));
        assert_eq!(read(body).await, [Ok(vec![1])]);
    }
}
