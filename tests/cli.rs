//! The command line: help, bad usage, check, serve and its end.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::harness::{Store, gongkai, samples, stderr, stdout};

#[test]
fn help_says_what_each_command_does() {
    let folder = tempfile::tempdir().unwrap();
    let help = stdout(&gongkai(folder.path(), &["--help"]));
    for command in [
        "demo",
        "serve",
        "import",
        "check",
        "list",
        "export",
        "synthesize",
        "migrate",
        "schema",
        "openapi",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
    }
    let list = stdout(&gongkai(folder.path(), &["list", "reports", "--help"]));
    for flag in [
        "--region",
        "--year",
        "--where",
        "--measures",
        "--sort",
        "--limit",
        "--after",
        "--fields",
        "--format",
    ] {
        assert!(list.contains(flag), "{flag}: {list}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    let program = env!("CARGO_BIN_EXE_gongkai");
    for command in ["openapi", "schema", "--help"] {
        let script = format!("'{program}' {command} | head -c 10; exit ${{PIPESTATUS[0]}}");
        let output = Command::new("bash").args(["-c", &script]).output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{command}");
    }
}

#[test]
fn bad_usage_ends_with_2_and_names_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for (args, names) in [
        (&["improt", "x"][..], "improt"),
        (&["list", "reports", "--reigon", "37"], "--region"),
        (&["check", "x", "--year", "soon"], "\"soon\" is no report year"),
        (&["serve", "--bind", "everywhere"], "\"everywhere\" is no address with a port"),
        (&["serve", "--config", "nothing.toml"], "nothing.toml"),
    ] {
        let output = gongkai(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(names), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{args:?}");
    }
}

#[test]
fn check_prints_one_object_a_document_and_line() {
    let sound = samples().join("沂源县张家坡镇人民政府-2023.txt").display().to_string();
    let wrong = samples().join("沂源县自然资源局-2023.html").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let good = gongkai(folder.path(), &["check", "--format", "json", &sound]);
    assert_eq!(good.status.code(), Some(0));
    let both = gongkai(folder.path(), &["check", "--format", "json", &sound, &wrong]);
    assert_eq!(both.status.code(), Some(1), "an error finding ends with 1");
    let lines: Vec<Value> =
        stdout(&both).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["path"], &lines[1]["path"]), (&sound.into(), &wrong.into()));
    assert_eq!(lines[1]["report"]["findings"].as_array().unwrap().len(), 4);
    fs::write(folder.path().join("news.txt"), "一条消息").unwrap();
    let refused = gongkai(folder.path(), &["check", "--format", "json", "news.txt"]);
    assert_eq!(refused.status.code(), Some(1));
    let refused: Value = serde_json::from_str(&stdout(&refused)).unwrap();
    assert_eq!(
        (&refused["path"], &refused["report"], &refused["refused"]["code"]),
        (&"news.txt".into(), &Value::Null, &"not_a_report".into())
    );
    let missing = gongkai(folder.path(), &["check", "nothing.txt"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stdout(&missing).contains("nothing.txt\n  refused"), "{}", stdout(&missing));
}

#[test]
fn check_tells_a_clerk_what_to_mend_in_two_languages() {
    let wrong = samples().join("沂源县自然资源局-2023.html").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let text = stdout(&gongkai(folder.path(), &["check", &wrong]));
    assert!(text.contains("沂源县自然资源局 (370323), 2023, template 2021, 6 sections, 200 of 200 cells with a number"), "{text}");
    assert!(text.contains("error requests.results: ") && text.contains("错误："), "{text}");
}

#[test]
fn the_configuration_file_is_read_and_flags_overrule_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("gongkai.toml"),
        "database_url = \"sqlite://filed.db\"\n[deadlines]\nagencies = \"02-29\"\n",
    )
    .unwrap();
    let late = samples().join("沂源县历山街道办事处-2023.html").display().to_string();
    let checked = stdout(&gongkai(folder.path(), &["check", &late]));
    assert!(
        !checked.contains("date.deadline"),
        "7 February is in time where the file says 29 February: {checked}"
    );
    assert_eq!(gongkai(folder.path(), &["migrate"]).status.code(), Some(0));
    assert!(folder.path().join("filed.db").exists());
    assert_eq!(
        gongkai(folder.path(), &["migrate", "--database-url", "sqlite://flag.db"]).status.code(),
        Some(0)
    );
    assert!(folder.path().join("flag.db").exists());
    fs::write(folder.path().join("gongkai.toml"), "databse_url = \"sqlite://x.db\"").unwrap();
    let wrong = gongkai(folder.path(), &["migrate"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("databse_url"), "{}", stderr(&wrong));
}

#[tokio::test]
async fn a_question_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let output = gongkai(folder.path(), &["list", "reports"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("sqlite://gongkai.db does not exist yet"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let store = Store::empty().await;
    let wrong = ["list", "reports", "--year", "soon", "--database-url", &store.url()];
    let wrong = gongkai(folder.path(), &wrong);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("\"soon\" is no year"), "{}", stderr(&wrong));
}

#[tokio::test]
async fn a_taken_port_is_named_and_ends_with_3() {
    let store = Store::empty().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["serve", "demo"] {
        let folder = tempfile::tempdir().unwrap();
        let output = gongkai(folder.path(), &[command, "--bind", &address]);
        assert_eq!(output.status.code(), Some(3));
        assert!(
            stderr(&output).contains(&format!("another program listens on {address}")),
            "{}",
            stderr(&output)
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made");
    }
    drop(store);
}

#[cfg(unix)]
#[tokio::test]
async fn the_demo_serves_the_samples_and_stops_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["demo", "--bind", "127.0.0.1:0", "--dir", folder.path().to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert_eq!(
        first,
        "26 sample reports: 26 added, 0 unchanged; one has real figures, all others are made up and say so"
    );
    let listens = lines.next().unwrap().unwrap();
    let base = listens.strip_prefix("gongkai listens on ").unwrap();
    let reports: Value =
        reqwest::get(format!("{base}/api/v1/reports?limit=1")).await.unwrap().json().await.unwrap();
    assert_eq!(reports["page"]["total"], 26);
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(folder.path().join("gongkai.db").exists());
}
