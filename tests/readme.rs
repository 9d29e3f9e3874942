//! What the README prints is what the program answers.

use crate::harness::{Server, Store, gongkai, stderr, stdout};

/// The code blocks of the README: language and text, in order.
fn blocks() -> Vec<(String, String)> {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let mut blocks = Vec::new();
    let mut parts = readme.split("```").skip(1).step_by(2);
    for block in &mut parts {
        let (language, text) = block.split_once('\n').unwrap();
        blocks.push((language.to_owned(), text.trim_end().to_owned()));
    }
    blocks
}

/// Runs a `curl` as the README writes it, against another port.
async fn curl(server: &Server, command: &str) -> String {
    let quoted: Vec<&str> = command.split('\'').collect();
    let request = if command.contains("/graphql") {
        let body = quoted.iter().find(|part| part.starts_with("{\"query\"")).unwrap();
        let request = server.client.post(format!("{}/graphql", server.base));
        request.header("content-type", "application/json").body((*body).to_owned())
    } else {
        let path = quoted[1].strip_prefix("http://127.0.0.1:8080").unwrap();
        server.client.get(format!("{}{path}", server.base))
    };
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_examples_of_the_readme_give_the_answers_it_prints() {
    let server = Store::with_samples().await.serve().await;
    let blocks = blocks();
    let mut tried = 0;
    for (asked, answered) in blocks.iter().zip(blocks.iter().skip(1)) {
        if !asked.1.starts_with("curl ") {
            continue;
        }
        let answer = curl(&server, &asked.1).await.replace("\r\n", "\n");
        assert_eq!(answer.trim_start_matches('\u{feff}').trim_end(), answered.1, "{}", asked.1);
        tried += 1;
    }
    assert_eq!(tried, 7);
}

#[tokio::test]
async fn the_ten_questions_have_the_answers_that_the_readme_prints() {
    let store = Store::with_samples().await;
    let url = store.url();
    let blocks = blocks();
    let mut tried = 0;
    for (asked, answered) in blocks.iter().zip(blocks.iter().skip(1)) {
        if !(asked.1.starts_with("gongkai ") && answered.0 == "csv") {
            continue;
        }
        let command = asked.1.replace("\\\n", " ");
        let mut args: Vec<&str> = command.split_whitespace().skip(1).collect();
        args.extend(["--database-url", &url]);
        let output = gongkai(store.folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", stderr(&output));
        let answer = stdout(&output).replace("\r\n", "\n");
        assert_eq!(answer.trim_start_matches('\u{feff}').trim_end(), answered.1, "{command}");
        tried += 1;
    }
    assert_eq!(tried, 10);
}
