//! Tauri's channels as the hub's sinks: each message goes to the page in the order in which it was sent.

#![expect(
    clippy::disallowed_types,
    reason = "this is the place where channels end"
)]

use millrace_backend::hub::{BoxedSink, ChannelClosed, FrameSink};
use tauri::ipc::{Channel, IpcResponse};

/// A page's channel. Dropping it ends the channel on the page.
struct ChannelSink<T>(Channel<T>);

impl<T: IpcResponse + Send + Sync> FrameSink<T> for ChannelSink<T> {
    fn send(&self, message: T) -> Result<(), ChannelClosed> {
        self.0.send(message).map_err(|_| ChannelClosed)
    }
}

/// The channel as the hub takes it.
pub(super) fn sink<T: IpcResponse + Send + Sync + 'static>(channel: Channel<T>) -> BoxedSink<T> {
    Box::new(ChannelSink(channel))
}
