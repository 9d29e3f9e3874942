//! Bytes -> characters, in any encoding Chinese sites use.
//!
//! A byte order mark decides; then what is valid UTF-8 is UTF-8, whatever is declared; then the
//! declared charset where it decodes without errors; then a guess. GB2312 and GBK are read as
//! GB18030, which holds both.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

use crate::error::{Code, Error, Result};

/// How far into a page its charset is looked for.
const DECLARATION_BYTES: usize = 4096;
/// Characters that cannot be read, one in so many, make a text unreadable.
const UNREADABLE_ONE_IN: usize = 50;

/// The text and its encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, &'static Encoding)> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return readable(text.into_owned(), encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return readable(text.to_owned(), UTF_8);
    }
    if let Some(text) = damaged_utf8(bytes) {
        return readable(text, UTF_8);
    }
    let declared = declared(bytes).filter(|encoding| *encoding != UTF_8);
    for encoding in declared.into_iter().chain([GB18030]) {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return readable(text.into_owned(), encoding);
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = widened(detector.guess(Some(b"cn"), Utf8Detection::Allow));
    let (text, _) = guess.decode_without_bom_handling(bytes);
    readable(text.into_owned(), guess)
}

/// UTF-8 in which a few characters are damaged, as the last one of a text cut off is. Text in another
/// encoding has more that is no UTF-8 than is.
fn damaged_utf8(bytes: &[u8]) -> Option<String> {
    const WHOLE_TO_DAMAGED: usize = 20;
    let text = String::from_utf8_lossy(bytes);
    let damaged = text.chars().filter(|c| *c == '\u{FFFD}').count();
    let whole = text.chars().filter(|c| !c.is_ascii() && *c != '\u{FFFD}').count();
    (whole > damaged * WHOLE_TO_DAMAGED).then(|| text.into_owned())
}

/// The charset an HTML page or an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_BYTES)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let after = ["charset", "encoding"]
        .iter()
        .find_map(|word| head.split_once(word))
        .map(|(_, after)| after)?;
    let label: String = after
        .trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '"' | '\''))
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    Encoding::for_label(label.as_bytes()).map(widened)
}

fn widened(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The text, unless too much of it is no characters at all.
fn readable(text: String, encoding: &'static Encoding) -> Result<(String, &'static Encoding)> {
    let is_unreadable = |c: &char| *c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace());
    let unreadable = text.chars().filter(is_unreadable).count();
    if unreadable * UNREADABLE_ONE_IN > text.chars().count() {
        let detail = format!("{unreadable} characters cannot be read as {}", encoding.name());
        return Err(Error::new(Code::UnreadableText, detail));
    }
    Ok((text, encoding))
}
