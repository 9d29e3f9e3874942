//! The summary of a region and year, in the national form.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use sea_orm::TransactionTrait;

use super::{
    Problem, Rest,
    list::{bookmarked, liked},
    params::Seen,
    report::canonical_year,
};
use crate::{
    error::Result,
    form::{self, FormFormat},
    formats::OutputArgs,
    query::summary::{self, SummaryView},
};

/// The reports of an area added up in the national form
///
/// Each cell of the form over the reports below the region, none counted twice, beside what the region's
/// own consolidated report prints there. A browser gets a page; `xlsx` prints like the form, with `labels`
/// `zh` (default) or `en`; `csv`, `ndjson` and `parquet` have a line a cell; `citation` is a sentence to cite it by.
#[utoipa::path(
    get, path = "/regions/{code}/summary/{year}", tag = "statistics",
    params(
        ("code" = String, Path, description = "The region's code: six digits, nine for a township; `000000` is the whole country"),
        ("year" = i32, Path, description = "The year reported on, from 2019 on"),
        OutputArgs,
        crate::query::as_of::AsOf,
    ),
    responses(
        (status = 200, content((SummaryView = "application/json"), (String = "text/html"), ([u8] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"), (String = "application/x-ndjson"), ([u8] = "application/vnd.apache.parquet"), (String = "text/plain")), description = "The summary"),
        (status = 304, description = "Nothing changed since the ETag in `If-None-Match`"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known or not valid"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such region, or the year has no national form"),
        (status = 406, body = Problem, content_type = "application/problem+json", description = "The format is not offered"),
    )
)]
pub async fn summary(
    State(rest): State<Rest>,
    Path((code, year)): Path<(String, String)>,
    headers: HeaderMap,
    Seen { as_of, own: output }: Seen<OutputArgs>,
) -> Result<Response> {
    let number = canonical_year(&year)?;
    let format = match output.format.as_deref() {
        Some(name) => FormFormat::named(name)?,
        None => liked(&headers, FormFormat::ALL, FormFormat::media_type)?,
    };
    // Its statements see the data of one moment.
    let snapshot = rest.connection.begin().await?;
    let at = as_of.at(&snapshot).await?;
    let summary = summary::get(&snapshot, &code, number, at).await?;
    let shown =
        [("fields", &output.fields), ("format", &output.format), ("labels", &output.labels)];
    let shown = shown.map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    let shown = if format == FormFormat::Citation { Vec::new() } else { shown.to_vec() };
    let shown = shown.into_iter().flatten().collect();
    let permalink = summary::permalink(&snapshot, &code, number, at, shown).await?;
    snapshot.commit().await?;
    let bytes = form::encode(summary, format, &output, &permalink, &rest.public_url).await?;
    let mut response = ([(header::CONTENT_TYPE, format.content_type())], bytes).into_response();
    if !matches!(format, FormFormat::Json | FormFormat::Html | FormFormat::Citation) {
        let name = form::file_name(&code, number);
        let name = format!("attachment; filename=\"{name}.{}\"", format.name());
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
    }
    Ok(bookmarked(response, &permalink))
}
