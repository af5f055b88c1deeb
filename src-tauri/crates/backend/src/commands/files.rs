//! Commands for the files of downloads: whether they are there, their names and places, and what is copied of them.

use std::collections::HashMap;

use millrace_engine::{DownloadId, VerifyOutcome, pasted_checksum};

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::ipc::FileDigest;

/// Another name for the file of a download. One that runs stops for that, and goes on by itself.
///
/// # Errors
///
/// `bad-name`, `not-moved` with the problem, `no-such-file`, `unknown-download`, `not-now`, `stopped`.
pub async fn rename_file(state: &AppState, id: u64, name: String) -> CommandResult<()> {
    let done = state.engine.handle()?.rename(DownloadId(id), name).await;
    log_failure("rename_file", done)
}

/// Another folder, by its id, for the file of a download, with the bytes that are here. Answers when it is there, which
/// takes long where it has to be copied; the row has the progress.
///
/// # Errors
///
/// `unknown-folder`, `not-moved` with the problem, `no-such-file`, `unknown-download`, `not-now`, `stopped`.
pub async fn move_file(state: &AppState, id: u64, folder: String) -> CommandResult<()> {
    let path = log_failure("move_file", state.folders.resolve(&folder))?;
    let done = state.engine.handle()?.move_file(DownloadId(id), path).await;
    log_failure("move_file", done)
}

/// A finished download again, from zero; a file that is still there stays.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn download_again(state: &AppState, id: u64) -> CommandResult<()> {
    let done = state.engine.handle()?.download_again(DownloadId(id)).await;
    log_failure("download_again", done)
}

/// Those of the finished downloads whose file was moved, deleted or replaced; the first 200 are looked at.
///
/// # Errors
///
/// `stopped`.
pub async fn missing_files(state: &AppState, ids: Vec<u64>) -> CommandResult<Vec<u64>> {
    let ids = ids.into_iter().map(DownloadId).collect();
    let missing = state.engine.handle()?.missing_files(ids).await;
    log_failure(
        "missing_files",
        missing.map(|ids| ids.into_iter().map(|id| id.0).collect()),
    )
}

/// The paths of the files of these downloads, for the clipboard, in the order of `ids`; those that are gone are left out.
///
/// # Errors
///
/// `stopped`.
pub async fn paths(state: &AppState, ids: Vec<u64>) -> CommandResult<Vec<String>> {
    let list = state.engine.handle()?.list().await?;
    let known: HashMap<u64, String> = list
        .into_iter()
        .map(|one| (one.id.0, one.path().display().to_string()))
        .collect();
    Ok(ids.iter().filter_map(|id| known.get(id).cloned()).collect())
}

/// The digest that a finished file was verified by; null when there was none.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn file_digest(state: &AppState, id: u64) -> CommandResult<Option<FileDigest>> {
    let digest = state.engine.handle()?.digest(DownloadId(id)).await;
    log_failure(
        "file_digest",
        digest.map(|found| found.map(|one| FileDigest::from(&one))),
    )
}

/// Verifies the file of a finished download: with `checksum`, as a user pastes one, else with the digest that is known of
/// it, and without any computes its SHA-256. Answers when the file is read; the row has the progress and the last result.
///
/// # Errors
///
/// `bad-checksum`, `no-such-file`, `not-verified` with the problem, `unknown-download`, `not-now`, `stopped`.
pub async fn verify_file(
    state: &AppState,
    id: u64,
    checksum: Option<String>,
) -> CommandResult<VerifyOutcome> {
    let checksum = checksum.as_deref().map(pasted_checksum).transpose();
    let checksum = log_failure("verify_file", checksum)?;
    let handle = state.engine.handle()?;
    log_failure("verify_file", handle.verify(DownloadId(id), checksum).await)
}

/// The same with a checksum file beside the link, which is searched for.
///
/// # Errors
///
/// `no-such-file`, `not-verified` with the problem, `unknown-download`, `not-now`, `stopped`.
pub async fn find_checksum(state: &AppState, id: u64) -> CommandResult<VerifyOutcome> {
    let done = state.engine.handle()?.verify_beside(DownloadId(id)).await;
    log_failure("find_checksum", done)
}

/// Ends a verification that is under way.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn cancel_verification(state: &AppState, id: u64) -> CommandResult<()> {
    let handle = state.engine.handle()?;
    let done = handle.cancel_verification(DownloadId(id)).await;
    log_failure("cancel_verification", done)
}
