//! What an answer is made of, for the formats that have room for it beside the rows: the version of the data,
//! where the answer stays, what it covers.

use serde_json::Value;

use crate::{
    error::{Error, Result},
    query::{permalink::Permalink, statistics::Coverage},
};

/// Names and values: `data_version`, `permalink`, `coverage.reports`.
pub type About = Vec<(String, Value)>;

/// What is said of an answer.
///
/// # Errors
/// What cannot be written.
pub fn about(permalink: &Permalink, coverage: Option<&Coverage>) -> Result<About> {
    let mut about = vec![
        ("data_version".to_owned(), Value::from(permalink.stamp.as_of())),
        ("permalink".to_owned(), Value::from(permalink.address.as_str())),
    ];
    if let Some(coverage) = coverage {
        let coverage = serde_json::to_value(coverage).map_err(Error::internal)?;
        flatten("coverage", coverage, &mut about);
    }
    Ok(about)
}

fn flatten(name: &str, value: Value, about: &mut About) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                flatten(&format!("{name}.{field}"), value, about);
            }
        }
        value => about.push((name.to_owned(), value)),
    }
}
