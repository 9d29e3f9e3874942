//! Words of the command line -> inputs: folders walked in the order of their names.

use std::path::{Path, PathBuf};

use super::Input;

/// The inputs that words name: a path, an address, or `-` for standard input. Hidden files in a folder
/// are passed over. A path that cannot be walked is an input of its own, refused when its turn comes:
/// the rest goes on.
#[must_use]
pub fn inputs(words: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for word in words {
        if word.as_os_str() == "-" {
            inputs.push(Input::StandardInput);
        } else if let Some(address) = word.to_str().filter(|word| is_address(word)) {
            inputs.push(Input::Address(address.to_owned()));
        } else {
            walk(word, &mut inputs);
        }
    }
    inputs
}

fn is_address(word: &str) -> bool {
    let scheme = word.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

fn walk(path: &Path, inputs: &mut Vec<Input>) {
    let mut pending = vec![path.to_owned()];
    let mut is_named = true;
    while let Some(path) = pending.pop() {
        // A link to a folder is followed where it is named, not below: it may lead back.
        let meta = if is_named { path.metadata() } else { path.symlink_metadata() };
        is_named = false;
        let bytes = meta.as_ref().map_or(0, std::fs::Metadata::len);
        match meta.and_then(|meta| if meta.is_dir() { entries(&path).map(Some) } else { Ok(None) })
        {
            Ok(Some(entries)) => pending.extend(entries),
            // Reading it says what is wrong with it.
            Ok(None) | Err(_) => inputs.push(Input::File { path, bytes }),
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
