//! Where messages go: a trait, and its only implementation over a Tauri channel.
//!
//! A send never waits, and does not fail when the page is gone or slow; only acknowledgements show that. An error
//! means that the channel is closed for good.

#![expect(
    clippy::disallowed_types,
    reason = "this is the place where channels end"
)]

use tauri::ipc::{Channel, IpcResponse};

/// The channel accepts no more messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChannelClosed;

/// Sending end of one view. Dropping it ends the channel on the page.
pub(crate) trait FrameSink<T>: Send {
    fn send(&self, message: T) -> Result<(), ChannelClosed>;
}

/// A boxed sink, as the hub stores it.
pub(crate) type BoxedSink<T> = Box<dyn FrameSink<T>>;

impl<T: IpcResponse + Send + Sync> FrameSink<T> for Channel<T> {
    fn send(&self, message: T) -> Result<(), ChannelClosed> {
        Self::send(self, message).map_err(|_| ChannelClosed)
    }
}
