//! `datapackage.json`: what the files of an export hold (Frictionless Data Package).

use std::{fs::File, io::Write, path::Path};

use serde_json::{Map, Value, json};

use super::{Written, folder::failed, keys};
use crate::{
    error::{Error, Result},
    formats::Bulk,
    query::{
        field::{Field, FieldType},
        filter::ReportFilter,
    },
};

/// Its name.
pub const PACKAGE: &str = "datapackage.json";
/// The property by which an export is known to be one.
pub const OURS: &str = "gongkai";

/// What an export is of.
pub struct Package<'a> {
    pub instance: String,
    pub version: i64,
    pub filter: &'a ReportFilter,
    pub format: Bulk,
}

impl Package<'_> {
    /// Writes it into the folder of its files.
    ///
    /// # Errors
    /// `output_failed`.
    pub fn write(&self, folder: &Path, files: &[Written]) -> Result<()> {
        let mut text =
            serde_json::to_string_pretty(&self.describe(files)?).map_err(Error::internal)?;
        text.push('\n');
        let written = File::create_new(folder.join(PACKAGE)).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| failed(PACKAGE, &error))
    }

    fn describe(&self, files: &[Written]) -> Result<Value> {
        let Self { instance, version, filter, format } = self;
        let filter = serde_json::to_value(filter).map_err(Error::internal)?;
        let files: Vec<Value> = files.iter().map(|file| resource(file, *format)).collect();
        Ok(json!({
            "profile": "data-package",
            "name": "gongkai",
            "title": "Annual reports on open government information of Chinese agencies (政府信息公开工作年度报告)",
            "description": "A number is what the document prints; one that is not there is null. Money is in CNY. In CSV a text that begins as a formula does has an apostrophe in front.",
            "version": format!("v{version}"),
            OURS: {
                "program": env!("CARGO_PKG_VERSION"),
                "instance": instance,
                "data_version": version,
                "filter": filter,
            },
            "resources": files,
        }))
    }
}

fn resource(file: &Written, format: Bulk) -> Value {
    let Written { resource, path, rows, bytes, sha256, fields } = file;
    let mut described = json!({
        "name": resource,
        "path": path,
        "profile": "data-resource",
        "format": format.name(),
        "mediatype": format.media_type(),
        "bytes": bytes,
        "hash": format!("sha256:{sha256}"),
        "rows": rows,
    });
    if matches!(format, Bulk::Csv | Bulk::Ndjson) {
        described["encoding"] = "utf-8".into();
    }
    if format == Bulk::Csv {
        described["profile"] = "tabular-data-resource".into();
        described["dialect"] = json!({"delimiter": ",", "lineTerminator": "\r\n", "header": true});
    }
    let mut schema = Map::new();
    schema.insert("fields".to_owned(), fields.list().iter().map(self::field).collect());
    if let Some(keys) = keys::of(resource) {
        schema.insert("primaryKey".to_owned(), json!(keys.primary));
        let foreign = keys.foreign.iter().map(|(field, file, leads_to)| {
            // A file that leads to itself is written as an empty name.
            let file = if file == resource { "" } else { file };
            json!({"fields": [field], "reference": {"resource": file, "fields": [leads_to]}})
        });
        schema.insert("foreignKeys".to_owned(), foreign.collect());
    }
    described["schema"] = Value::Object(schema);
    described
}

fn field(field: &Field) -> Value {
    let Field { name, field_type, is_required, codes, description, label } = field;
    let is_list = *field_type == FieldType::List;
    let field_type = match field_type {
        FieldType::Text | FieldType::List => "string",
        FieldType::Integer => "integer",
        // Exact: the type is that of a decimal.
        FieldType::Number | FieldType::Decimal => "number",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::Time => "datetime",
    };
    let mut described =
        json!({"name": name, "type": field_type, "title": label.en, "title_zh": label.zh});
    if !description.is_empty() {
        described["description"] = description.replace('\n', " ").into();
    }
    let mut constraints = Map::new();
    // An empty list is an empty text.
    if *is_required && !is_list {
        constraints.insert("required".to_owned(), true.into());
    }
    if !codes.is_empty() {
        constraints.insert("enum".to_owned(), json!(codes));
    }
    if !constraints.is_empty() {
        described["constraints"] = Value::Object(constraints);
    }
    described
}
