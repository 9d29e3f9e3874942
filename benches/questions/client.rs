//! An HTTP client that does as little as can be: what is measured is the server.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer as it lies in the buffer.
struct Answer {
    /// Whether its status is 200.
    is_ok: bool,
    /// Where its body begins.
    head: usize,
    /// Bytes of its body; of one in chunks, none said, with its chunks.
    bytes: usize,
    is_chunked: bool,
}

/// How fast answers came.
pub struct Rate {
    /// Answers other than 200, as of a server that has too much to do; they count for nothing else.
    pub refused: u32,
    pub per_second: f64,
    /// How long one took in the mean.
    pub milliseconds: f64,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    /// Sends a request and gives the body of its answer, which must be 200.
    pub async fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        let Answer { is_ok, head, bytes, is_chunked } = self.exchange(request).await;
        assert!(is_ok, "{}", String::from_utf8_lossy(&self.buffer));
        let body = &self.buffer[head..head + bytes];
        if is_chunked { unchunked(body) } else { body.to_vec() }
    }

    /// Sends a request and reads its answer into the buffer.
    async fn exchange(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let head = loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the server closed the connection");
            if let Some(at) = self.buffer.windows(4).position(|end| end == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = str::from_utf8(&self.buffer[..head]).unwrap();
        let is_ok = text.starts_with("HTTP/1.1 200 ");
        let is_chunked = text.lines().any(|line| line.eq_ignore_ascii_case(CHUNKED));
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
        });
        // No answer here has these bytes inside a chunk.
        let is_read = |buffer: &[u8]| match length {
            Some(bytes) => buffer.len() >= head + bytes,
            None => buffer[head..].ends_with(b"\r\n0\r\n\r\n"),
        };
        assert!(
            is_chunked || length.is_some(),
            "answers say their length, or that it is to be seen"
        );
        while !is_read(&self.buffer) {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the server closed the connection");
        }
        let bytes: usize = length.unwrap_or(self.buffer.len() - head);
        Answer { is_ok, head, bytes, is_chunked }
    }
}

const CHUNKED: &str = "transfer-encoding: chunked";

/// The bytes of a body that came in chunks, each after its length in hexadecimal.
fn unchunked(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|end| end == b"\r\n").unwrap();
        let line = str::from_utf8(&chunks[..end]).unwrap();
        let (bytes, rest) = (usize::from_str_radix(line, 16).unwrap(), &chunks[end + 2..]);
        if bytes == 0 {
            return body;
        }
        body.extend_from_slice(&rest[..bytes]);
        chunks = &rest[bytes + 2..];
    }
}

/// Asks the same for some time, on so many connections, each as soon as it has its answer.
pub async fn rate(address: SocketAddr, request: &[u8], connections: usize, time: Duration) -> Rate {
    let request: Arc<[u8]> = request.into();
    // What is opened, parsed and cached once is not counted.
    Connection::open(address).await.exchange(&request).await;
    let begin = Instant::now();
    let asking: Vec<_> = (0..connections)
        .map(|_| {
            let request = Arc::clone(&request);
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await;
                let (mut answers, mut refused) = (0_u32, 0_u32);
                while answers + refused == 0 || begin.elapsed() < time {
                    match connection.exchange(&request).await.is_ok {
                        true => answers += 1,
                        false => refused += 1,
                    }
                }
                (answers, refused)
            })
        })
        .collect();
    let (mut answers, mut refused) = (0, 0);
    for asked in asking {
        let (of_one, refused_one) = asked.await.unwrap();
        answers += of_one;
        refused += refused_one;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let per_second = f64::from(answers) / seconds;
    Rate { refused, per_second, milliseconds: connections as f64 / per_second * 1_000.0 }
}
