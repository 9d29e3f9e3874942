//! Paths -> documents, one at a time: files, folders with all below them, `-` for standard input.

use std::{
    fs::File,
    io::{Read, stdin},
    path::{Path, PathBuf},
};

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// A document that waits to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    File(PathBuf),
    StandardInput,
}

impl Input {
    /// As it is called in answers.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::StandardInput => "-".to_owned(),
        }
    }

    /// The file's path, where it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::StandardInput => None,
        }
    }

    /// Its bytes; never more than a document may have and one that tells it is too large.
    ///
    /// # Errors
    /// `file_unreadable`.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let most = limits::DOCUMENT_BYTES as u64 + 1;
        let read = match self {
            Self::File(path) => {
                File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
            }
            Self::StandardInput => stdin().take(most).read_to_end(&mut bytes),
        };
        read.map_err(|error| Error::new(Code::FileUnreadable, error.to_string()))?;
        Ok(bytes)
    }
}

/// The documents of paths, folders walked in the order of their names; hidden files are passed over. A
/// path that cannot be walked is an input of its own, refused when its turn comes: the rest goes on.
#[must_use]
pub fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::StandardInput);
        } else {
            walk(path, &mut inputs);
        }
    }
    inputs
}

fn walk(path: &Path, inputs: &mut Vec<Input>) {
    let mut pending = vec![path.to_owned()];
    let mut is_named = true;
    while let Some(path) = pending.pop() {
        // A link to a folder is followed where it is named, not below: it may lead back.
        let meta = if is_named { path.metadata() } else { path.symlink_metadata() };
        is_named = false;
        match meta.and_then(|meta| if meta.is_dir() { entries(&path).map(Some) } else { Ok(None) })
        {
            Ok(Some(entries)) => pending.extend(entries),
            // Reading it says what is wrong with it.
            Ok(None) | Err(_) => inputs.push(Input::File(path)),
        }
    }
}

/// What lies in a folder, the last first.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry.path());
        }
    }
    entries.sort_unstable_by(|a, b| b.cmp(a));
    Ok(entries)
}
