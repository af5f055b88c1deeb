//! Where messages go, as a trait: whoever has a page implements it over what carries messages to it.
//!
//! A send never waits, and does not fail when the page is gone or slow; only acknowledgements show that. An error
//! means that the channel is closed for good.

/// The channel accepts no more messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelClosed;

/// Sending end of one view. Dropping it ends the channel on the page.
pub trait FrameSink<T>: Send {
    /// Sends `message` behind all earlier ones.
    ///
    /// # Errors
    ///
    /// The channel is closed for good.
    fn send(&self, message: T) -> Result<(), ChannelClosed>;
}

/// A boxed sink, as the hub stores it.
pub type BoxedSink<T> = Box<dyn FrameSink<T>>;
