//! Compression of answers that are kept: once, for all who take it.
//!
//! It says in whole answers what the server's compression layer says in streams: gzip, by the same rules
//! of `Accept-Encoding`. An answer that has its encoding already passes through that layer as it is.

use std::{
    io::{self, Write},
    sync::Arc,
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};
use flate2::{Compression, write::GzEncoder};

use super::answer::Answer;

/// What compresses itself: XLSX and Parquet.
pub const COMPRESSED: &str = "application/vnd.";
/// Below this many bytes compression makes an answer longer; the layer's own figure.
const FEW_BYTES: usize = 32;

/// How the bytes of an answer are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    /// What `Accept-Encoding` likes better; of equals gzip (RFC 9110, 12.5.3).
    pub fn liked(headers: &HeaderMap) -> Self {
        let (mut gzip, mut identity, mut any) = (None, None, None);
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        for coding in values.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','))
        {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let Some(weight) = weight.trim().get(2..).and_then(|q| q.parse::<f32>().ok()) else {
                continue;
            };
            match name.trim() {
                "*" => any = Some(weight),
                name if name.eq_ignore_ascii_case("identity") => identity = Some(weight),
                name if is_gzip(name) => gzip = Some(weight),
                _ => {}
            }
        }
        let gzip = gzip.or(any).unwrap_or(0.0);
        let identity = identity.or(any).unwrap_or(0.0);
        if gzip > 0.0 && gzip >= identity { Self::Gzip } else { Self::Identity }
    }
}

fn is_gzip(name: &str) -> bool {
    name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip")
}

/// Whether an answer is shorter for it.
pub fn pays(answer: &Answer) -> bool {
    let media_type = answer.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_compressed = media_type
        .is_some_and(|name| name.starts_with(COMPRESSED.as_bytes()) || name.starts_with(b"image/"));
    answer.body.len() >= FEW_BYTES && !is_compressed
}

/// The answer in gzip; as it is where that fails.
pub async fn gzip(answer: Arc<Answer>) -> Arc<Answer> {
    let body = answer.body.clone();
    // Work for the processor, not for the thread that serves others.
    let compressed = tokio::task::spawn_blocking(move || compress(&body)).await;
    let Ok(Ok(body)) = compressed else { return answer };
    let mut headers = answer.headers.clone();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    if !headers.contains_key(header::VARY) {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Arc::new(answer.with(headers, body))
}

fn compress(bytes: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    let mut compressed = encoder.finish()?;
    compressed.shrink_to_fit();
    Ok(compressed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_given_to_who_takes_it_and_likes_nothing_better() {
        let liked = |accept: &str| {
            let mut headers = HeaderMap::new();
            if let Ok(accept) = accept.parse() {
                headers.insert(header::ACCEPT_ENCODING, accept);
            }
            Encoding::liked(&headers)
        };
        for accept in
            ["gzip", "br, GZIP ;q=0.5", "x-gzip", "*", "gzip;q=1, identity;q=1", "*;q=0.1"]
        {
            assert_eq!(liked(accept), Encoding::Gzip, "{accept}");
        }
        for accept in
            ["", "br", "gzip;q=0", "gzip;q=0.5, identity", "gzip;q=0, *", "identity", "gzip;x"]
        {
            assert_eq!(liked(accept), Encoding::Identity, "{accept}");
        }
        assert_eq!(Encoding::liked(&HeaderMap::new()), Encoding::Identity);
    }
}
