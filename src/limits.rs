//! A limit on everything, each with its unit in its name and its reason beside it.

use std::time::Duration;

/// A document: real reports are 5 KB to 300 KB; pages with pictures inside reach a few MB.
pub const DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// Elements nested in each other in HTML: real pages stay under 60; a page without bound would
/// overflow the stack of whatever walks it.
pub const HTML_DEPTH: usize = 512;
/// Elements of an HTML page, those included that a parser repeats for unclosed markup: real pages
/// have under 20,000; each costs some 200 bytes while the page is read.
pub const HTML_ELEMENTS: usize = 500_000;
/// Attributes of one HTML element: a parser compares each with all before it.
pub const HTML_ATTRIBUTES: usize = 500;
/// Parts of a package (DOCX, XLSX, OFD) unpacked, all that are read together: the text of a report has under
/// 5 MB as XML; what unpacks without end is stopped here.
pub const PACKAGE_BYTES: usize = 48 * 1024 * 1024;
/// Elements nested in each other in the XML of a package: documents met stay under 60.
pub const XML_DEPTH: usize = 256;
/// Elements of one part of a package: documents met have under 60,000; nothing is kept of most.
pub const XML_ELEMENTS: usize = 2_000_000;
/// Styles and lists of a word processor's document that are looked at: templates with all of Word's
/// styles have 400.
pub const STYLES: usize = 10_000;
/// Styles, each based on the next: documents met have 4.
pub const STYLE_DEPTH: usize = 20;
/// Bytes of the texts of cells and paragraphs of an Office document: a report has under 200 KB.
pub const TEXT_BYTES: usize = 32 * 1024 * 1024;
/// Sheets of a workbook: one a section is six.
pub const SHEETS: usize = 100;
/// Cells of a workbook in which something stands: the form has under 400.
pub const SHEET_CELLS: usize = 200_000;
/// Texts that the cells of a workbook share: the form has under 200.
pub const SHARED_STRINGS: usize = 1_000_000;
/// Merged regions of a sheet: the form has under 60.
pub const MERGED_REGIONS: usize = 10_000;
/// Characters of a cell's number format: those met have under 60.
pub const FORMAT_CHARS: usize = 255;
/// Digits that a workbook keeps of a number, by the format.
pub const SHEET_NUMBER_DIGITS: usize = 15;
/// Levels of a list in DOCX, by the format.
pub const LIST_LEVELS: usize = 9;
/// Tables of a DOC file, each of so many rows as a table may have: the form has three, and some for layout.
pub const DOC_TABLES: usize = 10;
/// Tables in each other in a DOC file, where each level costs memory: layout nests four.
pub const DOC_TABLE_DEPTH: usize = 20;
/// Edges of columns in a DOC file that are nearer to each other, in twentieths of a point, are one: rows
/// drawn by hand miss each other by less, and no column is so narrow.
pub const DOC_EDGE_TWIPS: i32 = 60;
/// Rows of one table: the longest table of the form has 28.
pub const TABLE_ROWS: usize = 2_000;
/// Columns of one table after spans are resolved: the widest table of the form has 15.
pub const TABLE_COLUMNS: usize = 200;
/// Cells of all tables of a document after spans are resolved: the form has under 400.
pub const TABLE_CELLS: usize = 50_000;
/// Lines of a plain text: a cell a line, a report has under 600.
pub const LINES: usize = 200_000;
/// Paragraphs and tables of a document: real pages have under 2,000.
pub const BLOCKS: usize = 50_000;
/// Characters of a cell: the longest label of the form has 40; a table with longer ones is layout.
pub const CELL_CHARS: usize = 400;
/// Pages of a PDF or OFD file: reports have under 30; some stand among the annexes of a whole gazette.
pub const PAGES: usize = 500;
/// Words of all pages: a report has under 5,000.
pub const PAGES_WORDS: usize = 500_000;
/// Characters drawn on one page: a page full of small print has 5,000.
pub const PAGE_GLYPHS: usize = 100_000;
/// Lines, areas and pictures drawn on one page, each of some 20 bytes: a table's page has under 2,000.
pub const PAGE_LINES: usize = 200_000;
/// Everything drawn on one page, forms within forms included, which a file can nest to draw without
/// end.
pub const PAGE_DRAWINGS: usize = 1_000_000;
/// Bytes that all streams of a PDF file unpack to: whole Chinese fonts have 20 MB, a page's scan 26 MB.
pub const PDF_UNPACKED_BYTES: usize = 192 * 1024 * 1024;
/// Ruling lines of one direction on a page, each compared with those of the other.
pub const PAGE_RULES: usize = 5_000;
/// Characters of a page times the areas painted on it, as each is looked for under the other.
pub const PAGE_COVERINGS: usize = 100_000_000;
/// How long the pages of a file may take to draw: a report takes some 30 ms, on a machine that has
/// much else to do a second.
pub const PAGES_TIME: Duration = Duration::from_secs(10);
/// Threads that go on reading PDF files after their time: none was met that does; so many could still
/// be borne.
pub const PDF_HANGING: usize = 4;
/// Stack of the thread that reads a PDF file: objects nest 500 deep, forms 50.
pub const PDF_STACK_BYTES: usize = 16 * 1024 * 1024;
/// Texts remembered at once, and what they were found to be: the labels of the form, each in many ways.
pub const LABELS_REMEMBERED: usize = 4_096;
/// Bytes of a text that is remembered: the longest label of the form has 120.
pub const LABEL_REMEMBERED_BYTES: usize = 200;
/// Characters of a title; longer lines are prose.
pub const TITLE_CHARS: usize = 80;
/// Characters of a section's heading; longer lines are prose.
pub const HEADING_CHARS: usize = 40;
/// Characters of an agency's name: the longest met have 30.
pub const AGENCY_CHARS: usize = 50;
/// Characters of an address, a telephone number and the like.
pub const CONTACT_CHARS: usize = 120;
/// Blocks looked at for the title, the period and contact data, before the first heading.
pub const PREAMBLE_BLOCKS: usize = 200;
/// Lines looked at that are worded as a section's heading: a report has six, twice on one page twelve.
pub const HEADINGS: usize = 1_000;
/// Titles looked at for a second report in the document.
pub const TITLES: usize = 400;
/// Reports of one document: a county's departments on one page are 30.
pub const REPORTS: usize = 50;
/// Headings looked for inside one paragraph: glued text has six, and numbered lists beside them.
pub const GLUED_HEADINGS: usize = 1_000;
/// Digits of a row whose cells ran together: seven numbers of a province have 35.
pub const GLUED_DIGITS: usize = 60;
/// Digits of one number among such: eight were met.
pub const GLUED_NUMBER_DIGITS: usize = 8;
/// Steps taken to find the ways to split such a row: 25 digits into seven cells take 150,000.
pub const GLUED_STEPS: usize = 300_000;
/// Choices of splits for all rows that are tried on the columns: most reports have one, few a dozen.
pub const GLUED_CHOICES: usize = 20_000;
/// A printed number: eight digits were met; eighteen fit an `i64`.
pub const NUMBER_DIGITS: usize = 18;
/// Characters of the reason for which a report is withdrawn: a sentence or two.
pub const REASON_CHARS: usize = 500;
/// Notes kept of one report.
pub const NOTES: usize = 100;
/// Report years as documents name them: the Regulations are of 2007, in force from 2008.
pub const YEARS: std::ops::RangeInclusive<i32> = 2008..=2100;
/// The last year that a report can be on, and that can be asked for: the last one that is over, in UTC.
#[must_use]
pub fn last_year() -> i32 {
    chrono::Datelike::year(&chrono::Utc::now()) - 1
}

