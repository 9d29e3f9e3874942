//! The pages work in a browser and ask no foreign host for anything.

use crate::{
    client::python,
    harness::{Store, samples, stderr, stdout},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_work_in_chromium_and_ask_no_foreign_host() {
    let server = Store::with_samples().await.serve().await;
    let mut command = python();
    command
        .arg("browser/pages.py")
        .arg(&server.base)
        .arg(samples().join("沂源县自然资源局-2023.html"));
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}
