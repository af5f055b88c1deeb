//! Parses the head of an HTTP/1.1 request, as far as the two servers of this program need it. Depends on neither of
//! them.

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;

/// A parsed request.
pub(crate) struct Request {
    /// Including the query.
    pub(crate) path: String,
    /// First byte, and last byte if one is given.
    pub(crate) range: Option<(u64, Option<u64>)>,
}

/// The next request; `None` if the client has closed the connection.
pub(crate) async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut range = None;
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let field = line.trim().to_ascii_lowercase();
        if field.is_empty() {
            return Ok(Some(Request { path, range }));
        }
        let bytes = field.strip_prefix("range: bytes=");
        if let Some((from, last)) = bytes.and_then(|bytes| bytes.split_once('-')) {
            range = from.parse().ok().map(|from| (from, last.parse().ok()));
        }
    }
}
