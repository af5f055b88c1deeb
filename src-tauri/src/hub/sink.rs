//! Where messages go: a trait, and its one implementation over a Tauri channel.
//!
//! A send never waits and never fails because the page is gone or slow; only acknowledgements tell that. An error
//! means that the channel is finished for good.

#![expect(
    clippy::disallowed_types,
    reason = "this is the place where channels end"
)]

use tauri::ipc::{Channel, IpcResponse};

/// The channel takes nothing more, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChannelClosed;

/// The far end of one view. Dropping it tells the page that nothing more comes.
pub(crate) trait FrameSink<T>: Send {
    fn send(&self, message: T) -> Result<(), ChannelClosed>;
}

/// A sink of any kind, as the hub keeps it.
pub(crate) type BoxedSink<T> = Box<dyn FrameSink<T>>;

impl<T: IpcResponse + Send + Sync> FrameSink<T> for Channel<T> {
    fn send(&self, message: T) -> Result<(), ChannelClosed> {
        Self::send(self, message).map_err(|_| ChannelClosed)
    }
}
