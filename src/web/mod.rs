//! The pages for people, and all they load: nothing comes from a foreign host.

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use include_dir::{Dir, include_dir};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{answers::conditional, error::Error, fingerprint, rest};

static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/web/assets");

/// Pages load what this server has, and nothing else; nobody puts them in a frame.
pub const CONTENT_SECURITY_POLICY: &str =
    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// Swagger UI draws with styles and pictures inside its own files; it loads nothing from elsewhere.
const SWAGGER_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// Hexadecimal digits of a file's ETag.
const TAG_DIGITS: usize = 12;
/// Pages and what they load change with the program; browsers ask again after ten minutes.
const CACHE_CONTROL: &str = "public, max-age=600";

/// `/`, `/graphiql`, `/docs` and `/assets/…`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    // Without this it asks its makers whether the document is valid.
    let config = Config::from(rest::OPENAPI).validator_url("none");
    let swagger: Router<S> = SwaggerUi::new("/docs").config(config).into();
    Router::new()
        .route("/", get(|headers: HeaderMap| async move { file("index.html", &headers) }))
        .route(
            "/graphiql",
            get(|headers: HeaderMap| async move { file("graphiql.html", &headers) }),
        )
        .route(
            "/assets/{name}",
            get(
                |Path(name): Path<String>, headers: HeaderMap| async move { file(&name, &headers) },
            ),
        )
        .merge(swagger.layer(axum::middleware::map_response(swagger_policy)))
}

async fn swagger_policy(mut response: Response) -> Response {
    let policy = HeaderValue::from_static(SWAGGER_SECURITY_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn file(name: &str, headers: &HeaderMap) -> Response {
    let Some(file) = ASSETS.get_file(name) else {
        return Error::not_found("file", name).into_response();
    };
    let media_type = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let tag = format!("W/\"{}\"", fingerprint::short(file.contents(), TAG_DIGITS));
    if conditional::has(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CACHE_CONTROL, CACHE_CONTROL.to_owned()),
        (header::ETAG, tag),
    ];
    (headers, file.contents()).into_response()
}
