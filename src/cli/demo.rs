//! `gongkai demo`: the sample reports, imported and served.

use std::path::{Path, PathBuf};

use clap::Args;
use include_dir::{Dir, include_dir};

use super::{Ended, output, serve};
use crate::{
    config::{BindArgs, CacheArgs, Config},
    database::Database,
    error::{Code, Error, Result},
    import::{self, Summary, Target},
    reading::HintArgs,
    server,
};

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples/documents");

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The folder for the database; a temporary one, removed at the end, where it is not said
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    bind: BindArgs,
}

/// Imports the samples into a database of its own, and serves it.
pub async fn run(args: DemoArgs, config: &Config) -> Result<Ended> {
    let listener = server::listen(config.bind(&args.bind)?).await?;
    let temporary = match args.dir {
        Some(_) => None,
        None => Some(tempfile::tempdir().map_err(|error| unusable(&std::env::temp_dir(), &error))?),
    };
    let folder = match (&args.dir, &temporary) {
        (Some(folder), _) => folder.as_path(),
        (None, Some(temporary)) => temporary.path(),
        (None, None) => return Err(Error::internal("neither a folder nor a temporary one")),
    };
    std::fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
    let database =
        Database::open(&format!("sqlite://{}", folder.join("gongkai.db").display())).await?;
    let summary = samples(&database, config).await?;
    output::write(format!(
        "{} sample reports: {} added, {} unchanged; one has real figures, all others are made up and say so\n",
        summary.documents(),
        summary.added,
        summary.unchanged
    ))?;
    serve::serve(listener, database, config, &args.bind.public, &CacheArgs::default()).await
}

async fn samples(database: &Database, config: &Config) -> Result<Summary> {
    let mut summary = Summary::default();
    // In the order of their names, whatever order they were built in: ids follow from it.
    let mut files: Vec<_> = SAMPLES.files().collect();
    files.sort_by_key(|file| file.path());
    for file in files {
        let path = file.path();
        let hints = HintArgs::default().hints(Some(path))?;
        let (name, bytes) = (path.display().to_string(), file.contents().to_vec());
        import::document(
            Target::Database(database),
            &name,
            bytes,
            &hints,
            &config.deadlines(),
            &mut summary,
        )
        .await?;
    }
    match summary.refused.first() {
        None => Ok(summary),
        Some(refused) => {
            Err(Error::internal(format!("sample {}: {}", refused.path, refused.why.message)))
        }
    }
}

fn unusable(folder: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::DatabaseMissing, format!("the folder {}: {error}", folder.display()))
}
