//! A database and a server of its own for each test.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use gongkai::{
    answers::Answers,
    check::Deadlines,
    database::Database,
    import::{self, Summary, Target},
    limits,
    reading::HintArgs,
    server,
};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The project's own documents.
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/documents")
}

/// Real reports, where they lie beside the project.
pub fn real_reports() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports");
    folder.is_dir().then_some(folder)
}

/// A file of a folder whose name begins so.
pub fn file(folder: &Path, beginning: &str) -> PathBuf {
    let mut files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(beginning)).unwrap()
}

/// A database in a folder of its own, removed at the end.
pub struct Store {
    pub folder: Arc<TempDir>,
    pub database: Database,
}

impl Store {
    /// A database with nothing in it but the regions.
    pub async fn empty() -> Self {
        static EMPTY: OnceCell<TempDir> = OnceCell::const_new();
        let made = EMPTY.get_or_init(|| async { made(&[]).await });
        Self::copy(made.await).await
    }

    /// A database with the samples.
    pub async fn with_samples() -> Self {
        static SAMPLES: OnceCell<TempDir> = OnceCell::const_new();
        let made = SAMPLES.get_or_init(|| async {
            let mut paths: Vec<PathBuf> =
                samples().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
            paths.sort();
            made(&paths).await
        });
        Self::copy(made.await).await
    }

    /// A copy of the database in a folder.
    pub async fn copy(made: &TempDir) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(made.path().join("gongkai.db"), folder.path().join("gongkai.db")).unwrap();
        let database = Database::open(&url(folder.path())).await.unwrap();
        Self { folder: Arc::new(folder), database }
    }

    pub fn url(&self) -> String {
        url(self.folder.path())
    }

    pub async fn import(&self, paths: &[PathBuf]) -> Summary {
        import(&self.database, paths).await
    }

    pub async fn serve(&self) -> Server {
        Server::over(self, &self.database, limits::CACHE_BYTES).await
    }

    /// The database, and how many SQL statements its readers run; asking for the data version is none of them.
    pub fn counting(&self) -> (Database, Arc<AtomicUsize>) {
        let statements = Arc::new(AtomicUsize::new(0));
        let mut database = self.database.clone();
        let counted = Arc::clone(&statements);
        database.read.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        (database, statements)
    }

    /// A server that keeps so many bytes of answers, 0 for none.
    pub async fn serve_keeping(&self, cache_bytes: u64) -> Server {
        Server::over(self, &self.database, cache_bytes).await
    }
}

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("gongkai.db").display())
}

async fn made(paths: &[PathBuf]) -> TempDir {
    // Kept to the end of the process, which removes nothing: so in the build's own folder.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let database = Database::open(&url(folder.path())).await.unwrap();
    let summary = import(&database, paths).await;
    assert!(summary.refused.is_empty(), "{:?}", summary.refused);
    database.close().await;
    folder
}

async fn import(database: &Database, paths: &[PathBuf]) -> Summary {
    let mut summary = Summary::default();
    for path in paths {
        let hints = HintArgs::default().hints(Some(path)).unwrap();
        let bytes = std::fs::read(path).unwrap();
        let name = path.display().to_string();
        let target = Target::Database(database);
        import::document(target, &name, bytes, &hints, &Deadlines::default(), &mut summary)
            .await
            .unwrap();
    }
    summary
}

/// A server on a free port of this machine.
pub struct Server {
    pub base: String,
    pub client: reqwest::Client,
    pub answers: Answers,
    /// Keeps the database's folder for as long as it is served.
    _folder: Arc<TempDir>,
}

impl Server {
    /// Over a database that may be another one than the store's, keeping so many bytes of answers.
    pub async fn over(store: &Store, database: &Database, cache_bytes: u64) -> Self {
        Self::known_as(None, store, database, cache_bytes).await
    }

    /// One that readers know by another address than where it listens.
    pub async fn known_as(
        public_url: Option<&str>,
        store: &Store,
        database: &Database,
        cache_bytes: u64,
    ) -> Self {
        let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let answers = Answers::new(database, public_url.unwrap_or(&base), cache_bytes);
        let router = server::router(database, &answers, Deadlines::default());
        tokio::spawn(server::serve(listener, router, std::future::pending()));
        Self {
            base,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            answers,
            _folder: Arc::clone(&store.folder),
        }
    }

    /// A GET below `/api/v1`, with parameters.
    pub async fn get(&self, path: &str, params: &[(&str, &str)]) -> Response {
        self.client.get(format!("{}/api/v1{path}", self.base)).query(params).send().await.unwrap()
    }

    /// The JSON of a GET that is answered.
    pub async fn json(&self, path: &str, params: &[(&str, &str)]) -> Value {
        let response = self.get(path, params).await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path} {params:?}: {body}");
        body
    }

    /// The status and JSON of a GET that is refused.
    pub async fn problem(&self, path: &str, params: &[(&str, &str)]) -> (u16, Value) {
        let response = self.get(path, params).await;
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json",
            "{path} {params:?}"
        );
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The answer to a GraphQL query.
    pub async fn graphql(&self, query: &str) -> Value {
        let body = serde_json::json!({ "query": query });
        let sent =
            self.client.post(format!("{}/graphql", self.base)).json(&body).send().await.unwrap();
        sent.json().await.unwrap()
    }

    /// The data of a GraphQL query that is answered without errors.
    pub async fn graphql_data(&self, query: &str) -> Value {
        let mut answer = self.graphql(query).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].take()
    }
}

/// Runs the program in a folder.
pub fn gongkai(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongkai")).current_dir(folder).args(args).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
