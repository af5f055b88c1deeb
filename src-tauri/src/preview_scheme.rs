//! The scheme `preview`, from which the quick look loads pictures, sounds and films. What is sent is decided by
//! `millrace_backend::preview`.

use millrace_backend::app_state::AppState;
use millrace_backend::preview::{PreviewResponse, SCHEME, serve};
use tauri::http::{Method, Request, Response, header};
use tauri::{Builder, Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::window;

pub(crate) fn register<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.register_asynchronous_uri_scheme_protocol(SCHEME, answer)
}

fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let state = context.app_handle().try_state::<AppState>();
    let engine = state.and_then(|state| state.engine.handle().ok());
    let allowed = context.webview_label() == window::LABEL && request.method() == Method::GET;
    let Some(engine) = engine.filter(|_| allowed) else {
        return responder.respond(refused());
    };
    let range = request.headers().get(header::RANGE);
    let range = range
        .and_then(|range| range.to_str().ok())
        .map(str::to_owned);
    let path = request.uri().path().to_owned();
    tauri::async_runtime::spawn(async move {
        let answer = serve(engine, path, range).await;
        responder.respond(response(answer).unwrap_or_else(|_| refused()));
    });
}

fn response(answer: PreviewResponse) -> tauri::http::Result<Response<Vec<u8>>> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(answer.body)
}

fn refused() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = tauri::http::StatusCode::FORBIDDEN;
    response
}
