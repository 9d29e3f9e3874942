//! Whether the index finds every section by what stands in it, and by nothing else.
//!
//! SQLite keeps no texts in the index, only lists of sections by word: so these are gone through, and the
//! words of each section are brought into one number, which their order does not change. On other
//! databases the index is a table of texts.

use std::collections::BTreeMap;

use entity::{report, section};
use futures::TryStreamExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement, StreamTrait, TransactionTrait,
};

use super::REPORTS_AT_ONCE;
use crate::{
    error::Result,
    prose::{grams, normal},
    query::canonical,
    store::kept::Difference,
};

/// Lists the words of an SQLite index with the sections that have them: a table of this connection alone.
const WORDS: &str =
    "CREATE VIRTUAL TABLE temp.section_word USING fts5vocab('main', 'section_index', 'instance')";
/// SQLite's own proof that the index agrees with itself.
const AGREES: &str = "INSERT INTO section_index(section_index) VALUES('integrity-check')";

/// Words brought into one number: the same for the same words in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Words {
    count: u64,
    mixed: u64,
}

impl Words {
    fn add(&mut self, word: &str) {
        // A word is two characters of prose at the most, four letters and digits each.
        let bytes = word.bytes().take(8).fold(0, |number, byte| (number << 8) | u64::from(byte));
        // SplitMix64, so that no few words come to what others do.
        let mut mixed = bytes.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.mixed = self.mixed.wrapping_add(mixed ^ (mixed >> 31));
        self.count += 1;
    }

    fn of(tokens: &str) -> Self {
        let mut words = Self::default();
        for word in tokens.split_ascii_whitespace() {
            words.add(word);
        }
        words
    }
}

/// Every section that is not found by what stands in it.
pub async fn differences(transaction: &DatabaseTransaction) -> Result<Vec<Difference>> {
    let mut indexed = match ConnectionTrait::get_database_backend(transaction) {
        DbBackend::Sqlite => {
            if let Err(error) = transaction.execute_unprepared(AGREES).await {
                return Ok(vec![Difference::Index { detail: error.to_string() }]);
            }
            listed(transaction).await?
        }
        _ => written(transaction).await?,
    };
    let mut differences = Vec::new();
    let mut after = 0;
    loop {
        let ids: Vec<i64> = report::Entity::find()
            .select_only()
            .column(report::Column::Id)
            .filter(report::Column::Id.gt(after))
            .order_by_asc(report::Column::Id)
            .limit(REPORTS_AT_ONCE)
            .into_tuple()
            .all(transaction)
            .await?;
        let Some(&last) = ids.last() else { break };
        after = last;
        let mut sections = canonical::sections(transaction, &ids).await?;
        for report_id in ids {
            for section in sections.remove(&report_id).unwrap_or_default() {
                let right = Words::of(&grams::of_text(&normal(&section.text)));
                let found = indexed.remove(&section::index_id(report_id, section.number));
                // What has no words stands in no list.
                if found.unwrap_or_default() != right {
                    let number = i64::from(section.number);
                    differences.push(Difference::Section { report_id, number });
                }
            }
        }
    }
    // What is left is of no section.
    differences.extend(indexed.into_keys().map(|id| Difference::Section {
        report_id: id / section::NUMBERS,
        number: id % section::NUMBERS,
    }));
    Ok(differences)
}

/// The words that an SQLite index has of each section.
async fn listed(transaction: &DatabaseTransaction) -> Result<BTreeMap<i64, Words>> {
    // Taken back, so that nothing stays of it.
    let lists = transaction.begin().await?;
    lists.execute_unprepared(WORDS).await?;
    let all = Statement::from_string(DbBackend::Sqlite, "SELECT term, doc FROM temp.section_word");
    let mut indexed: BTreeMap<i64, Words> = BTreeMap::new();
    {
        let mut rows = lists.stream_raw(all).await?;
        while let Some(row) = rows.try_next().await? {
            let word: String = row.try_get("", "term")?;
            indexed.entry(row.try_get("", "doc")?).or_default().add(&word);
        }
    }
    lists.rollback().await?;
    Ok(indexed)
}

/// The same where the index is a table.
async fn written(transaction: &DatabaseTransaction) -> Result<BTreeMap<i64, Words>> {
    let all = sea_orm::sea_query::Query::select()
        .columns(["rowid", "tokens"])
        .from("section_index")
        .take();
    let mut indexed = BTreeMap::new();
    for row in transaction.query_all(&all).await? {
        let tokens: String = row.try_get("", "tokens")?;
        indexed.insert(row.try_get("", "rowid")?, Words::of(&tokens));
    }
    Ok(indexed)
}
