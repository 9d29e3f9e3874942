//! Reports of a filter -> a folder of files: a data package that says what it holds.
//!
//! A file a resource, and `datapackage.json` with types, keys and checksums. All of it is read in one
//! transaction, and nothing in it says when it was written: the same data give the same bytes. Refuses a
//! folder that holds something else. Never leaves half an export.

mod folder;
mod keys;
mod package;

use std::{fs::File, io::Write, path::Path};

use entity::template::Measure;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use crate::{
    error::Result,
    fingerprint,
    formats::{self, Bulk, Fields},
    query::{
        Resource,
        as_of::{self, At},
        disclosure_item::{DisclosureItemFilter, DisclosureItems},
        filter::ReportFilter,
        finding::{FindingFilter, Findings},
        lawsuit::{LawsuitFilter, Lawsuits},
        measure::{AllMeasures, MeasureFilter},
        report::{Measures, ReportQuery, Reports},
        request::{RequestFilter, Requests},
        review::Reviews,
        selected::{SelectedAgencies, SelectedRegions},
        version,
    },
};
use folder::Folder;
use package::Package;

/// A file of an export.
#[derive(Clone, Debug)]
pub struct Written {
    /// The resource it holds.
    pub resource: &'static str,
    /// Its name.
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    sha256: String,
    fields: Fields,
}

/// Exports the reports that a filter selects, with all that belongs to them, into a folder.
///
/// # Errors
/// `invalid_parameter` of the filter; `folder_in_use`; `output_failed`; what the database says.
pub async fn export(
    connection: &DatabaseConnection,
    filter: &ReportFilter,
    format: Bulk,
    out: &Path,
) -> Result<Vec<Written>> {
    let folder = Folder::beside(out)?;
    let snapshot = connection.begin().await?;
    let data = version::get(&snapshot).await?;
    let version = match as_of::at(&snapshot, filter.as_of.as_deref()).await? {
        At::Now => data.version,
        At::Version(version) => version,
    };
    let all = Measure::all().map(Measure::code).collect::<Vec<_>>().join(",");
    let reports = ReportQuery { report: filter.clone(), own: Measures { measures: Some(all) } };
    let of = || filter.clone();
    let writer = Writer { snapshot: &snapshot, format, folder: folder.path() };
    let written = vec![
        writer.write::<SelectedRegions>(of()).await?,
        writer.write::<SelectedAgencies>(of()).await?,
        writer.write::<Reports>(reports).await?,
        writer
            .write::<DisclosureItems>(DisclosureItemFilter { report: of(), ..Default::default() })
            .await?,
        writer.write::<Requests>(RequestFilter { report: of(), ..Default::default() }).await?,
        writer.write::<Reviews>(of()).await?,
        writer.write::<Lawsuits>(LawsuitFilter { report: of(), ..Default::default() }).await?,
        writer.write::<Findings>(FindingFilter { report: of(), ..Default::default() }).await?,
        writer.write::<AllMeasures>(MeasureFilter::default()).await?,
    ];
    let package = Package { instance: data.instance, version, filter, format };
    package.write(folder.path(), &written)?;
    folder.put()?;
    Ok(written)
}

struct Writer<'a, C> {
    snapshot: &'a C,
    format: Bulk,
    folder: &'a Path,
}

impl<C: ConnectionTrait> Writer<'_, C> {
    /// Writes all rows of a question into a file of its own.
    async fn write<R: Resource>(&self, filter: R::Filter) -> Result<Written>
    where
        R::Row: 'static,
    {
        let (mut rows, fields) = formats::file::<R>(self.format, self.snapshot, filter).await?;
        let path = format!("{}.{}", R::NAME, self.format.name());
        let failed = |error| folder::failed(&path, &error);
        let mut file = File::create_new(self.folder.join(&path)).map_err(failed)?;
        let mut bytes = 0;
        while let Some(part) = rows.part(self.snapshot).await? {
            file.write_all(&part).map_err(failed)?;
            bytes += part.len() as u64;
        }
        file.sync_all().map_err(failed)?;
        let file = File::open(self.folder.join(&path)).map_err(failed)?;
        let sha256 = fingerprint::sha256_of(file).map_err(failed)?;
        Ok(Written { resource: R::NAME, path, rows: rows.count(), bytes, sha256, fields })
    }
}
