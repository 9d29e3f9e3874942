//! The national form itself: rows, columns, items, results, sections, identities and checks.

use entity::template::{
    AppealResult, Applicant, Code, Group, Item, LawsuitKind, Measure, RequestRow, SECTIONS,
    Severity, Template, identities,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::check::CHECKS;

/// A word of the form: its code and its labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Word")]
pub struct Word {
    /// The code, the same from table to URL.
    pub code: String,
    /// The label as printed.
    pub label: String,
    /// The English label.
    pub label_en: String,
}

impl<C: Code> From<C> for Word {
    fn from(code: C) -> Self {
        let (label, label_en) = (code.label().to_owned(), code.label_en().to_owned());
        Self { code: code.code().to_owned(), label, label_en }
    }
}

/// One of the six sections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "TemplateSection")]
pub struct SectionForm {
    /// 1 to 6.
    pub number: i16,
    /// The heading as the form prints it.
    pub heading: String,
    /// The heading in English.
    pub heading_en: String,
}

/// An item of section 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "TemplateItem")]
pub struct ItemForm {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub word: Word,
    /// The item of Article 20 it stands under: `（一）`.
    pub article_item: String,
    /// Other wordings met in published reports.
    pub wordings: Vec<String>,
    /// Its measures in this template.
    pub measures: Vec<Word>,
}

/// A row of the requests matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "TemplateRow")]
pub struct RowForm {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub word: Word,
    /// The numbering in front of the label.
    pub mark: String,
    /// The code of the group it belongs to.
    pub group: Option<String>,
    /// Whether it is one of the results that add up to `total`.
    pub is_result: bool,
    /// Other wordings met in published reports.
    pub wordings: Vec<String>,
    /// The article of the Regulations it rests on, where it is one.
    pub article: Option<String>,
    /// The code that this row compares with in the other template, where it is not the same.
    pub compares_with: Option<String>,
}

/// Something that must agree: the sum of the left cells equals the sum of the right ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Identity")]
pub struct IdentityForm {
    /// The check that holds it.
    pub check: String,
    pub left: Vec<String>,
    pub right: Vec<String>,
}

/// A check, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Check")]
pub struct CheckForm {
    /// Its id: `requests.flow`.
    pub id: String,
    /// How much a finding of it weighs.
    pub severity: Severity,
    /// What must hold, in English.
    pub sentence: String,
    /// What must hold, in Chinese.
    pub sentence_zh: String,
}

/// A template of the national form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "TemplateForm")]
#[schema(as = TemplateForm)]
pub struct TemplateView {
    /// `2019` or `2021`.
    pub code: Template,
    /// Its name.
    pub label: String,
    /// Its name in English.
    pub label_en: String,
    /// The six sections.
    pub sections: Vec<SectionForm>,
    /// Section 2.
    pub disclosure_items: Vec<ItemForm>,
    /// Section 3, the rows.
    pub requests: Vec<RowForm>,
    /// Section 3, the groups of rows, which are sums the form names without printing them.
    pub groups: Vec<Word>,
    /// Section 3, the columns.
    pub applicants: Vec<Word>,
    /// Section 4, the results.
    pub results: Vec<Word>,
    /// Section 4, the kinds of lawsuits.
    pub lawsuits: Vec<Word>,
    /// What must agree.
    pub identities: Vec<IdentityForm>,
    /// The checks.
    pub checks: Vec<CheckForm>,
}

/// A template of the form.
#[must_use]
pub fn get(template: Template) -> TemplateView {
    let cells = |cells: &[Measure]| -> Vec<String> {
        cells.iter().filter(|cell| cell.is_in(template)).map(|cell| cell.cell_code()).collect()
    };
    TemplateView {
        code: template,
        label: template.label().to_owned(),
        label_en: template.label_en().to_owned(),
        sections: SECTIONS
            .iter()
            .map(|section| SectionForm {
                number: section.number,
                heading: section.heading.to_owned(),
                heading_en: section.heading_en.to_owned(),
            })
            .collect(),
        disclosure_items: Item::ALL
            .iter()
            .filter(|item| !item.measures(template).is_empty())
            .map(|&item| item_form(item, template))
            .collect(),
        requests: RequestRow::ALL
            .iter()
            .filter(|row| row.is_in(template))
            .map(|&row| row_form(row, template))
            .collect(),
        groups: Group::ALL.iter().map(|&group| group.into()).collect(),
        applicants: Applicant::ALL.iter().map(|&column| column.into()).collect(),
        results: AppealResult::ALL.iter().map(|&result| result.into()).collect(),
        lawsuits: LawsuitKind::ALL.iter().map(|&kind| kind.into()).collect(),
        identities: identities()
            .iter()
            .filter(|identity| identity.left.iter().all(|cell| cell.is_in(template)))
            .map(|identity| IdentityForm {
                check: identity.check.to_owned(),
                left: cells(&identity.left),
                right: cells(&identity.right),
            })
            .collect(),
        checks: checks(),
    }
}

/// Every check, in the order they run.
#[must_use]
pub fn checks() -> Vec<CheckForm> {
    CHECKS
        .iter()
        .map(|check| CheckForm {
            id: check.id.to_owned(),
            severity: check.severity,
            sentence: check.sentence.to_owned(),
            sentence_zh: check.sentence_zh.to_owned(),
        })
        .collect()
}

fn item_form(item: Item, template: Template) -> ItemForm {
    let form = item.form();
    ItemForm {
        word: item.into(),
        article_item: form.article_item.to_owned(),
        wordings: form.wordings.iter().map(|&wording| wording.to_owned()).collect(),
        measures: item.measures(template).iter().map(|&measure| measure.into()).collect(),
    }
}

fn row_form(row: RequestRow, template: Template) -> RowForm {
    let form = row.form();
    RowForm {
        word: row.into(),
        mark: form.mark.to_owned(),
        group: form.group.map(|group| group.code().to_owned()),
        is_result: form.is_result,
        wordings: form.wordings.iter().map(|&wording| wording.to_owned()).collect(),
        article: Some(form.article.to_owned()).filter(|article| !article.is_empty()),
        compares_with: row.compares_with(template).map(|group| group.code().to_owned()),
    }
}
