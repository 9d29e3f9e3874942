//! Answers that are named, and kept: ETag and 304, and the answer itself from memory where the same
//! question was answered on the same data.
//!
//! Stands in front of REST and GraphQL. Takes a request, makes the question out of it, asks which data
//! there are, and answers from that where it can; else the routes behind it answer, once for all who ask
//! the same at the same time. Never answers of data older than those that were there when the question
//! came, never keeps what is no answer (an error, what is too long), and reads no table but the data
//! version. `docs/design/answers.md` says why.

mod answer;
mod compression;
pub mod conditional;
mod flights;
mod kept;
mod newest;
mod question;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{database::Database, error::Error, limits};
use answer::{Answer, Taken};
use compression::Encoding;
use conditional::Name;
use flights::Flights;
use kept::{Kept, Key};
use newest::{Newest, Seen};
use question::Question;

pub use compression::COMPRESSED;
pub use conditional::DATA_VERSION;

/// Names answers and keeps them; a clone shares what is kept.
#[derive(Clone, Debug)]
pub struct Answers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    newest: Newest,
    /// None where nothing is to be kept.
    keeping: Option<Keeping>,
    /// Citations hold it, so it is part of every question.
    public_url: String,
    found: AtomicU64,
}

#[derive(Debug)]
struct Keeping {
    kept: Kept,
    flights: Flights<Key, Found>,
}

/// What is kept, and what that took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Answers kept, each encoding of one counted.
    pub answers: usize,
    /// Their bytes, with all that keeping them takes.
    pub bytes: u64,
    /// How many times an answer was found anew, by those who keep answers.
    pub found: u64,
    /// Who waits for an answer that is being found.
    pub waiting: usize,
}

/// What was found of a question, for all who asked it.
#[derive(Clone, Debug)]
enum Found {
    /// The whole answer.
    Whole(Arc<Answer>),
    /// One that is too long to be kept: it goes to whoever it was found for.
    Long(Arc<Taken>),
}

impl Answers {
    /// Over a database, known to readers by an address; so many bytes are kept at most, none where 0.
    #[must_use]
    pub fn new(database: &Database, public_url: &str, cache_bytes: u64) -> Self {
        let keeping = (cache_bytes > 0)
            .then(|| Keeping { kept: Kept::new(cache_bytes), flights: Flights::default() });
        Self(Arc::new(Inner {
            newest: Newest::new(database.version.clone()),
            keeping,
            public_url: public_url.to_owned(),
            found: AtomicU64::new(0),
        }))
    }

    /// The address by which readers know the server.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// What is kept now.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let found = self.0.found.load(Ordering::Relaxed);
        match &self.0.keeping {
            None => Figures { found, ..Figures::default() },
            Some(Keeping { kept, flights }) => Figures {
                answers: kept.answers(),
                bytes: kept.bytes(),
                found,
                waiting: flights.waiting(),
            },
        }
    }
}

/// Answers a request by what is kept, else by what is behind.
pub async fn answer(State(answers): State<Answers>, request: Request, next: Next) -> Response {
    let keeps = answers.0.keeping.is_some();
    let (request, question) = Question::of(request, answers.public_url(), keeps).await;
    let Some(question) = question else { return next.run(request).await };
    let seen = match answers.0.newest.get().await {
        Ok(seen) => seen,
        Err(error) if question.is_get => return error.into_response(),
        // GraphQL says in its own way what is wrong.
        Err(_) => return next.run(request).await,
    };
    let asked = Asked { key: question.key(&seen.data), question, seen };
    let name = asked.name();
    if let Some(name) = name.as_ref().filter(|name| name.is_known(request.headers())) {
        return asked.said(name.not_modified());
    }
    let response = match &answers.0.keeping {
        None => Name::put(name.as_ref(), next.run(request).await),
        Some(keeping) => keeping.answer(&answers, &asked, request, next).await,
    };
    asked.said(response)
}

/// A question, and the data there were when it came.
struct Asked {
    question: Question,
    key: Key,
    seen: Arc<Seen>,
}

impl Asked {
    /// The name of its answer: that of a GET has one.
    fn name(&self) -> Option<Name> {
        let name = || Name { key: self.key, seen: Arc::clone(&self.seen) };
        self.question.is_get.then(name)
    }

