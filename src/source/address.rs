//! Addresses -> what is there: http and https, fetched whole before any of it is read.
//!
//! Bounded in time, size and redirects. Whom to trust is the system's to say.

use std::{
    io::{self, Read, Seek},
    sync::{Arc, OnceLock},
    time::Duration,
};

use tempfile::SpooledTempFile;
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use super::kind::{HEAD_BYTES, Kind};
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Fetches what addresses name.
#[derive(Debug)]
pub struct Fetcher {
    time: Duration,
    agent: OnceLock<Agent>,
}

impl Default for Fetcher {
    fn default() -> Self {
        Self::within(limits::FETCH_TIME)
    }
}

impl Fetcher {
    /// A fetcher that gives each address so much time.
    #[must_use]
    pub const fn within(time: Duration) -> Self {
        Self { time, agent: OnceLock::new() }
    }

    /// What is at an address.
    pub(super) fn fetch(&self, address: &str) -> Result<SpooledTempFile> {
        let agent = self.agent.get_or_init(|| agent(self.time));
        let answer = agent.get(address).call().map_err(|error| failed(&error, self.time))?;
        let mut file = SpooledTempFile::new(limits::DOCUMENT_BYTES);
        let copied = copy(&mut answer.into_body().into_reader(), &mut file);
        let is_whole = copied.map_err(|error| match error.downcast::<ureq::Error>() {
            Ok(error) => failed(&error, self.time),
            Err(error) => Error::new(Code::FetchFailed, error.to_string()),
        })?;
        if !is_whole {
            let detail = format!("there are more than {} bytes", limits::FETCH_BYTES);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        Ok(file)
    }
}

/// Keeps a body: of a document no more than tells that it is too large. Whether it is all there.
fn copy(body: &mut dyn Read, file: &mut SpooledTempFile) -> io::Result<bool> {
    let mut head = Vec::new();
    body.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    let is_document = Kind::of(&head) == Kind::Document;
    let most = if is_document { limits::DOCUMENT_BYTES as u64 } else { limits::FETCH_BYTES };
    let bytes = io::copy(&mut head.as_slice().chain(body).take(most + 1), file)?;
    file.rewind()?;
    Ok(is_document || bytes <= most)
}

fn agent(time: Duration) -> Agent {
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted: Vec<Certificate<'static>> =
        trusted.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(trusted)))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .max_redirects(limits::FETCH_REDIRECTS)
        .timeout_global(Some(time))
        .user_agent(concat!("gongkai/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

fn failed(error: &ureq::Error, time: Duration) -> Error {
    let detail = match error {
        ureq::Error::StatusCode(status) => format!("the server answers {status}"),
        ureq::Error::Timeout(_) => format!("it is not there within {} s", time.as_secs_f32()),
        ureq::Error::TooManyRedirects => {
            format!("it leads on to another address more than {} times", limits::FETCH_REDIRECTS)
        }
        error => error.to_string(),
    };
    Error::new(Code::FetchFailed, detail)
}
