//! A phone starts an app once, by itself, and ends it without a word: nothing to arrange here.

use tauri::{AppHandle, Builder, Wry};
use tokio::sync::mpsc::UnboundedSender;

use crate::app::Request;

pub(super) fn alone(
    builder: Builder<Wry>,
    _identifier: &str,
    _requests: UnboundedSender<Request>,
) -> Builder<Wry> {
    builder
}

pub(super) fn end_on_signal(_app: AppHandle<Wry>) -> impl Future<Output = ()> {
    std::future::ready(())
}
