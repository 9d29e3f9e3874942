//! Every error there is, one line each: code, HTTP status, exit code, title, what the reader can do.
//!
//! Mapped once to problem+json (`rest::problem`), once to GraphQL `extensions` (`graphql::error`) and
//! once to a sentence and an exit code (`cli`). An error that is not in this table is `internal`: it
//! is logged with the request's id, and nothing of it is shown.

use std::fmt;

macro_rules! errors {
    ($($variant:ident $code:literal $status:literal $exit:literal $title:literal $advice:literal;)+) => {
        /// What went wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $title] $variant),+ }

        impl Code {
            /// Every error, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The code that programs branch on.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }
            /// The exit code on the command line.
            #[must_use]
            pub const fn exit(self) -> u8 { match self { $(Self::$variant => $exit),+ } }
            /// The title: the same for every error of this code.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// What the reader can do about it.
            #[must_use]
            pub const fn advice(self) -> &'static str { match self { $(Self::$variant => $advice),+ } }
        }
    };
}

errors! {
    // A document that is refused: nothing of it is stored, the rest of the batch goes on.
    EmptyDocument       "empty_document"       422 1 "the document is empty"                       "send the document itself; a page that loads its text by script must be saved as shown";
    UnsupportedFormat   "unsupported_format"   422 1 "the document is of no kind that can be read" "send plain text, HTML, PDF, OFD, DOCX, DOC, XLSX or XLS; save any other kind as one of these";
    DocumentTooLarge    "document_too_large"   413 1 "the document is larger than the limit"       "send the report alone, without pictures";
    UnreadableText      "unreadable_text"      422 1 "the document's characters cannot be read"    "save the document again as UTF-8 or GB18030";
    EncryptedDocument   "encrypted_document"   422 1 "the document is encrypted"                   "save the document without a password and send it again";
    BrokenDocument      "broken_document"      422 1 "the document is broken"                      "fetch the document again, or save it anew with the program it was made with";
    NoText              "no_text"              422 1 "the document holds no text"                  "send the document as text; pictures of text are not read";
    NotAReport          "not_a_report"         422 1 "the document is no annual report"            "send the annual report on open government information itself, not a notice or news about it";
    BlankForm           "blank_form"           422 1 "the document is the blank form"              "send the form as filled in";
    TruncatedDocument   "truncated_document"   422 1 "the document breaks off"                     "fetch the document again: it ends inside a table";
    SeveralReports      "several_reports"      422 1 "the document's reports cannot be told apart" "send each report on its own";
    InvalidReport       "invalid_report"       422 1 "the canonical report is not valid"           "compare it with what `gongkai check --format json` prints of a report";
    ArchiveTooLarge     "archive_too_large"    413 1 "the archive unpacks to more than may be"     "unpack it, and hand in the documents or smaller archives";
    FetchFailed         "fetch_failed"         422 1 "what is at the address cannot be fetched"    "open the address in a browser, save the page and hand in the file";
    UnknownAgency       "unknown_agency"       422 1 "whose report it is cannot be told"           "state the agency with --agency, and its region with --region";
    AmbiguousAgency     "ambiguous_agency"     422 1 "more than one agency bears this name"        "state the region with --region";
    UnknownYear         "unknown_year"         422 1 "the report's year is not stated"             "state the year with --year";

    // A question that cannot be answered as asked.
    UnknownParameter    "unknown_parameter"    400 2 "the parameter is not known"                  "use one of the parameters named in `allowed`";
    InvalidParameter    "invalid_parameter"    400 2 "the parameter's value is not valid"          "correct the value; `allowed`, where it is there, says what is taken";
    InvalidCursor       "invalid_cursor"       400 2 "the cursor belongs to another question"      "start again without `after`, or follow `page.next` with the other parameters unchanged";
    InvalidQuery        "invalid_query"        400 2 "the GraphQL query is not valid"              "compare it with the schema at /graphiql or in schema.graphql";
    QueryTooLarge       "query_too_large"      400 2 "the GraphQL query is larger than the limits" "ask for fewer levels, aliases or rows at once, and page with `after`";
    NotFound            "not_found"            404 1 "there is no such thing"                      "check the address; /api/v1/agencies and /api/v1/reports list what there is";
    Withdrawn           "withdrawn"            410 1 "the report was taken out of the record"        "see /api/v1/changes for what was corrected, or ask with `as_of` for the data as they stood";
    NotCurrent          "not_current"          409 1 "the report is not the current one"             "name the current revision: /api/v1/reports/{id}/revisions lists them";
    SameReports         "same_reports"         409 1 "both agencies reported on the same years"      "say with --keep whose report stands where both have one";
    MethodNotAllowed    "method_not_allowed"   405 2 "the method is not allowed here"              "see /docs for the methods of each address";
    NotAcceptable       "not_acceptable"       406 2 "the format is not offered here"              "ask for one of the formats in `allowed`";
    BodyTooLarge        "body_too_large"       413 2 "the request's body is larger than the limit" "send one document at a time";
    TooBusy             "too_busy"             503 3 "the server has too much to do"               "ask again after the seconds in Retry-After";
    TimedOut            "timed_out"            504 3 "the answer took too long"                    "ask for less at once: a region, a year, fewer rows";

    // Trouble of the operator's.
    Usage               "usage"                400 2 "the command line is not valid"               "see --help";
    InvalidConfig       "invalid_config"       500 2 "the configuration is not valid"              "mend the value named";
    FileUnreadable      "file_unreadable"      500 1 "the file cannot be read"                     "check the path and its permissions";
    OutputFailed        "output_failed"        500 3 "the answer cannot be written"                "check where it goes, standard output or a folder, and the space left there";
    FolderInUse         "folder_in_use"        409 2 "the folder holds something else"             "name an empty folder, one that is not there yet, or an earlier export";
    DatabaseMissing     "database_missing"     503 3 "the database is not there"                   "check --database-url; an SQLite database needs its folder to exist";
    DatabaseReadOnly    "database_read_only"   503 3 "the database cannot be written"              "check the permissions of the file and its folder";
    DatabaseLocked      "database_locked"      503 3 "another program holds the database"          "wait for the other import to end, or stop it";
    DatabaseUnavailable "database_unavailable" 503 3 "the database does not answer"                "ask again later";
    NetworkFailed       "network_failed"       500 3 "the network failed"                          "choose another address with --bind, or stop what holds it";
    Internal            "internal"             500 3 "something went wrong inside"                 "report it with the request id of the answer";
}

