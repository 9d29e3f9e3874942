//! Fingerprints: bytes known again by a short name.

use std::io::{self, BufRead};

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal: 64 digits.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 of what can be read of a file.
///
/// # Errors
/// What reading it says.
pub fn sha256_of(file: impl io::Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut file = io::BufReader::new(file);
    loop {
        let read = file.fill_buf()?;
        if read.is_empty() {
            return Ok(hexadecimal(&digest.finalize()));
        }
        digest.update(read);
        let length = read.len();
        file.consume(length);
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first digits of it, where a name need only be rare.
#[must_use]
pub fn short(bytes: impl AsRef<[u8]>, digits: usize) -> String {
    let mut digest = sha256(bytes);
    digest.truncate(digits);
    digest
}
