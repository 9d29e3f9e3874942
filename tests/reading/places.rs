//! Where a number stands: the bytes of the file at its cell's place are the number.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use gongkai::{
    document::{self, Block, Cell},
    place::Place,
};
use proptest::prelude::*;

/// How the cells of a page are marked up around their text.
const MARKUP: [(&str, &str); 4] = [
    ("", ""),
    ("<p class=\"MsoNormal\"><span style=\"color:red\">", "<o:p></o:p></span></p>"),
    ("\r\n  &nbsp;<b>", "</b>&nbsp;<br>\r\n"),
    ("<!-- 7 --><s>4</s>", ""),
];

/// A page in an encoding. None of its characters is missing in any.
fn page(
    numbers: &[u32],
    markup: (&str, &str),
    encoding: &'static Encoding,
    has_mark: bool,
) -> Vec<u8> {
    let cells: String = numbers
        .iter()
        .map(|number| format!("<tr><td>公司申</td><td>{}{number}{}</td></tr>", markup.0, markup.1))
        .collect();
    let text = format!(
        "<html><body><p>政府公文，公司申，是不人的：{}</p><table>{cells}</table></body></html>",
        numbers.len()
    );
    let mark = if has_mark { "\u{FEFF}" } else { "" };
    let text = format!("{mark}{text}");
    match encoding {
        encoding if encoding == UTF_16LE => {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        encoding if encoding == UTF_16BE => {
            text.encode_utf16().flat_map(u16::to_be_bytes).collect()
        }
        encoding => encoding.encode(&text).0.into_owned(),
    }
}

fn cells(bytes: &[u8]) -> (Vec<Cell>, &'static Encoding) {
    let document = document::read(bytes).unwrap();
    let cells = document.blocks.into_iter().filter_map(|block| match block {
        Block::Grid(grid) => Some(grid.rows.into_iter().flatten()),
        Block::Text(_) => None,
    });
    (cells.flatten().collect(), document.encoding.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_bytes_at_a_numbers_place_are_the_number(
        numbers in proptest::collection::vec(0..100_000_000_u32, 2..40),
        markup in 0..MARKUP.len(),
        written in 0..7_usize,
    ) {
        let (encoding, has_mark) = [
            (UTF_8, false), (UTF_8, true), (GB18030, false), (BIG5, false),
            (UTF_16LE, true), (UTF_16BE, true), (UTF_16LE, false),
        ][written];
        let bytes = page(&numbers, MARKUP[markup], encoding, has_mark);
        let (cells, read_as) = cells(&bytes);
        let places: Vec<Place> = cells
            .iter()
            .filter(|cell| cell.text.contains(|c: char| c.is_ascii_digit()))
            .map(|cell| cell.place.unwrap())
            .collect();
        let found: Vec<String> = document::places_in_file(&bytes, &places)
            .into_iter()
            .map(|place| {
                let Some(Place::Bytes { from, to }) = place else { panic!("{place:?}") };
                let number = &bytes[from as usize..to as usize];
                read_as.decode_without_bom_handling(number).0.into_owned()
            })
            .collect();
        let printed: Vec<String> = numbers.iter().map(u32::to_string).collect();
        prop_assert_eq!(found, printed);
    }
}
