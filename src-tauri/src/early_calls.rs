//! Commands that the page calls before the app has started: they wait, and are answered as soon as it has. The window
//! opens while the list is being read, so that the first screen does not wait for either.

use std::sync::Arc;

use parking_lot::Mutex;
use tauri::Runtime;
use tauri::ipc::Invoke;

type Handler<R> = Box<dyn Fn(Invoke<R>) -> bool + Send + Sync>;

/// Passes commands on to their handler, from [`EarlyCalls::open`] on.
pub(crate) struct EarlyCalls<R: Runtime> {
    handler: Handler<R>,
    /// In the order in which they came; `None` once the app has started.
    waiting: Mutex<Option<Vec<Invoke<R>>>>,
}

impl<R: Runtime> EarlyCalls<R> {
    pub(crate) fn new(handler: impl Fn(Invoke<R>) -> bool + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            handler: Box::new(handler),
            waiting: Mutex::new(Some(Vec::new())),
        })
    }

    /// Handles a command, now or later. Returns whether there is one of this name; of those that wait, all count as known.
    pub(crate) fn call(&self, invoke: Invoke<R>) -> bool {
        let mut waiting = self.waiting.lock();
        if let Some(waiting) = waiting.as_mut() {
            waiting.push(invoke);
            return true;
        }
        drop(waiting);
        (self.handler)(invoke)
    }

    /// The app has started: answers what has waited, and from now on everything at once. What comes meanwhile is
    /// answered after what waited, so that commands keep their order.
    pub(crate) fn open(&self) {
        while let Some(waited) = self.take_waiting() {
            for invoke in waited {
                let resolver = invoke.resolver.clone();
                let command = invoke.message.command().to_owned();
                if !(self.handler)(invoke) {
                    resolver.reject(format!("Command {command} not found"));
                }
            }
        }
    }

    /// What waits now; `None` when nothing does, and from then on nothing will.
    fn take_waiting(&self) -> Option<Vec<Invoke<R>>> {
        let mut waiting = self.waiting.lock();
        match waiting.as_mut() {
            Some(some) if !some.is_empty() => Some(std::mem::take(some)),
            Some(_) | None => {
                *waiting = None;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use serde_json::json;
    use tauri::ipc::{CallbackFn, InvokeBody};
    use tauri::test::{INVOKE_KEY, get_ipc_response, mock_builder, mock_context, noop_assets};
    use tauri::webview::InvokeRequest;
    use tauri::{WebviewWindow, WebviewWindowBuilder};

    use super::*;

    #[tauri::command]
    fn double(number: u32) -> u32 {
        number * 2
    }

    fn call(window: &WebviewWindow<tauri::test::MockRuntime>, number: u32) -> u32 {
        let request = InvokeRequest {
            cmd: "double".into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: window.url().unwrap(),
            body: InvokeBody::Json(json!({ "number": number })),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.into(),
        };
        let answer = get_ipc_response(window, request).unwrap();
        answer.deserialize().unwrap()
    }

    #[test]
    fn a_command_before_the_start_waits_for_it_and_a_later_one_does_not() {
        let calls = EarlyCalls::new(tauri::generate_handler![double]);
        let handler = Arc::clone(&calls);
        let app = mock_builder()
            .invoke_handler(move |invoke| handler.call(invoke))
            .build(mock_context(noop_assets()))
            .unwrap();
        let window = WebviewWindowBuilder::new(&app, "main", Default::default());
        let window = window.build().unwrap();
        let (tell, told) = channel();
        let page = window.clone();
        thread::spawn(move || tell.send(call(&page, 4)));
        assert!(told.recv_timeout(Duration::from_millis(50)).is_err());
        while calls.waiting.lock().as_ref().is_some_and(Vec::is_empty) {
            thread::yield_now();
        }
        calls.open();
        assert_eq!(told.recv().unwrap(), 8);
        assert_eq!(call(&window, 5), 10);
    }
}
