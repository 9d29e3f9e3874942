//! An import killed at any moment leaves whole reports, and the same command ends as if it had not
//! been.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::{page, report};
use crate::harness::{gongkai, stdout};

/// Moments at which the import is killed: another number by hand.
const MOMENTS: &str = "GONGKAI_KILLED_AT_MOMENTS";

/// Some 300 documents: pages, and reports a line, a tenth of them revisions of others.
fn documents(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for number in 0..30 {
        fs::write(folder.join(format!("{number:03}.txt")), page(number)).unwrap();
    }
    let mut lines = String::new();
    for number in 100..340 {
        lines += &format!("{}\n", report(number));
    }
    for number in 100..130 {
        let mut revision = report(number);
        revision["requests"]["received"]["total"] = 7.into();
        lines += &format!("{revision}\n");
    }
    fs::write(folder.join("500.ndjson"), lines).unwrap();
}

async fn strings(connection: &DatabaseConnection, sql: String) -> Vec<String> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index::<Option<String>>(0).unwrap().unwrap_or_default())
        .collect()
}

/// Every row of every table but the index of texts, those of reports under their reports' names; without the ids of rows and
/// times, which differ from one import to the next.
async fn content(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let url = format!("sqlite://{}", folder.join("gongkai.db").display());
    let connection = Database::connect(url).await.unwrap();
    assert_eq!(strings(&connection, "PRAGMA integrity_check".into()).await, ["ok"]);
    assert_eq!(
        strings(&connection, "SELECT 'x' FROM pragma_foreign_key_check".into()).await,
        [""; 0]
    );
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%migrations' AND name NOT LIKE 'section_index%' AND name NOT IN ('region', 'data_version')";
    let mut content: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for table in strings(&connection, tables.into()).await {
        let columns =
            strings(&connection, format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let values: Vec<String> = columns
            .iter()
            .filter(|column| is_own(column))
            .map(|column| format!("quote(t.\"{column}\")"))
            .collect();
        let values = values.join(" || ',' || ");
        let key = "r.agency_id || ' ' || r.year || ' ' || r.scope || ' ' || r.revision";
        let has = |column: &str| columns.iter().any(|known| known == column);
        let (key, from) = match table.as_str() {
            "report" => (key, "report t JOIN report r ON r.id = t.id".to_owned()),
            "document" => (key, "document t JOIN report r ON r.document_id = t.id".to_owned()),
            _ if has("report_id") => {
                (key, format!("\"{table}\" t JOIN report r ON r.id = t.report_id"))
            }
            _ => ("'all'", format!("\"{table}\" t")),
        };
        let sql =
            format!("SELECT {key} || char(9) || '{table}' || char(9) || {values} FROM {from}");
        for row in strings(&connection, sql).await {
            let (key, row) = row.split_once('\t').unwrap();
            content.entry(key.to_owned()).or_default().insert(row.to_owned());
        }
    }
    connection.close().await.unwrap();
    content
}

/// Whether a column says the same of a report in every database.
fn is_own(column: &str) -> bool {
    !matches!(column, "id" | "report_id" | "source_report_id" | "document_id")
        && !column.ends_with("_at")
}

/// The rows of a report, whether or not a later revision or another report is there, which it may be nearly
/// the same as.
fn whichever_is_newest(rows: &BTreeSet<String>, of_time: [usize; 3]) -> BTreeSet<String> {
    let blanked = |row: &String| {
        let mut fields: Vec<&str> = row.split(',').collect();
        if row.starts_with("report\t") {
            for column in of_time {
                fields[column] = "";
            }
        }
        fields.join(",")
    };
    let is_of_others = |row: &&String| {
        ["section_sketch\t", "copied_section\t"].iter().any(|table| row.starts_with(table))
            || row.contains("'prose.last_year'")
            || row.contains("'prose.other_agency'")
    };
    rows.iter().filter(|row| !is_of_others(row)).map(blanked).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn an_import_killed_at_any_moment_leaves_whole_reports_and_goes_on_where_it_stopped() {
    let moments = std::env::var(MOMENTS).map_or(20, |moments| moments.parse().unwrap());
    let root = tempfile::tempdir().unwrap();
    let (whole, killed) = (root.path().join("whole"), root.path().join("killed"));
    documents(&root.path().join("documents"));
    for folder in [&whole, &killed] {
        fs::create_dir(folder).unwrap();
    }
    let args = ["import", "../documents", "--jobs", "2"];
    let begun = SystemTime::now();
    let output = gongkai(&whole, &args);
    assert!(
        stdout(&output)
            .starts_with("documents 300\n  added            270\n  new revisions    30\n"),
        "{}",
        stdout(&output)
    );
    let took = begun.elapsed().unwrap();
    let expected = content(&whole).await;
    assert_eq!(expected.len(), 301);

    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut random = seed;
    let mut last = 0;
    for moment in 0..moments {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Begun anew now and then: not every moment is late in an import.
        if moment % 10 == 0 {
            fs::remove_dir_all(&killed).unwrap();
            fs::create_dir(&killed).unwrap();
            last = 0;
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .current_dir(&killed)
            .args([&args[..], &["--report", "o.csv"]].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let most = took.as_millis() as u64 / 4;
        std::thread::sleep(Duration::from_millis((random >> 33) % most.max(1)));
        child.kill().unwrap();
        child.wait().unwrap();
        if !killed.join("gongkai.db").exists() {
            continue;
        }
        let tables = strings_of_tables(&killed).await;
        if !tables {
            continue;
        }
        let there = content(&killed).await;
        let reports = there.iter().filter(|(key, _)| key.as_str() != "all");
        let columns = report_columns(&killed).await;
        for (key, rows) in reports {
            assert_eq!(
                whichever_is_newest(rows, columns),
                whichever_is_newest(&expected[key], columns),
                "{key} after moment {moment} of seed {seed}"
            );
        }
        assert!(there.len() >= last, "nothing that was there is lost, seed {seed}");
        last = there.len();
        let lines = fs::read_to_string(killed.join("o.csv")).unwrap_or_default();
        assert!(lines.is_empty() || lines.ends_with("\r\n"), "whole lines, seed {seed}");
    }
    let output = gongkai(&killed, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(content(&killed).await, expected, "seed {seed}");
}

/// Whether the schema was made by then.
async fn strings_of_tables(folder: &Path) -> bool {
    let url = format!("sqlite://{}", folder.join("gongkai.db").display());
    let connection = Database::connect(url).await.unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE name = 'data_version'";
    let found = strings(&connection, sql.into()).await;
    connection.close().await.unwrap();
    !found.is_empty()
}

/// Which of a report's columns, without ids, say whether it is the newest.
async fn report_columns(folder: &Path) -> [usize; 3] {
    let url = format!("sqlite://{}", folder.join("gongkai.db").display());
    let connection = Database::connect(url).await.unwrap();
    let sql = "SELECT name FROM pragma_table_info('report')";
    let columns = strings(&connection, sql.into()).await;
    connection.close().await.unwrap();
    let own = || columns.iter().filter(|column| is_own(column));
    ["is_current", "until_version", "compared_sections"]
        .map(|name| own().take_while(|column| column.as_str() != name).count())
}
