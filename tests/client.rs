//! A client generated from the OpenAPI document fetches a report.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::harness::{Store, stderr};

/// The Python that `tests/run` prepares with what the tests need of it.
pub fn python() -> Command {
    let python = std::env::var("GONGKAI_TEST_PYTHON").expect(
        "GONGKAI_TEST_PYTHON names a Python with tests/requirements.txt; tests/run sets it",
    );
    let mut command = Command::new(python);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_generated_from_the_openapi_document_fetches_a_report() {
    let server = Store::with_samples().await.serve().await;
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let mut command = python();
    command.arg("client/fetch_report.py").arg(document).arg(&server.base);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let fetched: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(fetched, json!({"agency": "沂源县张家坡镇人民政府", "year": 2023, "received": 0}));
}
