//! What `npm run bench:ui` measures Millrace's window against: a plain Tauri window that does what the examples show.
//! One command, one channel, one message for every change, and a row of the page for every download.

#![expect(
    clippy::disallowed_types,
    reason = "the point of it: nothing stands between the changes and the channel"
)]

use millrace_backend::bench;
use millrace_engine::Update;
use serde::Serialize;
use tauri::ipc::Channel;

/// One change, as a message of its own.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    id: u64,
    phase: millrace_engine::Phase,
    received: u64,
    total: Option<u64>,
    speed: u64,
}

#[derive(Serialize)]
struct Named {
    id: u64,
    name: String,
}

/// Answers with every row, and sends every change from then on.
#[tauri::command]
async fn download(on_event: Channel<Progress>) -> Vec<Named> {
    let Some(mut updates) = bench::subscription() else {
        return Vec::new();
    };
    let first = std::mem::take(&mut updates.first);
    tauri::async_runtime::spawn(async move {
        while let Some(update) = updates.next().await {
            let Update::Changed(row) = update else {
                continue;
            };
            let progress = Progress {
                id: row.id.0,
                phase: row.phase,
                received: row.received,
                total: row.total,
                speed: row.speed,
            };
            if on_event.send(progress).is_err() {
                return;
            }
        }
    });
    let named = first.into_iter().rev().map(|row| Named {
        id: row.id.0,
        name: row.name,
    });
    named.collect()
}

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![download])
        .run(tauri::generate_context!("examples/plain/tauri.conf.json"))
}
