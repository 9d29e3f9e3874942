//! The program: see `gongkai --help`, and `ARCHITECTURE.md` for where things are.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gongkai::cli::run().into()
}
