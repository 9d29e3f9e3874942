//! One finding of an answer for all who ask for it at the same time.
//!
//! Whoever asks first begins; whoever comes meanwhile joins. All of them drive the same work, so it goes
//! on where the first one leaves, and ends where the last one does. Nothing is remembered of it after.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};

type Work<V> = Shared<BoxFuture<'static, V>>;

/// What is being found, by key.
pub struct Flights<K, V: Clone>(Arc<Board<K, V>>);

struct Board<K, V: Clone> {
    flights: Mutex<HashMap<K, Flight<V>>>,
    begun: AtomicUsize,
    waiting: AtomicUsize,
}

struct Flight<V: Clone> {
    /// Tells it from a later one of the same key.
    number: usize,
    work: WeakShared<BoxFuture<'static, V>>,
}

impl<K, V: Clone> Default for Flights<K, V> {
    fn default() -> Self {
        let (begun, waiting) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self(Arc::new(Board { flights: Mutex::default(), begun, waiting }))
    }
}

impl<K, V: Clone> fmt::Debug for Flights<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}

impl<K, V: Clone> Flights<K, V> {
    /// Who waits for any of them.
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Relaxed)
    }
}

impl<K: Clone + Eq + Hash + Send + 'static, V: Clone + Send + Sync + 'static> Flights<K, V> {
    /// What is found for a key: by the work that is under way, else by this.
    pub fn join(
        &self,
        key: K,
        work: impl FnOnce() -> BoxFuture<'static, V>,
    ) -> BoxFuture<'static, V> {
        let work = self.0.joined(key, work);
        let place = Place::taken(Arc::clone(&self.0));
        let waiting = async move {
            let found = work.await;
            drop(place);
            found
        };
        waiting.boxed()
    }
}

impl<K: Clone + Eq + Hash + Send + 'static, V: Clone + Send + Sync + 'static> Board<K, V> {
    fn joined(self: &Arc<Self>, key: K, work: impl FnOnce() -> BoxFuture<'static, V>) -> Work<V> {
        let mut flights = self.lock();
        if let Some(work) = flights.get(&key).and_then(|flight| flight.work.upgrade()) {
            return work;
        }
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let landing = Landing { board: Arc::clone(self), key: key.clone(), number };
        let work = work();
        let work = async move {
            let found = work.await;
            drop(landing);
            found
        };
        let work = work.boxed().shared();
        // It has not ended yet, so there is one.
        if let Some(work) = work.downgrade() {
            flights.insert(key, Flight { number, work });
        }
        work
    }
}

impl<K, V: Clone> Board<K, V> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Flight<V>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a flight off the board when it ends, however it ends.
struct Landing<K: Eq + Hash, V: Clone> {
    board: Arc<Board<K, V>>,
    key: K,
    number: usize,
}

impl<K: Eq + Hash, V: Clone> Drop for Landing<K, V> {
    fn drop(&mut self) {
        let mut flights = self.board.lock();
        if flights.get(&self.key).is_some_and(|flight| flight.number == self.number) {
            flights.remove(&self.key);
        }
    }
}

/// One who waits.
struct Place<K, V: Clone>(Arc<Board<K, V>>);

impl<K, V: Clone> Place<K, V> {
    fn taken(board: Arc<Board<K, V>>) -> Self {
        board.waiting.fetch_add(1, Ordering::Relaxed);
        Self(board)
    }
}

impl<K, V: Clone> Drop for Place<K, V> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
