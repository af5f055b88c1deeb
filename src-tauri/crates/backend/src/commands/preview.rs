//! Commands for looking at finished files: small pictures of rows, and the quick look.

use data_encoding::BASE64;
use millrace_engine::{DownloadId, FinishedFile};

use super::settings::blocking;
use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::ipc::Preview;
use crate::preview::{PreviewKind, url_of};

/// Bytes of a text that are shown at most.
const MAX_TEXT: u64 = 256 << 10;

/// A PNG of at most 96 pixels as a `data:` address; null for what is no picture, is too large, or is damaged.
///
/// # Errors
///
/// `no-such-file`, `unknown-download`, `not-now`, `stopped`; `system` when the thread that reads it has broken.
pub async fn thumbnail(state: &AppState, id: u64) -> CommandResult<Option<String>> {
    let file = state.engine.handle()?.open_file(DownloadId(id)).await?;
    if PreviewKind::of(&file.name) != PreviewKind::Image {
        return Ok(None);
    }
    // One at a time: a list is scrolled faster than pictures are decoded.
    let turn = state.decoding.clone().lock_owned().await;
    let made = blocking(move || {
        let _turn = turn;
        crate::preview::thumbnail(file)
    })
    .await?;
    Ok(made.map(|png| format!("data:image/png;base64,{}", BASE64.encode(&png))))
}

/// How a finished file is shown in the quick look: its address, or the beginning of its text.
///
/// # Errors
///
/// `no-such-file`, `unknown-download`, `not-now`, `stopped`; `system` when the thread that reads it has broken.
pub async fn preview(state: &AppState, id: u64) -> CommandResult<Preview> {
    let opened = state.engine.handle()?.open_file(DownloadId(id)).await;
    let file = log_failure("preview", opened)?;
    let kind = PreviewKind::of(&file.name);
    let nothing = Preview {
        kind,
        url: None,
        text: None,
        cut: false,
    };
    match kind {
        PreviewKind::None => Ok(nothing),
        PreviewKind::Image | PreviewKind::Audio | PreviewKind::Video => Ok(Preview {
            url: Some(url_of(DownloadId(id))),
            ..nothing
        }),
        PreviewKind::Text => {
            let cut = file.length > MAX_TEXT;
            let text = blocking(move || beginning(&file)).await?;
            Ok(match text {
                Some(text) => Preview {
                    text: Some(text),
                    cut,
                    ..nothing
                },
                None => Preview {
                    kind: PreviewKind::None,
                    ..nothing
                },
            })
        }
    }
}

/// The first bytes as text; `None` when they are none.
fn beginning(file: &FinishedFile) -> Option<String> {
    let count = usize::try_from(file.length.min(MAX_TEXT)).ok()?;
    let mut bytes = vec![0; count];
    file.read_at(&mut bytes, 0).ok()?;
    (!bytes.contains(&0)).then(|| String::from_utf8_lossy(&bytes).into_owned())
}
