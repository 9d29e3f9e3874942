//! How many documents a second one core reads and checks, without the database: `benches/README.md`.
//!
//! Beside each document stand two baselines over the same bytes, since machines differ and are busy:
//! the bytes checked to be UTF-8 and its tags counted, and for pages the tokens alone.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

use std::{fs, hint::black_box, path::Path};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gongkai::{check::Deadlines, document, extract::draft::Hints, reading};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The documents: what each is, and where it lies. What is not there is left out.
const DOCUMENTS: [(&str, &str); 5] = [
    ("page, 24 KB", "samples/documents/沭阳县人民政府-2023.html"),
    ("page, 13 KB", "samples/documents/沭阳县水利局-2023.html"),
    ("text, 5 KB", "samples/documents/沂源县人民政府-2020.txt"),
    ("page, 104 KB", "../shared/reports/008-沭阳县发展和改革局-2023.html"),
    ("PDF, 294 KB", "../shared/reports/002-洪泽区人民政府-2023.pdf"),
];

fn documents(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let hints = Hints::default();
    let deadlines = Deadlines::default();
    let mut group = criterion.benchmark_group("reading");
    group.throughput(Throughput::Elements(1));
    for (name, path) in DOCUMENTS {
        let Ok(bytes) = fs::read(root.join(path)) else { continue };
        if reading::read(&bytes, &hints, &deadlines).is_err() {
            continue;
        }
        group.bench_with_input(BenchmarkId::new("read and check", name), &bytes, |bench, bytes| {
            bench.iter(|| reading::read(black_box(bytes), &hints, &deadlines).unwrap());
        });
        group.bench_with_input(BenchmarkId::new("blocks alone", name), &bytes, |bench, bytes| {
            bench.iter(|| document::read(black_box(bytes)).unwrap());
        });
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        group.bench_with_input(BenchmarkId::new("tokens alone", name), text, |bench, text| {
            bench.iter(|| html5gum::Tokenizer::new(black_box(text)).count());
        });
        group.bench_with_input(BenchmarkId::new("bytes alone", name), &bytes, |bench, bytes| {
            bench.iter(|| {
                let text = std::str::from_utf8(black_box(bytes)).unwrap();
                text.bytes().filter(|byte| *byte == b'<').count()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
