//! `gongkai list`: the lists of REST, asked of the database without a server.

use clap::{Args, Subcommand};
use futures::TryStreamExt;

use super::{
    Ended,
    output::{self, Reader},
};
use crate::{
    config::{BindArgs, Config, DatabaseArgs, PublicArgs},
    database::Database,
    error::Result,
    formats::{self, Format, OutputArgs},
    query::{
        Resource,
        agency::Agencies,
        change::{ChangeFilter, Changes},
        difference::{DifferenceFilter, Differences},
        disclosure_item::{DisclosureItemFilter, DisclosureItems},
        expected_report::{ExpectedReportFilter, ExpectedReports},
        filter::{AgencyFilter, RegionFilter, ReportFilter},
        finding::{FindingFilter, Findings},
        indicator::{AllIndicators, IndicatorFilter},
        lawsuit::{LawsuitFilter, Lawsuits},
        measure::{AllMeasures, MeasureFilter},
        page::PageArgs,
        region::Regions,
        report::{ReportQuery, Reports},
        request::{RequestFilter, Requests},
        review::Reviews,
        revision::{RevisionFilter, Revisions},
        year::{YearFilter, Years},
    },
};

/// Questions to begin with.
const EXAMPLES: &str = "\
Examples:
  Who received most requests in a county in 2023, as a spreadsheet:
    gongkai list reports --region 370323 --year 2023 --sort=-requests.received \\
      --measures requests.received,requests.denied --format csv
  Every denial for enforcement files (行政执法案卷) of departments:
    gongkai list requests --row denied_enforcement_files --kind department --sort=-total
  Reports whose numbers do not add up:
    gongkai list findings --severity error
  Townships of a prefecture that have not reported on 2023:
    gongkai list expected-reports --region 370300 --level township --year 2023 --state missing
  What was corrected since a day, and a county as it stood then:
    gongkai list changes --since 2026-11-23
    gongkai list reports --region 370323 --as-of 2026-11-23";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArgs {
    #[command(subcommand)]
    resource: ListResource,
}

/// A list of one resource.
#[derive(Debug, Args)]
pub struct Question<F: Args> {
    #[command(flatten)]
    filter: F,
    #[command(flatten)]
    page: PageArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    public: PublicArgs,
}

#[derive(Debug, Subcommand)]
#[command(rename_all = "kebab-case")]
enum ListResource {
    /// Provinces, prefectures, counties and townships
    Regions(Question<RegionFilter>),
    /// Agencies that reported
    Agencies(Question<AgencyFilter>),
    /// Report years: what is in, missing, late
    Years(Question<YearFilter>),
    /// Who is expected to report on a year, and whether it did, late or not at all
    ExpectedReports(Question<ExpectedReportFilter>),
    /// Where the consolidated reports of areas disagree with the reports below them
    Differences(Question<DifferenceFilter>),
    /// Reports across agencies
    Reports(Question<ReportQuery>),
    /// Section 2 across agencies: disclosure items
    DisclosureItems(Question<DisclosureItemFilter>),
    /// Section 3 across agencies: the requests matrix
    Requests(Question<RequestFilter>),
    /// Section 4 across agencies: administrative reviews
    Reviews(Question<ReportFilter>),
    /// Section 4 across agencies: lawsuits
    Lawsuits(Question<LawsuitFilter>),
    /// What does not agree, across agencies
    Findings(Question<FindingFilter>),
    /// What revisions and corrections changed, across agencies
    Changes(Question<ChangeFilter>),
    /// The revisions of a report, and when each was current
    Revisions(Question<RevisionFilter>),
    /// The numbers a report can hold, by code
    Measures(Question<MeasureFilter>),
    /// The rates made of them, by code, with their formulas
    Indicators(Question<IndicatorFilter>),
}

/// Answers the question on standard output.
pub async fn run(args: ListArgs, config: &Config) -> Result<Ended> {
    match args.resource {
        ListResource::Regions(question) => answer::<Regions>(question, config).await,
        ListResource::Agencies(question) => answer::<Agencies>(question, config).await,
        ListResource::Years(question) => answer::<Years>(question, config).await,
        ListResource::ExpectedReports(question) => {
            answer::<ExpectedReports>(question, config).await
        }
        ListResource::Differences(question) => answer::<Differences>(question, config).await,
        ListResource::Reports(question) => answer::<Reports>(question, config).await,
        ListResource::DisclosureItems(question) => {
            answer::<DisclosureItems>(question, config).await
        }
        ListResource::Requests(question) => answer::<Requests>(question, config).await,
        ListResource::Reviews(question) => answer::<Reviews>(question, config).await,
        ListResource::Lawsuits(question) => answer::<Lawsuits>(question, config).await,
        ListResource::Findings(question) => answer::<Findings>(question, config).await,
        ListResource::Changes(question) => answer::<Changes>(question, config).await,
        ListResource::Revisions(question) => answer::<Revisions>(question, config).await,
        ListResource::Measures(question) => answer::<AllMeasures>(question, config).await,
        ListResource::Indicators(question) => answer::<AllIndicators>(question, config).await,
    }
}

/// Answers a question on standard output, in the format asked for.
pub async fn answer<R: Resource + 'static>(
    question: Question<R::Filter>,
    config: &Config,
) -> Result<Ended>
where
    R::Filter: Args + 'static,
    R::Row: 'static,
{
    let Question { filter, page, output, database, public } = question;
    let format = output.format()?.unwrap_or(Format::Json);
    // As of a server that listens where the configuration says.
    let public_url = config.public_url(&public, config.bind(&BindArgs::default())?)?;
    let database = Database::open_existing(&config.database_url(&database)).await?;
    match format {
        Format::Json => {
            let mut bytes = formats::json::<R>(&database.read, &filter, &page, &output).await?.body;
            bytes.push(b'\n');
            output::write(bytes)?;
        }
        Format::Citation => {
            let text = formats::citation::<R>(&database.read, &filter, &page, &output, &public_url);
            output::write(text.await?.body)?;
        }
        Format::Bulk(bulk) => {
            let encoded = formats::bulk::<R>(bulk, &database.read, filter, &page, &output).await?;
            let mut parts = std::pin::pin!(encoded.body);
            while let Some(part) = parts.try_next().await? {
                if output::write(part)? == Reader::HasLeft {
                    break;
                }
            }
        }
    }
    database.close().await;
    Ok(Ended::Well)
}
