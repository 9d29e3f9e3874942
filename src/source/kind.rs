//! What a stream of bytes is, told from its beginning: an archive, something compressed, JSON, or a
//! document as it is.

/// What comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Gzip,
    Zstd,
    /// A ZIP file: an archive, or a document such as DOCX.
    Zip,
    Tar,
    /// JSON objects: a report, or one a line.
    Json,
    Document,
}

/// The bytes that tell: a tar header.
pub const HEAD_BYTES: usize = 512;
/// Where a tar header has the sum of its bytes.
const TAR_SUM: std::ops::Range<usize> = 148..156;

impl Kind {
    /// The kind of what begins so.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            _ if is_tar(head) => Self::Tar,
            _ if crate::canonical::is_json(head) => Self::Json,
            _ => Self::Document,
        }
    }
}

/// A tar header's sum agrees with its bytes, the sum's own taken as spaces.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..HEAD_BYTES) else { return false };
    let stated = str::from_utf8(&header[TAR_SUM]).unwrap_or_default();
    let stated = stated.trim_matches(|digit: char| digit == '\0' || digit == ' ');
    let is_sum = |at: usize| TAR_SUM.contains(&at);
    let sum: u32 = (header.iter().enumerate())
        .map(|(at, &byte)| if is_sum(at) { u32::from(b' ') } else { u32::from(byte) })
        .sum();
    header[0] != 0 && u32::from_str_radix(stated, 8) == Ok(sum)
}
