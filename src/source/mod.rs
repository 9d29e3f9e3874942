//! Where documents come from: paths and addresses -> documents, one at a time.
//!
//! Takes files, folders with all below them, standard input and addresses; opens archives (ZIP, tar),
//! takes off compression (gzip, zstd) and takes NDJSON apart by its lines, each told from its content.
//! Gives every document's bytes, never more of them than a document may have, or why there are none.
//! Refuses what cannot be opened, fetched or unpacked within the limits; the rest goes on. Never
//! writes below a name that an archive states, and holds one document in memory at a time.

mod address;
mod archive;
mod folder;
mod kind;
mod lines;
mod meter;
mod names;
mod unpack;

pub use address::Fetcher;
pub use folder::inputs;

use std::{
    fs::File,
    io::{BufReader, Read, Seek, stdin},
    ops::ControlFlow,
    path::PathBuf,
};

use crate::error::{Code, Error, Result};
use names::Name;
use unpack::Unpacker;

/// What is named on the command line, or lies in a folder named there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, and how many bytes it has.
    File {
        path: PathBuf,
        bytes: u64,
    },
    StandardInput,
    /// An address: http or https.
    Address(String),
}

/// A document, or the reason why there is none.
#[derive(Debug)]
pub struct Item {
    /// As it is called in answers: `folder/a.zip/inner/b.html`, `reports.ndjson:17`.
    pub name: String,
    /// The file's own name, which may say whose report it is.
    pub file_name: Option<String>,
    /// The address it was fetched from.
    pub url: Option<String>,
    pub bytes: Result<Vec<u8>>,
    /// How many bytes of the input are read so far.
    pub consumed: u64,
}

/// Takes the items; breaks off where no more are wanted.
pub type Sink<'a> = dyn FnMut(Item) -> ControlFlow<()> + 'a;

/// What can both be read and moved about in.
trait Seekable: Read + Seek {}
impl<R: Read + Seek> Seekable for R {}

impl Input {
    /// How many bytes it has, where that is known before it is read.
    #[must_use]
    pub const fn bytes(&self) -> Option<u64> {
        match self {
            Self::File { bytes, .. } => Some(*bytes),
            Self::StandardInput | Self::Address(_) => None,
        }
    }

    /// Gives every document in it to the sink, in the order they stand there.
    pub fn read(&self, fetcher: &Fetcher, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match self {
            Self::File { path, .. } => {
                let name = Name::of_path(path);
                let mut unpacker = Unpacker::new(None, sink);
                match File::open(path) {
                    Ok(file) => unpacker.file(&name, &mut BufReader::new(file)),
                    Err(error) => {
                        let error = Error::new(Code::FileUnreadable, error.to_string());
                        unpacker.refuse(&name, error)
                    }
                }
            }
            Self::StandardInput => {
                Unpacker::new(None, sink).stream(&Name::standard_input(), &mut stdin().lock())
            }
            Self::Address(address) => {
                let name = Name::of_address(address);
                let mut unpacker = Unpacker::new(Some(name.full.clone()), sink);
                match fetcher.fetch(address) {
                    Ok(mut file) => unpacker.file(&name, &mut file),
                    Err(error) => unpacker.refuse(&name, error),
                }
            }
        }
    }
}
