//! The OpenAPI document, from the routes and the types.

use utoipa::OpenApi;

/// What the API is, for its readers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "gongkai 公开",
        description = "China's annual reports on open government information (政府信息公开工作年度报告) as one public record.\n\nA number is what the document prints; a missing one is null with a state, never 0. Money is a string with an exact decimal in CNY. Errors are RFC 9457 problems with a `code`; an unknown parameter is an error. Every GET answer has an `ETag` that changes only with the data.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "reports", description = "Reports: across agencies, and each in full"),
        (name = "requests", description = "Section 3: the requests matrix, 收到和处理政府信息公开申请情况"),
        (name = "disclosure items", description = "Section 2: proactive disclosure, 主动公开政府信息情况"),
        (name = "reviews", description = "Section 4: administrative reviews, 行政复议"),
        (name = "lawsuits", description = "Section 4: lawsuits, 行政诉讼"),
        (name = "findings", description = "What does not agree, 勾稽关系"),
        (name = "changes", description = "What revisions and corrections changed"),
        (name = "statistics", description = "Numbers over reports: added up, each once, and what that covers"),
        (name = "agencies", description = "Who reports"),
        (name = "regions", description = "The tree of regions"),
        (name = "coverage", description = "Who reported, who is missing, who was late"),
        (name = "years", description = "Report years and their deadlines"),
        (name = "measures", description = "The numbers a report can hold, and the rates made of them"),
        (name = "template", description = "The national form"),
        (name = "check", description = "Checking a document before it is published"),
    )
)]
pub struct Description;

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, document) = super::routes().split_for_parts();
    document
}
