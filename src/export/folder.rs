//! The folder of an export: written beside its place, and put there once it is whole.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use serde_json::Value;
use tempfile::TempDir;

use super::package::{OURS, PACKAGE};
use crate::error::{Code, Error, Result};

/// A folder that is not in its place yet. Dropped, it is gone.
pub struct Folder {
    out: PathBuf,
    beside: TempDir,
    new: PathBuf,
}

impl Folder {
    /// Makes a folder beside the place where it is to be.
    ///
    /// # Errors
    /// `folder_in_use` where something else is in that place; `output_failed`.
    pub fn beside(out: &Path) -> Result<Self> {
        let shown = out.display().to_string();
        let failed = |error: io::Error| failed(&shown, &error);
        let out = match fs::canonicalize(out) {
            Ok(there) => {
                of_an_export(&there)
                    .map_err(|what| Error::new(Code::FolderInUse, format!("{shown} {what}")))?;
                there
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::path::absolute(out).map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        let beside = out.parent().ok_or_else(|| {
            Error::new(Code::FolderInUse, format!("{shown} is no folder that can be replaced"))
        })?;
        let beside = tempfile::Builder::new().prefix(".gongkai-export-").tempdir_in(beside);
        let beside = beside.map_err(failed)?;
        let new = beside.path().join("new");
        fs::create_dir(&new).map_err(failed)?;
        Ok(Self { out, beside, new })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.new
    }

    /// Puts it in its place; an earlier export that was there is gone then.
    ///
    /// # Errors
    /// `output_failed`.
    pub fn put(self) -> Result<()> {
        let failed = |error: io::Error| failed(&self.out.display().to_string(), &error);
        let old = self.beside.path().join("old");
        let replaces = match fs::rename(&self.out, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(failed(error)),
        };
        if let Err(error) = fs::rename(&self.new, &self.out) {
            if replaces {
                fs::rename(&old, &self.out).map_err(failed)?;
            }
            return Err(failed(error));
        }
        self.beside.close().map_err(failed)
    }
}

/// Whether a folder is empty, or holds an earlier export and nothing else; if not, what is wrong.
fn of_an_export(folder: &Path) -> Result<(), String> {
    if std::env::current_dir().is_ok_and(|current| current == folder) {
        return Err("is the working folder, which an export would replace".to_owned());
    }
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot be listed: {error}"))?;
    let names: Result<Vec<String>, _> =
        entries.map(|entry| entry.map(|entry| entry.file_name().display().to_string())).collect();
    let names = names.map_err(|error| format!("cannot be listed: {error}"))?;
    let package = fs::read(folder.join(PACKAGE)).unwrap_or_default();
    let package: Value = serde_json::from_slice(&package).unwrap_or_default();
    let files = package["resources"].as_array().filter(|_| package[OURS].is_object());
    let is_ours = |name: &String| {
        let mut files = files.into_iter().flatten();
        files.any(|file| file["path"] == name.as_str())
            || (name == PACKAGE && package[OURS].is_object())
    };
    match names.iter().find(|name| !is_ours(name)) {
        None => Ok(()),
        Some(name) => Err(format!("holds {name}, which is of no export")),
    }
}

/// A file or folder that cannot be written.
pub fn failed(path: &str, error: &io::Error) -> Error {
    Error::new(Code::OutputFailed, format!("{path}: {error}"))
}
