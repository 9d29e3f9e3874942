//! The data of a run: reports made up again each time, imported once.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    num::NonZeroUsize,
    ops::ControlFlow,
    path::Path,
    thread,
    time::Instant,
};

use gongkai::{
    check::Deadlines,
    database::Database,
    extract::draft::Hints,
    fingerprint,
    import::{Batch, Summary, Target},
    source,
    synthesize::{Order, Synthesis},
};

use crate::made_up::MadeUp;

/// Makes reports up, and opens the database that has them: kept below `target` under a name that follows
/// from their bytes, so that a second run does not import again.
pub async fn made(reports: usize, seed: u64) -> (MadeUp, Database) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("questions");
    fs::create_dir_all(&folder).unwrap();
    let lines = folder.join(format!("{reports}-{seed}.ndjson"));
    let begin = Instant::now();
    let known = write(&lines, reports, seed);
    eprintln!("{reports} reports made up in {:.1} s", begin.elapsed().as_secs_f64());
    let sha256 = fingerprint::sha256_of(File::open(&lines).unwrap()).unwrap();
    let file = folder.join(format!("{reports}-{}.db", &sha256[..12]));
    if !file.exists() {
        let part = folder.join(format!("{reports}.part.db"));
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", part.display()));
        }
        import(&lines, &part, reports).await;
        fs::rename(&part, &file).unwrap();
    }
    fs::remove_file(&lines).unwrap();
    (known, Database::open(&url(&file)).await.unwrap())
}

fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

fn write(path: &Path, reports: usize, seed: u64) -> MadeUp {
    let order = Order { reports, seed, years: 2019..=2025, defects: 0.0 };
    let mut out = BufWriter::new(File::create(path).unwrap());
    let mut known = MadeUp::default();
    let flow = Synthesis::new(order).unwrap().run(&mut |report| {
        let mut line = serde_json::to_vec(&report.canonical()).unwrap();
        known.add(&line);
        line.push(b'\n');
        out.write_all(&line).unwrap();
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    out.flush().unwrap();
    known
}

async fn import(lines: &Path, file: &Path, reports: usize) {
    let database = Database::open(&url(file)).await.unwrap();
    let begin = Instant::now();
    let mut summary = Summary::default();
    let batch = Batch {
        target: Target::Database(&database),
        inputs: source::inputs(&[lines.to_owned()]),
        hints: Hints::default(),
        deadlines: Deadlines::default(),
        jobs: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    };
    let taken = batch.run(std::future::pending(), |done| {
        summary.add(&done);
        Ok(())
    });
    taken.await.unwrap();
    assert_eq!(summary.added, reports, "{:?}", summary.refused);
    let seconds = begin.elapsed().as_secs_f64();
    eprintln!("imported in {seconds:.0} s, {:.0} a second", reports as f64 / seconds);
    database.close().await;
}