/// Rows of a page where `limit` does not say.
pub const PAGE_ROWS_DEFAULT: u64 = 100;
/// Rows of a page at most.
pub const PAGE_ROWS: u64 = 500;
/// Values in one comma-separated list of a filter.
pub const FILTER_VALUES: usize = 200;
/// Characters of one parameter's value.
pub const PARAMETER_CHARS: usize = 16_000;
/// Characters of a name looked for: the longest name of an agency met has 40.
pub const NAME_CHARS: usize = 100;
/// Conditions in `where`, keys in `sort`.
pub const WHERE_CONDITIONS: usize = 10;
pub const SORT_KEYS: usize = 3;

/// Words of a search, and characters of all of them: a sentence that is looked for has under 100.
pub const SEARCH_WORDS: usize = 10;
pub const SEARCH_CHARS: usize = 100;
/// Characters of the part of a text that shows the words.
pub const SNIPPET_CHARS: usize = 200;
/// Sections that are put in order before any is shown; where more are found, they are met in the list's
/// order.
pub const SEARCH_FEW: u64 = 1_000;
/// Sections whose texts are read to count hits that the index alone cannot tell: 1 KB each.
pub const SEARCH_COUNTED: u64 = 5_000;
/// Sections whose texts are read for one page: those of ten thousand reports.
pub const SEARCH_READ: usize = 50_000;

