//! Sentences to cite an answer by: whose number, of which year and revision, where it stands, and as of
//! which version of the data. The same data give the same sentence.

use std::{collections::HashMap, fmt::Write};

use chrono::NaiveDate;
use entity::{
    document, report as stored,
    template::{ChangeKind, Code, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use super::{
    as_of::At,
    cell::CellView,
    label::Label,
    permalink::{Permalink, Stamp},
    report,
    revision::ended,
    sums::coverage::Coverage,
};
use crate::{
    cells::Quantity,
    error::{Error, Result},
};

/// The language of a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "Language", rename_items = "lowercase")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A report as it is cited.
#[derive(Clone, Debug)]
pub struct CitedReport {
    pub agency: String,
    pub year: i32,
    pub scope: Scope,
    pub title: Option<String>,
    pub published_on: Option<NaiveDate>,
    pub revision: i32,
    /// Where its document was fetched.
    pub source_url: Option<String>,
    /// What ended it, and the version of the data from which it no longer stood.
    pub ended: Option<(ChangeKind, i64)>,
}

/// A report as it is cited, by its id.
///
/// # Errors
/// `not_found`.
pub async fn cited(connection: &impl ConnectionTrait, id: &str, at: At) -> Result<CitedReport> {
    let row_id = report::row(connection, id, at).await?.id;
    let report = by_reports(connection, &[row_id], at).await?.remove(&row_id);
    report.ok_or_else(|| Error::not_found("report", id))
}

/// Reports as they are cited, by their row ids.
///
/// # Errors
/// What the database says.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    row_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, CitedReport>> {
    let ended: HashMap<i64, (ChangeKind, i64)> = ended(connection, row_ids, at).await?;
    let rows = stored::Entity::find()
        .select_only()
        .columns([
            stored::Column::Id,
            stored::Column::AgencyName,
            stored::Column::Year,
            stored::Column::Scope,
            stored::Column::Title,
            stored::Column::PublishedOn,
            stored::Column::Revision,
        ])
        .column(document::Column::Url)
        .join(JoinType::InnerJoin, stored::Relation::Document.def())
        .filter(stored::Column::Id.is_in(row_ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    let cited = |(id, agency, year, scope, title, published_on, revision, source_url)| {
        let ended = ended.get(&id).copied();
        let report =
            CitedReport { agency, year, scope, title, published_on, revision, source_url, ended };
        (id, report)
    };
    Ok(rows.into_iter().map(cited).collect())
}

/// Cites a report.
#[must_use]
pub fn of_report(
    report: &CitedReport,
    permalink: &Permalink,
    public_url: &str,
    language: Language,
) -> String {
    let record = record(permalink, public_url, language);
    let document = document(report, language);
    match language {
        Language::Zh => format!("{}：{document}。{record}", report.agency),
        Language::En => format!("{}: {document}. {record}", report.agency),
    }
}

/// Cites a number of a report.
#[must_use]
pub fn of_cell(
    cell: &CellView,
    report: &CitedReport,
    permalink: &Permalink,
    public_url: &str,
    language: Language,
) -> String {
    let record = record(permalink, public_url, language);
    let document = document(report, language);
    let CitedReport { agency, year, .. } = report;
    let number = number(cell, language);
    match language {
        Language::Zh => {
            format!("{agency}{year}年“{}”：{number}。见{document}。{record}", cell.label)
        }
        Language::En => {
            format!("{agency}, {year}, “{}”: {number}. In {document}. {record}", cell.label_en)
        }
    }
}

/// Cites a page of a list.
#[must_use]
pub fn of_list(
    resource: &str,
    permalink: &Permalink,
    total: Option<u64>,
    coverage: Option<&Coverage>,
    public_url: &str,
    language: Language,
) -> String {
    let name = Label::of_resource(resource);
    let asked: Vec<String> =
        permalink.asked.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = match language {
        Language::Zh => write!(text, "政府信息公开工作年度报告数据：{}", name.zh),
        Language::En => write!(
            text,
            "Annual reports on open government information of Chinese agencies: {}",
            name.en
        ),
    };
    if !asked.is_empty() {
        let _ = match language {
            Language::Zh => write!(text, "（{}）", asked.join("；")),
            Language::En => write!(text, " ({})", asked.join("; ")),
        };
    }
    if let Some(total) = total {
        let _ = match language {
            Language::Zh => write!(text, "，共{total}条"),
            Language::En => write!(text, ", {total} rows"),
        };
    }
    if let Some(coverage) = coverage {
        let mark = if language == Language::Zh { "；" } else { "; " };
        text = text + mark + &covered(coverage, language);
    }
    let end = if language == Language::Zh { "。" } else { ". " };
    text + end + &record(permalink, public_url, language)
}

/// What an answer that adds up covers, in a sentence's words.
#[must_use]
pub fn covered(coverage: &Coverage, language: Language) -> String {
    let Coverage { reports, excluded, missing, .. } = coverage;
    match language {
        Language::Zh => {
            format!("计入报告{reports}份，为免重复未计入{excluded}份，缺报{missing}份")
        }
        Language::En => format!(
            "{reports} reports counted, {excluded} left out so that nothing counts twice, {missing} missing"
        ),
    }
}

/// A report's document: title, year, revision, days, whose numbers, where.
fn document(report: &CitedReport, language: Language) -> String {
    let CitedReport { agency, year, scope, title, published_on, revision, source_url, ended } =
        report;
    let title =
        title.clone().unwrap_or_else(|| format!("{agency}{year}年政府信息公开工作年度报告"));
    let published = published_on.map(|day| date(day, language));
    let is_consolidated = *scope == Scope::Consolidated;
    match language {
        Language::Zh => {
            let mut said = vec![format!("{year}年度")];
            said.extend(published.map(|day| format!("{day}发布")));
            said.extend(is_consolidated.then(|| "含所辖地区和部门的汇总数据".to_owned()));
            said.push(format!("第{revision}版"));
            said.extend(ended.map(|(by, version)| {
                let by = match by {
                    ChangeKind::Revised => "被更新的版本取代",
                    ChangeKind::Withdrawn => "被撤回",
                    ChangeKind::Reassigned => "改归别处",
                    ChangeKind::Merged => "随机关合并而更改",
                };
                format!("已自数据版本v{version}起{by}")
            }));
            let url = source_url.as_ref().map(|url| format!("，原文：{url} "));
            format!("《{title}》（{}）{}", said.join("，"), url.unwrap_or_default())
        }
        Language::En => {
            let mut said = vec![format!("annual report on {year}")];
            said.extend(published.map(|day| format!("published {day}")));
            said.extend(is_consolidated.then(|| "consolidated".to_owned()));
            said.push(format!("revision {revision}"));
            said.extend(ended.map(|(by, version)| {
                let by = match by {
                    ChangeKind::Revised => "superseded by a later revision",
                    ChangeKind::Withdrawn => "withdrawn",
                    ChangeKind::Reassigned => "assigned elsewhere",
                    ChangeKind::Merged => "changed as its agency was merged",
                };
                format!("{by} from data version v{version} on")
            }));
            let url = source_url.as_ref().map(|url| format!(", {url} "));
            format!("“{title}” ({}){}", said.join(", "), url.unwrap_or_default())
        }
    }
}

/// The number as printed, and what it is where that is written otherwise.
fn number(cell: &CellView, language: Language) -> String {
    let value = cell.value.map(|value| match value {
        Quantity::Amount(_) => format!("{value} CNY"),
        Quantity::Count(_) => value.to_string(),
    });
    let is_zh = language == Language::Zh;
    let (open, close) = if is_zh { ("（", "）") } else { (" (", ")") };
    match (&cell.printed, value) {
        (Some(printed), Some(value)) if *printed != value => {
            format!("{printed}{open}{value}{close}")
        }
        (_, Some(value)) if !cell.parts.is_empty() => {
            let by = cell.parts.join(if is_zh { "＋" } else { " + " });
            let said =
                if is_zh { "表中未列，由各项相加：" } else { "not printed; added up: " };
            format!("{value}{open}{said}{by}{close}")
        }
        (_, Some(value)) => value,
        (_, None) => {
            let state =
                cell.state.map(|state| if is_zh { state.label() } else { state.label_en() });
            let why = state.or(cell.missing.as_deref()).unwrap_or_default();
            let none = if is_zh { "无数值" } else { "no number" };
            format!("{none}{open}{why}{close}")
        }
    }
}

/// Where the answer is in this record, and as of when.
fn record(permalink: &Permalink, public_url: &str, language: Language) -> String {
    let Permalink { stamp: Stamp { version, began }, address, .. } = permalink;
    let day = began.map(|day| date(day, language));
    let address = format!("{}{address}", public_url.trim_end_matches('/'));
    match (language, day) {
        (Language::Zh, Some(day)) => {
            format!("公开（gongkai），数据版本v{version}（{day}），{address}")
        }
        (Language::Zh, None) => format!("公开（gongkai），数据版本v{version}，{address}"),
        (Language::En, Some(day)) => {
            format!("gongkai, data version v{version} of {day}, {address}")
        }
        (Language::En, None) => format!("gongkai, data version v{version}, {address}"),
    }
}

fn date(day: NaiveDate, language: Language) -> String {
    let format = match language {
        Language::Zh => "%Y年%-m月%-d日",
        Language::En => "%-d %B %Y",
    };
    day.format(format).to_string()
}
