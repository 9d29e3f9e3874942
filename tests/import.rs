//! Importing: what is stored, what is refused, and that the rest goes on.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use crate::harness::{Store, gongkai, samples, stderr, stdout};

#[tokio::test]
async fn a_batch_goes_on_past_what_is_refused_and_says_why() {
    let store = Store::empty().await;
    let folder = store.folder.path().join("county");
    fs::create_dir_all(folder.join("2023")).unwrap();
    let good = fs::read(samples().join("沂源县张家坡镇人民政府-2023.txt")).unwrap();
    let html = fs::read_to_string(samples().join("沂源县自然资源局-2023.html")).unwrap();
    let report = String::from_utf8(good.clone()).unwrap();
    let anonymous = report
        .replace("沂源县张家坡镇人民政府", "")
        .replace("张家坡镇", "本镇")
        .replace("沂源县", "")
        .replace("山东省", "");
    for (name, bytes) in [
        ("2023/a-good.txt", good.clone()),
        ("b-empty.txt", Vec::new()),
        (
            "c-news.txt",
            "今天天气很好，县政府召开了会议，研究部署政务公开工作。\n".repeat(20).into_bytes(),
        ),
        ("d-binary", (0..4_000_u32).map(|byte| (byte * 37 % 256) as u8).collect()),
        ("e-large.txt", vec![b' '; gongkai::limits::DOCUMENT_BYTES + 1]),
        ("f-broken.html", html.as_bytes()[..html.find("重复申请").unwrap()].to_vec()),
        ("g-nobody.txt", anonymous.into_bytes()),
        ("h-again.txt", good),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let output =
        gongkai(store.folder.path(), &["import", "county", "--database-url", &store.url()]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(&output));
    let codes: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("refused "))
        .map(|line| (line.rsplit_once('[').unwrap().1).trim_end_matches(']'))
        .collect();
    assert_eq!(
        codes,
        [
            "empty_document",
            "not_a_report",
            "unsupported_format",
            "document_too_large",
            "truncated_document",
            "unknown_agency"
        ],
        "{text}"
    );
    assert!(
        text.starts_with(
            "documents 8\n  added            1\n  new revisions    0\n  unchanged        1\n"
        ),
        "{text}"
    );
    let server = store.serve().await;
    assert_eq!(server.json("/reports", &[]).await["page"]["total"], 1);
    assert_eq!(server.json("/agencies", &[]).await["page"]["total"], 1);
}

#[tokio::test]
async fn a_path_that_is_not_there_is_refused_and_the_rest_goes_on() {
    let store = Store::empty().await;
    let path = |name: &str| samples().join(name).display().to_string();
    let (first, last) = (path("沭阳县水利局-2020.html"), path("沭阳县水利局-2022.txt"));
    let url = store.url();
    let args = ["import", &first, "nothing.txt", &last, "--database-url", &url];
    let output = gongkai(store.folder.path(), &args);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with("documents 3\n  added            2\n"), "{text}");
    assert!(text.contains("\nrefused nothing.txt: the file cannot be read: "), "{text}");
}

#[tokio::test]
async fn importing_again_says_that_nothing_changed() {
    let store = Store::with_samples().await;
    let folder = samples().display().to_string();
    let output = gongkai(store.folder.path(), &["import", &folder, "--database-url", &store.url()]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        stdout(&output),
        "documents 26\n  added            0\n  new revisions    0\n  unchanged        26\n  refused          0\nerror findings     0\nwarning findings   0\nnotice findings    0\nnothing changed\n"
    );
}

#[tokio::test]
async fn a_dry_run_stores_nothing_and_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = samples().display().to_string();
    let output = gongkai(folder.path(), &["import", &path, "--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stdout(&output)
            .starts_with("dry run: nothing is stored\ndocuments 26\n  added            26\n")
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_document_does_not_say_the_flags_do() {
    let store = Store::empty().await;
    let report = fs::read_to_string(samples().join("沂源县张家坡镇人民政府-2023.txt")).unwrap();
    let nameless = report
        .replace("沂源县张家坡镇人民政府", "")
        .replace("张家坡镇", "本镇")
        .replace("沂源县", "")
        .replace("山东省", "");
    fs::write(store.folder.path().join("a.txt"), nameless).unwrap();
    let flags = ["--agency", "张家坡镇人民政府", "--region", "370323108", "--year", "2023"];
    let url = store.url();
    let output = gongkai(
        store.folder.path(),
        &[&["import", "a.txt", "--database-url", &url], &flags[..]].concat(),
    );
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let server = store.serve().await;
    let agency = &server.json("/agencies", &[]).await["data"][0];
    assert_eq!(
        (agency["name"].as_str(), agency["region_code"].as_str()),
        (Some("沂源县张家坡镇人民政府"), Some("370323108"))
    );
    // The same agency as under its full name: its id is made of region and own name.
    let whole = Store::with_samples().await.serve().await;
    let known = whole.json("/agencies", &[("region", "370323108")]).await;
    assert_eq!(agency["id"], known["data"][0]["id"]);
}

#[tokio::test]
async fn a_document_from_standard_input_is_read() {
    let store = Store::empty().await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["import", "-", "--database-url", &store.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let sample = fs::read(samples().join("沭阳县水利局-2020.html")).unwrap();
    child.stdin.take().unwrap().write_all(&sample).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stdout(&output).contains("  added            1\n"), "{}", stdout(&output));
}

#[tokio::test]
async fn a_database_in_trouble_is_named_and_ends_with_3() {
    let store = Store::empty().await;
    let folder = store.folder.path();
    let sample = samples().join("沭阳县水利局-2020.html").display().to_string();
    let import = |url: &str| gongkai(folder, &["import", &sample, "--database-url", url]);

    let missing = import("sqlite:///nowhere/at/all/gongkai.db");
    assert_eq!(missing.status.code(), Some(3));
    assert!(
        stderr(&missing).contains("the database is not there: the folder /nowhere/at/all"),
        "{}",
        stderr(&missing)
    );

    fs::write(
        folder.join("text.db"),
        "this is no database, and longer than its head would be".repeat(40),
    )
    .unwrap();
    let damaged = import(&format!("sqlite://{}", folder.join("text.db").display()));
    assert_eq!(damaged.status.code(), Some(3));
    assert!(stderr(&damaged).contains("is no SQLite database"), "{}", stderr(&damaged));

    let other = import("mysql://somewhere/gongkai");
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("is no address of an SQLite database"), "{}", stderr(&other));

    // Another program that writes and does not end.
    let url = store.url();
    let holder = sea_orm::Database::connect(&url).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&holder, "BEGIN IMMEDIATE").await.unwrap();
    let locked = import(&url);
    assert_eq!(locked.status.code(), Some(3));
    assert!(stderr(&locked).contains("another program holds the database"), "{}", stderr(&locked));
    sea_orm::ConnectionTrait::execute_unprepared(&holder, "ROLLBACK").await.unwrap();
    assert_eq!(import(&url).status.code(), Some(0));
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let store = Store::empty().await;
    let (folder, url) = (store.folder.path().to_owned(), store.url());
    store.database.clone().close().await;
    let sample = samples().join("沭阳县水利局-2020.html").display().to_string();
    let file = folder.join("gongkai.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever may write everything is not stopped by permissions.
    let is_root = fs::File::create(folder.join("probe")).is_ok();
    let output = gongkai(&folder, &["import", &sample, "--database-url", &url]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if is_root {
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    } else {
        assert_eq!(output.status.code(), Some(3));
        assert!(stderr(&output).contains("the database cannot be written"), "{}", stderr(&output));
    }
}
