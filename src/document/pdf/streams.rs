//! What unpacks without end is refused before anything unpacks it whole.
//!
//! Every packed stream of the file is unpacked piece by piece and counted, also what is packed twice.
//! Ways of packing that have gone out of use are let through only where they cannot grow large, and so
//! are the packed objects of an encrypted file, which are unpacked before their key is known here.

use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_interpret::hayro_syntax::{Pdf, object::Object};

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// What deflated bytes can grow by at most.
const DEFLATE_GROWTH: usize = 1_032;
/// How often a stream may be packed over.
const LAYERS: usize = 4;
/// Ways of packing that grow by this much at most, by what names them.
const OTHERS: [(&[u8], usize); 2] = [(b"LZW", 2_700), (b"RunLength", 64)];
/// What names an encrypted file, and streams of packed objects in it.
const ENCRYPTED: &[u8] = b"/Encrypt";
const OBJECTS: &[u8] = b"ObjStm";
/// Bytes unpacked at a time.
const BUFFER_BYTES: usize = 64 * 1024;
/// Bytes before a stream in which its packing is named.
const DICTIONARY_BYTES: usize = 1_000;

/// Refuses a file whose streams unpack to more than the limits.
pub(super) fn refuse_bombs(bytes: &[u8]) -> Result<()> {
    let is_small = bytes.len().saturating_mul(DEFLATE_GROWTH) < limits::PDF_UNPACKED_BYTES;
    if is_small && !OTHERS.iter().any(|(name, _)| holds(bytes, name)) {
        return Ok(());
    }
    let is_encrypted = holds(bytes, ENCRYPTED);
    let mut unpacked = 0;
    for (start, end) in streams(bytes) {
        let data = &bytes[start..end];
        unpacked += unpacked_bytes(data, limits::PDF_UNPACKED_BYTES, LAYERS);
        let before = &bytes[start.saturating_sub(DICTIONARY_BYTES)..start];
        let grown = OTHERS.iter().filter(|(name, _)| holds(before, name));
        unpacked += grown.map(|(_, growth)| data.len().saturating_mul(*growth)).sum::<usize>();
        if is_encrypted && holds(before, OBJECTS) {
            unpacked += data.len().saturating_mul(DEFLATE_GROWTH);
        }
        refuse_more(unpacked)?;
    }
    Ok(())
}

/// Refuses an encrypted file whose streams, decrypted, unpack to more than the limits.
pub(super) fn refuse_encrypted_bombs(file: &Pdf) -> Result<()> {
    if !holds(file.data().as_ref(), ENCRYPTED) {
        return Ok(());
    }
    let mut unpacked = 0;
    for object in file.objects() {
        let Object::Stream(stream) = object else { continue };
        unpacked += unpacked_bytes(&stream.raw_data(), limits::PDF_UNPACKED_BYTES, LAYERS);
        refuse_more(unpacked)?;
    }
    Ok(())
}

fn refuse_more(unpacked: usize) -> Result<()> {
    if unpacked <= limits::PDF_UNPACKED_BYTES {
        return Ok(());
    }
    let limit = limits::PDF_UNPACKED_BYTES / 1024 / 1024;
    let detail = format!("its streams unpack to more than {limit} MiB");
    Err(Error::new(Code::DocumentTooLarge, detail))
}

fn holds(bytes: &[u8], name: &[u8]) -> bool {
    bytes.windows(name.len()).any(|window| window == name)
}

/// Where the streams of a file may begin and end.
fn streams(bytes: &[u8]) -> Vec<(usize, usize)> {
    const MARK: &[u8] = b"stream";
    let mut marks: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(MARK.len()).position(|window| window == MARK) {
        marks.push(at + found);
        at += found + MARK.len();
    }
    let ends = marks.iter().skip(1).copied().chain([bytes.len()]);
    marks
        .iter()
        .zip(ends)
        .filter(|(mark, _)| !bytes[..**mark].ends_with(b"end"))
        .map(|(mark, end)| {
            let blank = bytes[mark + MARK.len()..]
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            (mark + MARK.len() + blank, end.max(mark + MARK.len() + blank))
        })
        .collect()
}

/// To how many bytes deflated data unpacks, counted up to a limit, over all layers of packing.
fn unpacked_bytes(data: &[u8], limit: usize, layers: usize) -> usize {
    let mut total = 0;
    let mut head = [0_u8; 2];
    head.iter_mut().zip(data).for_each(|(own, byte)| *own = *byte);
    for depth in 1..=layers {
        let is_deflated = head[0] & 0x0F == 8 && u16::from_be_bytes(head).is_multiple_of(31);
        if !is_deflated {
            break;
        }
        let mut layer: Box<dyn Read + '_> = Box::new(data);
        for _ in 0..depth {
            layer = Box::new(ZlibDecoder::new(layer));
        }
        let mut buffer = vec![0_u8; BUFFER_BYTES];
        let mut bytes = 0;
        while let Ok(read @ 1..) = layer.read(&mut buffer) {
            if bytes == 0 {
                head = [buffer[0], buffer[1.min(read - 1)]];
            }
            bytes += read;
            if total + bytes > limit {
                return total + bytes;
            }
        }
        if bytes == 0 {
            break;
        }
        total += bytes;
    }
    total
}
