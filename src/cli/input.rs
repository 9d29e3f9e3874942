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

/// The documents of paths, folders walked in the order of their names; hidden files are passed over.
///
/// # Errors
/// `file_unreadable` for a path that is not there.
pub fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::StandardInput);
        } else {
            walk(path, &mut inputs)?;
        }
    }
    Ok(inputs)
}

fn walk(path: &Path, inputs: &mut Vec<Input>) -> Result<()> {
    let unreadable = |error: std::io::Error| {
        Error::new(Code::FileUnreadable, format!("{}: {error}", path.display()))
    };
    // A link to a folder is not followed: it may lead back to where the walk came from.
    let mut pending = vec![path.to_owned()];
    let mut is_named = true;
    while let Some(path) = pending.pop() {
        let meta =
            if is_named { path.metadata() } else { path.symlink_metadata() }.map_err(unreadable)?;
        is_named = false;
        if !meta.is_dir() {
            inputs.push(Input::File(path));
            continue;
        }
        let mut entries = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                entries.push(entry.path());
            }
        }
        // The last pushed is walked first.
        entries.sort_unstable_by(|a, b| b.cmp(a));
        pending.extend(entries);
    }
    Ok(())
}