/// An error, as every surface shows it.
#[derive(Debug)]
pub struct Error {
    pub code: Code,
    /// What was wrong with which input: a sentence without a full stop.
    pub detail: String,
    /// The parameter, argument or flag at fault.
    pub parameter: Option<String>,
    /// What is allowed instead.
    pub allowed: Vec<String>,
    /// What caused it; logged, never shown.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// A result with this project's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), parameter: None, allowed: Vec::new(), cause: None }
    }

    /// A parameter whose value is wrong.
    #[must_use]
    pub fn invalid(parameter: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { parameter: Some(parameter.into()), ..Self::new(Code::InvalidParameter, detail) }
    }

    /// Something asked for by its id that is not there.
    #[must_use]
    pub fn not_found(what: &str, id: impl fmt::Display) -> Self {
        Self::new(Code::NotFound, format!("no {what} {id}"))
    }

    /// Says what is allowed.
    #[must_use]
    pub fn allowed<S: Into<String>>(mut self, allowed: impl IntoIterator<Item = S>) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }

    /// Keeps what caused it, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Anything that is not in the table.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal, "the cause is in the server's log").because(cause)
    }

    /// Writes what caused it to the log, where there is something a client is not shown.
    pub fn log(&self) {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code.code(), %cause, "{}", self.detail);
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.title(), self.detail)?;
        if !self.allowed.is_empty() {
            write!(f, " (allowed: {})", self.allowed.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The known name nearest to an unknown one, where one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
