//! The program: see `gongkai --help`, and `ARCHITECTURE.md` for where things are.

fn main() -> std::process::ExitCode {
    gongkai::cli::run().into()
}
