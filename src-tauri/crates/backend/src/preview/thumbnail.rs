//! Small pictures for rows of the list. Blocking, and bounded in what it reads and allocates.

use std::io::{Cursor, Read, Seek, SeekFrom};

use image::{ImageFormat, ImageReader, Limits};
use millrace_engine::FinishedFile;

/// Width and height at most.
const EDGE: u32 = 96;
/// A larger file is not read.
const MAX_BYTES: u64 = 64 << 20;
/// A picture with a longer edge is not decoded.
const MAX_EDGE: u32 = 20_000;
/// Memory that decoding may take.
const MAX_ALLOCATED: u64 = 256 << 20;

/// The file as a stream.
struct Stream {
    file: FinishedFile,
    at: u64,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.file.length.saturating_sub(self.at);
        let count = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let part = buffer.get_mut(..count).unwrap_or_default();
        self.file.read_at(part, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.file.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A PNG of at most 96 pixels; `None` for what is no picture, is too large, or is damaged. The content decides which
/// format it is.
pub(crate) fn thumbnail(file: FinishedFile) -> Option<Vec<u8>> {
    if file.length > MAX_BYTES {
        return None;
    }
    let stream = std::io::BufReader::with_capacity(64 << 10, Stream { file, at: 0 });
    decode(stream)
}

fn decode(stream: impl std::io::BufRead + Seek) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(stream).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(MAX_ALLOCATED);
    reader.limits(limits);
    let small = reader.decode().ok()?.thumbnail(EDGE, EDGE);
    let mut png = Cursor::new(Vec::new());
    small.to_rgba8().write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
        });
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_becomes_a_small_one_of_its_shape() {
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Gif,
            ImageFormat::WebP,
        ] {
            let png = decode(Cursor::new(picture(400, 200, format))).unwrap();
            let small = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap();
            assert_eq!((small.width(), small.height()), (96, 48), "{format:?}");
        }
    }

    #[test]
    fn what_is_no_picture_or_claims_to_be_huge_is_none() {
        assert_eq!(decode(Cursor::new(b"no picture".to_vec())), None);
        let mut cut = picture(400, 200, ImageFormat::Png);
        cut.truncate(300);
        assert_eq!(decode(Cursor::new(cut)), None);
        // A small file that would fill the memory: width and height stand in the header.
        let mut huge = picture(8, 8, ImageFormat::Bmp);
        huge[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
        huge[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
        assert_eq!(decode(Cursor::new(huge)), None);
    }
}
