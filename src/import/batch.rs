//! A batch in three stages: one thread takes inputs apart, some read and check, one stores, in the
//! order in which the documents came: so a later document is the later revision, however many read.
//!
//! What waits between the stages is bounded in bytes.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc},
    thread,
};

use tokio::{runtime::Handle, sync::mpsc};

use super::{Done, DoneReport, Target, gate::Gate, store};
use crate::{
    check::Deadlines,
    database::Database,
    error::{Error, Result},
    extract::draft::Hints,
    fingerprint, limits,
    query::document::{ReportKey, reports_of},
    reading::{self, CheckedDocument},
    source::{Fetcher, Input, Item},
};

/// A batch to import.
#[derive(Debug)]
pub struct Batch<'a> {
    pub target: Target<'a>,
    pub inputs: Vec<Input>,
    /// What is known of every document.
    pub hints: Hints,
    pub deadlines: Deadlines,
    /// Threads that read.
    pub jobs: NonZeroUsize,
}

/// How a batch ended, where nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    Whole,
    /// It was told to stop: what was stored by then is whole.
    Stopped,
}

/// A document on its way, and what it holds of the room there is.
struct Waiting {
    number: usize,
    input: usize,
    cost: usize,
    item: Item,
}

/// A document that was read.
struct Ready {
    input: usize,
    cost: usize,
    path: String,
    consumed: u64,
    hints: Hints,
    outcome: Result<Outcome>,
}

/// What reading came to.
enum Outcome {
    /// The same bytes under the same name were stored before.
    Known(Vec<ReportKey>),
    Read(Vec<u8>, CheckedDocument),
}

impl Batch<'_> {
    /// Imports the batch, and says of each document what became of it, in their order.
    ///
    /// # Errors
    /// What the database says, or `each`.
    pub async fn run(
        self,
        stop: impl Future<Output = ()>,
        mut each: impl FnMut(Done) -> Result<()>,
    ) -> Result<Finish> {
        let Self { target, inputs, hints, deadlines, jobs } = self;
        let gate = Arc::new(Gate::new(limits::IMPORT_BYTES));
        let (to_readers, from_source) = std_mpsc::sync_channel(jobs.get());
        let (to_store, mut from_readers) = mpsc::channel(jobs.get());
        // Threads of their own: nobody waits for one that reads a slow address when the batch ends.
        let source_gate = Arc::clone(&gate);
        spawn(move || feed(&inputs, &source_gate, &to_readers))?;
        let reader = Arc::new(Reader {
            from_source: Mutex::new(from_source),
            database: match target {
                // What the caller states of a document may make another report of the same bytes.
                Target::Database(database) if !hints.is_stated() => Some(database.clone()),
                _ => None,
            },
            runtime: Handle::current(),
            hints,
            deadlines,
        });
        for _ in 0..jobs.get() {
            let (reader, to_store) = (Arc::clone(&reader), to_store.clone());
            spawn(move || reader.run(&to_store))?;
        }
        drop((reader, to_store));
        let mut stop = pin!(stop);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let finish = loop {
            while let Some(ready) = waiting.remove(&next) {
                next += 1;
                let Ready { cost, .. } = ready;
                let stored = done(target, ready, &deadlines).await.and_then(&mut each);
                gate.leave(cost);
                if let Err(error) = stored {
                    gate.close();
                    return Err(error);
                }
            }
            tokio::select! {
                biased;
                () = &mut stop => break Finish::Stopped,
                ready = from_readers.recv() => match ready {
                    Some((number, ready)) => {
                        waiting.insert(number, ready);
                    }
                    None => break Finish::Whole,
                },
            }
        };
        gate.close();
        Ok(finish)
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = thread::Builder::new().stack_size(limits::READER_STACK_BYTES).spawn(work);
    thread.map(drop).map_err(Error::internal)
}

/// The first stage: inputs -> documents.
fn feed(inputs: &[Input], gate: &Gate, to_readers: &std_mpsc::SyncSender<Waiting>) {
    let fetcher = Fetcher::default();
    let mut number = 0;
    for (input, source) in inputs.iter().enumerate() {
        let flow = source.read(&fetcher, &mut |item| {
            let bytes = item.bytes.as_ref().map_or(0, Vec::len);
            let cost = bytes + limits::IMPORT_DOCUMENT_BYTES;
            let waiting = Waiting { number, input, cost, item };
            number += 1;
            // Who reads is gone when the batch has ended.
            if gate.enter(cost) && to_readers.send(waiting).is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        if flow.is_break() {
            return;
        }
    }
}

/// The second stage: documents -> what they say.
struct Reader {
    from_source: Mutex<std_mpsc::Receiver<Waiting>>,
    /// Where to look for the same bytes.
    database: Option<Database>,
    runtime: Handle,
    hints: Hints,
    deadlines: Deadlines,
}

impl Reader {
    fn run(&self, to_store: &mpsc::Sender<(usize, Ready)>) {
        loop {
            let received = self.from_source.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Waiting { number, input, cost, item }) = received else { return };
            let Item { name, file_name, url, bytes, consumed } = item;
            let hints = Hints { file_name, url, ..self.hints.clone() };
            let outcome = bytes.and_then(|bytes| self.read(bytes, &hints));
            let ready = Ready { input, cost, path: name, consumed, hints, outcome };
            if to_store.blocking_send((number, ready)).is_err() {
                return;
            }
        }
    }

    fn read(&self, bytes: Vec<u8>, hints: &Hints) -> Result<Outcome> {
        if let Some(database) = &self.database {
            let sha256 = fingerprint::sha256(&bytes);
            let (file_name, url) = (hints.file_name.as_deref(), hints.url.as_deref());
            let known = self.runtime.block_on(reports_of(&database.read, &sha256, file_name, url));
            // What is wrong with the database is said when it is written to.
            if let Ok(known) = known
                && !known.is_empty()
            {
                return Ok(Outcome::Known(known));
            }
        }
        static LARGE: Mutex<()> = Mutex::new(());
        let _alone = (bytes.len() > limits::LARGE_DOCUMENT_BYTES)
            .then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner));
        // No document makes a reader panic. Should one, it is refused, and the batch goes on.
        let read = || reading::read(&bytes, hints, &self.deadlines);
        let read = catch_unwind(AssertUnwindSafe(read));
        let read = read.unwrap_or_else(|_| Err(Error::internal("a reader panicked")))?;
        Ok(Outcome::Read(bytes, read))
    }
}

/// The third stage: what a document says -> the database.
async fn done(target: Target<'_>, ready: Ready, deadlines: &Deadlines) -> Result<Done> {
    let Ready { input, cost: _, path, consumed, hints, outcome } = ready;
    let reports = match outcome {
        Ok(Outcome::Known(known)) => Ok(known.into_iter().map(DoneReport::known).collect()),
        Ok(Outcome::Read(bytes, reading)) => {
            Ok(store(target, bytes, reading, &hints, deadlines).await?)
        }
        Err(error) => Err(error),
    };
    Ok(Done { path, reports, consumed, input })
}
