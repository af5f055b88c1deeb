//! How a file is previewed, by the ending of its name. Pure.

use serde::Serialize;

/// How the quick look shows a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PreviewKind {
    Image,
    Audio,
    Video,
    Text,
    /// Not at all.
    None,
}

/// Endings that webviews show, with their media types.
const MEDIA: [(PreviewKind, &str, &str); 22] = [
    (PreviewKind::Image, "png", "image/png"),
    (PreviewKind::Image, "jpg", "image/jpeg"),
    (PreviewKind::Image, "jpeg", "image/jpeg"),
    (PreviewKind::Image, "gif", "image/gif"),
    (PreviewKind::Image, "webp", "image/webp"),
    (PreviewKind::Image, "avif", "image/avif"),
    (PreviewKind::Image, "bmp", "image/bmp"),
    (PreviewKind::Image, "svg", "image/svg+xml"),
    (PreviewKind::Audio, "mp3", "audio/mpeg"),
    (PreviewKind::Audio, "flac", "audio/flac"),
    (PreviewKind::Audio, "ogg", "audio/ogg"),
    (PreviewKind::Audio, "opus", "audio/ogg"),
    (PreviewKind::Audio, "m4a", "audio/mp4"),
    (PreviewKind::Audio, "aac", "audio/aac"),
    (PreviewKind::Audio, "wav", "audio/wav"),
    (PreviewKind::Video, "mp4", "video/mp4"),
    (PreviewKind::Video, "m4v", "video/mp4"),
    (PreviewKind::Video, "mov", "video/quicktime"),
    (PreviewKind::Video, "webm", "video/webm"),
    (PreviewKind::Video, "mkv", "video/x-matroska"),
    (PreviewKind::Video, "ogv", "video/ogg"),
    (PreviewKind::Video, "mpg", "video/mpeg"),
];

/// Endings of files that are shown as plain text, whatever they contain.
const TEXT: &str = "txt md markdown log csv tsv json jsonl xml html htm css js mjs ts tsx jsx yml yaml toml ini conf cfg \
    rs py go c h cc cpp hpp java kt swift rb php sh bash sql diff patch srt vtt ass nfo tex rst adoc sha256 sha512 md5 \
    asc m3u m3u8 cue ics vcf";

impl PreviewKind {
    pub fn of(name: &str) -> Self {
        let Some(ending) = ending(name) else {
            return Self::None;
        };
        if TEXT.split_ascii_whitespace().any(|one| one == ending) {
            return Self::Text;
        }
        let known = MEDIA.iter().find(|(_, one, _)| *one == ending);
        known.map_or(Self::None, |(kind, _, _)| *kind)
    }
}

/// The media type of a picture, a sound or a film.
pub(super) fn media_type(name: &str) -> Option<&'static str> {
    let ending = ending(name)?;
    let known = MEDIA.iter().find(|(_, one, _)| *one == ending);
    known.map(|(_, _, media)| *media)
}

fn ending(name: &str) -> Option<String> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ending_decides_in_any_case_and_what_no_webview_shows_is_not_sent() {
        for (name, kind, media) in [
            ("a.PNG", PreviewKind::Image, Some("image/png")),
            ("a.tar.mp3", PreviewKind::Audio, Some("audio/mpeg")),
            ("film.mkv", PreviewKind::Video, Some("video/x-matroska")),
            ("page.html", PreviewKind::Text, None),
            ("notes.txt", PreviewKind::Text, None),
            ("a.png.exe", PreviewKind::None, None),
            ("a.pdf", PreviewKind::None, None),
            ("png", PreviewKind::None, None),
        ] {
            assert_eq!(
                (PreviewKind::of(name), media_type(name)),
                (kind, media),
                "{name}"
            );
        }
    }
}
