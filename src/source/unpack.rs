//! One input -> its documents: what is compressed is decompressed, archives are opened, NDJSON is
//! taken apart, down to a bounded depth.

use std::{
    io::{self, BufReader, Read, SeekFrom},
    ops::ControlFlow,
    rc::Rc,
};

use flate2::read::MultiGzDecoder;
use tempfile::SpooledTempFile;

use super::{
    Item, Seekable, Sink,
    kind::{HEAD_BYTES, Kind},
    lines::{Line, Lines, are_objects, is_whole},
    meter::{Meter, Packed, Unpacked},
    names::Name,
};
use crate::{
    error::{Code, Error},
    limits,
};

/// Takes one input apart.
pub struct Unpacker<'a, 'sink> {
    pub(super) meter: Rc<Meter>,
    url: Option<String>,
    sink: &'a mut Sink<'sink>,
    /// Whether it was said that the input is cut off.
    is_cut: bool,
}

impl<'a, 'sink> Unpacker<'a, 'sink> {
    pub fn new(url: Option<String>, sink: &'a mut Sink<'sink>) -> Self {
        Self { meter: Rc::default(), url, sink, is_cut: false }
    }

    /// The documents of a file.
    pub fn file(&mut self, name: &Name, file: &mut dyn Seekable) -> ControlFlow<()> {
        let mut file = Packed { inner: file, meter: Rc::clone(&self.meter) };
        let mut head = [0; 4];
        let is_zip = file.read(&mut head).and_then(|_| io::Seek::rewind(&mut file));
        match is_zip {
            Ok(()) if Kind::of(&head) == Kind::Zip => self.zip(name, &mut file, 0),
            Ok(()) => self.contents(name, &mut file, 0),
            Err(error) => self.broken(name, &error),
        }
    }

    /// The documents of a stream.
    pub fn stream(&mut self, name: &Name, stream: &mut dyn Read) -> ControlFlow<()> {
        let mut stream = Packed { inner: stream, meter: Rc::clone(&self.meter) };
        self.contents(name, &mut stream, 0)
    }

    /// The documents in what comes out of `depth` archives and compressions.
    pub(super) fn contents(
        &mut self,
        name: &Name,
        stream: &mut dyn Read,
        depth: usize,
    ) -> ControlFlow<()> {
        let mut head = Vec::new();
        if let Err(error) = stream.take(HEAD_BYTES as u64).read_to_end(&mut head) {
            return self.broken(name, &error);
        }
        let kind = Kind::of(&head);
        if depth >= limits::ARCHIVE_DEPTH && !matches!(kind, Kind::Json | Kind::Document) {
            let detail =
                format!("archives lie in each other deeper than {}", limits::ARCHIVE_DEPTH);
            return self.refuse(name, Error::new(Code::ArchiveTooLarge, detail));
        }
        let mut stream = head.as_slice().chain(stream);
        match kind {
            Kind::Gzip => self.layer(name, MultiGzDecoder::new(stream), depth),
            Kind::Zstd => match zstd::Decoder::new(stream) {
                Ok(stream) => self.layer(name, stream, depth),
                Err(error) => self.broken(name, &error),
            },
            Kind::Zip => self.spooled_zip(name, &mut stream, depth),
            Kind::Tar => self.tar(name, &mut stream, depth),
            Kind::Json => self.json(name, &mut stream),
            Kind::Document => self.document(name, &mut stream),
        }
    }

    fn layer(&mut self, name: &Name, stream: impl Read, depth: usize) -> ControlFlow<()> {
        let mut stream = Unpacked { inner: stream, meter: Rc::clone(&self.meter) };
        self.contents(&name.decompressed(), &mut stream, depth + 1)
    }

    /// A ZIP file that comes as a stream: its directory stands at its end.
    fn spooled_zip(&mut self, name: &Name, stream: &mut dyn Read, depth: usize) -> ControlFlow<()> {
        let mut file = SpooledTempFile::new(limits::DOCUMENT_BYTES);
        let most = limits::FETCH_BYTES;
        match io::copy(&mut stream.take(most + 1), &mut file) {
            Ok(bytes) if bytes > most => {
                let detail = format!("a ZIP file in a stream may have {most} bytes");
                self.refuse(name, Error::new(Code::ArchiveTooLarge, detail))
            }
            Ok(_) => self.zip(name, &mut file, depth),
            Err(error) => self.broken(name, &error),
        }
    }

