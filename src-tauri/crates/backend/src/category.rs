//! The category of a file, by its extension only.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Category {
    Archive,
    Video,
    Audio,
    Image,
    Document,
    Disc,
    Program,
    Code,
    /// Anything else.
    File,
}

const ENDINGS: [(Category, &str); 8] = [
    (
        Category::Archive,
        "zip 7z rar tar gz tgz xz bz2 zst lz4 lzma cab",
    ),
    (
        Category::Video,
        "mp4 mkv webm mov avi m4v mpg mpeg wmv flv ogv",
    ),
    (Category::Audio, "mp3 flac ogg opus m4a aac wav wma aiff"),
    (
        Category::Image,
        "png jpg jpeg gif webp avif svg heic tif tiff bmp raw",
    ),
    (
        Category::Document,
        "pdf epub doc docx odt xls xlsx ods ppt pptx odp txt md csv rtf mobi",
    ),
    (Category::Disc, "iso img dmg vhd vhdx qcow2 vmdk"),
    (
        Category::Program,
        "exe msi deb rpm appimage apk ipa pkg flatpak snap jar",
    ),
    (
        Category::Code,
        "js ts json py rs go c h cpp java html css xml yaml yml toml sh sql wasm",
    ),
];

impl Category {
    pub fn of(name: &str) -> Self {
        let Some((_, ending)) = name.rsplit_once('.') else {
            return Self::File;
        };
        let ending = ending.to_ascii_lowercase();
        let known = ENDINGS
            .iter()
            .find(|(_, endings)| endings.split(' ').any(|one| one == ending));
        known.map_or(Self::File, |(category, _)| *category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ending_decides_whatever_its_case() {
        for (name, category) in [
            ("a.tar.GZ", Category::Archive),
            ("film.part1.mkv", Category::Video),
            ("notes.pdf", Category::Document),
            ("main.rs", Category::Code),
            ("a.ts", Category::Code),
            (".zip", Category::Archive),
            ("zip", Category::File),
            ("a.", Category::File),
            ("a.b c", Category::File),
        ] {
            assert_eq!(Category::of(name), category, "{name}");
        }
    }
}
