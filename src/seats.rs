//! Seats: how many do the same heavy thing at once. Who finds none free waits a moment, then is told
//! to come back.

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// So many seats, for one thing.
#[derive(Debug)]
pub struct Seats {
    free: Semaphore,
    count: usize,
    what: &'static str,
}

impl Seats {
    /// Seats for something, named as it is under way: `long lists are being sent`.
    #[must_use]
    pub const fn new(count: usize, what: &'static str) -> Self {
        Self { free: Semaphore::const_new(count), count, what }
    }

    /// Takes a seat, free again when it is dropped.
    ///
    /// # Errors
    /// `too_busy`.
    pub async fn take(&self) -> Result<SemaphorePermit<'_>> {
        match timeout(limits::SEAT_WAIT, self.free.acquire()).await {
            Ok(Ok(seat)) => Ok(seat),
            _ => Err(Error::new(Code::TooBusy, format!("{} {} already", self.count, self.what))),
        }
    }
}
