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
/// Pages of a PDF file: reports have under 30; some stand among the annexes of a whole gazette.
pub const PDF_PAGES: usize = 500;
/// Words of a PDF file: a report has under 5,000.
pub const PDF_WORDS: usize = 500_000;
/// Characters drawn on one page: a page full of small print has 5,000.
pub const PDF_PAGE_GLYPHS: usize = 100_000;
/// Lines, areas and pictures drawn on one page, each of some 20 bytes: a table's page has under 2,000.
pub const PDF_LINES: usize = 200_000;
/// Everything drawn on one page, forms within forms included, which a file can nest to draw without
/// end.
pub const PDF_DRAWINGS: usize = 1_000_000;
/// Bytes that all streams of a PDF file unpack to: whole Chinese fonts have 20 MB, a page's scan 26 MB.
pub const PDF_UNPACKED_BYTES: usize = 192 * 1024 * 1024;
/// Ruling lines of one direction on a page, each compared with those of the other.
pub const PDF_RULES: usize = 5_000;
/// Characters of a page times the areas painted on it, as each is looked for under the other.
pub const PDF_COVERINGS: usize = 100_000_000;
/// How long the pages of a PDF file may take to draw: a report takes some 30 ms, on a machine that has
/// much else to do a second.
pub const PDF_TIME: Duration = Duration::from_secs(10);
/// Stack of the thread that reads a PDF file: objects nest 500 deep, forms 50.
pub const PDF_STACK_BYTES: usize = 16 * 1024 * 1024;
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
pub const HEADINGS: usize = 200;
/// Titles looked at for a second report in the document.
pub const TITLES: usize = 100;
/// Headings looked for inside one paragraph: glued text has six, and numbered lists beside them.
pub const GLUED_HEADINGS: usize = 1_000;
/// A printed number: eight digits were met; eighteen fit an `i64`.
pub const NUMBER_DIGITS: usize = 18;
/// Notes kept of one report.
pub const NOTES: usize = 100;
/// Report years: the Regulations are of 2007, in force from 2008.
pub const YEARS: std::ops::RangeInclusive<i32> = 2008..=2100;

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

/// Levels of a GraphQL query: introspection as query pages send it needs 13.
pub const GRAPHQL_DEPTH: usize = 16;
/// Cost of a GraphQL query: a field is 1, a list multiplies by its page size. A county with 200
/// agencies, two years and two numbers each is about 2,000; a hundred agencies with all that their
/// reports of every year hold, about 400,000.
pub const GRAPHQL_COMPLEXITY: usize = 500_000;
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
/// How long a reader of a stream may take nothing.
pub const STREAM_STALL: Duration = Duration::from_secs(30);
/// How long a stream may take in all.
pub const STREAM_TIME: Duration = Duration::from_secs(600);
/// Documents read for `/check` at once: reading is work for the processor.
pub const CHECKS_AT_ONCE: usize = 2;
/// Requests answered at once; more are told to come back.
pub const REQUESTS_AT_ONCE: usize = 512;
/// How long an answer may take to begin.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
/// How long a graceful stop waits for answers under way.
pub const STOP_TIME: Duration = Duration::from_secs(10);
