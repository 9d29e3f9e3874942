//! Any bytes -> blocks: where a block says it stands, the file has its text.

#![no_main]

use gongkai::{
    document::{self, Block},
    place::Place,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = document::read(bytes) else { return };
    // Each place costs a walk through the file.
    for block in document.blocks.iter().take(50) {
        let Block::Text(paragraph) = block else { continue };
        let Some(place @ Place::Bytes { .. }) = paragraph.place else { continue };
        let [Some(Place::Bytes { from, to })] = document::places_in_file(bytes, &[place])[..] else {
            panic!("{place:?} is not in the file");
        };
        assert!(from < to && to as usize <= bytes.len());
    }
});