/// Runs of letters from which on a section is compared with others: a shorter one is a formula that all
/// write alike, such as that nothing else is to be reported.
pub const COPIED_RUNS: usize = 100;
/// Letters of a section that are compared: sections met have under 10,000.
pub const COPIED_LETTERS: usize = 50_000;
/// Of a thousand runs: a section that shares fewer is not kept.
pub const COPIED_PER_MILLE: i64 = 500;
/// Agencies on either side that a section is compared with, of those that have a run of its sketch: a form
/// letter of 40,000 townships must not be compared with all of itself.
pub const COPIED_NEIGHBOURS: usize = 2;

/// Groups of one answer of statistics: townships are 41,000, and each group is a row in memory.
pub const GROUPS: usize = 100_000;
/// Agencies of one ranking: there are 140,000.
pub const RANKED: usize = 500_000;
/// Expected reports read at once where all are asked for: each such page goes through all agencies again.
pub const EXPECTED_AT_ONCE: u64 = 50_000;
/// Measures and indicators of one question that adds up: each is several columns of its statement.
pub const FIGURES: usize = 30;

/// Levels of a GraphQL query: introspection as query pages send it needs 13.
pub const GRAPHQL_DEPTH: usize = 16;
/// Cost of a GraphQL query: a field is 1, a list multiplies by its page size. A county with 200
/// agencies, two years and two numbers each is about 2,000; a hundred agencies with all that their
/// reports of every year hold, about 400,000.
pub const GRAPHQL_COMPLEXITY: usize = 500_000;
/// Cost of a field that adds up reports or searches them: it may look at all of them.
pub const GRAPHQL_SUM_COST: usize = 50_000;
/// Aliases in a GraphQL query.
pub const GRAPHQL_ALIASES: usize = 50;
/// Fields of a GraphQL query once its fragments are spread.
pub const GRAPHQL_FIELDS: usize = 2_000;
/// Bytes of a GraphQL request.
pub const GRAPHQL_BYTES: usize = 64 * 1024;
/// Queries in a GraphQL batch.
pub const GRAPHQL_BATCH: usize = 10;
/// Directives on one field of a GraphQL query.
pub const GRAPHQL_DIRECTIVES: usize = 10;
/// Brackets nested in a GraphQL text: refused before it is parsed.
pub const GRAPHQL_NESTING: usize = 64;

/// Bytes of answers kept in memory where `--cache-bytes` does not say: some eight thousand of the size of a
/// report in full.
pub const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// One answer takes at most one of so many parts of what is kept: a province's year as CSV is 1.2 MB where
/// 100,000 reports are, and one such file must not drive out all others.
pub const KEPT_ANSWER_SHARE: u64 = 4;
/// Bytes of an answer in the mean, by which room is made for keys: a report in full has 8 KB, a ranking 30.
pub const KEPT_ANSWER_MEAN_BYTES: u64 = 8 * 1024;
/// What keeping an answer takes beside its bytes: its key twice, the table of its headers, two pointers.
pub const KEPT_ANSWER_OVERHEAD_BYTES: u64 = 1024;
/// How long the end of an answer is waited for, to keep it: of a longer one what is there is sent.
pub const KEEP_TIME: Duration = Duration::from_secs(10);

