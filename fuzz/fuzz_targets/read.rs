//! Any bytes -> read and checked, or refused: never a panic, and never without end.

#![no_main]

use gongkai::{extract::draft::Hints, reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drop(reading::read(bytes, &Hints::default(), &Default::default()));
});
