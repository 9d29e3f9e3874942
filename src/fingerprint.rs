//! Fingerprints: bytes known again by a short name.

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal: 64 digits.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first digits of it, where a name need only be rare.
#[must_use]
pub fn short(bytes: impl AsRef<[u8]>, digits: usize) -> String {
    let mut digest = sha256(bytes);
    digest.truncate(digits);
    digest
}
