//! Answers in memory, bounded in bytes: those go first that were asked for least.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use foldhash::fast::RandomState;
use quick_cache::{
    OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle},
};

use super::{answer::Answer, compression::Encoding};
use crate::limits;

/// What an answer is found again by, and what its name is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// SHA-256 of the question and the database's instance.
    pub question: [u8; 32],
    /// The data version that it is an answer on; none where it is settled for every later one.
    pub version: Option<i64>,
    pub encoding: Encoding,
}

impl Key {
    pub const fn in_encoding(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Answer>> for Bytes {
    fn weight(&self, _: &Key, answer: &Arc<Answer>) -> u64 {
        answer.bytes()
    }
}

/// Answers by their keys.
pub struct Kept {
    answers: Cache<Key, Arc<Answer>, Bytes, RandomState>,
    /// Bytes that may be kept.
    capacity: u64,
    /// The newest version of which an answer was kept.
    newest: AtomicI64,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl Kept {
    pub fn new(capacity: u64) -> Self {
        let answers =
            usize::try_from(capacity / limits::KEPT_ANSWER_MEAN_BYTES).unwrap_or(usize::MAX);
        // One shard: each has its share of the bytes alone, and an answer may take a quarter of all.
        let options = OptionsBuilder::new()
            .weight_capacity(capacity)
            .estimated_items_capacity(answers)
            .shards(1)
            .build();
        let answers = match options {
            Ok(options) => Cache::with_options(
                options,
                Bytes,
                RandomState::default(),
                DefaultLifecycle::default(),
            ),
            // It asks for both capacities, and has them.
            Err(_) => Cache::with(
                answers,
                capacity,
                Bytes,
                RandomState::default(),
                DefaultLifecycle::default(),
            ),
        };
        Self { answers, capacity, newest: AtomicI64::new(i64::MIN) }
    }

    /// Bytes of the longest answer that is kept.
    pub fn most_bytes(&self) -> usize {
        usize::try_from(self.capacity / limits::KEPT_ANSWER_SHARE).unwrap_or(usize::MAX)
    }

    pub fn get(&self, key: &Key) -> Option<Arc<Answer>> {
        self.answers.get(key)
    }

    /// Keeps an answer, and lets go of those on earlier data: nobody is given them again.
    pub fn insert(&self, key: Key, answer: &Arc<Answer>) {
        if let Some(version) = key.version
            && self.newest.fetch_max(version, Ordering::Relaxed) < version
        {
            self.answers.retain(|key, _| key.version.is_none_or(|known| known >= version));
        }
        self.answers.insert(key, Arc::clone(answer));
    }

    pub fn answers(&self) -> usize {
        self.answers.len()
    }

    pub fn bytes(&self) -> u64 {
        self.answers.weight()
    }
}
