//! The words looked for: as typed -> what the index is asked, and whether a text holds them.

use entity::{report, section};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryResult, QuerySelect,
    Related, Select,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};
use unicode_normalization::UnicodeNormalization;

use crate::{
    error::{Error, Result},
    limits,
    prose::{
        grams::{self, Gram},
        normal,
    },
};

/// Words, in their normal form, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// None: every section has them all.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Understands `q`.
    ///
    /// # Errors
    /// `invalid_parameter` for none, too many or too long ones.
    pub fn parse(q: &str) -> Result<Self> {
        let refuse = |detail: String| {
            Error::invalid("q", detail).allowed([format!(
                "words separated by blanks, {} at most, of 1 to {} characters in all; a section is found that has them all",
                limits::SEARCH_WORDS,
                limits::SEARCH_CHARS
            )])
        };
        let mut words = Vec::new();
        for word in q.nfkc().collect::<String>().split_whitespace().map(normal) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let length: usize = words.iter().map(|word| word.chars().count()).sum();
        if length == 0 {
            return Err(refuse("q has no words".to_owned()));
        }
        if length > limits::SEARCH_CHARS {
            return Err(refuse(format!("q has {length} characters")));
        }
        if words.len() > limits::SEARCH_WORDS {
            return Err(refuse(format!("q has {} words", words.len())));
        }
        Ok(Self(words))
    }

    /// Them.
    pub fn list(&self) -> &[String] {
        &self.0
    }

    /// Whether the index finds these words and no more, so that no text need be read.
    pub fn is_exact(&self) -> bool {
        self.0.iter().all(|word| grams::is_exact(word))
    }

    /// Whether a text holds all of them.
    pub fn are_in(&self, text: &str) -> bool {
        let text = normal(text);
        self.0.iter().all(|word| text.contains(word))
    }

    /// Selects the ids of the sections that may hold them. The one statement that SQLite's index of texts
    /// has a syntax of its own for.
    fn found(&self) -> SelectStatement {
        let mut grams: Vec<Gram> = self.0.iter().flat_map(|word| grams::of_word(word)).collect();
        grams.sort_unstable();
        grams.dedup();
        let term = |gram: &Gram| match gram {
            Gram::Whole(code) => format!("\"{code}\""),
            Gram::Beginning(code) => format!("\"{code}\"*"),
        };
        let terms: Vec<String> = grams.iter().map(term).collect();
        Query::select()
            .column("rowid")
            .from("section_index")
            .and_where(Expr::cust_with_values("section_index MATCH ?", [terms.join(" AND ")]))
            .take()
    }

    /// The sections of reports that the index finds under a condition. Of few that are found, the database
    /// begins with these; of many, it goes through the reports that the condition selects, in their order,
    /// so that the first page need not put all of them in order.
    ///
    /// # Errors
    /// What the database says.
    pub async fn select(
        &self,
        connection: &impl ConnectionTrait,
        condition: Condition,
    ) -> Result<Select<section::Entity>> {
        let sections = section::Entity::find().filter(condition);
        let of_report = <section::Entity as Related<report::Entity>>::to();
        if self.0.is_empty() {
            return Ok(sections.join(JoinType::InnerJoin, of_report));
        }
        let column = |column| Expr::col((section::Entity, column));
        let id = column(section::Column::ReportId)
            .mul(section::NUMBERS)
            .add(column(section::Column::Number));
        let sections = sections.filter(id.in_subquery(self.found()));
        if !self.are_few(connection).await? {
            return Ok(sections.join(JoinType::InnerJoin, of_report));
        }
        let reports = Query::select()
            .expr(Expr::col("rowid").div(section::NUMBERS))
            .from_subquery(self.found(), "found")
            .take();
        let mut sections = sections
            .filter(column(section::Column::ReportId).in_subquery(reports))
            .filter(column(section::Column::ReportId).equals((report::Entity, report::Column::Id)));
        // Of a cross join SQLite takes the left side first.
        QuerySelect::query(&mut sections).cross_join(report::Entity);
        Ok(sections)
    }

    async fn are_few(&self, connection: &impl ConnectionTrait) -> Result<bool> {
        let some = self.found().limit(limits::SEARCH_FEW + 1).take();
        let count = Query::select()
            .expr_as(Func::count(Expr::cust("*")), "found_sections")
            .from_subquery(some, "found")
            .take();
        let row: Option<QueryResult> = connection.query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "found_sections"))?;
        Ok(found.unsigned_abs() <= limits::SEARCH_FEW)
    }
}
