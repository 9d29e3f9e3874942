//! Batches: their order, their report file, how they go on and how they are stopped.

use std::{fs, io::Write, process::Command, time::Duration};

use serde_json::json;

use super::{fed, page, report};
use crate::harness::{Store, gongkai, stderr, stdout};

#[tokio::test]
async fn the_later_document_is_the_later_revision_however_many_are_read_at_once() {
    for jobs in ["1", "4"] {
        let store = Store::empty().await;
        let folder = store.folder.path();
        // Of very different sizes, so that the later ones are read before the earlier.
        for number in 1..=12_usize {
            let mut revision = report(1);
            revision["requests"]["received"]["total"] = json!(number);
            let text = "字".repeat(if number % 2 == 1 { 200_000 } else { 1 });
            revision["sections"][0]["text"] = json!(text);
            fs::write(folder.join(format!("{number:02}.json")), revision.to_string()).unwrap();
        }
        let url = store.url();
        let args = ["import", ".", "--jobs", jobs, "--report", "../o.csv", "--database-url", &url];
        let inner = folder.join("inner");
        fs::create_dir(&inner).unwrap();
        for number in 1..=12 {
            let name = format!("{number:02}.json");
            fs::rename(folder.join(&name), inner.join(&name)).unwrap();
        }
        let output = gongkai(&inner, &args);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        let lines = fs::read_to_string(folder.join("o.csv")).unwrap();
        let paths: Vec<&str> =
            lines.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        let expected: Vec<String> = (1..=12).map(|number| format!("./{number:02}.json")).collect();
        assert_eq!(paths, expected);
        let server = store.serve().await;
        let newest = server.json("/reports", &[("measures", "requests.received")]).await;
        let newest = &newest["data"][0];
        assert_eq!(
            (&newest["revision"], &newest["values"]["requests.received"]),
            (&12.into(), &12.into())
        );
    }
}

#[tokio::test]
async fn the_report_file_has_a_line_for_each_document_and_no_formula() {
    let store = Store::empty().await;
    let folder = store.folder.path().join("inner");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("=1+1,\"x\".txt"), page(1)).unwrap();
    fs::write(folder.join("b.txt"), "新闻").unwrap();
    let wrong = crate::harness::samples().join("沂源县自然资源局-2023.html");
    fs::copy(wrong, folder.join("c.html")).unwrap();
    let url = store.url();
    let args = [
        "import",
        "=1+1,\"x\".txt",
        "b.txt",
        "c.html",
        "--report",
        "o.csv",
        "--database-url",
        &url,
    ];
    let import = || {
        let output = gongkai(&folder, &args);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        (stdout(&output), fs::read_to_string(folder.join("o.csv")).unwrap())
    };
    let (text, csv) = import();
    assert_eq!(
        text,
        "documents 3\n  added            2\n  new revisions    0\n  unchanged        0\n  refused          1\n    not_a_report   1\nerror findings     4\nwarning findings   0\nnotice findings    0\nrefused b.txt: the document is no annual report: looked for a title such as …2023年政府信息公开工作年度报告 (not found), for the six sections' headings (0 found) and for the form's tables (0 rows found) [not_a_report]\n"
    );
    assert_eq!(
        csv,
        "\u{feff}path,agency_id,agency,region_code,year,scope,outcome,code,message,cells_read,cells_not_read,error_findings,findings\r\n\
         \"'=1+1,\"\"x\"\".txt\",a0478059ec2925,沭阳县天天地局,321322,2022,own,added,,,200,0,0,0\r\n\
         b.txt,,,,,,refused,not_a_report,\"the document is no annual report: looked for a title such as …2023年政府信息公开工作年度报告 (not found), for the six sections' headings (0 found) and for the form's tables (0 rows found)\",,,,\r\n\
         c.html,a1a77a5ae49472,沂源县自然资源局,370323,2023,own,added,,,200,0,4,4\r\n"
    );
    let (text, csv) = import();
    assert!(text.contains("  unchanged        2\n"), "{text}");
    assert!(csv.contains(",沂源县自然资源局,370323,2023,own,unchanged,,,,,,\r\n"), "{csv}");
}

#[tokio::test]
async fn the_same_bytes_under_another_agency_are_another_report() {
    let store = Store::empty().await;
    let (folder, url) = (store.folder.path(), store.url());
    fs::write(folder.join("a.txt"), page(1)).unwrap();
    let import = |flags: &[&str]| {
        let args = [&["import", "a.txt", "--database-url", &url], flags].concat();
        stdout(&gongkai(folder, &args))
            .lines()
            .skip(1)
            .take(3)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let outcome = |added: usize, unchanged: usize| {
        vec![
            format!("  added            {added}"),
            "  new revisions    0".to_owned(),
            format!("  unchanged        {unchanged}"),
        ]
    };
    assert_eq!(import(&[]), outcome(1, 0));
    assert_eq!(import(&[]), outcome(0, 1));
    let flags = ["--agency", "沭阳县教育局", "--region", "321322"];
    assert_eq!(import(&flags), outcome(1, 0));
    assert_eq!(import(&flags), outcome(0, 1));
    assert_eq!(import(&[]), outcome(0, 1));
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_an_import_with_whole_reports_and_says_what_was_done() {
    let store = Store::empty().await;
    let (folder, url) = (store.folder.path(), store.url());
    let mut child = fed(folder, &["import", "-", "--report", "o.csv", "--database-url", &url]);
    let mut stdin = child.stdin.take().unwrap();
    for number in 1..=4 {
        stdin.write_all(format!("{}\n", report(number)).as_bytes()).unwrap();
    }
    stdin.flush().unwrap();
    let lines = || fs::read_to_string(folder.join("o.csv")).map_or(0, |text| text.lines().count());
    for _ in 0..600 {
        if lines() == 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    // Standard input is still open.
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(
        stdout(&output).starts_with("documents 4\n  added            4\n"),
        "{}",
        stdout(&output)
    );
    assert!(stderr(&output).contains("stopped; the same command goes on from here"));
    let server = store.serve().await;
    assert_eq!(server.json("/reports", &[]).await["page"]["total"], 4);
}

#[tokio::test]
async fn a_database_that_fails_ends_the_batch_with_3_after_the_summary() {
    let store = Store::empty().await;
    let (folder, url) = (store.folder.path(), store.url());
    fs::write(folder.join("a.json"), report(1).to_string()).unwrap();
    let connection = sea_orm::Database::connect(&url).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(
        &connection,
        "CREATE TRIGGER broken BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .await
    .unwrap();
    let output = gongkai(folder, &["import", "a.json", "--database-url", &url]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).starts_with("documents 0\n"), "{}", stdout(&output));
}
