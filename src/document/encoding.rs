//! Bytes -> characters, in any encoding Chinese sites use; and back: which bytes a character was.
//!
//! A byte order mark decides; then what is valid UTF-8 is UTF-8, whatever is declared; then what is
//! UTF-16 without its mark; then what can only be simplified Chinese is GB18030, which holds GB2312 and
//! GBK; then the declared charset where it decodes without errors; then a guess.

use std::collections::{BTreeMap, BTreeSet};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, CoderResult, Decoder, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS,
    UTF_8, UTF_16BE, UTF_16LE,
};

use crate::error::{Code, Error, Result};

/// How far into a page its charset is looked for.
const DECLARATION_BYTES: usize = 4096;
/// Characters that cannot be read, one in so many, make a text unreadable.
const UNREADABLE_ONE_IN: usize = 50;
/// Encodings of other languages, in which pairs of bytes look like Chinese ones.
const EAST_ASIAN: [&Encoding; 4] = [EUC_JP, EUC_KR, ISO_2022_JP, SHIFT_JIS];

/// The text and its encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, &'static Encoding)> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return readable(text.into_owned(), encoding);
    }
    if let Some(encoding) = utf16(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return readable(text.into_owned(), encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return readable(text.to_owned(), UTF_8);
    }
    if let Some(text) = damaged_utf8(bytes) {
        return readable(text, UTF_8);
    }
    let declared = declared(bytes).filter(|encoding| *encoding != UTF_8);
    let is_foreign = declared.is_some_and(|encoding| EAST_ASIAN.contains(&encoding));
    let simplified = Some(GB18030).filter(|_| !is_foreign && is_simplified(bytes));
    let guess = simplified.is_none().then(|| guess(bytes));
    let traditional = guess.filter(|guess| *guess == BIG5 && !is_foreign);
    for encoding in [simplified, traditional, declared, Some(GB18030)].into_iter().flatten() {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return readable(text.into_owned(), encoding);
        }
    }
    let guess = guess.or(simplified).unwrap_or(GB18030);
    let (text, _) = guess.decode_without_bom_handling(bytes);
    readable(text.into_owned(), guess)
}

/// Which UTF-16 bytes without its mark are: what is ASCII in them has a zero byte on the same side, and
/// all are characters.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes[..bytes.len().min(DECLARATION_BYTES)].as_chunks::<2>().0;
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (big, little) = (zeros(0), zeros(1));
    if big == little || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let unit = |pair: &[u8; 2]| match big > little {
        true => u16::from_be_bytes(*pair),
        false => u16::from_le_bytes(*pair),
    };
    // The last unit may be the first half of a character.
    let is_half = pairs.last().is_some_and(|pair| (0xD800..0xDC00).contains(&unit(pair)));
    let units = pairs[..pairs.len() - usize::from(is_half)].iter().map(unit);
    let is_text = char::decode_utf16(units)
        .all(|unit| unit.is_ok_and(|c| !c.is_control() || c.is_whitespace()));
    is_text.then_some(if big > little { UTF_16BE } else { UTF_16LE })
}

/// Whether most pairs of bytes are common characters of GB2312, as in Big5 they are not.
fn is_simplified(bytes: &[u8]) -> bool {
    let (mut characters, mut common) = (0_usize, 0_usize);
    let mut rest = bytes;
    while let [lead, after @ ..] = rest {
        rest = match (lead, after) {
            (..0x80, after) | (_, after @ []) => after,
            // Four bytes: a rare character.
            (_, [b'0'..=b'9', _, _, after @ ..]) => after,
            (0xA1..=0xA3, [_, after @ ..]) => after,
            (lead, [trail, after @ ..]) => {
                characters += 1;
                common += usize::from((0xB0..=0xD7).contains(lead) && *trail >= 0xA1);
                after
            }
        };
    }
    characters > 0 && common * 5 >= characters * 3
}

/// The encoding of what is not simplified Chinese.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    widened(detector.guess(Some(b"tw"), Utf8Detection::Allow))
}

/// At which bytes of a file these bytes of its text stand, by the text's; those that are not there are
/// left out.
pub(super) fn in_file(
    bytes: &[u8],
    encoding: &'static Encoding,
    text: &BTreeSet<usize>,
) -> BTreeMap<usize, usize> {
    let mark = Encoding::for_bom(bytes).map_or(0, |(_, mark)| mark);
    let mut position = Position {
        decoder: encoding.new_decoder_without_bom_handling(),
        bytes: &bytes[mark..],
        read: 0,
        written: 0,
    };
    text.iter().map_while(|&at| Some((at, mark + position.at(at)?))).collect()
}

/// How far a file is decoded.
struct Position<'a> {
    decoder: Decoder,
    bytes: &'a [u8],
    read: usize,
    written: usize,
}

