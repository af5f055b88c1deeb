//! What is shown of a finished file: small pictures in the list, and the file itself in the quick look.
//!
//! A file is named by the id of its download only, and is read only if it is still the one that was downloaded. Its type
//! is decided by the name, never by a server's word, and everything is sent as inert content.

mod kind;
mod serve;
mod thumbnail;

pub use self::kind::PreviewKind;
pub use self::serve::{PreviewResponse, SCHEME, serve, url_of};
pub(crate) use self::thumbnail::thumbnail;