    /// Says which data there are.
    fn said(&self, mut response: Response) -> Response {
        if self.question.is_get {
            response.headers_mut().insert(DATA_VERSION, self.seen.header.clone());
        }
        response
    }
}

impl Keeping {
    async fn answer(
        &self,
        answers: &Answers,
        asked: &Asked,
        request: Request,
        next: Next,
    ) -> Response {
        let encoding = Encoding::liked(request.headers());
        let key = asked.key.in_encoding(encoding);
        if let Some(answer) = self.kept.get(&key) {
            return answer.response();
        }
        if request.method() == Method::HEAD {
            // Not worth an answer that nobody reads.
            return Name::put(asked.name().as_ref(), next.run(request).await);
        }
        let plain = match self.kept.get(&asked.key) {
            Some(answer) => answer,
            None => match self.found(answers, asked, request, next).await {
                Ok(answer) => answer,
                Err(response) => return response,
            },
        };
        if encoding == Encoding::Identity || !plain.is_kept() || !compression::pays(&plain) {
            return plain.response();
        }
        let inner = Arc::clone(&answers.0);
        let compressed = self.flights.join(key, || {
            Box::pin(async move {
                let compressed = compression::gzip(plain).await;
                inner.keep(key, &compressed);
                Found::Whole(compressed)
            })
        });
        match compressed.await {
            Found::Whole(answer) => answer.response(),
            Found::Long(_) => Error::internal("a kept answer is whole").into_response(),
        }
    }

    /// The answer as it is found, once for all who ask for it now; or one that is too long for that.
    async fn found(
        &self,
        answers: &Answers,
        asked: &Asked,
        request: Request,
        next: Next,
    ) -> Result<Arc<Answer>, Response> {
        let (name, inner, key) = (asked.name(), Arc::clone(&answers.0), asked.key);
        let mut own = Some((request, next));
        let found = self.flights.join(key, || {
            // Whoever is first has it found by the request in hand.
            let own = own.take();
            Box::pin(async move {
                // It may have been kept between the look and this.
                match inner.keeping.as_ref().and_then(|keeping| keeping.kept.get(&key)) {
                    Some(answer) => Found::Whole(answer),
                    None => inner.find(key, name, own).await,
                }
            })
        });
        match (found.await, own) {
            (Found::Whole(answer), _) => Ok(answer),
            (Found::Long(_), Some((request, next))) => {
                Err(Name::put(asked.name().as_ref(), next.run(request).await))
            }
            (Found::Long(long), None) => Err(long.take()),
        }
    }
}

impl Inner {
    /// Has an answer found by the routes, and keeps it where it can be kept.
    async fn find(&self, key: Key, name: Option<Name>, asked: Option<(Request, Next)>) -> Found {
        let Some((request, next)) = asked else {
            let nobody = Error::internal("an answer is found for who asked");
            return Found::Long(Arc::new(Taken::new(nobody.into_response())));
        };
        self.found.fetch_add(1, Ordering::Relaxed);
        let response = Name::put(name.as_ref(), next.run(request).await);
        let most = self.keeping.as_ref().map_or(0, |keeping| keeping.kept.most_bytes());
        match Answer::whole(response, most, limits::KEEP_TIME).await {
            Ok(answer) => {
                let answer = Arc::new(answer);
                // What was imported meanwhile may be in it.
                if answer.is_kept() && self.is_still(key).await {
                    self.keep(key, &answer);
                }
                Found::Whole(answer)
            }
            Err(long) => Found::Long(Arc::new(Taken::new(long))),
        }
    }

    fn keep(&self, key: Key, answer: &Arc<Answer>) {
        if let Some(Keeping { kept, .. }) = &self.keeping {
            kept.insert(key, answer);
            let (answers, bytes) = (kept.answers(), kept.bytes());
            tracing::debug!(answers, bytes, added = answer.bytes(), "kept an answer");
        }
    }

    /// Whether the data are still those of a key.
    async fn is_still(&self, key: Key) -> bool {
        let Some(version) = key.version else { return true };
        self.newest.get().await.is_ok_and(|seen| seen.data.version == version)
    }
}