/// Connections that read the database at once.
pub const READ_CONNECTIONS: u32 = 4;
/// How long a writer waits for another one.
pub const DATABASE_BUSY: Duration = Duration::from_secs(10);
/// How long a question waits for a seat where as many as may be are busy with the same.
pub const SEAT_WAIT: Duration = Duration::from_secs(5);
/// How long a question waits for a connection.
pub const DATABASE_ACQUIRE: Duration = Duration::from_secs(5);
/// Lists streamed at once, each with a connection of its own for as long as it takes: the other half
/// of the connections answers everybody else.
pub const STREAMS_AT_ONCE: usize = 2;
/// Parts of a stream, 500 rows each, that wait for a reader.
pub const STREAM_PARTS: usize = 4;
/// Bytes of one part of what a format gives only once all rows are in.
pub const STREAM_PART_BYTES: u64 = 64 * 1024;
/// Rows of a sheet of an XLSX file, its head included: what spreadsheets read.
pub const SHEET_ROWS: u64 = 1_048_576;
/// Cells of a row group of a Parquet file, which wait in memory until they are written: some 40 bytes
/// each, and two streams at once.
pub const PARQUET_GROUP_CELLS: usize = 500_000;
/// How long a reader of a stream may take nothing.
pub const STREAM_STALL: Duration = Duration::from_secs(30);
/// How long a stream may take in all.
pub const STREAM_TIME: Duration = Duration::from_secs(600);
/// Documents read for `/check` at once: reading is work for the processor.
pub const CHECKS_AT_ONCE: usize = 2;
/// Stored documents read again at once, to say where a number stands.
pub const READINGS_AT_ONCE: usize = 2;
/// Cost in GraphQL of saying where a number stands: the report's document is read again. A hundred
/// reports may be asked for at once.
pub const GRAPHQL_READING_COST: usize = 5_000;
/// Requests answered at once; more are told to come back.
pub const REQUESTS_AT_ONCE: usize = 512;
/// How long an answer may take to begin.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
/// How long a graceful stop waits for answers under way.
pub const STOP_TIME: Duration = Duration::from_secs(10);

/// Characters of a title, a heading, a name, a note in a report handed in as JSON: notes of what
/// documents print in two ways have up to 1,000.
pub const REPORT_TEXT_CHARS: usize = 2_000;
/// Values of a report handed in as JSON: a full one has some 400, and a few for each finding and note;
/// each costs some 100 bytes while it is read.
pub const JSON_VALUES: usize = 20_000;
/// Names in one object of a report handed in as JSON: the states of all cells are some 250.
pub const JSON_NAMES: usize = 1_000;
/// Archives and compressions in each other: a tar.gz of ZIP files of compressed pages has four.
pub const ARCHIVE_DEPTH: usize = 6;
/// Members of the archives of one input: there are 140,000 agencies.
pub const ARCHIVE_MEMBERS: u64 = 1_000_000;
/// Bytes that one input may unpack to whatever its own size, and how many times its own size beyond
/// that: pages and reports in JSON shrink to a tenth or a fortieth, what shrinks more is no report.
pub const UNPACKED_BYTES: u64 = 256 * 1024 * 1024;
pub const UNPACKED_RATIO: u64 = 200;
/// Bytes of a member's name in a tar archive: systems allow 4,096.
pub const MEMBER_NAME_BYTES: usize = 64 * 1024;
/// Bytes fetched from one address, or of a ZIP file that comes as a stream: kept in a temporary file,
/// of which 16 MB are in memory.
pub const FETCH_BYTES: u64 = 1024 * 1024 * 1024;
/// How long one address may take in all: government sites are slow, and an archive is large.
pub const FETCH_TIME: Duration = Duration::from_secs(120);
/// Addresses one may be led on to.
pub const FETCH_REDIRECTS: u32 = 5;
/// Bytes of documents being read or waiting to be stored.
pub const IMPORT_BYTES: usize = 32 * 1024 * 1024;
/// What a document costs of these besides its own bytes: what is read of it waits with it.
pub const IMPORT_DOCUMENT_BYTES: usize = 64 * 1024;
/// Documents of more bytes are read one at a time, since what is read takes many times their size.
pub const LARGE_DOCUMENT_BYTES: usize = 2 * 1024 * 1024;
/// Documents read at once.
pub const JOBS: usize = 64;
/// The stack of a thread that reads documents: that of a program's first thread.
pub const READER_STACK_BYTES: usize = 8 * 1024 * 1024;
/// Refusals listed at the end of an import; all of them stand in its report file.
pub const REFUSALS_LISTED: usize = 1_000;
