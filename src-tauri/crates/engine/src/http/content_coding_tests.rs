use reqwest::header::HeaderValue;

use super::*;

fn fields(all: &[(HeaderName, &str)]) -> HeaderMap {
    let mut fields = HeaderMap::new();
    for (name, value) in all {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        fields.append(name, value);
    }
    fields
}

#[test]
fn transfer_codings_are_undone_from_the_outermost_on_or_refused_by_name() {
    use Coding::{Deflate, Gzip};
    let read = |lines: &[&str]| {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| (TRANSFER_ENCODING, *line))
            .collect();
        transfer(&fields(&lines))
    };
    let undone = |codings: &[Coding], chunks| {
        Ok(Transfer {
            codings: codings.to_vec(),
            chunks,
        })
    };
    for (lines, expected) in [
        (&[][..], undone(&[], false)),
        (&["identity"], undone(&[], false)),
        (&["chunked"], undone(&[], false)),
        (&["Identity", "CHUNKED"], undone(&[], false)),
        (&["chunked", "chunked"], undone(&[], false)),
        (&["chunked, chunked"], undone(&[], false)),
        // Chunks that hyper does not recognize.
        (&["chunked,"], undone(&[], true)),
        (&["chunked, identity"], undone(&[], true)),
        (&["chunked", ""], undone(&[], true)),
        (&["chunked;q=1"], undone(&[], true)),
        (&["gzip, chunked"], undone(&[Gzip], false)),
        (&[" , X-GZip ,", ", Chunked"], undone(&[Gzip], false)),
        (&["gzip"], undone(&[Gzip], false)),
        (
            &["gzip, deflate", "chunked"],
            undone(&[Deflate, Gzip], false),
        ),
        (&["br, chunked"], Err("br".to_owned())),
        (&["compress"], Err("compress".to_owned())),
        (&["chunked, gzip"], Err("gzip".to_owned())),
        (&["xchunked"], Err("xchunked".to_owned())),
        (&["<b>x</b>, chunked"], Err("unreadable".to_owned())),
        (&["é, chunked"], Err("unreadable".to_owned())),
        (&["a&b"], Err("unreadable".to_owned())),
        (
            &["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
            Err("unreadable".to_owned()),
        ),
    ] {
        let found = read(lines);
        // Refused as a whole, or for a coding that cannot be undone.
        let found = found.and_then(|found| {
            let made = crate::http::decoder::Decoder::new(found.chunks, &found.codings);
            made.map(|_| found).map_err(str::to_owned)
        });
        assert_eq!(found, expected, "{lines:?}");
    }
}

#[test]
fn a_coding_that_is_the_format_of_the_file_or_none_at_all_leaves_its_bytes_as_they_are() {
    let as_they_are = |name: &str, coding: &str, more: &[(HeaderName, &str)]| {
        let all = [&[(CONTENT_ENCODING, coding)], more].concat();
        content(&fields(&all), &["other", name]).undo.is_empty()
    };
    for (name, coding) in [
        ("a.tgz", "x-gzip"),
        ("a.tar.gz", "gzip"),
        ("A.TAR.GZ", "GZIP"),
        ("a.svgz", "gzip"),
        ("a.Z", "compress"),
        ("a.tar.Z", "x-compress"),
        ("a.br", "br"),
        ("a.tar.zst", "zstd"),
        ("a.bz2", "x-bzip2"),
        ("a.bin", "none"),
        ("a.bin", "aws-chunked"),
        ("a.bin", "binary"),
        ("a.bin", "utf-8"),
        ("a.bin", "<a href=x>"),
        ("a.bin", "identity"),
        ("a.bin", " , "),
        ("a.tgz", "gzip, aws-chunked"),
        ("a.tgz", "aws-chunked,gzip"),
    ] {
        assert!(as_they_are(name, coding, &[]), "{name} in {coding}");
    }
    for (name, coding) in [
        ("a.html", "gzip"),
        ("a", "deflate"),
        ("a.tgz", "br"),
        ("a.zip", "gzip"),
        ("a.tgz", "gzip, gzip"),
        ("a.bin", "aws-chunked, gzip"),
    ] {
        assert!(!as_they_are(name, coding, &[]), "{name} in {coding}");
    }
    for kind in [
        "application/gzip",
        "application/x-gzip",
        "Application/X-Tgz; a=b",
        "application/vnd.oci.image.layer.v1.tar+gzip",
    ] {
        assert!(as_they_are("a", "gzip", &[(CONTENT_TYPE, kind)]), "{kind}");
    }
    let offered = [(CONTENT_DISPOSITION, "attachment; filename=\"a.tar.gz\"")];
    assert!(as_they_are("get", "gzip", &offered));
    assert!(!as_they_are("get", "gzip", &[(CONTENT_TYPE, "text/html")]));
}

#[test]
fn the_label_of_a_coding_is_one_whatever_its_spelling() {
    let label =
        |coding: &str, name: &str| content(&fields(&[(CONTENT_ENCODING, coding)]), &[name]).label();
    assert_eq!(label("x-gzip", "a.gz"), label("GZIP", "a.gz"));
    assert_eq!(label("gzip, br", "a"), "gzip,br");
    assert_eq!(label("none", "a"), "");
}
