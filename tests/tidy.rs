//! The house stays as it is drawn: who may know whom, how long a file may be.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What each room may use of the others, as `ARCHITECTURE.md` draws it, and whether it may know the
/// database crate, HTTP, GraphQL.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    may_know: &'static [&'static str],
}

/// Rooms that hold no arrow: what all of them say and bound.
const SHARED: [&str; 7] = ["error", "limits", "cells", "fingerprint", "place", "prose", "seats"];

const ROOMS: [Room; 15] = [
    Room { name: "regions", may_use: &[], may_know: &[] },
    Room { name: "source", may_use: &["canonical"], may_know: &[] },
    Room { name: "document", may_use: &[], may_know: &["html5gum"] },
    Room { name: "extract", may_use: &["document", "regions"], may_know: &[] },
    Room { name: "check", may_use: &["extract"], may_know: &[] },
    Room {
        name: "store",
        may_use: &["check", "extract", "query", "regions"],
        may_know: &["sea_orm"],
    },
    Room {
        name: "query",
        may_use: &["canonical", "check", "document", "extract", "reading", "regions"],
        may_know: &["sea_orm"],
    },
    Room { name: "form", may_use: &["formats", "query", "regions"], may_know: &[] },
    Room { name: "synthesize", may_use: &["canonical", "extract", "regions"], may_know: &[] },
    Room { name: "formats", may_use: &["query"], may_know: &["sea_orm"] },
    Room { name: "export", may_use: &["formats", "query"], may_know: &["sea_orm"] },
    Room {
        name: "rest",
        may_use: &["canonical", "check", "form", "formats", "query", "reading"],
        may_know: &["axum", "sea_orm"],
    },
    Room {
        name: "graphql",
        may_use: &["extract", "formats", "query", "regions"],
        may_know: &["axum", "sea_orm"],
    },
    Room {
        name: "answers",
        may_use: &["database", "form", "formats", "graphql", "query"],
        may_know: &["axum", "sea_orm"],
    },
    Room { name: "web", may_use: &["answers", "rest"], may_know: &["axum"] },
];

/// The modules of this crate, and the crates that mark a room's border.
const MODULES: [&str; 20] = [
    "answers",
    "canonical",
    "check",
    "cli",
    "config",
    "database",
    "document",
    "export",
    "extract",
    "form",
    "formats",
    "graphql",
    "import",
    "query",
    "reading",
    "regions",
    "rest",
    "source",
    "store",
    "synthesize",
];
const CRATES: [&str; 3] = ["axum", "html5gum", "sea_orm"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The modules of this crate that a source file names, whichever way it imports them.
fn names<'a>(source: &str, known: &[&'a str], own_crate: bool) -> Vec<&'a str> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut imports = String::new();
    // `use crate::{a::b, c}` names a and c; `crate::a::b` in an expression names a.
    let mut rest = code.as_str();
    while let Some(at) = rest.find("crate::") {
        rest = &rest[at + "crate::".len()..];
        if rest.starts_with('{') {
            let (mut depth, mut end) = (0, 0);
            for (at, character) in rest.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                end = at;
                if depth == 0 {
                    break;
                }
            }
            let mut depth = 0;
            for character in rest[..end].chars() {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                imports.push(if depth > 1 { ' ' } else { character });
            }
        } else {
            let end = rest
                .find(|character: char| !character.is_alphanumeric() && character != '_')
                .unwrap_or(rest.len());
            imports.push_str(&rest[..end]);
        }
        imports.push(',');
    }
    let words: Vec<&str> = if own_crate {
        imports
            .split([',', '{', '}', '\n'])
            .map(|part| part.trim().split("::").next().unwrap_or_default())
            .collect()
    } else {
        code.split(|character: char| !character.is_alphanumeric() && character != '_').collect()
    };
    known.iter().copied().filter(|name| words.contains(name)).collect()
}

#[test]
fn each_room_knows_only_whom_the_drawing_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for Room { name, may_use, may_know } in ROOMS {
        let files = sources(&root.join(name));
        assert!(!files.is_empty(), "{name}");
        for file in files {
            let source = fs::read_to_string(&file).unwrap();
            for used in names(&source, &MODULES, true) {
                let may = used == name || may_use.contains(&used) || SHARED.contains(&used);
                assert!(may, "{} uses {used}, which {name} may not", file.display());
            }
            for known in names(&source, &CRATES, false) {
                assert!(
                    may_know.contains(&known),
                    "{} knows {known}, which {name} may not",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn only_store_writes_and_only_query_reads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let writes = ["::insert(", "::insert_many(", "::update(", "::update_many(", "::delete"];
    for file in sources(&root) {
        let room = file
            .strip_prefix(&root)
            .unwrap()
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let source = fs::read_to_string(&file).unwrap();
        if room != "store" {
            for write in writes {
                let has = source.contains(&format!("Entity{write}"));
                assert!(!has, "{} writes with {write}", file.display());
            }
        }
        if room != "store" && room != "query" {
            assert!(!source.contains("Entity::find"), "{} reads the database", file.display());
        }
    }
}

#[test]
fn source_files_are_short_enough_to_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "entity/src", "migration/src"] {
        for file in sources(&root.join(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            let is_vocabulary = file.ends_with("entity/src/template.rs");
            assert!(
                lines <= 400 || is_vocabulary,
                "{} has {lines} lines: split it by noun",
                file.display()
            );
        }
    }
}
