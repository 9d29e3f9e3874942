//! The HTTP server: every route, and what surrounds each, in one place.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    BoxError, Router,
    error_handling::HandleErrorLayer,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
    response::IntoResponse,
    routing::get,
};
use sea_orm::DatabaseConnection;
use tokio::net::TcpListener;
use tower::{
    ServiceBuilder, limit::GlobalConcurrencyLimitLayer, load_shed::error::Overloaded,
    timeout::TimeoutLayer,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    cors::{Any, CorsLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::Level;

use crate::{
    answers::{self, Answers, COMPRESSED, DATA_VERSION},
    check::Deadlines,
    database::Database,
    error::{Code, Error, Result},
    graphql::{self, GraphQl},
    limits,
    query::version,
    rest::{self, COVERAGE, Rest},
    web,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every route over a database, behind the answers that are kept.
pub fn router(database: &Database, answers: &Answers, deadlines: Deadlines) -> Router {
    let connection = &database.read;
    let public_url: Arc<str> = answers.public_url().into();
    let rest = Rest { connection: connection.clone(), deadlines, public_url: public_url.clone() };
    let graphql = Router::new()
        .route("/graphql", get(graphql::answer).post(graphql::answer))
        .with_state(GraphQl::new(connection.clone(), public_url));
    // What is kept is answered however much there is to do; what is to be found takes a place.
    let places = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(trouble))
        .load_shed()
        .layer(GlobalConcurrencyLimitLayer::new(limits::REQUESTS_AT_ONCE));
    let data = rest::router(rest)
        .merge(graphql)
        .layer(places.clone())
        .layer(middleware::from_fn_with_state(answers.clone(), answers::answer));
    let probes = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(connection.clone());
    let routes = data
        .merge(probes.merge(web::router()).layer(places))
        .fallback(
            |request: Request| async move { Error::not_found("address", request.uri().path()) },
        )
        .method_not_allowed_fallback(|request: Request| async move {
            Error::new(
                Code::MethodNotAllowed,
                format!("{} is not for {}", request.method(), request.uri().path()),
            )
        });
    surround(routes)
}

/// What surrounds every route, outermost first.
fn surround(router: Router) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(DefaultOnResponse::new().level(Level::INFO))
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(
            CorsLayer::new()
                .allow_origin(Any)
                .allow_methods([Method::GET, Method::HEAD, Method::POST])
                .allow_headers([header::CONTENT_TYPE, header::IF_NONE_MATCH, header::ACCEPT])
                .expose_headers([
                    header::ETAG,
                    header::LINK,
                    header::RETRY_AFTER,
                    REQUEST_ID,
                    DATA_VERSION,
                    COVERAGE,
                ]),
        )
        .layer(CompressionLayer::new().compress_when(
            // XLSX and Parquet are compressed in themselves.
            DefaultPredicate::new().and(NotForContentType::const_new(COMPRESSED)),
        ))
        .layer(CatchPanicLayer::custom(|_| Error::internal("a handler panicked").into_response()))
        .layer(HandleErrorLayer::new(trouble))
        .layer(TimeoutLayer::new(limits::REQUEST_TIME));
    router.layer(around)
}

fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    tracing::info_span!("request", id, method = %request.method(), uri = %request.uri())
}

async fn trouble(error: BoxError) -> Error {
    if error.is::<Overloaded>() {
        Error::new(
            Code::TooBusy,
            format!("{} requests are being answered already", limits::REQUESTS_AT_ONCE),
        )
    } else if error.is::<tower::timeout::error::Elapsed>() {
        Error::new(
            Code::TimedOut,
            format!("it took more than {} seconds", limits::REQUEST_TIME.as_secs()),
        )
    } else {
        Error::internal(error)
    }
}

/// Ready when the database answers.
async fn ready(State(connection): State<DatabaseConnection>) -> Result<String> {
    let version = version::get(&connection).await?;
    Ok(format!("ready, data version {}\n", version.version))
}

/// Takes the address, so that a taken port is known before anything is promised.
///
/// # Errors
/// `network_failed`.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let detail = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("another program listens on {address}"),
            std::io::ErrorKind::PermissionDenied => {
                format!("{address} needs more rights than this program has")
            }
            _ => format!("cannot listen on {address}: {error}"),
        };
        Error::new(Code::NetworkFailed, detail)
    })
}

/// Serves until it is told to stop; then answers what is under way, for as long as the limit says.
///
/// # Errors
/// `network_failed`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let stop = async move {
        stop.await;
        tracing::info!("stopping");
        // Nobody listens where the server has ended by itself.
        let _ = stopping.send(());
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(stop).into_future();
    let overdue = async {
        if stopped.await.is_ok() {
            tokio::time::sleep(limits::STOP_TIME).await;
        } else {
            tokio::time::sleep(Duration::MAX).await;
        }
    };
    tokio::select! {
        ended = server => ended.map_err(|error| Error::new(Code::NetworkFailed, error.to_string())),
        () = overdue => {
            tracing::warn!("answers under way were cut off");
            Ok(())
        }
    }
}

/// Ctrl-C, or the signal by which a service manager ends a program.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