    /// A report as JSON, or one a line.
    fn json(&mut self, name: &Name, stream: &mut dyn Read) -> ControlFlow<()> {
        let mut lines = Lines::new(BufReader::new(stream));
        let (first, second) = match first_lines(&mut lines) {
            Ok(found) => found,
            Err(error) => return self.broken(name, &error),
        };
        let [.., Line { bytes: Some(line), .. }] = &first[..] else {
            // Too long for a report, whatever follows.
            return self.lines(name, first.into_iter().chain(second), lines);
        };
        let is_ndjson = second.as_ref().is_some_and(|second| {
            let second = second.bytes.as_deref().unwrap_or(b"{");
            is_whole(line) || are_objects(line, second)
        });
        if is_ndjson {
            return self.lines(name, first.into_iter().chain(second), lines);
        }
        let read: Vec<u8> =
            first.into_iter().chain(second).filter_map(|line| line.bytes).flatten().collect();
        self.document(name, &mut read.as_slice().chain(lines.rest()))
    }

    fn lines(
        &mut self,
        name: &Name,
        first: impl IntoIterator<Item = Line>,
        mut lines: Lines<impl io::BufRead>,
    ) -> ControlFlow<()> {
        for line in first {
            self.line(name, line)?;
        }
        loop {
            match lines.next() {
                Ok(Some(line)) => self.line(name, line)?,
                Ok(None) => return ControlFlow::Continue(()),
                Err(error) => return self.broken(name, &error),
            }
        }
    }

    fn line(&mut self, name: &Name, line: Line) -> ControlFlow<()> {
        let name = name.line(line.number);
        if line.is_blank() {
            return ControlFlow::Continue(());
        }
        let Some(mut bytes) = line.bytes else { return self.refuse(&name, too_large()) };
        bytes.truncate(bytes.trim_ascii_end().len());
        self.give(&name, Ok(bytes))
    }

    /// A document as it is.
    pub(super) fn document(&mut self, name: &Name, stream: &mut dyn Read) -> ControlFlow<()> {
        let mut bytes = Vec::new();
        match stream.take(limits::DOCUMENT_BYTES as u64 + 1).read_to_end(&mut bytes) {
            Ok(count) if count > limits::DOCUMENT_BYTES => {
                drop(bytes);
                self.refuse(name, too_large())
            }
            Ok(_) => self.give(name, Ok(bytes)),
            Err(error) => self.broken(name, &error),
        }
    }

    pub(super) fn refuse(&mut self, name: &Name, error: Error) -> ControlFlow<()> {
        self.give(name, Err(error))
    }

    /// Refuses what cannot be read to its end.
    pub(super) fn broken(&mut self, name: &Name, error: &io::Error) -> ControlFlow<()> {
        if self.meter.is_over() {
            return self.cut_off(name);
        }
        let code = match error.raw_os_error() {
            Some(_) => Code::FileUnreadable,
            None => Code::BrokenDocument,
        };
        self.refuse(name, Error::new(code, error.to_string()))
    }

    /// Says, once, that the rest of the input is left out.
    pub(super) fn cut_off(&mut self, name: &Name) -> ControlFlow<()> {
        if std::mem::replace(&mut self.is_cut, true) {
            return ControlFlow::Continue(());
        }
        let detail = format!(
            "it unpacks to more than {} bytes and {} times its size, or has more than {} members; what follows is left out",
            limits::UNPACKED_BYTES,
            limits::UNPACKED_RATIO,
            limits::ARCHIVE_MEMBERS
        );
        self.refuse(name, Error::new(Code::ArchiveTooLarge, detail))
    }

    fn give(&mut self, name: &Name, bytes: Result<Vec<u8>, Error>) -> ControlFlow<()> {
        (self.sink)(Item {
            name: name.full.clone(),
            file_name: name.file.clone(),
            url: self.url.clone(),
            bytes,
            consumed: self.meter.packed(),
        })
    }
}

/// The lines up to the first that is not blank, and the next such line.
fn first_lines(lines: &mut Lines<impl io::BufRead>) -> io::Result<(Vec<Line>, Option<Line>)> {
    let mut first = Vec::new();
    while let Some(line) = lines.next()? {
        let is_blank = line.is_blank();
        first.push(line);
        if !is_blank {
            break;
        }
    }
    let mut second = lines.next()?;
    while let Some(line) = second.as_ref().filter(|line| line.is_blank()) {
        // Blank lines after it belong to the same document, should it be one.
        if let (Some(before), Some(blank)) =
            (first.last_mut().and_then(|line| line.bytes.as_mut()), &line.bytes)
        {
            before.extend_from_slice(blank);
        }
        second = lines.next()?;
    }
    Ok((first, second))
}

fn too_large() -> Error {
    let detail = format!("the document has more than {} bytes", limits::DOCUMENT_BYTES);
    Error::new(Code::DocumentTooLarge, detail)
}

/// Back to the beginning.
pub(super) fn rewind(file: &mut dyn Seekable) -> io::Result<()> {
    file.seek(SeekFrom::Start(0)).map(drop)
}
