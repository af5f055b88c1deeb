//! Writes the body of one response, as fast and as far as the behavior says.

use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::content::Content;
use crate::server_model::{Fault, Framing, ServerBehavior, ServerModel};

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendOutcome {
    Whole,
    /// Nothing more is sent, and the connection is still open.
    Stalled,
    /// The connection cannot be used any more.
    Broken,
}

/// Sends the bytes `from..to`.
pub(crate) async fn send(
    stream: &mut BufReader<TcpStream>,
    site: &ServerModel,
    content: Content,
    (from, to): (u64, u64),
    mood: ServerBehavior,
) -> std::io::Result<SendOutcome> {
    let end = match mood.fault {
        // Always before the end: a cut after the last byte has no effect.
        Fault::Cut | Fault::Stall => from + mood.spot % (to - from).max(1),
        Fault::None
        | Fault::HangUp
        | Fault::Garbage
        | Fault::Status(..)
        | Fault::Detour
        | Fault::Encoded
        | Fault::Whole
        | Fault::Shifted
        | Fault::Parts
        | Fault::OtherTotal
        | Fault::NoContentRange
        | Fault::BadContentRange
        | Fault::FromZero
        | Fault::MisstatedLength
        | Fault::Misled
        | Fault::Drip
        | Fault::Extra => to,
    };
    write_body(stream, site, content, (from, end), mood).await?;
    match mood.fault {
        Fault::Cut => Ok(SendOutcome::Broken),
        Fault::Stall => Ok(SendOutcome::Stalled),
        Fault::Extra => {
            stream.write_all(b"and this was never announced").await?;
            Ok(SendOutcome::Broken)
        }
        Fault::None
        | Fault::HangUp
        | Fault::Garbage
        | Fault::Status(..)
        | Fault::Detour
        | Fault::Encoded
        | Fault::Whole
        | Fault::Shifted
        | Fault::Parts
        | Fault::OtherTotal
        | Fault::NoContentRange
        | Fault::BadContentRange
        | Fault::FromZero
        | Fault::MisstatedLength
        | Fault::Misled
        | Fault::Drip => {
            if mood.framing == Framing::Chunked {
                // Trailers are not part of the file.
                let trailer = if mood.spot.is_multiple_of(2) {
                    ""
                } else {
                    "X-More: yes\r\n"
                };
                stream
                    .write_all(format!("0\r\n{trailer}\r\n").as_bytes())
                    .await?;
            }
            Ok(SendOutcome::Whole)
        }
    }
}

async fn write_body(
    stream: &mut BufReader<TcpStream>,
    site: &ServerModel,
    content: Content,
    (from, to): (u64, u64),
    mood: ServerBehavior,
) -> std::io::Result<()> {
    let begun = Instant::now();
    // A slow response is sent in small pieces.
    let size = mood
        .pace
        .map_or(64 << 10, |pace| (pace / 50).clamp(1 << 10, 64 << 10));
    let mut piece = vec![0; usize::try_from(size).unwrap_or(64 << 10)];
    let mut at = from;
    while at < to {
        let now = piece
            .len()
            .min(usize::try_from(to - at).unwrap_or(usize::MAX));
        content.fill(at, &mut piece[..now]);
        if mood.framing == Framing::Chunked {
            stream.write_all(format!("{now:x}\r\n").as_bytes()).await?;
        }
        stream.write_all(&piece[..now]).await?;
        if mood.framing == Framing::Chunked {
            stream.write_all(b"\r\n").await?;
        }
        at += now as u64;
        if let Some(pace) = mood.pace.filter(|_| !site.good()) {
            let due = begun + Duration::from_secs_f64((at - from) as f64 / pace as f64);
            tokio::time::sleep_until(due).await;
        }
    }
    Ok(())
}
