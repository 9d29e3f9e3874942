//! So many bytes at once: who brings more waits until some are done with.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bounds the bytes of documents under way.
#[derive(Debug)]
pub struct Gate {
    most: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    bytes: usize,
    is_closed: bool,
}

impl Gate {
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::default(), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing is done under the lock that can leave it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room; false where the batch has ended.
    pub fn enter(&self, bytes: usize) -> bool {
        let state = self.state();
        let is_full = |state: &mut State| {
            !state.is_closed && state.bytes > 0 && state.bytes + bytes > self.most
        };
        let waited = self.changed.wait_while(state, is_full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.bytes += bytes;
        !state.is_closed
    }

    pub fn leave(&self, bytes: usize) {
        self.state().bytes -= bytes;
        self.changed.notify_all();
    }

    /// Nobody waits any more.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_all();
    }
}
