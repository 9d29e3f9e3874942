//! Archives and what is compressed: what is in them is read, what is wrong in them is refused by name.

use std::{
    fs,
    io::{Cursor, Write},
    process::Command,
};

use flate2::{Compression, write::GzEncoder};
use tempfile::tempdir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{answers, checked, feed, page, report, said, sample};
use crate::harness::{gongkai, stdout};

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

const BUREAU: &str = "沭阳县水利局-2022.txt";
const TOWN: &str = "沂源县张家坡镇人民政府-2023.txt";

#[test]
fn archives_are_known_by_their_content_and_their_members_are_named_from_the_outside_in() {
    let folder = tempdir().unwrap();
    let (bureau, town) = (sample(BUREAU), sample(TOWN));
    let inner = zipped(&[("深/b.txt", &town), ("__MACOSX/._b.txt", b"x"), (".DS_Store", b"x")]);
    let long = format!("{}/a.txt", "很长的文件夹名".repeat(20));
    let tar = tarred(&[("./a.txt", &bureau), ("inner.zip", &inner), (&long, &bureau)]);
    fs::create_dir(folder.path().join("county")).unwrap();
    for (name, bytes) in [
        ("1.bin", zipped(&[("a.txt", &bureau), ("sub/", b""), ("inner.bin", &inner)])),
        ("2.tar", tar.clone()),
        ("3.tgz", gzipped(&tar)),
        ("4.txt.gz", gzipped(&bureau)),
        ("5.txt.zst", zstd::encode_all(&bureau[..], 3).unwrap()),
        ("6.tar.zst", zstd::encode_all(&tar[..], 3).unwrap()),
        ("7.ndjson.gz", gzipped(format!("{}\n{}\n", report(1), report(2)).as_bytes())),
    ] {
        fs::write(folder.path().join("county").join(name), bytes).unwrap();
    }
    let (water, zhang) = ("沭阳县水利局", "沂源县张家坡镇人民政府");
    let of_tar = |archive: &str| {
        [
            (format!("county/{archive}/a.txt"), water.to_owned()),
            (format!("county/{archive}/inner.zip/深/b.txt"), zhang.to_owned()),
            (format!("county/{archive}/{long}"), water.to_owned()),
        ]
    };
    let expected = [
        &said(&[("county/1.bin/a.txt", water), ("county/1.bin/inner.bin/深/b.txt", zhang)])[..],
        &of_tar("2.tar"),
        &of_tar("3.tgz"),
        &said(&[("county/4.txt.gz", water), ("county/5.txt.zst", water)]),
        &of_tar("6.tar.zst"),
        &said(&[
            ("county/7.ndjson.gz:1", "沭阳县天天地局"),
            ("county/7.ndjson.gz:2", "沭阳县天天玄局"),
        ]),
    ]
    .concat();
    assert_eq!(checked(folder.path(), &["county"]), expected);
}

#[test]
fn an_archive_from_standard_input_is_opened_too() {
    let folder = tempdir().unwrap();
    let (bureau, town) = (sample(BUREAU), sample(TOWN));
    let args = ["check", "-", "--format", "json"];
    let expected = said(&[("-/a.txt", "沭阳县水利局"), ("-/b.txt", "沂源县张家坡镇人民政府")]);
    let members = [("a.txt", &bureau[..]), ("b.txt", &town)];
    for archive in [zipped(&members), tarred(&members), gzipped(&tarred(&members))] {
        assert_eq!(answers(&feed(folder.path(), &args, &archive)), expected);
    }
}

/// A ZIP file of stored members, as other programs write it: any bytes as names, any flags, any sizes.
fn raw_zip(members: &[(&[u8], u16, u32, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, flags, size, bytes) in members {
        let offset = file.len() as u32;
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut common = Vec::new();
        for word in [20, *flags, 0, 0, 0x5821] {
            common.extend(u16::to_le_bytes(word));
        }
        for word in [crc.sum(), bytes.len() as u32, *size] {
            common.extend(u32::to_le_bytes(word));
        }
        common.extend(u16::to_le_bytes(name.len() as u16));
        common.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(*name);
        file.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(u32::to_le_bytes(offset));
        directory.extend(*name);
    }
    let (offset, count) = (file.len() as u32, u16::to_le_bytes(members.len() as u16));
    let size = directory.len() as u32;
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count);
    file.extend(count);
    file.extend(u32::to_le_bytes(size));
    file.extend(u32::to_le_bytes(offset));
    file.extend([0, 0]);
    file
}