impl Position<'_> {
    /// Decodes until so many bytes of text are there; how many of the file that took.
    fn at(&mut self, target: usize) -> Option<usize> {
        /// The last bytes are decoded one by one, so as not to go past a character.
        const ONE_BY_ONE: usize = 16;
        let mut text = [0; 4096];
        while self.written < target {
            let room = (target - self.written).saturating_sub(ONE_BY_ONE).min(text.len());
            let rest = &self.bytes[self.read..];
            let (source, target) = if room >= ONE_BY_ONE {
                (rest, &mut text[..room])
            } else {
                (&rest[..rest.len().min(1)], &mut text[..])
            };
            let is_last = source.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, target, is_last);
            self.read += read;
            self.written += written;
            if is_last && result == CoderResult::InputEmpty {
                break;
            }
        }
        (self.written >= target).then_some(self.read)
    }
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
    let encoding = Encoding::for_label(label.as_bytes()).map(widened)?;
    // A declaration that can be read as ASCII is not in UTF-16.
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

fn widened(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The text, unless too much of it is no characters at all.
fn readable(text: String, encoding: &'static Encoding) -> Result<(String, &'static Encoding)> {
    let is_suspect =
        |byte: u8| (byte < b' ' && !byte.is_ascii_whitespace()) || matches!(byte, 0x7F | 0xC2);
    if !text.bytes().any(is_suspect) && !text.contains('\u{FFFD}') {
        return Ok((text, encoding));
    }
    let is_unreadable = |c: &char| *c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace());
    let unreadable = text.chars().filter(is_unreadable).count();
    if unreadable * UNREADABLE_ONE_IN > text.chars().count() {
        let detail = format!("{unreadable} characters cannot be read as {}", encoding.name());
        return Err(Error::new(Code::UnreadableText, detail));
    }
    Ok((text, encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: &str =
        "沂源县水利局2023年政府信息公开工作年度报告，本年新收政府信息公开申请12件。";
    const TRADITIONAL: &str =
        "沂源縣水利局2023年政府信息公開工作年度報告，本年新收政府信息公開申請12件，是不為人的。";

    fn is_read_as(bytes: &[u8], text: &str, encoding: &'static Encoding) {
        let read = decode(bytes).ok();
        assert_eq!(read, Some((text.to_owned(), encoding)), "{encoding:?}");
    }

    #[test]
    fn every_encoding_is_told_from_the_bytes() {
        let with_rare = format!("{SIMPLIFIED}㛃𠀀");
        is_read_as(SIMPLIFIED.as_bytes(), SIMPLIFIED, UTF_8);
        is_read_as(&[b"\xEF\xBB\xBF", SIMPLIFIED.as_bytes()].concat(), SIMPLIFIED, UTF_8);
        is_read_as(&GBK.encode(SIMPLIFIED).0, SIMPLIFIED, GB18030);
        is_read_as(&GB18030.encode(&with_rare).0, &with_rare, GB18030);
        is_read_as(&BIG5.encode(TRADITIONAL).0, TRADITIONAL, BIG5);
        let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        for (encoding, mark, bytes) in [
            (
                UTF_16LE,
                b"\xFF\xFE",
                units(&with_rare).iter().flat_map(|c| c.to_le_bytes()).collect::<Vec<u8>>(),
            ),
            (
                UTF_16BE,
                b"\xFE\xFF",
                units(&with_rare).iter().flat_map(|c| c.to_be_bytes()).collect(),
            ),
        ] {
            is_read_as(&[&mark[..], &bytes].concat(), &with_rare, encoding);
            is_read_as(&bytes, &with_rare, encoding);
        }
    }

    #[test]
    fn a_declaration_that_lies_is_not_believed() {
        for label in ["utf-8", "gb2312", "big5", "iso-8859-1", "utf-16", "nonsense"] {
            for (text, encoding) in
                [(SIMPLIFIED, GB18030), (TRADITIONAL, BIG5), (SIMPLIFIED, UTF_8)]
            {
                let page = format!("<meta charset=\"{label}\">{text}");
                is_read_as(&encoding.encode(&page).0, &page, encoding);
            }
        }
    }

    #[test]
    fn bytes_of_the_text_are_found_in_the_file() {
        let text = format!("\u{feff}{SIMPLIFIED}㛃𠀀{}", "文字".repeat(5_000));
        for encoding in [UTF_8, GB18030] {
            let file = encoding.encode(&text).0;
            let Ok((read, _)) = decode(&file) else { panic!("{encoding:?}") };
            for (from, c) in read.char_indices().filter(|(from, _)| *from < 120 || from % 999 == 0)
            {
                let ends = BTreeSet::from([from, from + c.len_utf8()]);
                let there: Vec<usize> = in_file(&file, encoding, &ends).into_values().collect();
                let [from_byte, to_byte] = there[..] else { panic!("{encoding:?} {from}") };
                let there = encoding.decode(&file[from_byte..to_byte]).0;
                assert_eq!(there, c.to_string(), "{encoding:?} {from}");
            }
            let beyond = BTreeSet::from([read.len() + 1]);
            assert!(in_file(&file, encoding, &beyond).is_empty());
        }
    }
}
