//! Commands for the options of existing downloads.

use millrace_engine::{
    Credentials, DownloadId, OptionChange as EngineChange, OptionsPatch, ParseProxyError,
    ProxyChoice, StoredOptions,
};

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::ipc::{IpcError, IpcErrorCode, MASK, OptionChange, Properties, is_secret, masked_proxy};

/// What can be changed of these downloads, in the order of `ids`. Without passwords and cookies.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn options(state: &AppState, ids: Vec<u64>) -> CommandResult<Vec<Properties>> {
    let stored = stored(state, ids).await;
    let all = stored.map(|all| all.into_iter().map(Properties::from).collect());
    log_failure("options", all)
}

/// Changes all of these downloads or none. The number that is returned is for `undo_options`.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `bad-header`, `bad-checksum`, `bad-setting` (a proxy), `stopped`.
pub async fn set_options(
    state: &AppState,
    ids: Vec<u64>,
    changes: Vec<OptionChange>,
) -> CommandResult<u64> {
    log_failure("set_options", change(state, ids, changes).await)
}

/// Restores what a change has replaced, once. Of the last changes only.
///
/// # Errors
///
/// `not-now` for a change that is not known any more, and as `set_options`.
pub async fn undo_options(state: &AppState, change: u64) -> CommandResult<()> {
    log_failure("undo_options", undo(state, change).await)
}

async fn stored(state: &AppState, ids: Vec<u64>) -> CommandResult<Vec<StoredOptions>> {
    let ids = ids.into_iter().map(DownloadId).collect();
    Ok(state.engine.handle()?.options(ids).await?)
}

async fn change(state: &AppState, ids: Vec<u64>, changes: Vec<OptionChange>) -> CommandResult<u64> {
    let patches = stored(state, ids).await?.into_iter().map(|now| {
        let changes = changes.iter().cloned();
        let changes: CommandResult<_> = changes.map(|one| restored(one, &now)).collect();
        changes.map(|changes| OptionsPatch {
            id: now.id,
            changes,
        })
    });
    let patches = patches.collect::<CommandResult<Vec<_>>>()?;
    let before = state.engine.handle()?.set_options(patches).await?;
    Ok(state.option_changes.keep(before))
}

async fn undo(state: &AppState, change: u64) -> CommandResult<()> {
    let Some(before) = state.option_changes.take(change) else {
        let gone = "this change can no longer be undone; everything stays as it is";
        return Err(IpcError::new(IpcErrorCode::NotNow, gone));
    };
    state.engine.handle()?.set_options(before).await?;
    Ok(())
}

/// The change as the engine takes it, with the secrets that the page has seen masked only.
fn restored(change: OptionChange, now: &StoredOptions) -> CommandResult<EngineChange> {
    Ok(match change {
        OptionChange::Name(name) => EngineChange::Name(name.filter(|name| !name.trim().is_empty())),
        OptionChange::Limit(limit) => EngineChange::Limit(limit.filter(|limit| *limit > 0)),
        OptionChange::Connections(most) => {
            EngineChange::Connections(most.map(super::control::clamp_connections))
        }
        OptionChange::Priority(priority) => EngineChange::Priority(priority),
        OptionChange::StartAt(at) => EngineChange::StartAt(at),
        OptionChange::UnmeteredOnly(only) => EngineChange::UnmeteredOnly(only),
        OptionChange::Headers(headers) => EngineChange::Headers(restored_headers(headers, now)),
        OptionChange::Credentials(given) => EngineChange::Credentials(given.map(|given| {
            let own = now.credentials.as_ref();
            let kept = own.filter(|_| given.password == MASK);
            Credentials {
                user: given.user,
                password: kept.map_or(given.password, |own| own.password.clone()),
            }
        })),
        OptionChange::Proxy(text) => {
            EngineChange::Proxy(text.map(|text| restored_proxy(&text, now)).transpose()?)
        }
        OptionChange::Checksum(text) => {
            let checksum = text.as_deref().map(str::parse).transpose();
            EngineChange::Checksum(checksum.map_err(IpcError::from)?)
        }
    })
}

fn restored_headers(given: Vec<(String, String)>, now: &StoredOptions) -> Vec<(String, String)> {
    let restored = given.into_iter().filter_map(|(name, value)| {
        if value != MASK || !is_secret(&name) {
            return Some((name, value));
        }
        let own = &now.headers;
        let own = own.iter().find(|(own, _)| own.eq_ignore_ascii_case(&name));
        own.map(|(_, value)| (name, value.clone()))
    });
    restored.collect()
}

/// A masked password belongs to the proxy and user name that it was set for.
fn restored_proxy(text: &str, now: &StoredOptions) -> CommandResult<ProxyChoice> {
    if let Some(own) = &now.proxy
        && masked_proxy(&own.to_string()) == text
    {
        return Ok(own.clone());
    }
    if text.contains(&format!(":{MASK}@")) {
        let why = "proxy: has another name or address than before: give its password again";
        return Err(IpcError::new(IpcErrorCode::BadSetting, why));
    }
    text.parse().map_err(|error: ParseProxyError| {
        IpcError::new(IpcErrorCode::BadSetting, format!("proxy: {error}"))
    })
}