#[test]
fn names_in_gbk_are_decoded_and_a_name_is_only_a_name() {
    let folder = tempdir().unwrap();
    let text = sample(BUREAU);
    let (gbk, ..) = encoding_rs::GBK.encode("年报\\水利局.txt");
    let archive = raw_zip(&[
        (&gbk, 0, text.len() as u32, &text),
        (b"../../escaped.txt", 0, text.len() as u32, &text),
        (b"/etc/absolute.txt", 0, text.len() as u32, &text),
        (b"colour\x1b[31m.txt", 0, text.len() as u32, &text),
    ]);
    let inner = folder.path().join("one/two");
    fs::create_dir_all(&inner).unwrap();
    fs::write(inner.join("a.zip"), archive).unwrap();
    assert_eq!(
        checked(&inner, &["a.zip"]),
        said(&[
            ("a.zip/年报/水利局.txt", "沭阳县水利局"),
            ("a.zip/../../escaped.txt", "沭阳县水利局"),
            ("a.zip/etc/absolute.txt", "沭阳县水利局"),
            ("a.zip/colour\u{fffd}[31m.txt", "沭阳县水利局"),
        ])
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is written anywhere");
}

#[test]
fn what_is_broken_encrypted_or_lies_is_refused_and_the_rest_goes_on() {
    let folder = tempdir().unwrap();
    let text = sample(BUREAU);
    let size = text.len() as u32;
    let whole = zipped(&[("a.txt", &text)]);
    let mut flipped = raw_zip(&[(b"flipped.txt", 0, size, &text), (b"good.txt", 0, size, &text)]);
    flipped[100] ^= 1;
    for (name, bytes) in [
        ("1-cut.zip", whole[..whole.len() - 30].to_vec()),
        ("2-flipped.zip", flipped),
        (
            "3-lies.zip",
            raw_zip(&[(b"small.txt", 0, 10, &text), (b"big.txt", 0, u32::MAX - 1, &text)]),
        ),
        (
            "4-locked.zip",
            raw_zip(&[(b"locked.txt", 1, size, &text), (b"open.txt", 0, size, &text)]),
        ),
        ("5-cut.tgz", {
            let gzip = gzipped(&tarred(&[("a.txt", &text), ("b.txt", &text)]));
            gzip[..gzip.len() / 2].to_vec()
        }),
        ("6-cut.gz", gzipped(&text)[..200].to_vec()),
        ("7-good.txt", text.clone()),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let answers = checked(folder.path(), &["."]);
    let expected = said(&[
        ("./1-cut.zip", "broken_document"),
        ("./2-flipped.zip/flipped.txt", "broken_document"),
        ("./2-flipped.zip/good.txt", "沭阳县水利局"),
        ("./3-lies.zip/small.txt", "broken_document"),
        ("./3-lies.zip/big.txt", "沭阳县水利局"),
        ("./4-locked.zip/locked.txt", "encrypted_document"),
        ("./4-locked.zip/open.txt", "沭阳县水利局"),
        ("./5-cut.tgz/a.txt", "broken_document"),
        ("./6-cut.gz", "broken_document"),
        ("./7-good.txt", "沭阳县水利局"),
    ]);
    let without_repeats: Vec<_> =
        answers.iter().filter(|(path, _)| path != "./5-cut.tgz").cloned().collect();
    assert_eq!(without_repeats, expected);
}

#[test]
fn an_office_document_is_a_document_and_no_archive() {
    let folder = tempdir().unwrap();
    let docx = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    let ofd = zipped(&[("OFD.xml", b"<ofd/>"), ("Doc_0/Document.xml", b"<w/>")]);
    fs::write(folder.path().join("a.docx"), docx).unwrap();
    fs::write(folder.path().join("b.ofd"), ofd).unwrap();
    let paths: Vec<String> =
        checked(folder.path(), &["a.docx", "b.ofd"]).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a.docx", "b.ofd"]);
}

/// Runs `check` with no more than a GB of memory.
fn bounded_check(folder: &std::path::Path, paths: &[&str]) -> Vec<(String, String)> {
    let program = env!("CARGO_BIN_EXE_gongkai");
    let script =
        format!("ulimit -v 1000000; exec '{program}' check --format json {}", paths.join(" "));
    let output = Command::new("bash").current_dir(folder).args(["-c", &script]).output().unwrap();
    answers(&output)
}

#[cfg(unix)]
#[test]
fn what_unpacks_without_end_is_cut_off_and_the_rest_goes_on() {
    let folder = tempdir().unwrap();
    // Ten gigabytes of zeros, from ten megabytes compressed once.
    let zeros = gzipped(&vec![0; 10_000_000]);
    let bomb = |head: &[u8]| {
        let mut file = fs::File::create(folder.path().join("bomb")).unwrap();
        file.write_all(&gzipped(head)).unwrap();
        for _ in 0..1_000 {
            file.write_all(&zeros).unwrap();
        }
    };
    fs::write(folder.path().join("good.txt"), page(7)).unwrap();
    let good = ("good.txt", "沭阳县天天荒局");

    bomb(b"");
    let answers = bounded_check(folder.path(), &["bomb", "good.txt"]);
    assert_eq!(answers, said(&[("bomb", "document_too_large"), good]));

    let mut header = tar::Header::new_gnu();
    header.set_path("zeros.txt").unwrap();
    header.set_size(10_000_000_000);
    header.set_cksum();
    bomb(header.as_bytes());
    let answers = bounded_check(folder.path(), &["bomb", "good.txt"]);
    let expected = [("bomb/zeros.txt", "document_too_large"), ("bomb", "archive_too_large"), good];
    assert_eq!(answers, said(&expected));

    // The name of a member is as long as the archive.
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_cksum();
    bomb(header.as_bytes());
    let answers = bounded_check(folder.path(), &["bomb", "good.txt"]);
    assert_eq!(answers, said(&[("bomb", "archive_too_large"), good]));

    bomb(b"{\"title\": \"");
    let answers = bounded_check(folder.path(), &["bomb", "good.txt"]);
    assert_eq!(answers, said(&[("bomb", "archive_too_large"), good]));
}

#[cfg(unix)]
#[test]
fn archives_in_archives_end_somewhere() {
    let folder = tempdir().unwrap();
    // As in 42.zip: each holds many of the next, at the bottom nothing but zeros.
    let mut archive = zipped(&[("zeros.txt", &vec![0; 30_000_000][..])]);
    for _ in 0..4 {
        let names: Vec<String> = (0..12).map(|number| format!("{number}.zip")).collect();
        let members: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), archive.as_slice())).collect();
        archive = zipped(&members);
    }
    fs::write(folder.path().join("many.zip"), &archive).unwrap();
    fs::write(folder.path().join("good.txt"), page(7)).unwrap();
    let answers = bounded_check(folder.path(), &["many.zip", "good.txt"]);
    assert!(answers.len() < 50, "{}", answers.len());
    let [.., (_, cut), (_, good)] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!((cut.as_str(), good.as_str()), ("archive_too_large", "沭阳县天天荒局"));

    // An archive in an archive in an archive …
    let mut archive = page(7);
    for _ in 0..10 {
        archive = zipped(&[("a", &archive)]);
    }
    fs::write(folder.path().join("deep.zip"), &archive).unwrap();
    let answers = checked(folder.path(), &["deep.zip"]);
    assert_eq!(answers, said(&[("deep.zip/a/a/a/a/a/a", "archive_too_large")]));
    let text = stdout(&gongkai(folder.path(), &["check", "deep.zip"]));
    assert!(
        text.contains("archives lie in each other deeper than 6 [archive_too_large]"),
        "{text}"
    );
}
