//! What documents are called: the names of files, of members of archives, of lines, of addresses.
//!
//! A name is only ever a name: nothing is opened or written by one that an archive states.

use std::path::Path;

use encoding_rs::GB18030;

/// A document's name.
#[derive(Clone, Debug)]
pub struct Name {
    /// As it is called in answers.
    pub full: String,
    /// The file's own name, without folders.
    pub file: Option<String>,
}

/// Files that systems leave in archives beside what was meant.
const JUNK: [&str; 3] = ["__MACOSX", "Thumbs.db", "desktop.ini"];
/// How names of compressed files end.
const COMPRESSED: [&str; 2] = [".gz", ".zst"];

impl Name {
    pub fn of_path(path: &Path) -> Self {
        let file = path.file_name().map(|name| visible(&name.to_string_lossy()));
        Self { full: path.display().to_string(), file }
    }

    pub fn standard_input() -> Self {
        Self { full: "-".to_owned(), file: None }
    }

    /// The address without what is secret in it, and the last of its path.
    pub fn of_address(address: &str) -> Self {
        let full = without_credentials(address);
        let path = full.split(['?', '#']).next().unwrap_or_default();
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        let file = path.split_once('/').and_then(|(_, path)| path.rsplit('/').next());
        let file = file.filter(|name| !name.is_empty()).map(|name| visible(&unescaped(name)));
        Self { full, file }
    }

    /// A member of an archive of this name.
    pub fn member(&self, member: &str) -> Self {
        let member = member.trim_start_matches("./").trim_start_matches('/');
        let file = member.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned);
        Self { full: format!("{}/{member}", self.full), file }
    }

    /// A line of a file of this name.
    pub fn line(&self, number: u64) -> Self {
        Self { full: format!("{}:{number}", self.full), file: self.file.clone() }
    }

    /// What is inside a compressed file of this name.
    pub fn decompressed(&self) -> Self {
        let bare = |name: &String| {
            let ending = COMPRESSED.iter().find(|ending| {
                let at = name.len().checked_sub(ending.len());
                at.and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
            });
            ending
                .map_or_else(|| name.clone(), |ending| name[..name.len() - ending.len()].to_owned())
        };
        Self { full: self.full.clone(), file: self.file.as_ref().map(bare) }
    }
}

/// The name of a member as an archive states it: UTF-8, else GBK, which Chinese systems write.
pub fn of_member(bytes: &[u8]) -> String {
    let name = match str::from_utf8(bytes) {
        Ok(name) => name.into(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0,
    };
    visible(&name.replace('\\', "/"))
}

/// Whether a member is hidden, or left there by a system.
pub fn is_passed_over(member: &str) -> bool {
    member
        .split('/')
        .any(|part| JUNK.contains(&part) || (part.starts_with('.') && part != "." && part != ".."))
}

/// A name that a terminal can show: no character of it commands.
fn visible(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// The address without a name and password before its host.
fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return visible(address) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    visible(&format!("{scheme}://{host}{}", &rest[end..]))
}

/// The characters that `%` and two digits stand for; as it is where they are no UTF-8.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|&digit| char::from(digit).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
